"""Zip and gzip archives, measured and checked piece by piece before anything is taken out.

Nothing that an archive declares of itself is believed: sizes are counted and check sums compared while inflating
(`docs/hazards.md` row 24).
"""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, cast

from retcli.errors import NeedsPerson
from retcli.language import _
from retcli.reading import limits
from retcli.reading.source import Source, UnknownKind, damaged, locked, too_big, too_big_unpacked

PIECE = 1 << 18
"""Bytes that are inflated at a time, so that a bomb never fills the memory before it is counted."""
BROKEN = (zipfile.BadZipFile, gzip.BadGzipFile, EOFError, zlib.error, NotImplementedError, ValueError, OverflowError)
"""What the standard library raises for a damaged archive."""


def unzipped(source: Source, stream: IO[bytes]) -> zipfile.ZipFile:
    """The zip archive, its directory within the limits and without passwords. Raises NeedsPerson otherwise."""
    too_big(source, limits.PACKED_AT_MOST)
    try:
        # before ZipFile is made: it reads the whole directory, and a kilobyte an entry is ample
        if _directory_size(stream) > limits.ENTRIES_AT_MOST * 1024:
            raise too_big_unpacked(source)
        archive = zipfile.ZipFile(stream)
    except (*BROKEN, UnicodeDecodeError) as broken:
        raise damaged(source) from broken
    entries = archive.infolist()
    # bit 0 of an entry's flags: encrypted
    if any(entry.flag_bits & 1 for entry in entries):
        raise locked(source)
    declared = sum(entry.file_size for entry in entries)
    if len(entries) > limits.ENTRIES_AT_MOST or declared > limits.UNPACKED_AT_MOST:
        raise too_big_unpacked(source)
    if any(_blown_up(entry.file_size, entry.compress_size) for entry in entries):
        raise too_big_unpacked(source)
    return archive


def _directory_size(stream: IO[bytes]) -> int:
    """Bytes of the central directory, as the record at the archive's end declares them; 0 where there is none."""
    end = stream.seek(0, io.SEEK_END)
    # the record may be followed by a comment of 65,535 bytes at most
    stream.seek(max(0, end - 66_000))
    tail = stream.read()
    record, wide = tail.rfind(b"PK\5\6"), tail.rfind(b"PK\6\6")
    size = int.from_bytes(tail[record + 12 : record + 16], "little") if record >= 0 else 0
    # zip64: a plain size of all ones only says that the true one is in the wide record
    if wide >= 0:
        size = max(size if size < 0xFFFFFFFF else 0, int.from_bytes(tail[wide + 40 : wide + 48], "little"))
    return size


def _blown_up(unpacked: int, packed: int) -> bool:
    """Whether so few packed bytes make so many that it is no table."""
    return unpacked > limits.RATIO_FROM and unpacked > packed * limits.RATIO_AT_MOST


def pieces(source: Source, stream: IO[bytes], entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content of an entry, inflated piece by piece. Raises NeedsPerson where it is damaged, or its size or check
    sum is not the one that the directory declares.
    """
    done = crc = 0
    try:
        for piece in filter(None, _inflated(stream, entry)):
            done += len(piece)
            crc = zlib.crc32(piece, crc)
            # more comes out than was declared and measured: no byte further
            if done > entry.file_size:
                break
            yield piece
    except BROKEN as broken:
        raise damaged(source) from broken
    if done != entry.file_size or crc != entry.CRC:
        raise damaged(source, member_name(entry))


def _inflated(stream: IO[bytes], entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The inflated bytes of an entry. Raises one of `BROKEN` where its header is none, or it is packed in a way that no
    spreadsheet uses.
    """
    # By hand: ZipFile.open stops at the declared size, so that what a parser inflates beyond it would not be counted.
    if entry.header_offset < 0:
        raise zipfile.BadZipFile(entry.filename)
    stream.seek(entry.header_offset)
    head = stream.read(30)
    if head[:4] != b"PK\3\4" or entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise zipfile.BadZipFile(entry.filename)
    stream.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), io.SEEK_CUR)
    packed = _blocks(stream, entry.compress_size)
    if entry.compress_type == zipfile.ZIP_STORED:
        yield from packed
        return
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    for block in packed:
        unread = block
        while unread and not inflater.eof:
            yield inflater.decompress(unread, PIECE)
            unread = inflater.unconsumed_tail
    yield inflater.flush()
    if not inflater.eof:
        raise EOFError(entry.filename)


def _blocks(stream: IO[bytes], size: int) -> Iterator[bytes]:
    """The next `size` bytes of a stream, in blocks; fewer where it ends before."""
    while size > 0 and (block := stream.read(min(size, PIECE))):
        size -= len(block)
        yield block


def member_name(entry: zipfile.ZipInfo) -> str:
    """The name of a member as text."""
    # bit 11: the name is UTF-8
    if entry.flag_bits & 0x800:
        return entry.filename
    # else zipfile takes it for cp437, but Chinese Windows writes GBK and does not say so
    try:
        return entry.orig_filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename


def members(source: Source) -> Iterator[Source]:
    """The files in an archive, each checked to its end before it is given out. Raises NeedsPerson for a damaged one."""
    with source.open() as stream, unzipped(source, stream) as archive:
        for entry in archive.infolist():
            if entry.file_size and not entry.filename.endswith("/"):
                for _piece in pieces(source, stream, entry):
                    pass
                yield _member(source, entry)


def _member(source: Source, entry: zipfile.ZipInfo) -> Source:
    """A member of an archive as a source of its own, which opens the archive anew each time."""

    def opened() -> IO[bytes]:
        """The member's content from its start. Raises NeedsPerson where it is damaged."""
        try:
            with zipfile.ZipFile(source.path) as archive:
                return archive.open(entry)
        except BROKEN as broken:
            raise damaged(source, member_name(entry)) from broken

    return Source(source.path, member_name(entry), entry.file_size, opened)


def gunzipped(source: Source) -> Source:
    """The content of a gzip file, checked to its end. Raises NeedsPerson where it is a bomb, damaged or cut off."""
    too_big(source, limits.PACKED_AT_MOST)
    done = 0
    try:
        with source.open() as stream, gzip.GzipFile(fileobj=stream) as inside:
            while piece := inside.read(PIECE):
                done += len(piece)
                if done > limits.UNPACKED_AT_MOST or _blown_up(done, stream.tell()):
                    raise too_big_unpacked(source)
    except BROKEN as broken:
        raise damaged(source) from broken
    return Source(source.path, "", done, lambda: cast(IO[bytes], gzip.open(source.path)))


def nested(source: Source) -> NeedsPerson:
    """The refusal of an archive inside an archive, which is never unpacked: each level multiplies what can come out."""
    text = _("{name} is an archive inside an archive").format(name=source.shown)
    return NeedsPerson(text, _("Unpack it, and import what is inside"), file=source.file)


def nothing_inside(source: Source) -> UnknownKind:
    """The refusal of an archive without a table."""
    text = _("{name} holds no table").format(name=source.shown)
    return UnknownKind(text, _("Export it as CSV or xlsx"), file=source.file)
