"""What came in from files: each import, and the questions that its files left."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from retcli.models.base import Table, key, refers, strict, whole


class Import(Table, table=True):
    """One file taken in; added + changed + unchanged + refused = rows once it is done. `shop` is whose it was said to
    be, `exported_at` when the file was made, `shops` a JSON list of the shops that its rows name; `header` one of its
    column names, kept where a row was refused; `mended` how many orders it put right that were read net of refunds
    before.
    """

    __tablename__ = "imports"
    __table_args__ = strict(sa.UniqueConstraint("sha256", "shop"))
    id: int | None = key()
    sha256: str
    name: str
    format: str
    holds: str
    platform: str
    shop: str = ""
    state: str
    progress: str = ""
    exported_at: datetime | None = None
    rows: int = whole(0)
    added: int = whole(0)
    changed: int = whole(0)
    unchanged: int = whole(0)
    refused: int = whole(0)
    started_at: datetime
    done_at: datetime | None = None
    by: str
    header: str | None = None
    shops: str = Field(default="[]", sa_column_kwargs={"server_default": "[]"})
    mended: int = whole(0, sa_column_kwargs={"server_default": "0"})


class ImportQuestion(Table, table=True):
    """A change that only a person may take: the field, what the books say, what the file says; `state` is ``open``,
    ``kept`` or ``taken``.
    """

    __tablename__ = "import_questions"
    __table_args__ = strict(sa.UniqueConstraint("subject", "field", "found"))
    id: int | None = key()
    import_id: int = refers("imports.id")
    row: int = whole()
    subject: str
    field: str
    known: str
    found: str
    state: str = "open"
    at: datetime
