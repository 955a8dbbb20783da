"""Workbooks as people and scripts hear of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from retcli.language import _
from retcli.rules.money import Money
from retcli.rules.payouts import Control
from retcli.views.base import Column, Screen, View, money, money_text, pairs


@dataclass(frozen=True)
class ExportView(View):
    """A workbook that was written: where, its sheets with their rows, the totals under names for scripts and people,
    for a reconciliation the control totals by side; `kind` and `about` are what the chain of events keeps of it.
    """

    file: Path
    sheets: tuple[tuple[str, int], ...]
    totals: Mapping[str, tuple[str, Money | int]]
    control: Mapping[str, Control] = field(default_factory=dict)
    currency: str = ""
    remarks: tuple[str, ...] = ()
    kind: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """`file`, `sheets[]`, `totals`."""
        made: dict[str, Any] = {
            "file": str(self.file),
            "sheets": [{"name": name, "rows": rows} for name, rows in self.sheets],
            "totals": {name: _plain(value) for name, (_title, value) in self.totals.items()},
            "remarks": list(self.remarks),
        }
        sides = {side: _control(control, self.currency) for side, control in self.control.items()}
        return made | ({"control": sides} if sides else {})

    def draw(self, screen: Screen) -> None:
        """The file, its sheets, its totals."""
        screen.line(_("Written: {file}").format(file=self.file), "bold")
        for remark in self.remarks:
            screen.line("  " + remark, "yellow")
        columns = [Column(_("Sheet")), Column(_("Rows"), "count")]
        screen.table(columns, [(name, str(rows)) for name, rows in self.sheets])
        pairs(screen, [(title, _text(value)) for title, value in self.totals.values()])


def _plain(value: Money | int) -> Any:
    return value if isinstance(value, int) else money(value)


def _text(value: Money | int) -> str:
    return str(value) if isinstance(value, int) else money_text(value)


def _control(control: Control, currency: str) -> dict[str, Any]:
    made = {}
    for name in ("opening", "new", "matched", "closing"):
        number, minor = getattr(control, name)
        made[name] = {"count": number, "money": money(Money(minor, currency))}
    return made
