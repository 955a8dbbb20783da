"""What was read at the benches, what people did that may be taken back; shelf and weight of parcels, serial numbers."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from retcli.database.migrations import noting, triggers

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TOLD = {
    "acts": ("at", "by", "case_id", "did", "kind", "parcel_id", "reverses_id", "row_id", "session", "subject"),
    "scans": (
        "act_id", "at", "by", "code", "grade", "locked", "meaning", "mode", "outcome", "parcel_id", "session",
    ),
    "parcels": (
        "carrier", "number", "received_at", "received_by", "shelf", "state", "version", "waybill", "weight",
    ),
    "inspections": (
        "at", "by", "case_line_id", "disposition", "grade", "parcel_id", "quantity", "reverses_id", "serial", "sku",
    ),
}  # fmt: skip


def upgrade() -> None:
    """Of what was scanned and done before, only the events tell: it is taken back by hand."""
    _acts()
    _scans()
    op.add_column("parcels", sa.Column("shelf", sa.String(), nullable=True))
    op.add_column("parcels", sa.Column("weight", WHOLE, nullable=True))
    op.add_column("inspections", sa.Column("serial", sa.String(), nullable=True))
    books = op.get_bind()
    for table, columns in TOLD.items():
        noting.note_anew(books, table, columns)
    for statement in triggers.append_only(books.dialect.name, triggers.DONE_BY_PEOPLE):
        op.execute(statement)


def _acts() -> None:
    op.create_table('acts',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('row_id', WHOLE, nullable=True),
    sa.Column('case_id', WHOLE, nullable=True),
    sa.Column('parcel_id', WHOLE, nullable=True),
    sa.Column('did', sa.String(), nullable=False),
    sa.Column('session', sa.String(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('reverses_id', WHOLE, nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_acts_case_id')),
    sa.ForeignKeyConstraint(['parcel_id'], ['parcels.id'], name=op.f('fk_acts_parcel_id')),
    sa.ForeignKeyConstraint(['reverses_id'], ['acts.id'], name=op.f('fk_acts_reverses_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_acts')),
    sa.UniqueConstraint('reverses_id', name=op.f('uq_acts_reverses_id')),
    sqlite_strict=True
    )
    op.create_index('ix_acts_by', 'acts', ['by', 'id'], unique=False)
    for column in ("case_id", "parcel_id"):
        op.create_index(op.f(f'ix_acts_{column}'), 'acts', [column], unique=False)


def _scans() -> None:
    op.create_table('scans',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('session', sa.String(), nullable=False),
    sa.Column('mode', sa.String(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('meaning', sa.String(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('parcel_id', WHOLE, nullable=True),
    sa.Column('grade', sa.String(), nullable=False),
    sa.Column('locked', sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column('act_id', WHOLE, nullable=True),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['act_id'], ['acts.id'], name=op.f('fk_scans_act_id')),
    sa.ForeignKeyConstraint(['parcel_id'], ['parcels.id'], name=op.f('fk_scans_parcel_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scans')),
    sqlite_strict=True
    )
    op.create_index('ix_scans_by', 'scans', ['by', 'id'], unique=False)
    for column in ("act_id", "parcel_id"):
        op.create_index(op.f(f'ix_scans_{column}'), 'scans', [column], unique=False)
