"""Triggers note the rows of money, decisions, staff, rules, goods and evidence that are written, for the history."""

import sqlalchemy as sa
from alembic import op

from retcli.database.migrations import noting

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")
ROWS = (
    "bad_reviews", "cases", "case_lines", "contacts", "draws", "escalations", "evidence", "extensions",
    "import_questions", "imports", "inspections", "notes", "offers", "parcel_cases", "parcel_counts", "parcels",
    "payout_parts", "payouts", "platform_actions", "policies", "reason_words", "replacements", "staff", "stock_counts",
    "stock_moves", "waivers",
)  # fmt: skip
LEFT_OUT = {"cases": {"platform_key", "platform_mark"}, "imports": {"header", "progress"}}
LISTS = {
    "barcodes": ("pieces",),
    "bills": ("balance", "category", "currency", "fee", "minor", "order_number", "refund_number"),
    "order_lines": ("cash", "order_id", "platform_share", "price", "quantity", "refunded_there", "sku", "stated"),
    "orders": ("currency", "freight", "number", "paid", "refunded_there"),
    "products": ("category", "cost", "price", "warranty_months"),
}


def upgrade() -> None:
    """The rows that are there already are told by the program, which writes the events."""
    op.create_table('changed_rows',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('was', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_changed_rows')),
    sqlite_strict=True
    )
    books = op.get_bind()
    for table in ROWS:
        keys = set(sa.inspect(books).get_pk_constraint(table)["constrained_columns"])
        columns = {column["name"] for column in sa.inspect(books).get_columns(table)}
        noting.note_anew(books, table, sorted(columns - keys - LEFT_OUT.get(table, set())))
    for table, told in LISTS.items():
        noting.note_anew(books, table, told)
