"""The view of a workbook with the stock that was written."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from retcli.language import _
from retcli.views.base import Screen, View
from retcli.words import word

HEADINGS: Mapping[str, tuple[str, str]] = {
    "wdt": ("商家编码", "数量"),
    "jst": ("商品编码", "数量"),
    "taobao": ("商家编码", "数量"),
}
"""The headings of the columns, by the system that the sheet is for."""


@dataclass(frozen=True)
class StockSheetView(View):
    """A workbook with so many products; of `unknown` ones nobody knows what can be sold, of those `below` zero none
    is told.
    """

    KEYS = ("file", "system", "rows", "unknown", "below")

    file: Path
    system: str
    rows: int
    unknown: int
    below: int

    @property
    def exit_code(self) -> int:
        """3 where products were left out."""
        return 3 if self.unknown or self.below else 0

    def draw(self, screen: Screen) -> None:
        """Shows the file and what is not in it."""
        text = _("Written for {system}: {file}, {n} products")
        screen.line(text.format(system=word(self.system), file=self.file, n=self.rows), "bold")
        if self.unknown:
            text = _("{n} products were never counted and are left out: retcli stock alerts")
            screen.line(text.format(n=self.unknown), "yellow")
        if self.below:
            text = _("{n} products were sold beyond what was counted and stand there as 0: retcli stock alerts")
            screen.line(text.format(n=self.below), "yellow")
