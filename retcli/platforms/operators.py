"""Who handled a refund on a platform, by its list: a person of the shop, the platform itself, or nobody named."""

from retcli.reading.cells import word

AT_ONCE = {"是": "yes", "否": "no"}
"""Whether the platform answered for the shop at once."""
_PLATFORM = ("系统", "平台", "自动", "智能", "小二", "官方", "客服小二", "抖音客服", "京东客服", "system")
"""Beginnings of what stands in an operator's column where the platform did it by itself; a shop's account that begins
so has its sub-account behind a colon.
"""
_NO_OPERATOR = frozenset({"买家", "用户", "消费者", "商家", "卖家", "无"})


def operator(cell: str) -> str:
    """The person of the shop that a cell names; nothing where it names the platform, the buyer or just the shop."""
    name = word(cell)
    return "" if name in _NO_OPERATOR or _of_platform(name) else name


def by_itself(cell: str) -> str:
    """``system`` where a cell says that the platform did it by itself, else nothing."""
    return "system" if _of_platform(word(cell)) else ""


def _of_platform(name: str) -> bool:
    return name.lower().startswith(_PLATFORM) and ":" not in name and "：" not in name
