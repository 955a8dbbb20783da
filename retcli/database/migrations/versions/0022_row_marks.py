"""A case remembers which row of its platform's list it was brought to, so that the same row is known again."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No case of before knows its row: the next list is looked at row by row."""
    op.add_column("cases", sa.Column("platform_mark", sa.String(), nullable=True))
