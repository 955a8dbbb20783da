"""Shows an order with what is still open of it, and finds orders by what people know of them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile import lookup, order_names
from retcli.actions.casefile.axes import axes, stage_of
from retcli.actions.casefile.order_facts import lines_of
from retcli.actions.casefile.records.dossiers import dossier_of
from retcli.actions.casefile.records.ledger import DrawnOn, draws_of_others
from retcli.actions.orderfile import waiting_refunds
from retcli.actions.orderfile.half_orders import half_orders
from retcli.actions.orderfile.persons import Hide, hiding
from retcli.actions.orderfile.refunded_on_platform import by_files, unbooked_of, unmeasured
from retcli.actions.orderfile.sent_orders import carrier_of, waybills_of, waybills_of_each
from retcli.actions.shop import reveals
from retcli.actions.shop.orders_of_goods import Narrowed
from retcli.errors import WrongCommand
from retcli.language import _
from retcli.models import Case, Order, OrderLine
from retcli.rules.money.minor_units import Money
from retcli.rules.money.refunded_on_platform import REPORTING, Unbooked, cut
from retcli.rules.warehouse.ids import normalised
from retcli.shellwords import either
from retcli.shop import Shop
from retcli.views import masking
from retcli.views.shop.orders import BY_GOODS, OrderCase, OrderLineView, OrdersView, OrderView

AT_MOST = 20


def show(shop: Shop, ref: str, *, reveal: bool = False, because: str = "") -> OrderView:
    """An order with what is still open on each line. The person is masked unless `reveal`, which needs a reason and
    leaves an event. Raises NotFound, Ambiguous, or Refused for who may not see it.
    """
    order = lookup.order_of(shop, ref)
    drawn, lines = draws_of_others(shop, order, None), lines_of(shop, order)
    there, gone = by_files(order, lines), unbooked_of(shop, order, lines)
    hide = hiding(order, reveal=reveal)
    if reveal:
        reveals.reveal(shop, order, f"order/{order.number}", what="order", because=because)
    return OrderView(
        number=order.number,
        platform=order.platform,
        shop=order.shop,
        status=order.status,
        platform_status=hide(order.platform_status),
        paid=Money(order.paid, order.currency),
        freight=Money(order.freight, order.currency),
        ordered_at=order.ordered_at,
        shipped_at=order.shipped_at,
        signed_at=order.signed_at,
        signed_by=order.signed_by or None,
        waybill=masking.waybill(order.waybill, hide),
        waybills=tuple(masking.waybill(each, hide) for each in waybills_of(shop, order)),
        carrier=order.carrier,
        carriers=tuple(carrier_of(shop, order, each) for each in waybills_of(shop, order)),
        payment_number=order.payment_number,
        refunded_there=None if there is None else Money(there, order.currency),
        unbooked=Money(gone.total, order.currency),
        refunded_by_word=hide(unmeasured(shop, order, lines)),
        reported=order.platform in REPORTING,
        lines=_lines(order, lines, drawn, gone, hide),
        left=_left(order, lines, drawn, gone),
        cases=tuple(_case(shop, case) for case in _cases(shop, order)),
        person=_person(order, reveal=reveal),
        buyer_remark=hide(order.buyer_remark),
        seller_remark=hide(order.seller_remark),
    )


def _left(order: Order, lines: Sequence[OrderLine], drawn: DrawnOn, gone: Unbooked) -> Money:
    """What could still be given back of the whole order: lines and freight, less draws and what its file says went
    back.
    """
    cash = sum(line.cash for line in lines) + order.freight
    drawn_cash = sum(draw.cash for draws in drawn.values() for draw in draws)
    return Money(max(cash - drawn_cash - gone.total, 0), order.currency)


def _lines(
    order: Order, lines: Sequence[OrderLine], drawn: DrawnOn, gone: Unbooked, hide: Hide
) -> tuple[OrderLineView, ...]:
    """The lines, each with what could still be given back of it alone."""
    open_cash = {line.id: line.cash - sum(draw.cash for draw in drawn.get(line.id, [])) for line in lines}
    freight = order.freight - sum(draw.cash for draw in drawn.get(None, []))
    left = {key: cash - cut(gone, open_cash, freight, [key]).lines[key] for key, cash in open_cash.items()}
    return tuple(
        OrderLineView(
            number=line.number,
            sku=line.sku,
            title=hide(line.title),
            quantity=line.quantity,
            cash=Money(line.cash, order.currency),
            refundable=Money(left[line.id], order.currency),
            units_open=line.quantity - sum(draw.units for draw in drawn.get(line.id, [])),
        )
        for line in lines
    )


def _cases(shop: Shop, order: Order) -> list[Case]:
    query = sa.select(Case).where(col(Case.order_id) == order.id).order_by(col(Case.id))
    return list(shop.session.scalars(query))


def _case(shop: Shop, case: Case) -> OrderCase:
    dossier = dossier_of(shop, case)
    return OrderCase(case.number, case.kind, stage_of(dossier, axes(dossier)))


def _person(order: Order, *, reveal: bool) -> dict[str, str]:
    """Who bought and where it went, masked unless revealed."""
    if reveal:
        shown = (order.buyer, order.receiver, order.phone, order.address)
    else:
        shown = (masking.name(order.buyer), masking.name(order.receiver), masking.phone(order.phone),
                 masking.address(order.address))  # fmt: skip
    names = ("buyer", "receiver", "phone", "address")
    return {name: text for name, text in zip(names, shown, strict=True) if text}


def find(
    shop: Shop, text: str = "", *, goods: str = "", since: date | None = None, until: date | None = None
) -> OrdersView:
    """Orders by number, sub-order, waybill, payment's number, phone or a person's name; where none fits, by the last
    four or more characters of a number, waybill, refund or phone, then by words for their goods of the last sixty days,
    and then orders of which only one report came. Narrowed by words for their goods and the days on which they were
    placed, which also find orders by themselves. Raises WrongCommand where nothing is said.
    """
    narrowed = Narrowed.of(shop, goods, since, until)
    if not (text.strip() or narrowed.period):
        raise WrongCommand(_("Say something of the order"), either("retcli order find NAME", _(BY_GOODS)))
    orders = _by_text(shop, text, narrowed) if text.strip() else narrowed.orders(shop, AT_MOST + 1)
    if not (orders or narrowed.goods or _is_number(text)):
        narrowed = Narrowed.of(shop, text, since, until)
        orders = narrowed.orders(shop, AT_MOST + 1)
    shown = orders[:AT_MOST]
    sent, of_goods = waybills_of_each(shop, shown), narrowed.goods_of(shop, shown)
    rows = tuple(_row_of(order, sent.get(order.id, ()), of_goods.get(order.id, ())) for order in shown)
    halves = half_orders(shop, text) if text.strip() and not orders else ()
    waiting = waiting_refunds.called(shop, text) if not (orders or halves) else ()
    more, by_goods, case = len(orders) > AT_MOST, bool(narrowed.goods), _only_case(shop, orders)
    return OrdersView(rows, more, halves, by_goods=by_goods, case=case, waiting=waiting)


def _only_case(shop: Shop, orders: Sequence[Order]) -> str | None:
    """The number of the last case of the only order that was found; "" where it has none, None where there are several
    orders, or no order.
    """
    if len(orders) != 1:
        return None
    return next((case.number for case in reversed(_cases(shop, orders[0]))), "")


def _by_text(shop: Shop, text: str, narrowed: Narrowed) -> list[Order]:
    """The newest orders that a text means, one more than are shown: that have it as a number or a name, else a number
    that ends in it.
    """
    wanted = normalised(text)
    ways = [_called(shop, text, wanted)]
    if order_names.is_end(wanted) and not _is_phone(wanted):  # a whole telephone number is the end of none
        ways.append(order_names.called_by_end(wanted))
    for condition in ways:
        query = sa.select(Order).where(condition, *narrowed.conditions())
        query = query.order_by(col(Order.ordered_at).desc(), col(Order.id).desc())
        if orders := list(shop.session.scalars(query.limit(AT_MOST + 1))):  # one more tells that there are more
            return orders
    return []


def _called(shop: Shop, text: str, wanted: str) -> sa.ColumnElement[bool]:
    """The condition that an order has a whole number, or a person of it the telephone number or the name."""
    lines = sa.select(col(OrderLine.order_id)).where(col(OrderLine.number_key) == wanted)
    tests = [*lookup.names_of_order(wanted, text), col(Order.id).in_(lines), *order_names.named(shop, text)]
    if _is_phone(wanted):
        tests.append(sa.and_(col(Order.phone_tail) == wanted[-4:], col(Order.phone) == wanted))
    return sa.or_(*tests)


def _is_phone(wanted: str) -> bool:
    return wanted.isdigit() and len(wanted) == 11


def _is_number(text: str) -> bool:
    """Whether a text is a number, which is no word for goods."""
    return normalised(text).isdigit()


def _row_of(order: Order, waybills: Sequence[str], goods: Sequence[str]) -> dict[str, Any]:
    """The values of an order's row in a list, the person masked."""
    return {
        "number": order.number,
        "platform": order.platform,
        "shop": order.shop,
        "status": order.status,
        "paid": Money(order.paid, order.currency),
        "ordered_at": order.ordered_at,
        "buyer": masking.name(order.buyer),
        "phone": masking.phone(order.phone),
        "waybill": masking.waybill(order.waybill),
        "waybills": [masking.waybill(each) for each in waybills],
        "goods": list(goods),
    }
