"""What carriers report of parcels, going out or coming back."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from retcli.models.base import Table, key, refers, strict, whole


class Movement(Table, table=True):
    """One event of a waybill, in the carrier's words and as one of sent, in_transit, signed, returned, lost."""

    __tablename__ = "movements"
    __table_args__ = strict(sa.UniqueConstraint("waybill", "at", "status", "event"))
    id: int | None = key()
    import_id: int = refers("imports.id")
    row: int = whole()
    waybill: str
    at: datetime
    status: str = Field(index=True)
    event: str = ""
    carrier: str = ""
    place: str = ""
