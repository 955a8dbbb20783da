"""JD (京东商家后台): the order export, one row a SKU, and the list of service orders 服务单 (`docs/formats.md` §2).

`paid` is 应付金额 and 余额支付 together: the first is what was left to pay after the buyer's own balance. 订单金额 and
结算金额 hold JD's share of discounts and are never read. Where a layout has not both columns, each row is refused:
what the buyer paid cannot be known. 商品编号 and 商品ID are JD's numbers, not the merchant's code; sub-order numbers
do not exist.
"""

import re

from retcli.language import mark
from retcli.platforms.operators import AT_ONCE, by_itself, operator, told_by_operators
from retcli.platforms.reasons import reasons
from retcli.reading.cells import identifier, instant, one_of, pieces, remark, word, worth
from retcli.reading.dialect import Dialect, Fault, Field, Row
from retcli.reading.row_steps import each, in_turn
from retcli.reading.waybills import all_waybills

ORDER_STATUS = {
    "等待付款": "unpaid",
    "等待付款确认": "unpaid",
    "等待出库": "paid",
    "等待发货": "paid",
    "暂停": "paid",
    "锁定": "paid",
    "等待确认收货": "shipped",
    "已发货": "shipped",
    "完成": "done",
    "已完成": "done",
    "取消": "closed",
    "已取消": "closed",
}

REFUND_STATUS = {
    "待审核": "requested",
    "待客户反馈": "requested",
    "审核不通过": "refused",
    "审核关闭": "closed",
    "待客户发货": "awaiting_goods",
    "待收货": "awaiting_goods",
    "待处理": "goods_sent",
    "待退款": "goods_sent",
    "待用户确认": "goods_sent",
    "完成": "succeeded",
    "已完成": "succeeded",
    "取消": "closed",
    "已取消": "closed",
}

"""The platform's texts; ``goods_sent`` also where all is agreed and only money or an answer is under way."""

REFUND_KIND = {
    "退货": "return",
    "退货退款": "return",
    "仅退款": "refund-only",
    "换货": "exchange",
    "换新": "exchange",
    "维修": "repair",
    "补发": "resend",
    "补发商品": "resend",
    "价保": "allowance",
}

REASON_WORDS = (("发错货", "W_WRONG"), ("商品质量", "Q_FUNC"), ("价格变动", "I_PRICE"), ("不合适", "B_MIND"))

_DELETED = re.compile(r"\s*[(（]删除[)）]")
_TURNED_DOWN = frozenset({"审核关闭", "审核不通过", "审核拒绝", "拒绝", "不同意"})
_SENT_OUT = frozenset({"exchange", "repair", "resend"})
_NOT_SAID = mark("what the buyer paid is not in this file; export it with 应付金额 and 余额支付")


def order_status(cell: str) -> str:
    """Our status of an order; one that begins with ``(删除)`` was called off, whatever follows."""
    return "closed" if _DELETED.match(cell) else str(one_of(ORDER_STATUS, "")(cell))


def cash_of_order(row: Row) -> Row | Fault:
    """The row with `paid` as what was left to pay and what the buyer's balance paid (minor units); a fault where the
    layout lacks either column.
    """
    values = dict(row.values)
    due, balance = values.pop("payable", None), values.pop("balance", None)
    # without the column of the balance whatever was paid out of it would be missing
    if due is None or "balance" not in row.values:
        return Fault(row.number, "应付金额", "", _NOT_SAID, values["order"])
    return Row(row.number, values | {"paid": due + (balance or 0)})


def turned_down(row: Row) -> Row:
    """The row of a service order by what came of it: one that ended because its review turned it down is closed, not
    succeeded; one that ended with goods sent out again is of that kind, whatever the buyer asked for, and moves no
    money.
    """
    values = dict(row.values)
    review, outcome = values.pop("review", ""), REFUND_KIND.get(values.pop("outcome", ""), "")
    if values.get("status") == "succeeded" and review in _TURNED_DOWN:
        values["status"] = "closed"
    elif values.get("status") == "succeeded" and outcome in _SENT_OUT:
        values |= {"kind": outcome, "amount": 0}
    return Row(row.number, values)


ORDERS = Dialect(
    name="jd.order",
    platform="jd",
    holds="sales",
    fields=(
        Field("order", ("订单号",), identifier, required=True, needed=True),
        Field("title", ("商品名称",), word, required=True),
        Field("quantity", ("订购数量",), pieces, required=True, needed=True),
        Field("ordered_at", ("下单时间",), instant, required=True),
        Field("paid_at", ("付款确认时间",), instant, required=True),
        Field("payable", ("应付金额",), worth),
        Field("balance", ("余额支付",), worth),
        Field("freight", ("运费金额",), worth),
        Field("price", ("京东价",), worth),
        Field("sku", ("商家SKUID", "货号"), identifier),
        Field("status", ("订单状态",), order_status),
        Field("platform_status", ("订单状态",), word),
        Field("buyer", ("下单帐号",), word),
        Field("receiver", ("客户姓名",), word),
        Field("phone", ("联系电话",), word),
        Field("address", ("客户地址",), remark),
        Field("buyer_remark", ("订单备注",), remark),
        Field("seller_remark", ("商家备注",), remark),
        Field("confirmed_at", ("订单完成时间",), instant),
    ),
    never=("服务单号",),
    row_steps=each(cash_of_order),
)

REFUNDS = Dialect(
    name="jd.aftersale",
    platform="jd",
    holds="refunds",
    fields=(
        Field("order", ("订单号",), identifier, required=True, needed=True),
        Field("refund", ("服务单号",), identifier, required=True, needed=True),
        Field("amount", ("退款金额",), worth),
        Field("kind", ("客户期望", "客户预期处理方式"), one_of(REFUND_KIND)),
        Field("status", ("服务单状态",), one_of(REFUND_STATUS), required=True),
        Field("platform_status", ("服务单状态",), word),
        Field("review", ("审核结果",), word, required=True),
        Field("title", ("商品名称",), word),
        Field("quantity", ("商品数量",), pieces),
        Field("applied_at", ("售后申请时间", "售后服务单申请时间"), instant),
        Field("reason", ("二级申请原因", "一级申请原因", "客户问题描述"), reasons(REASON_WORDS), filled=True),
        Field("reason_words", ("二级申请原因", "一级申请原因"), word, filled=True),
        Field("explanation", ("客户问题描述",), word),
        Field("goods_status", ("出库状态", "取件状态"), word),
        Field("waybill", ("运单号",), all_waybills),
        Field("carrier", ("快递公司",), word),
        Field("processed_at", ("商家首次处理时间",), instant),
        Field("outcome", ("处理结果",), word),
        Field("way", ("自动审核类型", "处理人", "审核人姓名"), by_itself, filled=True),
        Field("_reviewed_as", ("审核人姓名",), by_itself),
        Field("_refunded_as", ("处理人",), by_itself),
        Field("reviewed_by", ("审核人姓名",), operator),
        Field("refunded_by", ("处理人",), operator),
        Field("instant", ("是否闪退订单",), one_of(AT_ONCE, "")),
    ),
    never=("赔付单号",),
    row_steps=in_turn(each(turned_down), each(told_by_operators)),
)
