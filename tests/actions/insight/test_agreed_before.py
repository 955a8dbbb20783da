"""What was agreed to on an application stays where the buyer applies anew and the platform pays that."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retcli.actions.cases import case_cards, decisions, taking_back
from retcli.rules.money.minor_units import Money
from tests.actions.money.test_open_payouts import drawn
from tests.reports import REQUESTED, SUCCEEDED, Folder, asked_back, sold, take, unsent
from tests.shopfloor import MANAGER, Books, shanghai
from tests.workbooks import cells, workbook

NUMBER = "2850000000000000851"
SAID = "Before the buyer applied anew, 20.00 had been agreed to here (2026-11-07 12:00 店长)"


def paid_anew(books: Books, folder: Folder, *, by_hand: bool = False) -> None:
    """20.00 agreed to of 5,000.00 on the 7th; on the 8th the buyer applies for 4,000.00, which the platform pays on the
    9th. `by_hand`: the manager took the 20.00 back before that.
    """
    books.hire()
    order = unsent(sold(NUMBER, ("TS-L", 1, 500000)))
    wish = asked_back("31", order, 500000, kind="仅退款", status=REQUESTED, goods="买家未收到货")
    take(books, *folder.both(order), folder.refunds(wish))
    books.at = shanghai("2026-11-07 12:00")
    books.do(decisions.approve, "31", amount=2000, because="差价", by=MANAGER)
    if by_hand:
        view = books.do(case_cards.show, "31")
        books.do(taking_back.decision, view.number, view.version, by=MANAGER)
    books.at = shanghai("2026-11-08 12:00")
    anew = replace(wish, amount=400000)
    take(books, folder.refunds(anew))
    books.at = shanghai("2026-11-09 12:00")
    finished = shanghai("2026-11-09 10:00").replace(tzinfo=None)
    take(books, folder.refunds(replace(anew, status=SUCCEEDED, finished_at=finished)))


def test_what_was_agreed_to_stays_in_explain_card_history_and_differences(
    sqlite_books: Books, folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    books = sqlite_books
    paid_anew(books, folder)
    explained = books.do(case_cards.explain, "31")
    assert explained.agreed_before is not None
    assert explained.agreed_before.money == Money(2000, "CNY")
    text = drawn(explained, capsys)
    assert SAID in text
    assert "4000.00 due by it (nobody here had agreed to this application)" in text
    card = drawn(books.do(case_cards.show, "31", history=True), capsys)
    assert "▸ " + SAID in card
    assert "decision: approved 20.00 (店长)" in card
    row = cells(workbook(books)["Differences"], "Class", "Decided here", "Platform refunded")
    assert [(str(label).split()[0], here, paid) for label, here, paid in row] == [
        ("D2", "20.00 agreed to before the buyer applied anew", Money(400000, "CNY"))
    ]
    books.check()


def test_what_a_person_took_back_was_not_agreed_to(
    sqlite_books: Books, folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    books = sqlite_books
    paid_anew(books, folder, by_hand=True)
    assert books.do(case_cards.explain, "31").agreed_before is None
    assert "Before the buyer" not in drawn(books.do(case_cards.show, "31"), capsys)
    assert cells(workbook(books)["Differences"], "Decided here") == [("",)]
