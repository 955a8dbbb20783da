"""What went back of orders and lines by the platform's own order file, and what the platform paid of a line."""

import sqlalchemy as sa
from alembic import op

from retcli.database.migrations import triggers

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Adds the columns, empty where no file has said so yet, and the guard that goes by them."""
    for table in ("orders", "order_lines", "waiting_orders", "waiting_lines"):
        op.add_column(table, sa.Column("refunded_there", WHOLE, nullable=True))
    for table in ("order_lines", "waiting_lines"):
        op.add_column(table, sa.Column("platform_share", WHOLE, nullable=True))
    op.add_column("imports", sa.Column("mended", WHOLE, nullable=False, server_default="0"))
    for statement in triggers.refunded_there(op.get_bind().dialect.name):
        op.execute(statement)
