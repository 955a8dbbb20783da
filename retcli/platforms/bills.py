"""What all statements share: the row of a bill, the category that its text tells, its sign, the order it is about.

A row of a bill is one movement at a channel. `minor` is what moved for its purpose, and `fee` what the channel kept or
gave back along with it, so that the account changes by `minor` + `fee`; both are signed minor units, + in and − out.
Statements where every fee has a row of its own have no `fee`. `number` is the entry's own id; a layout without one gets
a number made of what never changes about an entry (`entries`).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from retcli.language import mark
from retcli.reading.cells import Unreadable, one_of, plain
from retcli.reading.dialect import Cells, Fault, Row, RowSteps, Total
from retcli.rules.money.minor_units import parse

Values = Mapping[str, Any]

PHRASES = (
    ("退款关闭", "refund_returned"),
    ("退款失败", "refund_returned"),
    ("小额打款", "small_payment"),
    ("保证金", "deposit"),
    ("运费险", "insurance"),
    ("退货包运费", "insurance"),
    ("保险", "insurance"),
    ("保费", "insurance"),
    ("赔付", "compensation"),
    ("赔偿", "compensation"),
    ("补偿", "compensation"),
    ("超时红包", "compensation"),
    ("佣金", "commission"),
    ("淘宝客", "commission"),
    ("站外推广费", "commission"),
    ("退分账", "fee_returned"),
    ("退还交易手续费", "fee_returned"),
    ("手续费", "fee"),
    ("服务费", "fee"),
    ("收费", "fee"),
    ("提现", "withdrawal"),
    ("退款", "refund"),
    ("转账", "transfer"),
    ("在线支付", "payment"),
    ("订单支付", "payment"),
    ("订单收入", "payment"),
    ("交易收入", "payment"),
    ("交易付款", "payment"),
    ("货款", "payment"),
    ("结算", "payment"),
    ("交易", "payment"),
)
"""Phrases of a statement's text, tried from the top, the specific before the general (`docs/rules.md` §2.2 and §8.1):
money that goes to a buyer out of the deposit is ``deposit``, whatever it is for; a transfer may be a small payment.
"""
DIRECTIONS = {
    "收入": "in",
    "入账": "in",
    "收": "in",
    "转入": "in",
    "支出": "out",
    "出账": "out",
    "支": "out",
    "转出": "out",
}
"""Which way money went."""
DIRECTION = one_of(DIRECTIONS)


def category(texts: Iterable[str], minor: int) -> str:
    """What kind of movement the texts tell; a fee that comes in was given back."""
    whole = " ".join(text for text in texts if text)
    movement = next((code for phrase, code in PHRASES if phrase in whole), "other")
    return "fee_returned" if movement == "fee" and minor > 0 else movement


def in_or_out(income: int | None, outgo: int | None) -> int:
    """The signed amount of two columns; what goes out is written with a minus or without. Raises Unreadable where both
    are filled, or neither.
    """
    if income is None and outgo is None:
        raise Unreadable(mark("neither comes in nor goes out"))
    if income and outgo:
        raise Unreadable(mark("comes in and goes out in one row"))
    return (income or 0) - abs(outgo or 0)


def directed(direction: str, amount: int) -> int:
    """The signed amount of a column beside one that says which way. Raises Unreadable where that one is empty."""
    if not direction:
        raise Unreadable(mark("neither comes in nor goes out"))
    return abs(amount) if direction == "in" else -abs(amount)


def moved(values: Values) -> dict[str, Any]:
    """The bill of a row that was read in our words alone: an amount beside a direction, an amount with its sign, or a
    column for each way. Raises Unreadable where nothing is said to have moved.
    """
    if "direction" in values:
        minor = directed(values["direction"], values.get("amount") or 0)
    elif values.get("amount") is not None:
        minor = values["amount"]
    else:
        minor = in_or_out(values.get("income"), values.get("outgo"))
    return bill(values, minor, (values.get("words", ""),), fee=values.get("fee"))


def unnumbered(values: Values) -> tuple[Any, ...]:
    """What tells a row apart that has no number: everything that it says of the movement."""
    return tuple(values.get(name) for name in _MOVEMENT)


_MOVEMENT = ("at", "order", "refund", "trade", "words", "direction", "amount", "income", "outgo")


def kept(net: int, gross: int, parts: Iterable[int]) -> int | None:
    """The fee inside a net amount: what was kept of the gross one, where the parts explain the difference exactly,
    whichever sign they are written with; None where they do not.
    """
    taken = sum(parts)
    return next((fee for fee in (taken, -taken) if gross + fee == net), None)


_AS_READ = ("number", "order", "refund", "trade", "at", "currency", "balance", "remark", "shop_name")


def gone(amount: int, status: str) -> int:
    """What went out by an entry with a status: nothing while that says that it did not, or that it came back."""
    return 0 if any(sign in status for sign in _NOT_MOVED) else -amount


_NOT_MOVED = ("失败", "取消", "未", "待", "退", "驳回", "关闭", "拒")


def bill(values: Values, minor: int, texts: Sequence[str], **words: Any) -> dict[str, Any]:
    """The row of a bill: what its columns say under our words, and what was worked out beside (`words`)."""
    unsaid = {
        "number": "",
        "order": "",
        "refund": "",
        "trade": "",
        "at": None,
        "words": " ".join(text for text in texts if text),
        "category": "",
        "minor": minor,
        "currency": "CNY",
        "fee": None,
        "balance": None,
        "remark": "",
        "shop_name": "",
    }
    row = unsaid | {name: values[name] for name in _AS_READ if values.get(name) not in {None, ""}} | words
    row["category"] = row["category"] or category((*texts, row["remark"]), minor)
    return row


def entries(
    understood: Callable[[Values], dict[str, Any]], made: Callable[[Values], Iterable[Any]] | None = None
) -> RowSteps:
    """Each row as the bill it means. `made` names what a layout without an entry's own id is known by: of equal ones
    the second is ``…#2``, by their place, since a statement lists whole seconds or none.
    """

    def stepped(rows: Iterable[Row | Fault]) -> Iterator[Row | Fault]:
        seen: Counter[str] = Counter()
        for row in rows:
            if isinstance(row, Fault):
                yield row
                continue
            try:
                entry = understood(row.values)
            except Unreadable as wrong:
                yield Fault(row.number, "", "", str(wrong), row.values.get("order", ""))
                continue
            if made:
                entry["number"] = _nth(seen, "/".join(str(part or "") for part in made(row.values)))
            yield Row(row.number, entry)

    return stepped


def _nth(seen: Counter[str], name: str) -> str:
    seen[name] += 1
    return name if seen[name] == 1 else f"{name}#{seen[name]}"


IN_AND_OUT = {
    "in_count": Total(mark("entries coming in"), lambda row: int(bool(row["income"])), money=False),
    "in": Total(mark("coming in"), lambda row: row["income"] or 0),
    "out_count": Total(mark("entries going out"), lambda row: int(bool(row["outgo"])), money=False),
    "out": Total(mark("going out"), lambda row: abs(row["outgo"] or 0)),
}
"""The totals under a statement that has a column for each way."""
_TOTAL = re.compile(r"#?(收入|支出)合计[：:]\s*(\d+)笔[，,]?共?\s*([+-]?[\d.,]+)元")


def comment(cells: Cells) -> bool:
    """Whether a record is what stands under the entries of a statement: it begins with ``#``, dashes or a sum's name,
    and has fewer values than any entry.
    """
    return cells[0].strip().startswith(("#", "---", "总计", "合计")) and len(bare_values(cells)) <= _COMMENT_AT_MOST


_COMMENT_AT_MOST = 4


def in_and_out(cells: Cells) -> dict[str, int]:
    """What ``#收入合计：18笔，共14989.00元`` or ``#支出合计：3485笔-59276.09元`` states."""
    total = _TOTAL.match("".join(cells).strip())
    if not total:
        return {}
    way = "in" if total[1] == "收入" else "out"
    return {f"{way}_count": int(total[2]), way: abs(parse(total[3]))}


def framed(above: Sequence[Cells]) -> bool:
    """Whether a line above the header opens the list of entries, as ``#-----账务明细列表-----``: then totals end it."""
    return any("--" in cells[0] and "列表" in cells[0] for cells in above if cells)


def bare_values(cells: Cells) -> list[str]:
    """The filled cells of a record, without what is wrapped around them."""
    return [value for cell in cells if (value := plain(cell))]
