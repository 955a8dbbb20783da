"""What had gone back of an order by each order file that raised it, and when that file was made."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from retcli.database.migrations import noting, triggers

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TOTALS = """
INSERT INTO refunds_there (order_id, at, estimated, minor)
SELECT f.id, COALESCE(t.at, (SELECT MAX(COALESCE(p.settled_at, p.decided_at)) FROM payouts p WHERE p.order_id = f.id)),
  TRUE, f.minor
FROM (
  SELECT o.id, o.platform, CASE WHEN COALESCE(l.minor, 0) > COALESCE(o.refunded_there, 0) THEN l.minor
    ELSE COALESCE(o.refunded_there, 0) END AS minor
  FROM orders o LEFT JOIN (
    SELECT order_id, CAST(SUM(refunded_there) AS BIGINT) AS minor FROM order_lines WHERE refunded_there > 0
    GROUP BY order_id
  ) l ON l.order_id = o.id
) f LEFT JOIN (
  SELECT platform, MAX(CASE WHEN exported_at <= started_at THEN exported_at ELSE started_at END) AS at FROM imports
  WHERE holds IN ('orders', 'items', 'sales') GROUP BY platform
) t ON t.platform = f.platform
WHERE f.minor > 0 ORDER BY f.id
"""
"""At the latest, a total is of the last file of orders of its platform; where the books have none, of their upgrade, by
which the order's last payout stood.
"""


def upgrade() -> None:
    """Of totals that stand in the books already only the latest time is known that they can be of."""
    op.create_table('refunds_there',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('order_id', WHOLE, nullable=False),
    sa.Column('at', UTCDateTime(), nullable=True),
    sa.Column('estimated', sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column('minor', WHOLE, nullable=False),
    sa.CheckConstraint('minor > 0', name=op.f('ck_refunds_there_minor')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_refunds_there_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_refunds_there')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_refunds_there_order_id'), 'refunds_there', ['order_id'], unique=False)
    books = op.get_bind()
    noting.note_anew(books, "refunds_there", ("at", "estimated", "minor", "order_id"))
    books.execute(sa.text(TOTALS))
    dialect = books.dialect.name
    for statement in (*triggers.append_only(dialect, triggers.THERE), *triggers.refunded_there_anew(dialect)):
        op.execute(statement)
