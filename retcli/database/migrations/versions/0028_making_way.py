"""Cases that made way for a payment of their platform are found without a look at every event."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

MADE_WAY = "action = 'make_way'"


def upgrade() -> None:
    """An index of those events alone, of which there are few."""
    op.create_index(
        "ix_events_make_way",
        "events",
        ["seq"],
        unique=False,
        sqlite_where=sa.text(MADE_WAY),
        postgresql_where=sa.text(MADE_WAY),
    )
