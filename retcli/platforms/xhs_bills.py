"""Xiaohongshu (小红书): settlement (`docs/formats.md` §5)."""

from typing import Any

from retcli.platforms.bills import Values, bill, comment, entries, kept
from retcli.reading.cells import identifier, instant, money, word
from retcli.reading.dialect import Dialect, Field

# Columns whose sum is what the platform settles for an order, and those that it keeps of that.
_GROSS = ("商品实付/实退", "运费实付/实退", "平台优惠补贴", "平台运费补贴", "跨境税代缴", "商品税金", "运费税金")
_KEPT = (
    "佣金",
    "支付渠道费",
    "分销佣金",
    "代运营服务商佣金",
    "代开发服务商佣金",
    "花呗分期手续费",
    "国补订单毛保金额",
)


def _settled(values: Values) -> dict[str, Any]:
    """The bill of a settlement of an order or its refund; the columns of its parts give the fee where they add up."""
    net = values["net"]
    gross = sum(values.get(name) or 0 for name in _GROSS)
    fee = kept(net, gross, [values.get(name) or 0 for name in _KEPT]) if gross else None
    words = values["words"]
    refund = "退" in words or "售后" in words or bool(values.get("refund"))
    return bill(values, net - (fee or 0), (words,), category="refund" if refund else "payment", fee=fee)


SETTLEMENT = Dialect(
    name="xhs.settle",
    platform="xhs",
    holds="bills",
    fields=(
        Field("order", ("订单号",), identifier, required=True, needed=True),
        Field("refund", ("售后单号",), identifier),
        Field("at", ("结算时间",), instant, required=True, needed=True),
        Field("words", ("交易类型",), word, required=True),
        Field("net", ("动账金额",), money, required=True, needed=True),
        Field("remark", ("备注",), word),
        *(Field(name, (name,), money) for name in (*_GROSS, *_KEPT)),
    ),
    never=("动账方向",),
    skips=comment,
    row_steps=entries(_settled, lambda row: (row["order"], row.get("refund"), row["at"], row["words"])),
)
