"""The shop's rules as they were loaded."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from retcli.models.base import Table, key, strict


class PolicyVersion(Table, table=True):
    """One version of ``policy.toml``: the file as it was (`text`), what it says as JSON (`document`), and the day in
    Shanghai (ISO text) from which what is applied for is judged by it. Never changed.
    """

    __tablename__ = "policies"
    __table_args__ = strict(sa.UniqueConstraint("version"))
    id: int | None = key()
    version: str
    starts_on: str
    document: str
    text: str
    loaded_at: datetime
    by: str = Field(default="")


class ReasonWord(Table, table=True):
    """Words of a platform or a buyer that mean a canonical reason."""

    __tablename__ = "reason_words"
    __table_args__ = strict()
    words: str = Field(primary_key=True)
    code: str
    by: str
    at: datetime
