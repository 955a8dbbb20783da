"""A file's tables as they stand, before anybody knows what they mean, and records of it by their number."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from retcli.errors import NeedsPerson
from retcli.language import _
from retcli.platforms.cells import spelled
from retcli.platforms.dialect import HEADER_WITHIN
from retcli.platforms.reader import encoding_of, not_a_bomb


@dataclass(frozen=True)
class Table:
    """One table of a file; `rows` reads it from its very first line, each call anew."""

    name: str
    encoding: str
    rows: Callable[[], Iterator[list[str]]]


def tables(path: Path, encoding: str = "") -> list[Table]:
    """The sheets of a workbook, or a text with either delimiter. Raises NeedsPerson where it cannot be opened."""
    with path.open("rb") as stream:
        start = stream.read(8)
    if not start:
        raise NeedsPerson(_("The file is empty"), _("Download it again"), file=path.name)
    if start[:2] == b"PK" or start == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _sheets(path)
    found = encoding_of(path, encoding)
    return [Table("", found, _Text(path, found, delimiter)) for delimiter in (",", "\t")]


def _sheets(path: Path) -> list[Table]:
    from python_calamine import CalamineError, CalamineWorkbook

    not_a_bomb(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        return [Table(name, "xlsx", _Sheet(book, name)) for name in book.sheet_names]
    except (CalamineError, OSError, ValueError) as broken:
        message = _("The workbook cannot be opened: {why}").format(why=broken)
        raise NeedsPerson(message, _("Download it again, or take off its password"), file=path.name) from broken


@dataclass(frozen=True)
class _Sheet:
    """The rows of a sheet."""

    book: object
    name: str

    def __call__(self) -> Iterator[list[str]]:
        sheet = self.book.get_sheet_by_name(self.name)  # type: ignore[attr-defined]
        return ([spelled(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False))


@dataclass(frozen=True)
class _Text:
    """The records of a text, as far as they can be read."""

    path: Path
    encoding: str
    delimiter: str

    def __call__(self) -> Iterator[list[str]]:
        with self.path.open(encoding=self.encoding, newline="") as stream:
            try:
                yield from csv.reader(stream, delimiter=self.delimiter)
            except (csv.Error, UnicodeDecodeError):
                return


def head(table: Table) -> list[list[str]]:
    """The lines among which the header stands."""
    return list(islice(table.rows(), HEADER_WITHIN))


def records(path: Path, header: Sequence[str], wanted: set[int], encoding: str = "") -> dict[int, list[str]]:
    """The records of some numbers (the header counts) under a header, as they stand in the file."""
    for table in tables(path, encoding):
        place = next((place for place, cells in enumerate(head(table)) if cells == list(header)), None)
        if place is not None:
            last = max(wanted)
            rows = islice(enumerate(table.rows(), 1), place + 1, last)
            return {number: cells for number, cells in rows if number in wanted}
    return {}
