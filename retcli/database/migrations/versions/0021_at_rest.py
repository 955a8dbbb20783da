"""Indexes by which nobody who looks something up walks the orders at rest: the newest order of each shop, those paid in
a period, on their way, or read net of refunds; receivers, and the beginning of buyers' names.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

SOME = (
    ("ix_orders_receiver", ["receiver"], "receiver <> ''"),
    ("ix_orders_paid_at", ["paid_at"], "paid_at IS NOT NULL"),
    ("ix_orders_undated", ["shipped_at", "ordered_at"], "paid_at IS NULL"),
    ("ix_orders_underway", ["shipped_at"], "signed_at IS NULL AND waybill <> ''"),
    ("ix_orders_net", ["platform"], "platform = 'taobao' AND refunded_there IS NULL"),
)
"""Names, columns, and the rows that each is about."""


def upgrade() -> None:
    """Makes the indexes; PostgreSQL's of the buyers is made anew, so that it serves the beginning of a name."""
    op.create_index("ix_orders_shop", "orders", ["platform", "shop", "ordered_at"])
    for name, columns, where in SOME:
        op.create_index(name, "orders", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_orders_buyer", table_name="orders")
        op.create_index("ix_orders_buyer", "orders", ["buyer"], postgresql_ops={"buyer": "varchar_pattern_ops"})
