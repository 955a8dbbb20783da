"""Imports as people and scripts see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from retcli.language import _, aside, headed, series
from retcli.views.base import Sayable, Screen, View, when
from retcli.views.books.backups import BackupView
from retcli.views.documents import Documented
from retcli.views.imports.gave_way import GaveWay
from retcli.views.imports.not_taken import Trouble
from retcli.views.imports.remarks import NEXT_STEPS, NextStep, NotMoved, sentences
from retcli.words import word

SHOWN = 20
ROWS_NAMED = 6
"""Of refused rows that are alike, so many are named by number."""


@dataclass(frozen=True)
class FaultView(Documented):
    """A refused row: where, what stands there, and why it was refused (`message`: a message id or a sentence)."""

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
    """The lines that tell of refused rows, and of how many each: those alike in column, text and problem are told
    once, with their rows.
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
    """How one file fared, and what was `noticed` of it; `trouble` says why it was not taken in. `misfits` are orders
    that have more pieces in the item report than in the order report, `halves` the remarks on those and on rows that
    wait for another report.
    """

    KEYS = (
        *("path", "platform", "format", "state", "rows", "added", "changed", "unchanged", "refused", "waiting"),
        *("questions", "misfits", "faults", "remarks", "gave_way", "**refusal"),
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
    noticed: tuple[Sayable, ...] = ()
    trouble: Trouble | None = None
    not_moved: NotMoved | None = None
    number: int = 0
    misfits: int = 0
    halves: tuple[Sayable, ...] = ()
    platform: str = ""
    gave_way: GaveWay = field(default_factory=GaveWay)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What was noticed, in the reader's language."""
        return sentences(self.noticed)

    @property
    def problem(self) -> str:
        """Why it was not taken in; empty where it was."""
        return self.trouble.problem if self.trouble else ""

    @property
    def hint(self) -> str:
        """What to do about that."""
        return self.trouble.hint if self.trouble else ""

    @property
    def complaints(self) -> tuple[str, ...]:
        """That it could not be moved away."""
        return (self.not_moved.sentence(),) if self.not_moved else ()

    @property
    def refusal(self) -> Mapping[str, str] | None:
        """The keys of a file that was not taken in: why, and what to do."""
        return {"problem": self.problem, "hint": self.hint} if self.problem else None

    @property
    def kind(self) -> str:
        """What kind of file it was taken for: its platform, what it holds, and the layout that it was read by."""
        of_platform = f"{word(self.platform)} {word(self.holds)}" if self.platform else word(self.holds)
        return f"{of_platform} ({self.format})" if self.format else of_platform

    @property
    def exit_code(self) -> int:
        """3 where a person must look, 6 where the file was busy."""
        if self.state == "busy":
            return 6
        open_ = (
            self.state in {"refused", "merging"} or self.refused or self.questions or self.complaints or self.misfits
        )
        return 3 if open_ else 0

    def draw(self, screen: Screen) -> None:
        """The counts, then what was passed over and what was refused."""
        if self.problem:
            screen.line(_("{file}: {state}").format(file=self.path, state=word(self.state)), "bold")
            screen.line("  " + self.problem)
            if self.hint:
                screen.line("  " + self.hint)
            return
        text = _(
            "{file}: {kind}, {state}; {rows} rows: {added} new, {changed} changed, {unchanged} unchanged, "
            "{refused} refused"
        )
        counts = {name: getattr(self, name) for name in ("rows", "added", "changed", "unchanged", "refused")}
        screen.line(text.format(file=self.path, kind=self.kind, state=word(self.state), **counts), "bold")
        for remark in self.remarks:
            screen.line("  " + remark)
        if self.gave_way.cases:
            screen.line("  " + self.gave_way.line())
        alike = gathered(self.faults)
        for line, _count in alike[:SHOWN]:
            screen.line("  × " + line, "yellow")
        if len(alike) > SHOWN:
            more = sum(count for _line, count in alike[SHOWN:])
            screen.line(_("  … and {n} more: retcli imports faults").format(n=more))
        if self.questions:
            text = _("  {n} changes need your word: retcli imports questions")
            screen.line(text.format(n=self.questions), "yellow")


@dataclass(frozen=True)
class ImportView(View):
    """How every file of an import fared; `waiting` rows of the books wait for their other half in the end, and so many
    changes need a person, each once however many of the files told of it (`questions`; None: only known file by file).
    """

    KEYS = ("files", "totals", "**copied")

    files: tuple[FileView, ...]
    next_step: NextStep | None = None
    seconds: float | None = None
    waiting: int = 0
    questions: int | None = None
    copy: BackupView | None = None
    no_copy_because: str = ""
    quiet: bool = False

    @property
    def hint(self) -> str:
        """What to do next; empty where nothing is."""
        return _(NEXT_STEPS[self.next_step]) if self.next_step else ""

    @property
    def trouble(self) -> str:
        """That no copy could be made; empty where one was."""
        return _("No copy was made: {why}").format(why=self.no_copy_because) if self.no_copy_because else ""

    @property
    def exit_code(self) -> int:
        """The highest of the files' codes; 3 too where no copy could be made after."""
        codes = [file.exit_code for file in self.files] + ([self.copy.exit_code] if self.copy else [])
        return max([3 if self.trouble else 0, *codes])

    @property
    def complaints(self) -> tuple[str, ...]:
        """Files that could not be moved, a copy that could not be made."""
        moved = (headed(str(file.path), text) for file in self.files for text in file.complaints)
        return (*moved, *(self.copy.complaints if self.copy else ()), *([self.trouble] if self.trouble else ()))

    @property
    def copied(self) -> Mapping[str, object] | None:
        """The key `backup`, where a copy was made or should have been."""
        if self.trouble:
            return {"backup": {"problem": self.trouble}}
        return {"backup": self.copy} if self.copy else None

    @property
    def totals(self) -> dict[str, int]:
        """The counts of all files together."""
        names = ("rows", "added", "changed", "unchanged", "refused", "waiting", "questions")
        counts = {name: sum(getattr(file, name) for file in self.files) for name in names}
        return counts if self.questions is None else counts | {"questions": self.questions}

    def draw(self, screen: Screen) -> None:
        """File by file, a remark on a kind of file once, then all in one line; when quiet only what needs a person."""
        if self.quiet and not self.exit_code:
            self._draw_quietly(screen)
            return
        told: set[tuple[str, str]] = set()
        for file in self.files:
            if file.exit_code or not self.quiet:
                fresh = [remark for remark in file.noticed if (file.format, remark.sentence()) not in told]
                told |= {(file.format, remark.sentence()) for remark in fresh}
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
        if self.hint and not self.quiet:
            screen.line(self.hint)

    def _draw_quietly(self, screen: Screen) -> None:
        """Of a night after which nobody is needed: only money that was approved and does not leave, file by file."""
        for file in self.files:
            if file.gave_way.cases:
                screen.line(headed(str(file.path), file.gave_way.line()))


@dataclass(frozen=True)
class ImportsView(View):
    """What came when."""

    imports: tuple[Mapping[str, Any], ...]

    def draw(self, screen: Screen) -> None:
        """Two lines an import: which file when, and how its rows fared."""
        if not self.imports:
            screen.line(_("Nothing was taken in yet"))
        text = _("{rows} rows: {added} new, {changed} changed, {unchanged} unchanged, {refused} refused")
        for row in self.imports:
            what = [word(row["holds"]), *([] if row["state"] == "done" else [word(row["state"])])]
            screen.line(f"{row['id']}  {when(row['at'])}  {aside(row['name'], series(what))}", "bold")
            screen.line("   " + text.format(**row))


@dataclass(frozen=True)
class FaultsView(View):
    """The refused rows of one import."""

    file: str
    faults: tuple[FaultView, ...] = ()

    def draw(self, screen: Screen) -> None:
        """One refused row a line."""
        if not self.file:
            screen.line(_("No row was refused"))
            return
        screen.line(_("{file}: {n} rows refused").format(file=self.file, n=len(self.faults)), "bold")
        for line, _count in gathered(self.faults):
            screen.line("  × " + line)
