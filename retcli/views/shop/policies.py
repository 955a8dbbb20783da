"""Views of the shop's rules: their file, a draft against the law, versions, waivers, and a draft tried on the past."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from retcli.language import _, clauses, mark, series
from retcli.rules.casefile.amounts import Step
from retcli.rules.casefile.findings import Answer, Finding
from retcli.rules.money.minor_units import Money, in_order
from retcli.shellwords import quoted
from retcli.views.base import Column, Screen, View, draw_next, money_text, when
from retcli.views.casefile.findings import finding_document, marked, sentence
from retcli.views.documents import Documented
from retcli.words import word


@dataclass(frozen=True)
class PolicyView(View):
    """One version of the rules, as the text of its file."""

    KEYS = ("version", "from_", "text")

    version: str
    starts_on: date | None
    text: str

    @property
    def from_(self) -> str:
        """The first day on which they judge; "" where they judge from the beginning."""
        return str(self.starts_on or "")

    def draw(self, screen: Screen) -> None:
        """Shows the text and nothing else, so that the output can be redirected into a file."""
        screen.verbatim(self.text)


@dataclass(frozen=True)
class CheckView(View):
    """A draft of the rules with the findings about it."""

    KEYS = ("file", "version", "in_force_from", "findings")

    file: str
    version: str
    examined: tuple[Finding, ...]
    starts_on: date | None = None

    @property
    def in_force_from(self) -> str:
        """The first day on which it judges; "" where it was only checked."""
        return str(self.starts_on or "")

    @property
    def findings(self) -> list[dict[str, Any]]:
        """The document of each finding, with its sentence in the reader's language."""
        return [finding_document(finding) for finding in self.examined]

    @property
    def exit_code(self) -> int:
        """3 where something in it is wrong or unlawful, else 0."""
        return 3 if any(finding.answer == Answer.NO for finding in self.examined) else 0

    def draw(self, screen: Screen) -> None:
        """Shows a line for each finding, those that must be mended first."""
        for answer in (Answer.NO, Answer.PERSON):
            for finding in self.examined:
                if finding.answer == answer:
                    screen.line(marked(finding), "red" if answer == Answer.NO else "yellow")
        if self.exit_code:
            screen.line(_("{file} cannot be put in force").format(file=self.file), "bold")
        elif self.starts_on:
            text = _("The rules {version} judge what is applied for from {day} on")
            screen.line(text.format(version=self.version, day=self.starts_on), "bold")
            draw_next(screen, "retcli policy history")
        else:
            screen.line(
                _("{file} can be put in force: retcli policy load {named}").format(
                    file=self.file, named=quoted(self.file)
                ),
                "bold",
            )


@dataclass(frozen=True)
class Version(Documented):
    """A version of the rules: its first day ("" for the built-in ones), when it was loaded (UTC) and by whom, how many
    cases it judges, and whether it is in force.
    """

    version: str
    from_: str
    loaded_at: datetime | None
    by: str
    cases: int
    in_force: bool


@dataclass(frozen=True)
class HistoryView(View):
    """All versions of the rules."""

    versions: tuple[Version, ...]

    def draw(self, screen: Screen) -> None:
        """Shows a row for each version."""
        columns = [
            Column(_("Version")),
            Column(_("From")),
            Column(_("Loaded"), "time", spare=True),
            Column(_("By whom")),
        ]
        columns += [Column(_("Cases"), "count"), Column(_("In force"))]
        screen.table(columns, [_version_row(each) for each in self.versions])


def _version_row(each: Version) -> Sequence[str]:
    """The cells of a version in the table."""
    in_force = "●" if each.in_force else ""
    return each.version, each.from_ or "-", when(each.loaded_at), each.by or "-", str(each.cases), in_force


class Fell(StrEnum):
    """Why a waiver counts no more."""

    APPLIED_ANEW = "applied_anew"
    WITHDRAWN = "withdrawn"
    MORE_DUE = "more_due"
    SPENT = "spent"


_FELL = {
    Fell.APPLIED_ANEW: mark("The buyer applied anew"),
    Fell.WITHDRAWN: mark("The application was withdrawn or closed"),
    Fell.MORE_DUE: mark("More is due by now than it was given for"),
    Fell.SPENT: mark("It was for one decision and one payment, which are over"),
}


@dataclass(frozen=True)
class Waived(Documented):
    """A waiver: the case, the rule that was overruled, by whom, when (UTC), and why; where it counts no more, why that
    is so (`fell`).
    """

    case: str
    rule: str
    by: str
    at: datetime
    because: str
    fell: Fell | None = None


@dataclass(frozen=True)
class WaiversView(View):
    """All waivers since a day."""

    waivers: tuple[Waived, ...]

    def draw(self, screen: Screen) -> None:
        """Shows a row for each waiver that stands, then one for each that counts no more."""
        if not self.waivers:
            screen.line(_("Nothing was overruled"))
            return
        standing = [each for each in self.waivers if each.fell is None]
        fallen = [each for each in self.waivers if each.fell is not None]
        columns = [Column(_("Case"), "id"), Column(_("Rule")), Column(_("By whom")), Column(_("When"), "time")]
        columns.append(Column(_("Why")))
        screen.line(_("{n} waivers stand").format(n=len(standing)), "bold")
        if standing:
            screen.table(columns, [_waiver_row(each) for each in standing])
        if fallen:
            screen.line(_("{n} count no more").format(n=len(fallen)), "bold")
            ended = [(*_waiver_row(each), _(_FELL[each.fell])) for each in fallen if each.fell]
            screen.table([*columns, Column(_("Counts no more since"))], ended)


def _waiver_row(each: Waived) -> tuple[str, ...]:
    """The cells of a waiver in the table."""
    return each.case, word(each.rule, "rule"), each.by, when(each.at), each.because


@dataclass(frozen=True)
class Flip(Documented):
    """A case that a draft would judge differently: both verdicts, how much more (or less, negative) would be due, the
    rules that would answer differently, and the steps that only the draft's or only the old derivation has.
    """

    case: str
    was: str
    would_be: str
    money: Money
    rules: tuple[str, ...]
    new_steps: tuple[Step, ...] = ()
    old_steps: tuple[Step, ...] = ()

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps that differ, in words, those of the draft first."""
        new = (sentence(step.text, step.facts) for step in self.new_steps)
        old = (_("no longer: {step}").format(step=sentence(step.text, step.facts)) for step in self.old_steps)
        return (*new, *old)

    @property
    def why(self) -> str:
        """The rules that make the difference in words, or the steps where no rule does."""
        return series(word(rule, "rule") for rule in self.rules) or clauses(self.steps)


@dataclass(frozen=True)
class Direction(Documented):
    """How many cases a draft would judge differently from one verdict to another, and their money in one currency."""

    was: str
    would_be: str
    cases: int
    money: Money


@dataclass(frozen=True)
class TrialView(View):
    """A draft of the rules tried on past cases."""

    KEYS = ("version", "cases", "directions", "flips")

    version: str
    cases: int
    flips: tuple[Flip, ...]
    seconds: float

    @property
    def directions(self) -> list[Direction]:
        """The differences, summed by both verdicts and currency."""
        ways: dict[tuple[str, str, str], list[int]] = {}
        for flip in self.flips:
            ways.setdefault((flip.was, flip.would_be, flip.money.currency), []).append(flip.money.minor)
        return [
            Direction(was, would_be, len(minor), Money(sum(minor), currency))
            for (was, would_be, currency), minor in sorted(ways.items())
        ]

    def draw(self, screen: Screen) -> None:
        """Shows the sums by direction, then the dearest cases."""
        text = _("{n} past cases judged again under {version}: {k} would be judged otherwise")
        screen.line(text.format(n=self.cases, version=self.version, k=len(self.flips)), "bold")
        if not self.flips:
            return
        columns = [Column(_("Was")), Column(_("Would be")), Column(_("Cases"), "count"), Column(_("Money"), "money")]
        rows = [
            (word(direction.was), word(direction.would_be), str(direction.cases), money_text(direction.money))
            for direction in self.directions
        ]
        screen.table(columns, rows)
        columns = [Column(_("Case"), "id"), Column(_("Was")), Column(_("Would be")), Column(_("Money"), "money")]
        columns.append(Column(_("Why")))
        shown = sorted(self.flips, key=lambda flip: (in_order(flip.money.currency), -abs(flip.money.minor)))[:EXAMPLES]
        examples = [
            (flip.case, word(flip.was), word(flip.would_be), money_text(flip.money), flip.why) for flip in shown
        ]
        screen.table(columns, examples, _("The dearest of them"))


EXAMPLES = 10
