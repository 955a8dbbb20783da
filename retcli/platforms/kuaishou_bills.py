"""Kuaishou shop (快手小店): settlement and the statement of the account (`docs/formats.md` §5)."""

from typing import Any

from retcli.platforms.bills import DIRECTION, Values, bill, comment, directed, entries
from retcli.reading.cells import identifier, instant, money, word
from retcli.reading.dialect import Dialect, Field


def _settled(values: Values) -> dict[str, Any]:
    """The bill of an order's settlement: what was kept is the fee, what was settled and kept together the amount. It is
    a refund where one is noted and nothing but it is left.
    """
    fee = -abs(values.get("outgo") or 0)
    minor = values["net"] - fee
    refund = bool(values.get("refunded")) and minor <= 0
    return bill(values, minor, (values.get("rule", ""),), category="refund" if refund else "payment", fee=fee)


SETTLEMENT = Dialect(
    name="kuaishou.settle",
    platform="kuaishou",
    holds="bills",
    fields=(
        Field("order", ("订单号",), identifier, required=True, needed=True),
        Field("sku", ("商品ID",), identifier),
        Field("refunded", ("订单退款(元)",), money, required=True),
        Field("outgo", ("合计支出(元)",), money, required=True),
        Field("net", ("实际结算金额(元)",), money, required=True, needed=True),
        Field("at", ("实际结算时间",), instant, required=True, needed=True),
        Field("rule", ("结算规则",), word),
        Field("trade", ("结算商户号",), identifier),
        Field("remark", ("备注",), word),
    ),
    skips=comment,
    row_steps=entries(_settled, lambda row: (row["order"], row.get("sku"), row["at"])),
)


def _moved(values: Values) -> dict[str, Any]:
    """The bill of a movement of the account."""
    minor = directed(values["direction"], values["amount"])
    return bill(values, minor, (values["words"], values.get("description", "")))


FUND = Dialect(
    name="kuaishou.fund",
    platform="kuaishou",
    holds="bills",
    fields=(
        Field("number", ("账务流水号",), identifier, required=True, needed=True),
        Field("order", ("关联业务单号",), identifier, required=True),
        Field("at", ("入账时间",), instant, required=True, needed=True),
        Field("direction", ("账务方向",), DIRECTION, required=True, needed=True),
        Field("amount", ("发生额（元）",), money, required=True, needed=True),
        Field("balance", ("期末余额（元）",), money),
        Field("words", ("业务类型",), word, required=True),
        Field("description", ("描述",), word),
        Field("remark", ("备注",), word),
    ),
    skips=comment,
    row_steps=entries(_moved),
)
