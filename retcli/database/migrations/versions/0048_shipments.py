"""Boxes that go out, and the pieces of the stock that are kept for them and leave with them."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from retcli.database.migrations import noting, triggers

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TOLD = {
    "replacements": (
        "carrier", "case_id", "quantity", "reserved", "shipment_id", "shipped_at", "sku", "state", "taken", "version",
        "waybill",
    ),
    "shipments": (
        "at", "by", "carrier", "case_id", "number", "order_id", "shipped_at", "shipped_by", "state", "version", "waybill",
    ),
}  # fmt: skip
HERE = sa.text("state = 'prepared'")


def upgrade() -> None:
    """What was sent before took nothing from the stock: it counts as sent since the count, as an order's goods do."""
    op.create_table('shipments',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('order_id', WHOLE, nullable=False),
    sa.Column('case_id', WHOLE, nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('version', WHOLE, nullable=False),
    sa.Column('waybill', sa.String(), nullable=False),
    sa.Column('carrier', sa.String(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('shipped_by', sa.String(), nullable=False),
    sa.Column('shipped_at', UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_shipments_order_id')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_shipments_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shipments')),
    sa.UniqueConstraint('number', name=op.f('uq_shipments_number')),
    sqlite_strict=True
    )
    for column in ("case_id", "order_id", "state", "waybill"):
        op.create_index(op.f(f'ix_shipments_{column}'), 'shipments', [column], unique=False)
    op.create_index('ix_shipments_here', 'shipments', ['case_id'], unique=True, sqlite_where=HERE,
                    postgresql_where=HERE)
    _replacements()
    books = op.get_bind()
    for table, columns in TOLD.items():
        noting.note_anew(books, table, columns)
    for statement in triggers.outgoing(books.dialect.name):
        op.execute(statement)


def _replacements() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("ALTER TABLE replacements ADD COLUMN shipment_id INTEGER REFERENCES shipments (id)")
    else:
        op.add_column('replacements', sa.Column('shipment_id', WHOLE, nullable=True))
        op.create_foreign_key(
            op.f('fk_replacements_shipment_id'), 'replacements', 'shipments', ['shipment_id'], ['id']
        )
    op.create_index(op.f('ix_replacements_shipment_id'), 'replacements', ['shipment_id'], unique=False)
    for name in ("reserved", "taken"):
        op.add_column('replacements', sa.Column(name, WHOLE, nullable=False, server_default=sa.text("0")))
    kept = sa.text("reserved > 0")
    op.create_index('ix_replacements_reserved', 'replacements', ['sku'], sqlite_where=kept, postgresql_where=kept)
