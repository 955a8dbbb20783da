"""The one reader: a file into rows and faults, by what it holds and not by its name."""

import codecs
import csv
import io
import os
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from retcli.errors import NeedsPerson
from retcli.language import _
from retcli.platforms import DIALECTS
from retcli.platforms.cells import spelled
from retcli.platforms.dialect import HEADER_WITHIN, Cells, Dialect, Fault, Match, Row, bare_name, match
from retcli.platforms.records import Chunk, chunks
from retcli.views.words import word

UNPACKED_AT_MOST = 600_000_000


@dataclass
class Reading:
    """A file that was recognised: its header's match, how it was written, and its rows, read as they are asked for."""

    match: Match
    encoding: str
    chunks: Iterator[Chunk] = field(repr=False)

    @property
    def dialect(self) -> Dialect:
        """What kind of file it is."""
        return self.match.dialect

    @property
    def rows(self) -> Iterator[Row | Fault]:
        """Its rows one by one."""
        return (row for chunk in self.chunks for row in chunk.rows())


class UnknownKind(NeedsPerson):
    """A file that no dialect recognises."""

    code = "unknown_format"


def name_of(path: Path) -> str:
    """The file's name as text; one unpacked from a Chinese zip may be written in GB18030."""
    written = os.fsencode(path.name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return written.decode("utf-8", "replace")


def read(path: Path, dialects: Iterable[Dialect] = DIALECTS, encoding: str = "") -> Reading:
    """Recognises a file and starts reading it, in an encoding where one is given. Raises UnknownKind, or NeedsPerson
    where it is cut off or damaged.
    """
    with path.open("rb") as stream:
        start = stream.read(8)
    if not start:
        raise NeedsPerson(_("The file is empty"), _("Download it again"), file=path.name)
    if start[:2] == b"PK" or start == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _workbook(path, tuple(dialects))
    return _text(path, tuple(dialects), encoding)


def _workbook(path: Path, dialects: tuple[Dialect, ...]) -> Reading:
    from python_calamine import CalamineError, CalamineWorkbook

    not_a_bomb(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        seen = []
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            table = [[spelled(cell) for cell in row] for row in sheet[:HEADER_WITHIN]]
            seen.append(table)
            found = _header(table, dialects)
            if found:
                place, matched = found
                rest = ([spelled(cell) for cell in row] for row in sheet[place + 1 :])
                return Reading(matched, "xlsx", chunks(matched, rest, place + 2))
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as broken:
        message = _("The workbook cannot be opened: {why}").format(why=broken)
        raise NeedsPerson(message, _("Download it again, or take off its password"), file=path.name) from broken
    raise _unknown(seen, dialects, path)


def not_a_bomb(path: Path) -> None:
    """Raises NeedsPerson where a workbook unpacks to far more than a table would."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        return
    if size > UNPACKED_AT_MOST:
        raise NeedsPerson(_("The workbook is too big unpacked"), _("Export a shorter period"), file=path.name)


def _text(path: Path, dialects: tuple[Dialect, ...], given: str) -> Reading:
    encoding = encoding_of(path, given)
    with path.open(encoding=encoding, newline="") as stream:
        lines = [line for line, _n in zip(stream, range(HEADER_WITHIN), strict=False)]
    delimiter = "\t" if sum(line.count("\t") for line in lines) > sum(line.count(",") for line in lines) else ","
    try:
        table = list(csv.reader(io.StringIO("".join(lines)), delimiter=delimiter))
    except csv.Error:
        table = []
    found = _header(table[:HEADER_WITHIN], dialects)
    if not found:
        raise _unknown([table], dialects, path)
    place, matched = found
    return Reading(matched, encoding, chunks(matched, _csv(path, encoding, delimiter, place), place + 2))


def _csv(path: Path, encoding: str, delimiter: str, header_at: int) -> Iterator[Cells]:
    """The records after the header. Raises NeedsPerson where the file stops in the middle of a character or a field."""
    with path.open(encoding=encoding, newline="") as stream:
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        try:
            for place, cells in enumerate(reader):
                if place > header_at:
                    yield cells
        except csv.Error as broken:
            message = _("Line {line} cannot be read: {why}").format(line=reader.line_num, why=broken)
            hint = _("A quotation mark is not closed, or the download was cut off: export it again")
            raise NeedsPerson(message, hint, file=path.name, row=reader.line_num) from broken


def encoding_of(path: Path, given: str = "") -> str:
    """The given one, else by the byte order mark, else UTF-8, else GB18030; only where every byte of the file is."""
    reached = {}
    for encoding in (given,) if given else _possible(path):
        reached[encoding] = _decodes(path, encoding)
        if reached[encoding] is None:
            return encoding
    size = path.stat().st_size
    if any(place is not None and place >= size - 4 for place in reached.values()):
        raise NeedsPerson(
            _("The file is not complete: it ends in the middle of a character"),
            _("The download was cut off: download it again"),
            file=path.name,
        )
    raise UnknownKind(_("The file is no text that can be read here"), _("Export it as CSV or xlsx"), file=path.name)


def _possible(path: Path) -> tuple[str, ...]:
    """The encodings that the first bytes leave open."""
    with path.open("rb") as stream:
        first = stream.read(3)
    if first == codecs.BOM_UTF8:
        return ("utf-8-sig",)
    if first[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        return ("utf-16",)
    return ("utf-8", "gb18030")


def _decodes(path: Path, encoding: str) -> int | None:
    """None where the whole file is in the encoding, else about where it stops being."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    done = 0
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as wrong:
                return done + wrong.start
            done += len(chunk)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return done
    return None


def _header(table: Sequence[Cells], dialects: tuple[Dialect, ...]) -> tuple[int, Match] | None:
    """The row that fits a dialect, and which; one that reads only a part of what another reads is out.

    Raises NeedsPerson where two kinds of file remain.
    """
    fits = [
        (place, found)
        for place, cells in enumerate(table)
        for dialect in dialects
        if place >= dialect.after and (found := match(dialect, cells))
    ]
    fits = [(place, found) for place, found in fits if found.fits]
    if not fits:
        return None
    place = max(fits, key=lambda fit: (len(fit[1].columns), -fit[0]))[0]
    read_by = [(set(found.columns.values()), found) for at, found in fits if at == place]
    best = [found for columns, found in read_by if not any(columns < others for others, _found in read_by)]
    if len(best) > 1:
        names = ", ".join(found.dialect.name for found in best)
        raise NeedsPerson(_("The file could be any of: {names}").format(names=names), _("Say which with --format"))
    _not_twice(best[0])
    return place, best[0]


def _not_twice(found: Match) -> None:
    """Raises NeedsPerson where a column that is read stands twice: which of them counts cannot be known."""
    names = [bare_name(name) for name in found.header]
    twice = [found.header[place].strip() for place in found.columns.values() if names.count(names[place]) > 1]
    if twice:
        text = _("These columns stand twice in the header: {columns}")
        columns = "、".join(dict.fromkeys(twice))
        raise NeedsPerson(text.format(columns=columns), _("Take one of each out, then import again"))


def _unknown(tables: Sequence[Sequence[Cells]], dialects: tuple[Dialect, ...], path: Path) -> UnknownKind:
    """Names the kind that comes nearest and the columns it lacks, where one comes near."""
    near = [
        found
        for table in tables
        for cells in table
        for dialect in dialects
        if (found := match(dialect, cells)) and len(found.columns) >= 3
    ]
    if not near:
        message = _("The file is of no known kind")
        return UnknownKind(
            message, _("Known are Taobao's order, item and refund reports and the product sheet"), file=path.name
        )
    best = max(near, key=lambda found: len(found.columns))
    lacking = "、".join(wanted.headers[0] for wanted in best.missing if wanted.required)
    message = _("The file looks like {name}, but these columns are missing: {columns}")
    return UnknownKind(
        message.format(name=word(best.dialect.holds), columns=lacking),
        _("Tick them in the export, then download again"),
        file=path.name,
    )
