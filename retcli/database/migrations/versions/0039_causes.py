"""Each movement of pieces in stock with its cause, and the finding or count of the stock that it came of."""

import sqlalchemy as sa
from alembic import op

from retcli.database.migrations import noting, triggers

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TOLD = ("at", "by", "cause", "cause_id", "parcel_id", "quantity", "sku", "source", "target")
_COUNTS = (
    "FROM stock_counts c WHERE c.sku = stock_moves.sku AND c.counted_at = stock_moves.at"
    " AND c.bucket IN (stock_moves.source, stock_moves.target)"
)
_FINDINGS = (
    "FROM inspections i WHERE i.parcel_id = stock_moves.parcel_id AND i.sku = stock_moves.sku AND i.at = stock_moves.at"
)
_CAUSE = (
    "CASE WHEN parcel_id IS NULL THEN"
    f" CASE WHEN EXISTS (SELECT 1 {_COUNTS}) THEN 'stocktake' ELSE 'untold' END"
    " WHEN source = '' THEN 'counted' WHEN target = '' THEN 'uncounted'"
    " WHEN target = 'unclaimed' THEN 'apart' WHEN source = 'unclaimed' THEN 'claimed'"
    " WHEN source = 'pending' THEN 'found' WHEN target = 'pending' THEN 'taken_back' ELSE 'untold' END"
)
_ROWS = {
    "found": f"{_FINDINGS} AND i.disposition = stock_moves.target AND i.reverses_id IS NULL"
    " AND i.quantity = stock_moves.quantity",
    "taken_back": f"{_FINDINGS} AND i.disposition = stock_moves.source AND i.reverses_id IS NOT NULL"
    " AND i.quantity = -stock_moves.quantity",
    "stocktake": _COUNTS,
}
"""Where the row of a cause is looked for; it is named where just one row fits."""


def upgrade() -> None:
    """Of what moved before, parcel and buckets tell the cause; the row that it came of only where just one fits."""
    op.add_column("stock_moves", sa.Column("cause", sa.String(), nullable=False, server_default=sa.text("''")))
    op.add_column("stock_moves", sa.Column("cause_id", WHOLE, nullable=True))
    books = op.get_bind()
    noting.note_anew(books, "stock_moves", TOLD)
    for statement in triggers.changeable(books.dialect.name, "stock_moves"):
        books.execute(sa.text(statement))
    books.execute(sa.text(f"UPDATE stock_moves SET cause = {_CAUSE}"))
    for cause, rows in _ROWS.items():
        key = "c.id" if cause == "stocktake" else "i.id"
        row = f"(SELECT MIN({key}) {rows} HAVING COUNT(*) = 1)"
        books.execute(sa.text(f"UPDATE stock_moves SET cause_id = {row} WHERE cause = '{cause}'"))
    for statement in triggers.append_only(books.dialect.name, ("stock_moves",)):
        books.execute(sa.text(statement.replace(":", "\\:")))
