"""Pinduoduo (拼多多): the order export, of which the seller ticks the columns, and the after-sales list
(`docs/formats.md` §3).

An order is one row and one line. `paid` is 用户实付金额, the buyer's own cash with the postage; 商家实收金额 holds the
platform's discount too and is never read. The price of one piece is 商品总价 over the pieces. An order is made when it
is paid, so one time may stand for both. No sub-order numbers exist. The list's header is not known: its columns are
guesses, and only its two numbers must be there.
"""

from retcli.platforms.payments import payment
from retcli.platforms.reasons import reasons
from retcli.reading.cells import identifier, instant, one_of, pieces, text, word, worth
from retcli.reading.dialect import Dialect, Field
from retcli.reading.row_steps import each, in_turn, piece_price, whole_address
from retcli.reading.waybills import all_waybills

ORDER_STATUS = {
    "待支付": "unpaid",
    "待付款": "unpaid",
    "待成团": "paid",
    "待发货": "paid",
    "已发货，待签收": "shipped",
    "已发货，待收货": "shipped",
    "已签收": "done",
    "已收货": "done",
    "已取消": "closed",
    "未发货，退款成功": "closed",
    "已发货，退款成功": "closed",
    "已签收，退款成功": "closed",
}

REFUND_STATUS = {
    "待商家处理": "requested",
    "买家申请退款，待商家处理": "requested",
    "2": "requested",
    "退货退款，待商家处理": "requested",
    "3": "requested",
    "商家同意退款，退款中": "goods_sent",
    "4": "goods_sent",
    "平台同意退款，退款中": "goods_sent",
    "5": "goods_sent",
    "驳回退款，待买家处理": "refused",
    "6": "refused",
    "已同意退货退款，待用户发货": "awaiting_goods",
    "7": "awaiting_goods",
    "平台处理中": "requested",
    "8": "requested",
    "平台拒绝退款，退款关闭": "closed",
    "9": "closed",
    "退款成功": "succeeded",
    "10": "succeeded",
    "买家撤销": "closed",
    "11": "closed",
    "买家逾期未处理，退款失败": "closed",
    "12": "closed",
    "买家逾期，超过有效期": "closed",
    "13": "closed",
    "换货补寄待商家处理": "requested",
    "14": "requested",
    "换货补寄待用户处理": "requested",
    "15": "requested",
    "换货补寄成功": "succeeded",
    "16": "succeeded",
    "换货补寄失败": "closed",
    "17": "closed",
    "换货补寄待用户确认完成": "replacement_sent",
    "18": "replacement_sent",
    "待商家同意维修": "requested",
    "21": "requested",
    "待用户确认发货": "awaiting_goods",
    "22": "awaiting_goods",
    "维修关闭": "closed",
    "24": "closed",
    "维修成功": "succeeded",
    "25": "succeeded",
    "待用户确认收货": "replacement_sent",
    "27": "replacement_sent",
    "已同意拒收退款，待用户拒收": "awaiting_goods",
    "31": "awaiting_goods",
    "补寄待商家发货": "goods_sent",
    "32": "goods_sent",
    "同意召回后退款，待商家召回": "awaiting_goods",
    "33": "awaiting_goods",
    "售后取消": "closed",
}
"""The platform's texts and numbers; ``goods_sent`` also where all is agreed and only money or goods are under way."""

REFUND_KIND = {
    "仅退款": "refund-only",
    "退款": "refund-only",
    "退货退款": "return",
    "拦截退货": "return",
    "换货": "exchange",
    "缺货补寄": "resend",
    "补寄": "resend",
    "维修": "repair",
}
"""Texts only: the two descriptions of the platform's numbers that are known contradict each other."""

REASON_WORDS = (("做工/质量", "Q_CRAFT"), ("描述(严重)不符", "D_DESC"), ("描述严重不符", "D_DESC"))

# An order of Pinduoduo is made when it is paid: where the seller has ticked only one of both times it stands for both.
_CONCLUDED = ("订单成交时间", "拼单成功时间", "订单确认时间")

ORDERS = Dialect(
    name="pdd.order",
    platform="pdd",
    holds="sales",
    fields=(
        Field("order", ("订单号",), identifier, required=True, needed=True),
        Field("paid", ("用户实付金额(元)",), worth, required=True, needed=True),
        Field("quantity", ("商品数量(件)",), pieces, required=True, needed=True),
        Field("paid_at", ("支付时间", *_CONCLUDED), instant, required=True),
        Field("ordered_at", (*_CONCLUDED, "支付时间"), instant, required=True),
        Field("goods", ("商品总价(元)",), worth),
        Field("freight", ("邮费(元)",), worth),
        Field("status", ("订单状态",), one_of(ORDER_STATUS, "")),
        Field("platform_status", ("订单状态",), word),
        payment("支付ID"),
        Field("title", ("商品",), text),
        Field("sku", ("商家编码-规格维度", "商家编码-SKU维度"), identifier),
        Field("outer_sku", ("商家编码-商品维度",), identifier),
        Field("variant", ("商品规格",), word),
        Field("line_status", ("售后状态",), word),
        Field("receiver", ("收货人",), word),
        Field("phone", ("手机",), word),
        Field("province", ("省",), word),
        Field("city", ("市",), word),
        Field("district", ("区",), word),
        Field("street", ("街道/镇",), word),
        Field("address", ("详细地址",), text),
        Field("buyer_remark", ("买家留言",), text),
        Field("seller_remark", ("商家备注",), text),
        Field("waybill", ("快递单号",), all_waybills),
        Field("carrier", ("快递公司",), word),
        Field("shipped_at", ("发货时间",), instant),
        Field("confirmed_at", ("确认收货时间",), instant),
    ),
    never=("售后编号",),
    row_steps=in_turn(each(piece_price), each(whole_address)),
)

REFUNDS = Dialect(
    name="pdd.aftersale",
    platform="pdd",
    holds="refunds",
    fields=(
        Field("order", ("订单号", "订单编号"), identifier, required=True, needed=True),
        Field("refund", ("售后编号",), identifier, required=True, needed=True),
        Field("amount", ("退款金额", "退款金额(元)", "申请退款金额", "申请退款金额(元)"), worth),
        Field("kind", ("售后类型",), one_of(REFUND_KIND)),
        Field("status", ("售后状态",), one_of(REFUND_STATUS)),
        Field("platform_status", ("售后状态",), word),
        Field("sku", ("商家编码-规格维度", "商家编码-SKU维度", "商家编码"), identifier),
        Field("title", ("商品名称", "商品信息"), word),
        Field("applied_at", ("申请时间", "售后申请时间"), instant),
        Field("due_at", ("逾期时间", "处理截止时间", "超时时间"), instant),
        Field("finished_at", ("退款成功时间", "完结时间"), instant),
        Field("reason", ("退款原因", "售后原因"), reasons(REASON_WORDS)),
        Field("reason_words", ("退款原因", "售后原因"), word),
        Field("explanation", ("售后说明", "问题描述"), word),
        Field("goods_status", ("发货状态", "货物状态"), word),
        Field("waybill", ("退货快递单号", "退货物流单号", "退货运单号"), all_waybills),
        Field("carrier", ("退货快递公司", "退货物流公司"), word),
        Field("intervention", ("平台介入状态", "平台介入", "客服介入"), word),
        Field("evidence_due_at", ("举证截止时间", "举证超时"), instant),
    ),
    # The list's own columns are likely names only, and common ones: a column that another platform's list or a
    # statement is known by rules this one out.
    never=("动账流水号", "动账时间", "动账方向", "商品单号", "服务单号", "退款编号", "售后单号"),
)
