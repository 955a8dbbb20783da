"""WeChat shop (微信小店): the statement of the account (`docs/formats.md` §5)."""

from typing import Any

from retcli.platforms.bills import DIRECTION, Values, bill, comment, directed, entries
from retcli.reading.cells import identifier, instant, money, word
from retcli.reading.dialect import Dialect, Field


def _moved(values: Values) -> dict[str, Any]:
    """The bill of a movement of the account."""
    trade = values.get("withdrawal") or values.get("policy", "")
    return bill(values, directed(values["direction"], values["amount"]), (values["words"],), trade=trade)


FUND = Dialect(
    name="wxshop.fund",
    platform="wxshop",
    holds="bills",
    fields=(
        Field("number", ("流水单号",), identifier, required=True, needed=True),
        Field("at", ("记账时间",), instant, required=True, needed=True),
        Field("words", ("动帐类型",), word, required=True, needed=True),
        Field("direction", ("收支类型",), DIRECTION, required=True, needed=True),
        Field("amount", ("收支金额",), money, required=True, needed=True),
        Field("balance", ("账户余额",), money),
        Field("order", ("关联订单号",), identifier),
        Field("refund", ("关联售后单号",), identifier),
        Field("withdrawal", ("关联提现单号",), identifier),
        Field("policy", ("关联保单号",), identifier),
        Field("remark", ("详情",), word),
    ),
    skips=comment,
    row_steps=entries(_moved),
)
