"""Workbooks, new (xlsx) and old (xls): measured before the parser opens them, then read row by row."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import IO, Any

from retcli.errors import NeedsPerson
from retcli.language import _
from retcli.reading import compound, limits, sheetparts
from retcli.reading.archives import unzipped
from retcli.reading.cells import spelled
from retcli.reading.source import Source, Table, UnknownKind, damaged, locked, too_big, too_big_unpacked

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_NO_XLSX = {"xl/workbook.bin", "content.xml"}
"""Parts of packages that are no xlsx: the binary workbook (xlsb), and OpenDocument."""


def is_package(source: Source) -> bool:
    """Whether a zip is an Office document. Raises NeedsPerson where its directory is damaged or beyond the limits,
    UnknownKind for a kind of workbook that is not read here.
    """
    with source.open() as stream, unzipped(source, stream) as archive:
        names = archive.namelist()
    if not _NO_XLSX.isdisjoint(names):
        message = _("{name} is no workbook that can be read here").format(name=source.shown)
        raise UnknownKind(message, _("Save it as xlsx or CSV"), file=source.file)
    return "[Content_Types].xml" in names


def xlsx(source: Source) -> list[Table]:
    """The sheets of a new workbook (xlsx). Raises NeedsPerson where it is damaged, locked, or beyond the limits."""
    with source.open() as stream:
        content = io.BytesIO(stream.read())
    sheetparts.measure(source, content)
    return _sheets(source, content, "xlsx")


def xls(source: Source) -> list[Table]:
    """The sheets of an old workbook (xls). Raises NeedsPerson where it is damaged, locked, or beyond the limits."""
    too_big(source, limits.PACKED_AT_MOST)
    with source.open() as stream:
        content = stream.read()
    # an xlsx with a password is an OLE2 file with one encrypted stream inside
    if ENCRYPTED in content:
        raise locked(source)
    compound.measure(source, content)
    return _sheets(source, io.BytesIO(content), "xls")


def _sheets(source: Source, content: IO[bytes], encoding: str) -> list[Table]:
    """The worksheets of a measured workbook. Raises NeedsPerson where it is damaged or has too many."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    with _parsing(source):
        content.seek(0)
        book = CalamineWorkbook.from_filelike(content)
        sheets = book.sheets_metadata
    if len(sheets) > limits.SHEETS_AT_MOST:
        raise too_big_unpacked(source)
    return [
        Table(sheet.name, encoding, partial(_rows, source, book, place))
        for place, sheet in enumerate(sheets)
        if sheet.typ == SheetTypeEnum.WorkSheet
    ]


@contextmanager
def _parsing(source: Source) -> Iterator[None]:
    """Turns whatever the parser raises for a damaged workbook into one NeedsPerson."""
    from python_calamine import PasswordError

    try:
        yield
    except PasswordError as secret:
        raise locked(source) from secret
    except (NeedsPerson, MemoryError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    # a panic of the parser's Rust code comes as an exception that is no Exception
    except BaseException as broken:
        raise damaged(source) from broken


def _rows(source: Source, book: Any, place: int) -> Iterator[list[str]]:
    """The rows of a sheet as text, from its first line and column, empty ones too."""
    with _parsing(source):
        sheet = book.get_sheet_by_index(place)
        # the parser begins at the first column with a cell; its rows begin at the first line by themselves
        before = [""] * sheet.start[1] if sheet.start else []
        for row in sheet.iter_rows():
            cells = [cell if cell.__class__ is str else _spelled(cell) for cell in row]
            yield before + cells if before else cells


def _spelled(cell: object) -> str:
    """A cell as `cells.spelled` writes it."""
    # nearly all numbers are written as they are: these without the Decimal that it makes of each
    if cell.__class__ is float:
        number: float = cell
        if number.is_integer():
            return str(int(number)) if -1e15 < number < 1e15 else spelled(number)
        return repr(number)
    return spelled(cell)
