"""Whether a camera ran while a code was read, so that its film can be cut by parcel."""

import sqlalchemy as sa
from alembic import op

from retcli.database.migrations import noting

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

TOLD = (
    "act_id", "at", "by", "code", "filmed", "grade", "locked", "meaning", "mode", "outcome", "parcel_id", "session",
)  # fmt: skip


def upgrade() -> None:
    """Of what was read before, nobody knows whether it was filmed: none counts as filmed."""
    op.add_column("scans", sa.Column("filmed", sa.Boolean(), nullable=False, server_default=sa.false()))
    given = sa.text("filmed")
    op.create_index("ix_scans_filmed", "scans", ["at"], sqlite_where=given, postgresql_where=given)
    noting.note_anew(op.get_bind(), "scans", TOLD)
