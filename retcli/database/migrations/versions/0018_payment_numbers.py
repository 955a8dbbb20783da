"""The payment's number at its channel, and who agreed and refunded on the platform."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_OF_CASE = ("payment_number", "platform_way", "platform_reviewed_by", "platform_refunded_by", "platform_instant")


def upgrade() -> None:
    """Adds the columns."""
    for table, names in (("orders", ("payment_number",)), ("cases", _OF_CASE)):
        for name in names:
            op.add_column(table, sa.Column(name, sa.String(), nullable=False, server_default=sa.text("''")))
    op.add_column('waiting_orders', sa.Column('payment_number', sa.String(), nullable=True))
