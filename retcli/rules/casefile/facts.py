"""Everything that a verdict rests on."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from retcli.rules.casefile.amounts import LineFacts, OrderFacts, Wish
from retcli.rules.casefile.clocks import days_since
from retcli.rules.cases.remedies import Rung
from retcli.rules.lifecycles import Grade
from retcli.rules.money.refunded_on_platform import NOTHING_UNBOOKED, Unbooked


class Intercept(StrEnum):
    """How far what was on its way to the buyer came back: the carrier was asked for it, all of it is at the door, or
    the pieces of the case were inspected.
    """

    ASKED = "asked"
    AT_THE_DOOR = "at_the_door"
    BACK = "back"


@dataclass(frozen=True)
class LessPaid:
    """That a file says that less was paid on an order than stands in the books, and nobody has answered which is right:
    both amounts, and what a case may have of the lesser beside the others, in minor units.
    """

    in_file: int
    in_books: int
    left: int


class Calendar(Protocol):
    """Which days are public holidays."""

    def is_holiday(self, year: int, month: int, day: int) -> bool | None:
        """Whether a day is one; None in a year that nobody knows yet."""


@dataclass(frozen=True)
class Facts:
    """A case as the rules see it; instants in UTC.

    `opened` says whether sealed goods were opened or activated, None where nobody has said; `misused` that the buyer
    broke them; `repairs` how often they were repaired before for the same buyer; `proofs` which kinds of evidence there
    are (`evidence`: any); `intercept` how far the parcel on its way out was turned round, None where nobody asked;
    `lost` that the carrier says that it lost it; `deposit` that only the deposit of a presale was paid; `bought_at`
    when the order was paid; `accepted` what the buyer took instead, `offered` what waits for the buyer's answer;
    `unbooked` what went back by the platform's order file and stands nowhere here, `by_platform` that the platform
    itself knows of the case, `reported` that it has a refund report; `may_be_agreed` that what went back there may be
    what was agreed to here; `less_paid` what a file says was paid where that is less and not answered; `missing` names
    the pieces that lack in what came back (``CUP×1``), empty where none does or more may come.
    """

    wish: Wish
    order: OrderFacts
    lines: tuple[LineFacts, ...]
    applied_at: datetime
    signed_at: datetime | None = None
    signed_by: str = ""
    paid: bool = True
    evidence: bool = False
    grades: frozenset[Grade] = frozenset()
    opened: bool | None = None
    misused: bool = False
    repairs: int = 0
    proofs: frozenset[str] = frozenset()
    intercept: Intercept | None = None
    lost: bool = False
    deposit: bool = False
    bought_at: datetime | None = None
    accepted: Rung | None = None
    offered: Rung | None = None
    calendar: Calendar | None = None
    unbooked: Unbooked = NOTHING_UNBOOKED
    by_platform: bool = False
    reported: bool = True
    may_be_agreed: bool = False
    less_paid: LessPaid | None = None
    missing: str = ""

    @property
    def on_the_way(self) -> bool:
        """Whether goods that were sent are with the carrier still, neither delivered nor back nor lost."""
        gone = self.lost or self.intercept == Intercept.BACK
        return self.order.shipped and self.signed_at is None and not gone

    @property
    def day(self) -> int:
        """Days from the signature to the application; 0 before the signature."""
        return days_since(self.signed_at, self.applied_at) if self.signed_at else 0
