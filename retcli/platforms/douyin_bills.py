"""Douyin shop (抖店): settlement, fund statement, insurance, small payments (`docs/formats.md` §4)."""

from typing import Any

from retcli.language import mark
from retcli.platforms.bills import DIRECTION, Values, bill, directed, entries, gone, kept
from retcli.reading.cells import Unreadable, identifier, instant, money, word, worth
from retcli.reading.dialect import Cells, Dialect, Field, explains


def explanation(cells: Cells) -> bool:
    """Whether a record is the row below the header that explains how the columns are computed."""
    return explains(cells) and any("收入+支出" in cell.replace("＋", "+") for cell in cells)


def _settled(values: Values) -> dict[str, Any]:
    """The bill of a sub-order's settlement: income is the amount, outgo the fee. Raises Unreadable where the two do not
    make what was settled.
    """
    net, income, outgo = values["net"], values.get("income"), values.get("outgo")
    fee = None
    if income is not None and outgo is not None:
        fee = kept(net, income, [outgo])
        if fee is None:
            raise Unreadable(mark("income and outgo do not make the amount settled"))
    kind = values["words"]
    return bill(values, net - (fee or 0), (kind,), category="refund" if "退款" in kind else "payment", fee=fee)


SETTLEMENT = Dialect(
    name="douyin.settle",
    platform="douyin",
    holds="bills",
    fields=(
        Field("at", ("结算时间",), instant, required=True, needed=True),
        Field("order", ("订单号",), identifier, required=True, needed=True),
        Field("line", ("子订单号",), identifier, required=True),
        Field("net", ("结算金额",), money, required=True, needed=True),
        Field("words", ("结算单类型",), word, required=True),
        Field("income", ("收入合计",), money),
        Field("outgo", ("支出合计",), money),
        Field("remark", ("备注",), word),
    ),
    skips=explanation,
    row_steps=entries(_settled, lambda row: (row["order"], row["line"], row["at"], row["words"])),
)

# Columns whose sum is what the platform settles for an order, and those that it keeps of that.
_GROSS = (
    "订单实付应结",
    "运费实付",
    "实际平台补贴_运费",
    "实际平台补贴",
    "其他平台补贴",
    "以旧换新抵扣",
    "政府补贴平台垫资",
    "实际达人补贴",
    "实际抖音支付补贴",
    "实际抖音月付营销补贴",
    "银行补贴",
    "订单退款",
)
_KEPT = ("平台服务费", "佣金", "服务商佣金", "渠道分成", "招商服务费", "站外推广费", "其他分成")


def _moved(values: Values) -> dict[str, Any]:
    """The bill of a movement; where it is an order's money less fees, the columns of its parts give the fee."""
    net = directed(values["direction"], values["amount"])
    gross = sum(values.get(name) or 0 for name in _GROSS)
    fee = kept(net, gross, [values.get(name) or 0 for name in _KEPT]) if gross else None
    return bill(values, net - (fee or 0), (values.get("words", ""), values.get("basis", "")), fee=fee)


FUND = Dialect(
    name="douyin.fund",
    platform="douyin",
    holds="bills",
    fields=(
        Field("number", ("动帐流水号",), identifier, required=True, needed=True),
        Field("at", ("动账时间",), instant, required=True, needed=True),
        Field("direction", ("动账方向",), DIRECTION, required=True, needed=True),
        Field("amount", ("动账金额",), money, required=True, needed=True),
        Field("words", ("动账场景",), word, required=True),
        Field("basis", ("计费类型",), word),
        Field("order", ("订单号",), identifier),
        Field("refund", ("售后编号",), identifier),
        Field("remark", ("备注",), word),
        *(Field(name, (name,), money) for name in (*_GROSS, *_KEPT)),
    ),
    skips=explanation,
    row_steps=entries(_moved),
)


def _insured(values: Values) -> dict[str, Any]:
    """The bill of an insurance premium; one that was not taken, or came back, moved nothing."""
    at = values.get("moved_at") or values["insured_at"]
    texts = (values.get("words", ""), values["status"])
    return bill(values, gone(values["amount"], values["status"]), texts, at=at, category="insurance")


INSURANCE = Dialect(
    name="douyin.insurance",
    platform="douyin",
    holds="bills",
    fields=(
        Field("number", ("投保单号",), identifier, required=True, needed=True),
        Field("order", ("订单编号",), identifier, required=True),
        Field("insured_at", ("承保时间",), instant, required=True, needed=True),
        Field("moved_at", ("动账时间",), instant),
        Field("words", ("保险名称",), word),
        Field("amount", ("支付保费",), worth, required=True, needed=True),
        Field("status", ("保费状态",), word, required=True),
        Field("trade", ("动账流水号",), identifier),
        Field("remark", ("备注",), word),
    ),
    skips=explanation,
    row_steps=entries(_insured),
)


def _paid(values: Values) -> dict[str, Any]:
    """The bill of a small payment (小额打款); one that did not go, or came back, moved nothing."""
    at = values.get("arrived_at") or values["asked_at"]
    texts = (values.get("words", ""), values.get("status", ""))
    return bill(values, gone(values["amount"], values.get("status", "")), texts, at=at, category="small_payment")


SMALL_PAYMENTS = Dialect(
    name="douyin.small_payment",
    platform="douyin",
    holds="bills",
    fields=(
        Field("number", ("支付流水号",), identifier, required=True, needed=True),
        Field("order", ("订单编号",), identifier, required=True, needed=True),
        Field("words", ("打款类型",), word),
        Field("amount", ("打款金额",), worth, required=True, needed=True),
        Field("asked_at", ("打款申请时间",), instant, required=True, needed=True),
        Field("arrived_at", ("打款到账时间",), instant),
        Field("status", ("打款状态",), word, required=True),
        Field("remark", ("打款备注",), word),
    ),
    row_steps=entries(_paid),
)
