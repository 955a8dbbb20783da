"""What the statements of all channels and platforms share: the row of a bill, its category, its sign, its order.

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
"""Words for the direction of money, seen from the shop's account."""
DIRECTION = one_of(DIRECTIONS)


def category(texts: Iterable[str], minor: int) -> str:
    """The category of a movement by the first of `PHRASES` in its texts, ``other`` for none; a fee that comes in
    (`minor` above 0) was given back.
    """
    whole = " ".join(text for text in texts if text)
    movement = next((code for phrase, code in PHRASES if phrase in whole), "other")
    return "fee_returned" if movement == "fee" and minor > 0 else movement


def in_or_out(income: int | None, outgo: int | None) -> int:
    """The signed amount of a column for what comes in and one for what goes out, which may be written with a minus or
    without. Raises Unreadable where both are filled, or neither.
    """
    if income is None and outgo is None:
        raise Unreadable(mark("neither comes in nor goes out"))
    if income and outgo:
        raise Unreadable(mark("comes in and goes out in one row"))
    return (income or 0) - abs(outgo or 0)


def directed(direction: str, amount: int) -> int:
    """The signed amount of a column beside one for the direction. Raises Unreadable where that one is empty."""
    if not direction:
        raise Unreadable(mark("neither comes in nor goes out"))
    return abs(amount) if direction == "in" else -abs(amount)


def moved(values: Values) -> dict[str, Any]:
    """The bill of a row of a mapping file: an amount beside a direction, an amount with its sign, or a column for each
    direction. Raises Unreadable where nothing is said to have moved.
    """
    if "direction" in values:
        minor = directed(values["direction"], values.get("amount") or 0)
    elif values.get("amount") is not None:
        minor = values["amount"]
    else:
        minor = in_or_out(values.get("income"), values.get("outgo"))
    return bill(values, minor, (values.get("words", ""),), fee=values.get("fee"))


def unnumbered(values: Values) -> tuple[Any, ...]:
    """What a row without a number is known by: everything that it says of the movement."""
    return tuple(values.get(name) for name in _MOVEMENT)


_MOVEMENT = ("at", "order", "refund", "trade", "words", "direction", "amount", "income", "outgo")


def kept(net: int, gross: int, parts: Iterable[int]) -> int | None:
    """The fee (signed minor units) between a gross and a net amount: the sum of its `parts` where that is exactly the
    difference; None where it is not.
    """
    taken = sum(parts)
    # layouts write what they kept with a minus or without
    return next((fee for fee in (taken, -taken) if gross + fee == net), None)


# what a bill takes over from its columns as it was read
_AS_READ = ("number", "order", "refund", "trade", "at", "currency", "balance", "remark", "shop_name")


def gone(amount: int, status: str) -> int:
    """What went out by an entry (minor units, negative), 0 where its status says that it did not go or came back."""
    return 0 if any(sign in status for sign in _NOT_MOVED) else -amount


_NOT_MOVED = ("失败", "取消", "未", "待", "退", "驳回", "关闭", "拒")
"""Parts of a status by which an entry did not go or came back, such as 未到账, 待打款, 已退回."""


def bill(values: Values, minor: int, texts: Sequence[str], **words: Any) -> dict[str, Any]:
    """The row of a bill: its columns under our words, completed by what was worked out of them (`words`). `minor` is
    the signed amount, `texts` tell its category where `words` do not.
    """
    defaults = {
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
    row = defaults | {name: values[name] for name in _AS_READ if values.get(name) not in {None, ""}} | words
    row["category"] = row["category"] or category((*texts, row["remark"]), minor)
    return row


def entries(
    understood: Callable[[Values], dict[str, Any]], known_by: Callable[[Values], Iterable[Any]] | None = None
) -> RowSteps:
    """A row step that makes of each row the bill it means (`understood`); a row that raises Unreadable becomes a fault.
    In a layout without an id of its own an entry is numbered by what it is `known_by`, the second of equal ones as
    ``…#2``.
    """
    # Two equal entries within one second are two movements. They are told apart by their place alone, so that a file
    # that is imported again gives the same numbers.

    def stepped(rows: Iterable[Row | Fault]) -> Iterator[Row | Fault]:
        """The rows as bills."""
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
            if known_by:
                entry["number"] = _nth(seen, "/".join(str(part or "") for part in known_by(row.values)))
            yield Row(row.number, entry)

    return stepped


def _nth(seen: Counter[str], name: str) -> str:
    """A name, from its second use on with its count: ``…#2``."""
    seen[name] += 1
    return name if seen[name] == 1 else f"{name}#{seen[name]}"


IN_AND_OUT = {
    "in_count": Total(mark("entries coming in"), lambda row: int(bool(row["income"])), money=False),
    "in": Total(mark("coming in"), lambda row: row["income"] or 0),
    "out_count": Total(mark("entries going out"), lambda row: int(bool(row["outgo"])), money=False),
    "out": Total(mark("going out"), lambda row: abs(row["outgo"] or 0)),
}
"""The totals of a statement that has one column for what comes in and one for what goes out."""
_TOTAL = re.compile(r"#?(收入|支出)合计[：:]\s*(\d+)笔[，,]?共?\s*([+-]?[\d.,]+)元")


def comment(cells: Cells) -> bool:
    """Whether a record is a comment below the entries of a statement: it begins with ``#``, dashes or a total's name,
    and has fewer values than any entry.
    """
    return cells[0].strip().startswith(("#", "---", "总计", "合计")) and len(bare_values(cells)) <= _COMMENT_AT_MOST


_COMMENT_AT_MOST = 4
"""Values that a comment has at most: any entry has more, so that none is passed over."""


def in_and_out(cells: Cells) -> dict[str, int]:
    """The totals of a line such as ``#收入合计：18笔，共14989.00元`` or ``#支出合计：3485笔-59276.09元``; none of any
    other.
    """
    total = _TOTAL.match("".join(cells).strip())
    if not total:
        return {}
    way = "in" if total[1] == "收入" else "out"
    return {f"{way}_count": int(total[2]), way: abs(parse(total[3]))}


def framed(above: Sequence[Cells]) -> bool:
    """Whether a line above the header opens the list of entries (``#-----账务明细列表-----``): then totals end the
    file.
    """
    return any("--" in cells[0] and "列表" in cells[0] for cells in above if cells)


def bare_values(cells: Cells) -> list[str]:
    """The filled cells of a record, without what exports wrap around them."""
    return [value for cell in cells if (value := plain(cell))]
