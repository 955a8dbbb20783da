"""Alipay: the merchant's 账务明细 (every movement) and 业务明细 (payments and refunds), and the personal bill."""

import re
from typing import Any

from retcli.language import mark
from retcli.platforms.bills import IN_AND_OUT, Values, bill, comment, entries, framed, in_and_out, in_or_out, kept
from retcli.platforms.sales import in_minor
from retcli.reading.cells import amount, identifier, instant, money, word
from retcli.reading.dialect import Cells, Dialect, Fault, Field, Row, Total
from retcli.reading.row_steps import each
from retcli.rules.money.minor_units import parse

_ORDER = re.compile(r"T200P(\d{10,20})|(?:关联订单号|tradeid)\s*[：:]\s*(\d{10,20})", re.IGNORECASE)


def order_in(*places: str) -> str:
    """The Taobao order number in the first text that names one: ``T200P<number>``, ``关联订单号：<number>`` or
    ``tradeid:<number>``; "" for ``FP301_…`` and a merchant's own numbers, which are no order of a platform.
    """
    for place in places:
        if number := _ORDER.search(place):
            return number[1] or number[2]
    return ""


def _fund(values: Values) -> dict[str, Any]:
    """The bill of a movement. Every fee has a row of its own here, so that there is no `fee` beside the amount."""
    names = ("merchant_order", "base_order", "business_order", "remark", "pay_remark")
    minor = in_or_out(values["income"], values["outgo"])
    texts = (values.get("words", ""), values.get("description", ""))
    return bill(values, minor, texts, order=order_in(*(values.get(name, "") for name in names)))


FUND = Dialect(
    name="alipay.fund",
    platform="alipay",
    holds="bills",
    fields=(
        Field("number", ("账务流水号", "支付宝流水号"), identifier, required=True, needed=True),
        Field("trade", ("业务流水号", "支付宝交易号"), identifier),
        Field("merchant_order", ("商户订单号",), identifier, required=True),
        Field("base_order", ("业务基础订单号",), identifier),
        Field("business_order", ("业务订单号",), identifier),
        Field("at", ("发生时间", "入账时间"), instant, required=True, needed=True),
        Field("income", ("收入金额（+元）", "收入（+元）"), money, required=True),
        Field("outgo", ("支出金额（-元）", "支出（-元）"), money, required=True),
        Field("balance", ("账户余额（元）",), money),
        Field("words", ("业务类型", "账务类型"), word),
        Field("description", ("业务描述",), word),
        Field("remark", ("备注",), word),
        Field("pay_remark", ("付款备注",), word),
    ),
    skips=comment,
    row_steps=entries(_fund),
    totals=IN_AND_OUT,
    stated=in_and_out,
    footed=framed,
)


def _trade(values: Values) -> dict[str, Any]:
    """The bill of a payment or a refund. Its fee is service fee and shared profit (分润) together, kept of a payment,
    given back with a refund.
    """
    back = "退款" in values["words"]
    taken = abs(values.get("service_fee") or 0) + abs(values.get("shared") or 0)
    amount, request = abs(values["received"]), values.get("request", "")
    return bill(
        values,
        -amount if back else amount,
        (values["words"],),
        number="/".join(part for part in (values["trade"], request if back else "") if part),
        order=order_in(values["merchant_order"], values.get("remark", "")),
        refund=request if back else "",
        at=values.get("finished_at") or values["created_at"],
        category="refund" if back else "payment",
        fee=taken if back else -taken,
    )


_TRADES = re.compile(r"#?(交易|退款)合计[：:]\s*(\d+)笔[，,]\s*商家实收(?:退款)?共\s*(-?[\d.,]+)元")


def _stated_trades(cells: Cells) -> dict[str, int]:
    """The totals of a line such as ``#交易合计：3笔，商家实收共12.30元，…``; none of any other line."""
    total = _TRADES.match("".join(cells).strip())
    if not total:
        return {}
    way = "out" if total[1] == "退款" else "in"
    return {f"{way}_count": int(total[2]), way: abs(parse(total[3]))}


def _if(back: bool, row: Values, amount: int) -> int:
    """The amount without its sign where a row is a refund (`back`) or, without `back`, a payment; else 0."""
    return abs(amount) if ("退款" in row["words"]) == back else 0


TRADE = Dialect(
    name="alipay.trade",
    platform="alipay",
    holds="bills",
    fields=(
        Field("trade", ("支付宝交易号",), identifier, required=True, needed=True),
        Field("merchant_order", ("商户订单号",), identifier, required=True),
        Field("words", ("业务类型",), word, required=True, needed=True),
        Field("created_at", ("创建时间",), instant, required=True, needed=True),
        Field("finished_at", ("完成时间",), instant),
        Field("received", ("商家实收（元）",), money, required=True, needed=True),
        Field("request", ("退款批次号/请求号",), identifier, required=True),
        Field("service_fee", ("服务费（元）",), money, required=True),
        Field("shared", ("分润（元）",), money),
        Field("remark", ("备注",), word),
    ),
    skips=comment,
    row_steps=entries(_trade),
    totals={
        "in_count": Total(mark("entries coming in"), lambda row: _if(False, row, 1), money=False),
        "in": Total(mark("payments"), lambda row: _if(False, row, row["received"])),
        "out_count": Total(mark("entries going out"), lambda row: _if(True, row, 1), money=False),
        "out": Total(mark("refunds"), lambda row: _if(True, row, row["received"])),
    },
    stated=_stated_trades,
    footed=framed,
)

_ABROAD = ("gross", "fee", "refunded", "net")


def _abroad(row: Row) -> Row | Fault:
    """The bill of a settlement across the border, in its currency: ``P`` is a payment, ``R`` a refund. What was kept is
    the fee where the columns add up; the yuan that the buyer paid are added to the remark.
    """
    values = dict(row.values)
    read = in_minor(Row(row.number, values), values["currency"].upper(), _ABROAD)
    if isinstance(read, Fault):
        return read
    amounts = read.values
    back = values["type"].upper().startswith("R")
    net = abs(amounts["net"]) * (-1 if back else 1)
    gross = abs(amounts["refunded"] or amounts["gross"] or 0) * (-1 if back else 1)
    fee = kept(net, gross, [amounts["fee"] or 0])
    remark = f"{values.get('remark', '')} RMB {values['yuan']}".strip() if values.get("yuan") else values.get("remark")
    completed = values | {"remark": remark, "currency": amounts["currency"], "at": values["at"] or values["paid_at"]}
    # a payment and its refunds have one Transaction_id
    number = "/".join((values["trade"], values["type"].upper(), values["merchant_order"]))
    order, kind = order_in(values["merchant_order"]), "refund" if back else "payment"
    entry = bill(completed, net - (fee or 0), (values["type"],), number=number, order=order, category=kind, fee=fee)
    return Row(row.number, entry)


ABROAD = Dialect(
    name="alipay.abroad",
    platform="alipay",
    holds="bills",
    fields=(
        Field("merchant_order", ("Partner_transaction_id",), identifier, required=True),
        Field("trade", ("Transaction_id",), identifier, required=True, needed=True),
        Field("gross", ("Amount",), amount, required=True),
        Field("yuan", ("Rmb_amount",), word),
        Field("fee", ("Fee",), amount, required=True),
        Field("refunded", ("Refund",), amount, required=True),
        Field("net", ("Settlement",), amount, required=True, needed=True),
        Field("currency", ("Currency",), word, required=True, needed=True),
        Field("paid_at", ("Payment_time",), instant, required=True, needed=True),
        Field("at", ("Settlement_time",), instant, required=True),
        Field("type", ("Type",), word, required=True, needed=True),
        Field("remark", ("Remarks",), word),
    ),
    ignored=frozenset({"rmb_settlement", "rate", "status"}),
    row_steps=each(_abroad),
)

PERSONAL = Dialect(
    name="alipay.personal",
    platform="alipay",
    holds="bills",
    fields=(
        Field("at", ("交易时间",), instant, required=True),
        Field("other", ("交易对方",), word, required=True),
        Field("direction", ("收/支",), word, required=True),
        Field("amount", ("金额",), money, required=True),
        Field("method", ("收/付款方式",), word, required=True),
        Field("status", ("交易状态",), word, required=True),
        Field("goods", ("商品说明",), word, required=True),
    ),
    refused=mark("this is a personal bill, export the merchant's"),
)
