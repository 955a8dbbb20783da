"""After-sales cases and what hangs on them. Money in minor units of the order's currency."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from retcli.models.base import Table, comparable, key, refers, some, strict, whole
from retcli.rules.money.payouts import is_protection


class Case(Table, table=True):
    """One after-sales matter on one order; `decision` and `filing` are its stored axes, the rest is computed.

    Who decided is `decided_by` (a person's name, the version of the rules, the platform), as `decided_as` says
    (``person``, ``rule``, ``platform``); `because` is the reason that a person gave. What was asked of the goods:
    `opened` (None: nobody said), `misused` by the buyer; `tier` is the buyer's, `detail` the shop's own sub-reason.
    `platform_status` is the platform's own word, `platform_state` what it means, `platform_kind` and `platform_amount`
    what the buyer applied for there; `platform_estimated` says that its list has no time of success, so that
    `platform_succeeded_at` is the nearest one that it has; `platform_seen_at` is when the list was exported that
    last said something new. Who of the shop agreed there is `platform_reviewed_by`, who refunded
    `platform_refunded_by`; `platform_way` says whether a person did (``manual``), the platform (``system``) or its
    deadline (``timeout``), `platform_instant` whether at once (``yes``, ``no``); `payment_number` is the payment's
    at its channel.
    `platform_mark` is the digest of the last row of its list and of how the case stood then: the same row on the same
    case has nothing to do. Where its platform agreed to what had been turned down here, that decision stays beside it:
    `overruled` is what it was (``rejected``, ``withdrawn``; empty where there was none), by whom, when and why.
    `applied_at` is the first application, `applied_anew_at` the last one where the platform's list told that the buyer
    applied again under the same number, `noticed_at` the notice that the buyer's rights follow from where that is not
    the first application: an earlier one was closed or withdrawn before it. `platform_closed_at` is when the platform
    closed the refund, where its list tells that.
    """

    __tablename__ = "cases"
    __table_args__ = strict(
        sa.UniqueConstraint("platform", "platform_number"),
        some("ix_cases_payment", "payment_number", where="payment_number <> ''"),
    )
    id: int | None = key()
    number: str = Field(unique=True)
    order_id: int = refers("orders.id")
    platform: str
    kind: str
    decision: str = Field(index=True)
    filing: str = Field(index=True)
    version: int = whole(1)
    reason_stated: str
    reason_set: str = ""
    reason_verified: str = ""
    buyer_words: str = ""
    channel: str = ""
    note: str = ""
    owner: str = ""
    asked: int | None = whole(None)
    freight_due: int = whole(0)
    freight_agreed: int | None = whole(None)
    applied_at: datetime
    opened_at: datetime
    decided_at: datetime | None = None
    finished_at: datetime | None = None
    because: str = ""
    decided_by: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})
    decided_as: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})
    policy: str = ""
    platform_number: str | None = None
    platform_key: str | None = comparable("platform_number")
    platform_status: str = ""
    platform_state: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})
    platform_amount: int | None = whole(None)
    platform_due_at: datetime | None = None
    platform_succeeded_at: datetime | None = None
    platform_estimated: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    platform_kind: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})
    platform_seen_at: datetime | None = None
    payment_number: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})
    platform_way: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})
    platform_reviewed_by: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})
    platform_refunded_by: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})
    platform_instant: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})
    opened: bool | None = None
    misused: bool | None = None
    tier: str | None = None
    detail: str | None = None
    flag: str | None = None
    platform_mark: str | None = None
    overruled: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})
    overruled_by: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})
    overruled_at: datetime | None = None
    overruled_because: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})
    applied_anew_at: datetime | None = None
    noticed_at: datetime | None = None
    platform_closed_at: datetime | None = None

    @property
    def is_protection(self) -> bool:
        """Whether it is a platform's price protection."""
        return is_protection(self.kind, self.platform_kind, self.reason_stated)

    @property
    def last_applied_at(self) -> datetime:
        """When the buyer applied last: clocks run from then."""
        return self.applied_anew_at or self.applied_at

    @property
    def paid_against(self) -> bool:
        """Whether the platform's agreement stands over a decision that was made against it here."""
        return bool(self.overruled) and self.decision == "approved" and self.decided_as == "platform"

    @property
    def reason(self) -> str:
        """The reason that counts: verified, else set, else stated."""
        return self.reason_verified or self.reason_set or self.reason_stated


class CaseLine(Table, table=True):
    """Pieces of an order line in a case, and the cash approved for them: `agreed` is what the decision fixed and never
    changes while it stands (None without one), `due` is raised where the platform paid more; `wanted` is how many the
    buyer applied for, where other cases had some of them then, `want_sku` what an exchange is to bring for them, empty
    where nobody said.
    """

    __tablename__ = "case_lines"
    __table_args__ = strict(
        sa.UniqueConstraint("case_id", "line_id"),
        sa.CheckConstraint("quantity >= 0 AND due >= 0", name="amounts"),
    )
    id: int | None = key()
    case_id: int = refers("cases.id")
    line_id: int = refers("order_lines.id")
    quantity: int = whole()
    due: int = whole(0)
    wanted: int | None = whole(None)
    want_sku: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})
    agreed: int | None = whole(None)


class Draw(Table, table=True):
    """One entry of the entitlement ledger: a case takes (or with minus gives back) units, their share of the line's
    cash, and cash. Without a line it draws on the order's freight. Never changed; the database refuses an overdraw.
    """

    __tablename__ = "draws"
    __table_args__ = strict()
    id: int | None = key()
    order_id: int = refers("orders.id")
    line_id: int | None = refers("order_lines.id", optional=True)
    case_id: int = refers("cases.id")
    units: int = whole(0)
    share: int = whole(0)
    cash: int = whole(0)
    at: datetime


class Waiver(Table, table=True):
    """A finding overruled by somebody who may, with the reason; never changed."""

    __tablename__ = "waivers"
    __table_args__ = strict(sa.UniqueConstraint("case_id", "rule"))
    id: int | None = key()
    case_id: int = refers("cases.id")
    rule: str
    because: str
    by: str
    at: datetime


class Evidence(Table, table=True):
    """A photo, video, chat or report: its content's SHA-256, and its place in the folder of evidence beside the books.

    `name` is what the file was called, for people only, `size` in bytes; without them only the place on somebody's disk
    was noted, and nothing was stored.
    """

    __tablename__ = "evidence"
    __table_args__ = strict(sa.UniqueConstraint("case_id", "sha256"))
    id: int | None = key()
    case_id: int = refers("cases.id")
    kind: str
    sha256: str
    path: str
    name: str | None = None
    size: int | None = whole(None)
    by: str
    at: datetime


class ClosedPayment(Table, table=True):
    """What a platform's list told as paid on a refund (minor units) and a later one closed, with both instants;
    `estimated` says that the list of the payment has no time of success. Never changed.
    """

    __tablename__ = "closed_payments"
    __table_args__ = strict(sa.CheckConstraint("minor > 0", name="minor"))
    id: int | None = key()
    case_id: int = refers("cases.id")
    minor: int = whole()
    paid_at: datetime
    closed_at: datetime
    estimated: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})


class PlatformAction(Table, table=True):
    """What must still be clicked in the platform's back-end for a decision to be true there; `missed` counts how often
    it was said to be clicked and the platform's report showed that it was not; `done_at` is when it was said last.
    """

    __tablename__ = "platform_actions"
    __table_args__ = strict()
    id: int | None = key()
    case_id: int = refers("cases.id")
    action: str
    state: str = Field(index=True)
    version: int = whole(1)
    money: int = whole(0)
    missed: int = whole(0)
    due_at: datetime | None = None
    created_at: datetime
    done_at: datetime | None = None


class Shipment(Table, table=True):
    """A box in which goods of a case go out. `shipped_by` and `shipped_at` say who noted that it left, and when; "" and
    None while it is here.
    """

    __tablename__ = "shipments"
    __table_args__ = strict(some("ix_shipments_here", "case_id", where="state = 'prepared'", unique=True))
    id: int | None = key()
    number: str = Field(unique=True)
    order_id: int = refers("orders.id")
    case_id: int = refers("cases.id")
    state: str = Field(index=True)
    version: int = whole(1)
    waybill: str = Field(default="", index=True)
    carrier: str = ""
    by: str
    at: datetime
    shipped_by: str = ""
    shipped_at: datetime | None = None


class Replacement(Table, table=True):
    """Goods going out again, with their own waybill; an empty `sku` says that nobody named the goods yet. `reserved`
    are the pieces of the sellable stock that are kept for them, `taken` those that left our stock with them (0 where
    nobody counts them), `shipment_id` the box in which they go.
    """

    __tablename__ = "replacements"
    __table_args__ = strict(
        sa.CheckConstraint("quantity > 0", name="quantity"),
        some("ix_replacements_reserved", "sku", where="reserved > 0"),
    )
    id: int | None = key()
    case_id: int = refers("cases.id")
    sku: str
    quantity: int = whole()
    state: str
    version: int = whole(1)
    waybill: str = Field(default="", index=True)
    carrier: str = ""
    shipped_at: datetime | None = None
    shipment_id: int | None = refers("shipments.id", optional=True)
    reserved: int = whole(0, sa_column_kwargs={"server_default": sa.text("0")})
    taken: int = whole(0, sa_column_kwargs={"server_default": sa.text("0")})


class Offer(Table, table=True):
    """A rung of the ladder offered to the buyer on a case; `amount` is what it costs the shop, `due` what the case
    would have cost it then.
    """

    __tablename__ = "offers"
    __table_args__ = strict(sa.CheckConstraint("amount >= 0 AND due >= 0", name="amounts"))
    id: int | None = key()
    case_id: int = refers("cases.id")
    rung: str
    amount: int = whole(0)
    due: int = whole(0)
    note: str = ""
    state: str
    version: int = whole(1)
    by: str
    at: datetime
    answered_by: str = ""
    answered_at: datetime | None = None
