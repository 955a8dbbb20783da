"""Douyin (抖店): the order export, one row a sub-order, and the after-sales list (`docs/formats.md` §4).

Money stands per sub-order only, so `paid` is left out. 订单应付金额 is what was to be paid for the row with its 运费,
before 支付优惠, which the platform pays; `stated` is the first without the other two, and `freight` the 运费 of all
the order's rows, whose parcels are all the order's. The after-sales list counts alike: the buyer gets 退商品金额,
退运费金额 and 退税费金额 without 退支付优惠.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from retcli.language import mark
from retcli.platforms.operators import AT_ONCE, by_itself, operator
from retcli.platforms.reasons import reasons
from retcli.reading.cells import identifier, instant, money, one_of, pieces, text, word, worth
from retcli.reading.dialect import Dialect, Fault, Field, Row
from retcli.reading.row_steps import each, in_turn, whole_address
from retcli.reading.waybills import all_waybills, waybill
from retcli.rules.money.minor_units import text as written
from retcli.rules.warehouse.ids import normalised

ORDER_STATUS = {
    "待支付": "unpaid",
    "待确认": "paid",
    "备货中": "paid",
    "待发货": "paid",
    "部分发货": "paid",
    "已发货": "shipped",
    "已完成": "done",
    "已关闭": "closed",
}

REFUND_STATUS = {
    "待商家处理": "requested",
    "售后申请": "requested",
    "退货待处理": "requested",
    "换货待处理": "requested",
    "6": "requested",
    "待买家退货": "awaiting_goods",
    "待买家退货处理": "awaiting_goods",
    "7": "awaiting_goods",
    "待商家收货": "goods_sent",
    "11": "goods_sent",
    "待商家发货": "goods_sent",
    "8": "goods_sent",
    "同意退款，退款中": "goods_sent",
    "同意退款，退款失败": "goods_sent",
    "待买家收货": "replacement_sent",
    "13": "replacement_sent",
    "拒绝售后申请": "refused",
    "27": "refused",
    "退货后拒绝": "refused",
    "29": "refused",
    "售后关闭": "closed",
    "售后失败": "closed",
    "28": "closed",
    "取消成功": "closed",
    "51": "closed",
    "同意退款，退款成功": "succeeded",
    "退款成功": "succeeded",
    "12": "succeeded",
    "换货成功": "succeeded",
    "14": "succeeded",
    "补寄成功": "succeeded",
    "维修成功": "succeeded",
    "价保成功": "succeeded",
    "53": "succeeded",
}
"""The platform's texts and numbers; ``goods_sent`` also where all is agreed and only money or goods are under way."""

REFUND_KIND = {
    "退货退款": "return",
    "0": "return",
    "已发货仅退款": "refund-only",
    "已发货退款": "refund-only",
    "1": "refund-only",
    "未发货仅退款": "refund-only",
    "未发货退款": "refund-only",
    "2": "refund-only",
    "仅退款": "refund-only",
    "换货": "exchange",
    "3": "exchange",
    "系统取消": "refund-only",
    "4": "refund-only",
    "用户取消": "refund-only",
    "5": "refund-only",
    "价保": "allowance",
    "6": "allowance",
    "补寄": "resend",
    "7": "resend",
    "维修": "repair",
    "8": "repair",
}

REASON_WORDS = (
    ("物流停滞", "L_DELAY"),
    ("未按时发货", "S_LATE"),
    ("尺码不合", "SZ_FIT"),
    ("发错", "W_WRONG"),
)

_PARCEL = re.compile(r"([A-Za-z]{0,6}\d{6,20})(?:-\d{1,3}-\d{1,3})?-+([^-,，;；|\s\d][^-,，;；|\s]*)")
_PIECES = re.compile(r"[;；,，|\n]")
_BARE = re.compile(r"[A-Z]{0,6}\d{9,20}", re.ASCII)
"""A waybill without its carrier's name."""
# An order is as far as its least finished row, but a closed row counts only where all are closed.
_LEAST_OPEN = ("unpaid", "paid", "shipped", "done", "", "closed")
_HEAD = ("status", "platform_status", "shipped_at", "confirmed_at", "seller_remark")
_APART = mark("the rows of this order do not stand together; sort the file by order number")
_NOT_ADDING = mark("the amounts of this row do not add up")


def express_parcels(cell: str) -> list[tuple[str, str]]:
    """Pairs of waybill and carrier of the column 快递信息, each waybill once: SF0220481613112 and 顺丰速运 of
    ``SF0220481613112-顺丰速运,…``. Raises Unreadable where a spreadsheet has destroyed a number.
    """
    parcels: dict[str, str] = {}
    for piece in _PIECES.split(cell):
        parcel = _PARCEL.search(piece)
        if parcel:
            parcels.setdefault(normalised(parcel[1]), parcel[2])
        elif _BARE.fullmatch(number := waybill(piece.partition("-")[0])):
            parcels.setdefault(number, "")
    return list(parcels.items())


def express_numbers(cell: str) -> str:
    """The waybills of the column 快递信息, separated by blanks. Raises Unreadable."""
    return " ".join(number for number, _company in express_parcels(cell))


def express_company(cell: str) -> str:
    """The carrier of the first parcel of the column 快递信息. Raises Unreadable."""
    return next((company for _number, company in express_parcels(cell)), "")


def express_companies(cell: str) -> str:
    """The carrier of each parcel of the column 快递信息, separated by 、. Raises Unreadable."""
    return "、".join(company for _number, company in express_parcels(cell))


def unsealed(cell: str) -> str:
    """A person's name, phone or address; "" where the export holds it encrypted (``##…``, ``$$…``)."""
    name = text(cell.lstrip("\t"))
    return "" if name.startswith(("##", "$$")) else word(name)


def cash_of_line(row: Row) -> Row | Fault:
    """The row with `stated` as what the buyer paid for the line: payable less freight and less what the platform paid
    (minor units); a fault where that would be negative.
    """
    values = dict(row.values)
    payable, freight, given = values.pop("payable"), values["freight"] or 0, abs(values.pop("given") or 0)
    if payable < freight + given:
        return Fault(row.number, "订单应付金额", written(payable), _NOT_ADDING, values["order"])
    return Row(row.number, values | {"stated": payable - freight - given, "freight": freight})


def cash_back(row: Row) -> Row | Fault:
    """The row with `amount` as what the buyer gets back, made of its four columns (minor units), None where goods and
    freight are empty; a fault where that would be negative.
    """
    values = dict(row.values)
    goods, freight, tax = values.pop("goods"), values.pop("postage"), values.pop("tax")
    given = abs(values.pop("given") or 0)
    amount = None if goods is None and freight is None else (goods or 0) + (freight or 0) + (tax or 0) - given
    if amount is not None and amount < 0:
        return Fault(row.number, "退商品金额（元）", written(goods or 0), _NOT_ADDING, values["order"])
    return Row(row.number, values | {"amount": amount})


def one_order(rows: Iterable[Row | Fault]) -> Iterator[Row | Fault]:
    """The rows of each order under one head: the least finished status, all parcels, the freight of all rows together.
    Rows of an order that do not stand together become faults.
    """
    # A file is read in one pass, so that an order must be whole when its next row is another's.
    seen: set[str] = set()
    for order, group in groupby(rows, lambda row: row.order if isinstance(row, Fault) else row.values["order"]):
        together = list(group)
        good = [row for row in together if isinstance(row, Row)]
        if order and order in seen:
            yield from (Fault(row.number, "主订单编号", order, _APART, order) for row in good)
        else:
            yield from _under_one_head(good)
        seen.add(order)
        yield from (row for row in together if isinstance(row, Fault))


def _under_one_head(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows of one order, each with what holds of the whole order."""
    if not rows:
        return
    lead = min(rows, key=lambda row: _LEAST_OPEN.index(row.values.get("status", "")))
    head = {name: lead.values[name] for name in _HEAD if name in lead.values}
    head["freight"] = sum(row.values["freight"] for row in rows)
    parcels: dict[str, str] = {}
    for row in (lead, *rows):
        for number, company in row.values.get("parcels", []):
            parcels.setdefault(number, company)
    if parcels:
        head |= {"waybill": " ".join(parcels), "carrier": next(iter(parcels.values()))}
    if "parcels" in lead.values:
        head["carriers"] = "、".join(parcels.values())
    for row in rows:
        yield Row(row.number, {name: value for name, value in (row.values | head).items() if name != "parcels"})


ORDERS = Dialect(
    name="douyin.order",
    platform="douyin",
    holds="sales",
    fields=(
        Field("order", ("主订单编号",), identifier, required=True, needed=True),
        Field("line", ("子订单编号",), identifier, required=True, needed=True),
        Field("payable", ("订单应付金额",), worth, required=True, needed=True),
        Field("freight", ("运费",), worth, required=True),
        Field("given", ("支付优惠",), money, required=True),
        Field("quantity", ("商品数量",), pieces, required=True, needed=True),
        Field("ordered_at", ("订单提交时间",), instant),
        Field("paid_at", ("支付完成时间",), instant, required=True),
        Field("status", ("订单状态",), one_of(ORDER_STATUS, "")),
        Field("platform_status", ("订单状态",), word),
        Field("line_status", ("订单状态",), word),
        Field("title", ("选购商品",), word),
        Field("price", ("商品单价", "商品金额"), worth),
        Field("sku", ("商家编码",), identifier),
        Field("outer_sku", ("货号",), identifier),
        Field("variant", ("商品规格",), word),
        Field("receiver", ("收件人",), unsealed),
        Field("phone", ("收件人手机号",), unsealed),
        Field("province", ("省",), unsealed),
        Field("city", ("市",), unsealed),
        Field("district", ("区",), unsealed),
        Field("street", ("街道",), unsealed),
        Field("address", ("详细地址",), unsealed),
        Field("buyer_remark", ("买家留言",), word),
        Field("seller_remark", ("商家备注",), word),
        Field("waybill", ("快递信息",), express_numbers),
        Field("carrier", ("快递信息",), express_company),
        Field("carriers", ("快递信息",), express_companies),
        Field("parcels", ("快递信息",), express_parcels),
        Field("shipped_at", ("发货时间",), instant),
        Field("confirmed_at", ("订单完成时间",), instant),
    ),
    never=("售后单号",),
    row_steps=in_turn(each(cash_of_line), one_order, each(whole_address)),
)

REFUNDS = Dialect(
    name="douyin.aftersale",
    platform="douyin",
    holds="refunds",
    fields=(
        Field("order", ("订单号",), identifier, required=True, needed=True),
        Field("refund", ("售后单号",), identifier, required=True, needed=True),
        Field("line", ("商品单号",), identifier, required=True),
        Field("goods", ("退商品金额（元）",), worth, required=True),
        Field("postage", ("退运费金额（元）",), worth, required=True),
        Field("given", ("退支付优惠（元）",), money, required=True),
        Field("tax", ("退税费金额（元）",), worth, required=True),
        Field("kind", ("售后类型",), one_of(REFUND_KIND)),
        Field("status", ("售后状态",), one_of(REFUND_STATUS)),
        Field("platform_status", ("售后状态",), word),
        Field("sku", ("商家编码",), identifier),
        Field("title", ("商品名称",), word),
        Field("applied_at", ("售后申请时间",), instant),
        Field("due_at", ("自动处理截止时间",), instant),
        Field("finished_at", ("售后完结时间", "售后关闭时间"), instant, filled=True),
        Field("reason", ("售后原因",), reasons(REASON_WORDS)),
        Field("reason_words", ("售后原因",), word),
        Field("explanation", ("用户售后说明",), word),
        Field("goods_status", ("商品发货状态",), word),
        Field("waybill", ("退货物流单号",), all_waybills),
        Field("carrier", ("退货物流公司",), word),
        Field("intervention", ("仲裁状态",), word),
        Field("way", ("操作人",), by_itself),
        Field("reviewed_by", ("操作人",), operator),
        Field("instant", ("是否极速退款",), one_of(AT_ONCE, "")),
    ),
    row_steps=each(cash_back),
)
