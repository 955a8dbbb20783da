"""Bad reviews have a table of their own: of an order, with or without a case, and without a deadline."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Makes the table; reviews that were entered among the interventions stay there as they were told."""
    op.create_table('bad_reviews',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('order_id', WHOLE, nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('version', WHOLE, nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('because', sa.String(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('opened_at', UTCDateTime(), nullable=False),
    sa.Column('contacted_at', UTCDateTime(), nullable=True),
    sa.Column('closed_at', UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_bad_reviews_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bad_reviews')),
    sqlite_strict=True
    )
    for column in ("order_id", "state"):
        op.create_index(op.f(f'ix_bad_reviews_{column}'), 'bad_reviews', [column], unique=False)
