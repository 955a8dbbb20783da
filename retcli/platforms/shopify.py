"""Shopify's order export, in its layouts since 73 columns (`docs/formats.md` §6)."""

from collections.abc import Iterable, Iterator
from typing import Any

from retcli.language import mark
from retcli.platforms.payments import payment
from retcli.platforms.sales import in_minor
from retcli.reading.cells import amount, identifier, pieces, text, word, zoned
from retcli.reading.dialect import Dialect, Fault, Field, Row

_PAYMENT_STATUS = {
    "pending": "unpaid",
    "authorized": "unpaid",
    "expired": "closed",
    "paid": "paid",
    "partially_paid": "paid",
    "partially_refunded": "paid",
    "refunded": "paid",
    "voided": "closed",
}
_OF_THE_ORDER = (
    "paid",
    "freight",
    "ordered_at",
    "paid_at",
    "status",
    "platform_status",
    "buyer",
    "receiver",
    "phone",
    "address",
    "carrier",
    "shipped_at",
    "currency",
    "seller_remark",
    "refunded_amount",
    "payment_number",
)


def _lines(rows: Iterable[Row | Fault]) -> Iterator[Row | Fault]:
    """The rows with the facts of their order: a row without a financial status is a further line of the order above it,
    and a fault where that is not there.
    """
    order, facts = "", dict[str, Any]()
    for row in rows:
        if isinstance(row, Fault):
            yield row
            order, facts = (row.order, {}) if row.order != order else (order, facts)
            continue
        values = row.values
        # only an order's first row has a financial status and a total
        if values["platform_status"] and not values["paid"]:
            yield Fault(row.number, "Total", "", mark("is empty"), values["order"])
            continue
        if values["platform_status"]:
            order, facts = values["order"], _facts(values)
        elif values["order"] != order or not facts:
            problem = mark("the order that this line belongs to is not above it")
            yield Fault(row.number, "Name", values["order"], problem, values["order"])
            continue
        line = {name: values[name] for name in values if name not in _OF_THE_ORDER and not name.startswith("_")}
        yield in_minor(Row(row.number, facts | line), facts["currency"])


def _facts(values: dict[str, Any]) -> dict[str, Any]:
    """What an order's first row says of the whole order, under our words."""
    facts = {name: values[name] for name in _OF_THE_ORDER if name in values}
    status = _PAYMENT_STATUS.get(values["platform_status"].casefold(), "")
    # Shopify has no status of the order itself: it follows from payment, cancellation and fulfilment
    if values.get("_cancelled_at"):
        status = "closed"
    elif status == "paid" and values.get("_fulfilment", "").casefold() == "fulfilled":
        status = "shipped"
    places = [values.get(name, "") for name in ("_country", "_province", "_city", "_street", "_zip")]
    return facts | {"status": status, "address": " ".join(place for place in places if place)}


ORDERS = Dialect(
    name="shopify.order",
    platform="shopify",
    holds="sales",
    fields=(
        Field("order", ("Name",), identifier, required=True, needed=True),
        Field("platform_status", ("Financial Status",), word, required=True),
        payment("Payment ID", "Payment References", "Payment Reference"),
        Field("paid_at", ("Paid at",), zoned, required=True),
        Field("_fulfilment", ("Fulfillment Status",), word),
        Field("shipped_at", ("Fulfilled at",), zoned),
        Field("currency", ("Currency",), word, required=True),
        Field("freight", ("Shipping",), amount),
        Field("paid", ("Total",), amount, required=True),
        Field("carrier", ("Shipping Method",), word),
        Field("ordered_at", ("Created at",), zoned),
        Field("quantity", ("Lineitem quantity",), pieces, required=True, needed=True),
        Field("title", ("Lineitem name",), text, required=True),
        Field("price", ("Lineitem price",), amount, required=True, needed=True),
        Field("sku", ("Lineitem sku",), identifier),
        Field("line_status", ("Lineitem fulfillment status",), word),
        Field("buyer", ("Email",), word),
        Field("receiver", ("Shipping Name",), word),
        Field("phone", ("Shipping Phone", "Phone", "Billing Phone"), word, filled=True),
        Field("_street", ("Shipping Street",), text),
        Field("_city", ("Shipping City",), text),
        Field("_zip", ("Shipping Zip",), word),
        Field("_province", ("Shipping Province Name", "Shipping Province"), text, filled=True),
        Field("_country", ("Shipping Country",), text),
        Field("seller_remark", ("Notes",), text),
        Field("refunded_amount", ("Refunded Amount",), amount),
        Field("_cancelled_at", ("Cancelled at",), zoned),
    ),
    row_steps=_lines,
)
