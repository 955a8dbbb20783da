"""Compares the totals that a file states about itself with its rows, so that an incomplete download is found out."""

from collections.abc import Mapping, Sequence
from typing import Any

from retcli.errors import NeedsPerson
from retcli.language import _
from retcli.reading.dialect import Cells, Match, Total
from retcli.rules.money.minor_units import text


class Proof:
    """The comparison for one file; `footed`: it must have a record of totals at its end. Where a row could not be read
    its amount is not known, and nothing is compared.
    """

    def __init__(self, matched: Match, *, footed: bool = False) -> None:
        self._footed = footed
        self._read = matched.dialect.stated
        self._totals = {
            name: total
            for name, total in matched.dialect.totals.items()
            if not total.column or total.column in matched.columns
        }
        self._stated: dict[str, int] = {}
        self._found = dict.fromkeys(self._totals, 0)
        self._whole = True

    def state(self, cells: Cells) -> None:
        """Keeps the totals that a record of no data claims. Raises NeedsPerson where they are no numbers."""
        try:
            self._stated |= self._read(cells) if self._read else {}
        except ValueError as wrong:
            message = _("The file's own totals cannot be read: {text}").format(text=wrong)
            raise NeedsPerson(message, _("Download it again")) from wrong

    def add(self, columns: Mapping[str, Sequence[Any]], rows: int, *, whole: bool) -> None:
        """Adds rows to the sums, before row steps change them; `whole`: no row beside them was refused."""
        self._whole = self._whole and whole
        if not (self._whole and self._totals):
            return
        for place in range(rows):
            values = {name: column[place] for name, column in columns.items()}
            for name, total in self._totals.items():
                self._found[name] += total.adds(values)

    def compare(self) -> None:
        """Raises NeedsPerson where a stated total differs from the rows, or a file that must state some does not."""
        if self._footed and not self._stated:
            message = _("The file is not complete: the line with its totals is missing")
            raise NeedsPerson(message, _("Download it again"))
        for name, stated in self._stated.items():
            if self._whole and stated != self._found.get(name, stated):
                raise self._incomplete(self._totals[name], stated, self._found[name])

    def _incomplete(self, total: Total, stated: int, found: int) -> NeedsPerson:
        """The refusal of a file whose total differs from its rows."""
        shown = text if total.money else str
        message = _("The file says {stated} ({what}), its rows say {found}: it is not complete")
        return NeedsPerson(
            message.format(stated=shown(stated), what=_(total.what), found=shown(found)), _("Download it again")
        )
