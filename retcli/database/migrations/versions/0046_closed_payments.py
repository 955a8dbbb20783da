"""What a platform's list told as paid and a later one closed stays, so that a month that is over keeps it."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from retcli.database.migrations import noting, triggers

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TOLD = ("case_id", "closed_at", "estimated", "minor", "paid_at")
_ENDED = "COALESCE(c.platform_closed_at, c.platform_seen_at)"
_TOLD_BY_LIST = (
    "EXISTS (SELECT 1 FROM events e WHERE e.subject = p.number AND e.action = 'confirm'"
    " AND e.payload LIKE '%\"actor\"\\:\"import\"%')"
)
CLOSED = f"""
INSERT INTO closed_payments (case_id, minor, paid_at, closed_at)
SELECT p.case_id, p.minor, p.settled_at,
  CASE WHEN {_ENDED} > p.settled_at THEN {_ENDED} ELSE p.settled_at END
FROM payouts p JOIN cases c ON c.id = p.case_id
WHERE c.platform_state = 'closed' AND {_ENDED} IS NOT NULL AND p.kind = 'refund' AND p.method = 'original'
  AND p.reverses_id IS NULL AND p.minor > 0 AND p.state IN ('confirmed', 'reversed')
  AND (p.origin = 'platform' OR {_TOLD_BY_LIST})
ORDER BY p.id
"""
"""Of refunds that are closed already: what had arrived on them by a list, and when the list that closed them was made."""


def upgrade() -> None:
    """Of refunds that were closed and paid again before, only the last word is known."""
    op.create_table('closed_payments',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('case_id', WHOLE, nullable=False),
    sa.Column('minor', WHOLE, nullable=False),
    sa.Column('paid_at', UTCDateTime(), nullable=False),
    sa.Column('closed_at', UTCDateTime(), nullable=False),
    sa.Column('estimated', sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.CheckConstraint('minor > 0', name=op.f('ck_closed_payments_minor')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_closed_payments_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_closed_payments')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_closed_payments_case_id'), 'closed_payments', ['case_id'], unique=False)
    books = op.get_bind()
    noting.note_anew(books, "closed_payments", TOLD)
    books.execute(sa.text(CLOSED))
    for statement in triggers.append_only(books.dialect.name, triggers.CLOSED):
        op.execute(statement)
