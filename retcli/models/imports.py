"""What came in from files: each import, its faults, its questions, and rows that wait for their other half."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from retcli.models.base import key, refers, strict, whole


class Import(SQLModel, table=True):
    """One file taken in; added + changed + unchanged + refused = rows once it is done."""

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
    rows: int = whole(0)
    added: int = whole(0)
    changed: int = whole(0)
    unchanged: int = whole(0)
    refused: int = whole(0)
    started_at: datetime
    done_at: datetime | None = None
    by: str


class ImportFault(SQLModel, table=True):
    """A refused row: where it stands, the text found, and why."""

    __tablename__ = "import_faults"
    __table_args__ = strict()
    id: int | None = key()
    import_id: int = refers("imports.id")
    row: int = whole()
    column: str
    text: str
    problem: str


class ImportQuestion(SQLModel, table=True):
    """A change that only a person may take: the field, what the books say, what the file says."""

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


class WaitingRow(SQLModel, table=True):
    """A row that waits for the rest of its order: the other report has not come yet."""

    __tablename__ = "waiting_rows"
    __table_args__ = strict(sa.UniqueConstraint("platform", "holds", "order_number", "line_number"))
    id: int | None = key()
    import_id: int = refers("imports.id")
    platform: str
    shop: str = ""
    holds: str
    order_number: str = Field(index=True)
    line_number: str
    row: int = whole()
    payload: str
