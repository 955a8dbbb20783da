"""TikTok Shop's order export: one row per SKU of an order, days before months, tabs behind ids (`docs/formats.md`
§6).
"""

from collections.abc import Iterable, Iterator
from typing import Any

from retcli.platforms.sales import currency_of, in_minor
from retcli.reading.cells import amount, day_first, identifier, one_of, pieces, text, word
from retcli.reading.dialect import Dialect, Fault, Field, Row, explains
from retcli.reading.waybills import all_waybills

_STATUS = {
    "Unpaid": "unpaid",
    "On hold": "paid",
    "To ship": "paid",
    "Awaiting shipment": "paid",
    "Awaiting collection": "paid",
    "In transit": "shipped",
    "Shipped": "shipped",
    "Delivered": "shipped",
    "Completed": "done",
    "Canceled": "closed",
    "Cancelled": "closed",
}
CURRENCIES = {
    "Indonesia": "IDR",
    "Malaysia": "MYR",
    "Thailand": "THB",
    "Vietnam": "VND",
    "Viet Nam": "VND",
    "Philippines": "PHP",
    "The Philippines": "PHP",
    "Singapore": "SGD",
    "United States": "USD",
    "United Kingdom": "GBP",
    "Japan": "JPY",
}
"""The currency of the shop in a country, for files without a column for it."""
_ADDRESS = ("_country", "_province", "_city", "_district", "_village", "_detail", "_more")


def _sold(rows: Iterable[Row | Fault]) -> Iterator[Row | Fault]:
    """The rows with amounts in minor units of the currency that they name, else of their country's; faults where
    neither is known.
    """
    for row in rows:
        if isinstance(row, Fault):
            yield row
            continue
        values = row.values
        currency = currency_of(values) or CURRENCIES.get(values.get("_country", ""), "")
        yield in_minor(Row(row.number, _plain(values)), currency)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """The values with one `address`, without the columns that it is made of."""
    address = " ".join(values[name] for name in _ADDRESS if values.get(name))
    return {name: value for name, value in values.items() if not name.startswith("_")} | {"address": address}


ORDERS = Dialect(
    name="tiktok.order",
    platform="tiktok",
    holds="sales",
    fields=(
        Field("order", ("Order ID",), identifier, required=True, needed=True),
        Field("status", ("Order Status",), one_of(_STATUS, "")),
        Field("platform_status", ("Order Status",), word, required=True),
        Field("line", ("SKU ID",), identifier, required=True, needed=True),
        Field("sku", ("Seller SKU",), identifier),
        Field("title", ("Product Name",), text, required=True),
        Field("variant", ("Variation",), word),
        Field("quantity", ("Quantity",), pieces, required=True, needed=True),
        Field("price", ("SKU Unit Original Price",), amount, required=True, needed=True),
        Field("stated", ("SKU Subtotal After Discount",), amount),
        Field("freight", ("Shipping Fee After Discount",), amount),
        Field("paid", ("Order Amount",), amount, required=True, needed=True),
        Field("refunded_amount", ("Order Refund Amount",), amount),
        Field("ordered_at", ("Created Time",), day_first, required=True),
        Field("paid_at", ("Paid Time",), day_first, required=True),
        Field("shipped_at", ("Shipped Time",), day_first),
        Field("waybill", ("Tracking ID",), all_waybills),
        Field("carrier", ("Shipping Provider Name",), word),
        Field("buyer_remark", ("Buyer Message",), text),
        Field("buyer", ("Buyer Username",), word),
        Field("receiver", ("Recipient",), word),
        Field("phone", ("Phone #",), word),
        Field("currency", ("Currency",), word),
        Field("_country", ("Country",), word),
        Field("_province", ("Province",), text),
        Field("_city", ("Regency and City",), text),
        Field("_district", ("Districts",), text),
        Field("_village", ("Villages",), text),
        Field("_detail", ("Detail Address",), text),
        Field("_more", ("Additional address information",), text),
        Field("seller_remark", ("Seller Note",), text),
        Field("line_status", ("Cancelation/Return Type",), word),
    ),
    # below the header stands a row that explains each column
    skips=explains,
    row_steps=_sold,
)
