"""A refund that the platform closes, or that the buyer applies for anew, on a case with amends of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from fixtures.model import Refund
from retcli.actions.cases import case_cards, decisions
from retcli.actions.money import payout_steps, payouts
from retcli.rules.money.minor_units import Money
from tests.reports import CLOSED, REQUESTED, Folder, asked_back, sold, take, unsent
from tests.shopfloor import MANAGER, Books, shanghai

NUMBER = "2850000000000000822"
AMENDS = ("due", "sent", "confirmed")
"""How far 5.00 of amends are that were given beside a refund of 100.00 of 100.00, with the manager's waiver."""


@pytest.fixture(params=AMENDS)
def wish(request: pytest.FixtureRequest, books: Books, folder: Folder) -> Refund:
    """A refund of 100.00 that was agreed to and that nobody clicked, with 5.00 of amends beside it."""
    books.hire()
    order = unsent(sold(NUMBER, ("TS-L", 1, 10000)))
    asked = asked_back("31", order, 10000, kind="仅退款", status=REQUESTED, goods="买家未收到货")
    take(books, *folder.both(order), folder.refunds(asked))
    books.at = shanghai("2026-11-07 12:00")
    books.do(decisions.approve, "31", by=MANAGER)
    amends = books.do(payouts.compensate, "31", cash=500, waive=["beyond_price"], because="损失已证实", by=MANAGER)
    for move in AMENDS[1 : AMENDS.index(request.param) + 1]:
        books.do(payout_steps.step, amends.number, {"sent": "send", "confirmed": "confirm"}[move], by=MANAGER)
    books.later(hours=1)
    return asked


def payouts_by_kind(books: Books) -> list[tuple[object, ...]]:
    return [tuple(row) for row in books.rows("SELECT kind, minor, state FROM payouts ORDER BY kind")]


def test_the_refund_falls_with_its_closing_and_the_amends_stand(
    books: Books, folder: Folder, wish: Refund, request: pytest.FixtureRequest
) -> None:
    state = request.node.callspec.params["wish"]
    take(books, folder.refunds(replace(wish, status=CLOSED)))
    assert books.value("SELECT decision FROM cases") == "withdrawn"
    assert payouts_by_kind(books) == [("compensation", 500, state), ("refund", 10000, "failed")]
    assert books.value("SELECT COUNT(*) FROM import_questions") == 0, "nobody clicked, and nothing of it left"
    case = books.value("SELECT number FROM cases")
    assert books.do(case_cards.show, case).due == Money(0, "CNY")
    assert books.value("SELECT filing FROM cases") == ("finished" if state == "confirmed" else "open")
    books.check()
    for move in {"due": ("send", "confirm"), "sent": ("confirm",), "confirmed": ()}[state]:
        books.do(payout_steps.step, books.value("SELECT number FROM payouts WHERE kind = 'compensation'"), move,
                 by=MANAGER)  # fmt: skip
    assert payouts_by_kind(books)[0] == ("compensation", 500, "confirmed")
    if state != "confirmed":
        assert books.do(case_cards.show, case).next == f"retcli case finish {case}"
        books.do(decisions.finish, case, by=MANAGER)
    books.check()


def test_what_is_applied_for_after_the_closing_waits_for_an_answer(books: Books, folder: Folder, wish: Refund) -> None:
    take(books, folder.refunds(replace(wish, status=CLOSED)))
    books.later(hours=2)
    anew = replace(wish, applied_at=wish.applied_at + timedelta(days=1))
    take(books, folder.refunds(anew))
    assert books.rows("SELECT decision, filing FROM cases") == [("requested", "open")]
    books.do(decisions.approve, "31", amount=9500, by=MANAGER)
    assert books.value("SELECT minor FROM payouts WHERE kind = 'refund' AND state = 'due'") == 9500
    books.check()


def test_a_changed_application_is_taken_over_beside_amends(books: Books, folder: Folder, wish: Refund) -> None:
    take(books, folder.refunds(replace(wish, amount=4000)))
    assert books.rows("SELECT decision, asked FROM cases") == [("requested", 4000)]
    assert [row[2] for row in payouts_by_kind(books) if row[0] == "refund"] == ["failed"]
    books.check()
