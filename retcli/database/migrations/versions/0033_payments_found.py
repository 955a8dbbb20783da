"""Orders and cases are found by the number of their payment."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An index of those that have a payment's number."""
    given = sa.text("payment_number <> ''")
    for table in ("orders", "cases"):
        op.create_index(
            f"ix_{table}_payment", table, ["payment_number"], sqlite_where=given, postgresql_where=given
        )
