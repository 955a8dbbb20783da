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
INSERT INTO refunds_there (order_id, minor)
SELECT f.id, f.minor FROM (
  SELECT o.id, CASE WHEN COALESCE(l.minor, 0) > COALESCE(o.refunded_there, 0) THEN l.minor
    ELSE COALESCE(o.refunded_there, 0) END AS minor
  FROM orders o LEFT JOIN (
    SELECT order_id, CAST(SUM(refunded_there) AS BIGINT) AS minor FROM order_lines WHERE refunded_there > 0
    GROUP BY order_id
  ) l ON l.order_id = o.id
) f WHERE f.minor > 0 ORDER BY f.id
"""


def upgrade() -> None:
    """Of totals that stand in the books already no time is known."""
    op.create_table('refunds_there',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('order_id', WHOLE, nullable=False),
    sa.Column('at', UTCDateTime(), nullable=True),
    sa.Column('minor', WHOLE, nullable=False),
    sa.CheckConstraint('minor > 0', name=op.f('ck_refunds_there_minor')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_refunds_there_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_refunds_there')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_refunds_there_order_id'), 'refunds_there', ['order_id'], unique=False)
    books = op.get_bind()
    noting.note_anew(books, "refunds_there", ("at", "minor", "order_id"))
    books.execute(sa.text(TOTALS))
    dialect = books.dialect.name
    for statement in (*triggers.append_only(dialect, triggers.THERE), *triggers.refunded_there_anew(dialect)):
        op.execute(statement)
