"""The view of what is to be picked, by place, and of what must not be sent any more."""

from dataclasses import dataclass

from retcli.language import _, clauses
from retcli.views.base import Column, Screen, View, draw_next
from retcli.views.documents import Documented
from retcli.words import word


@dataclass(frozen=True)
class PickLine(Documented):
    """Pieces of an article that are to be picked for a case, and where they lie ("" where nobody said). `kept` is
    whether they are kept for it in the stock, None where nobody counts them; `remark` is the buyer's on the order.
    """

    KEYS = ("place", "sku", "name", "pieces", "case", "kept", "gift", "remark")

    place: str
    sku: str
    name: str
    pieces: int
    case: str
    kept: bool | None
    gift: bool
    remark: str

    def attention(self) -> str:
        """What whoever picks it must know."""
        short = _("not in stock") if self.kept is False else ""
        return clauses(filter(None, (short, _("gift") if self.gift else "", self.remark)))


@dataclass(frozen=True)
class NotToSend(Documented):
    """Goods that were to be sent for a case until it was turned down (`decision`)."""

    KEYS = ("case", "sku", "pieces", "decision")

    case: str
    sku: str
    pieces: int
    decision: str


@dataclass(frozen=True)
class PickListView(View):
    """What is to be picked, by place; how many cases wait for what comes back; what must not be sent any more."""

    KEYS = ("lines", "waiting", "not_to_send")

    lines: tuple[PickLine, ...]
    waiting: int
    not_to_send: tuple[NotToSend, ...]

    def draw(self, screen: Screen) -> None:
        """Shows a row for each line; remarks and gifts once more in colour, since nobody may miss them."""
        if self.lines:
            columns = [Column(_("Place"), "id"), Column(_("SKU"), "id"), Column(_("Pieces"), "count")]
            columns += [Column(_("Case"), "id"), Column(_("Name"), spare=True)]
            screen.table(columns, [(x.place or "-", x.sku, str(x.pieces), x.case, x.name) for x in self.lines])
        else:
            screen.line(_("Nothing is to be picked"))
        for line in self.lines:
            if told := line.attention():
                screen.line(f"{line.case}  {line.sku}  {told}", "yellow")
        for undone in self.not_to_send:
            text = _("Do not send: {case} {sku} ×{n}, {decision}")
            words = {"n": undone.pieces, "decision": word(undone.decision)}
            screen.line(text.format(case=undone.case, sku=undone.sku, **words), "red")
        if self.waiting:
            screen.line(_("{n} more cases wait for what comes back").format(n=self.waiting))
        if self.lines:
            draw_next(screen, f"retcli case ship {self.lines[0].case} --waybill WAYBILL")
