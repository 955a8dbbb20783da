"""Views of how a file would be read, and of a drafted mapping file; persons in them are masked already."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from retcli.language import _, aside, headed, series
from retcli.rules.names import PLATFORMS
from retcli.shellwords import quoted
from retcli.views.base import Column, Screen, View
from retcli.views.documents import Documented
from retcli.words import report_of

IN_A_ROW = (
    *("refund", "order", "line", "sku", "paid", "amount", "kind", "status", "quantity", "price", "stated", "name"),
    *("number", "at", "category", "minor", "waybill", "event", "bucket"),
)
"""Our words that tell most about a row, in the order in which they are shown."""


@dataclass(frozen=True)
class ColumnView(Documented):
    """A column that is read: our word and its meaning (a message id, empty where other words are computed from it), the
    header, a sample cell with its value, and the problem (a message id) where it has none.
    """

    KEYS = ("word", "meaning", "header", "sample", "value", "problem")

    word: str
    meaning_id: str
    header: str
    sample: str
    value: str
    problem: str = ""

    @property
    def meaning(self) -> str:
        """What the column is taken for, in the reader's language."""
        return meaning(self.meaning_id)


def meaning(message_id: str) -> str:
    """The meaning of a word in the reader's language; "" is a dialect's own word, from which others are computed."""
    return _(message_id) if message_id else _("part of what is worked out")


@dataclass(frozen=True)
class Missing(Documented):
    """A column that the file lacks; `meaning_id` is a message id as in `ColumnView`."""

    KEYS = ("word", "meaning", "header", "required")

    word: str
    meaning_id: str
    header: str
    required: bool

    @property
    def meaning(self) -> str:
        """What the column would be taken for, in the reader's language."""
        return meaning(self.meaning_id)


@dataclass(frozen=True)
class FaultyRow(Documented):
    """A row that would be refused: its number, the column, the cell's text, and why (a message id)."""

    KEYS = ("row", "problem")

    row: str
    column: str
    text: str
    fault: str

    @property
    def problem(self) -> str:
        """The cell that would be refused and why, in the reader's language."""
        return headed(f"{self.column} {self.text}", _(self.fault))


@dataclass(frozen=True)
class Alike(Documented):
    """A column name that a kind of file wants, and one in the file that may be meant."""

    wanted: str
    found: str


def _named(layout: str, holds: str) -> str:
    """A kind of file in words, by its format and what its rows are; the format says the platform where it has one."""
    platform = layout.partition(".")[0]
    return report_of(platform if platform in PLATFORMS else "", holds)


@dataclass(frozen=True)
class Kind(Documented):
    """A kind of file that fits: its format (the dialect's name), and what its rows are."""

    format: str
    holds: str

    @property
    def name(self) -> str:
        """The kind in words: platform, and what its rows are."""
        return _named(self.format, self.holds)


@dataclass(frozen=True)
class NearKind(Documented):
    """A kind of file that nearly fits: the columns it lacks, and names in the file that may be meant."""

    format: str
    holds: str
    lacks: tuple[str, ...]
    did_you_mean: tuple[Alike, ...]


@dataclass(frozen=True)
class ExplainView(View):
    """How a file would be read: by the first of the `kinds` that fit; without any, the nearest ones are shown.
    `meanings` are the message ids of all words that a row may have.
    """

    KEYS = (
        *("file", "container", "table", "header_row", "header", "kinds", "columns", "ignored", "missing", "rows"),
        "nearest",
    )

    file: str
    container: str
    table: str
    header_row: int
    header: tuple[str, ...]
    kinds: tuple[Kind, ...]
    columns: tuple[ColumnView, ...]
    ignored: tuple[str, ...]
    missing: tuple[Missing, ...]
    rows: tuple[Mapping[str, str] | FaultyRow, ...]
    nearest: tuple[NearKind, ...]
    meanings: Mapping[str, str] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """3 where a person must say what kind of file it is, else 0."""
        return 0 if len(self.kinds) == 1 else 3

    def draw(self, screen: Screen) -> None:
        """Shows the kind with its columns and first rows; of an unknown file what comes near."""
        text = _("{file}: {container}, table {table}, header in line {line}")
        text = text if self.table else _("{file}: {container}, header in line {line}")
        facts = {"file": self.file, "container": self.container, "table": self.table, "line": self.header_row}
        screen.line(text.format(**facts), "bold")
        if not self.kinds:
            self._draw_unknown(screen)
            return
        names = series(kind.name for kind in self.kinds)
        if len(self.kinds) > 1:
            names = series(aside(kind.name, kind.format) for kind in self.kinds)
            text = _("It could be any of: {names}. Say which: retcli import FILE --format NAME")
            screen.line(text.format(names=names), "yellow")
        else:
            screen.line(_("It is: {names}").format(names=names))
        self._draw_columns(screen)
        self._draw_rows(screen)

    def _draw_columns(self, screen: Screen) -> None:
        """Shows what each column is taken for, which are not used, and which are missing."""
        rows = [(each.meaning, each.header, _sample_and_value(each)) for each in self.columns]
        screen.line()
        screen.table([Column(_("We take for")), Column(_("the column")), Column(_("which says"))], rows)
        if self.ignored:
            names = series(self.ignored)
            screen.line(_("Columns not used: {n} ({names})").format(n=len(self.ignored), names=names))
        for needed, text in ((True, _("Missing, and needed: {names}")), (False, _("Columns not there: {names}"))):
            lacking = dict.fromkeys(each.header for each in self.missing if each.required == needed)
            if lacking:
                screen.line(text.format(names=series(lacking)), "yellow" if needed else "")

    def _draw_rows(self, screen: Screen) -> None:
        """Shows the first rows as they are understood."""
        meanings = {name: _(text) for name, text in self.meanings.items()}
        meanings |= {"minor": _("amount moved"), "category": _("counted as")}
        for row in self.rows:
            if isinstance(row, FaultyRow):
                screen.line(headed(_("row {row}").format(row=row.row), f"× {row.problem}"), "yellow")
                continue
            number = _("row {row}").format(row=row["row"])
            values = [f"{meanings.get(name, name)} {row[name]}" for name in IN_A_ROW if row.get(name)]
            screen.line(headed(number, series(values)))

    def _draw_unknown(self, screen: Screen) -> None:
        """Shows the nearest kinds with what they lack, and how to describe the file."""
        screen.line(_("It is of no known kind"), "yellow")
        for near in self.nearest:
            lacks = _("nearly {name}, but it lacks: {columns}")
            screen.line("  " + lacks.format(name=_named(near.format, near.holds), columns=series(near.lacks)))
            for alike in near.did_you_mean:
                text = _("{found}: did you mean {wanted}?")
                screen.line("    " + text.format(found=alike.found, wanted=alike.wanted))
        screen.line(_("Its columns: {names}").format(names=series(name for name in self.header if name)))
        screen.line(_("Next: retcli imports draft-map {file} -o my.toml").format(file=quoted(self.file)))


def _sample_and_value(column: ColumnView) -> str:
    """The sample cell of a column, with its value where that differs, or with its problem."""
    if column.problem:
        return headed(column.sample, f"× {_(column.problem)}")
    if not column.sample or column.value == column.sample:
        return column.sample or "-"
    value = column.value or _("(empty)")
    return f"{column.sample} → {value}"


@dataclass(frozen=True)
class DraftView(View):
    """A drafted mapping file; `file` is where it was written (None: it is only shown), `source` the export."""

    KEYS = ("map", "file")

    map: str
    file: Path | None
    source: Path

    def draw(self, screen: Screen) -> None:
        """Shows the text, or where it was written and what to do next."""
        if self.file is None:
            screen.verbatim(self.map)
            return
        screen.line(_("Written: {file}").format(file=self.file), "bold")
        names = {"source": quoted(str(self.source)), "map": quoted(str(self.file))}
        screen.line(_("Look it over, then see: retcli imports explain {source} --map {map}").format(**names))
        screen.line(_("Then: retcli import {source} --map {map}").format(**names))
