"""How a person on the telephone names a case or an order: by the end of a number, open cases first."""

import pytest

from retcli.actions.cases import case_cards, decisions
from retcli.actions.shop import orders
from retcli.errors import Ambiguous, NotFound
from retcli.rules.lifecycles import Kind
from tests.shopfloor import Books

FIRST, SECOND, THIRD = "2850000000000009061", "2850000000000009062", "2850000000000019063"


def opened(books: Books, order: str, phone: str = "") -> str:
    """An order of one shirt, and a return of it."""
    books.order(order, ("TS-L", 1, 9900), phone=phone, phone_tail=phone[-4:])
    return books.do(decisions.open_case, order, kind=Kind.RETURN, reason="B_7D").number


def meant(books: Books, typed: str) -> str:
    """The case that is shown for what was typed."""
    return books.do(case_cards.show, typed).number


def test_the_last_group_of_a_case_is_a_number(books: Books) -> None:
    """Of the cases 0001, 0002 … 0012 a 2 means the second."""
    cases = [opened(books, f"28500000000000{n:05d}") for n in range(1, 13)]
    assert meant(books, "2") == meant(books, "0002") == meant(books, "1109-0002") == cases[1]
    assert meant(books, "12") == cases[11]
    with pytest.raises(NotFound):
        meant(books, "112")


def test_open_cases_come_first(books: Books) -> None:
    """The case 0001 of yesterday was withdrawn: today 1 means today's, and yesterday 1 meant that one."""
    yesterday = opened(books, FIRST)
    books.do(decisions.withdraw, yesterday, because="买家不退了")
    assert meant(books, "1") == yesterday
    books.later(days=1)
    today = opened(books, SECOND)
    assert yesterday[-4:] == today[-4:] == "0001"
    assert meant(books, "1") == today
    books.later(days=1)
    third = opened(books, THIRD)
    with pytest.raises(Ambiguous) as several:
        meant(books, "1")
    assert several.value.candidates == (today, third)


def test_a_case_is_named_by_the_end_of_its_order_or_by_the_buyers_phone(books: Books) -> None:
    case = opened(books, FIRST, phone="13900004321")
    assert meant(books, "9061") == meant(books, "4321") == case
    with pytest.raises(NotFound):
        meant(books, "061")
    other = opened(books, SECOND, phone="13800004321")
    with pytest.raises(Ambiguous) as several:
        meant(books, "4321")
    assert several.value.candidates == (case, other)


def test_an_order_is_named_by_the_end_of_its_number(books: Books) -> None:
    books.order(FIRST, ("TS-L", 1, 9900), phone="13900004321", phone_tail="4321")
    books.order(SECOND, ("TS-L", 1, 9900), phone="13900005678", phone_tail="5678")
    assert books.do(orders.show, "9062").number == SECOND
    assert books.do(orders.show, "4321").number == FIRST
    assert books.do(decisions.open_case, "9062", kind=Kind.RETURN, reason="B_7D").order == SECOND
    with pytest.raises(NotFound):
        books.do(orders.show, "062")
