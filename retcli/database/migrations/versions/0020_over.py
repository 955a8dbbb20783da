"""What was agreed stands beside what the platform paid, money beyond the order is the platform's alone, one freight."""

import sqlalchemy as sa
from alembic import op

from retcli.database.migrations import triggers
from retcli.models.payouts import LIVE_FREIGHT

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Adds the columns, filled for what was decided before by what is due, the index, and the guard of the parts."""
    op.add_column('case_lines', sa.Column('agreed', WHOLE, nullable=True))
    op.add_column('cases', sa.Column('freight_agreed', WHOLE, nullable=True))
    books = op.get_bind()
    approved = "SELECT id FROM cases WHERE decision = 'approved'"
    books.execute(sa.text(f"UPDATE case_lines SET agreed = due WHERE case_id IN ({approved})"))
    books.execute(sa.text("UPDATE cases SET freight_agreed = freight_due WHERE decision = 'approved'"))
    for statement in triggers.guard_anew(books.dialect.name, "payout_parts"):
        books.execute(sa.text(statement))
    op.create_index(
        'ix_payouts_one_freight', 'payouts', ['case_id'], unique=True, sqlite_where=sa.text(LIVE_FREIGHT),
        postgresql_where=sa.text(LIVE_FREIGHT),
    )
