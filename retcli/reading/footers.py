"""The line of totals that people and platforms put below a sheet: no order, and a check of the rows above it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from retcli.errors import NeedsPerson
from retcli.language import _
from retcli.reading.cells import Read, Unreadable, count, money, pieces, worth
from retcli.reading.dialect import Cells, Match
from retcli.rules.money.minor_units import text

_WORDS = ("合计", "总计", "小计", "共计", "总合计", "汇总", "Total", "TOTAL", "total")
TOTALS = frozenset({*_WORDS, *(f"{word}:" for word in _WORDS), *(f"{word}：" for word in _WORDS)})
"""What stands in such a line instead of a number."""
_NOTES = ("#", "导出时间", "说明", "备注：", "备注:", "注：", "注:")
"""How a note begins that platforms and people put below a sheet."""
_NOTES_BEGIN = frozenset(note[0] for note in _NOTES)
_AROUND = " \t\"'`="
_TIME = re.compile(r"\d:\d")
"""What a line of totals has none of: an order that lost its number has one, and is refused by name."""
_SUMMED: frozenset[Read] = frozenset({count, money, pieces, worth})
_WITH_NUMBERS = frozenset({"orders", "items", "sales", "refunds"})
"""Kinds of files whose every row has an order's number; the others say themselves what is no row of theirs."""


class Footer:
    """Lines of totals in one file: taken out of its rows, and compared with what the rows add up to."""

    def __init__(self, matched: Match) -> None:
        self._header = matched.header
        self._order = matched.columns.get("order") if matched.dialect.holds in _WITH_NUMBERS else None
        reads = {wanted.name: wanted.read for wanted in matched.dialect.fields}
        self._summed = {name: (place, reads[name]) for name, place in matched.columns.items() if reads[name] in _SUMMED}
        self._found = dict.fromkeys(self._summed, 0)
        self._claims: list[Cells] = []
        self._whole = True

    def taken_out(self, batch: Sequence[Cells]) -> list[int]:
        """The places of a batch's rows that are lines of totals, or notes below them."""
        order = self._order
        if order is None:
            return []
        short = [
            place
            for place, row in enumerate(batch)
            if len(row) <= order or len(row[order].strip(_AROUND)) < 6 or row[0][:1] in _NOTES_BEGIN
        ]
        totals = [place for place in short if self._is_total(batch[place], order)]
        self._claims += [batch[place] for place in totals]
        return totals + [place for place in short if _is_note(batch[place])]

    def add(self, columns: Mapping[str, Sequence[Any]], *, whole: bool) -> None:
        """Counts some rows in, as they stand; `whole` says that none beside them was refused."""
        self._whole = self._whole and whole
        for name in self._found:
            self._found[name] += sum(filter(None, columns[name]))

    def compare(self) -> None:
        """Raises NeedsPerson where the last line of totals says other than the rows; without a row refused."""
        if not (self._whole and self._claims):
            return
        for name, (place, read) in self._summed.items():
            stated = _claimed(self._claims[-1], place, read)
            if stated and stated != self._found[name]:
                shown = str if read in {count, pieces} else text
                message = _("The file says {stated} ({what}), its rows say {found}: it is not complete").format(
                    stated=shown(stated), what=self._header[place].strip(), found=shown(self._found[name])
                )
                raise NeedsPerson(message, _("Download it again"))

    @staticmethod
    def _is_total(row: Cells, order: int) -> bool:
        number = row[order].strip(_AROUND) if len(row) > order else ""
        if number:
            return number in TOTALS
        named = any(cell.strip(_AROUND) in TOTALS for cell in row)
        return named and not any(_TIME.search(cell) for cell in row)


def _is_note(row: Cells) -> bool:
    """Whether a row is a note below the table: one text alone, in words that no order begins with."""
    filled = [cell.strip(_AROUND) for cell in row if cell.strip(_AROUND)]
    return len(filled) == 1 and row[0].strip(_AROUND).startswith(_NOTES)


def _claimed(row: Cells, place: int, read: Read) -> int | None:
    """What a line of totals says of a column; None where it says nothing that is a number."""
    try:
        return read(row[place]) if place < len(row) else None
    except Unreadable:
        return None
