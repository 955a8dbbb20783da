"""What was counted in stock, so that an older count never beats a later one."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Makes the table."""
    op.create_table('stock_counts',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('sku', sa.String(), nullable=False),
    sa.Column('bucket', sa.String(), nullable=False),
    sa.Column('counted_at', UTCDateTime(), nullable=False),
    sa.Column('quantity', WHOLE, nullable=False),
    sa.Column('import_id', WHOLE, nullable=False),
    sa.Column('row', WHOLE, nullable=False),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_stock_counts_import_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock_counts')),
    sa.UniqueConstraint('sku', 'bucket', 'counted_at', name=op.f('uq_stock_counts_sku_bucket_counted_at')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_stock_counts_import_id'), 'stock_counts', ['import_id'], unique=False)
