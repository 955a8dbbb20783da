"""Finds the lines and pieces of an order that a refund of a platform's list is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from retcli.actions.casefile import order_facts
from retcli.actions.casefile.records.ledger import draws_of_others
from retcli.language import mark
from retcli.models import Order, OrderLine
from retcli.rules.lifecycles import COMING_BACK, Kind
from retcli.rules.money.refunded_pieces import units_for
from retcli.shop import Shop


@dataclass(frozen=True)
class Target:
    """The order that a refund is about, and its lines with how many pieces of each."""

    order: Order
    pieces: tuple[tuple[OrderLine, int], ...]


class Unclear(Exception):
    """Raised for a refund that does not tell enough to be taken in; its text is a message id that says why."""


def target(shop: Shop, order: Order, values: dict[str, Any], kind: Kind) -> Target:
    """The lines and pieces that a refund is about: by sub-order, merchant code, title, or because it is all of it.

    Raises Unclear where several lines fit.
    """
    lines = order_facts.lines_of(shop, order)
    amount, returning = values["amount"], kind in COMING_BACK
    fits = _fitting(lines, values)
    if len(fits) == 1:
        line = fits[0]
        # the refund of an order's only line may include the freight
        worth = line.cash + (order.freight if len(lines) == 1 else 0)
        if kind == Kind.ALLOWANCE:
            return Target(order, ((line, 0),))
        if kind in {Kind.EXCHANGE, Kind.RESEND, Kind.REPAIR}:
            pieces = _open_units(shop, order, line)
            return Target(order, ((line, min(values.get("quantity") or pieces, pieces)),))
        if amount is None or (values.get("quantity") and not amount):
            return Target(order, ((line, _pieces_named(line, values)),))
        quantity = (
            line.quantity if amount >= worth else units_for(line.cash, line.quantity, amount, returning=returning)
        )
        return Target(order, ((line, quantity),))
    if kind not in {Kind.REFUND_ONLY, Kind.RETURN} or (amount or 0) >= order.paid - order.freight:
        return Target(order, tuple((line, line.quantity) for line in lines))
    raise Unclear(mark("several lines of the order fit this refund: open it by hand with retcli case open"))


def _pieces_named(line: OrderLine, values: dict[str, Any]) -> int:
    """How many pieces a refund is about that names no amount. Raises Unclear where the row does not name them."""
    if values.get("quantity") or line.quantity == 1:
        return min(values.get("quantity") or 1, line.quantity)
    raise Unclear(mark("the file says neither how much nor how many pieces: open it by hand with retcli case open"))


def _open_units(shop: Shop, order: Order, line: OrderLine) -> int:
    others = draws_of_others(shop, order, None).get(line.id, [])
    return max(line.quantity - sum(d.units for d in others), 1)


def _fitting(lines: Sequence[OrderLine], values: dict[str, Any]) -> list[OrderLine]:
    """The one line that a refund is about, by the surest sign that singles one out; empty where none does, or where it
    is about the whole order.
    """
    if len(lines) == 1:
        return list(lines)
    whole = not values.get("sku") and (values["amount"] or 0) >= sum(line.cash for line in lines)
    if whole:
        return []
    signs = (
        ("number", values.get("line")),
        ("number", values["order"]),
        ("sku", values.get("sku")),
        ("title", values.get("title")),
    )
    for name, wanted in signs:
        fits = [line for line in lines if wanted and getattr(line, name) == wanted]
        if len(fits) == 1:
            return fits
    same = [line for line in lines if line.cash == values["amount"]]
    return same if len(same) == 1 else []
