"""Differences in money and goods between known orders and a later file: taken where nothing speaks against it, else
asked about.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.order_facts import lines_of
from retcli.actions.imports.merging import Source, Tally, ask, ask_money
from retcli.actions.imports.orders import rereading
from retcli.models import Draw, Order, OrderLine
from retcli.rules.imports.orders import line_cash
from retcli.rules.money.minor_units import Money
from retcli.shop import Shop


@dataclass(frozen=True)
class LineRow:
    """What a row of a file tells of an order line; None where it does not. Money in minor units, for all pieces but in
    `price`.
    """

    number: int
    target: str
    line: str
    sku: str | None
    title: str | None
    variant: str | None
    quantity: int
    price: int | None
    stated: int | None
    line_status: str | None
    line_state: str | None
    line_refunded: str | None
    refunded_there: int | None
    platform_share: int | None


def money(
    shop: Shop, source: Source, rows: Sequence[Any], tally: Tally, told_later: Collection[tuple[str, str]] = ()
) -> set[str]:
    """Changed amounts of known orders become questions, unless the order was unpaid, or only its deposit was: then what
    is paid is taken, as long as nothing was drawn on it.

    What an older program read net of refunds is put right. A row is (row number, order id, whether it was unpaid, paid,
    freight, what is left of it where the file prints that, whether no file said what went back before). Of what a newer
    file told (`told_later`: orders with the value) nothing is asked. Returns the orders that changed or were asked
    about.
    """
    shop.session.expire_all()  # the set-wise updates went past the session
    touched = set()
    for row, order_id, unpaid, paid, freight, net, unread in rows:
        order = shop.session.get_one(Order, order_id)
        # of an order with a deposit a case may have drawn already: then what was paid in all is asked about
        if unpaid and not (order.paid and _drawn_on(shop, order)):
            _take_paid(shop, order, paid, freight or 0)
            touched.add(order.number)
            continue
        if unread and net is not None and rereading.mend(shop, source, order, rereading.Said(net, paid, freight or 0)):
            tally.mended += 1
            touched.add(order.number)
            continue
        amounts = {"paid": paid, "freight": freight}
        tells = {name: minor for name, minor in amounts.items() if (order.number, name) not in told_later}
        asked = _ask_changed(shop, source, row, order, tells)
        tally.questions += asked
        if asked:
            touched.add(order.number)
    shop.session.flush()
    return touched


def _take_paid(shop: Shop, order: Order, paid: int | None, freight: int) -> None:
    """Takes what a file says was paid for an order, in minor units (None: what its lines and freight come to), and
    shares it out over the lines.
    """
    lines = lines_of(shop, order)
    order.paid = paid if paid is not None else sum(line.stated or 0 for line in lines) + freight
    order.freight = min(freight, order.paid)
    _share_out(order, lines)


def _ask_changed(shop: Shop, source: Source, row: int, order: Order, amounts: Mapping[str, int | None]) -> int:
    """Asks about each amount of an order (by column, minor units) that differs from the books; how many questions."""
    asked = 0
    for name, amount in amounts.items():
        if amount is not None and amount != getattr(order, name):
            in_books = Money(getattr(order, name), order.currency)
            asked += ask_money(shop, source, row, order.number, name, in_books, amount)
    return asked


def _drawn_on(shop: Shop, order: Order) -> bool:
    return bool(shop.session.scalar(sa.select(sa.select(col(Draw.id)).where(col(Draw.order_id) == order.id).exists())))


def _share_out(order: Order, lines: Sequence[OrderLine]) -> None:
    """Shares what was paid for an order out over its lines by their price, until the item report names their
    amounts.
    """
    worth = line_cash(order.paid, order.freight, [None] * len(lines), [line.price * line.quantity for line in lines])
    for line, cash in zip(lines, worth.cash, strict=True):
        line.cash, line.cash_source, line.platform_share = cash, worth.source, None


def lines(
    shop: Shop, source: Source, rows: Sequence[LineRow], tally: Tally, told_later: Collection[tuple[str, str]] = ()
) -> set[int]:
    """Compares each row of one order with the line that it names; a changed SKU, quantity or amount, or a further line,
    becomes a question, unless a newer file told of it (`told_later`: lines with the value). The numbers of the rows
    that changed something or were asked about.
    """
    query = sa.select(Order).where(col(Order.platform) == source.platform, col(Order.number) == rows[0].target)
    shop.session.expire_all()
    order = shop.session.scalars(query).one()
    in_books = lines_of(shop, order)
    by_number = {line.number: line for line in in_books}
    touched = set()
    for row in rows:
        line = by_number.get(row.line) or _renamed(in_books, row)
        if line is None:
            asked = ask(shop, source, row.number, order.number, "line", "", row.line)
            changed = True
        else:
            asked, changed = _questions(shop, source, order, line, row, told_later), _taken(line, row)
        tally.questions += asked
        if asked or changed:
            touched.add(row.number)
    _take_stated(shop, order, in_books, rows)
    shop.session.flush()
    return touched


def _taken(line: OrderLine, row: LineRow) -> bool:
    """Takes a line's number, title and status from a row; whether any changed."""
    changed = False
    for name, stated in (("number", row.line), ("title", row.title), ("platform_status", row.line_status)):
        if stated and getattr(line, name) != stated:
            setattr(line, name, stated)
            changed = True
    return changed


def _renamed(lines: Sequence[OrderLine], row: LineRow) -> OrderLine | None:
    """The line that an earlier file knew by its place only, which a row now names by its number; None unless just one
    fits.
    """
    same = [x for x in lines if x.number.startswith("#") and (x.sku, x.quantity) == (row.sku or "", row.quantity)]
    return same[0] if len(same) == 1 and not row.line.startswith("#") else None


def _questions(
    shop: Shop, source: Source, order: Order, line: OrderLine, row: LineRow, told_later: Collection[tuple[str, str]]
) -> int:
    subject, asked = f"{order.number}/{line.number}", 0
    for name, (known, found) in _differences(order, line, row).items():
        if (subject, name) not in told_later:
            asked += ask(shop, source, row.number, subject, name, known, found)
    return asked


def _differences(order: Order, line: OrderLine, row: LineRow) -> dict[str, tuple[object, object]]:
    """What a row says otherwise of a line than the books: by the field of the question, both values as shown."""
    differs: dict[str, tuple[object, object]] = {}
    if row.sku and row.sku != line.sku:
        differs["sku"] = line.sku, row.sku
    if row.quantity != line.quantity:
        differs["quantity"] = line.quantity, row.quantity
    if row.price is not None and row.price != line.price:
        differs["price"] = Money(line.price, order.currency), Money(row.price, order.currency)
    if None not in (row.stated, line.stated) and row.stated != line.stated and line.cash_source == "file":
        differs["cash"] = Money(line.stated or 0, order.currency), Money(row.stated or 0, order.currency)
    return differs


def _take_stated(shop: Shop, order: Order, lines: Sequence[OrderLine], rows: Sequence[LineRow]) -> None:
    """Takes the lines' own amounts of a file in place of shared-out ones, where they add up and no case draws on the
    order.
    """
    stated = {row.line: (row.stated, row.platform_share) for row in rows}
    amounts = [stated.get(line.number, (None, None))[0] for line in lines]
    vouchers = [stated.get(line.number, (None, None))[1] for line in lines]
    if all(line.cash_source == "file" for line in lines) or None in amounts or order.paid_at is None:
        return
    worth = line_cash(order.paid, order.freight, amounts, [0] * len(lines), vouchers)
    if worth.source != "file" or _drawn_on(shop, order):
        return
    for line, cash, amount, share in zip(lines, worth.cash, amounts, worth.vouchers, strict=True):
        line.cash, line.cash_source, line.stated, line.platform_share = cash, worth.source, amount, share
