"""Barcodes: one article number in every form that a scanner sends, and no other for a misread one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retcli.rules.warehouse.barcodes import forms, gtin, key

UPC, EAN = "036000291452", "0036000291452"


@pytest.mark.parametrize(
    ("code", "number"),
    [
        (UPC, "00036000291452"),
        (EAN, "00036000291452"),
        ("6901234567892", "06901234567892"),
        ("06901234567892", "06901234567892"),
        ("16901234567899", "16901234567899"),
        ("96385074", "00000096385074"),
        ("6901234567893", ""),
        ("036000291453", ""),
        ("6901234567", ""),
        ("690123456789A", ""),
        ("６９０１２３４５６７８９２", ""),
        ("", ""),
    ],
)
def test_a_number_counts_with_its_check_digit_only(code: str, number: str) -> None:
    assert gtin(code) == number


@pytest.mark.parametrize(
    "typed",
    [
        "6901234567892",
        "06901234567892",
        "]E06901234567892",
        "(01)06901234567892",
        "（01）06901234567892（17）261231（10）ABC",
        "]C10106901234567892",
        "]C1010690123456789210LOT1",
        "]d2010690123456789217261231\x1d10LOT",
        "\x1d0106901234567892",
        "0106901234567892",
        " 6901234567892\t\r\n",
        "６９０１２３４５６７８９２",
    ],
)
def test_every_form_of_an_article_number_is_found(typed: str) -> None:
    assert {"6901234567892", "06901234567892"} <= set(forms(typed))


def test_upc_and_ean_are_one_number_and_a_carton_is_another() -> None:
    assert key(UPC) == key(EAN)
    assert UPC in forms(EAN)
    assert EAN in forms(UPC)
    assert "6901234567892" not in forms("16901234567899"), "the carton is no piece"
    assert key("ABC-1") == "ABC-1"


@pytest.mark.parametrize("typed", ["6901234567893", "(01)06901234567893", "0106901234567893", "010690123456789210LOT"])
def test_a_wrong_check_digit_names_no_article(typed: str) -> None:
    assert "6901234567892" not in forms(typed)
    assert not any(gtin(form) for form in forms(typed))


@given(digits=st.text("0123456789", min_size=11, max_size=11), place=st.integers(0, 11), other=st.integers(1, 9))
def test_one_digit_misread_is_never_taken_for_an_article(digits: str, place: int, other: int) -> None:
    upc = next(digits + last for last in "0123456789" if gtin(digits + last))
    misread = upc[:place] + str((int(upc[place]) + other) % 10) + upc[place + 1 :]
    assert gtin(misread) == ""
    assert upc not in forms(misread)
