"""The shop's rules as people and scripts see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from retcli.language import _
from retcli.rules.casefile.amounts import Step
from retcli.rules.casefile.findings import Answer, Finding
from retcli.rules.money.minor_units import Money, in_order
from retcli.shellwords import quoted
from retcli.views.base import Column, Screen, View, money_text, when
from retcli.views.casefile.findings import MARKS, finding_document, sentence
from retcli.views.documents import instant, money
from retcli.words import word


@dataclass(frozen=True)
class PolicyView(View):
    """One version of the rules as its file."""

    version: str
    starts_on: date | None
    text: str

    def document(self) -> dict[str, Any]:
        """`version`, `from`, `text`."""
        return {"version": self.version, "from": str(self.starts_on or ""), "text": self.text}

    def draw(self, screen: Screen) -> None:
        """The file as it is, so that it can be sent into one."""
        for line in self.text.splitlines():
            screen.line(line)


@dataclass(frozen=True)
class CheckView(View):
    """A draft against the law."""

    file: str
    version: str
    findings: tuple[Finding, ...]
    in_force_from: date | None = None

    @property
    def exit_code(self) -> int:
        """3 where something is wrong with it."""
        return 3 if any(finding.answer == Answer.NO for finding in self.findings) else 0

    def document(self) -> dict[str, Any]:
        """`findings[]`."""
        found = [finding_document(finding) for finding in self.findings]
        from_ = str(self.in_force_from or "")
        return {"file": self.file, "version": self.version, "in_force_from": from_, "findings": found}

    def draw(self, screen: Screen) -> None:
        """One finding a line, what must be mended first."""
        for answer in (Answer.NO, Answer.PERSON):
            for finding in self.findings:
                if finding.answer == answer:
                    text = f"{MARKS[answer]} {sentence(finding.text, finding.facts)}（{_(finding.basis)}）"
                    screen.line(text, "red" if answer == Answer.NO else "yellow")
        if self.exit_code:
            screen.line(_("{file} cannot be put in force").format(file=self.file), "bold")
        elif self.in_force_from:
            text = _("The rules {version} judge what is applied for from {day} on")
            screen.line(text.format(version=self.version, day=self.in_force_from), "bold")
        else:
            screen.line(
                _("{file} can be put in force: retcli policy load {named}").format(
                    file=self.file, named=quoted(self.file)
                ),
                "bold",
            )


@dataclass(frozen=True)
class HistoryView(View):
    """The versions of the rules: name, first day, when loaded, by whom, cases judged."""

    versions: tuple[tuple[str, str, datetime | None, str, int], ...]
    in_force: str

    def document(self) -> dict[str, Any]:
        """`versions[]`."""
        names = ("version", "from", "loaded_at", "by", "cases")
        rows = [
            dict(zip(names, (v, day, instant(at), by, n), strict=True)) | {"in_force": v == self.in_force}
            for v, day, at, by, n in self.versions
        ]
        return {"versions": rows}

    def draw(self, screen: Screen) -> None:
        """One version a row."""
        columns = [Column(_("Version")), Column(_("From")), Column(_("Loaded")), Column(_("By whom"))]
        columns += [Column(_("Cases"), "count"), Column(_("In force"))]
        screen.table(columns, [self._row(*row) for row in self.versions])

    def _row(self, version: str, day: str, at: datetime | None, by: str, cases: int) -> Sequence[str]:
        return (
            version,
            day or "-",
            when(at) if at else "-",
            by or "-",
            str(cases),
            "●" if version == self.in_force else "",
        )


@dataclass(frozen=True)
class WaiversView(View):
    """Findings that were overruled: case, rule, by whom, when, why."""

    rows: tuple[tuple[Any, ...], ...]

    def document(self) -> dict[str, Any]:
        """`waivers[]`."""
        return {
            "waivers": [
                {"case": case, "rule": rule, "by": by, "at": instant(at), "because": because}
                for case, rule, by, at, because in self.rows
            ]
        }

    def draw(self, screen: Screen) -> None:
        """One waiver a row."""
        if not self.rows:
            screen.line(_("Nothing was overruled"))
            return
        columns = [Column(_("Case"), "id"), Column(_("Rule")), Column(_("By whom")), Column(_("When"), "time")]
        columns.append(Column(_("Why")))
        shown = [(case, word(rule, "rule"), by, when(at), because) for case, rule, by, at, because in self.rows]
        screen.table(columns, shown)


@dataclass(frozen=True)
class Flip:
    """A case that a draft would judge otherwise; `money` is what more (or less) would be due, `rules` answer otherwise,
    `new_steps` of the amount are only in the draft's derivation, `old_steps` only in the one of before.
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
        """The steps that differ, those of the draft first."""
        new = (sentence(step.text, step.facts) for step in self.new_steps)
        old = (_("no longer: {step}").format(step=sentence(step.text, step.facts)) for step in self.old_steps)
        return (*new, *old)

    @property
    def why(self) -> str:
        """What makes the difference, in words."""
        return "、".join(word(rule, "rule") for rule in self.rules) or "；".join(self.steps)


@dataclass(frozen=True)
class TrialView(View):
    """A draft tried on the past."""

    version: str
    cases: int
    flips: tuple[Flip, ...]
    seconds: float

    def document(self) -> dict[str, Any]:
        """`flips[]: case, was, would_be, money, rules[], steps[]`."""
        flips = [
            {"case": f.case, "was": f.was, "would_be": f.would_be, "money": money(f.money)}
            | {"rules": list(f.rules), "steps": list(f.steps)}
            for f in self.flips
        ]
        counts = [
            {"was": was, "would_be": now, "cases": n, "money": money(sum_)} for was, now, n, sum_ in self._counts()
        ]
        return {"version": self.version, "cases": self.cases, "directions": counts, "flips": flips}

    def _counts(self) -> list[tuple[str, str, int, Money]]:
        """Per direction and currency: how many, and the money together."""
        ways: dict[tuple[str, str, str], list[int]] = {}
        for flip in self.flips:
            ways.setdefault((flip.was, flip.would_be, flip.money.currency), []).append(flip.money.minor)
        return [
            (was, now, len(minor), Money(sum(minor), currency)) for (was, now, currency), minor in sorted(ways.items())
        ]

    def draw(self, screen: Screen) -> None:
        """Directions first, then examples."""
        text = _("{n} past cases judged again under {version}: {k} would be judged otherwise")
        screen.line(text.format(n=self.cases, version=self.version, k=len(self.flips)), "bold")
        if not self.flips:
            return
        columns = [Column(_("Was")), Column(_("Would be")), Column(_("Cases"), "count"), Column(_("Money"), "money")]
        rows = [(word(was), word(now), str(n), money_text(sum_)) for was, now, n, sum_ in self._counts()]
        screen.table(columns, rows)
        columns = [Column(_("Case"), "id"), Column(_("Was")), Column(_("Would be")), Column(_("Money"), "money")]
        columns.append(Column(_("Why")))
        shown = sorted(self.flips, key=lambda flip: (in_order(flip.money.currency), -abs(flip.money.minor)))[:EXAMPLES]
        rows_ = [(f.case, word(f.was), word(f.would_be), money_text(f.money), f.why) for f in shown]
        screen.table(columns, rows_, _("The dearest of them"))


EXAMPLES = 10
