"""Xiaohongshu (小红书): the order export, one row a SKU, and the after-sales list (`docs/formats.md` §5).

Amounts stand per SKU, so `paid` is left out and 用户应付金额 is `stated`; 商家应收金额 holds the platform's discount
too and is never read. 包裹总运费 may or may not be within 用户应付金额 and is not read either: no order is taken for
more than its rows say. The price of one piece is 商品总价 over the pieces. Sub-order numbers do not exist; the list
has no merchant code.
"""

from retcli.platforms.payments import payment
from retcli.platforms.reasons import reason
from retcli.reading.cells import identifier, instant, one_of, pieces, text, word, worth
from retcli.reading.dialect import Dialect, Field
from retcli.reading.row_steps import each, in_turn, piece_price, whole_address
from retcli.reading.waybills import all_waybills

ORDER_STATUS = {
    "待付款": "unpaid",
    "已下单待付款": "unpaid",
    "已支付处理中": "paid",
    "清关中": "paid",
    "待配货": "paid",
    "待发货": "paid",
    "部分发货": "paid",
    "待收货": "shipped",
    "已发货": "shipped",
    "已完成": "done",
    "已关闭": "closed",
    "已取消": "closed",
}

REFUND_STATUS = {
    "待审核": "requested",
    "待商家审核": "requested",
    "1": "requested",
    "待用户寄回": "awaiting_goods",
    "2": "awaiting_goods",
    "待收货": "goods_sent",
    "待商家收货": "goods_sent",
    "3": "goods_sent",
    "退款中": "goods_sent",
    "已完成": "succeeded",
    "退款成功": "succeeded",
    "4": "succeeded",
    "已取消": "closed",
    "5": "closed",
    "已关闭": "closed",
    "6": "closed",
    "审核拒绝": "refused",
    "已拒绝": "refused",
    "9": "refused",
}
"""The platform's texts and numbers; ``goods_sent`` also where all is agreed and only money is under way."""

REFUND_KIND = {
    "仅退款": "refund-only",
    "未发货仅退款": "refund-only",
    "已发货仅退款": "refund-only",
    "退货": "return",
    "退货退款": "return",
    "换货": "exchange",
    "补寄": "resend",
    "维修": "repair",
}

ORDERS = Dialect(
    name="xhs.order",
    platform="xhs",
    holds="sales",
    fields=(
        Field("order", ("订单号",), identifier, required=True, needed=True),
        Field("stated", ("用户应付金额(元)",), worth, required=True, needed=True),
        Field("quantity", ("SKU件数",), pieces, required=True, needed=True),
        Field("paid_at", ("支付时间",), instant, required=True),
        Field("ordered_at", ("订单创建时间",), instant),
        Field("goods", ("商品总价(元)",), worth),
        Field("status", ("订单状态",), one_of(ORDER_STATUS, "")),
        Field("platform_status", ("订单状态",), word),
        payment("支付渠道订单号"),
        Field("line_status", ("售后状态",), word),
        Field("title", ("商品名称", "SKU名称"), text, filled=True),
        Field("sku", ("商家编码",), identifier),
        Field("outer_sku", ("条形码",), identifier),
        Field("variant", ("SKU规格",), word),
        Field("shop_name", ("店铺名称",), word),
        Field("buyer", ("用户编号",), word),
        Field("receiver", ("收件人姓名",), word),
        Field("phone", ("收件人电话",), word),
        Field("province", ("省",), word),
        Field("city", ("市",), word),
        Field("district", ("区",), word),
        Field("address", ("收件人地址",), text),
        Field("buyer_remark", ("用户备注",), text),
        Field("seller_remark", ("包裹备注信息",), text),
        Field("waybill", ("快递单号",), all_waybills),
        Field("carrier", ("快递公司",), word),
        Field("shipped_at", ("订单发货时间",), instant),
        Field("confirmed_at", ("订单完成时间",), instant),
    ),
    never=("售后单号",),
    row_steps=in_turn(each(piece_price), each(whole_address)),
)

REFUNDS = Dialect(
    name="xhs.aftersale",
    platform="xhs",
    holds="refunds",
    fields=(
        Field("order", ("订单号",), identifier, required=True, needed=True),
        Field("refund", ("售后单号",), identifier, required=True, needed=True),
        Field("amount", ("申请售后金额(元)",), worth, required=True),
        Field("status", ("状态",), one_of(REFUND_STATUS)),
        Field("platform_status", ("状态",), word),
        Field("kind", ("售后类型",), one_of(REFUND_KIND)),
        Field("title", ("商品名称",), word),
        Field("applied_at", ("退货创建时间",), instant),
        Field("reason", ("原因",), reason),
        Field("reason_words", ("原因",), word),
    ),
    never=("商品单号",),
)
