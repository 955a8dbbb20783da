"""1688 (阿里巴巴批发): the order export, one row a kind of goods (`docs/formats.md` §5).

`paid` is 实付款 of the whole order, with 运费. The cells of the order are merged over its rows, so that they are
filled in the first one only; the rows below belong to it. Sub-order numbers do not exist.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from retcli.language import mark
from retcli.reading.cells import identifier, instant, one_of, pieces, text, word, worth
from retcli.reading.dialect import Dialect, Fault, Field, Row
from retcli.reading.waybills import all_waybills

ORDER_STATUS = {
    "等待买家付款": "unpaid",
    "等待卖家发货": "paid",
    "部分发货": "paid",
    "等待买家确认收货": "shipped",
    "卖家已发货": "shipped",
    "已收货": "done",
    "交易成功": "done",
    "交易关闭": "closed",
    "交易取消": "closed",
}

_HEAD = (
    Field("order", ("订单编号",), identifier, required=True),
    Field("paid", ("实付款(元)",), worth, required=True),
    Field("paid_at", ("订单付款时间",), instant, required=True),
    Field("ordered_at", ("订单创建时间",), instant),
    Field("freight", ("运费(元)",), worth),
    Field("status", ("订单状态",), one_of(ORDER_STATUS, "")),
    Field("platform_status", ("订单状态",), word),
    Field("shop_name", ("卖家公司名",), word),
    Field("buyer", ("买家会员名",), word),
    Field("receiver", ("收货人姓名",), word),
    Field("phone", ("联系手机", "联系电话"), word, filled=True),
    Field("address", ("收货地址",), text),
    Field("buyer_remark", ("买家留言",), text),
    Field("waybill", ("运单号",), all_waybills),
    Field("carrier", ("物流公司",), word),
)
_OF_HEAD = frozenset(field.name for field in _HEAD)


def carried(rows: Iterable[Row | Fault]) -> Iterator[Row | Fault]:
    """Fills an order's further rows from its first one, whose cells are merged over all of them; where the first is
    refused, so are they.
    """
    head: dict[str, Any] = {}
    # False once the first row of the order was refused: no line of an order comes in without it
    whole = False
    for row in rows:
        if isinstance(row, Fault):
            if row.order or row.column == "订单编号":
                head, whole = {"order": row.order}, False
            yield row if row.order else replace(row, order=head.get("order", ""))
        elif row.values["order"]:
            head = {name: value for name, value in row.values.items() if name in _OF_HEAD}
            whole = head["paid"] is not None
            yield row if whole else Fault(row.number, "实付款(元)", "", mark("is empty"), head["order"])
        elif whole:
            yield Row(row.number, row.values | head)
        else:
            yield Fault(row.number, "订单编号", "", mark("is empty"), head.get("order", ""))


ORDERS = Dialect(
    name="1688.order",
    platform="1688",
    holds="sales",
    fields=(
        *_HEAD,
        Field("title", ("货品标题",), text, required=True),
        Field("price", ("单价(元)",), worth, required=True, needed=True),
        Field("quantity", ("数量",), pieces, required=True, needed=True),
        Field("sku", ("单品货号", "货号"), identifier, filled=True),
        Field("outer_sku", ("货号",), identifier),
        Field("variant", ("型号",), word),
    ),
    row_steps=carried,
)
