"""What somebody has done with pieces in stock: moved to another stock, or disposed of, perhaps by two persons."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from retcli.database.migrations import noting

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TOLD = (
    "approved_at", "approved_by", "at", "because", "by", "kind", "number", "pieces", "sku", "source", "state", "target",
    "version",
)  # fmt: skip


def upgrade() -> None:
    """Nobody had moved or disposed of pieces by command before."""
    op.create_table('stock_orders',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('sku', sa.String(), nullable=False),
    sa.Column('pieces', WHOLE, nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('target', sa.String(), nullable=False),
    sa.Column('because', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('version', WHOLE, nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('approved_by', sa.String(), nullable=False),
    sa.Column('approved_at', UTCDateTime(), nullable=True),
    sa.CheckConstraint('pieces > 0', name=op.f('ck_stock_orders_pieces')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock_orders')),
    sa.UniqueConstraint('number', name=op.f('uq_stock_orders_number')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_stock_orders_state'), 'stock_orders', ['state'], unique=False)
    noting.note_anew(op.get_bind(), "stock_orders", TOLD)
