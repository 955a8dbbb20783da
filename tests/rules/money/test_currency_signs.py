"""Signs, codes and words for currencies: accepted on an amount of that currency, and on no other."""

import unicodedata

import pytest

from retcli.rules.money.currency_signs import SIGNS, apart, minor_units, names_another
from retcli.rules.money.minor_units import DIGITS, Typed

MEANT = {
    "¥": "CNY JPY", "￥": "CNY JPY", "元": "CNY", "块": "CNY", "块钱": "CNY", "RMB": "CNY", "CNY": "CNY",
    "$": "USD", "＄": "USD", "US$": "USD", "USD": "USD", "usd": "USD", "美元": "USD", "人民币": "CNY",
    "HK$": "HKD", "HKD": "HKD", "港币": "HKD", "NT$": "TWD", "TWD": "TWD", "台币": "TWD", "S$": "SGD",
    "€": "EUR", "EUR": "EUR", "欧元": "EUR", "£": "GBP", "￡": "GBP", "GBP": "GBP", "₩": "KRW", "￦": "KRW",
    "RM": "MYR", "MYR": "MYR", "円": "JPY", "日元": "JPY", "JPY": "JPY", "฿": "THB", "₫": "VND", "₱": "PHP",
    "KRW": "KRW", "R$": "BRL", "Rp": "IDR", "KWD": "KWD", "美金": "USD",
}  # fmt: skip
"""What people type, and the currencies that it names, by hand."""
CURRENCIES = sorted({code for of in MEANT.values() for code in of.split()})


@pytest.mark.parametrize("currency", CURRENCIES)
@pytest.mark.parametrize("sign", MEANT)
def test_a_sign_is_read_in_its_own_currency_and_refused_in_any_other(sign: str, currency: str) -> None:
    for written in (f"{sign}12", f"{sign} 12", f"12{sign}", f"12 {sign}"):
        if currency in MEANT[sign].split():
            assert not names_another(written, currency)
            assert minor_units(Typed(written), currency) == 12 * 10 ** DIGITS.get(currency, 2)
        else:
            assert names_another(written, currency)
            with pytest.raises(ValueError, match="12"):
                minor_units(Typed(written), currency)


@pytest.mark.parametrize(
    ("written", "plain", "names"),
    [
        ("12", "12", ()), ("￥1,299.50", "1,299.50", ("¥",)), ("¥12元", "12", ("¥", "元")), ("US$12", "12", ("US$",)),
        ("-$3", "-3", ("$",)), ("12 USD", "12", ("USD",)), ("HK$12港币", "12", ("HK$", "港币")),
        ("3 apples", "3 apples", ()), ("12 ABC", "12 ABC", ()), ("", "", ()),
    ],
)  # fmt: skip
def test_an_amount_and_what_names_its_currency_are_told_apart(written: str, plain: str, names: tuple[str, ...]) -> None:
    assert apart(written) == (plain, names)


@pytest.mark.parametrize("written", ["12²", "①2", "12.345", "-$3", "$", "1 2", "12 POINTS", "＄½"])
def test_what_is_no_amount_stays_none(written: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        minor_units(Typed(written), "USD")


def test_each_sign_is_as_it_is_compared() -> None:
    """Full width and the compatible forms of a sign are one sign before they are looked up."""
    assert [sign for sign in SIGNS if unicodedata.normalize("NFKC", sign) != sign] == []
