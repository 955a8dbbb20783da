"""Text files (CSV): finds encoding and delimiter, then gives the records one after the other."""

import codecs
import csv
import io
from collections.abc import Iterator
from functools import partial
from itertools import islice

from retcli.errors import NeedsPerson
from retcli.language import _
from retcli.reading import limits
from retcli.reading.archives import BROKEN
from retcli.reading.source import Source, Table, UnknownKind, bad_line, damaged, too_big

PIECE = 1 << 20
"""Bytes that are read at a time."""
CERTAIN = 12
"""Bytes beyond ASCII that cannot be valid UTF-8 by chance: a file with so many that ends in half a character is UTF-8
that was cut off, and not GB18030.
"""
DELIMITERS = ",\t;"
CUT_WITHIN = 4
"""Bytes from the end within which a wrong byte is half a character, not another encoding: characters take up to four.
"""


def table(source: Source, encoding: str) -> Table:
    """The text as a table, parted by the delimiter of its header line."""
    return Table(source.member, encoding, partial(_records, source, encoding, _delimiter(source, encoding)))


def opening(source: Source) -> str:
    """The first characters of a file, enough to tell markup from a table; "" where they are no text."""
    start = source.start()
    wide = start[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
    decoder = codecs.getincrementaldecoder("utf-16" if wide else "latin-1")()
    try:
        return decoder.decode(start).lstrip("\xef\xbb\xbf \r\n\t")
    except UnicodeDecodeError:
        return ""


def encoding_of(source: Source, wished: str = "", *, lines: bool = True) -> str:
    """The encoding of a text: the one that is `wished`, else by the byte order mark, else UTF-8, else GB18030; each
    only where the bytes fit strictly. With `lines` a line must be short enough for a table.

    Raises NeedsPerson where the file is cut off inside a character, has a line that is too long or bytes of no
    encoding, UnknownKind where it is no text.
    """
    too_big(source, limits.TEXT_AT_MOST)
    # UTF-8 first: its bytes nearly always decode as GB18030 too, into other characters
    possible = (_known(source, wished),) if wished else _possible(source)
    _as_text(source, wide=_wide(possible[0]), lines=lines)
    wrong = {}
    for encoding in possible:
        # Decoding GB18030 takes about half the time of reading the records: only both ends are looked at here, and what
        # lies between is decoded as strictly when it is read.
        place = _edges(source) if encoding == "gb18030" else _whole(source, encoding)
        if place is None:
            return encoding
        if encoding == "utf-8" and _cut_off(source, place) and _not_ascii(source, place) >= CERTAIN:
            raise undecodable(source, encoding, place)
        wrong[encoding] = place
    # the encoding that fits longest is the one that was meant: its line is named, unless not even the first one fits
    furthest = max(possible, key=lambda encoding: wrong[encoding])
    if _cut_off(source, wrong[furthest]) or len(possible) == 1 or _line_at(source, furthest, wrong[furthest]) > 1:
        raise undecodable(source, furthest, wrong[furthest])
    raise _no_text(source)


def _known(source: Source, encoding: str) -> str:
    """The name of an encoding. Raises NeedsPerson where there is none of that name."""
    try:
        b"abcd".decode(encoding, "ignore")
    except LookupError as wrong:
        message = _("There is no encoding {name}").format(name=encoding)
        raise NeedsPerson(message, "utf-8, gb18030, utf-16", file=source.file) from wrong
    return encoding


def _wide(encoding: str) -> bool:
    """Whether the characters of an encoding have zero bytes (UTF-16, UTF-32)."""
    return codecs.lookup(encoding).name.startswith(("utf-16", "utf-32"))


def _possible(source: Source) -> tuple[str, ...]:
    """The encodings that the first bytes leave open."""
    first = source.start(3)
    if first == codecs.BOM_UTF8:
        return ("utf-8-sig",)
    if first[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        return ("utf-16",)
    return ("utf-8", "gb18030")


def _pieces(source: Source) -> Iterator[tuple[int, bytes]]:
    """The bytes of a file in pieces, each with the offset at which it begins."""
    done = 0
    with source.open() as stream:
        while piece := stream.read(PIECE):
            yield done, piece
            done += len(piece)


def _as_text(source: Source, *, wide: bool, lines: bool) -> None:
    """Raises UnknownKind where a byte is zero, unless the encoding is `wide`; with `lines` NeedsPerson for a line that
    would have to be held in memory whole.
    """
    begun = 0
    for done, piece in _pieces(source):
        if not wide and b"\0" in piece:
            raise _no_text(source)
        end = max(piece.rfind(b"\n"), piece.rfind(b"\r"))
        begun = done + end if end >= 0 else begun
        if lines and done + len(piece) - begun > limits.LINE_AT_MOST:
            why = _("it is longer than {most} MB").format(most=limits.LINE_AT_MOST >> 20)
            raise bad_line(source, _line_at(source, "latin-1", begun + 1), why, _("Export it as CSV or xlsx"))


def _whole(source: Source, encoding: str) -> int | None:
    """About the offset at which the bytes stop being of an encoding; None where all of them are."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    done = 0
    try:
        for begun, piece in _pieces(source):
            done = begun
            decoder.decode(piece)
        done = source.size
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as wrong:
        return min(done + wrong.start, source.size)
    return None


def _edges(source: Source) -> int | None:
    """About the offset at which the bytes stop being GB18030; None where the first and the last piece are of it."""
    # no character of GB18030 holds a line end, so that what follows one begins with a whole character
    for done, piece in _pieces(source):
        last = done + len(piece) >= source.size
        begun = piece.find(b"\n") + 1 if done else 0
        if done == 0 or (last and begun):
            try:
                codecs.getincrementaldecoder("gb18030")("strict").decode(piece[begun:], final=last)
            except UnicodeDecodeError as wrong:
                return done + begun + wrong.start
    return None


def undecodable(source: Source, encoding: str, place: int | None = None) -> NeedsPerson:
    """The refusal of bytes that are not of the encoding, with their line; `place` is their offset where it is known."""
    at = _whole(source, encoding) if place is None else place
    line = _line_at(source, encoding, source.size if at is None else at)
    if at is None or _cut_off(source, at):
        message = _("The file is not complete: it ends in the middle of a character, in line {line}")
        hint = _("The download was cut off: download it again")
        return NeedsPerson(message.format(line=line), hint, file=source.file, row=line)
    why = _("its bytes are not {encoding}").format(encoding=encoding)
    return bad_line(source, line, why, _("Export it as CSV or xlsx"))


def _line_at(source: Source, encoding: str, place: int) -> int:
    """The line, counted from 1, of the byte at an offset, before which all is of the encoding."""
    # a line end is one byte in all encodings but the wide ones, so that latin-1 counts them and never fails
    decoder = codecs.getincrementaldecoder(encoding if _wide(encoding) else "latin-1")("strict")
    return 1 + sum(decoder.decode(piece[: max(0, place - done)]).count("\n") for done, piece in _pieces(source))


def _cut_off(source: Source, place: int) -> bool:
    """Whether a wrong byte is so near the end that a download was cut off inside a character."""
    return place >= source.size - CUT_WITHIN


def _not_ascii(source: Source, place: int) -> int:
    """How many bytes before an offset are beyond ASCII."""
    before = (piece[: max(0, place - done)] for done, piece in _pieces(source))
    return sum(len(piece.translate(None, bytes(range(128)))) for piece in before)


def _no_text(source: Source) -> UnknownKind:
    """The refusal of bytes that are no text."""
    return UnknownKind(_("The file is no text that can be read here"), _("Export it as CSV or xlsx"), file=source.file)


def _delimiter(source: Source, encoding: str) -> str:
    """The delimiter of the header line, which is taken to be the first line with at least half the cells of the widest
    one. Lines below it say less: a remark is full of commas.
    """
    with io.TextIOWrapper(source.open(), encoding=encoding, newline="") as stream:
        try:
            lines = list(islice(stream, limits.HEADER_WITHIN))
        except UnicodeDecodeError as wrong:
            raise undecodable(source, encoding) from wrong
    widths = [max((_width(line, each), -place) for place, each in enumerate(DELIMITERS)) for line in lines]
    most = max((width for width, _place in widths), default=0)
    return next((DELIMITERS[-place] for width, place in widths if width * 2 >= most), DELIMITERS[0])


def _width(line: str, delimiter: str) -> int:
    """How many cells a delimiter makes of a line. A tab beside a comma parts nothing: platforms put one behind each id,
    so that spreadsheets keep it as text.
    """
    try:
        cells = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return 0
    if delimiter != "\t":
        return len(cells)
    return sum(cell.strip(' "\r\n') == cell.strip(' "\r\n,') for cell in cells)


def _records(source: Source, encoding: str, delimiter: str) -> Iterator[list[str]]:
    """The records from the first line on. Raises NeedsPerson with the line where the text stops being a table."""
    # csv takes an unclosed quotation mark for one cell up to the file's end: this limit ends it (`docs/hazards.md` C-8)
    csv.field_size_limit(limits.CELL_AT_MOST)
    begun = 1
    with io.TextIOWrapper(source.open(), encoding=encoding, newline="") as stream:
        lines = _without_zeros(source, stream) if _wide(encoding) else stream
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                if len(cells) > limits.COLUMNS_AT_MOST or begun > limits.ROWS_AT_MOST:
                    raise _too_large(source, begun, len(cells))
                yield cells
                begun = reader.line_num + 1
        except csv.Error as broken:
            raise _misquoted(source, begun, reader.line_num, str(broken)) from broken
        except UnicodeDecodeError as wrong:
            raise undecodable(source, encoding) from wrong
        except BROKEN as broken:
            raise damaged(source) from broken


def _without_zeros(source: Source, lines: Iterator[str]) -> Iterator[str]:
    """The lines of a text in a wide encoding. Raises UnknownKind at a zero character."""
    for line in lines:
        if "\0" in line:
            raise _no_text(source)
        yield line


def _too_large(source: Source, line: int, cells: int) -> NeedsPerson:
    """The refusal of too many rows, or of a row with too many cells."""
    if line > limits.ROWS_AT_MOST:
        why = _("more than {most} rows can not be taken in at once").format(most=limits.ROWS_AT_MOST)
        return bad_line(source, line, why, _("Export a shorter period"))
    why = _("it has {n} cells, at most {most} can be").format(n=cells, most=limits.COLUMNS_AT_MOST)
    return bad_line(source, line, why, _("Export it again"))


def _misquoted(source: Source, begun: int, line: int, why: str) -> NeedsPerson:
    """The refusal of a text that csv cannot read, in the reader's language. A quotation mark that is not closed is
    named by the line where its record begins.
    """
    # csv tells its errors apart by their English text alone
    hint = _("A quotation mark is not closed, or the download was cut off: export it again")
    if "unexpected end" in why:
        return bad_line(source, begun, _("a quotation mark is not closed"), hint)
    if "field limit" in why:
        why = _("a cell has more than {most} characters").format(most=limits.CELL_AT_MOST)
        return bad_line(source, begun, why, hint)
    if "expected after" in why:
        return bad_line(source, line, _("text follows a closing quotation mark"), hint)
    return bad_line(source, line, why, hint)
