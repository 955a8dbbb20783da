"""A file that says how many pieces of each product there are: an ERP's stock list, or what a handheld counted. Its
columns are named (code, quantity, perhaps the time), or are just these in this order.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from retcli.errors import NeedsPerson
from retcli.language import _, mark
from retcli.reading import cells
from retcli.reading.containers import Table, tables
from retcli.reading.dialect import bare_name

CODES = (
    "商家编码", "规格编码", "商品规格编码", "规格商家编码", "sku编码", "sku", "skuid", "商品编码", "货品编号", "货号",
    "条码", "商品条码", "条形码", "barcode", "code",
)  # fmt: skip
"""Headings of the column of codes, the one that names a product most closely first."""
QUANTITIES = (
    "盘点数量", "实盘数量", "实盘数", "可用库存", "可用库存数", "可用数", "可销库存", "可售库存", "实际库存",
    "实际库存数", "库存数量", "库存数", "库存", "数量", "quantity", "stock", "qty", "pieces",
)  # fmt: skip
"""Headings of the column of pieces, the one that means what can be sold first."""
TIMES = ("盘点时间", "counted_at", "更新时间", "时间", "time")
_HEAD_WITHIN = 10
_OTHERS = re.compile(r"[;|，；]")
"""Signs between columns that a list of codes may have, beside comma and tab."""


@dataclass(frozen=True)
class StockRow:
    """A line of such a file: a code with its pieces, and the instant when they were counted (UTC; None where it says
    none); or what is wrong with it (a message id), with the text that cannot be taken.
    """

    line: int
    code: str
    pieces: int = 0
    at: datetime | None = None
    problem: str = ""
    text: str = ""


@dataclass(frozen=True)
class _Columns:
    """The places of the columns, from 0; None for none."""

    code: int
    quantity: int
    time: int | None


def rows(path: Path) -> list[StockRow]:
    """The lines of a file. Raises NeedsPerson where it is damaged, or no column of codes and pieces is found in it."""
    for table in tables(path):
        read = list(_rows(table))
        if read:
            return read
    message = _("No columns of codes and pieces are found in {file}").format(file=path.name)
    raise NeedsPerson(message, _("Name them 商家编码 and 数量, perhaps 盘点时间"), file=path.name)


def _rows(table: Table) -> Iterator[StockRow]:
    """The lines of a table; none where it has no such columns."""
    head = [_split(row) for row in islice(table.rows(), _HEAD_WITHIN)]
    place = next((n for n, row in enumerate(head) if _named(row)), None)
    columns = _named(head[place]) if place is not None else _bare(head)
    begins = 0 if place is None else place + 1
    if columns is None:
        return
    for line, row in enumerate(table.rows(), 1):
        written = _split(row)
        if line > begins and any(cell.strip() for cell in written):
            yield _row(line, written, columns)


def _split(row: Sequence[str]) -> list[str]:
    """The cells of a row, also where another sign parts them than one that tables have."""
    bare = [cell for cell in row if cell.strip()]
    return _OTHERS.split(bare[0]) if len(bare) == 1 and _OTHERS.search(bare[0]) else list(row)


def _named(row: Sequence[str]) -> _Columns | None:
    """The columns by their headings; None where the row is no heading of such a table."""
    names = [bare_name(cell) for cell in row]
    code, quantity, time = (next((names.index(n) for n in some if n in names), None) for some in
                            (CODES, QUANTITIES, TIMES))  # fmt: skip
    return None if code is None or quantity is None else _Columns(code, quantity, time)


def _bare(head: Sequence[Sequence[str]]) -> _Columns | None:
    """The columns of a file without headings: code, pieces, time; None where its first line is none of these."""
    first = next((row for row in head if any(cell.strip() for cell in row)), [])
    return _Columns(0, 1, 2) if len(first) > 1 and first[0].strip() and _pieces(first[1]) is not None else None


def _pieces(cell: str) -> int | None:
    with suppress(cells.Unreadable):
        return cells.count(cell)
    return None


def _row(line: int, row: Sequence[str], columns: _Columns) -> StockRow:
    """A line as it says, or what is wrong with it."""
    code, quantity, time = (row[place] if place is not None and place < len(row) else "" for place in
                            (columns.code, columns.quantity, columns.time))  # fmt: skip
    code = cells.word(code)
    if not code:
        return StockRow(line, code, problem=mark("the code is missing"), text=quantity)
    pieces = _pieces(quantity)
    if pieces is None:
        return StockRow(line, code, problem=mark("not a number of pieces"), text=quantity)
    try:
        at = cells.zoned(time)
    except cells.Unreadable:
        return StockRow(line, code, problem=mark("not a time"), text=time)
    return StockRow(line, code, pieces, datetime.fromisoformat(at) if at else None)
