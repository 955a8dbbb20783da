"""Old Office files (OLE2, .xls): finds the workbook stream and measures how far its cells reach, before the parser lays
them out ([MS-CFB], [MS-XLS] 2.1).

Streams are sought in the directory as it lies there, as the parser seeks them. A library such as olefile follows its
tree: it does not show a stream that no branch names, which the parser reads all the same, so that a bomb would pass;
and told to be strict it refuses files with small faults that the parser reads.
"""

import struct
from array import array
from collections.abc import Iterator

from retcli.reading import limits
from retcli.reading.source import Source, damaged, locked, too_big_unpacked

_LAST = 0xFFFFFFFA
"""Sector numbers from here on are marks: the end of a chain, a free sector, a sector of the table itself."""
_SMALL = 4096
"""Streams below this many bytes lie in the mini stream."""
_FILE_PASS, _BEGINS, _SEVERAL_NUMBERS = 0x2F, 0x809, 0xBD
"""Records of a workbook: it is encrypted (FILEPASS), a sheet begins (BOF), one row's several numbers (MULRK)."""
_OF_CELLS = frozenset({0x02, 0x03, 0x04, 0x05, 0x06, 0xBD, 0xD6, 0xFD, 0x203, 0x204, 0x205, 0x206, 0x27E, 0x406})
"""Records that put a value into a cell: row and column are their first two numbers."""


class _File:
    """An OLE2 file: its sectors, their chains, and the directory of streams. Raises struct.error, IndexError or
    ValueError where it is damaged.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        shift, self.mini_shift = struct.unpack_from("<HH", content, 30)
        if shift not in {9, 12} or self.mini_shift != 6:
            raise ValueError(shift)
        self.size = 1 << shift
        self.table = self._numbers(self._table_sectors())
        (first,) = struct.unpack_from("<I", content, 48)
        self.directory = self.chain(first)
        self.root = self._entry(0)
        (mini,) = struct.unpack_from("<I", content, 60)
        self.mini_table = self._numbers(self._sectors(mini)) if mini < _LAST else array("I")

    def streams(self, *names: str) -> Iterator[bytes]:
        """The content of each stream that has one of these names."""
        for place in range(len(self.directory) // 128):
            name, first, size = self._entry(place)
            if name in names:
                yield (self._mini(first) if size < _SMALL else self.chain(first))[:size]

    def chain(self, first: int) -> bytes:
        """The bytes of a chain of sectors, from the first on."""
        return b"".join(self._sector(number) for number in self._sectors(first))

    def _sector(self, number: int) -> bytes:
        """The bytes of a sector; the header takes the place of one before the first."""
        return self.content[(number + 1) * self.size : (number + 2) * self.size]

    def _sectors(self, first: int) -> Iterator[int]:
        """The numbers of the sectors of a chain, from the first on."""
        return _followed(first, self.table)

    def _numbers(self, sectors: Iterator[int]) -> "array[int]":
        """The 32-bit numbers in some sectors. Raises ValueError where one is cut off: the parser would abort on it."""
        joined = b"".join(self._sector(number) for number in sectors)
        return array("I", joined)

    def _table_sectors(self) -> Iterator[int]:
        """The sectors of the table of chains: 109 named in the header, more in sectors of their own."""
        yield from (number for number in struct.unpack_from("<109I", self.content, 76) if number < _LAST)
        (more,) = struct.unpack_from("<I", self.content, 68)
        # no more rounds than the file has sectors: a chain that runs in a circle would never end
        for _round in range(len(self.content) // self.size):
            if more >= _LAST:
                return
            named = struct.unpack(f"<{self.size // 4}I", self._sector(more))
            yield from (number for number in named[:-1] if number < _LAST)
            more = named[-1]

    def _entry(self, place: int) -> tuple[str, int, int]:
        """Name, first sector and size in bytes of an entry of the directory."""
        entry = self.directory[place * 128 : place * 128 + 128]
        (length,) = struct.unpack_from("<H", entry, 64)
        first, size = struct.unpack_from("<II", entry, 116)
        return entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "ignore"), first, size

    def _mini(self, first: int) -> bytes:
        """The bytes of a small stream, whose sectors of 64 bytes lie in the stream of the root entry."""
        whole, step = self.chain(self.root[1]), 1 << self.mini_shift
        return b"".join(whole[number * step : (number + 1) * step] for number in _followed(first, self.mini_table))


def _followed(first: int, table: "array[int]") -> Iterator[int]:
    """The sector numbers of a chain, from the first on. Raises ValueError where it runs in a circle."""
    for _step in range(len(table) + 1):
        if first >= _LAST:
            return
        yield first
        first = table[first]
    raise ValueError(first)


def measure(source: Source, content: bytes) -> None:
    """Raises NeedsPerson where an old workbook is damaged, locked, or would unfold beyond the limits."""
    try:
        for stream in _File(content).streams("Workbook", "Book"):
            _measure(source, stream)
    except (struct.error, IndexError, ValueError) as broken:
        raise damaged(source) from broken


def _measure(source: Source, stream: bytes) -> None:
    """Raises NeedsPerson where a workbook's stream is locked, or its sheets have more cells than the limits allow."""
    # the rectangles of all sheets together: the parser lays out every one as soon as the file is opened
    place = rows = columns = cells = 0
    end = len(stream) - 4
    while place <= end:
        kind, size = struct.unpack_from("<HH", stream, place)
        if kind in _OF_CELLS and size >= 4:
            row, first = struct.unpack_from("<HH", stream, place + 4)
            last = struct.unpack_from("<H", stream, place + 2 + size)[0] if kind == _SEVERAL_NUMBERS else first
            rows, columns = max(rows, row + 1), max(columns, last + 1)
        elif kind == _BEGINS:
            cells, rows, columns = cells + rows * columns, 0, 0
        elif kind == _FILE_PASS:
            raise locked(source)
        place += 4 + size
    if cells + rows * columns > limits.EMPTY_CELLS + len(stream) // limits.BYTES_A_CELL:
        raise too_big_unpacked(source)
