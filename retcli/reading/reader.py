"""Recognises the tables of a file among the known dialects and reads them into rows and faults."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from retcli.errors import NeedsPerson
from retcli.language import _, series
from retcli.reading import limits
from retcli.reading.containers import Table, UnknownKind, tables
from retcli.reading.dialect import Cells, Dialect, Fault, Match, Row, bare_name, match, may_fit
from retcli.reading.records import Chunk, chunks
from retcli.reading.source import WORKBOOKS
from retcli.words import word

__all__ = ["Reading", "UnknownKind", "readings"]


@dataclass
class Reading:
    """A table that was recognised. Its rows are read as they are asked for, once; `encoding` is that of a text, or the
    kind of workbook; `table` names the sheet or the member of an archive, "" where the file is the table.
    """

    match: Match
    encoding: str
    chunks: Iterator[Chunk] = field(repr=False)
    table: str = ""

    @property
    def dialect(self) -> Dialect:
        """The kind of file."""
        return self.match.dialect

    @property
    def rows(self) -> Iterator[Row | Fault]:
        """Rows and faults one by one, as they stand in the file."""
        return (row for chunk in self.chunks for row in chunk.rows())


def name_of(path: Path) -> str:
    """The file's name as text; a tool that unpacked a Chinese zip may have written it in GB18030."""
    written = os.fsencode(path.name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return written.decode("utf-8", "replace")


def readings(path: Path, dialects: Iterable[Dialect], encoding: str = "") -> list[Reading]:
    """The tables of a file that one of the dialects recognises; the others are passed over.

    Raises UnknownKind where none is recognised, NeedsPerson where the file is cut off, damaged, or may be two kinds.
    """
    kinds = tuple(dialects)
    recognised_tables, seen = [], []
    for table in tables(path, encoding):
        rows = table.rows()
        head, broken = _head(rows)
        recognised = _header(head, kinds)
        if recognised:
            place, matched = recognised
            # a text is opened anew when it is read, so that no file stays open; a workbook is in memory anyway
            following = rows if table.encoding in WORKBOOKS else _from(table, len(head))
            # damage that ended the head early is raised where it stands, after the rows before it
            unread = chain(head[place + 1 :], map(_refuse, [broken]) if broken else following)
            records = chunks(matched, unread, place + 2, footed=_footed(matched, head[:place], table.encoding))
            recognised_tables.append(Reading(matched, table.encoding, records, table.name))
        elif broken and not head:
            raise broken
        seen.append(head)
    if not recognised_tables:
        raise _unknown(seen, kinds, path)
    return recognised_tables


def _from(table: Table, line: int) -> Iterator[list[str]]:
    """The rows after the first `line` lines. The file is opened at the first row that is asked for: many files are
    recognised before the first is read.
    """
    yield from islice(table.rows(), line, None)


def _footed(matched: Match, above: Sequence[Cells], encoding: str) -> bool:
    """Whether the table must end with a record of its totals; `above` are the lines over the header."""
    # a text that was cut off at a line's end shows it in no other way; a workbook would be damaged
    has_totals = matched.dialect.footed
    return has_totals is not None and encoding not in WORKBOOKS and not matched.mended and has_totals(above)


def _head(rows: Iterator[list[str]]) -> tuple[list[list[str]], NeedsPerson | None]:
    """The rows among which the header stands, and the damage that ended them early, or None."""
    # a table that is no report of ours may be damaged as it likes: it must not stop the others of its file
    head: list[list[str]] = []
    try:
        head.extend(islice(rows, limits.HEADER_WITHIN))
    except NeedsPerson as broken:
        return head, broken
    return head, None


def _refuse(broken: NeedsPerson) -> list[str]:
    """Raises the damage of a table in place of its next row."""
    raise broken


def _header(table: Sequence[Cells], dialects: tuple[Dialect, ...]) -> tuple[int, Match] | None:
    """The place of the header row and its match, None where no row fits a dialect. Raises NeedsPerson where two kinds
    of file remain, the kind is of no use, or a column stands twice.
    """
    fits = [
        (place, matched)
        for place, cells in enumerate(table)
        for dialect in dialects
        if place >= dialect.after and may_fit(dialect, cells) and (matched := match(dialect, cells))
    ]
    if not fits:
        return None
    place = max(fits, key=lambda fit: (len(fit[1].columns), -fit[0]))[0]
    # a dialect that reads only a part of the columns that another one reads is out
    read_by = [(set(matched.columns.values()), matched) for at, matched in fits if at == place]
    best = [matched for columns, matched in read_by if not any(columns < others for others, _matched in read_by)]
    if len(best) > 1:
        names = ", ".join(matched.dialect.name for matched in best)
        raise NeedsPerson(_("The file could be any of: {names}").format(names=names), _("Say which with --format"))
    _of_use(best[0].dialect)
    _not_twice(best[0])
    return place, best[0]


def _of_use(dialect: Dialect) -> None:
    """Raises NeedsPerson where the kind of file is known to be of no use here."""
    if dialect.refused:
        raise NeedsPerson(_(dialect.refused), _("Export the statement in the shop's own back-end"))


def _not_twice(matched: Match) -> None:
    """Raises NeedsPerson where a column that is read stands twice: which of them counts cannot be known."""
    names = [bare_name(name) for name in matched.header]
    twice = [matched.header[place].strip() for place in matched.columns.values() if names.count(names[place]) > 1]
    if twice:
        text = _("These columns stand twice in the header: {columns}")
        columns = series(dict.fromkeys(twice))
        raise NeedsPerson(text.format(columns=columns), _("Take one of each out, then import again"))


def _unknown(tables: Sequence[Sequence[Cells]], dialects: tuple[Dialect, ...], path: Path) -> UnknownKind:
    """The refusal of a file of no known kind, with the kind that comes nearest and the columns it lacks where one comes
    near.
    """
    # where only one kind was asked for, it is that one, however little of it is there
    enough = 3 if len(dialects) > 1 else 1
    near = [
        (matched, line)
        for table in tables
        for line, cells in enumerate(table, 1)
        for dialect in dialects
        if (matched := match(dialect, cells)) and len(matched.columns) >= enough
    ]
    if not near:
        return _of_no_kind(dialects, path)
    best, line = max(near, key=lambda each: len(each[0].columns))
    lacking = series(wanted.headers[0] for wanted in best.missing if wanted.required)
    if not lacking:
        return passed_over(best.dialect, line, path)
    message = _("The file looks like {name}, but these columns are missing: {columns}")
    hint = _("Tick them in the export, then download again")
    if best.dialect.by_hand:
        hint = _("Under [fields] of the mapping file, write the names as the file has them")
    return UnknownKind(message.format(name=word(best.dialect.holds), columns=lacking), hint, file=path.name)


def passed_over(dialect: Dialect, line: int, path: Path) -> UnknownKind:
    """The refusal of a file whose header is in a line that its mapping file passes over (``[skip] rows``)."""
    message = _("The header stands in line {line}, but [skip] rows = {rows} passes over it")
    hint = _("Write rows = {n}").format(n=line - 1)
    return UnknownKind(message.format(line=line, rows=dialect.after), hint, file=path.name, row=line)


def _of_no_kind(dialects: tuple[Dialect, ...], path: Path) -> UnknownKind:
    """The refusal of a file that comes near no dialect."""
    message = _("The file is of no known kind")
    if len(dialects) == 1:
        columns = series(field.headers[0] for field in dialects[0].fields if field.required)
        hint = _("None of its first lines has the columns that {name} needs: {columns}")
        return UnknownKind(message, hint.format(name=dialects[0].name, columns=columns), file=path.name)
    hint = _("What it seems to be: retcli imports explain FILE\nTo say how to read it: retcli imports draft-map FILE")
    return UnknownKind(message, hint, file=path.name)
