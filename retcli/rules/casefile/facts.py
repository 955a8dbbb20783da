"""The facts of a case that a verdict rests on, as plain values read from the books before any rule is asked."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from retcli.rules.casefile.amount_facts import LineFacts, OrderFacts, Wish
from retcli.rules.casefile.clocks import days_since
from retcli.rules.cases.remedies import Rung
from retcli.rules.lifecycles import Grade
from retcli.rules.money.amends import Ceiling
from retcli.rules.money.refunded_on_platform import NOTHING_UNBOOKED, Unbooked


class Intercept(StrEnum):
    """How far a parcel that was turned round on its way to the buyer came back: the carrier was asked for it, all of
    it is at the door, or the pieces of the case were inspected.
    """

    ASKED = "asked"
    AT_THE_DOOR = "at_the_door"
    BACK = "back"


@dataclass(frozen=True)
class LessPaid:
    """An open question of an import: a file says that less was paid on the order than stands in the books (minor units
    of the order's currency).
    """

    in_file: int
    in_books: int
    left: int  # what the lesser amount leaves for this case beside the order's others


class Calendar(Protocol):
    """Which days are public holidays."""

    def is_holiday(self, year: int, month: int, day: int) -> bool | None:
        """Whether a day is one; None in a year that nobody knows yet."""


@dataclass(frozen=True)
class Facts:
    """A case as the rules see it; instants in UTC."""

    wish: Wish
    order: OrderFacts
    lines: tuple[LineFacts, ...]
    applied_at: datetime
    signed_at: datetime | None = None
    signed_by: str = ""
    paid: bool = True
    evidence: bool = False
    grades: frozenset[Grade] = frozenset()  # of the pieces that came back
    opened: bool | None = None  # sealed goods were opened or activated; None: nobody has said
    misused: bool = False  # by inspection the buyer broke the goods
    repairs: int = 0  # how often these pieces were repaired before for this buyer
    proofs: frozenset[str] = frozenset()  # kinds of evidence that are kept; `evidence`: any at all
    intercept: Intercept | None = None  # of the parcel on its way to the buyer; None: nobody asked for it
    lost: bool = False  # by its carrier's word
    deposit: bool = False  # of a presale only the deposit (定金) was paid
    bought_at: datetime | None = None
    accepted: Rung | None = None  # the offer that the buyer took instead
    offered: Rung | None = None  # the offer that waits for the buyer's answer
    calendar: Calendar | None = None
    unbooked: Unbooked = NOTHING_UNBOOKED  # what went back by the platform's order file and stands in no document here
    without_return: bool = False  # the goods were sent, and on the platform money alone is applied for (仅退款)
    by_platform: bool = False  # the case came from the platform's own list
    pieces_unsaid: bool = False  # undecided, of the platform's list, which may not say how many pieces are meant
    reported: bool = True  # the platform has a list of refunds that can be imported
    may_be_agreed: bool = False  # `unbooked` may be the very refund agreed to here
    less_paid: LessPaid | None = None
    uncounted: bool = False  # a parcel came, nobody counted a piece in any, and the money is not let ahead of the goods
    amends: tuple[Ceiling, ...] = ()  # where amends were given on the order: what was paid and is let go already
    agreed: int | None = None  # what was agreed to, in minor units; None while nothing is
    looked_into: bool = False  # every parcel that came was opened
    right_pieces: int = 0  # of those that came back and were inspected
    foreign_pieces: int = 0  # of another order, that came in their place
    missing: str = ""  # the pieces that lack in what came back (``CUP×1``); empty where none does or more may come

    @property
    def on_the_way(self) -> bool:
        """Whether goods that were sent are still with the carrier: not delivered, not back, not lost."""
        gone = self.lost or self.intercept == Intercept.BACK
        return self.order.shipped and self.signed_at is None and not gone

    @property
    def day(self) -> int:
        """Days from the signature to the application; 0 before the signature."""
        return days_since(self.signed_at, self.applied_at) if self.signed_at else 0
