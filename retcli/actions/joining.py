"""Orders joined from their two reports, and kept up to date by later ones."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.merging import Source, Tally, ask, ask_money, stop_waiting, table_of, wait, waiting
from retcli.database.stages import StagedRow
from retcli.models import Draw, Order, OrderLine
from retcli.models.imports import WaitingRow
from retcli.rules.orders import line_cash
from retcli.shop import Shop

ORDERS, ITEMS = "orders", "items"
_TEXTS = (
    "status",
    "platform_status",
    "carrier",
    "waybill",
    "signed_by",
    "buyer",
    "receiver",
    "phone",
    "phone_tail",
    "address",
    "buyer_remark",
    "seller_remark",
)
_UPDATED = (*_TEXTS, "shipped_at", "signed_at", "ordered_at", "paid_at", "pieces")


def merge_orders(shop: Shop, source: Source, rows: Sequence[StagedRow]) -> Tally:
    """Takes in rows of an order report: known orders are updated, new ones wait until their lines are there."""
    numbers = [row.order for row in rows]
    known = _known(shop, source, numbers)
    tally, fresh = Tally(), []
    for row in rows:
        if row.order in known:
            _update(shop, source, row, known[row.order], tally)
        else:
            fresh.append(row)
    _add(tally, wait(shop, source, ORDERS, fresh, waiting(shop, source, ORDERS, [row.order for row in fresh])))
    complete(shop, source, [row.order for row in fresh])
    return tally


def merge_items(shop: Shop, source: Source, rows: Sequence[StagedRow]) -> Tally:
    """Takes in rows of an item report: known lines are compared, new ones wait until their order is there."""
    by_order: dict[str, list[StagedRow]] = defaultdict(list)
    for row in rows:
        by_order[row.order].append(row)
    known = _known(shop, source, list(by_order))
    lines = _lines(shop, [order.id for order in known.values() if order.id])
    tally, fresh = Tally(), []
    for number, group in by_order.items():
        if number in known:
            _compare(shop, source, known[number], lines[known[number].id or 0], group, tally)
        else:
            fresh += group
    orders = list(dict.fromkeys(row.order for row in fresh))
    _add(tally, wait(shop, source, ITEMS, fresh, waiting(shop, source, ITEMS, orders)))
    complete(shop, source, orders)
    return tally


def complete(shop: Shop, source: Source, numbers: Sequence[str]) -> list[str]:
    """Makes orders of which both halves and every piece are there, each with all its lines; returns their numbers."""
    if not numbers:
        return []
    heads = waiting(shop, source, ORDERS, numbers)
    items: dict[str, list[WaitingRow]] = defaultdict(list)
    for row in waiting(shop, source, ITEMS, numbers).values():
        items[row.order_number].append(row)
    whole = [row for (number, _line), row in heads.items() if _all_there(row, items[number])]
    if not whole:
        return []
    ids = _insert_orders(shop, source, whole)
    made = [
        line for row in whole for line in _new_lines(shop, source, row, ids[row.order_number], items[row.order_number])
    ]
    shop.session.execute(sa.insert(table_of(OrderLine)), made)
    done = [row.order_number for row in whole]
    stop_waiting(shop, source, (ORDERS, ITEMS), done)
    return done


def _all_there(head: WaitingRow, items: Sequence[WaitingRow]) -> bool:
    pieces = json.loads(head.payload).get("pieces")
    if not items:
        return False
    return pieces is None or pieces == sum(json.loads(item.payload)["quantity"] for item in items)


def _insert_orders(shop: Shop, source: Source, heads: Sequence[WaitingRow]) -> dict[str, int]:
    rows = []
    for head in heads:
        values = json.loads(head.payload)
        facts = _facts(values)
        facts["shop"] = head.shop or values.get("shop_name", "")
        rows.append({**_BLANK, **facts, "platform": source.platform, "number": head.order_number})
    shop.session.execute(sa.insert(table_of(Order)), rows)
    found = shop.session.execute(
        sa.select(col(Order.number), col(Order.id)).where(
            col(Order.platform) == source.platform, col(Order.number).in_([head.order_number for head in heads])
        )
    )
    return {number: key for number, key in found if key is not None}


_BLANK: dict[str, Any] = {
    **dict.fromkeys(_TEXTS, ""),
    **dict.fromkeys(("ordered_at", "paid_at", "shipped_at", "signed_at", "pieces")),
    "currency": "CNY",
    "freight": 0,
}


def _facts(values: Mapping[str, Any]) -> dict[str, Any]:
    """An order's columns from what its row says; what the layout does not have is left out."""
    facts = {name: values[name] for name in _UPDATED if values.get(name) not in (None, "")}
    for name in ("ordered_at", "paid_at", "shipped_at"):
        if name in facts:
            facts[name] = datetime.fromisoformat(facts[name])
    facts |= _signed(values)
    phone = facts.get("phone", "").split("-")[0]
    if phone[-4:].isdigit():
        facts["phone_tail"] = phone[-4:]
    unpaid = values.get("paid_at") is None
    facts["paid"] = 0 if unpaid else values["paid"]
    facts["freight"] = 0 if unpaid else min(values.get("freight") or 0, values["paid"])
    return facts


def _signed(values: Mapping[str, Any]) -> dict[str, Any]:
    """The signature: the carrier's time where it is known, else the buyer's confirmation, marked so."""
    for name, by in (("carrier_signed_at", "carrier"), ("confirmed_at", "confirmed")):
        if values.get(name):
            return {"signed_at": datetime.fromisoformat(values[name]), "signed_by": by}
    return {}


def _new_lines(
    shop: Shop, source: Source, head: WaitingRow, order_id: int, items: Sequence[WaitingRow]
) -> list[dict[str, Any]]:
    values = json.loads(head.payload)
    facts = _facts(values)
    rows = sorted(
        (json.loads(item.payload) | {"number": item.line_number} for item in items), key=lambda v: v["number"]
    )
    stated = [row.get("stated") for row in rows]
    worth = line_cash(facts["paid"], facts["freight"], stated, [row["price"] * row["quantity"] for row in rows])
    if worth.gap and facts["paid"]:
        goods = facts["paid"] - facts["freight"]
        ask_money(shop, source, head.row, head.order_number, "lines_sum", goods, goods + worth.gap)
    return [
        {
            "order_id": order_id,
            "number": row["number"],
            "position": place,
            "sku": row.get("sku") or row.get("outer_sku") or "",
            "title": row["title"],
            "variant": row.get("variant") or row.get("bundle") or "",
            "quantity": row["quantity"],
            "price": row["price"],
            "stated": row.get("stated"),
            "cash": cash,
            "cash_source": worth.source,
            "platform_status": row.get("line_status", ""),
            "confirmed": False,
        }
        for place, (row, cash) in enumerate(zip(rows, worth.cash, strict=True), 1)
    ]


def _known(shop: Shop, source: Source, numbers: Iterable[str]) -> dict[str, Order]:
    rows = shop.session.scalars(
        sa.select(Order).where(col(Order.platform) == source.platform, col(Order.number).in_(list(numbers)))
    )
    return {order.number: order for order in rows}


def _lines(shop: Shop, order_ids: Sequence[int]) -> dict[int, list[OrderLine]]:
    found: dict[int, list[OrderLine]] = defaultdict(list)
    query = sa.select(OrderLine).where(col(OrderLine.order_id).in_(order_ids)).order_by(col(OrderLine.position))
    for line in shop.session.scalars(query):
        found[line.order_id].append(line)
    return found


def _update(shop: Shop, source: Source, row: StagedRow, order: Order, tally: Tally) -> None:
    """Status, logistics and people are taken; a changed amount becomes a question, unless the order was unpaid."""
    facts = _facts(row.values)
    if order.signed_by == "carrier" and facts.get("signed_by") == "confirmed":
        facts.pop("signed_at"), facts.pop("signed_by")
    changed = {name: value for name, value in facts.items() if name in _UPDATED and getattr(order, name) != value}
    asked = 0
    if order.paid_at is None and facts.get("paid_at"):
        changed |= {"paid": facts["paid"], "freight": facts["freight"]}
        _share_out(shop, order, facts["paid"], facts["freight"])
    elif facts.get("paid_at"):
        stated = {"paid": row.values.get("paid"), "freight": row.values.get("freight")}
        for name, found in stated.items():
            if found is not None and found != getattr(order, name):
                asked += ask_money(shop, source, row.number, order.number, name, getattr(order, name), found)
    for name, value in changed.items():
        setattr(order, name, value)
    tally.questions += asked
    tally.count("changed" if changed or asked else "unchanged")


def _share_out(shop: Shop, order: Order, paid: int, freight: int) -> None:
    """The lines of an order that was unpaid get their cash, by price until the item report names it."""
    lines = _lines(shop, [order.id or 0])[order.id or 0]
    worth = line_cash(paid, freight, [None] * len(lines), [line.price * line.quantity for line in lines])
    for line, cash in zip(lines, worth.cash, strict=True):
        line.cash, line.cash_source = cash, worth.source


def _compare(
    shop: Shop, source: Source, order: Order, lines: Sequence[OrderLine], rows: Sequence[StagedRow], tally: Tally
) -> None:
    """Each row against the line it names; a changed SKU, quantity or amount, or a line more, becomes a question."""
    by_number = {line.number: line for line in lines}
    for row in rows:
        line = by_number.get(row.line) or _renamed(lines, row)
        if line is None:
            tally.questions += ask(shop, source, row.number, order.number, "line", "", row.line)
            tally.count("changed")
            continue
        asked = _questions(shop, source, order, line, row)
        changed = line.number != row.line
        line.number = row.line if changed else line.number
        for name, found in (("title", row.values.get("title")), ("platform_status", row.values.get("line_status"))):
            if found and getattr(line, name) != found:
                setattr(line, name, found)
                changed = True
        tally.questions += asked
        tally.count("changed" if changed or asked else "unchanged")
    _take_stated(shop, source, order, lines, rows)


def _renamed(lines: Sequence[OrderLine], row: StagedRow) -> OrderLine | None:
    """The line that an older layout knew by its place only, where exactly one fits."""
    sku = row.values.get("sku") or row.values.get("outer_sku") or ""
    same = [x for x in lines if x.number.startswith("#") and (x.sku, x.quantity) == (sku, row.values["quantity"])]
    return same[0] if len(same) == 1 and not row.line.startswith("#") else None


def _questions(shop: Shop, source: Source, order: Order, line: OrderLine, row: StagedRow) -> int:
    asked = 0
    sku = row.values.get("sku") or row.values.get("outer_sku")
    subject = f"{order.number}/{line.number}"
    if sku and sku != line.sku:
        asked += ask(shop, source, row.number, subject, "sku", line.sku, sku)
    if row.values["quantity"] != line.quantity:
        asked += ask(shop, source, row.number, subject, "quantity", line.quantity, row.values["quantity"])
    if row.values["price"] != line.price:
        asked += ask_money(shop, source, row.number, subject, "price", line.price, row.values["price"])
    found = row.values.get("stated")
    if found is not None and line.stated is not None and found != line.stated and line.cash_source == "file":
        asked += ask_money(shop, source, row.number, subject, "cash", line.stated, found)
    return asked


def _take_stated(
    shop: Shop, source: Source, order: Order, lines: Sequence[OrderLine], rows: Sequence[StagedRow]
) -> None:
    """The file's own amounts take the place of split ones, as long as they add up and nothing was drawn on them."""
    stated = {row.line: row.values.get("stated") for row in rows}
    amounts = [stated.get(line.number) for line in lines]
    if all(line.cash_source == "file" for line in lines) or None in amounts or order.paid_at is None:
        return
    worth = line_cash(order.paid, order.freight, amounts, [0] * len(lines))
    drawn = shop.session.scalar(sa.select(sa.func.count()).where(col(Draw.order_id) == order.id))
    if worth.source != "file" or drawn:
        return
    for line, cash, amount in zip(lines, worth.cash, amounts, strict=True):
        line.cash, line.cash_source, line.stated = cash, worth.source, amount


def _add(tally: Tally, more: Tally) -> None:
    tally.added += more.added
    tally.changed += more.changed
    tally.unchanged += more.unchanged
