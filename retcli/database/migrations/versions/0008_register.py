"""Evidence kept beside the books, contacts, time extended, notes, flags, and the register."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from retcli.database.migrations import triggers

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Makes the four tables and their guards; evidence of before has no name, and lies where it lay."""
    op.add_column('cases', sa.Column('flag', sa.String(), nullable=True))
    op.add_column('evidence', sa.Column('name', sa.String(), nullable=True))
    op.add_column('evidence', sa.Column('size', WHOLE, nullable=True))
    _case_table('contacts',
    sa.Column('way', sa.String(), nullable=False),
    sa.Column('result', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    *_by_whom(),
    )
    _case_table('extensions',
    sa.Column('days', WHOLE, nullable=False),
    sa.Column('because', sa.String(), nullable=False),
    *_by_whom(),
    sa.CheckConstraint('days > 0', name=op.f('ck_extensions_days')),
    )
    _case_table('notes',
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('amount', WHOLE, nullable=True),
    sa.Column('sku', sa.String(), nullable=False),
    sa.Column('flag', sa.String(), nullable=False),
    *_by_whom(),
    )
    _case_table('escalations',
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('version', WHOLE, nullable=False),
    sa.Column('authority', sa.Boolean(), nullable=False),
    sa.Column('due_at', UTCDateTime(), nullable=False),
    sa.Column('estimated', sa.Boolean(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('because', sa.String(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('opened_at', UTCDateTime(), nullable=False),
    sa.Column('answered_at', UTCDateTime(), nullable=True),
    sa.Column('closed_at', UTCDateTime(), nullable=True),
    )
    op.create_index(op.f('ix_escalations_state'), 'escalations', ['state'], unique=False)
    for statement in triggers.append_only(op.get_bind().dialect.name, triggers.REGISTER):
        op.execute(sa.text(statement))


def _case_table(name: str, *columns: sa.Column[object] | sa.CheckConstraint) -> None:
    op.create_table(name,
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('case_id', WHOLE, nullable=False),
    *columns,
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f(f'fk_{name}_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f(f'pk_{name}')),
    sqlite_strict=True
    )
    op.create_index(op.f(f'ix_{name}_case_id'), name, ['case_id'], unique=False)


def _by_whom() -> tuple[sa.Column[str], sa.Column[object]]:
    return sa.Column('by', sa.String(), nullable=False), sa.Column('at', UTCDateTime(), nullable=False)
