"""The view of a move between stocks, or of a disposal."""

from dataclasses import dataclass
from datetime import datetime

from retcli.language import _
from retcli.rules.lifecycles import OrderState
from retcli.views.base import Column, Screen, View, draw_next, when
from retcli.words import word


@dataclass(frozen=True)
class StockOrderView(View):
    """Pieces that somebody has go from one stock to another ("" for outside); they may wait for a second person."""

    ENVELOPE = "stock_order"
    KEYS = ("number", "kind", "sku", "name", "pieces", "source", "target", "state", "by", "at", "approved_by")

    number: str
    kind: str
    sku: str
    name: str
    pieces: int
    source: str
    target: str
    state: str
    because: str
    by: str
    at: datetime
    approved_by: str = ""

    @property
    def way(self) -> str:
        """From where to where."""
        source, target = (word(bucket) if bucket else _("outside") for bucket in (self.source, self.target))
        return _("{source} → {target}").format(source=source, target=target)

    @property
    def exit_code(self) -> int:
        """3 where it waits for a second person."""
        return 3 if self.state == OrderState.WAITING else 0

    @property
    def next(self) -> str:
        """What comes next: a second person's word, or a look at what moved."""
        waits = self.state == OrderState.WAITING
        return f"retcli stock approve {self.number}" if waits else f"retcli stock moves {self.sku}"

    def draw(self, screen: Screen) -> None:
        """Shows it in a line, and what comes next."""
        text = _("{number}  {kind}: {pieces}, {way}  {state}")
        words = {"kind": word(self.kind, "cause"), "pieces": f"{self.sku}×{self.pieces}", "way": self.way}
        screen.line(text.format(number=self.number, state=word(self.state, "stock_order"), **words))
        draw_next(screen, self.next)


@dataclass(frozen=True)
class StockOrdersView(View):
    """Disposals that wait for a second person."""

    KEYS = ("stock_orders",)

    stock_orders: tuple[StockOrderView, ...]

    def document(self) -> dict[str, object]:
        """Each of them."""
        return {"stock_orders": [order.document()["stock_order"] for order in self.stock_orders]}

    def draw(self, screen: Screen) -> None:
        """Shows a row for each."""
        if not self.stock_orders:
            screen.line(_("No disposal waits for a second person"))
            return
        columns = [Column(_("Number"), "id"), Column(_("SKU"), "id"), Column(_("Pieces"), "count")]
        columns += [Column(_("From, to")), Column(_("Because")), Column(_("Who"), spare=True)]
        columns += [Column(_("When"), "time", spare=True)]
        rows = [(o.number, o.sku, str(o.pieces), o.way, o.because, o.by, when(o.at)) for o in self.stock_orders]
        screen.table(columns, rows)
        draw_next(screen, f"retcli stock approve {self.stock_orders[0].number}")
