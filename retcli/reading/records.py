"""Turns the records of a table into values, chunk by chunk.

Cells are read a column at a time, and each different cell of a column once: most columns of an export have few words.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import merge
from itertools import compress, islice
from operator import itemgetter
from typing import Any

from retcli.language import mark
from retcli.reading.cells import Read, Unreadable
from retcli.reading.dialect import Cells, Fault, Match, Row
from retcli.reading.footers import Footer
from retcli.reading.totals import Proof

CHUNK = 500
"""Rows that are read at a time: few enough to stay in a processor's cache."""
_REMEMBERED = 20_000
"""Different cells of a column whose values are remembered: enough for its usual words, small in memory."""


_HAVE_GOODS = frozenset({"items", "sales"})
_GOODS = ("sku", "outer_sku", "title", "line")
_BLANK = " \t\"'`=-"
"""Characters that an empty cell may hold."""
_NOTHING = frozenset({"", "null", "NULL"})
"""An empty cell without those."""


@dataclass
class Chunk:
    """Some rows that follow each other in a file: their numbers (the header counts), their values in columns by our
    words, and the faults among them.
    """

    numbers: list[int]
    columns: dict[str, list[Any]]
    faults: list[Fault] = field(default_factory=list)

    def rows(self) -> Iterator[Row | Fault]:
        """Rows and faults one by one, in the order of the file."""
        names = tuple(self.columns)
        values = zip(*self.columns.values(), strict=True)
        good = (
            Row(number, dict(zip(names, row, strict=True))) for number, row in zip(self.numbers, values, strict=True)
        )
        return merge(good, self.faults, key=lambda row: row.number if isinstance(row, Row) else row.row)


class _Remembered(dict[str, Any]):
    """The values of the cells of one column that were read before, by their text."""

    def __init__(self, read: Read) -> None:
        super().__init__()
        self.read, self.asked, self.useful = read, 0, True

    def __missing__(self, cell: str) -> Any:
        value = self[cell] = self.read(cell)
        return value

    def all(self, cells: Sequence[str]) -> list[Any]:
        """The value of each cell. Raises Unreadable."""
        # A full memory that was not asked twice for each cell holds ids, amounts or times, which never come again:
        # from there on the column is read without it.
        if len(self) >= _REMEMBERED:
            self.useful = self.asked >= 2 * len(self)
            self.clear()
            self.asked = 0
        self.asked += len(cells)
        return list(map(self.__getitem__ if self.useful else self.read, cells))


@dataclass
class _Column:
    """The column of one of our words."""

    name: str
    place: int  # counted from 0
    header: str
    needed: bool  # a row whose cell is empty is refused
    seen: _Remembered
    instead: tuple[int, ...] = ()  # columns that fill its empty cells
    last: str = ""  # of the order's number: the last one that was read

    def values(self, rows: Sequence[Cells], bad: dict[int, Fault], numbers: Sequence[int]) -> list[Any]:
        """The column's value in each row; a refused row gets its first fault into `bad`, by its place."""
        cells = list(map(itemgetter(self.place), rows))
        for other in self.instead:
            pairs = zip(cells, rows, strict=True)
            cells = [row[other] if cell.strip(_BLANK) in _NOTHING else cell for cell, row in pairs]
        # all at once, and one by one only where a cell is bad: bad ones are rare
        try:
            values = self.seen.all(cells)
        except Unreadable:
            values = [self._tried(place, cell, bad, numbers) for place, cell in enumerate(cells)]
        if self.needed and (None in values or "" in values):
            for place, value in enumerate(values):
                if value is None or value == "":
                    bad.setdefault(place, Fault(numbers[place], self.header, cells[place], mark("is empty")))
        return values

    def _tried(self, place: int, cell: str, bad: dict[int, Fault], numbers: Sequence[int]) -> Any:
        """The value of one cell; None with a fault in `bad` where it cannot be read."""
        try:
            return self.seen[cell]
        except Unreadable as wrong:
            bad.setdefault(place, Fault(numbers[place], self.header, wrong.part or cell, str(wrong)))
            return None


def chunks(matched: Match, table: Iterable[Cells], first: int, *, footed: bool = False) -> Iterator[Chunk]:
    """The records after the header in chunks, after the dialect's row steps. `first` is the number of the first record
    in the file; `footed`: a record of totals must end it. Raises NeedsPerson at the end where the rows do not add up to
    the file's own totals.
    """
    as_written = _as_they_stand(matched, table, first, footed)
    if matched.dialect.row_steps is None:
        return as_written
    return _regrouped(matched, matched.dialect.row_steps(row for chunk in as_written for row in chunk.rows()))


def _as_they_stand(matched: Match, table: Iterable[Cells], first: int, footed: bool) -> Iterator[Chunk]:
    """The records in chunks before any row step, which totals are compared with. Raises NeedsPerson at the end where
    the rows do not add up to them.
    """
    fields = {wanted.name: wanted for wanted in matched.dialect.fields}
    plan = [
        _Column(
            name,
            place,
            matched.header[place].strip(),
            fields[name].needed,
            _Remembered(fields[name].read),
            matched.instead.get(name, ()),
        )
        for name, place in matched.columns.items()
    ]
    records, number, across = iter(table), first, matched.dialect.across
    proof, footer = Proof(matched, footed=footed), Footer(matched)
    while batch := list(islice(records, CHUNK)):
        numbers: Sequence[int] = range(number, number + len(batch))
        number += len(batch)
        if totals := footer.taken_out(batch):
            numbers = [each for place, each in enumerate(numbers) if place not in totals]
            batch = [row for place, row in enumerate(batch) if place not in totals]
        chunk = _chunk(matched, plan, batch, numbers, proof)
        proof.add(chunk.columns, len(chunk.numbers), whole=not chunk.faults)
        footer.add(chunk.columns, whole=not chunk.faults)
        yield chunk if across is None else replace(chunk, columns=across(chunk.columns))
    proof.compare()
    footer.compare()


def _chunk(
    matched: Match, plan: Sequence[_Column], batch: Sequence[Cells], numbers: Sequence[int], proof: Proof
) -> Chunk:
    """The chunk of a batch of records: empty ones and those that are no data are left out, misshapen and unreadable
    ones become faults.
    """
    faults: list[Fault] = []
    rows = batch
    # an orderly batch, the usual case, is looked at as a whole
    if matched.dialect.skips or set(map(len, batch)) != {len(matched.header)}:
        numbers, rows = _well_shaped(matched, plan, batch, numbers, faults, proof)
    bad: dict[int, Fault] = {}
    columns = {column.name: column.values(rows, bad, numbers) for column in plan}
    whose = next((column for column in plan if column.name == "order"), None)
    if not bad:
        if whose and rows:
            whose.last = columns["order"][-1] or ""
        return Chunk(list(numbers), columns, faults)
    orders = _whose(matched, whose, columns, rows)
    faults += [
        Fault(fault.row, fault.column, fault.text, fault.problem, orders[place])
        for place, fault in bad.items()
        if any(rows[place])
    ]
    good = [place not in bad for place in range(len(rows))]
    columns = {name: list(compress(values, good)) for name, values in columns.items()}
    return Chunk(list(compress(numbers, good)), columns, sorted(faults, key=lambda fault: fault.row))


def _whose(
    matched: Match, order: _Column | None, columns: Mapping[str, Sequence[Any]], rows: Sequence[Cells]
) -> list[str]:
    """The order's number of each row: its own; for a row of goods whose cell is empty, as merged cells leave it, that
    of the row above; "" where it cannot be known, as of a number that a spreadsheet has destroyed.
    """
    # asked for faults alone: of an order with a bad row no other row comes in either
    if order is None:
        return [""] * len(rows)
    goods = [columns[name] for name in _GOODS if name in columns] if matched.dialect.holds in _HAVE_GOODS else []
    orders = []
    for place, row in enumerate(rows):
        if row[order.place].strip(_BLANK):
            order.last = columns["order"][place] or ""
        elif not any(column[place] not in (None, "") for column in goods):
            order.last = ""
        orders.append(order.last)
    return orders


def _well_shaped(
    matched: Match,
    plan: Sequence[_Column],
    batch: Sequence[Cells],
    numbers: Sequence[int],
    faults: list[Fault],
    proof: Proof,
) -> tuple[list[int], list[Cells]]:
    """The numbers and cells of the records that fit the header's width; the others become faults, or are no data."""
    width, skips = len(matched.header), matched.dialect.skips
    kept, rows = [], []
    for number, cells in zip(numbers, batch, strict=True):
        if not any(cells):
            continue
        if skips and skips(cells):
            proof.state(cells)
            continue
        if len(cells) == width or _padded(cells, width):
            kept.append(number)
            rows.append(cells)
            continue
        problem = mark("the row has another number of cells than the header")
        faults.append(Fault(number, "", str(len(cells)), problem, _order_of(cells, plan)))
    return kept, rows


def _padded(cells: Cells, width: int) -> bool:
    """Whether a record only has empty cells too many, as after a trailing comma."""
    return len(cells) > width and not any(cell.strip() for cell in cells[width:])


def _order_of(cells: Cells, plan: Sequence[_Column]) -> str:
    """The number of the order that a misshapen row belongs to, "" where its cells do not tell."""
    # no row of that order comes in without this one
    order = next((column for column in plan if column.name == "order"), None)
    try:
        return str(order.seen[cells[order.place]]) if order else ""
    except (IndexError, Unreadable):
        return ""


def _regrouped(matched: Match, rows: Iterable[Row | Fault]) -> Iterator[Chunk]:
    """Single rows gathered into chunks again, after row steps. A word that a row lacks is None; faults get the file's
    own column name.
    """
    rows = iter(rows)
    while batch := list(islice(rows, CHUNK)):
        good = [row for row in batch if isinstance(row, Row)]
        names = dict.fromkeys(name for row in good for name in row.values)
        columns = {name: [row.values.get(name) for row in good] for name in names}
        yield Chunk(
            [row.number for row in good], columns, [_named(matched, row) for row in batch if isinstance(row, Fault)]
        )


def _named(matched: Match, fault: Fault) -> Fault:
    """A fault whose word is replaced by the file's own column name, where the file has that column."""
    place = matched.columns.get(fault.word)
    return fault if place is None else replace(fault, column=matched.header[place].strip(), word="")
