"""A list that still says that the platform's refund was turned down, after a person here agreed to its case anew."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fixtures.model import Refund
from retcli.actions.cases import decisions
from tests.reports import REQUESTED, Folder, asked_back, questions, sold, take, unsent
from tests.shopfloor import MANAGER, Books

NUMBER = "2850000000000000966"
REFUSED = "卖家拒绝退款"


def agreed_anew(books: Books, folder: Folder) -> Refund:
    """100.00 asked for, turned down on the platform, and agreed to here since; nothing is clicked yet."""
    books.hire()
    bought = unsent(sold(NUMBER, ("CUP", 1, 10000)))
    wish = asked_back("R1", bought, 10000, kind="仅退款", status=REQUESTED, goods="买家未收到货")
    take(books, *folder.both(bought), folder.refunds(wish))
    books.later(hours=1)
    take(books, folder.refunds(replace(wish, status=REFUSED)))
    assert standing(books)[0] == "rejected"
    books.later(hours=1)
    books.do(decisions.approve, "R1", by=MANAGER)
    return wish


def standing(books: Books) -> tuple[Any, ...]:
    """The decision, and the payouts that did not fail, in fen."""
    live = books.rows("SELECT minor FROM payouts WHERE state <> 'failed' ORDER BY id")
    return books.value("SELECT decision FROM cases"), [row.minor for row in live]


def test_the_same_refusal_once_more_turns_nothing_down(books: Books, folder: Folder) -> None:
    wish = agreed_anew(books, folder)
    before = standing(books)
    assert before == ("approved", [10000])
    for note in ("再看", "又看"):
        books.later(hours=1)
        take(books, folder.refunds(replace(wish, status=REFUSED, note=note)))
        assert (standing(books), questions(books)) == (before, [])
    books.check()


def test_a_refusal_that_is_news_is_asked_about(books: Books, folder: Folder) -> None:
    """The buyer asked for 80.00 meanwhile, and that was turned down there: what was agreed to stays, and is asked
    about before anything is clicked.
    """
    wish = agreed_anew(books, folder)
    before = standing(books)
    books.later(hours=1)
    take(books, folder.refunds(replace(wish, status=REFUSED, amount=8000)))
    assert standing(books) == before
    assert [each[1] for each in questions(books)] == ["platform_refused"]
    books.check()


def test_a_refusal_after_the_agreement_turns_down_as_ever(books: Books, folder: Folder) -> None:
    """Agreed to while it was open there: the platform's first refusal is obeyed."""
    books.hire()
    bought = unsent(sold(NUMBER, ("CUP", 1, 10000)))
    wish = asked_back("R1", bought, 10000, kind="仅退款", status=REQUESTED, goods="买家未收到货")
    take(books, *folder.both(bought), folder.refunds(wish))
    books.do(decisions.approve, "R1", by=MANAGER)
    take(books, folder.refunds(replace(wish, status=REFUSED)))
    assert standing(books) == ("rejected", [])
