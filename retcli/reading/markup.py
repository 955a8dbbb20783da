"""Workbooks that are really markup under the name .xls: a web page with a table, or SpreadsheetML."""

import codecs
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from typing import Any

from retcli.language import _
from retcli.reading import limits
from retcli.reading.archives import BROKEN
from retcli.reading.plaintext import undecodable
from retcli.reading.source import Source, Table, bad_line, damaged, too_big

PIECE = 1 << 14
"""Bytes that are parsed at a time: rows are given out in between, so that a long page is never held whole."""
SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
_NAME = f"{{{SPREADSHEET}}}"


def kind(opening: str) -> str:
    """The kind of markup by a text's first characters: ``xml`` for SpreadsheetML, ``html``, or "" for none."""
    start = opening.lower()
    if start.startswith("<?xml") and SPREADSHEET in start:
        return "xml"
    if start.startswith("<") and ("<html" in start or "<table" in start):
        return "html"
    return ""


def page(source: Source, encoding: str) -> list[Table]:
    """All tables of a web page, as one table. Raises NeedsPerson where it is too big."""
    too_big(source, limits.MARKUP_AT_MOST)
    return [Table(source.member, "html", partial(_page_rows, source, encoding))]


def spreadsheet(source: Source, encoding: str) -> list[Table]:
    """The worksheets of a SpreadsheetML workbook. Raises NeedsPerson where it is too big or damaged."""
    too_big(source, limits.MARKUP_AT_MOST)
    # read to its end once for the names: a damaged workbook is refused before any row of it is taken in
    names = [name for name, row in _sheet_rows(source, encoding) if row is None]
    return [Table(name, "xml", partial(_rows_of, source, encoding, place)) for place, name in enumerate(names)]


def _characters(source: Source, encoding: str) -> Iterator[str]:
    """The text piece by piece. Raises NeedsPerson where it is damaged, or bytes are not of the encoding."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        with source.open() as stream:
            while piece := stream.read(PIECE):
                yield decoder.decode(piece)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as wrong:
        raise undecodable(source, encoding) from wrong
    except BROKEN as broken:
        raise damaged(source) from broken


def _number(text: str | None, otherwise: int = 1) -> int:
    """A whole number in an attribute; `otherwise` where it is none, or longer than any sheet."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else otherwise


class _Page(HTMLParser):
    """Collects the rows of a page's tables as each is closed. Merged cells leave the others of theirs empty; a table
    inside a cell is part of the cell's text.
    """

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.row: list[str] | None = None
        self.cell: list[str] | None = None
        self.span = (1, 1)
        self.depth = self.number = 0
        self.covered: dict[int, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begins a table, a row or a cell; end tags before them may be missing, as HTML allows."""
        if tag == "table":
            self.depth += 1
        elif tag == "br" and self.cell is not None:
            self.cell.append("\n")
        elif self.depth == 1 and tag == "tr":
            self._end_row()
            self.row = []
        elif self.depth == 1 and tag in {"td", "th"}:
            self._end_cell()
            attributes = dict(attrs)
            self.span = (_number(attributes.get("colspan")), _number(attributes.get("rowspan")))
            self.cell = []

    def handle_endtag(self, tag: str) -> None:
        """Ends a cell, a row or a table."""
        if self.depth == 1 and tag in {"td", "th"}:
            self._end_cell()
        elif self.depth == 1 and tag in {"tr", "table"}:
            self._end_row()
        if tag == "table" and self.depth:
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        """Adds text to the cell that is open."""
        if self.cell is not None:
            self.cell.append(data)

    def _end_cell(self) -> None:
        """Puts the open cell into its row, behind cells that reach down from above."""
        if self.cell is None:
            return
        self.row = [] if self.row is None else self.row
        self._pass_over()
        # one more than may be: enough for the row to be refused, too few to fill the memory
        columns, rows = min(self.span[0], limits.COLUMNS_AT_MOST + 1), self.span[1]
        if rows > 1:
            self.covered.update(dict.fromkeys(range(len(self.row), len(self.row) + columns), self.number + rows))
        self.row += ["".join(self.cell).strip(), *[""] * (columns - 1)]
        self.cell = None

    def _end_row(self) -> None:
        """Puts the open row among the finished ones."""
        self._end_cell()
        if self.row is not None:
            self._pass_over()
            self.rows.append(self.row)
            self.number += 1
        self.row = None

    def _pass_over(self) -> None:
        """Adds an empty cell for each next column that a merged cell of a row above covers."""
        assert self.row is not None
        while self.covered.get(len(self.row), 0) > self.number:
            self.row.append("")


def _page_rows(source: Source, encoding: str) -> Iterator[list[str]]:
    """The rows of all tables of a page. Raises NeedsPerson where a table is not closed, or beyond the limits."""
    parser = _Page()
    for text in _characters(source, encoding):
        parser.feed(text)
        # what is unfinished counts too: a row or cell that never ends would else grow without a check
        _within(source, parser.getpos()[0], parser.row or [], len(parser.rawdata) + sum(map(len, parser.cell or [])))
        for row in _taken(parser.rows):
            _within(source, parser.getpos()[0], row, 0)
            yield row
    line = parser.getpos()[0]
    parser.close()
    if parser.depth:
        raise bad_line(source, line, _("the table does not end"), _("The download was cut off: download it again"))
    yield from _taken(parser.rows)


def _taken(rows: list[list[str]]) -> list[list[str]]:
    """Takes the finished rows out of the parser's list."""
    finished = rows[:]
    rows.clear()
    return finished


def _within(source: Source, line: int, row: list[str], characters: int) -> None:
    """Raises NeedsPerson for a row that is too wide or a cell that is too long."""
    if len(row) > limits.COLUMNS_AT_MOST:
        why = _("it has {n} cells, at most {most} can be").format(n=len(row), most=limits.COLUMNS_AT_MOST)
        raise bad_line(source, line, why, _("Export it again"))
    if characters > limits.CELL_AT_MOST:
        why = _("a cell has more than {most} characters").format(most=limits.CELL_AT_MOST)
        raise bad_line(source, line, why, _("Export it again"))


class _Workbook:
    """The target of a SpreadsheetML parser: collects each worksheet's name with no row, then its rows. Cells and rows
    that are left out by an index are empty.
    """

    def __init__(self) -> None:
        self.collected: list[tuple[str, list[str] | None]] = []
        self.sheet = ""
        self.row: list[str] = []
        self.number = self.across = self.characters = 0
        self.cell: list[str] = []
        self.in_data = False

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        """Begins a worksheet, a row, a cell or its data; an index leaves out what comes before it."""
        self.characters = 0
        at = _number(attrs.get(f"{_NAME}Index"))
        if tag == f"{_NAME}Worksheet":
            self.sheet, self.number = attrs.get(f"{_NAME}Name", ""), 0
            self.collected.append((self.sheet, None))
        elif tag == f"{_NAME}Row":
            self.number = self._skip(at) if f"{_NAME}Index" in attrs else self.number + 1
            self.row = []
        elif tag == f"{_NAME}Cell":
            if f"{_NAME}Index" in attrs:
                self.row += [""] * (min(at, limits.COLUMNS_AT_MOST + 1) - 1 - len(self.row))
            self.across, self.cell = _number(attrs.get(f"{_NAME}MergeAcross"), 0), []
        elif tag == f"{_NAME}Data":
            self.in_data = True

    def data(self, text: str) -> None:
        """Counts characters, and adds those of a cell's data to it."""
        self.characters += len(text)
        if self.in_data:
            self.cell.append(text)

    def end(self, tag: str) -> None:
        """Ends a cell or a row; further columns of a merged cell are empty."""
        if tag == f"{_NAME}Data":
            self.in_data = False
        elif tag == f"{_NAME}Cell":
            self.row += ["".join(self.cell), *[""] * min(self.across, limits.COLUMNS_AT_MOST)]
        elif tag == f"{_NAME}Row":
            self.collected.append((self.sheet, self.row))

    def taken(self) -> list[tuple[str, list[str] | None]]:
        """Takes what was collected since the last call."""
        collected, self.collected = self.collected, []
        return collected

    def close(self) -> None:
        """Required of a parser's target."""

    def _skip(self, to: int) -> int:
        """Adds empty rows up to the one with the number `to`, no more than a sheet can have; that row's number."""
        gap = min(to, 1 << 20) - 1 - self.number
        self.collected += [(self.sheet, [])] * gap
        return self.number + max(gap, 0) + 1


def _sheet_rows(source: Source, encoding: str) -> Iterator[tuple[str, list[str] | None]]:
    """For each worksheet its name with None, then with each of its rows. Raises NeedsPerson where the markup is broken,
    defines entities, or is beyond the limits.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser, ParseError

    book = _Workbook()
    # a document type may define entities that unfold into gigabytes, or read other files
    parser: Any = DefusedXMLParser(target=book, encoding="utf-8", forbid_dtd=True)
    line = 1
    try:
        for text in _characters(source, encoding):
            parser.feed(text.encode())
            line = parser.parser.CurrentLineNumber
            _within(source, line, book.row, book.characters)
            for name, row in book.taken():
                _within(source, line, row or [], 0)
                yield name, row
        parser.close()
    except DefusedXmlException as bomb:
        raise bad_line(source, line, _("it defines entities"), _("Save it as xlsx or CSV")) from bomb
    except (ParseError, ValueError) as broken:
        hint = _("The download was cut off: download it again")
        at = broken.position[0] if isinstance(broken, ParseError) else line
        raise bad_line(source, at, _("its markup is broken"), hint) from broken


def _rows_of(source: Source, encoding: str, wanted: int) -> Iterator[list[str]]:
    """The rows of one worksheet (`wanted` counts from 0), each filled up to the width of the widest before it, since
    SpreadsheetML leaves out empty cells at a row's end.
    """
    place, width = -1, 0
    for _name, row in _sheet_rows(source, encoding):
        place += row is None
        if place == wanted and row is not None:
            width = max(width, len(row))
            yield row + [""] * (width - len(row)) if row else row
