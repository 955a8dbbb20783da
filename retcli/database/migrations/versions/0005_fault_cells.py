"""Refused rows keep their cells, and their import its header, so that they can be mended in a sheet."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the two columns; rows refused before have no cells until their file comes again."""
    op.add_column('imports', sa.Column('header', sa.String(), nullable=True))
    op.add_column('import_faults', sa.Column('cells', sa.String(), nullable=True))
