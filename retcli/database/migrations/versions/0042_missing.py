"""Which accessories were missing of a piece that came back."""

import sqlalchemy as sa
from alembic import op

from retcli.database.migrations import noting

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

TOLD = (
    "at", "by", "case_line_id", "disposition", "grade", "missing", "parcel_id", "quantity", "reverses_id", "serial",
    "sku",
)  # fmt: skip


def upgrade() -> None:
    """Of what was found before, nobody wrote down what was missing."""
    op.add_column("inspections", sa.Column("missing", sa.String(), nullable=True))
    noting.note_anew(op.get_bind(), "inspections", TOLD)
