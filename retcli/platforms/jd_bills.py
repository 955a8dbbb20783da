"""JD (京东): settlement in its two layouts, compensations (赔付单), and the personal bill (`docs/formats.md` §2)."""

from typing import Any

from retcli.language import mark
from retcli.platforms.bills import DIRECTION, Values, bill, comment, directed, entries, gone
from retcli.reading.cells import identifier, instant, money, one_of, word, worth
from retcli.reading.dialect import Dialect, Field


def _fee(values: Values) -> dict[str, Any]:
    """The bill of one fee of one product of an order; money of the goods (货款) that goes out is a refund. The older
    layout has a column for the direction, the newer one a sign.
    """
    amount = values["amount"]
    minor = directed(values["direction"], amount) if "direction" in values else amount
    name = values["words"]
    at = next((values[when] for when in _TIMES if values.get(when)), None)
    kind = ("payment" if minor >= 0 else "refund") if name == "货款" else ""
    return bill(values, minor, (name, values.get("class", "")), at=at, category=kind)


_TIMES = ("paid_at", "settled_at", "made_at", "due_at", "done_at", "ordered_at")
"""The times of a fee, of which the first that is known counts."""
_KNOWN_BY = ("order", "refund", "sku", "words", "direction", "document", "made_at", "settled_at")
_FEE = (
    Field("order", ("订单编号",), identifier, required=True),
    Field("sku", ("商品编号",), identifier, required=True),
    Field("words", ("费用名称",), word, required=True, needed=True),
    Field("amount", ("应结金额",), money, required=True, needed=True),
    Field("done_at", ("订单完成时间",), instant),
    Field("ordered_at", ("订单下单时间",), instant),
    Field("trade", ("商户订单号",), identifier),
    Field("remark", ("资金动账备注",), word),
)

SETTLEMENT_A = Dialect(
    name="jd.settle.2026a",
    platform="jd",
    holds="bills",
    fields=(
        *_FEE,
        Field("direction", ("收支方向",), DIRECTION, required=True, needed=True),
        Field("refund", ("售后服务单号",), identifier, required=True),
        Field("currency", ("币种",), one_of({"人民币": "CNY", "CNY": "CNY"})),
        Field("paid_at", ("到账时间",), instant),
        Field("made_at", ("账单生成时间",), instant),
        Field("due_at", ("预计结算时间",), instant),
    ),
    skips=comment,
    row_steps=entries(_fee, lambda row: [row.get(name) for name in _KNOWN_BY]),
)

SETTLEMENT_B = Dialect(
    name="jd.settle.2026b",
    platform="jd",
    holds="bills",
    fields=(
        *_FEE,
        Field("document", ("结算单号",), identifier, required=True),
        Field("class", ("费用分类",), word),
        Field("settled_at", ("结算时间",), instant, required=True),
    ),
    never=("收支方向",),
    skips=comment,
    row_steps=entries(_fee, lambda row: [row.get(name) for name in _KNOWN_BY]),
)


def _amends(values: Values) -> dict[str, Any]:
    """The bill of a compensation (赔付); one that was turned down or waits moved nothing."""
    texts = (values["words"], values["status"])
    return bill(values, gone(values["amount"], values["status"]), texts, category="compensation")


COMPENSATIONS = Dialect(
    name="jd.compensation",
    platform="jd",
    holds="bills",
    fields=(
        Field("number", ("赔付单号",), identifier, required=True, needed=True),
        Field("order", ("关联订单号",), identifier, required=True),
        Field("refund", ("关联服务单号",), identifier),
        Field("at", ("申请时间",), instant, required=True, needed=True),
        Field("amount", ("赔付金额",), worth, required=True, needed=True),
        Field("words", ("赔付原因",), word, required=True),
        Field("status", ("赔付状态",), word, required=True),
    ),
    row_steps=entries(_amends),
)

PERSONAL = Dialect(
    name="jd.personal",
    platform="jd",
    holds="bills",
    fields=(
        Field("at", ("交易时间",), instant, required=True),
        Field("other", ("商户名称",), word, required=True),
        Field("goods", ("交易说明",), word, required=True),
        Field("amount", ("金额",), word, required=True),
        Field("direction", ("收/支",), word, required=True),
        Field("number", ("交易订单号",), word),
    ),
    refused=mark("this is a personal bill, export the merchant's"),
)
