"""How a file would be read: which kinds fit, which column is taken for what, what is missing, what comes near."""

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
SHOWN_ROWS = 3
NEAREST = 3
ALIKE = 0.6
"""How alike two names must be (difflib's ratio) to be taken for each other."""


@dataclass(frozen=True)
class Taken:
    """A column that is read: our word, the header, a cell, its value (None with the reason where it is unreadable), and
    whether that is money in minor units.
    """

    word: str
    header: str
    sample: str
    value: Any
    problem: str = ""
    money: bool = False


@dataclass(frozen=True)
class Near:
    """A kind that nearly fits: the columns it lacks, and pairs of a name wanted and one of the file like it."""

    dialect: Dialect
    lacks: tuple[str, ...]
    alike: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Explained:
    """What a file seems to be: how it is written, where its header stands (counted from 1), the kinds that fit (the
    first is explained), the columns read, not used and missing, some rows as understood, the cells that they and the
    columns' samples were read from; for an unknown file the nearest kinds.
    """

    container: str
    table: str
    header_at: int
    header: tuple[str, ...]
    fits: tuple[Dialect, ...] = ()
    taken: tuple[Taken, ...] = ()
    ignored: tuple[str, ...] = ()
    missing: tuple[tuple[str, str, bool], ...] = ()
    rows: tuple[Row | Fault, ...] = ()
    nearest: tuple[Near, ...] = ()
    cells: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Place:
    """A header that was found: its table, its line (from 0), its matches."""

    table: Table
    line: int
    header: tuple[str, ...]
    matches: tuple[Match, ...]


def explained(path: Path, dialects: Sequence[Dialect], encoding: str = "") -> Explained:
    """How a file would be read by some dialects. Raises NeedsPerson where it cannot be opened or holds no table, or
    where the only header is passed over.
    """
    places = [place for table in tables(path, encoding) for place in _places(table, dialects)]
    fitting = [place for place in places if any(_counts(found, place) for found in place.matches)]
    above = [(found.dialect, place.line) for place in places for found in place.matches if found.fits]
    if above and not fitting:
        dialect, line = above[0]
        raise passed_over(dialect, line + 1, path)
    if not fitting:
        place = best_header(path, encoding)
        lines = [each for each in places if each.matches]
        at = (place.table.encoding, place.table.name, place.line + 1, place.header)
        return Explained(*at, nearest=tuple(islice(_nearest(lines), NEAREST)))
    place = max(fitting, key=lambda each: (max(len(m.columns) for m in each.matches if _counts(m, each)), -each.line))
    matches = _best([found for found in place.matches if _counts(found, place)])
    return _of(place, matches)


def _counts(found: Match, place: Place) -> bool:
    """Whether a header fits and stands where it may."""
    return found.fits and place.line >= found.dialect.after


def _places(table: Table, dialects: Sequence[Dialect]) -> Iterator[Place]:
    """Every line of a table's beginning, with the dialects that it could be the header of."""
    for line, cells in enumerate(first(table)):
        matches = [match(dialect, cells) for dialect in dialects]
        yield Place(table, line, tuple(cells), tuple(each for each in matches if each))


def _best(matches: Sequence[Match]) -> list[Match]:
    """The kinds that fit, without one that reads only a part of what another reads."""
    columns = [set(found.columns.values()) for found in matches]
    best = [m for m, mine in zip(matches, columns, strict=True) if not any(mine < other for other in columns)]
    return sorted(best, key=lambda found: -len(found.columns))


def _of(place: Place, matches: Sequence[Match]) -> Explained:
    """A table as the first of some fitting layouts reads it."""
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


def _taken(found: Match, body: Sequence[Sequence[str]]) -> Iterator[Taken]:
    """Each column read, with its first filled cell."""
    fields = {field.name: field for field in found.dialect.fields}
    for name, place in found.columns.items():
        row = sample_row(body, place)
        sample = row[place].strip() if row else ""
        try:
            value, problem = fields[name].read(sample), ""
        except Unreadable as wrong:
            value, problem = None, str(wrong)
        yield Taken(name, found.header[place].strip(), sample, value, problem, fields[name].read in {money, worth})


def sample_row(body: Iterable[Sequence[str]], place: int) -> Sequence[str]:
    """The first row in which a column is filled; empty where none is."""
    return next((cells for cells in body if place < len(cells) and plain(cells[place])), ())


def _nearest(places: Sequence[Place]) -> Iterator[Near]:
    """The kinds that have the most of their columns in some line of the file, each once."""
    ranked = [(_nearness(found), place, found) for place in places for found in place.matches]
    ranked = [each for each in ranked if each[0] > 0]
    seen = set[str]()
    for _rank, _place, found in sorted(ranked, key=lambda each: -each[0]):
        if found.dialect.name in seen:
            continue
        seen.add(found.dialect.name)
        lacks = [lacking for lacking in found.missing if lacking.required]
        alike = [(lacking.headers[0], near) for lacking in lacks if (near := _alike(lacking.headers, found.unknown))]
        yield Near(found.dialect, tuple(lacking.headers[0] for lacking in lacks), tuple(alike))


def _nearness(found: Match) -> int:
    """How near a header comes: required columns that are there, or nearly, count more than the others."""
    required = [field.name for field in found.dialect.fields if field.required]
    lacks = [field for field in found.missing if field.required]
    near = sum(1 for field in lacks if _alike(field.headers, found.unknown))
    there = len(required) - len(lacks)
    return 3 * there + 2 * near + len(found.columns) if there + near > 1 else 0


def _alike(wanted: Sequence[str], names: Sequence[str]) -> str:
    """The name among some that is most like one of those wanted; empty for none."""
    bare = {bare_name(name): name for name in names}
    for name in wanted:
        near = get_close_matches(bare_name(name), list(bare), n=1, cutoff=ALIKE)
        if near:
            return bare[near[0]]
    return ""


def best_header(path: Path, encoding: str = "") -> Place:
    """The line of an unknown file that looks most like a header: the most names that any kind knows, then the most
    filled cells. Raises NeedsPerson where the file holds no table.
    """
    column_names = known_names()
    lines = [(table, line, cells) for table in tables(path, encoding) for line, cells in enumerate(first(table))]
    if not any(len([cell for cell in cells if cell.strip()]) > 1 for _table, _line, cells in lines):
        message = _("The file holds no table with columns")
        raise NeedsPerson(message, _("Export it as CSV or xlsx"), file=path.name)

    def rank(each: tuple[Table, int, list[str]]) -> tuple[int, int, int]:
        filled = [cell for cell in each[2] if cell.strip()]
        return sum(1 for cell in filled if bare_name(cell) in column_names), len(set(filled)), -each[1]

    table, line, cells = max(lines, key=rank)
    return Place(table, line, tuple(cells), ())


def known_names() -> frozenset[str]:
    """Every column name that our words often have, or a built-in dialect reads."""
    names = {name for words in vocabulary.WORDS.values() for each in words for name in each.often}
    names |= {name for dialect in DIALECTS for field in dialect.fields for name in field.headers}
    return frozenset(bare_name(name) for name in names)
