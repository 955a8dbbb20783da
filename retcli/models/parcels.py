"""What arrived at the door and what was found in it. Quantities in pieces."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from retcli.models.base import Table, key, refers, strict, whole


class Parcel(Table, table=True):
    """A returning parcel by its waybill; it may have no case, and may serve several. `shelf` is where it was put
    aside, `weight` what it weighed at the door, in grams; None where nobody said.

    `stranger` is its plain number among parcels that came without a case (None for others), which it keeps; while it is
    `apart`, its pieces lie in the bucket of unclaimed pieces, whatever they were graded. `returned_waybill` and
    `returned_carrier` are those under which it was sent back, `left_because` says why it is here no more; "" while it
    is.
    """

    __tablename__ = "parcels"
    __table_args__ = strict()
    id: int | None = key()
    number: str = Field(unique=True)
    waybill: str = Field(unique=True)
    carrier: str = ""
    state: str = Field(index=True)
    version: int = whole(1)
    received_at: datetime | None = None
    received_by: str = ""
    shelf: str | None = None
    weight: int | None = whole(None)
    stranger: int | None = whole(None, index=True, unique=True)
    apart: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    returned_waybill: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})
    returned_carrier: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})
    left_because: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})


class Delivery(Table, table=True):
    """A load of parcels that a carrier's driver hands over at once: how many they `announced`; what is scanned while it
    is open counts against that (`Act.delivery_id`). `settled_because` is why some were missing, as somebody wrote; ""
    where nobody did.
    """

    __tablename__ = "deliveries"
    __table_args__ = strict(sa.CheckConstraint("announced > 0", name="announced"))
    id: int | None = key()
    number: str = Field(unique=True)
    carrier: str = ""
    announced: int = whole()
    state: str = Field(index=True)
    version: int = whole(1)
    begun_by: str
    begun_at: datetime
    ended_at: datetime | None = None
    settled_because: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})


class ParcelLabel(Table, table=True):
    """What the label of a parcel says, as somebody read it; never changed: the last row of a parcel counts, the others
    are what was read before. `phone_tail` are the last four digits of the sender's telephone number, `old_waybill` is
    the number of an earlier label, `city` where the sender is, `note` what else somebody wrote of it; "" for nothing.
    """

    __tablename__ = "parcel_labels"
    __table_args__ = strict()
    id: int | None = key()
    parcel_id: int = refers("parcels.id")
    sender: str = ""
    phone_tail: str = ""
    old_waybill: str = ""
    city: str = ""
    note: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})
    by: str
    at: datetime


class ParcelCase(Table, table=True):
    """A case that a parcel belongs to."""

    __tablename__ = "parcel_cases"
    __table_args__ = strict(sa.UniqueConstraint("parcel_id", "case_id"))
    id: int | None = key()
    parcel_id: int = refers("parcels.id")
    case_id: int = refers("cases.id")


class ParcelCount(Table, table=True):
    """Pieces of a product counted in a parcel, and how many of them were inspected."""

    __tablename__ = "parcel_counts"
    __table_args__ = strict(
        sa.UniqueConstraint("parcel_id", "sku"),
        sa.CheckConstraint("inspected >= 0 AND inspected <= counted", name="inspected"),
    )
    id: int | None = key()
    parcel_id: int = refers("parcels.id")
    sku: str
    counted: int = whole(0)
    inspected: int = whole(0)


class Inspection(Table, table=True):
    """What was found of some pieces: grade and where they go, and the case line they count for; never changed. A
    reversal has the pieces of the finding that it takes back with a minus, so that sums need not know of it. `serial`
    is the serial number of a single piece, where somebody read it; `missing` are accessories that were not with them.
    """

    __tablename__ = "inspections"
    __table_args__ = strict(
        sa.CheckConstraint("quantity > 0 AND reverses_id IS NULL OR quantity < 0 AND reverses_id IS NOT NULL",
                           name="quantity"),
        sa.UniqueConstraint("reverses_id"),
    )  # fmt: skip
    id: int | None = key()
    parcel_id: int = refers("parcels.id")
    case_line_id: int | None = refers("case_lines.id", optional=True)
    sku: str
    quantity: int = whole()
    grade: str
    disposition: str
    by: str
    at: datetime
    reverses_id: int | None = refers("inspections.id", optional=True, index=False)
    serial: str | None = None
    missing: str | None = None
