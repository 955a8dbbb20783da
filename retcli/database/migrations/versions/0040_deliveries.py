"""Loads of parcels that drivers hand over at once, and what was scanned of each."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from retcli.database.migrations import noting

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TOLD = {
    "acts": (
        "at", "by", "case_id", "delivery_id", "did", "kind", "parcel_id", "reverses_id", "row_id", "session", "subject",
    ),
    "deliveries": ("announced", "begun_at", "begun_by", "carrier", "ended_at", "number", "state", "version"),
}  # fmt: skip


def upgrade() -> None:
    """What was taken in before was counted against no driver's number."""
    op.create_table('deliveries',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('carrier', sa.String(), nullable=False),
    sa.Column('announced', WHOLE, nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('version', WHOLE, nullable=False),
    sa.Column('begun_by', sa.String(), nullable=False),
    sa.Column('begun_at', UTCDateTime(), nullable=False),
    sa.Column('ended_at', UTCDateTime(), nullable=True),
    sa.CheckConstraint('announced > 0', name=op.f('ck_deliveries_announced')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deliveries')),
    sa.UniqueConstraint('number', name=op.f('uq_deliveries_number')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_deliveries_state'), 'deliveries', ['state'], unique=False)
    _acts()
    books = op.get_bind()
    for table, columns in TOLD.items():
        noting.note_anew(books, table, columns)


def _acts() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("ALTER TABLE acts ADD COLUMN delivery_id INTEGER REFERENCES deliveries (id)")
    else:
        column = sa.Column('delivery_id', WHOLE, nullable=True)
        op.add_column('acts', column)
        op.create_foreign_key(op.f('fk_acts_delivery_id'), 'acts', 'deliveries', ['delivery_id'], ['id'])
    given = sa.text("delivery_id IS NOT NULL")
    op.create_index('ix_acts_delivery', 'acts', ['delivery_id'], sqlite_where=given, postgresql_where=given)
