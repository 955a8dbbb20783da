"""Pinduoduo (拼多多): a shop's account (货款明细) and its small payments (小额打款) (`docs/formats.md` §3)."""

import re
from typing import Any

from retcli.platforms.bills import IN_AND_OUT, Values, bill, comment, entries, framed, gone, in_and_out, in_or_out
from retcli.reading.cells import identifier, instant, money, word, worth
from retcli.reading.dialect import Dialect, Field

_ORDER = re.compile(r"\d{6}-\d{15}")


def _order(number: str) -> str:
    """A document's number where it has the shape of an order's; else ""."""
    return number if _ORDER.fullmatch(number) else ""


def _entry(values: Values) -> dict[str, Any]:
    """The bill of a movement; its purpose stands behind a code, as in ``0020002|交易退款-订单退款``."""
    minor = in_or_out(values["income"], values["outgo"])
    texts = (values.get("words", ""), values.get("description", ""))
    return bill(values, minor, texts, order=_order(values["document"]), trade=values["document"])


ACCOUNT = Dialect(
    name="pdd.settle",
    platform="pdd",
    holds="bills",
    fields=(
        Field("document", ("商户订单号",), identifier, required=True),
        Field("at", ("发生时间",), instant, required=True, needed=True),
        Field("income", ("收入金额（+元）",), money, required=True),
        Field("outgo", ("支出金额（-元）",), money, required=True),
        Field("words", ("账务类型",), word, required=True),
        Field("remark", ("备注",), word),
        Field("description", ("业务描述",), word),
    ),
    never=("账务流水号", "支付宝流水号"),
    skips=comment,
    row_steps=entries(_entry, lambda row: (row["document"], row["at"], row.get("description") or row["words"])),
    totals=IN_AND_OUT,
    stated=in_and_out,
    footed=framed,
)


def _paid(values: Values) -> dict[str, Any]:
    """The bill of a small payment (小额打款), which goes out of the shop's account; one that was refused or waits moved
    nothing.
    """
    texts = (values["words"], values["status"])
    return bill(values, gone(values["amount"], values["status"]), texts, category="small_payment")


SMALL_PAYMENTS = Dialect(
    name="pdd.small_payment",
    platform="pdd",
    holds="bills",
    fields=(
        Field("order", ("订单号",), identifier, required=True, needed=True),
        Field("words", ("扣款原因",), word, required=True),
        Field("at", ("申请时间",), instant, required=True, needed=True),
        Field("amount", ("申请扣款金额",), worth, required=True, needed=True),
        Field("status", ("打款状态",), word, required=True),
    ),
    skips=comment,
    row_steps=entries(_paid, lambda row: (row["order"], row["at"])),
)
