"""The newest file has the last word: it closes what older files ask about an order; late older files ask nothing."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from fixtures.model import Order
from retcli.actions.imports import import_questions
from retcli.errors import Refused
from tests.reports import Folder, questions, sold, take
from tests.shopfloor import MANAGER, Books, shanghai

NUMBER = "2850000000000000771"
ORDER = sold(NUMBER, ("CUP", 2, 10000))


def says(folder: Folder, paid: int, day: int, freight: int = 0) -> Path:
    """The order's file of a day in November, by which so many fen were paid."""
    remark = f"{day}日"  # a file that was taken in already is not read again
    return made(folder.orders(replace(ORDER, paid=paid, freight=freight, seller_remark=remark)), day)


def made(path: Path, day: int) -> Path:
    at = shanghai(f"2026-11-{day} 10:00").timestamp()
    os.utime(path, (at, at))
    return path


@pytest.fixture
def shop(books: Books, folder: Folder) -> Books:
    """An order of 100.00, by files of the 18th."""
    books.hire()
    take(books, *(made(path, 18) for path in folder.both(ORDER)))
    return books


def test_of_two_lesser_amounts_only_the_last_is_asked_about(shop: Books, folder: Folder) -> None:
    """55.00 on the 19th, 30.00 on the 20th: by the newest file 30.00 were paid, and nothing raises that again."""
    take(shop, says(folder, 5500, 19))
    take(shop, says(folder, 3000, 20))
    assert questions(shop) == [(NUMBER, "paid", "100.00", "30.00")]
    shop.do(import_questions.answer, 2, "take", because="订单已改价", by=MANAGER)
    with pytest.raises(Refused, match="a later file overtook it"):
        shop.do(import_questions.answer, 1, "take", by=MANAGER)
    assert (shop.value("SELECT paid FROM orders"), questions(shop)) == (3000, [])
    shop.check()


def test_a_file_that_says_what_the_books_say_closes_what_an_older_one_asks(shop: Books, folder: Folder) -> None:
    take(shop, says(folder, 5500, 19))
    take(shop, says(folder, 10000, 20))
    assert questions(shop) == []
    (event,) = shop.rows("SELECT payload FROM events WHERE action = 'resolve'")
    assert '"found":"55.00"' in event[0]
    shop.check()


def test_what_was_overtaken_is_asked_again_where_the_newest_file_says_it_again(shop: Books, folder: Folder) -> None:
    for day, paid in enumerate((5500, 3000, 5500), 19):
        take(shop, says(folder, paid, day))
    assert questions(shop) == [(NUMBER, "paid", "100.00", "55.00")]
    shop.check()


def test_an_older_file_that_comes_late_asks_nothing(shop: Books, folder: Folder) -> None:
    take(shop, says(folder, 3000, 20))
    late = take(shop, says(folder, 5500, 19))
    assert (late.files[0].questions, questions(shop)) == (0, [(NUMBER, "paid", "100.00", "30.00")])
    shop.do(import_questions.answer, 1, "take", because="订单已改价", by=MANAGER)
    take(shop, says(folder, 5600, 19))
    assert questions(shop) == []
    shop.check()


def test_the_same_file_once_more_leaves_its_question(shop: Books, folder: Folder) -> None:
    take(shop, says(folder, 5500, 19))
    take(shop, made(folder.orders(replace(ORDER, paid=5500, seller_remark="改价")), 20))
    assert questions(shop) == [(NUMBER, "paid", "100.00", "55.00")]


def test_each_value_has_its_own_last_word(shop: Books, folder: Folder) -> None:
    """The freight that the first file asks about is closed by the second; what was paid stays asked about."""
    take(shop, says(folder, 9000, 19, freight=500))
    take(shop, says(folder, 9000, 20))
    assert questions(shop) == [(NUMBER, "paid", "100.00", "90.00")]
    shop.check()


def of_line(order: Order, **facts: int | str) -> Order:
    (line,) = order.lines
    return replace(order, lines=(replace(line, **facts),))  # type: ignore[arg-type]


def test_a_line_is_asked_about_by_its_last_file_alone(shop: Books, folder: Folder) -> None:
    take(shop, made(folder.items(of_line(ORDER, quantity=3)), 19))
    take(shop, made(folder.items(of_line(ORDER, quantity=4)), 20))
    assert [(field, found) for _subject, field, _known, found in questions(shop)] == [("quantity", "4")]
    take(shop, made(folder.items(of_line(ORDER, quantity=3)), 19))
    assert [found for *_value, found in questions(shop)] == ["4"], "an older file that comes late"
    take(shop, made(folder.items(of_line(ORDER, title="杯子")), 21))
    assert questions(shop) == []
    shop.check()
