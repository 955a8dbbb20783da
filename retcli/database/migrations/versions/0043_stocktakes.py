"""The stock counted by people: stocktakes with what was counted in them, and counts that can be taken back."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from retcli.database.migrations import noting, triggers

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")
COUNTED = "id, sku, bucket, counted_at, quantity, import_id, row"
TOLD = {
    "stocktakes": ("bucket", "by", "number", "opened_at", "posted_at", "posted_by", "round", "state", "version"),
    "stock_tallies": (
        "at", "balance", "by", "counted_at", "last_count", "pieces", "place", "reverses_id", "round", "sku", "take_id",
    ),
    "stock_counts": ("bucket", "counted_at", "import_id", "quantity", "reverses_id", "row", "sku", "take_id"),
}  # fmt: skip


def upgrade() -> None:
    """Counts of before came by a file, and none of them was taken back."""
    _takes()
    _tallies()
    books = op.get_bind()
    if books.dialect.name == "sqlite":
        _rebuilt()
    else:
        _altered()
    for table, columns in TOLD.items():
        noting.note_anew(books, table, columns)
    for statement in triggers.append_only(books.dialect.name, triggers.COUNTED):
        op.execute(sa.text(statement.replace(":", "\\:")))


def _takes() -> None:
    op.create_table('stocktakes',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('bucket', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('version', WHOLE, nullable=False),
    sa.Column('round', WHOLE, nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('opened_at', UTCDateTime(), nullable=False),
    sa.Column('posted_by', sa.String(), nullable=False),
    sa.Column('posted_at', UTCDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stocktakes')),
    sa.UniqueConstraint('number', name=op.f('uq_stocktakes_number')),
    sqlite_strict=True
    )
    op.create_index('ix_stocktakes_open', 'stocktakes', ['bucket'], unique=True,
                    sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))


def _tallies() -> None:
    op.create_table('stock_tallies',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('take_id', WHOLE, nullable=False),
    sa.Column('round', WHOLE, nullable=False),
    sa.Column('sku', sa.String(), nullable=False),
    sa.Column('pieces', WHOLE, nullable=False),
    sa.Column('balance', WHOLE, nullable=False),
    sa.Column('last_count', WHOLE, nullable=False),
    sa.Column('place', sa.String(), nullable=False),
    sa.Column('counted_at', UTCDateTime(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('reverses_id', WHOLE, nullable=True),
    sa.ForeignKeyConstraint(['reverses_id'], ['stock_tallies.id'], name=op.f('fk_stock_tallies_reverses_id')),
    sa.ForeignKeyConstraint(['take_id'], ['stocktakes.id'], name=op.f('fk_stock_tallies_take_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock_tallies')),
    sa.UniqueConstraint('reverses_id', name=op.f('uq_stock_tallies_reverses_id')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_stock_tallies_take_id'), 'stock_tallies', ['take_id'], unique=False)


def _altered() -> None:
    op.alter_column('stock_counts', 'import_id', nullable=True)
    for name in ('take_id', 'reverses_id'):
        op.add_column('stock_counts', sa.Column(name, WHOLE, nullable=True))
    op.drop_constraint(op.f('uq_stock_counts_sku_bucket_counted_at'), 'stock_counts')
    op.create_unique_constraint(op.f('uq_stock_counts_reverses_id'), 'stock_counts', ['reverses_id'])
    op.create_foreign_key(op.f('fk_stock_counts_take_id'), 'stock_counts', 'stocktakes', ['take_id'], ['id'])
    op.create_foreign_key(op.f('fk_stock_counts_reverses_id'), 'stock_counts', 'stock_counts', ['reverses_id'], ['id'])
    _indexes()


def _rebuilt() -> None:
    op.drop_index(op.f('ix_stock_counts_import_id'), 'stock_counts')
    op.rename_table('stock_counts', 'stock_counts_before')
    op.create_table('stock_counts',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('sku', sa.String(), nullable=False),
    sa.Column('bucket', sa.String(), nullable=False),
    sa.Column('counted_at', UTCDateTime(), nullable=False),
    sa.Column('quantity', WHOLE, nullable=False),
    sa.Column('import_id', WHOLE, nullable=True),
    sa.Column('row', WHOLE, nullable=False),
    sa.Column('take_id', WHOLE, nullable=True),
    sa.Column('reverses_id', WHOLE, nullable=True),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_stock_counts_import_id')),
    sa.ForeignKeyConstraint(['reverses_id'], ['stock_counts.id'], name=op.f('fk_stock_counts_reverses_id')),
    sa.ForeignKeyConstraint(['take_id'], ['stocktakes.id'], name=op.f('fk_stock_counts_take_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock_counts')),
    sa.UniqueConstraint('reverses_id', name=op.f('uq_stock_counts_reverses_id')),
    sqlite_strict=True
    )
    op.execute(sa.text(f"INSERT INTO stock_counts ({COUNTED}) SELECT {COUNTED} FROM stock_counts_before"))
    op.drop_table('stock_counts_before')
    op.create_index(op.f('ix_stock_counts_import_id'), 'stock_counts', ['import_id'], unique=False)
    _indexes()


def _indexes() -> None:
    op.create_index(op.f('ix_stock_counts_take_id'), 'stock_counts', ['take_id'], unique=False)
    op.create_index('ix_stock_counts_of', 'stock_counts', ['sku', 'bucket'], unique=False)
