"""Taobao and Tmall (千牛): order, item and refund report, in their layouts since 2016 (`docs/formats.md` §1).

买家实际支付金额 of the order report is what is left of the order: 总金额 less 退款金额. That of the item report is
what the buyer paid for the line, whatever went back of it, without the platform's voucher, which 买家应付货款 has.
"""

from retcli.platforms.operators import AT_ONCE, by_itself, operator, told_by_operators, way
from retcli.platforms.payments import payment
from retcli.platforms.reasons import reason
from retcli.reading.cells import count, identifier, instant, one_of, pieces, text, word, worth
from retcli.reading.dialect import Columns, Dialect, Field
from retcli.reading.row_steps import each
from retcli.reading.waybills import all_waybills

ORDER_STATUS = {
    "等待买家付款": "unpaid",
    "买家已付款，等待卖家发货": "paid",
    "卖家部分发货": "paid",
    "卖家已发货，等待买家确认": "shipped",
    "卖家已发货": "shipped",
    "交易成功": "done",
    "交易关闭": "closed",
}

REFUND_STATUS = {
    "买家已经申请退款，等待卖家同意": "requested",
    "卖家已经同意退款，等待买家退货": "awaiting_goods",
    "买家已经退货，等待卖家确认收货": "goods_sent",
    "卖家已发货，等待卖家和买家确认收货": "replacement_sent",
    "等待买家确认重新邮寄的货物": "replacement_sent",
    "卖家拒绝退款": "refused",
    "卖家不同意协议，等待买家修改": "refused",
    "退款关闭": "closed",
    "退款成功": "succeeded",
    "换货成功": "succeeded",
    "补寄成功": "succeeded",
}
"""The platform's refund statuses to ours."""

REFUND_KIND = {
    "仅退款": "refund-only",
    "我要退款(无需退货)": "refund-only",
    "退货退款": "return",
    "我要退货退款": "return",
    "换货": "exchange",
    "补寄": "resend",
    "补发": "resend",
    "维修": "repair",
    # no kind of case: an import makes a price cut on the order's freight of it
    "退运费": "freight",
    "邮费退差": "freight",
    "价保": "allowance",
    # below: older layouts have 是否需要退货 in place of the kind
    "是": "return",
    "买家退货": "return",
    "否": "refund-only",
    "不需要": "refund-only",
    "需要": "return",
}

_ORDER_NUMBER = Field("order", ("订单编号",), identifier, required=True, needed=True)
_PAID = ("买家实付金额", "买家实际支付金额")
_SIGNED = Field("carrier_signed_at", ("物流签收时间", "签收时间"), instant)


def paid_before_refunds(columns: Columns) -> Columns:
    """The order report's columns with `paid` as what the buyer paid: the report's own column (`net`), which is what is
    left of it, and what went back. `total` is the order's 总金额. Minor units.
    """
    completed = dict(columns)
    net, nothing = completed["paid"], [None] * len(completed["paid"])
    total, back = completed.pop("_total", nothing), completed.get("refunded_amount", nothing)
    paid = [_paid(*amounts) for amounts in zip(net, total, back, strict=True)]
    # an older layout has no column for what went back: where net is the whole, nothing did, else it is not known
    if "refunded_amount" not in columns:
        back = [0 if whole is not None and kept == whole else None for kept, whole in zip(net, total, strict=True)]
    return {**completed, "paid": paid, "net": net, "total": total, "refunded_amount": back}


def _paid(net: int | None, total: int | None, back: int | None) -> int | None:
    """What the buyer paid, from what is left, the order's total and what went back (minor units); None for unknown."""
    if net is None:
        return None
    whole = net + (back or 0)
    # where they do not add up, the lesser: never more is given back than either leaves
    return whole if total is None else min(whole, total)


def refunded_lines(columns: Columns) -> Columns:
    """The item report's columns with `line_refunded_amount` of refunds that succeeded alone, and with `platform_share`:
    what was owed for the line and the buyer did not pay, which a voucher of the platform did. Minor units.
    """
    completed = dict(columns)
    states, owed = completed.pop("_refund_status", None), completed.pop("_owed", None)
    # the report prints the amount of a refund that is only asked for as well
    if states is not None and "line_refunded_amount" in completed:
        rows = zip(completed["line_refunded_amount"], states, strict=True)
        completed["line_refunded_amount"] = [amount if state == "succeeded" else 0 for amount, state in rows]
    if owed is not None and "stated" in completed:
        rows = zip(owed, completed["stated"], strict=True)
        completed["platform_share"] = [None if None in (due, paid) else max(due - paid, 0) for due, paid in rows]
    return completed


ORDERS = Dialect(
    name="taobao.order",
    platform="taobao",
    holds="orders",
    fields=(
        _ORDER_NUMBER,
        Field("paid", _PAID, worth, required=True, needed=True),
        Field("_total", ("总金额",), worth),
        Field("refunded_amount", ("退款金额",), worth),
        Field("freight", ("买家应付邮费",), worth),
        Field("ordered_at", ("订单创建时间",), instant, required=True),
        Field("paid_at", ("订单付款时间",), instant, required=True),
        Field("status", ("订单状态",), one_of(ORDER_STATUS, "")),
        Field("platform_status", ("订单状态",), word),
        payment("支付单号", "支付宝交易号"),
        Field("pieces", ("宝贝总数量",), count),
        Field("shop_name", ("店铺名称",), word),
        Field("buyer", ("买家会员名",), word),
        Field("receiver", ("收货人姓名",), word),
        Field("phone", ("联系手机", "联系电话"), word, filled=True),
        Field("address", ("修改后的收货地址", "收货地址"), text, filled=True),
        Field("buyer_remark", ("买家留言",), text),
        Field("seller_remark", ("订单备注",), text),
        Field("waybill", ("物流单号",), all_waybills),
        Field("carrier", ("物流公司",), word),
        Field("shipped_at", ("发货时间",), instant),
        Field("confirmed_at", ("确认收货时间",), instant),
        _SIGNED,
    ),
    never=("退款编号", "子订单编号", "购买数量"),
    across=paid_before_refunds,
)

ITEMS = Dialect(
    name="taobao.item",
    platform="taobao",
    holds="items",
    fields=(
        Field("order", ("主订单编号", "订单编号"), identifier, required=True, needed=True),
        Field("line", ("子订单编号",), identifier),
        Field("title", ("商品标题", "标题", "宝贝标题"), text, required=True),
        Field("price", ("商品价格", "价格"), worth, required=True, needed=True),
        Field("quantity", ("购买数量",), pieces, required=True, needed=True),
        Field("sku", ("商家编码",), identifier),
        Field("outer_sku", ("外部系统编号",), identifier),
        Field("variant", ("商品属性",), word),
        Field("bundle", ("套餐信息",), word),
        Field("stated", _PAID, worth),
        Field("_owed", ("买家应付货款",), worth),
        Field("_refund_status", ("退款状态",), one_of(REFUND_STATUS, "")),
        Field("line_refunded_amount", ("退款金额",), worth),
        Field("line_status", ("订单状态",), word),
        Field("waybill", ("物流单号",), all_waybills),
        Field("carrier", ("物流公司",), word),
        Field("shipped_at", ("发货时间",), instant),
    ),
    never=("退款编号",),
    across=refunded_lines,
)

REFUNDS = Dialect(
    name="taobao.refund",
    platform="taobao",
    holds="refunds",
    fields=(
        Field("order", ("订单编号",), identifier, required=True, needed=True),
        Field("refund", ("退款编号",), identifier, required=True, needed=True),
        Field("amount", ("买家退款金额", "退给买家金额", "退款总额"), worth, required=True, needed=True),
        Field("kind", ("售后类型", "是否需要退货"), one_of(REFUND_KIND)),
        Field("status", ("退款状态",), one_of(REFUND_STATUS)),
        Field("platform_status", ("退款状态",), word),
        Field("sku", ("商家编码", "商品编码"), identifier),
        Field("title", ("宝贝标题", "商品标题"), word),
        Field("applied_at", ("退款的申请时间",), instant),
        Field("due_at", ("超时时间",), instant),
        Field("finished_at", ("退款完结时间", "完结时间"), instant),
        Field("reason", ("买家退款原因",), reason),
        Field("reason_words", ("买家退款原因",), word),
        Field("explanation", ("买家退款说明",), word),
        Field("goods_status", ("货物状态",), word),
        Field("waybill", ("退货物流单号",), all_waybills),
        Field("carrier", ("退货物流公司",), word),
        Field("intervention", ("客服介入状态",), word),
        Field("evidence_due_at", ("举证超时",), instant),
        Field("phase", ("售中或售后",), word),
        payment("支付单号", "支付宝交易号"),
        Field("way", ("手工退款/系统退款",), way),
        Field("_reviewed_as", ("审核操作人",), by_itself),
        Field("_refunded_as", ("退款操作人",), by_itself),
        Field("reviewed_by", ("审核操作人",), operator),
        Field("refunded_by", ("退款操作人",), operator),
        Field("instant", ("是否零秒响应",), one_of(AT_ONCE, "")),
    ),
    row_steps=each(told_by_operators),
)
