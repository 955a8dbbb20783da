"""What a parser would make of a workbook's parts: counted in their bytes, before it lays anything out in memory.

A parser keeps a sheet as the whole rectangle up to its last row and column, and copies a text that is written once
into every cell that uses it: a few bytes can ask for all the memory there is.
"""

import os
import re
from collections import Counter
from functools import cache

from retcli.reading import limits

_DECLARES = re.compile(rb"<!(?!--|\[CDATA\[)")
_ROW = re.compile(rb'<row r="(\d{1,9})"')
_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,9})"')
_ELEMENT = re.compile(rb"""<(?:\w+:)?(c|row)\b((?:[^>"']|"[^"]*"|'[^']*')*)""")
_PLACE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]{0,9})(\d{0,9})""")
_TEXT_END = re.compile(rb"</(?:\w+:)?si\b|<(?:\w+:)?si\s*/>")
_PREFIXED = re.compile(rb":(?:c|row|si)\b")
_NUMBER = re.compile(rb"<v>(?:(\d{1,9})|[0-9.eE-]+)</v>")
SAMPLED, STRIDE = 512, 16384
"""Of the uses of texts one in 32 is looked at, at places nobody can foresee: what matters takes thousands of them."""


@cache
def _cell_unlike(columns: int, rows: str) -> re.Pattern[bytes]:
    """Finds a cell that is not plainly written, or lies beyond the columns or rows."""
    tens, ones = divmod(max(columns, 1) - 1, 26)
    letters = f"[A-{chr(65 + ones)}]"
    if tens:
        before = f"|[A-{chr(63 + tens)}][A-Z]" if tens > 1 else ""
        letters = f"(?:{chr(64 + tens)}{letters}|[A-Z]{before})"
    return re.compile(rf'<c(?! r="{letters}{rows}")'.encode())


@cache
def _up_to(tens: int, more: int) -> str:
    """Matches the numbers up to about a tenth above: those that begin with these two digits, or with fewer."""
    if not more:
        return r"\d{1,2}"
    first, second = divmod(tens, 10)
    below = rf"|[1-{first - 1}]\d{{{more + 1}}}" if first > 1 else ""
    return rf"(?:{first}[0-{second}]\d{{{more}}}{below}|\d{{1,{more + 1}}})"


def column(letters: bytes) -> int:
    """``A`` is 1, ``ZZ`` 702."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


class Part:
    """One part being read piece by piece: the rows and columns its cells reach to, the lengths of texts, their uses."""

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self.is_sheet = False
        self.lengths: list[int] = []
        self.uses: Counter[bytes] = Counter()
        self._row = self._column = self._text = 0
        self._carry = b""
        self._markup: bool | None = None

    def take(self, piece: bytes) -> bool:
        """Counts one more piece; False where no honest workbook has such a part."""
        block = self._carry + piece
        if self._markup is None:
            self._markup = block.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
        if not self._markup:
            self._carry = block[-16:]
            return b"sheetData" not in block
        if b"\0" in piece or (b"!" in block and _DECLARES.search(block)):
            return False
        end = max(block.rfind(b"<"), 0)
        self._carry = block[end:]
        self._count(block[:end])
        return len(self._carry) < limits.LINE_AT_MOST

    def finish(self) -> None:
        """Counts what the last piece left over."""
        if self._markup:
            self._count(self._carry)

    def within(self, size: int) -> bool:
        """Whether the rectangle of the cells is one that a parser can lay out, for a part of so many bytes."""
        most = min(limits.RECTANGLE_AT_MOST, limits.EMPTY_CELLS + size // limits.BYTES_A_CELL)
        fits = self.columns <= limits.COLUMNS_AT_MOST and self.rows * self.columns <= most
        return fits or not self.is_sheet

    def _count(self, block: bytes) -> None:
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
        if prefixed or b"!" in block:
            self._count_slowly(block)
            return
        last = _ROW.match(block, max(block.rfind(b"<row"), 0))
        self._row = int(last[1]) if last else self._row
        self.rows = max(self.rows, self._row)
        if not self._like_before(block):
            self.rows = max(self.rows, *map(int, _ROW.findall(block)), 0)
            for letters, digits in set(_CELL.findall(block)):
                self.columns, self.rows = max(self.columns, column(letters)), max(self.rows, int(digits))
            if not self._like_before(block):
                self._count_slowly(block)

    def _like_before(self, block: bytes) -> bool:
        """Whether all cells are plainly written and within what is known, the rows to a tenth."""
        digits = str(self.rows)
        rows = _up_to(int(digits[:2]), len(digits) - 2 if len(digits) > 2 else 0)
        columns = min(self.columns, limits.COLUMNS_AT_MOST)
        return _cell_unlike(columns, rows).search(block) is None

    def _count_slowly(self, block: bytes) -> None:
        """The same for cells written in another way, and for those without a place: beside the one before."""
        for element, attributes in _ELEMENT.findall(block):
            found = _PLACE.findall(attributes)
            if element == b"row":
                self._row = max((int(digits or 0) for _letters, digits in found), default=self._row + 1)
                self._column = 0
            else:
                self._column = max((column(letters) for letters, _digits in found), default=self._column + 1)
                self._row = max(self._row, *(int(digits or 0) for _letters, digits in found), 1)
            self.rows, self.columns = max(self.rows, self._row), max(self.columns, self._column)

    def _count_texts(self, block: bytes) -> None:
        first, *others = _TEXT_END.split(block)
        self._text += len(first)
        for other in others:
            self.lengths.append(self._text)
            self._text = len(other)

    def _count_uses(self, block: bytes) -> None:
        begin = int.from_bytes(os.urandom(2), "little") % STRIDE if len(block) > STRIDE else 0
        places = range(begin, len(block), STRIDE)
        sample = b"".join([block[place : place + SAMPLED] for place in places])
        numbers = _NUMBER.findall(sample)
        self.uses.update(numbers)
        texts = sample.count(b't="str"') + sample.count(b't="e"')
        elsewise = sample.count(b"<v") + sample.count(b":v") - len(numbers) - texts - len(places)
        self.uses[b"?"] += max(0, elsewise)


def repeated(parts: list[Part]) -> int:
    """About how many bytes the texts take once they are copied into the cells that use them."""
    tables = [part.lengths for part in parts if part.lengths]
    longest = max((max(lengths) for lengths in tables), default=0)

    def length(use: bytes) -> int:
        if not use.isdigit():
            return longest if use == b"?" else 0
        return max((lengths[int(use)] for lengths in tables if int(use) < len(lengths)), default=0)

    sampled = sum(count * length(use) for part in parts for use, count in part.uses.items()) if longest else 0
    return sampled * (STRIDE // SAMPLED)
