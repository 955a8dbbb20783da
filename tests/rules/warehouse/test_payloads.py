"""Codes on labels of our own: letters and digits only, read back to what they stand for, told apart from all others."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retcli.rules.warehouse import payloads
from retcli.rules.warehouse.ids import folded
from retcli.rules.warehouse.shapes import Shape, shape
from retcli.rules.warehouse.spellings import spellings

PLAIN = re.compile(r"[A-Z0-9]+")
NAMES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=20)


def test_a_number_of_the_books_is_written_without_its_dash() -> None:
    assert payloads.of_parcel("PK20261109-0012") == "RP202611090012"
    assert payloads.of_case("RC20261109-0034") == "RC202611090034"
    assert payloads.spelled_out("RP202611090012") == "PK20261109-0012"
    assert payloads.spelled_out("RP2026110912345") == "PK20261109-12345"


def test_a_place_worked_by_hand() -> None:
    """``A-03``: the dash is byte 2D. The check: each sign's number, times 37 for each sign behind it, modulo 997."""
    number = 0
    for sign in "RLAZ2D03":
        number = number * 37 + ord(sign)
    assert payloads.of_place("a-03") == f"RLAZ2D03{number % 997:03}"
    assert payloads.place(payloads.of_place("a-03")) == "A-03"
    assert payloads.of_place("东").startswith("RLZE4ZB8Z9C"), "three bytes of UTF-8"


@given(NAMES)
def test_every_name_comes_back_and_no_sign_but_letters_and_digits_is_printed(name: str) -> None:
    for code, back in (
        (payloads.of_place(name), payloads.place),
        (payloads.of_article(name), payloads.spelled_out),
    ):
        assert PLAIN.fullmatch(code)
        assert back(code) == folded(name)


@given(NAMES, st.data())
def test_one_sign_read_wrong_is_always_told(name: str, data: st.DataObject) -> None:
    code = payloads.of_place(name)
    place = data.draw(st.integers(2, len(code) - 1))
    sign = data.draw(st.sampled_from([each for each in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" if each != code[place]]))
    assert payloads.place(code[:place] + sign + code[place + 1 :]) == ""


def test_a_badge_holds_the_number_of_a_person() -> None:
    assert payloads.badge(payloads.of_badge(12)) == 12
    assert payloads.badge(payloads.of_place("12")) == 0, "a place is no badge"
    assert payloads.badge("RB123456789CN") == 0


@pytest.mark.parametrize(
    "code", ["RP123456789CN", "RL123456789CN", "RB123456785CN", "RG123456785CN", "RLAZ2D03", "RL-100"]
)
def test_registered_letters_and_codes_of_the_shop_that_begin_alike_are_none_of_ours(code: str) -> None:
    assert (payloads.place(code), payloads.badge(code), payloads.spelled_out(code)) == ("", 0, "")


@pytest.mark.parametrize("code", ["RP202611099999", "RC202611099999", "RS202611099999"])
def test_an_unknown_number_of_ours_is_never_taken_for_a_waybill(code: str) -> None:
    assert shape(code) == Shape.OURS


def test_what_lies_in_a_code_of_ours_is_looked_up() -> None:
    assert "PK20261109-0012" in {each.text for each in spellings("RP202611090012")}
    assert "RC20261109-0034" in {each.text for each in spellings("RC202611090034")}
    assert "CUP-500" in {each.text for each in spellings(payloads.of_article("CUP-500"))}
    assert "红色-YD12" in {each.text for each in spellings(payloads.of_article("红色-yd12"))}
