"""Who works in the shop."""

from datetime import datetime

from sqlmodel import Field

from retcli.models.base import Table, key, strict


class Staff(Table, table=True):
    """A member of staff and what they may do."""

    __tablename__ = "staff"
    __table_args__ = strict()
    id: int | None = key()
    name: str = Field(unique=True)
    role: str
    created_at: datetime
