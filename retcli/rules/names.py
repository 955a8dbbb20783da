"""Names of codes that people may type or write (platforms, kinds of cases, rungs of the ladder), and which code a
written word means.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from retcli.language import both, mark
from retcli.rules.shop_words import meant_by, words_of

PLATFORMS = {
    "taobao": mark("Taobao"),
    "pdd": mark("Pinduoduo"),
    "douyin": mark("Douyin"),
    "jd": mark("JD"),
    "kuaishou": mark("Kuaishou"),
    "wxshop": mark("WeChat shop"),
    "xhs": mark("Xiaohongshu"),
    "1688": mark("1688"),
    "youzan": mark("Youzan"),
    "wdt": mark("Wangdiantong"),
    "jst": mark("Jushuitan"),
    "shopify": mark("Shopify"),
    "tiktok": mark("TikTok Shop"),
    "amazon": mark("Amazon"),
    "shopee": mark("Shopee"),
    "lazada": mark("Lazada"),
}
KINDS = {
    "refund-only": mark("refund only"),
    "return": mark("return and refund"),
    "exchange": mark("exchange"),
    "resend": mark("resend"),
    "repair": mark("repair"),
    "allowance": mark("allowance"),
    "inquiry": mark("inquiry"),
}
STEPS = {
    "explain": mark("explanation"),
    "coupon": mark("coupon"),
    "compensation": mark("compensation"),
    "more_time": mark("more time"),
} | KINDS
"""What can be offered to a buyer: rungs of the ladder, then kinds of cases. The rungs come first, since in Chinese the
rung compensation and the kind allowance are one word, and the first that fits is meant.
"""


def spellings(code: str, name: str) -> Iterator[str]:
    """The ways to write a code, made comparable: itself, or its name (a message id) in English or Chinese, with or
    without the code before it.
    """
    yield _comparable(code)
    for shown in both(name):
        yield _comparable(shown)
        yield _comparable(shown.removeprefix(f"{code} "))


def _comparable(written: str) -> str:
    """A written word as words are compared: without blanks around it, case, or a difference of ``_`` and ``-``."""
    return written.strip().casefold().replace("_", "-")


def code_named(written: str, names: Mapping[str, str]) -> str | None:
    """The code that a written word means, out of `names` (code to name); None where it means none of them."""
    if written in names:
        return written
    plain = _comparable(written)
    named = (code for code, name in names.items() if plain in spellings(code, name))
    return next(named, None) or next((code for code in meant_by(plain) if code in names), None)


# asked for each case and each rule, of a few names
@cache
def platform_of(written: str) -> str:
    """The code of a platform by code or name; an unknown name stands for itself: a mapping file may have given it."""
    return code_named(written, PLATFORMS) or written


def nearest(written: str, names: Mapping[str, str], most: int = 3) -> list[str]:
    """The codes of `names`, `most` at most, whose name or shop's word comes nearest to what was written, the nearest
    first; none that shares no character with it.
    """
    # loaded for a mistyped word only: each module costs every start of the program
    from difflib import SequenceMatcher

    plain = _comparable(written)
    near = dict[str, float]()
    for code, name in names.items():
        words = {*spellings(code, name), *words_of(code)}
        near[code] = max(SequenceMatcher(None, plain, word).ratio() for word in words)
    return [code for code in sorted(names, key=lambda code: -near[code])[:most] if near[code] > 0]


def near_platform(written: str) -> str | None:
    """The name of the known platform that comes nearest to a written one; None where none is near."""
    from difflib import get_close_matches

    words = {word for code, name in PLATFORMS.items() for word in (*spellings(code, name), *words_of(code))}
    asked = _comparable(written)
    # of a name of two characters one may be wrong
    return next(iter(get_close_matches(asked, sorted(words), 1, 0.5 if len(asked) <= 2 else 0.6)), None)


_AND = re.compile(r"以及|还有|[\s,，、;；。+/&和与跟及]+")
_KIND_OF_PLACE = re.compile(r"(?:平台|店铺|网店|小店|商城|商家|后台|店|网)$")


def platforms_in(text: str) -> dict[str, str]:
    """What a person wrote as a list of platforms: each word with the code that it means, "" for one that means none; a
    number counts the known platforms from 1.
    """
    codes = list(PLATFORMS)
    meant = {}
    for word in filter(None, _AND.split(text)):
        if word.isascii() and word.isdigit() and 0 < int(word) <= len(codes):
            meant[word] = codes[int(word) - 1]
        else:
            known = (platform_of(form) for form in (word, _KIND_OF_PLACE.sub("", word)))
            meant[word] = next((code for code in known if code in PLATFORMS), "")
    return meant
