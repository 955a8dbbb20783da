"""Orders are found by the end of their number and of their waybill."""

import sqlalchemy as sa
from alembic import op

from retcli.models.base import END, Comparable

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The database itself fills the columns."""
    kept = op.get_bind().dialect.name == "postgresql"  # SQLite adds no stored column, PostgreSQL indexes no other
    for column, end, signs in (("number", "number_end", "#"), ("waybill", "waybill_end", "")):
        made = sa.Computed(Comparable(column, signs, END), persisted=kept or None)
        op.add_column("orders", sa.Column(end, sa.String(), made, nullable=True))
        op.create_index(op.f(f"ix_orders_{end}"), "orders", [end], unique=False)
