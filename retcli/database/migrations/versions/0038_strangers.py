"""Parcels that came without a case: their plain numbers, what their labels say, how they left."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from retcli.database.migrations import noting, triggers

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TOLD = {
    "parcel_labels": ("at", "by", "old_waybill", "parcel_id"),
    "parcels": (
        "apart", "carrier", "left_because", "number", "received_at", "received_by", "returned_carrier", "returned_waybill",
        "shelf", "state", "stranger", "version", "waybill", "weight",
    ),
}  # fmt: skip
_WITHOUT_CASE = (
    "SELECT id FROM parcels WHERE state IN ('received', 'inspected')"
    " AND id NOT IN (SELECT parcel_id FROM parcel_cases) AND waybill NOT IN (SELECT waybill FROM replacements)"
    " AND waybill NOT IN (SELECT waybill FROM orders) AND waybill NOT IN (SELECT waybill FROM order_waybills)"
    " ORDER BY id"
)


def upgrade() -> None:
    """Parcels that are here without a case get their numbers in the order in which they came. Their pieces stay in the
    stocks in which they were counted: the shop has worked with these numbers.
    """
    op.add_column("parcels", sa.Column("stranger", WHOLE, nullable=True))
    op.add_column("parcels", sa.Column("apart", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name in ("returned_waybill", "returned_carrier", "left_because"):
        op.add_column("parcels", sa.Column(name, sa.String(), nullable=False, server_default=sa.text("''")))
    op.create_index(op.f("ix_parcels_stranger"), "parcels", ["stranger"], unique=True)
    _labels()
    books = op.get_bind()
    for table, columns in TOLD.items():
        noting.note_anew(books, table, columns)
    for statement in triggers.append_only(books.dialect.name, triggers.LABELS):
        op.execute(statement)
    _number(books)


def _labels() -> None:
    op.create_table('parcel_labels',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('parcel_id', WHOLE, nullable=False),
    sa.Column('sender', sa.String(), nullable=False),
    sa.Column('phone_tail', sa.String(), nullable=False),
    sa.Column('old_waybill', sa.String(), nullable=False),
    sa.Column('city', sa.String(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['parcel_id'], ['parcels.id'], name=op.f('fk_parcel_labels_parcel_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_parcel_labels')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_parcel_labels_parcel_id'), 'parcel_labels', ['parcel_id'], unique=False)


def _number(books: sa.Connection) -> None:
    ids = list(books.execute(sa.text(_WITHOUT_CASE)).scalars())
    for number, ident in enumerate(ids, 1):
        books.execute(sa.text("UPDATE parcels SET stranger = :number WHERE id = :id"), {"number": number, "id": ident})
    if ids:
        insert = sa.text("INSERT INTO counters (series, last) VALUES ('stranger', :last)")
        books.execute(insert, {"last": len(ids)})
