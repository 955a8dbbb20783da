"""Whether and how much of a case may be paid now, and the reconciliation of our payouts with the platform's refunds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from retcli.language import mark
from retcli.rules.casefile.findings import Answer, Fact, Finding
from retcli.rules.lifecycles import Decision, Kind, PayoutState, Role
from retcli.rules.money import minor_units
from retcli.rules.money.minor_units import POINTS, Money
from retcli.rules.periods import Period, month_of
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


@dataclass(frozen=True)
class PlatformRefund:
    """A refund as the platform's report has it; amounts in minor units, instants in UTC."""

    number: str
    order: str
    minor: int
    succeeded_at: datetime | None  # None while it is open
    closed: bool = False
    agreed: int | None = None  # what was agreed to here before it was paid; None: nobody here had
    over: int = 0  # what of it exceeds all that the order was paid
    from_before: bool = False  # it succeeded before the books were opened for its platform
    payments: tuple[tuple[int, datetime], ...] = ()  # its parts and when each was paid, where these are several

    @property
    def within(self) -> int:
        """What of it the order had (minor units)."""
        return self.minor - self.over


@dataclass(frozen=True)
class OwnPayout:
    """A payout of ours against a platform's refund; signed minor units (a reversal is negative), instants in UTC."""

    number: str
    case: str
    minor: int
    state: str
    decided_at: datetime  # when it was let go: by the second person where one had to
    settled_at: datetime | None
    own: bool = True  # False where the platform paid what nobody here had agreed to
    undone_at: datetime | None = None  # when it was reversed; of a reversal its own time
    counted: int = 0  # what of it stands on our side
    over: int = 0  # what of it exceeds all that the order was paid
    clicked: bool = False  # it left by a click that no import has verified
    clicked_in_time: bool = False  # that click was made by the end of the period that is looked at

    @property
    def within(self) -> int:
        """What of it the order had (minor units)."""
        return self.minor - self.over

    @property
    def came_back_beyond(self) -> int:
        """What of it takes back money beyond the order (minor units, not above zero): no report of the platform's will
        stand against it.
        """
        return min(self.over, 0)

    @property
    def entered_at(self) -> datetime:
        """The instant from which it counts: when it was let go, or when it was paid where that came first."""
        return min(self.decided_at, self.settled_at or self.decided_at)


@dataclass(frozen=True)
class Entry:
    """One entry of a side (``ours``, ``platform``) in minor units; `cleared_at` is when both sides came to agree, None
    while they do not.
    """

    side: str
    minor: int
    at: datetime
    cleared_at: datetime | None


def entries(ours: Sequence[OwnPayout], theirs: PlatformRefund | None) -> list[Entry]:
    """The entries of one refund on both sides. Whenever the settled sums agree, all entries so far are cleared, for
    good; what comes later must agree anew. What was beyond the order and came back is cleared by itself.
    """
    let_go = [payout for payout in ours if payout.state not in NOT_LET_GO]
    rows = [Entry("ours", payout.minor, payout.entered_at, None) for payout in let_go if payout.settled_at is None]
    rows += [Entry("ours", p.came_back_beyond, p.entered_at, p.settled_at) for p in let_go if p.came_back_beyond]
    moves = [
        ("ours", payout.minor - payout.came_back_beyond, payout.entered_at, payout.settled_at)
        for payout in let_go
        if payout.settled_at is not None and not (payout.over < 0 and payout.minor == payout.over)
    ]
    if theirs is not None and theirs.succeeded_at is not None:
        paid = theirs.payments or ((theirs.minor, theirs.succeeded_at),)
        moves += [("platform", minor, at, at) for minor, at in paid]
    moves.sort(key=lambda move: move[3])
    uncleared: list[tuple[str, int, datetime]] = []
    gap = 0
    for side, minor, at, settled_at in moves:
        uncleared.append((side, minor, at))
        gap += minor if side == "ours" else -minor
        # one entry alone clears nothing, even one of 0.00
        if not gap and len(uncleared) > 1:
            rows += [Entry(*each, cleared_at=settled_at) for each in uncleared]
            uncleared = []
    return rows + [Entry(*each, cleared_at=None) for each in uncleared]


@dataclass(frozen=True)
class Control:
    """Control totals of a side over a period, each as (count, minor units): opening + new = matched + closing."""

    opening: tuple[int, int]
    new: tuple[int, int]
    matched: tuple[int, int]
    closing: tuple[int, int]

    @property
    def holds(self) -> bool:
        """Whether opening + new = matched + closing, in count and in money."""
        return all(self.opening[i] + self.new[i] == self.matched[i] + self.closing[i] for i in (0, 1))


def control(of_side: Iterable[Entry], period: Period) -> Control:
    """The control totals of one side's entries over a period."""
    # each of the four is counted by itself, never as the difference of the others: so that `holds` proves something
    before_end = [entry for entry in of_side if entry.at < period.end]
    return Control(
        opening=_tally(entry for entry in before_end if entry.at < period.start and not _cleared(entry, period.start)),
        new=_tally(entry for entry in before_end if period.holds(entry.at)),
        matched=_tally(entry for entry in before_end if period.holds(entry.cleared_at)),
        closing=_tally(entry for entry in before_end if not _cleared(entry, period.end)),
    )


def _cleared(entry: Entry, before: datetime) -> bool:
    """Whether both sides of an entry agreed before an instant."""
    return entry.cleared_at is not None and entry.cleared_at < before


def _tally(counted: Iterable[Entry]) -> tuple[int, int]:
    """The number of entries, and their sum in minor units."""
    amounts = [entry.minor for entry in counted]
    return len(amounts), sum(amounts)


OPEN, MATCHED, UNDONE = "open", "matched", "undone"
"""Classes of refunds without a difference: decided and not paid yet, both sides agree, wholly taken back."""
BEYOND = "D4"
"""The class of what a platform paid beyond all that the order was paid; the remainder of the refund has its own."""
BEFORE = "before"
"""The class of refunds that succeeded before the books were opened: nobody here could decide them."""


def difference(ours: Sequence[OwnPayout], theirs: PlatformRefund | None, period: Period) -> str:
    """The class of a refund at the end of a period (`docs/rules.md` §8.3): ``D1`` … ``D7``, ``matched``, ``before``,
    ``open`` while it is decided and not paid yet, or empty where there is nothing. What exceeds the order is class
    ``D4`` by itself and no part of this.
    """
    ours = [payout for payout in ours if payout.state not in NOT_LET_GO and payout.entered_at < period.end]
    valid = standing(ours, period)
    if theirs is not None and theirs.succeeded_at is not None and theirs.succeeded_at < period.end:
        if valid:
            return _paid_there(valid, theirs.within, theirs.succeeded_at, period)
        if theirs.agreed == theirs.within and any(at < period.start for _minor, at in theirs.payments):
            return "D5"  # the rest of what an earlier month has as agreed to
        return _paid_alone(ours, theirs)
    if not valid:
        return ""
    if theirs is not None and theirs.closed:
        return "D7"
    paid = [
        payout
        for payout in valid
        if _settled(payout, period) or payout.state in {PayoutState.SENT, PayoutState.UNKNOWN}
    ]
    return "D1" if paid else OPEN


def standing(ours: Iterable[OwnPayout], period: Period) -> list[OwnPayout]:
    """Our own payouts that were let go and not reversed by the end of a period."""
    let_go = (
        payout for payout in ours if payout.own and payout.state not in NOT_LET_GO and payout.entered_at < period.end
    )
    return [payout for payout in let_go if payout.undone_at is None or payout.undone_at >= period.end]


def _paid_alone(ours: Sequence[OwnPayout], theirs: PlatformRefund) -> str:
    """The class of what the platform paid while no payout of ours stands for it."""
    if ours and all(payout.own for payout in ours):
        return "D7"
    if not theirs.within:
        return ""
    if theirs.from_before:
        return BEFORE
    return "D2" if theirs.agreed in {None, theirs.within} else "D3"


def _paid_there(valid: Sequence[OwnPayout], minor: int, at: datetime, period: Period) -> str:
    """The class of a platform's payment of `minor` at `at` against the payouts of ours that stand for it: amounts
    differ (D3), states differ (D7), months differ (D5), else matched.
    """
    if sum(payout.within for payout in valid) != minor:
        return "D3"
    if not all(_settled(payout, period) for payout in valid):
        return "D7"
    months = {month_of(payout.entered_at) for payout in valid} | {
        month_of(payout.settled_at) for payout in valid if payout.settled_at
    }
    return MATCHED if months == {month_of(at)} else "D5"


def _settled(payout: OwnPayout, period: Period) -> bool:
    """Whether a payout had arrived by the end of a period."""
    return payout.settled_at is not None and payout.settled_at < period.end


def goods_owed(paid: int, due: int, pieces: int, accepted: int) -> int:
    """What was paid on a return's line beyond the worth of its accepted pieces (minor units): class ``D9``."""
    return max(paid - minor_units.up_to(due, min(accepted, pieces), pieces), 0)
