"""Taobao and Tmall: the bill of payments by WeChat, in its two layouts, and the settlement of promoters (淘宝客;
`docs/formats.md` §1.4 and §1.5).
"""

from typing import Any

from retcli.platforms.bills import IN_AND_OUT, Values, bill, comment, entries, in_and_out, in_or_out
from retcli.reading.cells import identifier, instant, money, word, worth
from retcli.reading.dialect import Dialect, Field


def _at(values: Values) -> str | None:
    """The instant of an entry as ISO text in UTC, None for none. The older layout has a column for the day, but some of
    its files hold the whole instant in that of the time.
    """
    day, time = values.get("day", ""), values["time"]
    without_day = ":" in time and len(time) <= len("00:00:00")
    return instant(f"{day} {time}" if day and without_day else time or day)


def _entry(values: Values) -> dict[str, Any]:
    """The bill of a movement."""
    minor = in_or_out(values["income"], values["outgo"])
    return bill(values, minor, (values["words"], values.get("description", "")), at=_at(values))


WECHAT = Dialect(
    name="taobao.wechat_bill",
    platform="taobao",
    holds="bills",
    fields=(
        Field("trade", ("支付流水号",), identifier, required=True, needed=True),
        Field("order", ("主订单id", "淘宝订单编号"), identifier, required=True),
        Field("line", ("子订单id",), identifier),
        Field("day", ("入账日期",), word),
        Field("time", ("入账时间",), word, required=True, needed=True),
        Field("words", ("入账类型",), word, required=True),
        Field("income", ("收入金额（元）",), money, required=True),
        Field("outgo", ("支出金额（元）", "支出金额"), money, required=True),
        Field("description", ("业务描述",), word),
        Field("remark", ("备注",), word),
        Field("shop_name", ("商家昵称",), word),
    ),
    skips=comment,
    row_steps=entries(
        _entry,
        lambda row: (row["trade"], row.get("line") or row["order"], row["words"], row.get("description"), _at(row)),
    ),
    totals=IN_AND_OUT,
    stated=in_and_out,
)


def _promotion(values: Values) -> dict[str, Any]:
    """The bill of what a line of an order cost in commission and service fee, when it left the account."""
    minor = -values["commission"] - (values["service"] or 0)
    texts = (_PROMOTION, values.get("plan", ""))
    return bill(values, minor, texts, category="commission")


_PROMOTION = "淘宝客"

PROMOTION = Dialect(
    name="taobao.promotion",
    platform="taobao",
    holds="bills",
    fields=(
        Field("order", ("淘宝父订单编号",), identifier, required=True, needed=True),
        Field("line", ("淘宝子订单编号",), identifier, required=True, needed=True),
        Field("at", ("账户支出时间",), instant, required=True, needed=True),
        Field("plan", ("计划名称",), word),
        Field("commission", ("佣金",), worth, required=True, needed=True),
        Field("service", ("服务费金额",), worth, required=True),
        Field("source", ("来源或淘客昵称",), word),
        Field("remark", ("备注",), word),
    ),
    row_steps=entries(_promotion, lambda row: (row["order"], row["line"], row["at"], row.get("source"))),
)
