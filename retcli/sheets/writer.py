"""The one writer of workbooks: columns declared as data, written beside the target, read back, then put in place."""

import os
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any, Literal, TypeVar

import openpyxl
from openpyxl.utils import get_column_letter as letter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from retcli.errors import NotFound, RetcliError, StorageTrouble, why
from retcli.language import _
from retcli.rules.money.minor_units import DIGITS, Money, in_order
from retcli.rules.zone import SHANGHAI
from retcli.sheets import looks
from retcli.sheets.charts import Chart, draw

Kind = Literal["text", "line", "id", "money", "count", "percent", "time", "date"]
Value = str | int | Money | datetime | date | None
LONGEST = 32_767
CUT = " …[cut]"
_TRIES = 99
_RISKY = ("=", "+", "-", "@")
_PLAIN = {ord(ch): None for ch in map(chr, [*range(32), *range(127, 160)]) if ch not in "\t\n"}
_NEVER_IN_NAMES = str.maketrans("", "", "/[]:*?\\")


@dataclass(frozen=True)
class Column:
    """A column: heading (translated already), kind, width in characters (None: from its content), whether it is added
    up in the total row (None: money and counts are), and whether values other than zero are marked. `equals` names the
    sum of the books that a column of money must come to in each currency, or in the one `currency` that it is for.

    Money cells hold `Money`, percentages hundredths of a percent, times aware instants; a ``line`` is a long text of a
    last column, which runs on to the right and makes no row higher.
    """

    title: str
    kind: Kind = "text"
    width: int | None = None
    total: bool | None = None
    alarm: bool = False
    equals: str = ""
    currency: str = ""

    @property
    def adds_up(self) -> bool:
        """Whether the total row has this column's sum."""
        return self.kind in {"money", "count"} if self.total is None else self.total


class Heading(str):
    """A text that heads the rows below it."""

    __slots__ = ()


@dataclass(frozen=True)
class Sheet:
    """A sheet: one table with its total rows, lines below it, then its charts. `detail` lies across the page and keeps
    its first two columns in sight; `filtered` puts a filter on the heading. Of the first `printed`
    columns (None: all) as many are printed as a page shows in readable letters, the others are grouped so that one
    click folds them away; `whole` prints all of them, on as many pages beside each other as it takes.
    """

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Value]]
    total: bool = True
    notes: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    detail: bool = False
    filtered: bool = True
    printed: int | None = None
    whole: bool = False

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies of the money that adds up, the shop's own first; nothing adds two of them."""
        money = (cell for column, cells in self._adding("money") for cell in cells)
        return tuple(sorted({cell.currency for cell in money if isinstance(cell, Money)}, key=in_order))

    def _adding(self, *kinds: str) -> Iterator[tuple[Column, list[Value]]]:
        """The columns of some kinds that add up, with their cells."""
        for place, column in enumerate(self.columns):
            if column.adds_up and column.kind in kinds:
                yield column, [row[place] for row in self.rows]

    def sums(self) -> dict[str, Value]:
        """The sum of each column of counts and shares that adds up, by heading."""
        adding = self._adding("count", "percent")
        return {column.title: sum(cell for cell in cells if isinstance(cell, int)) for column, cells in adding}

    def money(self) -> dict[str, dict[str, int]]:
        """The sums of each column of money that adds up, by heading and currency, in minor units."""
        sums: dict[str, dict[str, int]] = {}
        for column, cells in self._adding("money"):
            by_currency = sums.setdefault(column.title, {})
            for cell in cells:
                if isinstance(cell, Money):
                    by_currency[cell.currency] = by_currency.get(cell.currency, 0) + cell.minor
        return sums

    def totals(self) -> list[dict[str, Value]]:
        """The total rows by heading: one of counts, shares and money; where columns of money hold several currencies, a
        row of those for each currency below it.
        """
        if not self.total:
            return []
        first, money = self.columns[0].title, self.money()
        of_one = {column.title: column.currency for column in self.columns if column.currency}
        mixed = {title: sums for title, sums in money.items() if title not in of_one}
        currencies = [name for name in self.currencies if any(name in sums for sums in mixed.values())]
        total: dict[str, Value] = {first: _("Total"), **self.sums()}
        total |= {title: Money(money[title].get(name, 0), name) for title, name in of_one.items() if title in money}
        if len(currencies) <= 1:
            return [total | _of_one_currency(mixed, *currencies)]
        label = _("Total {currency}")
        rows = {name: _of_one_currency(mixed, name) for name in currencies}
        return [total, *(row | {first: label.format(currency=name)} for name, row in rows.items())]


def _of_one_currency(money: Mapping[str, Mapping[str, int]], currency: str = "") -> dict[str, Value]:
    """The sums of columns of money in one currency; plain nothing where there is none."""
    return {title: Money(sums.get(currency, 0), currency) if currency else 0 for title, sums in money.items()}


T = TypeVar("T")


def table(
    name: str, columns: Sequence[tuple[Column, Callable[[T], Value]]], items: Iterable[T], **options: Any
) -> Sheet:
    """A sheet of things, each column with how its cell is got from one of them; options as of `Sheet`."""
    rows = [[value(item) for _column, value in columns] for item in items]
    return Sheet(name, tuple(column for column, _value in columns), rows, **options)


def write(path: Path, sheets: Sequence[Sheet]) -> Path:
    """Writes a workbook and returns where it lies: beside the wished name where that is taken or held open.

    Raises NotFound without the folder, StorageTrouble where the disk refuses, RetcliError where the file does not read
    back as it was written; nothing is left behind then, and no older file is touched.
    """
    if not path.parent.is_dir():
        raise NotFound(_("There is no folder {path}").format(path=path.parent), _("Check the name"), file=path.parent)
    # beside the target, since a file can be put in place in one step only within a file system
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        _save(draft, sheets)
        _verify(draft, sheets)
        return _put(draft, path)
    except OSError as refused:
        message = _("{path} cannot be written: {why}").format(path=path, why=why(refused))
        raise StorageTrouble(message, _("Check the folder's permissions and its free space")) from refused
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _save(draft: Path, sheets: Sequence[Sheet]) -> None:
    book = openpyxl.Workbook()
    for style in looks.styles():
        book.add_named_style(style)
    for blank in book.worksheets:
        book.remove(blank)
    for sheet in sheets:
        _fill(book.create_sheet(_safe_name(sheet.name)), sheet)
    handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as stream:
        archive = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        try:
            ExcelWriter(book, archive).save()
        except BaseException:
            archive.fp = None  # else its end is written once more when the object goes, on the disk that just failed
            raise
        stream.flush()
        os.fsync(stream.fileno())


def _safe_name(name: str) -> str:
    """A sheet's name as Excel takes it: 31 characters, none of seven signs, no apostrophe at either end."""
    return name.translate(_NEVER_IN_NAMES).strip("'")[:31]


def _fill(page: Worksheet, sheet: Sheet) -> None:
    """One sheet: heading, rows, total, notes, charts, and how it prints."""
    for place, column in enumerate(sheet.columns, 1):
        _put_cell(page.cell(1, place), column.title, "text", looks.HEADER)
    page.row_dimensions[1].height = looks.HEADER_HEIGHT
    widths = _widths(sheet)
    for number, row in enumerate(sheet.rows, 2):
        _row(page, number, row, sheet.columns)
        _raise(page, number, row, widths, sheet.columns)
    last = len(sheet.rows) + 1
    totals = sheet.totals()
    for number, total in enumerate(totals, last + 1):
        _total_row(page, number, sheet, total)
    below = last + len(totals)
    for note in sheet.notes:
        below += 1
        _put_cell(page.cell(below, 1), note, "text", looks.NOTE)
    wished = sheet.printed or len(widths)
    printed = wished if sheet.whole else looks.readable(widths, wished)
    looks.arrange(page, widths, last, printed, detail=sheet.detail, filtered=sheet.filtered and bool(sheet.rows))
    for place, column in enumerate(sheet.columns, 1):
        if column.alarm and sheet.rows:
            looks.mark_differences(page, f"{letter(place)}2:{letter(place)}{last}")
    columns = {column.title: place for place, column in enumerate(sheet.columns, 1)}
    edge = draw(page, sheet.charts if sheet.rows else (), columns, last, below, widths)
    looks.group(page, printed + 1, len(sheet.columns))
    looks.print_area(page, max(edge[0], printed), max(edge[1], below))


def _row(page: Worksheet, number: int, row: Sequence[Value], columns: Sequence[Column]) -> None:
    heads = any(isinstance(value, Heading) for value in row)
    for place, (column, value) in enumerate(zip(columns, row, strict=True), 1):
        style = looks.HEADING if heads else looks.name_of(_look(column.kind, value))
        _put_cell(page.cell(number, place), value, column.kind, style)


def _raise(
    page: Worksheet, number: int, row: Sequence[Value], widths: Sequence[float], columns: Sequence[Column]
) -> None:
    """Makes a row as high as its longest text that wraps needs: not every reader does that by itself."""
    lines = 1
    for value, width, column in zip(row, widths, columns, strict=True):
        wraps = column.kind == "text" and not isinstance(value, Heading)
        if wraps and isinstance(value, str) and len(value) * 2 > width:
            lines = max(lines, sum(max(-(-_wide(part) // int(width - 3)), 1) for part in value.split("\n")))
    if lines > 1:
        page.row_dimensions[number].height = min(lines * looks.LINE_HEIGHT, looks.HIGHEST)


def _total_row(page: Worksheet, number: int, sheet: Sheet, total: Mapping[str, Value]) -> None:
    """Sums as values: a formula would show as blank where nobody computes it."""
    for place, column in enumerate(sheet.columns, 1):
        value = total.get(column.title)
        kind: Kind = "text" if place == 1 else column.kind
        _put_cell(page.cell(number, place), value, kind, looks.name_of(_look(kind, value), total=True))


def _look(kind: Kind, value: Value) -> str:
    """The kind of look of a cell: money with the decimals of its currency."""
    digits = DIGITS.get(value.currency, 2) if isinstance(value, Money) else 2
    return kind if digits == 2 else f"{kind}{digits}"


def _put_cell(cell: Any, value: Value, kind: Kind, style: str) -> None:
    """One cell: the look first, so that a date keeps its own; texts never become formulas."""
    cell.style = style
    if value is None or value == "":
        return
    cell.value = _stored(value, kind)
    if isinstance(value, str):
        # openpyxl makes a formula of what begins with "="; the prefix keeps it a text when somebody edits the cell
        cell.data_type = "s"
        if value.startswith(_RISKY):
            cell.quotePrefix = True


def _stored(value: Value, kind: Kind) -> str | int | Decimal | datetime | date:
    if isinstance(value, Money):
        return Decimal(value.minor).scaleb(-DIGITS.get(value.currency, 2))
    if isinstance(value, datetime):
        # a cell's time has no zone: it is the shop's own, as its people read it
        local = value.astimezone(SHANGHAI).replace(tzinfo=None)
        return local.date() if kind == "date" else local.replace(microsecond=0)
    if isinstance(value, int) and kind == "percent":
        return Decimal(value).scaleb(-4)
    return clean(value) if isinstance(value, str) else value or 0


def clean(text: str) -> str:
    """Outside text as a cell can hold it: without control characters, and visibly cut where it is too long."""
    plain = text.replace("\r\n", "\n").translate(_PLAIN)
    # half of a surrogate pair, as a file cut in the middle has it, is no character of XML
    plain = "".join(ch for ch in plain if not "\ud800" <= ch <= "\udfff" and ch not in "\ufffe\uffff")
    return plain if len(plain) <= LONGEST else plain[: LONGEST - len(CUT)] + CUT


def _widths(sheet: Sheet) -> list[float]:
    """Each column as wide as its longest cell, up to a limit after which texts wrap."""
    totals = sheet.totals()
    widths: list[float] = []
    for place, column in enumerate(sheet.columns):
        shown = (_shown(row[place], column.kind) for row in sheet.rows if not isinstance(row[place], Heading))
        longest = max((_wide(text) for text in shown), default=0)
        longest = max([longest, *(_wide(_shown(total.get(column.title), column.kind)) for total in totals)])
        most = looks.WIDEST if column.kind == "text" else 200
        widths.append(column.width or max(min(longest + 3, most), _wide(column.title) + 4))
    return widths


def _shown(value: Value, kind: Kind) -> str:
    """About what the cell will show, for measuring."""
    if isinstance(value, Money):
        return f"{value}" + "," * (len(str(value)) // 4)
    if isinstance(value, datetime):
        return "2026-01-01" if kind == "date" else "2026-01-01 00:00"
    if kind == "percent":
        return "100.00%"
    return "" if value is None else max(str(value).split("\n"), key=_wide)


def _wide(text: str) -> int:
    return len(text) if text.isascii() else sum(2 if unicodedata.east_asian_width(ch) in "WFA" else 1 for ch in text)


def _verify(draft: Path, sheets: Sequence[Sheet]) -> None:
    """Reads the file back and compares rows, sums and kinds of cells with what was to be written."""
    # openpyxl falls back in silence to a parser that takes entity bombs
    if not openpyxl.DEFUSEDXML:
        raise RetcliError(_("defusedxml is missing: workbooks are not read without it"), "pip install defusedxml")
    with draft.open("rb") as stream, closing(openpyxl.load_workbook(stream, read_only=True)) as book:
        for sheet in sheets:
            rows = book[_safe_name(sheet.name)].iter_rows(min_row=1, max_row=len(sheet.rows) + 1)
            if not _same(iter(rows), sheet):
                message = _("The workbook does not read back as written: sheet {name}").format(name=sheet.name)
                raise RetcliError(message, _("Nothing was kept; try again"))


def _same(rows: Iterator[Sequence[Any]], sheet: Sheet) -> bool:
    titles = [cell.value or "" for cell in next(rows)]
    if titles[: len(sheet.columns)] != [clean(column.title) for column in sheet.columns]:
        return False
    added = [place for place, column in enumerate(sheet.columns) if column.adds_up]
    sums, seen = dict.fromkeys(added, Decimal(0)), 0
    for cells in rows:
        seen += 1
        if any(cell.data_type in {"f", "e"} for cell in cells):
            return False
        for place in added:
            sums[place] += Decimal(str(cells[place].value or 0))
    due = {
        place: sum((_checked(row[place], sheet.columns[place].kind) for row in sheet.rows), Decimal(0))
        for place in added
    }
    return seen == len(sheet.rows) and sums == due


def _checked(value: Value, kind: Kind) -> Decimal:
    """A cell as it counts for the comparison of what was written with what is read back."""
    stored = _stored(value, kind) if isinstance(value, int | Money) else 0
    return stored if isinstance(stored, Decimal) else Decimal(stored) if isinstance(stored, int) else Decimal(0)


def _put(draft: Path, wished: Path) -> Path:
    """Puts the finished file in place under the first name that is free and not held open."""
    for number in count(1):
        path = wished if number == 1 else wished.with_name(f"{wished.stem} ({number}){wished.suffix}")
        # an older file is never replaced, and on Windows one that is open in Excel could not be
        if path.exists():
            continue
        try:
            draft.replace(path)
        except PermissionError:
            if number > _TRIES:
                raise
            continue
        _keep(path.parent)
        return path
    raise AssertionError


def _keep(folder: Path) -> None:
    """Makes the new name last through a power cut, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
