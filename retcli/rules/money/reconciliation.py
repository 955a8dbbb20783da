"""Our payouts beside the platforms' refunds: what agrees, what is open, and the class of each difference."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from retcli.rules.lifecycles import PayoutState
from retcli.rules.money.payouts import NOT_LET_GO
from retcli.rules.periods import Period, month_of


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
    payments: tuple[tuple[int, datetime], ...] = ()  # its parts and when each was paid, or closed (negative)

    @property
    def within(self) -> int:
        """What of it the order had (minor units)."""
        return self.minor - self.over

    @property
    def paid(self) -> tuple[tuple[int, datetime], ...]:
        """What was paid, and closed with minus (minor units), each with its instant."""
        return self.payments or (((self.minor, self.succeeded_at),) if self.succeeded_at else ())

    @property
    def was_closed(self) -> bool:
        """Whether it was closed after it had been paid."""
        return any(minor < 0 for minor, _at in self.payments)


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
    good; what comes later must agree anew. What was beyond the order and came back is cleared by itself, but where the
    platform closed the refund: its closing stands against that.
    """
    let_go = [payout for payout in ours if payout.state not in NOT_LET_GO]
    alone = {p.number: p.came_back_beyond for p in let_go if not (theirs and theirs.was_closed)}
    rows = [Entry("ours", payout.minor, payout.entered_at, None) for payout in let_go if payout.settled_at is None]
    rows += [Entry("ours", alone[p.number], p.entered_at, p.settled_at) for p in let_go if alone.get(p.number)]
    moves = [
        ("ours", payout.minor - alone.get(payout.number, 0), payout.entered_at, payout.settled_at)
        for payout in let_go
        if payout.settled_at is not None and not (payout.over < 0 and payout.minor == alone.get(payout.number))
    ]
    moves += [("platform", minor, at, at) for minor, at in (theirs.paid if theirs else ())]
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


def all_taken_back(ours: Iterable[OwnPayout]) -> bool:
    """Whether some of our payouts left, and each that did was taken back; what takes one back is none of its own."""
    left = [payout for payout in ours if payout.minor > 0 and payout.state != PayoutState.FAILED]
    return bool(left) and all(payout.state == PayoutState.REVERSED for payout in left)


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
