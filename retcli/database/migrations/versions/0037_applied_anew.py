"""When the buyer last applied under a refund's number, since when a notice counts, when the platform closed a refund."""

import json
from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from retcli.database.migrations import noting

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_CASES = sa.table(
    "cases", sa.column("number"), sa.column("applied_anew_at", UTCDateTime()), sa.column("noticed_at", UTCDateTime())
)
_EVENTS = sa.table("events", *(sa.column(name) for name in ("seq", "at", "subject", "action", "payload")))


def upgrade() -> None:
    """Of new applications that were taken in before, the import's own time is the nearest that is known; when a refund
    was closed, the next list tells.
    """
    books = op.get_bind()
    for name in ("applied_anew_at", "noticed_at", "platform_closed_at"):
        op.add_column("cases", sa.Column(name, UTCDateTime(), nullable=True))
    columns = {column["name"] for column in sa.inspect(books).get_columns("cases")}
    noting.note_anew(books, "cases", sorted(columns - {"id", "platform_key"}))
    anew = sa.select(_EVENTS.c.subject, _EVENTS.c.at, _EVENTS.c.payload).where(_EVENTS.c.action == "apply_anew")
    for number, at, payload in books.execute(anew.order_by(_EVENTS.c.seq)).all():
        instants = {"applied_anew_at": datetime.fromisoformat(at)}
        if json.loads(payload).get("was_decision") == "withdrawn":
            instants["noticed_at"] = datetime.fromisoformat(at)
        books.execute(sa.update(_CASES).where(_CASES.c.number == number).values(**instants))
