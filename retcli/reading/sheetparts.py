"""Measures new workbooks (xlsx) before they are parsed: how much memory a parser would take, counted in the bytes of
each part.

A parser keeps a sheet as the whole rectangle up to its last row and column, and copies a text that is written once
into every cell that uses it: a few bytes can ask for all the memory there is.
"""

import os
import re
from collections import Counter
from typing import IO

from retcli.reading import limits
from retcli.reading.archives import pieces, unzipped
from retcli.reading.source import Source, damaged, too_big_unpacked

_DECLARES = re.compile(rb"<!(?!--|\[CDATA\[)")
_ROW = re.compile(rb'<row r="(\d{1,9})"')
_CELL_COLUMN = re.compile(rb'<c r="([A-Z]{1,3})\d')
_CELL_ROW = re.compile(rb'<c r="[A-Z]{1,3}(\d{1,9})"')
_ELEMENT = re.compile(rb"""<(?:\w+:)?(c|row)\b((?:[^>"']|"[^"]*"|'[^']*')*)""")
_PLACE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]{0,9})(\d{0,9})""")
_TEXT_END = re.compile(rb"</(?:\w+:)?si\b|<(?:\w+:)?si\s*/>")
_PREFIXED = re.compile(rb":(?:c|row|si)\b")
_NUMBER = re.compile(rb"<v>(?:(\d{1,9})|[0-9.eE-]+)</v>")
SAMPLED, STRIDE = 512, 16384
"""Bytes that are searched for uses of texts, out of each so many: one in 32. They begin at random, so that no file can
be made around them; a text that is copied often enough to fill the memory is used thousands of times, and is met.
"""


def column(letters: bytes) -> int:
    """The number of a column by its letters: ``A`` is 1, ``ZZ`` 702."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


class Part:
    """The measure of one part of a workbook, fed piece by piece: how far its cells reach, how long its shared texts are
    and how often each is used.
    """

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self.is_sheet = False
        self.lengths: list[int] = []
        self.uses: Counter[bytes] = Counter()
        self._row = self._column = self._text = 0
        self._carry = b""
        self._markup: bool | None = None

    def take(self, piece: bytes) -> bool:
        """Counts one more piece; False where no honest workbook has such a part, so that it is to be refused."""
        block = self._carry + piece
        if self._markup is None:
            self._markup = block.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
        if not self._markup:
            # a picture or the like; one that holds a sheet all the same, behind bytes that are no markup, would be
            # measured by nobody
            self._carry = block[-16:]
            return b"sheetData" not in block
        # UTF-16 (zeros between the letters) and entities of the part's own would be read by a parser as cells that the
        # searches below do not see
        if b"\0" in piece or (b"!" in block and _DECLARES.search(block)):
            return False
        # up to the last element that begins: one that the piece cuts in two is counted with the next piece
        end = max(block.rfind(b"<"), 0)
        self._carry = block[end:]
        self._count(block[:end])
        return len(self._carry) < limits.LINE_AT_MOST

    def finish(self) -> None:
        """Counts what the last piece left over; to be called once after all pieces."""
        if self._markup:
            self._count(self._carry)

    def within(self, size: int) -> bool:
        """Whether a parser can lay out the rectangle of the cells of a part of `size` bytes."""
        most = min(limits.RECTANGLE_AT_MOST, limits.EMPTY_CELLS + size // limits.BYTES_A_CELL)
        fits = self.columns <= limits.COLUMNS_AT_MOST and self.rows * self.columns <= most
        return fits or not self.is_sheet

    def _count(self, block: bytes) -> None:
        """Counts cells, shared texts and their uses in a block of whole elements."""
        self.is_sheet = self.is_sheet or b"sheetData" in block
        prefixed = _PREFIXED.search(block) is not None
        if not self.is_sheet or prefixed or b"</si" in block:
            self._count_texts(block)
        else:
            self._text += len(block)
        if self.is_sheet:
            self._count_cells(block, prefixed=prefixed)
            self._count_uses(block)

    def _count_cells(self, block: bytes, *, prefixed: bool) -> None:
        """Counts rows and columns of cells, with a fast way for those that stand as most programs write them."""
        # ``<row r="2"><c r="B2"``: three searches of the whole block take a fifth of the time of each element by itself
        rows, columns, of_cells = _ROW.findall(block), _CELL_COLUMN.findall(block), _CELL_ROW.findall(block)
        plainly = len(rows) == block.count(b"<row") and len(of_cells) == block.count(b"<c")
        if prefixed or b"!" in block or not plainly:
            self._count_each(block)
            return
        self.rows = max(self.rows, *map(int, {*rows, *of_cells}), 0)
        self.columns = max(self.columns, *map(column, set(columns)), 0)
        # a cell without a place that the next block begins with stands beside this block's last one
        self._row = max(int(rows[-1]) if rows else self._row, int(of_cells[-1]) if of_cells else 0)
        if rows or columns:
            begun = block.rfind(b"<row") > block.rfind(b"<c")
            self._column = 0 if begun else column(columns[-1])

    def _count_each(self, block: bytes) -> None:
        """Counts rows and columns of cells element by element, however they are written; an element without a place
        stands after the one before it.
        """
        for element, attributes in _ELEMENT.findall(block):
            places = _PLACE.findall(attributes)
            if element == b"row":
                self._row = max((int(digits or 0) for _letters, digits in places), default=self._row + 1)
                self._column = 0
            else:
                self._column = max((column(letters) for letters, _digits in places), default=self._column + 1)
                self._row = max(self._row, *(int(digits or 0) for _letters, digits in places), 1)
            self.rows, self.columns = max(self.rows, self._row), max(self.columns, self._column)

    def _count_texts(self, block: bytes) -> None:
        """Notes the length in bytes of each shared text that ends in a block."""
        first, *others = _TEXT_END.split(block)
        self._text += len(first)
        for other in others:
            self.lengths.append(self._text)
            self._text = len(other)

    def _count_uses(self, block: bytes) -> None:
        """Counts in a sample of a block how often cells use each shared text; ``?``: uses that name none plainly."""
        begin = int.from_bytes(os.urandom(2), "little") % STRIDE if len(block) > STRIDE else 0
        places = range(begin, len(block), STRIDE)
        sample = b"".join([block[place : place + SAMPLED] for place in places])
        numbers = _NUMBER.findall(sample)
        self.uses.update(numbers)
        texts = sample.count(b't="str"') + sample.count(b't="e"')
        elsewise = sample.count(b"<v") + sample.count(b":v") - len(numbers) - texts - len(places)
        self.uses[b"?"] += max(0, elsewise)


def measure(source: Source, content: IO[bytes]) -> None:
    """Reads every part of a workbook once, for its check sum and its measure.

    Raises NeedsPerson where it is damaged, locked, or would unfold beyond the limits.
    """
    parts = []
    size = 0
    with unzipped(source, content) as archive:
        for entry in archive.infolist():
            part = Part()
            for piece in pieces(source, content, entry):
                if not part.take(piece):
                    raise damaged(source, entry.filename)
            part.finish()
            if not part.within(entry.file_size):
                raise too_big_unpacked(source)
            parts.append(part)
            size += entry.file_size
    most = min(limits.UNPACKED_AT_MOST, limits.REPEATED_TEXT + limits.REPEATED_FOR_BYTE * size)
    if _repeated(parts) > most:
        raise too_big_unpacked(source)


def _repeated(parts: list[Part]) -> int:
    """About how many bytes the shared texts take once the parser has copied them into the cells that use them."""
    # which of several tables of texts a sheet means is not known here: the longest text of that number counts
    tables = [part.lengths for part in parts if part.lengths]
    longest = max((max(lengths) for lengths in tables), default=0)

    def length(use: bytes) -> int:
        """The length of the text that a use may mean, the longest one where it names none; 0 for what is no use."""
        if not use.isdigit():
            return longest if use == b"?" else 0
        return max((lengths[int(use)] for lengths in tables if int(use) < len(lengths)), default=0)

    sampled = sum(count * length(use) for part in parts for use, count in part.uses.items()) if longest else 0
    return sampled * (STRIDE // SAMPLED)
