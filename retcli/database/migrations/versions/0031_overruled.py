"""What was decided here stays beside what the platform decided against it."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from retcli.database.migrations import noting

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of decisions that were written over before only the events tell."""
    for name in ("overruled", "overruled_by", "overruled_because"):
        op.add_column("cases", sa.Column(name, sa.String(), nullable=False, server_default=sa.text("''")))
    op.add_column("cases", sa.Column("overruled_at", UTCDateTime(), nullable=True))
    books = op.get_bind()
    columns = {column["name"] for column in sa.inspect(books).get_columns("cases")}
    noting.note_anew(books, "cases", sorted(columns - {"id", "platform_key"}))
