"""A payment that arrived and was taken back stands on the card, in its document, and in the text to the buyer."""

from __future__ import annotations

from typing import Any

import pytest

from retcli.actions.cases import case_cards, decisions
from retcli.actions.money import payout_steps, payouts
from retcli.rules.lifecycles import Kind
from tests.actions.money.test_open_payouts import drawn
from tests.shopfloor import MANAGER, Books

ORDER = "2850000000000000971"
TEXT = "that we had paid you went back to us. If you think that is wrong, or it is still due, write to us."


@pytest.mark.parametrize("anew", [False, True], ids=["taken back", "paid anew"])
def test_the_card_and_the_buyer_are_told(
    sqlite_books: Books, capsys: pytest.CaptureFixture[str], *, anew: bool
) -> None:
    """90.00 arrived and were taken back: they are paid again; once they arrived anew nobody is told of it any more."""
    books = sqlite_books
    books.hire()
    case = books.do(decisions.open_case, books.order(ORDER, ("CUP", 1, 9000)), kind=Kind.REFUND_ONLY, reason="Q_LOOK")
    books.do(decisions.approve, case.number, by=MANAGER)
    before = drawn(books.do(case_cards.show, case.number), capsys)
    assert "taken back" not in before
    assert TEXT not in before
    for _again in range(1 + anew):
        number = books.do(payouts.refund, case.number, by=MANAGER).number
        books.do(payout_steps.step, number, "confirm", because="x", by=MANAGER)
        if not _again:
            books.do(payout_steps.reverse, number, because="银行退回", by=MANAGER)
    view = books.do(case_cards.show, case.number)
    card = drawn(view, capsys)
    assert "90.00 arrived and was taken back" in card
    assert ("To the buyer: 90.00 that we had paid you went back to us; we pay it to you again." in card) is not anew
    assert ("To the buyer" in card) is not anew
    document = view.document()["case"]
    assert (document["taken_back"]["minor"], document["paid"]["minor"]) == (9000, 9000 * anew)
    assert "taken back" in drawn(books.do(case_cards.explain, case.number), capsys)


def test_a_price_cut_or_coupon_beside_it(sqlite_books: Books, capsys: pytest.CaptureFixture[str]) -> None:
    """Cash given beside a case and taken back is told to the buyer too, a coupon is not money that was paid."""
    books = sqlite_books
    books.hire()
    case = books.do(decisions.open_case, books.order(ORDER, ("CUP", 1, 9000)), kind=Kind.REFUND_ONLY, reason="Q_FUNC")
    books.do(decisions.approve, case.number, amount=5000, because="x", by=MANAGER)
    each: tuple[dict[str, Any], ...] = {"cash": 500}, {"coupon": 700}
    for given in each:
        number = books.do(payouts.compensate, case.number, by=MANAGER, **given).number
        books.do(payout_steps.step, number, "confirm", because="x", by=MANAGER)
        books.do(payout_steps.reverse, number, because="x", by=MANAGER)
    card = drawn(books.do(case_cards.show, case.number), capsys)
    assert f"To the buyer: 5.00 {TEXT}" in card
