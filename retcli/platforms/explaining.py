"""Explains how a file would be read: the kinds that fit, what each column is taken for, what is missing, or which known
kinds come near.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Any

from retcli.errors import NeedsPerson
from retcli.language import _
from retcli.platforms import DIALECTS, vocabulary
from retcli.reading.cells import Unreadable, money, plain, worth
from retcli.reading.containers import Table, tables
from retcli.reading.dialect import Dialect, Fault, Match, Row, bare_name, match
from retcli.reading.footers import Footer
from retcli.reading.heads import first
from retcli.reading.reader import passed_over
from retcli.reading.records import chunks

LOOKED_AT = 2000
"""Rows that are searched for a filled cell of each column."""
"""Rows that are searched for a filled cell of each column."""
SHOWN_ROWS = 3
NEAREST = 3
ALIKE = 0.6
"""How alike two names must be (difflib's ratio) to be taken for each other; difflib's own usual limit."""


@dataclass(frozen=True)
class Taken:
    """A column that is read: our word, its header, a sample cell and its value (None with `problem`, a message id,
    where it is unreadable); `money`: the value is minor units.
    """

    word: str
    header: str
    sample: str
    value: Any
    problem: str = ""
    money: bool = False


@dataclass(frozen=True)
class Near:
    """A kind that nearly fits: the columns it lacks, and pairs of a name it wants and a similar one of the file."""

    dialect: Dialect
    lacks: tuple[str, ...]
    alike: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Explained:
    """How a file would be read, by the first of the kinds that fit; for an unknown file the nearest kinds."""

    container: str  # a text's encoding, or the kind of workbook
    table: str  # name of the sheet or of the archive's member
    header_at: int  # the header's line, counted from 1
    header: tuple[str, ...]
    fits: tuple[Dialect, ...] = ()
    taken: tuple[Taken, ...] = ()  # columns that are read
    ignored: tuple[str, ...] = ()  # columns that are not
    missing: tuple[tuple[str, str, bool], ...] = ()  # our word, the usual header, whether it is required
    rows: tuple[Row | Fault, ...] = ()  # the first rows as they are understood
    nearest: tuple[Near, ...] = ()
    cells: tuple[tuple[str, ...], ...] = ()  # the records that rows and samples were read from


@dataclass(frozen=True)
class Place:
    """A line that may be a header: its table, its number (from 0), its cells, and the dialects that it matches."""

    table: Table
    line: int
    header: tuple[str, ...]
    matches: tuple[Match, ...]


def explained(path: Path, dialects: Sequence[Dialect], encoding: str = "") -> Explained:
    """How a file would be read by some dialects. Raises NeedsPerson where it cannot be opened or holds no table,
    UnknownKind where the only header is in a line that a mapping file passes over.
    """
    places = [place for table in tables(path, encoding) for place in _places(table, dialects)]
    fitting = [place for place in places if any(_counts(matched, place) for matched in place.matches)]
    above = [(matched.dialect, place.line) for place in places for matched in place.matches if matched.fits]
    if above and not fitting:
        dialect, line = above[0]
        raise passed_over(dialect, line + 1, path)
    if not fitting:
        place = best_header(path, encoding)
        lines = [each for each in places if each.matches]
        at = (place.table.encoding, place.table.name, place.line + 1, place.header)
        return Explained(*at, nearest=tuple(islice(_nearest(lines), NEAREST)))
    # of several headers the one with the most columns, of equal ones the upper, as the reader decides it
    place = max(fitting, key=lambda each: (max(len(m.columns) for m in each.matches if _counts(m, each)), -each.line))
    matches = _best([matched for matched in place.matches if _counts(matched, place)])
    return _of(place, matches)


def _counts(matched: Match, place: Place) -> bool:
    """Whether a header has all required columns and is not in a line that the dialect passes over."""
    return matched.fits and place.line >= matched.dialect.after


def _places(table: Table, dialects: Sequence[Dialect]) -> Iterator[Place]:
    """Each of a table's first lines, with the dialects that it could be the header of."""
    for line, cells in enumerate(first(table)):
        matches = [match(dialect, cells) for dialect in dialects]
        yield Place(table, line, tuple(cells), tuple(each for each in matches if each))


def _best(matches: Sequence[Match]) -> list[Match]:
    """The matches without those that read only a part of what another reads, the one with the most columns first."""
    columns = [set(matched.columns.values()) for matched in matches]
    best = [
        matched
        for matched, of_match in zip(matches, columns, strict=True)
        if not any(of_match < of_other for of_other in columns)
    ]
    return sorted(best, key=lambda matched: -len(matched.columns))


def _of(place: Place, matches: Sequence[Match]) -> Explained:
    """The explanation of a table by the first of the dialects that fit."""
    best = matches[0]
    records = first(place.table, place.line + 1 + LOOKED_AT)[place.line + 1 :]
    footer = Footer(best)
    body = [
        cells
        for cells in records
        if any(cells) and not (best.dialect.skips and best.dialect.skips(cells)) and not footer.taken_out([cells])
    ]
    samples = [sample_row(body, place) for place in best.columns.values()]
    rows = [row for chunk in chunks(best, body[:SHOWN_ROWS], place.line + 2) for row in chunk.rows()]
    return Explained(
        container=place.table.encoding,
        table=place.table.name,
        header_at=place.line + 1,
        header=place.header,
        fits=tuple(each.dialect for each in matches),
        taken=tuple(_taken(best, body)),
        ignored=best.unknown,
        missing=tuple((lacking.name, lacking.headers[0], lacking.required) for lacking in best.missing),
        rows=tuple(rows),
        cells=tuple(dict.fromkeys(tuple(cells) for cells in [*body[:SHOWN_ROWS], *samples])),
    )


def _taken(matched: Match, body: Sequence[Sequence[str]]) -> Iterator[Taken]:
    """Each column that is read, with its first filled cell."""
    fields = {field.name: field for field in matched.dialect.fields}
    for name, place in matched.columns.items():
        row = sample_row(body, place)
        sample = row[place].strip() if row else ""
        try:
            value, problem = fields[name].read(sample), ""
        except Unreadable as wrong:
            value, problem = None, str(wrong)
        yield Taken(name, matched.header[place].strip(), sample, value, problem, fields[name].read in {money, worth})


def sample_row(body: Iterable[Sequence[str]], place: int) -> Sequence[str]:
    """The first row in which a column is filled; an empty one where none is."""
    return next((cells for cells in body if place < len(cells) and plain(cells[place])), ())


def _nearest(places: Sequence[Place]) -> Iterator[Near]:
    """The kinds that have the most of their columns in some line of the file, the nearest first, each once."""
    ranked = [(_nearness(matched), place, matched) for place in places for matched in place.matches]
    ranked = [each for each in ranked if each[0] > 0]
    seen = set[str]()
    for _rank, _place, matched in sorted(ranked, key=lambda each: -each[0]):
        if matched.dialect.name in seen:
            continue
        seen.add(matched.dialect.name)
        lacks = [lacking for lacking in matched.missing if lacking.required]
        alike = [(lacking.headers[0], near) for lacking in lacks if (near := _alike(lacking.headers, matched.unknown))]
        yield Near(matched.dialect, tuple(lacking.headers[0] for lacking in lacks), tuple(alike))


def _nearness(matched: Match) -> int:
    """How near a header comes to a kind: required columns that are there, or similar ones, count more than the others;
    0 where not even two are.
    """
    required = [field.name for field in matched.dialect.fields if field.required]
    lacks = [field for field in matched.missing if field.required]
    near = sum(1 for field in lacks if _alike(field.headers, matched.unknown))
    there = len(required) - len(lacks)
    return 3 * there + 2 * near + len(matched.columns) if there + near > 1 else 0


def _alike(wanted: Sequence[str], names: Sequence[str]) -> str:
    """The name that is most like one of the wanted ones; "" where none is like any."""
    bare = {bare_name(name): name for name in names}
    for name in wanted:
        near = get_close_matches(bare_name(name), list(bare), n=1, cutoff=ALIKE)
        if near:
            return bare[near[0]]
    return ""


def best_header(path: Path, encoding: str = "") -> Place:
    """The line of an unknown file that looks most like a header: with the most column names that any kind knows, then
    with the most different cells. Raises NeedsPerson where the file holds no table.
    """
    column_names = known_names()
    lines = [(table, line, cells) for table in tables(path, encoding) for line, cells in enumerate(first(table))]
    if not any(len([cell for cell in cells if cell.strip()]) > 1 for _table, _line, cells in lines):
        message = _("The file holds no table with columns")
        raise NeedsPerson(message, _("Export it as CSV or xlsx"), file=path.name)

    def rank(each: tuple[Table, int, list[str]]) -> tuple[int, int, int]:
        """How much a line looks like a header; of equal ones the upper."""
        filled = [cell for cell in each[2] if cell.strip()]
        return sum(1 for cell in filled if bare_name(cell) in column_names), len(set(filled)), -each[1]

    table, line, cells = max(lines, key=rank)
    return Place(table, line, tuple(cells), ())


def known_names() -> frozenset[str]:
    """Every column name that is usual for one of our words, or that a built-in dialect reads."""
    names = {name for words in vocabulary.WORDS.values() for each in words for name in each.often}
    names |= {name for dialect in DIALECTS for field in dialect.fields for name in field.headers}
    return frozenset(bare_name(name) for name in names)
