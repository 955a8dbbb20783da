"""Youzan (有赞): the order report and the report of its goods (`docs/formats.md` §5).

`paid` is 订单实付金额, what the buyer paid after the payment channel's discount, with 运费; 订单实收金额 is the shop's
and is never read. `stated` of a line is 商品实际成交金额, after its share of the shop's discounts. Amounts may have a
note in brackets.
"""

from retcli.platforms.payments import payment
from retcli.reading.cells import identifier, instant, noted_worth, one_of, pieces, text, went_back, word
from retcli.reading.dialect import Dialect, Field, Row
from retcli.reading.row_steps import each, in_turn, whole_address
from retcli.reading.waybills import all_waybills

ORDER_STATUS = {
    "待付款": "unpaid",
    "待支付": "unpaid",
    "待成团": "paid",
    "待接单": "paid",
    "待发货": "paid",
    "部分发货": "paid",
    "已发货": "shipped",
    "交易完成": "done",
    "已完成": "done",
    "交易成功": "done",
    "交易关闭": "closed",
    "已关闭": "closed",
}


def refunded_by_note(row: Row) -> Row:
    """The row with what went back, by the column for it or by the note behind what was paid."""
    values = dict(row.values)
    noted = values.pop("_noted")
    if values.get("refunded_amount") is None:
        values["refunded_amount"] = noted
    return Row(row.number, values)


ORDERS = Dialect(
    name="youzan.order",
    platform="youzan",
    holds="orders",
    fields=(
        Field("order", ("订单号",), identifier, required=True, needed=True),
        Field("paid", ("订单实付金额",), noted_worth, required=True, needed=True),
        Field("paid_at", ("买家付款时间",), instant, required=True),
        Field("ordered_at", ("订单创建时间",), instant, required=True),
        Field("freight", ("运费",), noted_worth),
        Field("refunded_amount", ("订单已退款金额",), noted_worth),
        Field("_noted", ("订单实付金额",), went_back),
        Field("status", ("订单状态",), one_of(ORDER_STATUS, "")),
        Field("platform_status", ("订单状态",), word),
        payment("支付流水号"),
        Field("shop_name", ("归属店铺",), word),
        Field("buyer", ("买家昵称",), word),
        Field("receiver", ("收货人/提货人",), word),
        Field("phone", ("收货人手机号/提货人手机号",), word),
        Field("province", ("收货人省份",), word),
        Field("city", ("收货人城市",), word),
        Field("district", ("收货人地区",), word),
        Field("address", ("详细收货地址/提货地址",), text),
        Field("buyer_remark", ("买家备注",), text),
        Field("seller_remark", ("商家订单备注",), text),
        Field("confirmed_at", ("交易成功时间",), instant),
    ),
    never=("商品数量",),
    row_steps=in_turn(each(whole_address), each(refunded_by_note)),
)

ITEMS = Dialect(
    name="youzan.item",
    platform="youzan",
    holds="items",
    fields=(
        Field("order", ("订单号",), identifier, required=True, needed=True),
        Field("title", ("商品名称",), text, required=True),
        Field("price", ("商品单价",), noted_worth, required=True, needed=True),
        Field("quantity", ("商品数量",), pieces, required=True, needed=True),
        Field("stated", ("商品实际成交金额",), noted_worth, required=True),
        Field("sku", ("规格编码",), identifier),
        Field("outer_sku", ("商品编码",), identifier),
        Field("variant", ("商品规格",), word),
        Field("line_refunded_amount", ("商品已退款金额",), noted_worth),
        Field("line_status", ("订单商品状态",), word),
        Field("waybill", ("商品发货物流单号",), all_waybills),
        Field("carrier", ("商品发货物流公司",), word),
    ),
    never=("售后单号",),
)
