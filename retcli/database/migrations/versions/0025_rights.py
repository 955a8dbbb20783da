"""Triggers note also what rights and periods follow from: states, dates and shops of orders, what carriers say."""

import sqlalchemy as sa
from alembic import op

from retcli.database.migrations import noting

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

LISTS = {
    "bills": (
        "at", "balance", "category", "currency", "fee", "format", "minor", "number", "order_number", "platform",
        "refund_number", "shop", "trade",
    ),
    "movements": ("at", "status", "waybill"),
    "order_lines": (
        "cash", "cash_source", "confirmed", "number", "order_id", "platform_share", "platform_status", "position",
        "price", "quantity", "refunded", "refunded_there", "sku", "stated", "status",
    ),
    "orders": (
        "carrier", "currency", "freight", "number", "ordered_at", "paid", "paid_at", "payment_number", "pieces",
        "platform", "platform_status", "refunded", "refunded_there", "shipped", "shipped_at", "shop", "signed_at",
        "signed_by", "status", "waybill",
    ),
}  # fmt: skip


def upgrade() -> None:
    """The rows that are there already are told by the program, which writes the events."""
    books = op.get_bind()
    for table, told in LISTS.items():
        noting.note_anew(books, table, told)
    columns = {column["name"] for column in sa.inspect(books).get_columns("cases")}
    noting.note_anew(books, "cases", sorted(columns - {"id", "platform_key"}))
