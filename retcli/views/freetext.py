"""Hides in free text what a person is reached or known by: telephone and identity numbers, accounts, addresses, and the
names of the buyer and receiver of an order.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from retcli.rules.telephones import ABROAD, ENDED, GAP, HOTLINE, LANDLINE, MOBILE, NOT_IN_A_NUMBER, apart
from retcli.rules.warehouse.ids import carriers_letters

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x2007: 0x20, 0xA0: 0x20}
"""Full-width characters and odd blanks to plain ones, one for one, so that places in a text stay the same."""
_MASKED = "****"
_SPOKEN = {"0": "〇○零", "1": "一幺壹", "2": "二贰", "3": "三叁", "4": "四肆", "5": "五伍", "6": "六陆", "7": "七柒",
           "8": "八捌", "9": "九玖"}  # fmt: skip
"""Chinese characters for digits, in which numbers are spelled out."""
_DIGIT_OF = {ord(sign): digit for digit, signs in _SPOKEN.items() for sign in signs}
_SPELLED = "".join(_SPOKEN.values())
_ANY = {digit: f"[{digit}{signs}]" for digit, signs in _SPOKEN.items()}
_SPOKEN_MOBILE = re.compile(
    rf"{NOT_IN_A_NUMBER}{_ANY['1']}{GAP}[3-9{''.join(_SPOKEN[digit] for digit in '3456789')}]"
    rf"{apart(9, f'[0-9{_SPELLED}]')}{ENDED}"
)
_SPELLED_OUT = 3
"""Chinese characters that a number must have to count as spelled out: with fewer it may be a part of an id."""
# eighteen digits of an identity card: region, birthday in this or the last century, number, check sign
_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])[1-8](?:[ \-]?[0-9]){5}[ \-]?(?:1[ \-]?9|2[ \-]?0)(?:[ \-]?[0-9]){2}"
    r"[ \-]?(?:0[ \-]?[1-9]|1[ \-]?[0-2])[ \-]?(?:0[ \-]?[1-9]|[12][ \-]?[0-9]|3[ \-]?[01])"
    r"(?:[ \-]?[0-9]){3}[ \-]?[0-9Xx](?![0-9A-Za-z])"
)
_MAIL = re.compile(r"[A-Za-z0-9._%+\-]+\s?@\s?[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")
_IS = r"(?:\s|[:=,(\"'#]|号码|号|是|为|加|搜|叫|id|：|，|（)*"
# by the word before it, in all its spellings (薇信, v信); wxshop is a platform's code of ours and no account
_CHAT = re.compile(
    rf"(?:微\s?信|薇\s?信|威信|维信|徽信|v\s?信|wei\s?xin|we\s?chat|(?<![A-Za-z])(?:vx|wx|v(?=\s*[:=])|qq|扣扣))(?!shop){_IS}"
    r"([A-Za-z0-9][A-Za-z0-9_\-]{4,29})",
    re.IGNORECASE,
)
_CHAT_ID = re.compile(r"(?<![A-Za-z0-9])wxid_[A-Za-z0-9_\-]+", re.IGNORECASE)
_PAPER = re.compile(
    r"(?:身份证|证件|护照|通行证|银行卡|卡号|支付宝|账户|帐户|账号|帐号|passport|alipay)"
    rf"{_IS}([A-Za-z0-9][A-Za-z0-9 \-]{{4,28}}[A-Za-z0-9])",
    re.IGNORECASE,
)

_ROOM_SIGNS = f"0-9{_SPELLED}十百"
_ROOMS = (
    rf"(?:[\s\-－—#之]{{0,2}}(?:[{_ROOM_SIGNS}A-Z]{{1,6}}\s?(?:号楼|号院|号|栋|幢|座|单元|室|楼|层|弄)"
    r"|[0-9]{1,4}[A-Z]?(?![0-9A-Z.:%件个元块天日月年时点分次条套双箱包份张/]|-[0-9])))*"
)
"""House, entrance and room after a street: words for them with their numbers, and a bare number that counts nothing (3
件 is a count).
"""

_AT_HOME = re.compile(
    r"(?:[^\W\d_a-z]{2,8}?(?:路|街|大道|道|巷|弄|胡同|村)\s?[0-9]+\s?(?:号|弄|巷)"
    r"|[0-9]+\s?(?:号楼|栋|幢|座|单元)(?=\s?[0-9]))"
    r"(?:[^，。,;；\n]{0,20}?[0-9]+\s?(?:号楼|栋|幢|座|单元|室|楼|层))*" + _ROOMS,
    re.IGNORECASE,
)


def _ends_shown(text: str) -> str:
    """A telephone number without its middle: its first three and its last four digits."""
    digits = re.sub(r"\D", "", text.translate(_DIGIT_OF))
    digits = digits.removeprefix("00").removeprefix("86") if len(digits) > 11 else digits
    return f"{digits[:3]}{_MASKED}{digits[-4:]}"


_FORMS: Sequence[tuple[re.Pattern[str], Callable[[str], str]]] = (
    (_MAIL, lambda text: f"{text[0]}***@***"),
    (_CHAT_ID, lambda _text: f"wxid_{_MASKED}"),
    (_IDENTITY, lambda text: f"{text[:3]}{_MASKED}"),
    (MOBILE, _ends_shown),
    (LANDLINE, lambda _text: f"0{_MASKED}"),
    (HOTLINE, _ends_shown),
    (ABROAD, lambda _text: f"+{_MASKED}"),
    (_CHAT, lambda text: f"{text[0]}{_MASKED}"),
    (_PAPER, lambda text: f"{text[0]}{_MASKED}"),
    (_AT_HOME, lambda _text: "…"),
)
"""The forms of what a person is reached or known by, and what is left of each. Identity numbers come before telephone
numbers, which would be found inside them. Of accounts (`_CHAT`, `_PAPER`) the word before the number stays.
"""

_WORTH_A_LOOK = re.compile(r"[0-9０-９@＠微薇威维徽扣vwqｖｗｑＶＷＱ证护通卡支账帐]|alipay|passport", re.IGNORECASE)
"""Characters of which every form has at least one: most texts, such as titles of goods, have none and are done with."""


@lru_cache(maxsize=2_000)  # the same titles and words stand in case after case
def numbers(text: str) -> str:
    """A text with every such number hidden, whoever it belongs to; full-width digits count like plain ones."""
    if _WORTH_A_LOOK.search(text):
        for form, hide in _FORMS:
            text = _hidden(text, form, hide)
    return _without_spoken(text)


def _without_spoken(text: str) -> str:
    """A text with the mobile numbers hidden that are spelled out in Chinese characters."""
    # from the last one on, so that the places of those before it stay right
    for fit in reversed(list(_SPOKEN_MOBILE.finditer(text.translate(_WIDE)))):
        start, end = fit.span()
        if sum(sign in _SPELLED for sign in fit[0]) >= _SPELLED_OUT:
            text = text[:start] + _ends_shown(fit[0]) + text[end:]
    return text


_BEFORE = re.compile(r"[A-Z0-9]*\Z")
_AFTER = re.compile(r"[A-Z0-9]*")
_LONGEST_WAYBILL = 24
_SHORTEST_PHONE = 10
"""Digits that every form of telephone number has at least."""


def _in_a_waybill(plain: str, start: int) -> bool:
    """Whether what looks like a telephone number at a place is part of a waybill that begins with a
    carrier's letters.
    """
    before, after = _BEFORE.search(plain[max(start - _LONGEST_WAYBILL, 0) : start]), _AFTER.match(plain, start)
    token = f"{before[0]}{after[0]}" if before and after and len(after[0]) >= _SHORTEST_PHONE else ""
    return carriers_letters(token)


def _hidden(text: str, form: re.Pattern[str], hide: Callable[[str], str]) -> str:
    """A text with every match of a form replaced by what `hide` leaves of it; what is masked already stays."""
    plain = text.translate(_WIDE)
    pieces, end = [], 0
    for fit in form.finditer(plain):
        group = 1 if form in (_CHAT, _PAPER) else 0
        start, stop = fit.span(group)
        if _MASKED in text[start:stop] or (form in (MOBILE, LANDLINE, HOTLINE) and _in_a_waybill(plain, start)):
            continue
        pieces += [text[end:start], hide(plain[start:stop])]
        end = stop
    return "".join([*pieces, text[end:]]) if pieces else text


_STREET = re.compile(
    r"[^\W\d_]{2,}?(?:街道|开发区|路|街|大道|道|巷|弄|胡同|村|庄|里|小区|花园|苑|公寓|大厦|广场|中心|园|城|府|庭|湾|楼)"
)
_HOUSE = re.compile(r"[0-9]+\s*(?:号楼|号院|号|栋|幢|座|单元|室|楼|层|弄)")
_COMPOUND = (
    "欧阳", "司马", "上官", "诸葛", "夏侯", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "长孙", "宇文",
    "端木", "南宫", "独孤", "闻人", "轩辕", "申屠", "呼延", "西门",
)  # fmt: skip
"""Surnames of two characters."""
# province, city and district, which may stay: what follows them is hidden
_DISTRICT = re.compile(
    r"^(?:[^\W\d_]{2,}?(?:省|自治区|特别行政区))?\s*(?:[^\W\d_]{2,}?(?:市|州|盟))?\s*(?:[^\W\d_]{1,}?(?:区|县|旗|市))?"
)
_SHORT_NUMBER = 5
"""Characters of a number that are too few to reach or to find anybody by."""


@dataclass(frozen=True)
class Person:
    """The buyer and the receiver of an order, with other names and accounts of theirs, to be hidden in texts
    about it.
    """

    buyer: str = ""
    receiver: str = ""
    phone: str = ""
    address: str = ""
    others: tuple[str, ...] = ()

    def hide(self, text: str) -> str:
        """A text about the order as it may be shown: without numbers of people, and without this person."""
        if not text:
            return text
        text = numbers(text)
        plain = text.translate(_WIDE)
        if not self._touches(plain):
            return text
        # of overlapping ones the first, and of those the longest, says what is left of them all
        spans = sorted(
            (span for form in self._forms for span in _spans(form, plain)), key=lambda span: (span[0], -span[1])
        )
        pieces, end = [], 0
        for start, stop, shown in spans:
            if start >= end:
                pieces += [text[end:start], shown]
            end = max(end, stop)
        return "".join([*pieces, text[end:]])

    def _touches(self, text: str) -> bool:
        """Whether the text has any two characters in a row in common with the person."""
        # quick, and most texts have none: only the others are searched with the person's many patterns
        return not self._pairs.isdisjoint(_pairs_of(text))

    @cached_property
    def _pairs(self) -> frozenset[str]:
        """Each two characters in a row of everything that the person is called by."""
        texts = (self.buyer, self.receiver, self.phone, self.address, *self.others)
        texts = (*texts, *(call for name in texts for call, _form, _shown in _calls(name)))
        return frozenset(pair for text in texts for pair in _pairs(text.translate(_WIDE)))

    @cached_property
    def _forms(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        """Patterns of everything that the person is known by, each with what is left of it."""
        names = [form for name in (self.receiver, self.buyer, *self.others) for form in _names(name)]
        words = [*_addresses(self.address), *names, *_phones(self.phone)]
        return tuple((re.compile(form, re.IGNORECASE), shown) for form, shown in words)


NOBODY = Person()


@lru_cache(maxsize=2_000)
def _pairs_of(text: str) -> frozenset[str]:
    """Each two characters in a row of a text, kept for texts that come again."""
    return frozenset(_pairs(text))


def _pairs(text: str) -> Iterator[str]:
    """Each two characters in a row, without blanks and what people put between digits."""
    plain = re.sub(r"[\s\-–—·._/]", "", text).translate(_DIGIT_OF).lower()
    return (plain[place : place + 2] for place in range(len(plain) - 1))


def _spans(form: tuple[re.Pattern[str], str], text: str) -> Iterator[tuple[int, int, str]]:
    """Beginning and end of each match of a pattern, with what is left of it."""
    pattern, shown = form
    for fit in pattern.finditer(text):
        if fit.end() > fit.start():
            yield fit.start(), fit.end(), shown


def _spaced(word: str) -> str:
    """The pattern of a word, also with blanks between its characters."""
    return r"\s?".join(re.escape(letter) for letter in word if not letter.isspace())


def _whole(word: str) -> str:
    """The pattern of a word; a Latin one matches only where it stands alone."""
    if not word.isascii():
        return _spaced(word)
    return rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])"


def _names(written: str) -> Iterator[tuple[str, str]]:
    """Patterns of a name or nickname, with what is left of each: the whole, the forms of address, the parts of a Latin
    name.
    """
    name = written.translate(_WIDE).strip()
    # what the platform masked itself, and short numbers, name nobody
    if len(name) < 2 or "*" in name or (name.isdigit() and len(name) < _SHORT_NUMBER):
        return
    yield _whole(name), f"{name[0]}*"
    yield from ((form, shown) for _call, form, shown in _calls(name))
    if name.isascii():
        yield from (
            (_whole(part), f"{part[0]}*") for part in re.split(r"[\s,]+", name) if len(part) > 2 and part != name
        )


_NAMED = r"(?=\s?(?:亲?收|签收|代收|姐|哥|妹|阿姨|叔|老师|本人)|[^\u4e00-\u9fff]|\Z)"
"""What stands behind a given name that names somebody: to whom a parcel goes, a form of address, or no word."""


def _calls(written: str) -> Iterator[tuple[str, str, str]]:
    """Forms of address by a person's surname, such as 小欧阳 or 张先生: each with its pattern and what is left
    of it.
    """
    name = written.translate(_WIDE).strip()
    if not re.fullmatch(r"[\u4e00-\u9fff]{2,4}", name):
        return
    surname = name[:2] if name[:2] in _COMPOUND else name[0]
    # a surname of one character only where no word goes on behind it: 小张 is a person, 小张贴 is not
    end = "" if len(surname) == 2 else r"(?![^\W\d_])"
    yield from ((f"{before}{surname}", f"{before}\\s?{surname}{end}", f"{before}*") for before in "小老阿")
    yield from ((f"{surname}{after}", f"{surname}{after}", f"*{after}") for after in ("先生", "女士", "小姐", "太太"))
    given = name.removeprefix(surname)
    if len(given) == 2:  # only where it names somebody: 明天 is also a word
        yield given, rf"(?:(?<![\u4e00-\u9fff])|(?<=[是叫给找系])){given}{_NAMED}", f"{given[0]}*"


def _phones(written: str) -> Iterator[tuple[str, str]]:
    """Patterns of a phone number, also of one in no known form, and of the extension that a platform put after it."""
    for number in re.split(r"[-转,;\s]", written.translate(_WIDE)):
        digits = re.sub(r"\D", "", number)
        if len(digits) > _SHORT_NUMBER and "*" not in number:
            yield (
                NOT_IN_A_NUMBER + GAP.join(_ANY[digit] for digit in digits) + ENDED,
                f"{digits[:3]}{_MASKED}{digits[-4:]}",
            )


def _addresses(written: str) -> Iterator[tuple[str, str]]:
    """Patterns of an address: the whole, and each part that is more exact than the district (street, estate, house)."""
    address = written.translate(_WIDE).strip()
    if len(address) < 4 or "*" in address:
        return
    yield _spaced(address), f"{address[:6].strip()}…"
    if address.isascii():
        parts = (part.strip() for part in address.split(","))
        yield from ((_whole(part), "…") for part in parts if len(part) > _SHORT_NUMBER)
        return
    near = address.replace(" ", "")
    near = _DISTRICT.sub("", near, count=1)
    if len(near) > 3:
        yield _spaced(near), "…"
    for street in _STREET.findall(near):
        yield _spaced(street) + _ROOMS, "…"
    yield from ((rf"(?<![0-9]){_spaced(house)}", "…") for house in _HOUSE.findall(near) if len(house) > 2)
