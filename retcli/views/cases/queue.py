"""Views of the queue as it is worked off: one case on the screen, a group as one table, and the summary."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from retcli.language import _, clauses, series
from retcli.rules.money.minor_units import Money
from retcli.views.base import Column, Screen, View, draw_next, money_text
from retcli.views.casefile.card import draw_short
from retcli.views.casefile.cases import CaseView
from retcli.views.casefile.clock_lines import spell
from retcli.views.documents import Documented, amounts
from retcli.views.sums import sums, sums_text
from retcli.words import word

_LINES = 3
"""How many lines of an order a screen of 24 lines has room for."""


@dataclass(frozen=True)
class Seen:
    """A case as somebody looked at it: by its version and what was due, a change since then is noticed."""

    number: str
    version: int
    due: Money


@dataclass(frozen=True)
class Stopped(Documented):
    """A case of a group that something stops, with what is due on it, why, and the way out."""

    case: str
    money: Money
    why: str
    hint: str


def draw_stopped(screen: Screen, stopped: Sequence[Stopped]) -> None:
    """Shows the stopped cases of a group, each with why and the way out."""
    if stopped:
        screen.line(_("{n} are stopped:").format(n=len(stopped)), "yellow")
    for each in stopped:
        case = "" if each.case in each.why else f"{each.case}  "
        screen.line(f"  {case}{money_text(each.money)}  {each.why}")
        for way in each.hint.splitlines():
            screen.line(f"    {way}")


@dataclass(frozen=True)
class Bought:
    """A line of the order with its cash."""

    sku: str
    title: str
    quantity: int
    cash: Money


@dataclass(frozen=True)
class QueueView(View):
    """The numbers of the cases that wait for a decision, and how many others wait for a manager (`above`)."""

    KEYS = ("cases", "above")

    cases: tuple[str, ...]
    above: int = 0

    def draw(self, screen: Screen) -> None:
        """Shows the numbers."""
        for number in self.cases:
            screen.line(number)


@dataclass(frozen=True)
class BossesView(View):
    """The managers to whom a case may be left."""

    names: tuple[str, ...]

    def draw(self, screen: Screen) -> None:
        """Shows the names."""
        screen.line(series(self.names))


@dataclass(frozen=True)
class CardView(View):
    """One undecided case with all that matters for its decision."""

    KEYS = ("case",)

    case: CaseView
    seen: Seen
    bought: tuple[Bought, ...]
    needs_amount: bool
    place: int = 1
    total: int = 1
    message: str = ""  # what became of the case before it

    def draw(self, screen: Screen) -> None:
        """Shows the case on a screen of its own, which fits into 24 lines of 80 columns where it can."""
        screen.clear()
        if self.message:
            screen.line(self.message, "green")
        head = _("{place} of {total}  {number}  {kind}").format(
            place=self.place, total=self.total, number=self.case.number, kind=word(self.case.kind)
        )
        draw_short(screen, self.case, head, self._goods())

    def _goods(self) -> str:
        """The lines of the order, of many only the first."""
        lines = [f"{line.sku} {line.title} ×{line.quantity}  {money_text(line.cash)}" for line in self.bought[:_LINES]]
        more = len(self.bought) - _LINES
        return clauses(lines) + (_("; {n} lines more").format(n=more) if more > 0 else "")


@dataclass(frozen=True)
class DoneView(View):
    """What became of one case in a round: the outcome (one of OUTCOMES), a sentence, and the document of the act."""

    KEYS = ("number", "outcome", "message", "**answer")

    number: str
    outcome: str
    message: str
    answer: Mapping[str, Any]

    def draw(self, screen: Screen) -> None:
        """Shows the sentence."""
        screen.line(self.message)


@dataclass(frozen=True)
class SummaryView(View):
    """What a round through the queue came to."""

    ENVELOPE = "summary"
    KEYS = ("**counts", "money", "keys", "seconds", "left", "above")

    outcomes: Mapping[str, int]  # how many cases came to each outcome
    sums: Mapping[str, int]  # what was approved, in minor units by currency
    keys: int  # keys that were pressed
    took: float  # seconds
    left: int = 0  # cases that still wait
    above: int = 0  # cases that wait for a manager
    message: str = ""  # what became of the last case

    @property
    def counts(self) -> dict[str, int]:
        """How many cases came to each possible outcome."""
        return {name: self.outcomes.get(name, 0) for name in OUTCOMES}

    @property
    def money(self) -> tuple[Money, ...]:
        """What was approved, an amount for each currency."""
        return amounts(self.sums)

    @property
    def seconds(self) -> int:
        """How long the round took, in whole seconds."""
        return round(self.took)

    def draw(self, screen: Screen) -> None:
        """Shows the outcomes, what was approved, and how long it took."""
        if self.message:
            screen.line(self.message, "green")
        if not self.outcomes and not self.left:
            screen.line(_("Nothing waits for a decision"))
        else:
            counts = [f"{word(name, 'review')} {n}" for name in OUTCOMES if (n := self.outcomes.get(name, 0))]
            screen.line(series(counts) or _("Nothing was decided"), "bold")
            screen.line(_("Approved: {money}").format(money=sums_text(self.sums)))
            text = _("{keys} keys pressed, {minutes} minutes")
            screen.line(text.format(keys=self.keys, minutes=f"{self.took / 60:.1f}"))
        if self.left:
            screen.line(_("{n} still wait: retcli case review").format(n=self.left), "yellow")
        if self.above:
            screen.line(_("{n} wait for the manager").format(n=self.above), "yellow")
        if {"approved", "rejected"} & self.outcomes.keys():
            draw_next(screen, "retcli platform todo")


OUTCOMES = ("approved", "rejected", "offered", "handed_over", "skipped", "passed_over", "taken_back")


@dataclass(frozen=True)
class GroupView(View):
    """The undecided cases whose verdict is yes, and those that another case of their order stops; `limited`: whoever
    approves has a limit, so that some may wait for a second person, as `waits` has it once it was tried.
    """

    KEYS = ("cases", "count", "money", "stopped", "waiting")

    at: datetime
    cases: tuple[CaseView, ...]
    stopped: tuple[Stopped, ...] = ()
    waits: tuple[Money, ...] = ()
    limited: bool = False

    @property
    def exit_code(self) -> int:
        """3 where something is stopped (a person must look), else 0."""
        return 3 if self.stopped else 0

    @property
    def to_be_tried(self) -> bool:
        """Whether what will become of the cases is known only once they are tried: several are on one order, so that
        one may take what another one needs, or whoever approves has a limit.
        """
        return bool(self.cases) and (self.limited or len({case.order for case in self.cases}) < len(self.cases))

    @property
    def waiting(self) -> tuple[Money, ...]:
        """What will wait for a second person, an amount for each currency."""
        return amounts(sums(self.waits))

    @property
    def seen(self) -> tuple[Seen, ...]:
        """Each case as it was looked at."""
        return tuple(Seen(case.number, case.version, case.due) for case in self.cases)

    @property
    def count(self) -> int:
        """How many cases there are."""
        return len(self.cases)

    @property
    def money(self) -> tuple[Money, ...]:
        """What is due on all of them, an amount for each currency."""
        return amounts(sums(case.due for case in self.cases))

    def draw(self, screen: Screen) -> None:
        """Shows a row for each case, the totals below."""
        if not self.cases:
            screen.line(_("No undecided case is plainly to be approved"))
            return
        columns = [
            Column(_("Case"), "id"),
            Column(_("Order"), "id", spare=True),
            Column(_("Kind")),
            Column(_("Reason")),
        ]
        columns += [Column(_("Due"), "money"), Column(_("Left"), "time")]
        screen.table(columns, [self._row(case) for case in self.cases])
        kinds = series(f"{word(kind)} {n}" for kind, n in Counter(case.kind for case in self.cases).most_common())
        text = _("{n} cases ({kinds}), {money} in all")
        screen.line(
            text.format(n=len(self.cases), kinds=kinds, money=sums_text(sums(case.due for case in self.cases))), "bold"
        )
        if self.waits:
            text = _("{n} will wait for a second person, {money}")
            screen.line(text.format(n=len(self.waits), money=sums_text(sums(self.waits))), "yellow")
        draw_stopped(screen, self.stopped)

    def _row(self, case: CaseView) -> Sequence[str]:
        """The cells of a case in the table."""
        reason = word(case.reason.code)
        left = case.clock.due_at - self.at if case.clock else None
        until = "-" if left is None else spell(left) if left > timedelta(0) else f"！{spell(left)}"
        return case.number, case.order, word(case.kind), reason, money_text(case.due), until
