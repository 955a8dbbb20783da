"""The signs, codes and words by which people name the currency of an amount that they type."""

import re
import unicodedata

from retcli.rules.money.minor_units import DIGITS, Typed, parse

SIGNS: dict[str, tuple[str, ...]] = {
    "¥": ("CNY", "JPY"),
    **dict.fromkeys(("CN¥", "RMB", "人民币", "元", "圆", "块钱", "块"), ("CNY",)),
    **dict.fromkeys(("JP¥", "円", "日元", "日圆"), ("JPY",)),
    **dict.fromkeys(("$", "US$", "美元", "美金"), ("USD",)),
    **dict.fromkeys(("HK$", "港币", "港元"), ("HKD",)),
    **dict.fromkeys(("NT$", "NTD", "新台币", "台币"), ("TWD",)),
    **dict.fromkeys(("S$", "SG$", "新加坡元", "新币"), ("SGD",)),
    **dict.fromkeys(("A$", "AU$", "澳元"), ("AUD",)),
    **dict.fromkeys(("C$", "CA$", "加元"), ("CAD",)),
    **dict.fromkeys(("NZ$", "新西兰元"), ("NZD",)),
    **dict.fromkeys(("R$", "雷亚尔"), ("BRL",)),
    **dict.fromkeys(("MX$", "墨西哥比索"), ("MXN",)),
    **dict.fromkeys(("€", "欧元"), ("EUR",)),
    **dict.fromkeys(("£", "英镑"), ("GBP",)),
    **dict.fromkeys(("₩", "韩元", "韩币"), ("KRW",)),
    **dict.fromkeys(("RM", "令吉", "马币"), ("MYR",)),
    **dict.fromkeys(("฿", "泰铢"), ("THB",)),
    **dict.fromkeys(("₫", "越南盾"), ("VND",)),
    **dict.fromkeys(("₱", "菲律宾比索"), ("PHP",)),
    **dict.fromkeys(("Rp", "印尼盾"), ("IDR",)),
    **dict.fromkeys(("₹", "卢比"), ("INR",)),
    **dict.fromkeys(("₽", "卢布"), ("RUB",)),
    **dict.fromkeys(("KD", "科威特第纳尔"), ("KWD",)),
}
"""Each sign or word, and the currencies that it stands for; a lone ``$`` is the dollar of the United States."""
_CODES = {code: (code,) for code in ({*DIGITS, *(code for of in SIGNS.values() for code in of), "MOP"} - {"POINTS"})}
_NAMES = {name.casefold(): of for name, of in {**_CODES, **SIGNS}.items()}
# the longest first: US$ before $
_NAME = "|".join(re.escape(name) for name in sorted(_NAMES, key=len, reverse=True))
_FIRST = re.compile(rf"([+-]?)\s*({_NAME})\s*(.*)", re.IGNORECASE | re.DOTALL)
_LAST = re.compile(rf"(.*?)\s*({_NAME})", re.IGNORECASE | re.DOTALL)


def apart(written: str) -> tuple[str, tuple[str, ...]]:
    """An amount as it was typed without the signs, codes and words that name its currency, and these; its digits in
    half width.
    """
    plain, names = unicodedata.normalize("NFKC", written).strip(), list[str]()
    while first := _FIRST.fullmatch(plain):
        names.append(first[2])
        plain = first[1] + first[3]
    while last := _LAST.fullmatch(plain):
        names.append(last[2])
        plain = last[1]
    return plain, tuple(names)


def names_another(written: str, currency: str) -> bool:
    """Whether an amount as it was typed names another currency than one."""
    return any(currency not in _NAMES[name.casefold()] for name in apart(written)[1])


def minor_units(amount: int | Typed, currency: str) -> int:
    """The minor units of a typed amount; an int is taken as minor units already. Raises ValueError as `parse` does, and
    for a negative amount or one that names another currency.
    """
    if isinstance(amount, Typed) and names_another(amount, currency):
        raise ValueError(amount)
    minor = number_of(amount, currency) if isinstance(amount, Typed) else amount
    if minor < 0:
        raise ValueError(amount)
    return minor


def number_of(written: str, currency: str) -> int:
    """The minor units of an amount as it was typed, whatever currency it names. Raises ValueError as `parse` does."""
    if any(unicodedata.category(sign) == "No" for sign in written):  # NFKC makes digits of ² and ①, too
        raise ValueError(written)
    return parse(apart(written)[0], currency)
