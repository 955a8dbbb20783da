"""What an exchange is to bring is said line by line, no longer once for the case."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Gives the lines of each exchange what was wanted for the whole of it."""
    op.add_column('case_lines', sa.Column('want_sku', sa.String(), nullable=False, server_default=sa.text("''")))
    op.get_bind().execute(
        sa.text(
            "UPDATE case_lines SET want_sku = COALESCE((SELECT c.want_sku FROM cases c WHERE c.id = case_lines.case_id"
            " AND c.kind = 'exchange'), '')"
        )
    )
    op.drop_column('cases', 'want_sku')
