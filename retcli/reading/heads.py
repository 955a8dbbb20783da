"""The first lines of a table, before its kind is known, and single records of a table by their number."""

import codecs
from itertools import islice
from pathlib import Path

from retcli.errors import NeedsPerson
from retcli.reading import limits
from retcli.reading.containers import Table, tables
from retcli.reading.reader import Reading


def first(table: Table, lines: int = limits.HEADER_WITHIN) -> list[list[str]]:
    """The first lines of a table, among which its header stands; fewer where the table is damaged after them."""
    lines_read: list[list[str]] = []
    try:
        lines_read.extend(islice(table.rows(), lines))
    except NeedsPerson:
        return lines_read
    return lines_read


def records(path: Path, of: Reading, wanted: set[int]) -> dict[int, list[str]]:
    """The records with the `wanted` numbers (the header counts) of a table that was read, as cells, by number; none
    where the file has no such table any more.
    """
    name, header = of.table, list(of.match.header)
    for table in tables(path, of.encoding if _is_encoding(of.encoding) else ""):
        place = next((n for n, cells in enumerate(first(table)) if cells == header), None)
        if table.name in {name, ""} and place is not None:
            rows = islice(enumerate(table.rows(), 1), place + 1, max(wanted))
            return {number: cells for number, cells in rows if number in wanted}
    return {}


def _is_encoding(name: str) -> bool:
    """Whether a table's `encoding` names one of text, and not a kind of workbook."""
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True
