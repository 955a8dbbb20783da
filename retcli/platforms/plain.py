"""Plain layouts of our own, to be written by hand or by any program: movements that carriers report, and stock counts.

Carrier movements: one row for each event of a waybill, in any order. Stock counts: one row for each product and bucket.
Header names are Chinese or English; other columns do no harm.
"""

from retcli.reading.cells import count, identifier, instant, one_of, text, word
from retcli.reading.dialect import Dialect, Field
from retcli.reading.waybills import all_waybills

EVENTS = {
    "sent": "sent",
    "已揽收": "sent",
    "揽收": "sent",
    "已寄出": "sent",
    "in_transit": "in_transit",
    "运输中": "in_transit",
    "在途": "in_transit",
    "派送中": "in_transit",
    "派件": "in_transit",
    "signed": "signed",
    "已签收": "signed",
    "签收": "signed",
    "returned": "returned",
    "已退回": "returned",
    "退回": "returned",
    "lost": "lost",
    "丢失": "lost",
    "已丢失": "lost",
    "遗失": "lost",
    "快件丢失": "lost",
}
"""Words for what happened to a parcel."""
BUCKETS = {
    "pending": "pending",
    "待检": "pending",
    "sellable": "sellable",
    "可售": "sellable",
    "良品": "sellable",
    "defective": "defective",
    "残次": "defective",
    "次品": "defective",
    "repair": "repair",
    "维修": "repair",
    "scrapped": "scrapped",
    "报废": "scrapped",
}
"""Words for the stock in which a piece counts."""

MOVEMENTS = Dialect(
    name="plain.movements",
    platform="",
    holds="movements",
    fields=(
        Field("waybill", ("运单号", "快递单号", "waybill"), all_waybills, required=True, needed=True),
        Field("at", ("时间", "轨迹时间", "at", "time"), instant, required=True, needed=True),
        Field("event", ("轨迹", "物流轨迹", "event"), text, required=True),
        Field("status", ("物流状态", "状态", "status"), one_of(EVENTS), required=True, needed=True),
        Field("carrier", ("快递公司", "物流公司", "carrier"), word),
        Field("place", ("地点", "place"), word),
    ),
)

COUNTS = Dialect(
    name="plain.counts",
    platform="",
    holds="counts",
    fields=(
        Field("sku", ("商家编码", "SKU", "货号"), identifier, required=True, needed=True),
        Field("bucket", ("库存状态", "bucket"), one_of(BUCKETS), required=True, needed=True),
        Field("quantity", ("数量", "盘点数量", "quantity"), count, required=True, needed=True),
        Field("counted_at", ("盘点时间", "counted_at"), instant, required=True, needed=True),
    ),
    # a product sheet may have a column of stock as well
    never=("条码", "条形码", "barcode", "barcodes"),
)
