"""The view of what is to be picked, by place, and of what must not be sent any more."""

from dataclasses import dataclass

from retcli.language import _, clauses, series
from retcli.rules.lifecycles import Decision
from retcli.views.base import Column, Screen, View, draw_next
from retcli.views.documents import Documented
from retcli.words import word


@dataclass(frozen=True)
class PickLine(Documented):
    """Pieces of an article that are to be picked for a case, and where they lie (none where nobody said). `kept` is
    whether they are kept for it in the stock, None where nobody counts them, `lacking` whether the stock has too few;
    `remark` is the buyer's on the order.
    """

    KEYS = ("places", "sku", "name", "pieces", "case", "kept", "lacking", "gift", "remark")

    places: tuple[str, ...]
    sku: str
    name: str
    pieces: int
    case: str
    kept: bool | None
    lacking: bool
    gift: bool
    remark: str

    def attention(self) -> str:
        """What whoever picks it must know."""
        lacking = _("not in stock") if self.lacking else ""
        return clauses(filter(None, (lacking, _("gift") if self.gift else "", self.remark)))


@dataclass(frozen=True)
class NotToSend(Documented):
    """Goods that were to be sent for a case until it was turned down, or until other goods took their place
    (`decision` is that of the case).
    """

    KEYS = ("case", "sku", "pieces", "decision")

    case: str
    sku: str
    pieces: int
    decision: str

    def sentence(self) -> str:
        """What is not to be sent, and why."""
        why = _("other goods go") if self.decision == Decision.APPROVED else word(self.decision)
        text = _("Do not send: {case} {sku} ×{n}, {why}")
        return text.format(case=self.case, sku=self.sku, n=self.pieces, why=why)


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
            screen.table(columns, [(series(x.places) or "-", x.sku, str(x.pieces), x.case, x.name) for x in self.lines])
        else:
            screen.line(_("Nothing is to be picked"))
        for line in self.lines:
            if told := line.attention():
                screen.line(f"{line.case}  {line.sku}  {told}", "yellow")
        for undone in self.not_to_send:
            screen.line(undone.sentence(), "red")
        if self.waiting:
            screen.line(_("{n} more cases wait for what comes back").format(n=self.waiting))
        if self.lines:
            draw_next(screen, f"retcli case ship {self.lines[0].case} --waybill WAYBILL")
