"""What carriers report of parcels."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Makes the table of movements."""
    op.create_table('movements',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('import_id', WHOLE, nullable=False),
    sa.Column('row', WHOLE, nullable=False),
    sa.Column('waybill', sa.String(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('event', sa.String(), nullable=False),
    sa.Column('carrier', sa.String(), nullable=False),
    sa.Column('place', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_movements_import_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_movements')),
    sa.UniqueConstraint('waybill', 'at', 'status', 'event', name=op.f('uq_movements_waybill_at_status_event')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_movements_import_id'), 'movements', ['import_id'], unique=False)
    op.create_index(op.f('ix_movements_status'), 'movements', ['status'], unique=False)
