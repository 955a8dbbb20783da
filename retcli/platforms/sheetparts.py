"""How far the cells of a workbook's part reach: counted in its bytes, before a parser lays the whole rectangle out."""

import re
from functools import cache

from retcli.platforms import limits

_DECLARES = re.compile(rb"<!(?!--|\[CDATA\[)")
_ROW = re.compile(rb'<row r="(\d{1,9})"')
_ELEMENT = re.compile(rb"""<(?:\w+:)?(c|row)\b((?:[^>"']|"[^"]*"|'[^']*')*)""")
_PLACE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]{0,9})(\d{0,9})""")
_TEXT_END = re.compile(rb"</(?:\w+:)?si\b")


@cache
def _cell(digits: int) -> re.Pattern[bytes]:
    """A cell's column, with its row where that has so many digits; the others are no further than rows already seen."""
    return re.compile(rb'<c r="([A-Z]{1,3}(?:\d{%d,9})?)' % min(digits, 8))


def column(letters: bytes) -> int:
    """``A`` is 1, ``ZZ`` 702."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


class Part:
    """One part being read piece by piece: the rows and columns its cells reach to, their number, the longest text."""

    def __init__(self) -> None:
        self.rows = self.columns = self.cells = self.texts = self.longest = 0
        self.is_sheet = False
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
        if b"\0" in piece or (b"<!" in block and _DECLARES.search(block)):
            return False
        self.is_sheet = self.is_sheet or b"sheetData" in block
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
        self._count_texts(block)
        rows = _ROW.findall(block)
        places = _cell(len(str(self.rows)) + 1).findall(block)
        odd = block.count(b"<c") + block.count(b"<row") > len(rows) + len(places)
        if odd or b"<!" in block or b":c" in block or b":row" in block:
            self._count_slowly(block)
            return
        self.cells += len(places)
        self.rows = max(self.rows, *map(int, rows), 0)
        for place in set(places):
            letters = place.rstrip(b"0123456789")
            self.columns = max(self.columns, column(letters))
            self.rows = max(self.rows, int(place[len(letters) :] or 0))

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
                self.cells += 1
            self.rows, self.columns = max(self.rows, self._row), max(self.columns, self._column)

    def _count_texts(self, block: bytes) -> None:
        if b"si>" not in block and b"si " not in block and not self._text:
            return
        first, *others = _TEXT_END.split(block)
        self._text += len(first)
        self.longest = max(self.longest, self._text) if others else self.longest
        if others:
            self.longest = max(self.longest, *map(len, others))
            self._text = len(others[-1])
