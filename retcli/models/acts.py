"""What was read at the benches, and what people did that may be taken back."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from retcli.models.base import Table, key, refers, some, strict, whole


class Act(Table, table=True):
    """Something that a person did and may take back; never changed. What takes it back is an act of its own that
    `reverses` it, of the kind ``undo_…`` and with the same `row_id`.

    `subject` is the number of the case or parcel that it is about, `row_id` the row of another table that it wrote
    and that counts no longer once it is taken back; `did` a JSON object of what else the reversal needs to know,
    without personal data; `session` names the round of the scan loop it was done in, "" for a command;
    `delivery_id` is the delivery in which it took a parcel in, None for any other.
    """

    __tablename__ = "acts"
    __table_args__ = strict(
        sa.UniqueConstraint("reverses_id"),
        sa.Index("ix_acts_by", "by", "id"),
        some("ix_acts_delivery", "delivery_id", where="delivery_id IS NOT NULL"),
    )
    id: int | None = key()
    kind: str
    subject: str
    row_id: int | None = whole(None)
    case_id: int | None = refers("cases.id", optional=True)
    parcel_id: int | None = refers("parcels.id", optional=True)
    did: str
    session: str
    by: str
    at: datetime
    reverses_id: int | None = refers("acts.id", optional=True, index=False)
    delivery_id: int | None = refers("deliveries.id", optional=True, index=False)


class Scan(Table, table=True):
    """A code as it was read at a bench: what it meant, what came of it, and how the bench stood then; never changed.

    `parcel_id` is the parcel on the bench after it, `grade` the grade in force there ("" for none, pieces are only
    counted), `act_id` what was done by it; None where it changed nothing. `filmed`: a camera ran.
    """

    __tablename__ = "scans"
    __table_args__ = strict(sa.Index("ix_scans_by", "by", "id"), some("ix_scans_filmed", "at", where="filmed"))
    id: int | None = key()
    session: str
    mode: str
    code: str
    meaning: str
    outcome: str
    parcel_id: int | None = refers("parcels.id", optional=True)
    grade: str
    locked: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    filmed: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    act_id: int | None = refers("acts.id", optional=True)
    by: str
    at: datetime
