"""Shopee's order and return exports, as far as their columns are known (`docs/formats.md` §6)."""

from collections.abc import Iterable, Iterator

from retcli.platforms.sales import currency_of, in_minor
from retcli.reading.cells import amount, count, identifier, instant, one_of, pieces, text, word
from retcli.reading.dialect import Dialect, Fault, Field, Row
from retcli.reading.waybills import all_waybills

_STATUS = {
    "Unpaid": "unpaid",
    "To ship": "paid",
    "Shipping": "shipped",
    "Shipped": "shipped",
    "To receive": "shipped",
    "Delivered": "shipped",
    "Completed": "done",
    "Cancelled": "closed",
}
_REFUND_STATUS = {
    "Requested": "requested",
    "Accepted": "awaiting_goods",
    "Judging": "requested",
    "Processing": "requested",
    "Refund Paid": "succeeded",
    "Completed": "succeeded",
    "Cancelled": "closed",
    "Closed": "closed",
}
LINE_REFUNDED = {words: "whole" for words, status in _REFUND_STATUS.items() if status == "succeeded"}
"""Words beside a line whose money went back."""


def _sold(rows: Iterable[Row | Fault]) -> Iterator[Row | Fault]:
    """The rows with amounts in minor units of the currency that a column or the price names; faults where none does,
    since yen and dollars differ.
    """
    for row in rows:
        if isinstance(row, Fault):
            yield row
            continue
        yield in_minor(row, currency_of(row.values))


ORDERS = Dialect(
    name="shopee.order",
    platform="shopee",
    holds="sales",
    fields=(
        Field("order", ("Order ID", "No. Pesanan"), identifier, required=True, needed=True),
        Field("status", ("Order Status",), one_of(_STATUS, "")),
        Field("platform_status", ("Order Status",), word, required=True),
        Field("waybill", ("Tracking Number*", "Tracking Number"), all_waybills),
        Field("carrier", ("Shipping Option",), word),
        Field("ordered_at", ("Order Creation Date",), instant),
        Field("title", ("Product Name",), text, required=True),
        Field("sku", ("SKU Reference No.", "เลขอ้างอิง SKU (SKU Reference No.)"), identifier, required=True),
        Field("variant", ("Variation Name",), word),
        Field("price", ("Deal Price", "Original Price"), amount, required=True, needed=True),
        Field("currency", ("Currency",), word),
        Field("quantity", ("Quantity",), pieces, required=True, needed=True),
        Field("stated", ("Product Subtotal",), amount),
        Field("line_status", ("Return / Refund Status",), word),
        Field("buyer_remark", ("Remark from buyer",), text),
        Field("seller_remark", ("Note",), text),
        Field("confirmed_at", ("Order Complete Time",), instant),
    ),
    never=("Return ID",),
    row_steps=_sold,
)

RETURNS = Dialect(
    name="shopee.return",
    platform="shopee",
    holds="refunds",
    fields=(
        Field("order", ("Order ID", "No. Pesanan"), identifier, required=True, needed=True),
        Field("refund", ("Return ID",), identifier, required=True, needed=True),
        Field("sku", ("SKU",), identifier),
        Field("title", ("Product Name",), text),
        Field("quantity", ("Return Quantity",), count),
        Field("reason_words", ("Return Reason",), word),
        Field("applied_at", ("Return Creation Time",), instant),
        Field("waybill", ("Return Tracking Number",), all_waybills),
        Field("status", ("Return / Refund Status",), one_of(_REFUND_STATUS, "")),
        Field("platform_status", ("Return / Refund Status",), word),
    ),
    never=("Return Order ID",),
)
