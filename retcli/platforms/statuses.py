"""What a platform's words for the state of an order or a line tell beside its status: whether the goods left the shop,
and whether the money went back. No other module reads such words.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

WHOLE, PART = "whole", "part"
"""All of the money went back, or a part of it."""
SHIPPED = frozenset({"shipped", "done"})
"""Statuses of an order whose goods have left the shop."""
REFUNDED = {
    "退款成功": WHOLE,
    "退款完成": WHOLE,
    "退货退款成功": WHOLE,
    "退货退款完成": WHOLE,
    "同意退款，退款成功": WHOLE,
    "未发货，退款成功": WHOLE,
    "已发货，退款成功": WHOLE,
    "已签收，退款成功": WHOLE,
    "已退款": WHOLE,
    "全部退款": WHOLE,
    "部分退款": PART,
    "部分退款成功": PART,
    "refunded": WHOLE,
    "partially_refunded": PART,
}
"""The words of all platforms for money that went back to the buyer."""
_AWAITS_RECEIPT: Mapping[str, frozenset[str]] = {
    "taobao": frozenset({"买家已经退货，等待卖家确认收货"}),
    "jst": frozenset({"买家已经退货，等待卖家确认收货", "WAIT_SELLER_CONFIRM_GOODS"}),
    "kuaishou": frozenset({"买家已经退货，等待卖家确认收货", "待商家收货", "40"}),
    "douyin": frozenset({"待商家收货", "11"}),
    "wxshop": frozenset(
        {"待商家收货", "MERCHANT_WAIT_RECEIPT", "8", "商家逾期未退款", "MERCHANT_OVERDUE_REFUND", "12"}
    ),
    "xhs": frozenset({"待收货", "待商家收货", "3"}),
}
"""Of a refund whose goods are on their way back: the words and numbers in which a platform waits for the shop to
confirm them, so that no money is under way there.
"""
# within longer words too: platforms put two states into one text (已发货，退款成功)
_LEFT = re.compile(r"已发货|已签收|已收货")
_WENT_BACK = re.compile(r"退款成功|退款完成")


@dataclass(frozen=True)
class Standing:
    """The state of an order or a line by its platform's words: our status ("" for none), whether the goods left the
    shop, and whether ``whole`` or ``part`` of the money went back ("" where the words do not say so).
    """

    status: str = ""
    shipped: bool = False
    refunded: str = ""


def standing(words: str, status: str, refunded: Mapping[str, str] = REFUNDED) -> Standing:
    """The standing by a platform's words, for which our `status` is known; `refunded` are its words for money that went
    back.
    """
    bare = _bare(words)
    back = {_bare(name): code for name, code in refunded.items()}.get(bare, "")
    if not back and _WENT_BACK.search(words):
        back = PART if "部分" in words else WHOLE
    return Standing(status, status in SHIPPED or bool(_LEFT.search(words)), back)


def awaits_receipt(platform: str, words: str) -> bool:
    """Whether a platform's own words for a refund say that it waits for the shop to confirm the goods and pay."""
    return _bare(words) in {_bare(each) for each in _AWAITS_RECEIPT.get(platform, frozenset())}


def _bare(words: str) -> str:
    """Words as they are compared: without punctuation and blanks, in small letters."""
    return "".join(ch for ch in words if ch.isalnum() or ch == "_").casefold()
