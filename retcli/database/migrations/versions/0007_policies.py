"""Versions of the shop's rules, words mapped to reasons, and what is known of the goods of a case."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Makes the two tables; of the goods of older cases nothing was asked."""
    op.create_table('policies',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('version', sa.String(), nullable=False),
    sa.Column('starts_on', sa.String(), nullable=False),
    sa.Column('document', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('loaded_at', UTCDateTime(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_policies')),
    sa.UniqueConstraint('version', name=op.f('uq_policies_version')),
    sqlite_strict=True
    )
    op.create_table('reason_words',
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('words', name=op.f('pk_reason_words')),
    sqlite_strict=True
    )
    op.add_column('cases', sa.Column('opened', sa.Boolean(), nullable=True))
    op.add_column('cases', sa.Column('misused', sa.Boolean(), nullable=True))
    op.add_column('cases', sa.Column('tier', sa.String(), nullable=True))
    op.add_column('cases', sa.Column('detail', sa.String(), nullable=True))
