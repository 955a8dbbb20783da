"""Findings can be taken back, a barcode may stand for several articles and for a carton of pieces."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from retcli.database.migrations import triggers

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")
QUANTITY = "quantity > 0 AND reverses_id IS NULL OR quantity < 0 AND reverses_id IS NOT NULL"
FOUND = "id, parcel_id, case_line_id, sku, quantity, grade, disposition, by, at"


def upgrade() -> None:
    """Every barcode of before stands for one piece; no finding of before was taken back."""
    dialect = op.get_bind().dialect.name
    if dialect == "sqlite":
        _rebuilt()
    else:
        _altered()
    for statement in triggers.reversals(dialect):
        op.execute(sa.text(statement.replace(":", "\\:")))


def _altered() -> None:
    op.add_column('barcodes', sa.Column('pieces', WHOLE, nullable=False, server_default="1"))
    op.alter_column('barcodes', 'pieces', server_default=None)
    op.drop_constraint(op.f('pk_barcodes'), 'barcodes')
    op.create_primary_key(op.f('pk_barcodes'), 'barcodes', ['code', 'sku'])
    op.create_check_constraint(op.f('ck_barcodes_pieces'), 'barcodes', 'pieces > 0')
    op.add_column('inspections', sa.Column('reverses_id', WHOLE, nullable=True))
    op.drop_constraint(op.f('ck_inspections_quantity'), 'inspections')
    op.create_check_constraint(op.f('ck_inspections_quantity'), 'inspections', QUANTITY)
    op.create_unique_constraint(op.f('uq_inspections_reverses_id'), 'inspections', ['reverses_id'])
    op.create_foreign_key(op.f('fk_inspections_reverses_id'), 'inspections', 'inspections', ['reverses_id'], ['id'])


def _rebuilt() -> None:
    op.drop_index(op.f('ix_barcodes_sku'), 'barcodes')
    op.rename_table('barcodes', 'barcodes_before')
    op.create_table('barcodes',
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('sku', sa.String(), nullable=False),
    sa.Column('pieces', WHOLE, nullable=False),
    sa.CheckConstraint('pieces > 0', name=op.f('ck_barcodes_pieces')),
    sa.ForeignKeyConstraint(['sku'], ['products.sku'], name=op.f('fk_barcodes_sku')),
    sa.PrimaryKeyConstraint('code', 'sku', name=op.f('pk_barcodes')),
    sqlite_strict=True
    )
    op.execute(sa.text("INSERT INTO barcodes (code, sku, pieces) SELECT code, sku, 1 FROM barcodes_before"))
    op.drop_table('barcodes_before')
    op.create_index(op.f('ix_barcodes_sku'), 'barcodes', ['sku'], unique=False)
    for name in ("inspections_frozen", "inspections_no_delete"):
        op.execute(sa.text(f"DROP TRIGGER {name}"))
    for column in ("case_line_id", "parcel_id"):
        op.drop_index(op.f(f'ix_inspections_{column}'), 'inspections')
    op.rename_table('inspections', 'inspections_before')
    op.create_table('inspections',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('parcel_id', WHOLE, nullable=False),
    sa.Column('case_line_id', WHOLE, nullable=True),
    sa.Column('sku', sa.String(), nullable=False),
    sa.Column('quantity', WHOLE, nullable=False),
    sa.Column('grade', sa.String(), nullable=False),
    sa.Column('disposition', sa.String(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('reverses_id', WHOLE, nullable=True),
    sa.CheckConstraint(QUANTITY, name=op.f('ck_inspections_quantity')),
    sa.ForeignKeyConstraint(['case_line_id'], ['case_lines.id'], name=op.f('fk_inspections_case_line_id')),
    sa.ForeignKeyConstraint(['parcel_id'], ['parcels.id'], name=op.f('fk_inspections_parcel_id')),
    sa.ForeignKeyConstraint(['reverses_id'], ['inspections.id'], name=op.f('fk_inspections_reverses_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inspections')),
    sa.UniqueConstraint('reverses_id', name=op.f('uq_inspections_reverses_id')),
    sqlite_strict=True
    )
    op.execute(sa.text(f"INSERT INTO inspections ({FOUND}) SELECT {FOUND} FROM inspections_before"))
    op.drop_table('inspections_before')
    for column in ("case_line_id", "parcel_id"):
        op.create_index(op.f(f'ix_inspections_{column}'), 'inspections', [column], unique=False)
    for statement in triggers.inspections("sqlite"):
        op.execute(sa.text(statement.replace(":", "\\:")))
