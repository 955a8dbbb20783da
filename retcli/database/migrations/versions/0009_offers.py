"""What was offered to buyers on their cases, and what they answered."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Makes the table of offers."""
    op.create_table('offers',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('case_id', WHOLE, nullable=False),
    sa.Column('rung', sa.String(), nullable=False),
    sa.Column('amount', WHOLE, nullable=False),
    sa.Column('due', WHOLE, nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('version', WHOLE, nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('answered_by', sa.String(), nullable=False),
    sa.Column('answered_at', UTCDateTime(), nullable=True),
    sa.CheckConstraint('amount >= 0 AND due >= 0', name=op.f('ck_offers_amounts')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_offers_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_offers')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_offers_case_id'), 'offers', ['case_id'], unique=False)
