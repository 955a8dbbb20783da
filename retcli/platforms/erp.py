"""ERP exports: 旺店通 (wdt) orders, 聚水潭 (jst) orders and after-sales (`docs/formats.md` §8).

An ERP joins and splits the platforms' orders, so its own number is the order's, and the platform's number stands
beside it as `platform_order` (of a row: `platform_line`). wdt: one sub-order becomes several rows where a bundle is
taken apart, so `line` is left out; `stated` is 分摊后总价. jst: `line` is the ERP's own 子订单编号; `paid` is 已付金额
with the freight; 收入运费 may be of the order or of the row and is not read. A jst after-sale of several goods is
several rows under one number, which are refused together.
"""

import re

from retcli.platforms.reasons import reason
from retcli.reading.cells import identifier, instant, kilograms, one_of, pieces, plain, remark, word, worth
from retcli.reading.dialect import Dialect, Field, Row
from retcli.reading.row_steps import each
from retcli.reading.waybills import all_waybills

WDT_STATUS = {
    "已取消": "closed",
    "待付款": "unpaid",
    "待尾款": "unpaid",
    "等未付": "unpaid",
    "待选仓": "paid",
    "延时审核": "paid",
    "预订单前处理": "paid",
    "前处理": "paid",
    "委外前处理": "paid",
    "抢单前处理": "paid",
    "预订单": "paid",
    "待抢单": "paid",
    "待客审": "paid",
    "待财审": "paid",
    "待递交仓库": "paid",
    "递交仓库中": "paid",
    "已递交仓库": "paid",
    "未确认": "paid",
    "已确认": "paid",
    "已审核": "paid",
    "发货中": "paid",
    "已发货": "shipped",
    "已签收": "done",
    "部分打款": "done",
    "已完成": "done",
}

WDT_LINE_REFUNDED = {"部分退款": "part", "全部退款": "whole", "已退款": "whole", "退款成功": "whole"}
"""Words beside a line whose money went back (订单退款状态)."""

JST_STATUS = {
    "待付款": "unpaid",
    "等待付款": "unpaid",
    "待审核": "paid",
    "已付款待审核": "paid",
    "已客审待财审": "paid",
    "异常": "paid",
    "发货中": "paid",
    "已发货": "shipped",
    "取消": "closed",
    "已取消": "closed",
    "被合并": "closed",
    "被拆分": "closed",
}

JST_REFUND_STATUS = {
    "买家已经申请退款，等待卖家同意": "requested",
    "等待卖家同意": "requested",
    "WAIT_SELLER_AGREE": "requested",
    "卖家已经同意退款，等待买家退货": "awaiting_goods",
    "等待买家退货": "awaiting_goods",
    "WAIT_BUYER_RETURN_GOODS": "awaiting_goods",
    "买家已经退货，等待卖家确认收货": "goods_sent",
    "WAIT_SELLER_CONFIRM_GOODS": "goods_sent",
    "卖家拒绝退款": "refused",
    "SELLER_REFUSE_BUYER": "refused",
    "等待卖家发货": "goods_sent",
    "WAIT_SELLER_DELIVER_GOODS": "goods_sent",
    "售后换货商家发货": "replacement_sent",
    "EXCHANGE_SELLER_DELIVERY": "replacement_sent",
    "售后换货用户收货": "replacement_sent",
    "EXCHANGE_BUYER_CONFIRM_GOODS": "replacement_sent",
    "补发卖家发货": "replacement_sent",
    "REISSUE_SELLER_DELIVERY": "replacement_sent",
    "退款关闭": "closed",
    "CLOSED": "closed",
    "退款成功": "succeeded",
    "SUCCESS": "succeeded",
}
"""The platform's state as the ERP shows it (线上状态)."""

JST_KIND = {
    "普通退货": "return",
    "退货": "return",
    "退货退款": "return",
    "拒收退货": "return",
    "仅退款": "refund-only",
    "换货": "exchange",
    "补发": "resend",
    "维修": "repair",
}

_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.0+)?|\d+\.0+")


def erp_pieces(cell: str) -> int | None:
    """A number of pieces as an ERP prints it, ``1,200`` or ``2.0000``; None for an empty cell. Raises Unreadable."""
    written = plain(cell)
    return pieces(written.replace(",", "").partition(".")[0] if _THOUSANDS.fullmatch(written) else written)


def paid_when_ordered(row: Row) -> Row:
    """The row with the time of the order as that of the payment, where the layout has none and something was paid."""
    if "paid_at" in row.values:
        return row
    return Row(row.number, row.values | {"paid_at": row.values["ordered_at"] if row.values["paid"] else None})


WDT_ORDERS = Dialect(
    name="wdt.order",
    platform="wdt",
    holds="sales",
    fields=(
        Field("order", ("订单编号",), identifier, required=True, needed=True),
        Field("paid", ("订单支付金额",), worth, required=True, needed=True),
        Field("quantity", ("下单数量",), erp_pieces, required=True, needed=True),
        Field("paid_at", ("付款时间",), instant, required=True),
        Field("ordered_at", ("交易时间",), instant),
        Field("platform_line", ("子单原始单号",), identifier),
        Field("freight", ("邮费",), worth),
        Field("weight", ("预估重量",), kilograms),
        Field("price", ("标价",), worth),
        Field("stated", ("分摊后总价",), worth),
        Field("status", ("订单状态",), one_of(WDT_STATUS, "")),
        Field("platform_status", ("订单状态",), word),
        Field("line_status", ("订单退款状态",), word),
        Field("title", ("货品名称", "平台货品名称"), word, filled=True),
        Field("sku", ("商家编码",), identifier),
        Field("outer_sku", ("货品编号",), identifier),
        Field("variant", ("规格名称", "平台规格名称"), word, filled=True),
        Field("bundle", ("拆自组合装",), word),
        Field("shop_name", ("店铺",), word),
        Field("buyer", ("客户网名",), word),
        Field("receiver", ("收件人",), word),
        Field("phone", ("收件人手机", "手机", "收件人电话"), word, filled=True),
        Field("address", ("收货地址",), remark),
        Field("buyer_remark", ("买家留言",), remark),
        Field("seller_remark", ("客服备注",), remark),
        Field("waybill", ("物流单号",), all_waybills),
        Field("carrier", ("物流公司",), word),
    ),
)

JST_ORDERS = Dialect(
    name="jst.order",
    platform="jst",
    holds="sales",
    fields=(
        Field("order", ("内部订单号",), identifier, required=True, needed=True),
        Field("line", ("子订单编号",), identifier, required=True, needed=True),
        Field("paid", ("已付金额",), worth, required=True, needed=True),
        Field("quantity", ("数量",), erp_pieces, required=True, needed=True),
        Field("price", ("商品单价",), worth, required=True),
        Field("ordered_at", ("下单时间",), instant, required=True),
        Field("paid_at", ("付款日期", "付款时间"), instant),
        Field("platform_order", ("线上订单号",), identifier),
        Field("status", ("状态",), one_of(JST_STATUS, "")),
        Field("platform_status", ("状态",), word),
        Field("title", ("商品名称",), word),
        Field("sku", ("商品编码",), identifier),
        Field("shop_name", ("店铺名称",), word),
        Field("waybill", ("快递单号",), all_waybills),
    ),
    never=("售后单号",),
    row_steps=each(paid_when_ordered),
)

JST_REFUNDS = Dialect(
    name="jst.aftersale",
    platform="jst",
    holds="refunds",
    fields=(
        Field("order", ("内部订单号",), identifier, required=True, needed=True),
        Field("refund", ("售后单号",), identifier, required=True, needed=True),
        Field("status", ("线上状态",), one_of(JST_REFUND_STATUS), required=True),
        Field("platform_status", ("线上状态",), word),
        Field("platform_order", ("线上订单号",), identifier),
        Field("sku", ("商品编码",), identifier),
        Field("goods_status", ("货物状态",), word),
        Field("amount", ("退款金额",), worth),
        Field("kind", ("售后类型",), one_of(JST_KIND)),
        Field("title", ("商品名称",), word),
        Field("reason", ("问题类型",), reason),
        Field("reason_words", ("问题类型",), word),
        Field("waybill", ("退货快递单号", "退回快递单号"), all_waybills),
    ),
)
