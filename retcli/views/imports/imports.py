"""Views of imports: how each file fared, all imports, and refused rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from retcli.language import _, aside, headed, series
from retcli.views.base import OnTrial, Sayable, Screen, View, draw_next, when
from retcli.views.books.backups import BackupView
from retcli.views.casefile.fallen_agreements import FallenAgreements
from retcli.views.documents import Documented
from retcli.views.imports.gave_way import GaveWay
from retcli.views.imports.not_taken import Trouble
from retcli.views.imports.remarks import NEXT_STEPS, NextStep, NotMoved, sentences
from retcli.views.warehouse.parcels import Fitted
from retcli.words import report_of, word

SHOWN = 20
ROWS_NAMED = 6
"""How many of several refused rows that are alike are named by number."""
FILES_NAMED = 5
"""How many of several files that are no exports are named."""


@dataclass(frozen=True)
class FaultView(Documented):
    """A refused row: its number, the column, the cell's text, and why (`message`: a message id or a sentence)."""

    KEYS = ("row", "column", "text", "problem")

    row: int
    column: str
    text: str
    message: str

    @property
    def problem(self) -> str:
        """Why it was refused, in the reader's language."""
        return _(self.message)

    def line(self) -> str:
        """The refused row as one line."""
        place = _("row {row}, column {column}") if self.column else _("row {row}")
        where = place.format(row=self.row, column=self.column)
        text = self.text.strip()
        if not text:
            return _("{where}: {problem}").format(where=where, problem=self.problem)
        return _("{where}: {text} – {problem}").format(where=where, text=text, problem=self.problem)


def gathered(faults: Sequence[FaultView]) -> list[tuple[str, int]]:
    """Lines about refused rows, each with the number of rows it is about: rows that are alike in column, text and
    problem share one.
    """
    alike: dict[tuple[str, str, str], list[FaultView]] = {}
    for fault in faults:
        alike.setdefault((fault.column, fault.text, fault.message), []).append(fault)
    lines = []
    for some in alike.values():
        line = some[0].line()
        if len(some) > 1:
            more = series(str(fault.row) for fault in some[1:ROWS_NAMED])
            rows = more + ("…" if len(some) > ROWS_NAMED else "")
            line = _("{line} (and {n} rows more: {rows})").format(line=line, n=len(some) - 1, rows=rows)
        lines.append((line, len(some)))
    return lines


@dataclass(frozen=True)
class FileView(Documented):
    """How one file fared in an import; counts are rows of the file."""

    KEYS = (
        *("path", "platform", "format", "state", "rows", "added", "changed", "unchanged", "refused", "waiting"),
        *("questions", "misfits", "faults", "remarks", "gave_way", "fell", "**refusal"),
    )

    path: str
    state: str
    format: str = ""
    holds: str = ""
    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    waiting: int = 0
    questions: int = 0
    faults: tuple[FaultView, ...] = ()
    noticed: tuple[Sayable, ...] = ()  # remarks
    trouble: Trouble | None = None  # why it was not taken in
    not_moved: NotMoved | None = None
    number: int = 0  # of its import
    misfits: int = 0  # orders with more pieces in the item report than in the order report
    halves: tuple[Sayable, ...] = ()  # remarks on those, and on rows that wait for another report
    platform: str = ""
    gave_way: GaveWay = field(default_factory=GaveWay)
    fell: FallenAgreements = field(default_factory=FallenAgreements)

    @property
    def remarks(self) -> tuple[str, ...]:
        """The remarks in the reader's language."""
        return sentences(self.noticed)

    @property
    def taken_back(self) -> tuple[str, ...]:
        """A line each for what was agreed to here and no longer stands since the file came."""
        return tuple(filter(None, (self.gave_way.line(), self.fell.sentence())))

    @property
    def problem(self) -> str:
        """Why the file was not taken in; "" where it was."""
        return self.trouble.problem if self.trouble else ""

    @property
    def hint(self) -> str:
        """What to do where the file was not taken in; "" for nothing."""
        return self.trouble.hint if self.trouble else ""

    @property
    def complaints(self) -> tuple[str, ...]:
        """That the file could not be moved away, where that is so."""
        return (self.not_moved.sentence(),) if self.not_moved else ()

    @property
    def refusal(self) -> Mapping[str, str] | None:
        """The keys `problem` and `hint` of a file that was not taken in; None leaves them out."""
        return {"problem": self.problem, "hint": self.hint} if self.problem else None

    @property
    def kind(self) -> str:
        """The kind of the file in words: platform, and what its rows are."""
        return report_of(self.platform, self.holds)

    @property
    def exit_code(self) -> int:
        """3 where a person must look, 6 where the file was busy, else 0."""
        if self.state == "busy":
            return 6
        open_ = (
            self.state in {"refused", "merging"} or self.refused or self.questions or self.complaints or self.misfits
        )
        return 3 if open_ else 0

    def draw(self, screen: Screen) -> None:
        """Shows the counts, then remarks, refused rows and questions."""
        if self.problem:
            screen.line(_("{file}: {state}").format(file=self.path, state=word(self.state)), "bold")
            self.draw_trouble(screen)
            return
        text = _(
            "{file}: {kind}, {state}; {rows} rows: {added} new, {changed} changed, {unchanged} unchanged, "
            "{refused} refused"
        )
        counts = {name: getattr(self, name) for name in ("rows", "added", "changed", "unchanged", "refused")}
        only_tried = self.state == "imported" and isinstance(screen, OnTrial)
        state = _("would be taken in") if only_tried else word(self.state)
        screen.line(text.format(file=self.path, kind=self.kind, state=state, **counts), "bold")
        for remark in self.remarks:
            screen.line("  " + remark)
        for line in self.taken_back:
            screen.line("  " + line)
        alike = gathered(self.faults)
        for line, _count in alike[:SHOWN]:
            screen.line("  × " + line, "yellow")
        if len(alike) > SHOWN:
            more = sum(count for _line, count in alike[SHOWN:])
            screen.line(_("  … and {n} more: retcli imports faults").format(n=more))
        if self.questions:
            text = _("  {n} changes need your word: retcli imports questions")
            screen.line(text.format(n=self.questions), "yellow")

    def draw_trouble(self, screen: Screen) -> None:
        """Shows why the file was not taken in, and what to do about it."""
        for text in (self.problem, *self.hint.splitlines()):
            screen.line("  " + text)


def draw_passed_over(screen: Screen, files: Sequence[FileView]) -> None:
    """Shows the files of a folder that are no exports: a folder for downloads is full of them, so that those of one
    trouble share a line.
    """
    alike: dict[tuple[str, str], list[FileView]] = {}
    for file in files:
        alike.setdefault((file.problem, file.hint), []).append(file)
    for some in alike.values():
        names = series(file.path for file in some[:FILES_NAMED]) + ("…" if len(some) > FILES_NAMED else "")
        screen.line(_("{n} files passed over: {names}").format(n=len(some), names=names), "bold")
        some[0].draw_trouble(screen)


_NAMED = 5
"""Parcels without a case that found theirs, of which each has a line of its own at most."""


@dataclass(frozen=True)
class ImportView(View):
    """How every file of a run fared."""

    KEYS = ("files", "totals", "**copied", "**matched")

    files: tuple[FileView, ...]
    next_step: NextStep | None = None
    seconds: float | None = None
    waiting: int = 0  # rows in the books that wait for the other half of their order in the end
    questions: int | None = None  # open ones, each once though several files raised it; None: known file by file only
    copy: BackupView | None = None  # the copy of the books that was made afterwards
    no_copy_because: str = ""
    quiet: bool = False
    fitted: tuple[Fitted, ...] = ()  # parcels without a case that went to one by themselves

    @property
    def matched(self) -> Mapping[str, object] | None:
        """The key `matched` where parcels went to cases by themselves; None leaves it out."""
        return {"matched": self.fitted} if self.fitted else None

    @property
    def hint(self) -> str:
        """What to do next; "" for nothing."""
        return _(NEXT_STEPS[self.next_step]) if self.next_step else ""

    def before_the_day(self) -> "ImportView":
        """The same where the day's list follows at once, so that nobody is sent to it."""
        return replace(self, next_step=None) if self.next_step == NextStep.TODAY else self

    @property
    def trouble(self) -> str:
        """That no copy of the books could be made; "" where that is not so."""
        return _("No copy was made: {why}").format(why=self.no_copy_because) if self.no_copy_because else ""

    @property
    def exit_code(self) -> int:
        """The highest code of the files and the copy; at least 3 where no copy could be made."""
        codes = [file.exit_code for file in self.files] + ([self.copy.exit_code] if self.copy else [])
        return max([3 if self.trouble else 0, *codes])

    @property
    def complaints(self) -> tuple[str, ...]:
        """Lines about files that could not be moved, and about a copy that could not be made."""
        moved = (headed(str(file.path), text) for file in self.files for text in file.complaints)
        return (*moved, *(self.copy.complaints if self.copy else ()), *([self.trouble] if self.trouble else ()))

    @property
    def copied(self) -> Mapping[str, object] | None:
        """The key `backup` where a copy was made or should have been; None leaves it out."""
        if self.trouble:
            return {"backup": {"problem": self.trouble}}
        return {"backup": self.copy} if self.copy else None

    @property
    def totals(self) -> dict[str, int]:
        """The counts of all files together."""
        names = ("rows", "added", "changed", "unchanged", "refused", "waiting", "questions")
        counts = {name: sum(getattr(file, name) for file in self.files) for name in names}
        return counts if self.questions is None else counts | {"questions": self.questions}

    def found_lines(self) -> list[str]:
        """How many parcels without a case found theirs, and which: a line for each of a few, else the first of them."""
        if not self.fitted:
            return []
        counted = _("{n} parcels without a case found theirs").format(n=len(self.fitted))
        if len(self.fitted) <= _NAMED:
            return [counted, *(fitted.sentence() for fitted in self.fitted)]
        pairs = [f"{fitted.parcel} → {series(fitted.cases)}" for fitted in self.fitted[:_NAMED]]
        text = _("{parcels}; all of them: {command}")
        return [counted, text.format(parcels=series([*pairs, "…"]), command="retcli parcel list")]

    def draw(self, screen: Screen) -> None:
        """Shows file by file, then all in one line; when quiet only what needs a person."""
        if self.quiet and not self.exit_code:
            self._draw_quietly(screen)
            return
        # thirty files of one kind have the same columns that are not used: that is shown for the first of them
        shown_before: set[tuple[str, str]] = set()
        if not self.quiet:
            draw_passed_over(screen, [file for file in self.files if file.state == "passed_over"])
        for file in self.files:
            if file.state != "passed_over" and (file.exit_code or not self.quiet):
                fresh = [remark for remark in file.noticed if (file.format, remark.sentence()) not in shown_before]
                shown_before |= {(file.format, remark.sentence()) for remark in fresh}
                replace(file, noticed=tuple(fresh)).draw(screen)
        if not self.files:
            screen.line(_("Nothing to take in"))
        if self.copy and not self.quiet:
            self.copy.draw(screen)
        if self.seconds is not None:
            text = _(
                "{files} files, {rows} rows: {added} new, {changed} changed, {refused} refused, {questions} questions, "
                "{waiting} waiting; {seconds} s"
            )
            seconds = f"{self.seconds:.1f}"
            counts = {"files": len(self.files), "seconds": seconds, **self.totals, "waiting": self.waiting}
            screen.line(text.format(**counts), "bold")
        if self.questions and sum(bool(file.questions) for file in self.files) > 1:
            text = _("In all {n} changes need your word: retcli imports questions")
            screen.line(text.format(n=self.questions), "yellow")
        for line in self.found_lines():
            screen.line(line, "yellow")
        if self.hint and not self.quiet:
            screen.line(self.hint)

    def _draw_quietly(self, screen: Screen) -> None:
        """Shows, of a run after which nobody is needed, only what was agreed to and no longer stands, and the parcels
        that went to cases by themselves.
        """
        for line in self.found_lines():
            screen.line(line)
        for file in self.files:
            for line in file.taken_back:
                screen.line(headed(str(file.path), line))


@dataclass(frozen=True)
class ImportsView(View):
    """All imports, the newest first."""

    imports: tuple[Mapping[str, Any], ...]

    def draw(self, screen: Screen) -> None:
        """Shows two lines for each import: which file came when, and how its rows fared."""
        if not self.imports:
            screen.line(_("Nothing was taken in yet"))
        text = _("{rows} rows: {added} new, {changed} changed, {unchanged} unchanged, {refused} refused")
        for row in self.imports:
            what = [word(row["holds"]), *([] if row["state"] == "done" else [word(row["state"])])]
            screen.line(f"{row['id']}  {when(row['at'])}  {aside(row['name'], series(what))}", "bold")
            screen.line("   " + text.format(**row))


@dataclass(frozen=True)
class FaultsView(View):
    """The refused rows of one import; `number` is its own where nobody has settled them."""

    KEYS = ("file", "faults")

    file: str
    faults: tuple[FaultView, ...] = ()
    number: int | None = None

    def draw(self, screen: Screen) -> None:
        """Shows the refused rows, those that are alike in one line."""
        if not self.file:
            screen.line(_("No row was refused"))
            return
        screen.line(_("{file}: {n} rows refused").format(file=self.file, n=len(self.faults)), "bold")
        for line, _count in gathered(self.faults):
            screen.line("  × " + line)
        if self.number is not None:
            taken_in = self.number
            command = f"retcli imports faults {taken_in}"
            draw_next(screen, f"{command} -o faults.xlsx\n{command} --seen")
