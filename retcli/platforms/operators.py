"""Who handled a refund on a platform, by its list: a person of the shop, the platform itself, or nobody named."""

from dataclasses import replace

from retcli.reading.cells import word
from retcli.reading.dialect import Row

AT_ONCE = {"是": "yes", "否": "no"}
"""Whether the platform answered for the shop at once."""
WAYS = {"手工退款": "manual", "系统退款": "system", "系统自动退款": "system", "超时自动退款": "timeout"}
"""Whether a person refunded, the platform by itself, or its clock, since nobody had answered in time."""
_CLOCK = ("超时", "逾期", "到期")
"""Words of the platform for its own deadline, which ran out."""
_PLATFORM = (
    *("系统", "平台", "自动", "智能", "小二", "官方", "客服小二", "抖音客服", "京东客服", "system"),
    *_CLOCK,
)
"""Beginnings of what stands in an operator's column where the platform did it by itself; a shop's account that begins
so has its sub-account behind a colon.
"""
_NO_OPERATOR = frozenset({"买家", "用户", "消费者", "商家", "卖家", "无"})


def operator(cell: str) -> str:
    """The person of the shop that a cell names; nothing where it names the platform, the buyer or just the shop."""
    name = word(cell)
    return "" if name in _NO_OPERATOR or _of_platform(name) else name


def by_itself(cell: str) -> str:
    """``system`` where a cell says that the platform did it by itself, ``timeout`` where it names its deadline that ran
    out, else nothing.
    """
    name = word(cell)
    if not _of_platform(name):
        return ""
    return "timeout" if any(clock in name for clock in _CLOCK) else "system"


def way(cell: str) -> str:
    """How a refund went by a column for that: the usual texts, or the platform's own words for what it did."""
    return WAYS.get(word(cell)) or by_itself(cell)


def told_by_operators(row: Row) -> Row:
    """The way of a refund also by its operators' columns (`_reviewed_as`, `_refunded_as`): its time-out may stand only
    there.
    """
    values = dict(row.values)
    words = [values.pop(name, "") or "" for name in ("_refunded_as", "_reviewed_as")]
    if any(words) and ("timeout" in words or not values.get("way")):
        values["way"] = "timeout" if "timeout" in words else "system"
    return replace(row, values=values)


def _of_platform(name: str) -> bool:
    return name.lower().startswith(_PLATFORM) and ":" not in name and "：" not in name
