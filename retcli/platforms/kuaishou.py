"""Kuaishou (快手小店): the order export and the after-sales list (`docs/formats.md` §5).

An order is one row and one line: a basket becomes several orders. `paid` is 实付款, with 快递费; what platform, host
and payment channel add stands in columns of their own and is never read. Of the list only four columns are known for
certain; the others are guesses that may be missing.
"""

from retcli.platforms.reasons import reason
from retcli.reading.cells import identifier, instant, one_of, pieces, text, word, worth
from retcli.reading.dialect import Dialect, Field
from retcli.reading.row_steps import each, whole_address
from retcli.reading.waybills import all_waybills

ORDER_STATUS = {
    "待付款": "unpaid",
    "待成团": "paid",
    "待发货": "paid",
    "部分发货": "paid",
    "已发货": "shipped",
    "待收货": "shipped",
    "已收货": "done",
    "交易成功": "done",
    "交易关闭": "closed",
}

REFUND_STATUS = {
    "买家已经申请退款，等待卖家同意": "requested",
    "待商家处理": "requested",
    "10": "requested",
    "卖家已拒绝，等待买家处理": "refused",
    "12": "refused",
    "协商纠纷，等待平台处理": "requested",
    "20": "requested",
    "卖家已经同意退款，等待买家退货": "awaiting_goods",
    "待买家退货": "awaiting_goods",
    "30": "awaiting_goods",
    "买家已经退货，等待卖家确认收货": "goods_sent",
    "待商家收货": "goods_sent",
    "40": "goods_sent",
    "卖家已经发货，等待买家确认收货": "replacement_sent",
    "45": "replacement_sent",
    "卖家已经同意退款，等待系统执行退款": "goods_sent",
    "50": "goods_sent",
    "退款成功": "succeeded",
    "售后成功": "succeeded",
    "60": "succeeded",
    "退款关闭": "closed",
    "售后关闭": "closed",
    "70": "closed",
}
"""The platform's texts and numbers; ``goods_sent`` also where all is agreed and only money is under way."""

REFUND_KIND = {
    "仅退款": "refund-only",
    "未发货仅退款": "refund-only",
    "已发货仅退款": "refund-only",
    "退货退款": "return",
    "换货": "exchange",
    "补寄": "resend",
    "补发": "resend",
    "维修": "repair",
}

ORDERS = Dialect(
    name="kuaishou.order",
    platform="kuaishou",
    holds="sales",
    fields=(
        Field("order", ("订单号",), identifier, required=True, needed=True),
        Field("paid", ("实付款",), worth, required=True, needed=True),
        Field("quantity", ("成交数量",), pieces, required=True, needed=True),
        Field("ordered_at", ("订单创建时间",), instant, required=True),
        Field("paid_at", ("订单支付时间",), instant, required=True),
        Field("freight", ("快递费",), worth),
        Field("price", ("商品单价",), worth),
        Field("status", ("订单状态",), one_of(ORDER_STATUS, "")),
        Field("platform_status", ("订单状态",), word),
        Field("line_status", ("售后状态",), word),
        Field("title", ("商品名称",), text),
        Field("sku", ("SKU编码",), identifier),
        Field("variant", ("商品规格",), word),
        Field("receiver", ("收货人姓名",), word),
        Field("phone", ("收货人电话",), word),
        Field("province", ("收货地址-省",), word),
        Field("city", ("收货地址-市",), word),
        Field("district", ("收货地址-区",), word),
        Field("street", ("收货地址-街道",), word),
        Field("address", ("收货地址",), text),
        Field("buyer_remark", ("买家留言",), text),
        Field("seller_remark", ("订单备注",), text),
        Field("waybill", ("快递单号",), all_waybills),
        Field("carrier", ("快递公司",), word),
        Field("shipped_at", ("发货时间",), instant),
    ),
    never=("售后单号",),
    row_steps=each(whole_address),
)

REFUNDS = Dialect(
    name="kuaishou.aftersale",
    platform="kuaishou",
    holds="refunds",
    fields=(
        Field("order", ("订单编号",), identifier, required=True, needed=True),
        Field("refund", ("售后单号",), identifier, required=True, needed=True),
        Field("amount", ("退款金额",), worth, required=True),
        Field("status", ("售后状态",), one_of(REFUND_STATUS), required=True),
        Field("platform_status", ("售后状态",), word),
        Field("kind", ("售后类型",), one_of(REFUND_KIND)),
        Field("title", ("商品名称",), word),
        Field("sku", ("SKU编码",), identifier),
        Field("applied_at", ("申请时间", "售后申请时间"), instant),
        Field("finished_at", ("售后完结时间", "退款成功时间"), instant),
        Field("reason", ("售后原因", "退款原因"), reason),
        Field("reason_words", ("售后原因", "退款原因"), word),
        Field("explanation", ("售后描述", "退款描述"), word),
        Field("waybill", ("退货物流单号", "退货快递单号"), all_waybills),
        Field("carrier", ("退货物流公司", "退货快递公司"), word),
    ),
    # only four columns are certain, and all are common names: a column that another platform's list is known by rules
    # this one out
    never=("退换货物流单号", "商品单号", "内部订单号", "退款编号", "服务单号", "售后编号"),
)
