"""Why parcels of a driver's load are missing; what goods and orders weigh; what is to stay in stock of a product."""

import sqlalchemy as sa
from alembic import op

from retcli.database.migrations import noting

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")
WEIGHED = ("products", "orders", "waiting_orders")
TOLD = {
    "deliveries": (
        "announced", "begun_at", "begun_by", "carrier", "ended_at", "number", "settled_because", "state", "version",
    ),
}  # fmt: skip


def upgrade() -> None:
    """Of loads that ended before nobody is asked why they were short; weights come with the next files."""
    op.add_column("deliveries", sa.Column("settled_because", sa.String(), nullable=False, server_default=sa.text("''")))
    for table in WEIGHED:
        op.add_column(table, sa.Column("weight", WHOLE, nullable=True))
    op.add_column("products", sa.Column("safety_stock", WHOLE, nullable=True))
    op.create_index("ix_stock_moves_into", "stock_moves", ["target", "at"])
    there = sa.text("shipped_at IS NOT NULL")
    op.create_index("ix_orders_shipped", "orders", ["shipped_at"], sqlite_where=there, postgresql_where=there)
    books = op.get_bind()
    for table, columns in TOLD.items():
        noting.note_anew(books, table, columns)
