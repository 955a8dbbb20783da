"""What the channels' statements say, entry by entry."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Makes the table of bills."""
    op.create_table('bills',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('import_id', WHOLE, nullable=False),
    sa.Column('row', WHOLE, nullable=False),
    sa.Column('platform', sa.String(), nullable=False),
    sa.Column('format', sa.String(), nullable=False),
    sa.Column('shop', sa.String(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('order_number', sa.String(), nullable=False),
    sa.Column('refund_number', sa.String(), nullable=False),
    sa.Column('trade', sa.String(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=True),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('category', sa.String(), nullable=False),
    sa.Column('minor', WHOLE, nullable=False),
    sa.Column('fee', WHOLE, nullable=True),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('balance', WHOLE, nullable=True),
    sa.Column('remark', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_bills_import_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bills')),
    sa.UniqueConstraint('format', 'shop', 'number', name=op.f('uq_bills_format_shop_number')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_bills_at'), 'bills', ['at'], unique=False)
    op.create_index(op.f('ix_bills_import_id'), 'bills', ['import_id'], unique=False)
    op.create_index(op.f('ix_bills_order_number'), 'bills', ['order_number'], unique=False)
    op.create_index(op.f('ix_bills_refund_number'), 'bills', ['refund_number'], unique=False)
