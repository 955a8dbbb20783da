"""Lazada's order and return exports, as far as their columns are known: one row per unit (`docs/formats.md` §6)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from retcli.platforms.sales import currency_of, in_minor
from retcli.reading.cells import amount, identifier, instant, one_of, text, word
from retcli.reading.dialect import Dialect, Fault, Field, Row

_STATUS = {
    "unpaid": "unpaid",
    "pending": "paid",
    "packed": "paid",
    "ready_to_ship": "paid",
    "shipped": "shipped",
    "delivered": "shipped",
    "confirmed": "done",
    "canceled": "closed",
    "cancelled": "closed",
}
_SAME = ("order", "sku", "price", "status", "line_status")
"""What the units of one line have in common."""


def _units(rows: Iterable[Row | Fault]) -> Iterator[Row | Fault]:
    """One row for the units of an order that are the same article at the same price, with their number and what was
    paid for all of them.
    """
    # the export names no currency: without a column of it every amount is refused, since yen and dollars differ
    lines: dict[tuple[str, ...], Row] = {}
    for row in rows:
        if isinstance(row, Row):
            row = in_minor(row, currency_of(row.values), ("price", "stated"))
        if isinstance(row, Fault):
            yield row
            continue
        article = lines.setdefault(tuple(str(row.values.get(name)) for name in _SAME), row)
        if article is row:
            row.values["quantity"] = 1
            continue
        article.values["quantity"] += 1
        article.values["stated"] += row.values["stated"]
    yield from sorted(lines.values(), key=lambda line: line.number)


ORDERS = Dialect(
    name="lazada.order",
    platform="lazada",
    holds="sales",
    fields=(
        Field("order", ("orderNumber",), identifier, required=True, needed=True),
        Field("sku", ("sellerSku",), identifier, required=True),
        Field("stated", ("paidPrice",), amount, required=True, needed=True),
        Field("price", ("unitPrice",), amount, required=True, needed=True),
        Field("currency", ("Currency",), word),
        Field("title", ("itemName",), text, required=True),
        Field("variant", ("variation",), word),
        Field("receiver", ("customerName",), word),
        Field("ordered_at", ("createTime",), instant),
        Field("status", ("status",), one_of(_STATUS, "")),
        Field("line_status", ("status",), word),
    ),
    row_steps=_units,
)


def _returned(rows: Iterable[Row | Fault]) -> Iterator[Row | Fault]:
    """The rows as returns: the list has no column that says so."""
    for row in rows:
        yield replace(row, values={**row.values, "kind": "return"}) if isinstance(row, Row) else row


RETURNS = Dialect(
    name="lazada.return",
    platform="lazada",
    holds="refunds",
    fields=(
        Field("order", ("Order ID",), identifier, required=True, needed=True),
        Field("refund", ("Return Order ID",), identifier, required=True, needed=True),
        Field("applied_at", ("Return Order Date",), instant),
        Field("sku", ("Seller SKU ID",), identifier, required=True),
    ),
    row_steps=_returned,
)
