"""Views of orders: one with its lines and cases, and several that were found."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from retcli.language import _, aside, clauses, mark, series
from retcli.rules.money.minor_units import Money
from retcli.shellwords import in_own_words, quoted
from retcli.views.base import Column, Screen, View, draw_next, money_text, pairs, when
from retcli.views.casefile.platform_words import said_there
from retcli.views.documents import Documented
from retcli.views.imports.waiting_refunds import WaitingRefund
from retcli.views.shop.half_orders import HalfOrder
from retcli.words import word

BY_GOODS = mark("retcli order find --goods red --since 2026-11-01")
"""How orders are sought of which no number and no name is known."""
_PERSON = {"buyer": mark("Buyer"), "receiver": mark("Receiver"), "phone": mark("Phone"), "address": mark("Address")}


@dataclass(frozen=True)
class OrderLineView(Documented):
    """A line of an order with the cash and the pieces that are still open on it."""

    number: str
    sku: str
    title: str
    quantity: int
    cash: Money
    refundable: Money
    units_open: int


@dataclass(frozen=True)
class OrderCase(Documented):
    """A case of an order: its number, kind and stage."""

    number: str
    kind: str
    stage: str


@dataclass(frozen=True)
class OrderView(View):
    """An order with its lines, what can still be refunded on it, and its cases; personal data is masked unless it was
    asked for.
    """

    KEYS = (
        *("number", "platform", "shop", "status", "platform_status", "paid", "freight", "refunded_there"),
        *("refunded_by_word", "unbooked", "ordered_at", "shipped_at", "signed_at", "signed_by", "waybill", "waybills"),
        *("carrier", "payment_number", "person", "buyer_remark", "seller_remark", "lines", "cases"),
    )

    number: str
    platform: str
    shop: str
    status: str
    platform_status: str
    paid: Money
    freight: Money
    ordered_at: datetime | None
    shipped_at: datetime | None
    signed_at: datetime | None
    signed_by: str | None
    waybill: str
    carrier: str
    unbooked: Money
    lines: tuple[OrderLineView, ...]
    cases: tuple[OrderCase, ...]
    person: Mapping[str, str] = field(default_factory=dict)
    buyer_remark: str = ""
    seller_remark: str = ""
    refunded_there: Money | None = None
    refunded_by_word: str = ""
    reported: bool = False
    payment_number: str = ""
    left: Money | None = None
    waybills: tuple[str, ...] = ()
    carriers: tuple[str, ...] = ()

    def draw(self, screen: Screen) -> None:
        """Shows the order with its lines and cases."""
        screen.line(
            _("Order {number}  {status}").format(
                number=self.number, status=said_there(self.platform_status) or word(self.status)
            ),
            "bold",
        )
        pairs(screen, self.rows())
        columns = [
            Column(_("SKU"), "id"),
            Column(_("Title"), "title"),
            Column(_("Pieces"), "count"),
            Column(_("Paid"), "money"),
        ]
        columns += [Column(_("Still refundable"), "money"), Column(_("Pieces open"), "count")]
        screen.table(columns, [_line_row(line) for line in self.lines])
        # what went back of no certain line is taken off the order alone: the lines may add up to more than is left
        if self.left is not None and self.left.minor < sum(line.refundable.minor for line in self.lines):
            text = _("Of the whole order {left} is left: that binds, though each line by itself has as much as it says")
            screen.line(text.format(left=money_text(self.left)))
        for case in self.cases:
            text = _("Case {number}: {kind}, {stage}")
            screen.line(text.format(number=case.number, kind=word(case.kind), stage=word(case.stage)))
        if not self.cases:
            text = _("Open a case: retcli case open {number} --kind return --reason B_7D")
            screen.line(text.format(number=quoted(self.number)))

    def rows(self) -> list[tuple[str, str]]:
        """The facts of the order beside its lines, as names and values."""
        paid = _("{paid} with freight {freight}").format(paid=money_text(self.paid), freight=money_text(self.freight))
        signed = when(self.signed_at)
        if self.signed_by == "confirmed":
            signed = aside(signed, _("by the buyer's confirmation"))
        return [
            (_("Shop"), self.shop),
            (_("Paid"), paid),
            (_("Went back there"), self._went_back()),
            (_("Payment no."), self.payment_number),
            (_("Ordered"), when(self.ordered_at)),
            (_("Sent"), self._sent()),
            (_("Signed"), signed),
            *((_(_PERSON[name]), text) for name, text in self.person.items()),
            (_("Buyer's remark"), self.buyer_remark),
            (_("Seller's remark"), self.seller_remark),
        ]

    def _sent(self) -> str:
        """The waybills by carrier, each carrier named once."""
        if not self.waybills:
            return self.carrier
        by_carrier: dict[str, list[str]] = {}
        for carrier, waybill in zip(self.carriers, self.waybills, strict=True):
            by_carrier.setdefault(carrier, []).append(waybill)
        return clauses(f"{carrier} {series(each)}".strip() for carrier, each in by_carrier.items())

    def _went_back(self) -> str:
        """What went back by the platform's own order file, and how much of that is not in the books."""
        if self.refunded_by_word:
            text = _("{status}: how much is not known, look there")
            if self.reported:
                text = _("{status}: how much is not known, import the refund report first")
            return text.format(status=self.refunded_by_word)
        if not self.refunded_there:
            return ""
        shown = money_text(self.refunded_there)
        if not self.unbooked:
            return shown
        return _("{money}, {unbooked} of it not in these books yet").format(
            money=shown, unbooked=money_text(self.unbooked)
        )


def _line_row(line: OrderLineView) -> Sequence[str]:
    """The cells of a line in the table."""
    cash, left = money_text(line.cash), money_text(line.refundable)
    return line.sku or line.number, line.title, str(line.quantity), cash, left, str(line.units_open)


_ATTRIBUTE_NAME = re.compile(r"(?:^|(?<=[;；]))[^:：;；\s]{1,8}[:：]")


def _attributes_alone(goods: str) -> str:
    """Goods with the values of their variant (红;39) without the names before each, for which a column has no room."""
    return _ATTRIBUTE_NAME.sub("", goods)


@dataclass(frozen=True)
class OrdersView(View):
    """Orders that were found; `more`: there are others. `halves` are orders of the number that are only half there.
    `by_goods`: they were sought by their goods. `case` is the last case of the only order, "" where it has none, None
    where there are several orders. `waiting` are refunds of the number that wait for their order.
    """

    KEYS = ("orders", "more", "halves", "waiting")

    orders: tuple[Mapping[str, Any], ...]
    more: bool = False
    halves: tuple[HalfOrder, ...] = ()
    by_goods: bool = False
    case: str | None = None
    waiting: tuple[WaitingRefund, ...] = ()

    def draw(self, screen: Screen) -> None:
        """Shows a row for each order, or what an order waits for that is only half there."""
        for half in self.halves:
            screen.line(half.sentence(), "yellow")
        for refund in self.waiting:
            screen.line(refund.sentence(), "yellow")
        if self.halves or self.waiting:
            return
        if not self.orders:
            screen.line(_("No such orders"))
            draw_next(screen, _(BY_GOODS))
            return
        screen.table(self._columns(), [self._row(order) for order in self.orders])
        if self.more:
            screen.line(_("There are more: say more of it"))
        self._draw_next(screen)

    def _draw_next(self, screen: Screen) -> None:
        """The command for the case of the only order; where it has none, or there are several orders, to open one."""
        if self.case:
            draw_next(screen, f"retcli case show {self.case}")
            return
        number = "ORDER" if self.case is None else quoted(str(self.orders[0]["number"]))
        text = _("Open a case: retcli case open {number} --kind return --reason B_7D")
        screen.line(in_own_words(text.format(number=number)))

    def _columns(self) -> list[Column]:
        """The columns: the goods at the end, and left out first, but where they were sought, right behind the time."""
        sought, goods = self.by_goods, Column(_("Goods"), "title", spare=not self.by_goods)
        columns = [Column(_("Order"), "id"), Column(_("Ordered"), "time", spare=not sought)]
        columns += [Column(_("Buyer"), spare=True), Column(_("Phone"), "id")]
        columns += [Column(_("Paid"), "money", spare=sought), Column(_("Status"), spare=sought)]
        columns.insert(2 if sought else len(columns), goods)
        return columns

    def _row(self, order: Mapping[str, Any]) -> Sequence[str]:
        """The cells of an order under these columns."""
        cells = [order["number"], when(order["ordered_at"]), order["buyer"], order["phone"]]
        cells += [money_text(order["paid"]), word(order["status"])]
        cells.insert(2 if self.by_goods else len(cells), series(map(_attributes_alone, order["goods"])))
        return cells
