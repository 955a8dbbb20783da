"""The queue as it is worked off: one case a screen, a group as one table, what came of them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from retcli.language import _, aside, clauses, series
from retcli.rules.casefile.clocks import Source
from retcli.rules.casefile.findings import Answer
from retcli.rules.money.minor_units import Money, in_order
from retcli.rules.policy.policy import OWN_CURRENCY
from retcli.views.base import Column, Screen, View, money_text, pairs, until, when
from retcli.views.casefile.cases import CaseView, clock_word, with_doubt
from retcli.views.casefile.findings import finding_lines, sentence
from retcli.views.documents import Documented, amounts
from retcli.words import word

_LINES, _FINDINGS, _STEPS = 3, 4, 4
"""How many lines of an order, findings and steps of a derivation a screen of 24 lines has room for."""


@dataclass(frozen=True)
class Seen:
    """A case as somebody looked at it: its version and what was due."""

    number: str
    version: int
    due: Money


@dataclass(frozen=True)
class Stopped(Documented):
    """A case of a group that something stops, what is due on it, why, and the way out."""

    case: str
    money: Money
    why: str
    hint: str


def draw_stopped(screen: Screen, stopped: Sequence[Stopped]) -> None:
    """What of a group is stopped, each with why and the way out."""
    if stopped:
        screen.line(_("{n} are stopped:").format(n=len(stopped)), "yellow")
    for each in stopped:
        case = "" if each.case in each.why else f"{each.case}  "
        screen.line(f"  {case}{money_text(each.money)}  {each.why}")
        screen.line(f"    {each.hint}".rstrip())


@dataclass(frozen=True)
class Bought:
    """A line of the order."""

    sku: str
    title: str
    quantity: int
    cash: Money


@dataclass(frozen=True)
class QueueView(View):
    """The numbers of the cases that wait for a decision, and how many wait for a manager."""

    KEYS = ("cases", "above")

    cases: tuple[str, ...]
    above: int = 0

    def draw(self, screen: Screen) -> None:
        """The numbers."""
        for number in self.cases:
            screen.line(number)


@dataclass(frozen=True)
class BossesView(View):
    """Who may be asked."""

    names: tuple[str, ...]

    def draw(self, screen: Screen) -> None:
        """The names."""
        screen.line(series(self.names))


@dataclass(frozen=True)
class CardView(View):
    """One undecided case with all that matters; `place` of `total` in the queue, `said` what became of the last one."""

    KEYS = ("case",)

    case: CaseView
    seen: Seen
    bought: tuple[Bought, ...]
    words: str
    needs_amount: bool
    urgency: str
    left: timedelta | None
    clock: str
    source: str
    due_at: datetime | None
    estimated: bool
    place: int = 1
    total: int = 1
    said: str = ""

    def draw(self, screen: Screen) -> None:
        """The case on a screen of its own, 24 lines of 80 columns where it can be."""
        screen.clear()
        if self.said:
            screen.line(self.said, "green")
        head = _("{place} of {total}  {number}  {kind}").format(
            place=self.place, total=self.total, number=self.case.number, kind=word(self.case.kind)
        )
        screen.line(head, "bold")
        screen.line(self._clock(), {"overdue": "red", "soon": "yellow"}.get(self.urgency, ""))
        pairs(screen, [*self._facts(), *self._wish()])
        self._findings(screen)
        pairs(screen, [(_("Due"), self._derivation()), (_("Propose"), self.case.proposal)])
        for offer in self.case.offers[-2:]:
            screen.line("  " + offer.sentence())

    def _clock(self) -> str:
        if self.due_at is None or self.left is None:
            return _("No clock runs")
        name = clock_word(self.clock, self.source, estimated=self.estimated)
        text = _("{name}: by {at}, {left}").format(name=name, at=until(self.due_at), left=_left(self.left))
        if self.source == Source.PLATFORM and not self.estimated:
            return aside(text, _("the platform's time, from its file"))
        return with_doubt(text, estimated=self.estimated, unverified=False)

    def _facts(self) -> Sequence[tuple[str, str]]:
        case = self.case
        more = len(self.bought) - _LINES
        lines = [f"{line.sku} {line.title} ×{line.quantity}  {money_text(line.cash)}" for line in self.bought[:_LINES]]
        return [
            (_("Order"), f"{case.order}  {case.order_facts.get('paid', '')}".strip()),
            (_("Bought"), clauses(lines) + (_("; {n} lines more").format(n=more) if more > 0 else "")),
            (_("Sent"), case.order_facts.get("sent", "")),
            (_("Signed"), case.order_facts.get("signed", "") or _("no file says so yet")),
            (_("Earlier cases"), series(case.earlier) or _("none")),
        ]

    def _wish(self) -> Sequence[tuple[str, str]]:
        case = self.case
        pieces = series(line.wish for line in case.lines if line.quantity)
        reason = case.reason.with_fault
        return [
            (_("Wish"), f"{word(case.kind)} {pieces}".strip()),
            (_("Reason"), f"{reason} {self.words}".strip()),
            (_("Applied"), when(case.applied_at)),
            (_("Note"), case.note),
        ]

    def _findings(self, screen: Screen) -> None:
        """What is not plainly yes in full, the rest in one line."""
        findings = self.case.judgement.findings
        screen.line(_("Verdict: {answer}").format(answer=word(self.case.judgement.verdict)), "bold")
        open_ = [finding for finding in findings if finding.answer != Answer.YES]
        for finding in open_[:_FINDINGS]:
            for line in finding_lines(finding):
                screen.line("  " + line, "yellow")
        if len(open_) > _FINDINGS:
            command = f"retcli case explain {self.case.number}"
            screen.line("  " + _("{n} more: {command}").format(n=len(open_) - _FINDINGS, command=command))
        if passed := len(findings) - len(open_):
            screen.line("  " + _("○ {n} rules say yes").format(n=passed))

    def _derivation(self) -> str:
        """The amount with its steps on one line; of many only the last."""
        currency, steps = self.case.due.currency, self.case.judgement.amount.steps
        texts = [
            f"{sentence(step.text, step.facts)} {money_text(Money(step.money, currency))}" for step in steps[-_STEPS:]
        ]
        text = " → ".join((["…"] if len(steps) > _STEPS else []) + texts)
        collect = self.case.judgement.amount.collect
        return text if collect else aside(money_text(self.case.due), text)


def _left(left: timedelta) -> str:
    """How long is left, or since when it is over."""
    text = _("{spell} overdue") if left <= timedelta(0) else _("{spell} left")
    return text.format(spell=_spell(left))


def _spell(left: timedelta) -> str:
    """A spell of time either way, in days, hours or minutes."""
    minutes = abs(left) // timedelta(minutes=1)
    if minutes >= 48 * 60:
        return _("{n} days").format(n=minutes // (24 * 60))
    return _("{n} hours").format(n=minutes // 60) if minutes >= 60 else _("{n} minutes").format(n=minutes)


@dataclass(frozen=True)
class DoneView(View):
    """What became of one case (one of OUTCOMES), with the sentence, and the document of what was done to it."""

    KEYS = ("number", "outcome", "message", "**answer")

    number: str
    outcome: str
    message: str
    answer: Mapping[str, Any]

    def draw(self, screen: Screen) -> None:
        """The sentence."""
        screen.line(self.message)


@dataclass(frozen=True)
class SummaryView(View):
    """What a round through the queue came to: outcomes counted, approved money by currency in minor units, `keys`
    pressed, seconds it `took`.
    """

    ENVELOPE = "summary"
    KEYS = ("**counts", "money", "keys", "seconds", "left", "above")

    outcomes: Mapping[str, int]
    sums: Mapping[str, int]
    keys: int
    took: float
    left: int = 0
    above: int = 0
    said: str = ""

    @property
    def counts(self) -> dict[str, int]:
        """How many cases came to each outcome, of every one that there is."""
        return {name: self.outcomes.get(name, 0) for name in OUTCOMES}

    @property
    def money(self) -> tuple[Money, ...]:
        """What was approved, an amount a currency."""
        return amounts(self.sums)

    @property
    def seconds(self) -> int:
        """Whole seconds that it took."""
        return round(self.took)

    def draw(self, screen: Screen) -> None:
        """Counts, money, keys, minutes."""
        if self.said:
            screen.line(self.said, "green")
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


OUTCOMES = ("approved", "rejected", "offered", "handed_over", "skipped", "passed_over", "taken_back")


def sums(moneys: Iterable[Money]) -> dict[str, int]:
    """Amounts summed by currency, in minor units, the shops' own currency first."""
    totals: Counter[str] = Counter()
    for amount in moneys:
        totals[amount.currency] += amount.minor
    return {currency: totals[currency] for currency in sorted(totals, key=in_order)}


def sums_text(summed: Mapping[str, int]) -> str:
    """Sums by currency for people."""
    return series(money_text(Money(minor, currency)) for currency, minor in summed.items()) or money_text(
        Money(0, OWN_CURRENCY)
    )


@dataclass(frozen=True)
class GroupView(View):
    """The undecided cases whose verdict is plainly yes, and those of them that another one of their order stops."""

    KEYS = ("cases", "count", "money", "stopped")

    at: datetime
    cases: tuple[CaseView, ...]
    stopped: tuple[Stopped, ...] = ()

    @property
    def exit_code(self) -> int:
        """3 where something is stopped: somebody looks at it."""
        return 3 if self.stopped else 0

    @property
    def several_of_an_order(self) -> bool:
        """Whether what one of the cases takes may be another one's: several are of one order."""
        return len({case.order for case in self.cases}) < len(self.cases)

    @property
    def seen(self) -> tuple[Seen, ...]:
        """Each as it was looked at."""
        return tuple(Seen(case.number, case.version, case.due) for case in self.cases)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.cases)

    @property
    def money(self) -> tuple[Money, ...]:
        """What is due on all of them, an amount a currency."""
        return amounts(sums(case.due for case in self.cases))

    def draw(self, screen: Screen) -> None:
        """One case a row, the totals below."""
        if not self.cases:
            screen.line(_("No undecided case is plainly to be approved"))
            return
        columns = [Column(_("Case"), "id"), Column(_("Order"), "id"), Column(_("Kind")), Column(_("Reason"))]
        columns += [Column(_("Due"), "money"), Column(_("Left"), "time")]
        screen.table(columns, [self._row(case) for case in self.cases])
        kinds = series(f"{word(kind)} {n}" for kind, n in Counter(case.kind for case in self.cases).most_common())
        text = _("{n} cases ({kinds}), {money} in all")
        screen.line(
            text.format(n=len(self.cases), kinds=kinds, money=sums_text(sums(case.due for case in self.cases))), "bold"
        )
        draw_stopped(screen, self.stopped)

    def _row(self, case: CaseView) -> Sequence[str]:
        reason = word(case.reason.code)
        left = case.clock.due_at - self.at if case.clock else None
        spell = "-" if left is None else _spell(left) if left > timedelta(0) else f"！{_spell(left)}"
        return case.number, case.order, word(case.kind), reason, money_text(case.due), spell
