"""The view of what in the stock needs a person."""

from dataclasses import dataclass
from typing import Any

from retcli.language import _, mark
from retcli.rules.warehouse.stock_alarms import Alarm
from retcli.shellwords import quoted
from retcli.views.base import Column, Screen, View
from retcli.views.documents import Documented
from retcli.views.warehouse.stock_orders import StockOrderView

_ALARMS = {
    Alarm.PILED_UP: mark("defective pieces pile up"),
    Alarm.LIES_LONG: mark("defective for too long"),
    Alarm.RUNS_OUT: mark("at or below the safety stock"),
    Alarm.NOT_COUNTED: mark("never counted"),
}


@dataclass(frozen=True)
class StockAlert(Documented):
    """An alarm about a product, with the pieces that it is about and what is done about it."""

    KEYS = ("alarm", "sku", "name", "pieces", "command")

    alarm: Alarm
    sku: str
    name: str
    pieces: int

    @property
    def command(self) -> str:
        """The command by which it is dealt with."""
        if self.alarm in {Alarm.PILED_UP, Alarm.LIES_LONG}:
            return f"retcli stock dispose {quoted(self.sku)} --pieces {self.pieces} --as supplier --because TEXT"
        if self.alarm == Alarm.NOT_COUNTED:
            return f"retcli stock count {quoted(self.sku)} --pieces N"
        return f"retcli stock moves {quoted(self.sku)}"


@dataclass(frozen=True)
class StockAlertsView(View):
    """Alarms about the stock, and disposals that wait for a second person."""

    KEYS = ("alerts",)

    alerts: tuple[StockAlert, ...]
    waiting: tuple[StockOrderView, ...] = ()

    def document(self) -> dict[str, Any]:
        """The alarms, and the disposals that wait."""
        waiting = [order.document()["stock_order"] for order in self.waiting]
        return {"alerts": [alert.document() for alert in self.alerts], "waiting": waiting}

    def draw(self, screen: Screen) -> None:
        """Shows a row for each alarm, then a command for each kind of them."""
        if not (self.alerts or self.waiting):
            screen.line(_("Nothing in the stock needs anybody"))
            return
        if self.alerts:
            columns = [Column(_("SKU"), "id"), Column(_("Name")), Column(_("Pieces"), "count"), Column(_("Alarm"))]
            screen.table(columns, [(a.sku, a.name, str(a.pieces), _(_ALARMS[a.alarm])) for a in self.alerts])
        first = {alert.alarm: alert for alert in reversed(self.alerts)}
        for alarm in Alarm:
            if alarm in first:
                text = _("{alarm}: {command}")
                screen.line(text.format(alarm=_(_ALARMS[alarm]), command=first[alarm].command))
        if self.waiting:
            text = _("{n} disposals wait for a second person: retcli stock approve")
            screen.line(text.format(n=len(self.waiting)), "yellow")
