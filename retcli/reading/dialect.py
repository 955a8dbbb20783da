"""A dialect, which describes one kind of export as data (its columns, readers and quirks), and how a header row is
matched against it. The dialects themselves are in `retcli/platforms`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Any

from retcli.language import both
from retcli.reading.cells import Read
from retcli.rules.imports.mended_sheet import REASON, ROW_NUMBER

Cells = Sequence[str]


@dataclass(frozen=True)
class Fault:
    """A row that cannot be taken in: its number in the file (the header counts), the column, the cell's text, and the
    reason (a message id). A row step that knows only our word for the column sets `word`, from which the reader fills
    in the file's own column name.
    """

    row: int
    column: str
    text: str
    problem: str
    order: str = ""
    word: str = ""


@dataclass(frozen=True)
class Row:
    """A row that was read: its number in the file, and values by our words (money in minor units, instants as ISO text
    in UTC).
    """

    number: int
    values: dict[str, Any]


RowSteps = Callable[[Iterable[Row | Fault]], Iterator[Row | Fault]]
Columns = dict[str, list[Any]]
"""The values of some rows by our words; all columns have the same length."""


@dataclass(frozen=True)
class Field:
    """One of our words and the columns that it may be read from."""

    name: str  # one that begins with ``_`` is for a row step of the dialect, which takes it out of the row
    headers: tuple[str, ...]  # column names, the preferred first
    read: Read  # turns a cell into the value
    required: bool = False  # without the column the file is another kind
    needed: bool = False  # a row whose cell is empty is refused
    filled: bool = False  # an empty cell is filled from the next of `headers` that the file has


@dataclass(frozen=True)
class Total:
    """A total that a kind of file states about itself, to be compared with its rows."""

    what: str  # its name (a message id)
    adds: Callable[[Mapping[str, Any]], int]  # what a row adds to it, from its values by our words
    money: bool = True  # minor units; False: a plain count
    column: str = ""  # our word whose column a file may lack: without it the total is not compared


@dataclass(frozen=True)
class Dialect:
    """One kind of export, as data."""

    name: str
    platform: str
    holds: str  # what its rows are: sales, orders, items, refunds, bills, products, counts, movements
    fields: tuple[Field, ...]
    never: tuple[str, ...] = ()  # columns that only another kind of file has
    ignored: frozenset[str] = field(default_factory=frozenset)  # columns that are known and not read
    skips: Callable[[Cells], bool] | None = None  # whether a record after the header is no data
    row_steps: RowSteps | None = None  # where a row says something only together with its neighbours
    across: Callable[[Columns], Columns] | None = None  # where columns say something only together; many rows at once
    totals: Mapping[str, Total] = field(default_factory=dict)  # by name; the rows must add up to them
    stated: Callable[[Cells], Mapping[str, int]] | None = None  # the `totals` that a skipped record claims
    # by the lines above the header: whether a record of totals ends the file, so that a text without one was cut off
    footed: Callable[[Sequence[Cells]], bool] | None = None
    refused: str = ""  # why a kind of file that is known is of no use here (a message id)
    after: int = 0  # lines at the top that are never the header
    starting: tuple[tuple[str, tuple[str, ...]], ...] = ()  # as `skips`: a column, and how its cell begins
    by_hand: bool = False  # it comes from a shop's mapping file


@dataclass(frozen=True)
class Match:
    """How a header row fits a dialect; columns are counted from 0."""

    dialect: Dialect
    columns: dict[str, int]  # our word to its column
    header: tuple[str, ...]
    unknown: tuple[str, ...]  # column names that the dialect does not know
    missing: tuple[Field, ...]
    instead: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # columns that fill empty cells of a word

    @property
    def fits(self) -> bool:
        """Whether the header has every required column."""
        return not any(lacking.required for lacking in self.missing)

    @property
    def mended(self) -> bool:
        """Whether the file is a sheet of refused rows that retcli wrote and a person mended."""
        return bool(_beside(self.header))


# each name of each dialect is compared with each of the first lines of a file
@lru_cache(maxsize=8192)
def bare_name(name: str) -> str:
    """A column name as names are compared: half-width, in small letters, without blanks and backticks."""
    # 帐 and 账 are two spellings of one word, and platforms use both
    half = unicodedata.normalize("NFKC", name).replace("帐", "账").casefold()
    return "".join(ch for ch in half if not ch.isspace() and ch not in "\ufeff`")


_ID_OR_TIME = re.compile(r"\d{6}|\d:\d")


def explains(cells: Cells) -> bool:
    """Whether a record below the header only explains the columns: it holds neither an id nor a time."""
    return not any(_ID_OR_TIME.search(cell) for cell in cells)


def _beside(header: Sequence[str]) -> frozenset[str]:
    """Names of the two columns that retcli writes beside refused rows, in either language; empty unless the header has
    both of them.
    """
    both_names = [both(ROW_NUMBER), both(REASON)]
    names = {name.strip() for name in header}
    return frozenset(n for of in both_names for n in of) if all(names.intersection(of) for of in both_names) else _NONE


_NONE: frozenset[str] = frozenset()


def _begins(begins: Sequence[tuple[int, tuple[str, ...]]], cells: Cells) -> bool:
    """Whether the cell of any of some columns begins with one of its texts."""
    return any(place < len(cells) and cells[place].strip().startswith(texts) for place, texts in begins)


@lru_cache(maxsize=64)
def _places(header: tuple[str, ...]) -> Mapping[str, int]:
    """The first column of each name of a header, by its bare form."""
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        places.setdefault(bare_name(name), place)
    return places


def may_fit(dialect: Dialect, header: Sequence[str]) -> bool:
    """Whether a row has every column that the dialect requires."""
    # asked of each of the first lines for each dialect, so that a whole match is made of few
    places = _places(tuple(header))
    return all(any(bare_name(name) in places for name in field.headers) for field in dialect.fields if field.required)


def match(dialect: Dialect, header: Sequence[str]) -> Match | None:
    """How a row fits as the header of a dialect, whether or not required columns are missing; None where a column in
    `never` says that it is another kind of file.
    """
    places = _places(tuple(header))
    if any(bare_name(name) in places for name in dialect.never):
        return None
    columns: dict[str, int] = {}
    instead: dict[str, tuple[int, ...]] = {}
    for wanted in dialect.fields:
        fitting = [places[bare_name(name)] for name in wanted.headers if bare_name(name) in places]
        if fitting:
            columns[wanted.name] = fitting[0]
        if wanted.filled and len(fitting) > 1:
            instead[wanted.name] = tuple(fitting[1:])
    if dialect.starting:
        begins = [(places[bare_name(name)], texts) for name, texts in dialect.starting if bare_name(name) in places]
        dialect = replace(dialect, skips=partial(_begins, begins))
    used, beside = {*columns.values(), *(place for each in instead.values() for place in each)}, _beside(header)
    passed_over = {bare_name(name) for name in dialect.ignored}
    names = [name.strip() for place, name in enumerate(header) if place not in used and name.strip()]
    unknown = tuple(name for name in names if name not in beside and bare_name(name) not in passed_over)
    missing = tuple(wanted for wanted in dialect.fields if wanted.name not in columns)
    return Match(dialect, columns, tuple(header), unknown, missing, instead)
