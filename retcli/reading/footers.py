"""Lines of totals (合计) and notes below a table: taken out of its rows, and the totals compared with them."""

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
"""What a line of totals has in place of an order's number."""
_NOTES = ("#", "导出时间", "说明", "备注：", "备注:", "注：", "注:")
"""How a note below a table begins."""
_NOTES_BEGIN = frozenset(note[0] for note in _NOTES)
_AROUND = " \t\"'`="
_TIME = re.compile(r"\d:\d")
"""A time of day. A line of totals has none; a row with one is an order that lost its number, which must be refused and
not passed over.
"""
_SUMMED: frozenset[Read] = frozenset({count, money, pieces, worth})
_WITH_NUMBERS = frozenset({"orders", "items", "sales", "refunds"})
"""Kinds of files whose every row has an order's number; dialects of the others say what is no row of theirs."""


class Footer:
    """The lines of totals of one file, and the sums of its rows as far as they were read."""

    def __init__(self, matched: Match) -> None:
        self._header = matched.header
        self._order = matched.columns.get("order") if matched.dialect.holds in _WITH_NUMBERS else None
        reads = {wanted.name: wanted.read for wanted in matched.dialect.fields}
        self._summed = {name: (place, reads[name]) for name, place in matched.columns.items() if reads[name] in _SUMMED}
        self._found = dict.fromkeys(self._summed, 0)
        self._claims: list[Cells] = []
        self._whole = True

    def taken_out(self, batch: Sequence[Cells]) -> list[int]:
        """The places in a batch of the rows that are totals or notes; what the totals claim is kept for `compare`."""
        order = self._order
        if order is None:
            return []
        # nearly every row has an order's number, which is longer: only the few others are looked at closely
        short = [
            place
            for place, row in enumerate(batch)
            if len(row) <= order or len(row[order].strip(_AROUND)) < 6 or row[0][:1] in _NOTES_BEGIN
        ]
        totals = [place for place in short if self._is_total(batch[place], order)]
        self._claims += [batch[place] for place in totals]
        return totals + [place for place in short if _is_note(batch[place])]

    def add(self, columns: Mapping[str, Sequence[Any]], *, whole: bool) -> None:
        """Adds rows to the sums, before row steps change them; `whole`: no row beside them was refused."""
        self._whole = self._whole and whole
        for name in self._found:
            self._found[name] += sum(filter(None, columns[name]))

    def compare(self) -> None:
        """Raises NeedsPerson where the last line of totals differs from the sums of the rows."""
        # the amount of a refused row is not known, so that nothing can be compared then
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
        """Whether a row is a line of totals: by the word in place of the order's number, or anywhere beside none."""
        number = row[order].strip(_AROUND) if len(row) > order else ""
        if number:
            return number in TOTALS
        named = any(cell.strip(_AROUND) in TOTALS for cell in row)
        return named and not any(_TIME.search(cell) for cell in row)


def _is_note(row: Cells) -> bool:
    """Whether a row is a note below the table: a single cell, which begins as notes do."""
    filled = [cell.strip(_AROUND) for cell in row if cell.strip(_AROUND)]
    return len(filled) == 1 and row[0].strip(_AROUND).startswith(_NOTES)


def _claimed(row: Cells, place: int, read: Read) -> int | None:
    """The total that a line of totals claims for a column; None where the cell is no number."""
    try:
        return read(row[place]) if place < len(row) else None
    except Unreadable:
        return None
