"""Who decided a case stands in columns of its own; the reason holds only what people give."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_BY_PERSON = (
    "SELECT operator FROM events WHERE events.subject = cases.number"
    " AND events.action IN ('approve', 'reject', 'withdraw') ORDER BY events.seq DESC LIMIT 1"
)


def upgrade() -> None:
    """Adds the columns and fills them."""
    for name in ("decided_by", "decided_as"):
        op.add_column('cases', sa.Column(name, sa.String(), nullable=False, server_default=sa.text("''")))
    move_over(op.get_bind())


def move_over(books: sa.Connection) -> None:
    """Fills who decided: the platform and a rule by the words that stood for a reason, people by their event."""
    for words, kind, name in (("platform", "platform", "platform"), ("policy", "rule", "policy")):
        books.execute(
            sa.text(
                f"UPDATE cases SET decided_as = '{kind}', decided_by = {name}, because = ''"
                f" WHERE because = '{words}' AND decided_at IS NOT NULL"
            )
        )
    books.execute(
        sa.text(
            f"UPDATE cases SET decided_as = 'person', decided_by = COALESCE(({_BY_PERSON}), '')"
            " WHERE decided_as = '' AND decided_at IS NOT NULL"
        )
    )
