"""Why parcels of a driver's load are missing, as somebody wrote."""

import sqlalchemy as sa
from alembic import op

from retcli.database.migrations import noting

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

TOLD = {
    "deliveries": (
        "announced", "begun_at", "begun_by", "carrier", "ended_at", "number", "settled_because", "state", "version",
    ),
}  # fmt: skip


def upgrade() -> None:
    """Of loads that ended before nobody is asked why they were short."""
    op.add_column("deliveries", sa.Column("settled_because", sa.String(), nullable=False, server_default=sa.text("''")))
    books = op.get_bind()
    for table, columns in TOLD.items():
        noting.note_anew(books, table, columns)
