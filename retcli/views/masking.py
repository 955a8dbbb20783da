"""Personal data as it may be shown: enough to recognise, not enough to misuse."""

import re


def name(text: str) -> str:
    """The first character of a name: 张*."""
    return f"{text[0]}*" if text else ""


def phone(text: str) -> str:
    """A phone number without its middle: 138****8000."""
    plain = text.split("-")[0]
    return f"{plain[:3]}****{plain[-4:]}" if len(plain) >= 7 else "****" if plain else ""


def free_text(text: str) -> str:
    """Words that somebody typed, with mobile numbers in them masked."""
    return re.sub(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)", r"\1****\2", text)


def address(text: str) -> str:
    """An address to the district: at most its first ten characters."""
    return f"{text[:10].strip()}…" if text else ""


_PHONES = re.compile(r"电话|手机|联系方式|phone|mobile|\btel", re.IGNORECASE)
_ADDRESSES = re.compile(r"地址|address|street", re.IGNORECASE)
_NAMES = re.compile(
    r"姓名|人$|人员$|会员名|昵称|旺旺|联系人|账号|帐号|邮箱|微信|身份证|买家名|e-?mail|nick"
    r"|(buyer|customer|receiver|recipient|billing|shipping).*name",
    re.IGNORECASE,
)
_BY_WORD = {
    "buyer": name,
    "receiver": name,
    "phone": phone,
    "address": address,
    "reviewed_by": name,
    "refunded_by": name,
}


def cell(header: str, word: str, text: str) -> str:
    """A cell of a file as it may be shown: by our word for its column, else by what the header says it holds."""
    if word in _BY_WORD:
        return _BY_WORD[word](text)
    if not word:
        for pattern, masked in ((_PHONES, phone), (_ADDRESSES, address), (_NAMES, name)):
            if pattern.search(header):
                return masked(text)
    return free_text(text)
