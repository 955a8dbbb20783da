"""Masks personal data: enough stays to recognise a person, not enough to misuse it (`docs/hazards.md` row 47).

By the column where the data comes from; persons within free text are hidden by `freetext.py`.
"""

import re
from collections.abc import Callable, Sequence

from retcli.language import _
from retcli.rules.warehouse.ids import mobile
from retcli.views.freetext import Person, numbers
from retcli.views.initials import name as name


def phone(text: str) -> str:
    """A phone number without its middle: 138****8000."""
    # the platforms' virtual numbers have an extension behind a dash
    plain = text.split("-")[0]
    return f"{plain[:3]}****{plain[-4:]}" if len(plain) >= 7 else "****" if plain else ""


def remark(text: str) -> str:
    """Free text of a file of which nobody knows whom it is about: its first character and its length."""
    plain = text.strip()
    return _("{first}… ({n} characters)").format(first=plain[0], n=len(plain)) if len(plain) > 1 else plain


def address(text: str) -> str:
    """An address to about the district: its first ten characters."""
    return f"{text[:10].strip()}…" if text else ""


def waybill(text: str, hide: Callable[[str], str] = numbers) -> str:
    """A waybill, whole whatever its digits look like, since it tells parcels apart; a mobile number or words in its
    place as `hide` leaves them.
    """
    return text if text.isascii() and text.isalnum() and not mobile(text) else hide(text)


_PHONES = re.compile(r"电话|手机|联系方式|phone|mobile|\btel", re.IGNORECASE)
_ADDRESSES = re.compile(r"地址|address|street", re.IGNORECASE)
_NAMES = re.compile(
    r"姓名|人$|人员$|会员名|昵称|网名|用户编号|旺旺|联系人|账号|帐号|邮箱|微信|身份证|买家名|e-?mail|nick|^recipient$"
    r"|(buyer|customer|receiver|recipient|billing|shipping).*name",
    re.IGNORECASE,
)
_REMARKS = re.compile(r"备注|留言|说明|描述|附言|remark|note|message|memo|comment", re.IGNORECASE)
_IDS = re.compile(
    r"编号|编码|单号|订单号|流水号|货号|条码|\bsku\b|(order|refund|tracking).*(id|no|number)$", re.IGNORECASE
)
_WORDS = re.compile(r"[^\W\d_]{2,}")
_BY_WORD = {
    "buyer": name,
    "receiver": name,
    "phone": phone,
    "address": address,
    "buyer_remark": remark,
    "seller_remark": remark,
    "remark": remark,
    "words": remark,
    "reviewed_by": name,
    "refunded_by": name,
}
_BY_HEADER = ((_PHONES, phone), (_ADDRESSES, address), (_NAMES, name), (_REMARKS, remark))


def cell(header: str, word: str, text: str) -> str:
    """A cell of a file as it may be shown, by our word for its column, else by what the header says it holds."""
    # a column that a dialect or a mapping knows is masked by what it is; only of an unknown one the header is guessed
    # at
    if word in _BY_WORD:
        return _BY_WORD[word](text)
    if not word:
        for pattern, masked in _BY_HEADER:
            if pattern.search(header):
                return masked(text)
    return text if _IDS.search(header) else numbers(text)


def unplaced(header: str, text: str) -> str:
    """A cell whose row is not known any more, and so not whom it is about: numbers stay, words are masked."""
    shown = cell(header, "", text)
    no_words = not header or _IDS.search(header) or not _WORDS.search(text)
    return shown if no_words else remark(text)


def ids_in(header: Sequence[str], cells: Sequence[str]) -> list[str]:
    """The cells of a row that are in columns of ids, by their headers."""
    return [text for title, text in zip(header, cells, strict=False) if text and _IDS.search(title)]


def person_in(header: Sequence[str], cells: Sequence[str]) -> Person:
    """The person that a row of a file is about, as far as its headers tell."""
    phones, addresses, names = list[str](), list[str](), list[str]()
    for title, text in zip(header, cells, strict=False):
        for pattern, texts in ((_PHONES, phones), (_ADDRESSES, addresses), (_NAMES, names)):
            if text and pattern.search(title):
                texts.append(text)
                break
    return Person(phone=" ".join(phones), address=next(iter(addresses), ""), others=tuple(names))
