"""An order keeps every waybill under which its goods were sent."""

import sqlalchemy as sa
from alembic import op

from retcli.database.migrations import noting
from retcli.models.base import Code

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Further waybills stand beside the order's own, or wait with their order."""
    op.create_table('order_waybills',
    sa.Column('order_id', WHOLE, nullable=False),
    sa.Column('waybill', sa.String(), nullable=False),
    sa.Column('carrier', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_order_waybills_order_id')),
    sa.PrimaryKeyConstraint('order_id', 'waybill', name=op.f('pk_order_waybills')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_order_waybills_waybill'), 'order_waybills', ['waybill'], unique=False)
    op.create_table('waiting_waybills',
    sa.Column('platform', sa.String(), nullable=False),
    sa.Column('target', Code, nullable=False),
    sa.Column('waybill', sa.String(), nullable=False),
    sa.Column('carrier', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('platform', 'target', 'waybill', name=op.f('pk_waiting_waybills')),
    sqlite_strict=True
    )
    noting.note_anew(op.get_bind(), "order_waybills", ("carrier",))
