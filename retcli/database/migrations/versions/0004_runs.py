"""A table of runs, so that a nightly import that stays away is noticed."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Makes the table."""
    op.create_table('runs',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('job', sa.String(), nullable=False),
    sa.Column('started_at', UTCDateTime(), nullable=False),
    sa.Column('ended_at', UTCDateTime(), nullable=True),
    sa.Column('exit', WHOLE, nullable=True),
    sa.Column('counts', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_runs')),
    sqlite_strict=True
    )
