"""Orders and lines that wait for their other half get tables of their own, so that they are joined set-wise; an index
of lines that their unique constraint repeats goes.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")
CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TEXTS = (
    "status", "platform_status", "buyer", "receiver", "phone", "address", "buyer_remark", "seller_remark", "waybill", "carrier",
)


def upgrade() -> None:
    """Makes the two tables and moves what waits into them."""
    op.create_table('waiting_orders',
    sa.Column('platform', sa.String(), nullable=False),
    sa.Column('target', CODE, nullable=False),
    sa.Column('import_id', WHOLE, nullable=False),
    sa.Column('shop', sa.String(), nullable=False),
    sa.Column('row', WHOLE, nullable=False),
    sa.Column('status', sa.String(), nullable=True),
    sa.Column('platform_status', sa.String(), nullable=True),
    sa.Column('currency', sa.String(), nullable=True),
    sa.Column('paid', WHOLE, nullable=True),
    sa.Column('freight', WHOLE, nullable=True),
    sa.Column('pieces', WHOLE, nullable=True),
    sa.Column('buyer', sa.String(), nullable=True),
    sa.Column('receiver', sa.String(), nullable=True),
    sa.Column('phone', sa.String(), nullable=True),
    sa.Column('phone_tail', sa.String(), nullable=True),
    sa.Column('address', sa.String(), nullable=True),
    sa.Column('buyer_remark', sa.String(), nullable=True),
    sa.Column('seller_remark', sa.String(), nullable=True),
    sa.Column('waybill', sa.String(), nullable=True),
    sa.Column('carrier', sa.String(), nullable=True),
    sa.Column('ordered_at', UTCDateTime(), nullable=True),
    sa.Column('paid_at', UTCDateTime(), nullable=True),
    sa.Column('shipped_at', UTCDateTime(), nullable=True),
    sa.Column('signed_at', UTCDateTime(), nullable=True),
    sa.Column('signed_by', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_waiting_orders_import_id')),
    sa.PrimaryKeyConstraint('platform', 'target', name=op.f('pk_waiting_orders')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_waiting_orders_import_id'), 'waiting_orders', ['import_id'], unique=False)
    op.create_table('waiting_lines',
    sa.Column('platform', sa.String(), nullable=False),
    sa.Column('target', CODE, nullable=False),
    sa.Column('line', CODE, nullable=False),
    sa.Column('import_id', WHOLE, nullable=False),
    sa.Column('shop', sa.String(), nullable=False),
    sa.Column('row', WHOLE, nullable=False),
    sa.Column('sku', sa.String(), nullable=True),
    sa.Column('title', sa.String(), nullable=True),
    sa.Column('variant', sa.String(), nullable=True),
    sa.Column('quantity', WHOLE, nullable=False),
    sa.Column('price', WHOLE, nullable=True),
    sa.Column('stated', WHOLE, nullable=True),
    sa.Column('line_status', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_waiting_lines_import_id')),
    sa.PrimaryKeyConstraint('platform', 'target', 'line', name=op.f('pk_waiting_lines')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_waiting_lines_import_id'), 'waiting_lines', ['import_id'], unique=False)
    op.drop_index(op.f('ix_order_lines_order_id'), table_name='order_lines')
    for row in op.get_bind().execute(sa.text("SELECT * FROM waiting_rows WHERE holds IN ('orders', 'items')")).mappings().all():
        move = _order if row["holds"] == "orders" else _line
        columns = {name: row[name] for name in ("platform", "import_id", "shop", "row")} | {"target": row["order_number"]}
        table, values = move(row["line_number"], json.loads(row["payload"]))
        columns |= values
        names, places = ", ".join(f'"{name}"' for name in columns), ", ".join(f":{name}" for name in columns)
        op.get_bind().execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({places})"), columns)
    op.execute("DELETE FROM waiting_rows WHERE holds IN ('orders', 'items')")


def _order(_line_number: str, values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A waiting row of an order report as this schema keeps it."""
    made: dict[str, Any] = {name: values.get(name) or None for name in TEXTS}
    for name in ("ordered_at", "paid_at", "shipped_at"):
        made[name] = _instant(values.get(name))
    by_carrier = bool(values.get("carrier_signed_at"))
    signed = values.get("carrier_signed_at") or values.get("confirmed_at")
    made |= {"signed_at": _instant(signed), "signed_by": ("carrier" if by_carrier else "confirmed") if signed else None}
    tail = (values.get("phone") or "").split("-")[0][-4:]
    paid = values["paid"] if values.get("paid_at") else 0
    made |= {"phone_tail": tail if tail.isdigit() else None, "pieces": values.get("pieces"), "paid": paid}
    return "waiting_orders", made | {"freight": min(values.get("freight") or 0, paid)}


def _line(number: str, values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A waiting row of an item report as this schema keeps it."""
    return "waiting_lines", {
        "line": number,
        "sku": values.get("sku") or values.get("outer_sku") or None,
        "title": values.get("title") or None,
        "variant": values.get("variant") or values.get("bundle") or None,
        "quantity": values["quantity"],
        "price": values.get("price"),
        "stated": values.get("stated"),
        "line_status": values.get("line_status") or values.get("platform_status") or None,
    }


def _instant(text: str | None) -> str | None:
    """ISO text in UTC as both databases read it."""
    return f"{text[:10]} {text[11:19]}.000000" + ("" if op.get_bind().dialect.name == "sqlite" else "+00") if text else None
