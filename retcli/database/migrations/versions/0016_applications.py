"""What the buyer applied for on the platform, when its lists were exported, and pieces that others had.

A case that was opened from a list was of the kind that the list said.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Adds the columns."""
    op.add_column('imports', sa.Column('exported_at', UTCDateTime(), nullable=True))
    op.add_column('cases', sa.Column('platform_estimated', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('cases', sa.Column('platform_kind', sa.String(), nullable=False, server_default=sa.text("''")))
    op.add_column('cases', sa.Column('platform_seen_at', UTCDateTime(), nullable=True))
    op.add_column('case_lines', sa.Column('wanted', WHOLE, nullable=True))
    op.get_bind().execute(sa.text("UPDATE cases SET platform_kind = kind WHERE channel = 'platform'"))
