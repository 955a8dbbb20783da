"""Who handled a refund on a platform, by its list: a person of the shop, the platform itself, or nobody named."""

from dataclasses import replace

from retcli.reading.cells import word
from retcli.reading.dialect import Row

AT_ONCE = {"是": "yes", "否": "no"}
"""Words for whether the platform answered for the shop at once (极速退款)."""
WAYS = {
    **{"手工退款": "manual", "系统退款": "system", "系统自动退款": "system", "超时自动退款": "timeout"},
    **{"极速退款": "at_once", "极速退": "at_once", "闪电退款": "at_once"},
}
"""Words for how a refund went: by a person, by the platform itself, or by its clock since nobody answered in time."""
_CLOCK = ("超时", "逾期", "到期")
"""Words of platforms for a deadline of theirs that ran out."""
_PLATFORM = (
    *("系统", "平台", "自动", "智能", "小二", "官方", "客服小二", "抖音客服", "京东客服", "system"),
    *_CLOCK,
)
"""How the operator's column begins where the platform did it by itself."""
_NO_OPERATOR = frozenset({"买家", "用户", "消费者", "商家", "卖家", "无"})


def operator(cell: str) -> str:
    """The person of the shop that a cell names; "" where it names the platform, the buyer, or only the shop."""
    name = word(cell)
    return "" if name in _NO_OPERATOR or _of_platform(name) else name


def by_itself(cell: str) -> str:
    """``system`` where a cell says that the platform did it by itself, ``timeout`` where it names a deadline that ran
    out, else "".
    """
    name = word(cell)
    if not _of_platform(name):
        return ""
    return "timeout" if any(clock in name for clock in _CLOCK) else "system"


def way(cell: str) -> str:
    """How a refund went (``manual``, ``system``, ``timeout``, ``at_once``, "" for unknown), by a column of usual or own
    words.
    """
    return WAYS.get(word(cell)) or by_itself(cell)


def told_by_operators(row: Row) -> Row:
    """The row with its `way` completed from the operators' columns (`_reviewed_as`, `_refunded_as`), since a time-out
    may stand only there; and with what its way says of a refund made at once.
    """
    values = dict(row.values)
    words = [values.pop(name, "") or "" for name in ("_refunded_as", "_reviewed_as")]
    if any(words) and ("timeout" in words or not values.get("way")):
        values["way"] = "timeout" if "timeout" in words else "system"
    if values.get("way") == "at_once":  # kept as the platform's own act, and as one that was made at once
        values |= {"way": "system", "instant": "yes"}
    return replace(row, values=values)


def _of_platform(name: str) -> bool:
    """Whether an operator's name is the platform's own."""
    # a shop's account may begin with the same word (平台旗舰店:小美): its sub-account stands behind a colon
    return name.lower().startswith(_PLATFORM) and ":" not in name and "：" not in name
