"""When a click was said to be made: what by a later order file went back may be what it paid."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from retcli.database.migrations import noting, triggers

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of clicks that were made before nobody knows when: they stand for nothing of a file."""
    op.add_column("platform_actions", sa.Column("done_at", UTCDateTime(), nullable=True))
    books = op.get_bind()
    columns = {column["name"] for column in sa.inspect(books).get_columns("platform_actions")}
    noting.note_anew(books, "platform_actions", sorted(columns - {"id"}))
    for statement in triggers.refunded_there_anew(books.dialect.name, clicked=True):
        op.execute(statement)
