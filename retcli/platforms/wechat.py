"""WeChat Pay: the merchant's trade bill (payments and refunds), fund bill (every movement), and the personal bill."""

import re
from collections.abc import Sequence
from typing import Any

from retcli.language import mark
from retcli.platforms.bills import DIRECTION, Values, bare_values, bill, category, directed, entries
from retcli.reading.cells import Unreadable, identifier, instant, money, word
from retcli.reading.dialect import Cells, Dialect, Field, Total
from retcli.rules.money.minor_units import parse

_COUNT = re.compile(r"(\d+)(?:\.0+)?")
_BACK = frozenset({"REFUND", "REVOKED", "转入退款", "已撤销"})
_NOT_BACK = frozenset({"FAIL", "REFUNDCLOSE", "CLOSED", "退款失败", "退款关闭"})


def _summary(cells: Cells) -> bool:
    """Whether a record is one of the two summary lines: the names of the totals, or a count and amounts alone."""
    values = bare_values(cells)
    if not values or values[0].startswith(("总交易单数", "资金流水总笔数")):
        return bool(values)
    return len(values) in {5, 7} and _count(values[0]) is not None and not any(ch.isalpha() for ch in "".join(values))


def _always(_above: Sequence[Cells]) -> bool:
    """True: the two summary lines end every bill."""
    return True


def _count(value: str) -> int | None:
    """A whole number such as ``12`` or ``12.0``; None for anything else."""
    digits = _COUNT.fullmatch(value)
    return int(digits[1]) if digits else None


def _trade(values: Values) -> dict[str, Any]:
    """The bill of a payment or a refund with its fee. A refund has columns of its own for amount and number; one that
    failed moved nothing. Raises Unreadable where a refund's number or amount is missing.
    """
    back = values["state"].upper() in _BACK or bool(values.get("refund_state"))
    texts = tuple(word for word in (values["state"], values.get("refund_state", "")) if word)
    fee = abs(values.get("service_fee") or 0)
    if not back:
        payment = {"number": values["trade"], "category": "payment", "fee": -fee}
        return bill(values, values["settled"] or 0, texts, **payment)
    failed = values.get("refund_state", "").upper() in _NOT_BACK
    number = _own(values.get("refund_number", ""))
    if values.get("refunded") is None or not number:
        raise Unreadable(mark("the refund's number or amount is not there"))
    return bill(
        values,
        0 if failed else -abs(values["refunded"]),
        texts,
        number=number,
        refund=_own(values.get("merchant_refund", "")),
        at=values.get("refunded_at") or values.get("applied_at") or values["at"],
        category="refund",
        fee=0 if failed else fee,
    )


def _own(number: str) -> str:
    """A refund's number; "" for the 0 that payments have in its place."""
    return "" if number == "0" else number


_TRADE = (
    Field("at", ("交易时间",), instant, required=True, needed=True),
    Field("trade", ("微信订单号",), identifier, required=True, needed=True),
    Field("order", ("商户订单号",), identifier, required=True),
    Field("state", ("交易状态",), word, required=True, needed=True),
    Field("currency", ("货币种类",), word),
    Field("settled", ("应结订单金额", "总金额"), money, required=True, needed=True),
    Field("remark", ("商品名称",), word),
    Field("service_fee", ("手续费",), money, required=True),
    Field("coupons_back", ("充值券退款金额", "代金券或立减优惠退款金额"), money),
    Field("asked", ("申请退款金额",), money),
)
_BACK_FIELDS = (
    Field("refund_number", ("微信退款单号",), identifier),
    Field("merchant_refund", ("商户退款单号",), identifier),
    Field("refunded", ("退款金额",), money),
    Field("refund_state", ("退款状态",), word),
)
_ROWS = Total(mark("entries"), lambda row: 1, money=False)
_PAYMENTS = {
    "settled": Total(mark("payments"), lambda row: row["settled"]),
    "ordered": Total(mark("amounts of the orders"), lambda row: row["ordered"] or 0, column="ordered"),
}
_BACK_AND_FEES = {
    "refunded": Total(mark("refunds"), lambda row: row.get("refunded") or 0),
    "coupons_back": Total(mark("coupons refunded"), lambda row: row["coupons_back"] or 0, column="coupons_back"),
    "fees": Total(mark("fees"), lambda row: row["service_fee"] or 0),
    "asked": Total(mark("refunds asked for"), lambda row: row["asked"] or 0, column="asked"),
}
_IN_TURN = ("settled", "refunded", "coupons_back", "fees", "ordered", "asked")
"""The totals of the summary line after its count; an older one ends with the fees."""


def _stated_trades(cells: Cells) -> dict[str, int]:
    """The count and the sums of the summary line; none of the line with their names."""
    values = bare_values(cells)
    if _count(values[0]) is None or len(values) < 5:
        return {}
    return {"count": _count(values[0]) or 0} | dict(zip(_IN_TURN, map(parse, values[1:]), strict=False))


def _stated_refunds(cells: Cells) -> dict[str, int]:
    """The sums of a bill of refunds, without those of payments, which in it are the amounts of the refunds' orders."""
    return {name: value for name, value in _stated_trades(cells).items() if name not in _PAYMENTS}


TRADE = Dialect(
    name="wechat.trade",
    platform="wechat",
    holds="bills",
    fields=(*_TRADE, Field("ordered", ("订单金额",), money), *_BACK_FIELDS),
    never=("退款申请时间", "退款成功时间"),
    skips=_summary,
    row_steps=entries(_trade),
    totals={"count": _ROWS} | _PAYMENTS | _BACK_AND_FEES,
    stated=_stated_trades,
    footed=_always,
)

REFUNDS = Dialect(
    name="wechat.trade.refund",
    platform="wechat",
    holds="bills",
    fields=(
        *_TRADE,
        Field("refunded_at", ("退款成功时间", "退款申请时间"), instant, required=True),
        Field("applied_at", ("退款申请时间",), instant),
        *(Field(each.name, each.headers, each.read, required=True, needed=True) for each in _BACK_FIELDS),
    ),
    skips=_summary,
    row_steps=entries(_trade),
    totals={"count": _ROWS} | _BACK_AND_FEES,
    stated=_stated_refunds,
    footed=_always,
)


def _fund(values: Values) -> dict[str, Any]:
    """The bill of a movement. The voucher is the merchant's order number for a payment and its fee, else the number of
    the refund.
    """
    # a fee may carry the number of the payment that it belongs to: two entries of one number would be one
    minor = directed(values["direction"], values["amount"])
    texts = (values["words"],)
    kind = category(texts, minor)
    voucher = values.get("voucher", "")
    is_fee = kind in {"fee", "fee_returned"}
    return bill(
        values,
        minor,
        texts,
        number=f"{values['number']}/fee" if is_fee else values["number"],
        order=voucher if kind in {"payment", "fee"} else "",
        refund=voucher if kind in {"refund", "refund_returned", "fee_returned"} else "",
        category=kind,
    )


def _one_way(way: str, row: Values, amount: int) -> int:
    """The amount without its sign where a row goes one way (``in``, ``out``); else 0."""
    return abs(amount) if row["direction"] == way else 0


def _stated_fund(cells: Cells) -> dict[str, int]:
    """The counts and sums of the summary line; none of the line with their names."""
    values = bare_values(cells)
    if _count(values[0]) is None or len(values) < 5:
        return {}
    counts = {"count": _count(values[0]), "in_count": _count(values[1]), "out_count": _count(values[3])}
    sums = {"in": parse(values[2]), "out": parse(values[4])}
    return {name: value for name, value in (counts | sums).items() if value is not None}


FUND = Dialect(
    name="wechat.fund",
    platform="wechat",
    holds="bills",
    fields=(
        Field("at", ("记账时间",), instant, required=True, needed=True),
        Field("trade", ("微信支付业务单号",), identifier, required=True),
        Field("number", ("资金流水单号",), identifier, required=True, needed=True),
        Field("words", ("业务类型", "业务名称"), word, required=True, needed=True),
        Field("direction", ("收支类型",), DIRECTION, required=True, needed=True),
        Field("amount", ("收支金额(元)",), money, required=True, needed=True),
        Field("balance", ("账户结余(元)",), money),
        Field("remark", ("备注",), word),
        Field("voucher", ("业务凭证号",), identifier),
    ),
    skips=_summary,
    row_steps=entries(_fund),
    totals={
        "count": _ROWS,
        "in_count": Total(mark("entries coming in"), lambda row: _one_way("in", row, 1), money=False),
        "in": Total(mark("coming in"), lambda row: _one_way("in", row, row["amount"])),
        "out_count": Total(mark("entries going out"), lambda row: _one_way("out", row, 1), money=False),
        "out": Total(mark("going out"), lambda row: _one_way("out", row, row["amount"])),
    },
    stated=_stated_fund,
    footed=_always,
)

PERSONAL = Dialect(
    name="wechat.personal",
    platform="wechat",
    holds="bills",
    fields=(
        Field("at", ("交易时间",), instant, required=True),
        Field("other", ("交易对方",), word, required=True),
        Field("goods", ("商品",), word, required=True),
        Field("direction", ("收/支",), word, required=True),
        Field("amount", ("金额(元)",), money, required=True),
        Field("status", ("当前状态",), word, required=True),
    ),
    refused=mark("this is a personal bill, export the merchant's"),
)
