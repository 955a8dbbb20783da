"""Whether and how much of a case may be paid now, and what a payout is called."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from retcli.language import mark
from retcli.rules.casefile.findings import Answer, Fact, Finding
from retcli.rules.lifecycles import Decision, Kind, PayoutState, Role
from retcli.rules.money import minor_units
from retcli.rules.money.minor_units import POINTS, Money
from retcli.rules.policy.policy import OWN_CURRENCY, Policy
from retcli.rules.warehouse.foreign_goods import foreign_goods

FREIGHT_ALONE = "I_FREIGHT"
"""The reason of a refund that is about the order's freight alone."""
GOODS, FREIGHT, WAY_BACK, AMENDS = "goods", "freight", "way_back", "amends"
OVER = "over"
"""The purpose of what a platform paid beyond what the order was paid: it draws on no line, and is owed by the buyer."""
REFUND, COMPENSATION = "refund", "compensation"
"""Kinds of payouts: what was agreed to on a case, and what is given on top."""
PRICE_PROTECTION = "price_protection"
"""What a refund is called that the buyer applied for on the platform as its price protection (价保)."""
LIMITED = (OWN_CURRENCY, POINTS)
"""The currencies in which the policy's limits hold; a point counts as a fen."""
NO_MONEY = frozenset({"coupon", "points"})
"""Methods that give the buyer something without money leaving."""
GOODS_FIRST = frozenset({Kind.RETURN, Kind.EXCHANGE})
"""Kinds whose money waits for their goods: the refund of a return, and what is over where the exchange is cheaper."""
UNLIMITED = frozenset({Role.OWNER, Role.MANAGER})
CLOSED_THERE = "closed_there"
"""Name of the rule by which nothing is paid by itself for a refund that the platform closed."""
PAID_THERE = "paid_there"
"""Name of the rule by which nothing is paid by itself for a refund that was taken back here and that the platform says
it paid.
"""
CLICKED_THERE = "clicked_there"
"""Name of the rule by which only the platform's word, or a manager's, says that a refund which was clicked failed."""
NOT_LET_GO = frozenset({PayoutState.WAITING, PayoutState.FAILED})
"""States of a payout that no reconciliation counts: a second person has not agreed yet, or it never left."""


def is_protection(case_kind: str, platform_kind: str, reason_stated: str) -> bool:
    """Whether a case is a platform's price protection (价保), by its kind here, by that of the platform's list, and by
    the reason stated there; a list tells of freight alone as of a price cut too.
    """
    return case_kind == platform_kind == Kind.ALLOWANCE and reason_stated != FREIGHT_ALONE


def money_kind(kind: str, case_kind: str, minor: int, over: int, *, protection: bool = False) -> str:
    """What a payout is called wherever it is shown, by its own kind and its case's, its amount and what of that exceeds
    its order (minor units): a price cut with which the goods stay is compensation, whichever way it went, but for the
    platform's price protection (`protection`), and what is wholly beyond the order is neither refund nor compensation
    (`OVER`).
    """
    if minor and over == minor:
        return OVER
    if kind != REFUND or case_kind != Kind.ALLOWANCE:
        return kind
    return PRICE_PROTECTION if protection else COMPENSATION


class Door(StrEnum):
    """The act by which money is let go. All of them pass the one place where payouts are written, which asks for the
    limit.
    """

    APPROVAL = "approval"
    INSPECTION = "inspection"
    REFUND = "refund"
    FREIGHT = "freight"
    COMPENSATION = "compensation"
    OFFER = "offer"


@dataclass(frozen=True)
class LineReady:
    """A case's line as payment sees it: cash approved and cash paid (minor units), pieces of the case, and pieces that
    inspection accepted.
    """

    cash: int
    paid: int
    units: int
    accepted: int


@dataclass(frozen=True)
class SentBack:
    """What inspection found of goods sent again that came back undelivered: whether all that came was inspected, and
    the pieces that were not found (``CUP×1``).
    """

    inspected: bool = True
    missing: str = ""

    @property
    def found(self) -> bool:
        """Whether all of them were found."""
        return self.inspected and not self.missing


@dataclass(frozen=True)
class TurnedRound:
    """The order's own parcels that turned round on their way to the buyer, not all here and inspected: whether one is
    awaited still, and the pieces that lack in what came (``CUP×1``; "" where more may come).
    """

    awaited: bool = False
    missing: str = ""


@dataclass(frozen=True)
class Foreign:
    """Goods of another order that came back in place of a case's pieces: how many, how many `right` ones came besides,
    and what is `missing` (``CUP×1``; "" where more may come).
    """

    missing: str
    right: int
    pieces: int


ALL_FOUND = SentBack()
"""Nothing was sent again and came back, or all of it was found."""


def payable(kind: Kind, line: LineReady, *, goods_first: bool) -> int:
    """What may be paid on a line now, in minor units. With `goods_first` a return, a refund whose goods were turned
    round, and what is over in a cheaper exchange, give only what the accepted pieces are worth; without it money may
    run ahead of the goods (极速退款).
    """
    if kind not in GOODS_FIRST | {Kind.REFUND_ONLY} or not goods_first:
        return max(line.cash - line.paid, 0)
    return max(minor_units.up_to(line.cash, min(line.accepted, line.units), line.units) - line.paid, 0)


def findings(
    kind: Kind, decision: Decision, lines: Iterable[LineReady], *, intercepted: TurnedRound | None = None,
    ended_there: str = "", came_back: bool = False, sent_back: SentBack = ALL_FOUND, foreign: Foreign | None = None,
) -> list[Finding]:  # fmt: skip
    """What stands against paying a case: no approval, goods that are not back and inspected (消法 §25), a refund that
    the platform closed, or paid by its own word, goods sent again that `came_back`. `intercepted`: the order's own
    parcels that were turned round, where they are not all here and inspected; `ended_there`: the rule by which the
    platform's refund stands against it (`CLOSED_THERE`, `PAID_THERE`), though money is open; "" where none does;
    `sent_back`: what inspection found of goods sent again in whose place the money is paid; `foreign`: goods of another
    order that came back in place of pieces (None: none did).
    """
    answers = []
    if ended_there:
        closed, paid = mark("The platform closed the refund"), mark("It was taken back here; the platform says it paid")
        text = closed if ended_there == CLOSED_THERE else paid
        answers.append(Finding(ended_there, Answer.NO, mark("contract"), text))
    if came_back:
        # until somebody says whether the goods go out once more, nobody knows what the buyer is owed: no waiver of it
        text = mark("The goods sent again came back: send them once more, or change what the case is for")
        answers.append(Finding("replacement", Answer.NO, mark("contract"), text, waivable=False))
    if not sent_back.found:
        answers.append(_sent_back(sent_back))
    if decision != Decision.APPROVED:
        answers.append(Finding("approval", Answer.NO, mark("contract"), mark("The case is not approved")))
    if intercepted:
        answers.append(_turned_round(intercepted))
    elif kind in GOODS_FIRST and any(line.accepted < line.units for line in lines):
        text = mark("Not all pieces have come back and been inspected")
        answers.append(Finding("goods_first", Answer.NO, "消法 §25", text))
    if foreign is not None:
        text, facts = foreign_goods(foreign.missing, foreign.right, foreign.pieces)
        answers.append(Finding("goods", Answer.NO, "暂行办法 §8", text, facts))
    return answers


def _turned_round(parcels: TurnedRound) -> Finding:
    """The no where the order's own parcels turned round, and the pieces of the case are not all here and inspected."""
    gaps: dict[str, Fact] = {"pieces": parcels.missing} if parcels.missing else {}
    text = mark("What came back undelivered has not all come back and been inspected")
    if parcels.awaited:
        text = mark("What was to be intercepted has not all come back and been inspected")
    elif parcels.missing:
        text = mark("What came back undelivered has not all come back and been inspected; missing: {pieces}")
    return Finding("goods_first", Answer.NO, "消法 §25", text, gaps)


def _sent_back(parcels: SentBack) -> Finding:
    """The no where goods sent again came back, in whose place the money is paid, and not all of them were found."""
    gaps: dict[str, Fact] = {"pieces": parcels.missing} if parcels.missing else {}
    text = mark("What was sent again came back, and is not inspected yet")
    if parcels.missing:
        text = mark("What was sent again came back, and is not inspected yet; not found so far: {pieces}")
    if parcels.inspected:
        text = mark("What was sent again came back without {pieces}")
    return Finding("sent_back", Answer.NO, "消法 §25", text, gaps)


def within_limit(role: Role, amount: Money, policy: Policy) -> bool:
    """Whether somebody of a role may let an amount leave without a second person: owner and manager any, an agent up to
    the policy's limit and never in a currency that the limit does not know.
    """
    if role in UNLIMITED:
        return True
    return role == Role.AGENT and amount.currency in LIMITED and amount.minor <= policy.agent_limit


def goods_owed(paid: int, due: int, pieces: int, accepted: int) -> int:
    """What was paid on a return's line beyond the worth of its accepted pieces (minor units): class ``D9``."""
    return max(paid - minor_units.up_to(due, min(accepted, pieces), pieces), 0)
