"""Each further waybill of an order has its own time of sending."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from retcli.database.migrations import noting

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of waybills taken in before, the next item report tells it."""
    for table in ("order_waybills", "waiting_waybills"):
        op.add_column(table, sa.Column("shipped_at", UTCDateTime(), nullable=True))
    noting.note_anew(op.get_bind(), "order_waybills", ("carrier", "shipped_at"))
