"""What was noted of a parcel that came without a case."""

import sqlalchemy as sa
from alembic import op

from retcli.database.migrations import noting

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

TOLD = ("at", "by", "note", "old_waybill", "parcel_id")


def upgrade() -> None:
    """Of parcels of before nothing was noted."""
    op.add_column("parcel_labels", sa.Column("note", sa.String(), nullable=False, server_default=sa.text("''")))
    noting.note_anew(op.get_bind(), "parcel_labels", TOLD)
