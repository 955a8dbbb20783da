"""Breaches that the check of the books may find: the facts of each kind, and the sentence that tells them."""

from dataclasses import dataclass
from enum import StrEnum

from retcli.language import _, clauses, mark
from retcli.rules.money.minor_units import Money
from retcli.words import word

MEND = "retcli books mend"
"""The command that mends what an earlier retcli left."""


class Breach(StrEnum):
    """Breaches that need no facts to be told."""

    ABOVE_LIMIT_ALONE = "above_limit_alone"
    FINISHED_UNDECIDED = "finished_undecided"
    HISTORY_CHANGED = "history_changed"
    HISTORY_CUT_OFF = "history_cut_off"
    COUNTS_OF_FILE = "counts_of_file"
    ROW_UNTOLD = "row_untold"
    ROW_GONE = "row_gone"

    def sentence(self) -> str:
        """The breach in the reader's language."""
        return _(_BREACHES[self])


_BREACHES = {
    Breach.ABOVE_LIMIT_ALONE: mark("it left above the limit without a second person"),
    Breach.FINISHED_UNDECIDED: mark("finished without a decision"),
    Breach.HISTORY_CHANGED: mark("the history was changed here"),
    Breach.HISTORY_CUT_OFF: mark("the end of the history is missing"),
    Breach.COUNTS_OF_FILE: mark("the counts do not add up to the rows"),
    Breach.ROW_UNTOLD: mark("it stands there, but no event tells of it"),
    Breach.ROW_GONE: mark("it is gone, but its events tell of it"),
}


@dataclass(frozen=True)
class Unreadable:
    """Why something in the books cannot be read: an error's words, or the character of a JSON text where it ends."""

    why: str = ""
    no_json_from: int = 0

    def sentence(self) -> str:
        """That it cannot be read, and why."""
        why = _("no JSON from character {n} on").format(n=self.no_json_from) if self.no_json_from else self.why
        return _("what the books hold here cannot be read: {why}").format(why=why)


# -- money and pieces -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LineOverdrawn:
    """More than a line's cash, or less than nothing, was paid out of it, or with `drawn` is drawn on it by cases."""

    total: Money
    cash: Money
    drawn: bool

    def sentence(self) -> str:
        """Both amounts."""
        what = _("drawn") if self.drawn else _("paid out")
        return _("{total} {what}, the line has {cash}").format(total=self.total, what=what, cash=self.cash)


@dataclass(frozen=True)
class OrderOverpaid:
    """More was paid out of an order than was paid for it; with `by_order_file` the platform's order file says so."""

    total: Money
    paid: Money
    by_order_file: bool = False

    def sentence(self) -> str:
        """Both amounts."""
        text = _("{total} paid out, {paid} was paid")
        if self.by_order_file:
            text = _("{total} went back by the platform's order file, {paid} was paid")
        return text.format(total=self.total, paid=self.paid)


@dataclass(frozen=True)
class RefundedTwice:
    """What went back of an order by the platform's file and what left here beside it are more than was paid."""

    there: Money
    here: Money
    paid: Money

    def sentence(self) -> str:
        """All three amounts."""
        text = _("{there} went back by the platform's order file and {here} beside it, {paid} was paid")
        return text.format(there=self.there, here=self.here, paid=self.paid)


@dataclass(frozen=True)
class TooManyPieces:
    """More pieces stand in cases than were bought."""

    units: int
    bought: int

    def sentence(self) -> str:
        """Both numbers."""
        return _("{units} pieces in cases, {bought} bought").format(units=self.units, bought=self.bought)


@dataclass(frozen=True)
class PartsDiffer:
    """The parts of an amount do not sum to the whole."""

    total: Money
    whole: Money

    def sentence(self) -> str:
        """Both amounts."""
        text = _("the parts add up to {total}, the whole is {whole}")
        return text.format(total=self.total, whole=self.whole)


@dataclass(frozen=True)
class ApprovedNotDrawn:
    """What a case's lines are due is not what it has drawn."""

    due: Money
    drawn: Money

    def sentence(self) -> str:
        """Both amounts."""
        return _("{due} approved, {drawn} drawn").format(due=self.due, drawn=self.drawn)


@dataclass(frozen=True)
class StockDiffers:
    """The moves of a product in a bucket do not add up to its balance, or come below nothing (pieces)."""

    moves: int
    balance: int

    def sentence(self) -> str:
        """Both numbers."""
        text = _("moves give {moves}, the balance says {balance}")
        return text.format(moves=self.moves, balance=self.balance)


@dataclass(frozen=True)
class MovedWithoutCause:
    """A movement in stock has no cause, or one that does not fit its finding."""

    cause: str
    pieces: int

    def sentence(self) -> str:
        """What is written as the cause."""
        if not self.cause:
            return _("{n} pieces moved in stock without a cause").format(n=self.pieces)
        text = _("{n} pieces moved in stock, and their cause ({cause}) names another finding or none")
        return text.format(n=self.pieces, cause=word(self.cause, "cause"))


@dataclass(frozen=True)
class KeptBeyondStock:
    """More pieces are kept for goods that are to be sent than can be sold."""

    kept: int
    in_stock: int

    def sentence(self) -> str:
        """Both numbers."""
        text = _("{kept} pieces are kept to be sent, the stock has {n}")
        return text.format(kept=self.kept, n=self.in_stock)


@dataclass(frozen=True)
class LeftOtherwise:
    """Other pieces left the stock with goods that were sent than is written down of them."""

    moved: int
    taken: int

    def sentence(self) -> str:
        """Both numbers."""
        text = _("{moved} pieces left the stock with goods that were sent, {taken} are written down")
        return text.format(moved=self.moved, taken=self.taken)


@dataclass(frozen=True)
class CaseNotApproved:
    """A payout left on a case that is not approved."""

    case: str

    def sentence(self) -> str:
        """Which case."""
        return _("{case} is not approved").format(case=self.case)


# -- lifecycles -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FinishedWithOpen:
    """A finished case has something in an open state."""

    state: str

    def sentence(self) -> str:
        """Which state."""
        return _("finished, but something is {state}").format(state=word(self.state))


@dataclass(frozen=True)
class StatusJumps:
    """An event, by its number, moves a status in a way that its lifecycle does not have."""

    seq: int
    axis: str
    before: str
    after: str

    def sentence(self) -> str:
        """From where to where."""
        was, now = word(self.before, self.axis) or "-", word(self.after, self.axis)
        return _("event {seq} jumps from {was} to {now}").format(seq=self.seq, was=was, now=now)


@dataclass(frozen=True)
class StatusDiffers:
    """A stored status differs from the one that its events lead to (`told`)."""

    axis: str
    stored: str
    told: str

    def sentence(self) -> str:
        """Both statuses."""
        return _("{axis} is {status}, its events say {told}").format(
            axis=word(self.axis), status=word(self.stored, self.axis), told=word(self.told, self.axis) or "-"
        )


# -- history ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ColumnDiffers:
    """A column of a row differs from what its events tell. Values that people typed or that files hold are not `shown`,
    since they may be about a person.
    """

    column: str
    stored: object
    told: object
    shown: bool

    def sentence(self) -> str:
        """The column, and where it may be shown, both values."""
        if not self.shown:
            return _("{column} is not what its events tell").format(column=self.column)
        text = _("{column} is {now}, its events tell {told}")
        return text.format(column=self.column, now=_value(self.stored), told=_value(self.told))


def _value(value: object) -> str:
    """A column's value for people; a dash for an empty one."""
    if isinstance(value, bool):
        return _("true") if value else _("false")
    return "-" if value in (None, "") else str(value)


@dataclass(frozen=True)
class RowDiffers:
    """Some columns of a row differ from what its events tell."""

    columns: tuple[ColumnDiffers, ...]

    def sentence(self) -> str:
        """Each column."""
        return clauses(column.sentence() for column in self.columns)


@dataclass(frozen=True)
class EventMissing:
    """These books lack an event, by its number, that a copy of them or a note about them names."""

    seq: int

    def sentence(self) -> str:
        """Which event."""
        text = _("it ends with event {seq}, which these books lack: their end was cut off or written anew")
        return text.format(seq=self.seq)


# -- what an earlier retcli left --------------------------------------------------------------------------------------


class OldState(StrEnum):
    """States of money that an earlier version of retcli wrote and this one does not."""

    CLICK_DISPROVED = "click_disproved"
    PAYOUT_BESIDE_CLICK = "payout_beside_click"
    BEYOND_WITH_ROOM = "beyond_with_room"


_OLD_STATES = {
    OldState.CLICK_DISPROVED: mark(
        "the click that paid {amount} counts as seen on the platform, and {payout} failed; next: {command}"
    ),
    OldState.PAYOUT_BESIDE_CLICK: mark(
        "{payout} of {amount} is due beside a click that does not pay it; next: {command}"
    ),
    OldState.BEYOND_WITH_ROOM: mark("{amount} stands as paid beyond the order, which has room for it; next: {command}"),
}


@dataclass(frozen=True)
class Outdated:
    """An amount in a state that an earlier version left, with its payout where it has one."""

    state: OldState
    amount: Money
    payout: str = ""

    def sentence(self) -> str:
        """What stands there, and the command that mends it."""
        return _(_OLD_STATES[self.state]).format(amount=self.amount, payout=self.payout, command=MEND)
