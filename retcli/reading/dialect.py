"""What an export looks like: which of our words stands under which column names."""

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
    """A row that cannot be taken: its number in the file (the header counts), the column, the text, a message id.

    Who knows only our word for the column says `word` instead, and the reader names the file's own.
    """

    row: int
    column: str
    text: str
    problem: str
    order: str = ""
    word: str = ""


@dataclass(frozen=True)
class Row:
    """A row understood: our words and their values (money in minor units, instants as ISO text in UTC)."""

    number: int
    values: dict[str, Any]


RowSteps = Callable[[Iterable[Row | Fault]], Iterator[Row | Fault]]
Columns = dict[str, list[Any]]
"""The values of some rows by our words, each column as long as the others."""


@dataclass(frozen=True)
class Field:
    """One of our words: the accepted column names, how a cell is read, whether the column must be there (`required`)
    and whether its cell must be filled (`needed`). With `filled` an empty cell gives way to that of the next column
    that is there. A name that begins with ``_`` is for a step of the dialect alone, which takes it out of the row.
    """

    name: str
    headers: tuple[str, ...]
    read: Read
    required: bool = False
    needed: bool = False
    filled: bool = False


@dataclass(frozen=True)
class Total:
    """A number that files state about themselves: what it is (a message id), what a row as it stands adds to it,
    whether it is money in minor units or a plain count, and the word whose column a file may lack: then the number
    cannot be compared.
    """

    what: str
    adds: Callable[[Mapping[str, Any]], int]
    money: bool = True
    column: str = ""


@dataclass(frozen=True)
class Dialect:
    """A kind of file: its platform, what its rows hold, its fields.

    A file with one of the columns in `never` is of a relative; columns in `ignored` are known and not read.
    `skips` tells a record after the header that is no data (an explanation, a total), `starting` the same by columns
    and how their cells begin; `after` lines at the top are never the header. `row_steps` make of the rows as they stand
    the rows as they are meant, where a row says something only together with its neighbours; `across` makes the columns
    anew where they say something only together, many rows at once. `stated` reads from a
    skipped record the `totals` that the file claims, by their names; the rows must add up to them. `footed` says by the
    lines above the header whether such a record ends the file, so that a text without one was cut off. A kind of file
    that is known and of no use here says in `refused` why (a message id). One `by_hand` comes from a mapping file.
    """

    name: str
    platform: str
    holds: str
    fields: tuple[Field, ...]
    never: tuple[str, ...] = ()
    ignored: frozenset[str] = field(default_factory=frozenset)
    skips: Callable[[Cells], bool] | None = None
    row_steps: RowSteps | None = None
    across: Callable[[Columns], Columns] | None = None
    totals: Mapping[str, Total] = field(default_factory=dict)
    stated: Callable[[Cells], Mapping[str, int]] | None = None
    footed: Callable[[Sequence[Cells]], bool] | None = None
    refused: str = ""
    after: int = 0
    starting: tuple[tuple[str, tuple[str, ...]], ...] = ()
    by_hand: bool = False


@dataclass(frozen=True)
class Match:
    """How a header row fits a dialect: the column of each field, the names nobody asked for, the fields not there, and
    the columns that stand in for empty cells.
    """

    dialect: Dialect
    columns: dict[str, int]
    header: tuple[str, ...]
    unknown: tuple[str, ...]
    missing: tuple[Field, ...]
    instead: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def fits(self) -> bool:
        """Whether every required column is there."""
        return not any(lacking.required for lacking in self.missing)

    @property
    def mended(self) -> bool:
        """Whether its rows are some that were refused before, as retcli wrote them out."""
        return bool(_beside(self.header))


@lru_cache(maxsize=8192)
def bare_name(name: str) -> str:
    """A column name in the form that names are compared in: half-width, without blanks, tabs and backticks."""
    half = unicodedata.normalize("NFKC", name).replace("帐", "账").casefold()
    return "".join(ch for ch in half if not ch.isspace() and ch not in "\ufeff`")


_ID_OR_TIME = re.compile(r"\d{6}|\d:\d")


def explains(cells: Cells) -> bool:
    """Whether a record holds neither an id nor a time, as a row that explains the columns."""
    return not any(_ID_OR_TIME.search(cell) for cell in cells)


def _beside(header: Sequence[str]) -> frozenset[str]:
    """The two columns that retcli itself wrote beside refused rows, where both are there."""
    both_names = [both(ROW_NUMBER), both(REASON)]
    names = {name.strip() for name in header}
    return frozenset(n for of in both_names for n in of) if all(names.intersection(of) for of in both_names) else _NONE


_NONE: frozenset[str] = frozenset()


def _begins(begins: Sequence[tuple[int, tuple[str, ...]]], cells: Cells) -> bool:
    return any(place < len(cells) and cells[place].strip().startswith(texts) for place, texts in begins)


@lru_cache(maxsize=64)
def _places(header: tuple[str, ...]) -> Mapping[str, int]:
    """Where each name of a header stands first, by its bare form."""
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        places.setdefault(bare_name(name), place)
    return places


def may_fit(dialect: Dialect, header: Sequence[str]) -> bool:
    """Whether every column that the dialect must have is in a row: a quick look before a whole match."""
    places = _places(tuple(header))
    return all(any(bare_name(name) in places for name in field.headers) for field in dialect.fields if field.required)


def match(dialect: Dialect, header: Sequence[str]) -> Match | None:
    """How a row fits as the header of a dialect; None where a column says that it is another kind of file."""
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
