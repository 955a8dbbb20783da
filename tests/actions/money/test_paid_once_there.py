"""A platform pays a refund once: one click pays all that is due by it, what comes due later waits for its report."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from fixtures.model import Refund
from retcli.actions.cases import case_cards, decisions, platform_list
from retcli.actions.insight.today import today
from retcli.actions.money import group_payment, payout_steps, payouts
from retcli.actions.warehouse import inspection, parcels
from retcli.errors import Refused
from retcli.views.screen import Terminal
from tests.reports import REQUESTED, SUCCEEDED, Folder, asked_back, questions, sold, take
from tests.shopfloor import AGENT, MANAGER, WAREHOUSE, Books, shanghai

NUMBER = "2850000000000000831"
THERE = shanghai("2026-11-10 10:00").replace(tzinfo=None)


def wished(books: Books, folder: Folder, cash: int = 8800) -> Refund:
    """Two pieces of 88.00 together to come back by the platform's refund R1, agreed to, their parcel on its way."""
    books.hire()
    bought = sold(NUMBER, ("TS-L", 2, cash))
    wish = asked_back("R1", bought, cash, status=REQUESTED, applied_at=datetime(2026, 11, 9, 9), quantity=2)
    take(books, *folder.both(bought), folder.refunds(wish))
    books.do(decisions.approve, "R1", by=MANAGER)
    books.do(platform_list.done, ["R1"], by=MANAGER)
    books.do(parcels.expect_by_hand, "R1", "YT5260493176849")
    return wish


def inspect(books: Books) -> None:
    """One more piece of the parcel is found good."""
    books.do(inspection.inspect, "R1", [inspection.parse_item("TS-L=1:A")], more=True, by=WAREHOUSE)


def clicked_in_part(books: Books, who: str = MANAGER) -> None:
    """A click of less than was applied for, as older books hold it: by now it is refused."""
    with pytest.MonkeyPatch.context() as older:
        older.setattr(platform_list, "refuse_unready", lambda *_of: None)
        books.do(platform_list.done, ["R1"], by=who)


def half_clicked(books: Books, folder: Folder) -> Refund:
    """One piece inspected, its 44.00 let go and clicked; then the other one inspected."""
    wish = wished(books, folder)
    inspect(books)
    books.do(payouts.refund, "R1", by=MANAGER)
    clicked_in_part(books)
    inspect(books)
    return wish


def told(books: Books, folder: Folder, wish: Refund, amount: int) -> None:
    """The platform's next report: the refund succeeded with so many fen."""
    take(books, folder.refunds(replace(wish, amount=amount, status=SUCCEEDED, finished_at=THERE)))


def paid(books: Books) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in books.rows("SELECT minor, method, state, origin FROM payouts ORDER BY id")]


def to_click(books: Books) -> list[tuple[str, int]]:
    return [(item.action, item.money.minor) for item in books.do(platform_list.todo).items if item.money.minor]


def paying(books: Books) -> list[tuple[Any, ...]]:
    query = "SELECT money, state FROM platform_actions WHERE action = 'confirm_receipt' ORDER BY id"
    return [tuple(row) for row in books.rows(query)]


def money(books: Books) -> dict[str, int]:
    document = books.do(case_cards.show, "R1").document()["case"]
    return {name: document[name]["minor"] for name in ("due", "waiting", "to_send", "clicked", "sent", "paid")}


NOTHING = {"due": 8800, "waiting": 0, "to_send": 0, "clicked": 0, "sent": 0, "paid": 0}


def test_what_comes_due_after_the_click_is_not_clicked(books: Books, folder: Folder) -> None:
    half_clicked(books, folder)
    assert paid(books) == [(4400, "original", "due", "own")], "the platform's refund is spent until its report"
    assert money(books) == NOTHING | {"clicked": 4400}
    assert books.do(today).document()["payouts_clicked"]["money"][0]["minor"] == 4400
    case = books.do(case_cards.show, "R1")
    assert (case.stage, case.next, to_click(books)) == ("paying", "retcli import FILE", [])
    with pytest.raises(Refused, match="was clicked on the platform, which pays it once") as refusal:
        books.do(payouts.refund, "R1", by=MANAGER)
    assert refusal.value.hint == "retcli import FILE"
    assert books.do(group_payment.due_refunds, by=MANAGER).payments == ()
    books.check()


def test_the_report_of_the_part_leaves_the_rest_to_a_transfer(books: Books, folder: Folder) -> None:
    wish = half_clicked(books, folder)
    told(books, folder, wish, 4400)
    assert (paid(books), questions(books)) == ([(4400, "original", "confirmed", "own")], [])
    case = books.do(case_cards.show, "R1")
    assert case.next.startswith(f"retcli pay refund {case.number}")
    rest = books.do(payouts.refund, "R1", by=MANAGER)
    assert (rest.money.minor, rest.method, rest.clicked) == (4400, "transfer", False)
    books.do(payout_steps.step, rest.number, "confirm", by=MANAGER)
    assert money(books) == NOTHING | {"paid": 8800}
    assert books.value("SELECT filing FROM cases") == "finished"
    books.check()


def test_the_report_of_the_whole_settles_the_whole(books: Books, folder: Folder) -> None:
    wish = half_clicked(books, folder)
    told(books, folder, wish, 8800)
    assert paid(books) == [(4400, "original", "confirmed", "own"), (4400, "original", "confirmed", "platform")]
    assert (questions(books), paying(books)) == ([], [(4400, "verified")])
    assert money(books) == NOTHING | {"paid": 8800}
    books.check()


def test_a_click_that_did_not_happen_grows_to_all_that_is_due(books: Books, folder: Folder) -> None:
    """The platform still waits: the click is to be made again, and pays both pieces."""
    wish = half_clicked(books, folder)
    take(books, folder.refunds(replace(wish, note="客服备注")))
    assert to_click(books) == [("confirm_receipt", 4400)]
    books.do(payouts.refund, "R1", by=MANAGER)
    assert to_click(books) == [("confirm_receipt", 8800)]
    books.do(platform_list.done, ["R1"], by=MANAGER)  # the agreement, which that list waits for as well
    books.do(platform_list.done, ["R1"], by=MANAGER)
    assert money(books) == NOTHING | {"clicked": 8800}
    told(books, folder, wish, 8800)
    assert [row[2] for row in paid(books)] == ["confirmed", "confirmed"]
    assert paying(books) == [(4400, "dropped"), (8800, "verified")]
    books.check()


def test_one_click_pays_all_that_is_due_before_it_is_made(books: Books, folder: Folder) -> None:
    wished(books, folder)
    inspect(books)
    first = books.do(payouts.refund, "R1", by=MANAGER).number
    assert to_click(books) == [("confirm_receipt", 4400)]
    inspect(books)
    assert to_click(books) == [("confirm_receipt", 8800)]
    assert money(books) == NOTHING | {"to_send": 8800}
    books.check()
    books.do(payout_steps.step, first, "fail", because="数错", by=MANAGER)
    assert to_click(books) == [("confirm_receipt", 4400)], "what failed is not clicked, what is due still is"
    books.check()


def test_what_waits_for_a_second_person_misses_the_click(books: Books, folder: Folder) -> None:
    """An agent lets 25.00 go alone, 50.00 of the order not: the click was made for the first 25.00."""
    wish = wished(books, folder, 5000)
    inspect(books)
    books.do(payouts.refund, "R1", by=AGENT)
    books.do(inspection.inspect, "R1", [inspection.parse_item("TS-L=1:C")], more=True, by=WAREHOUSE)
    late = books.do(payouts.refund, "R1", by=AGENT)
    assert (late.state, to_click(books)) == ("waiting", [("confirm_receipt", 2500)])
    clicked_in_part(books, AGENT)
    assert books.do(case_cards.show, "R1").next == "retcli import FILE"
    with pytest.raises(Refused, match="was clicked on the platform, which pays it once"):
        books.do(payout_steps.countersign, late.number, by=MANAGER)
    told(books, folder, wish, 2500)
    assert (paid(books), questions(books)) == (
        [(2500, "original", "confirmed", "own"), (2500, "original", "failed", "own")],
        [],
    )
    assert books.do(payouts.refund, "R1", by=MANAGER).method == "transfer"
    books.check()


@pytest.mark.parametrize("left", [False, True])
def test_a_transfer_beside_the_click_is_other_money_than_the_platforms(
    books: Books, folder: Folder, left: bool
) -> None:
    """The part was said to have arrived, the rest of 44.00 went by transfer; then the report says 88.00. What has not
    left gives way to it, what has left is 44.00 beyond the order.
    """
    wish = half_clicked(books, folder)
    (first,) = books.do(payouts.list_payouts).payouts
    books.do(payout_steps.step, first.number, "confirm", by=MANAGER)
    rest = books.do(payouts.refund, "R1", by=MANAGER)
    assert rest.method == "transfer"
    if left:
        books.do(payout_steps.step, rest.number, "send", by=MANAGER)
    assert paying(books) == [(4400, "done")]
    told(books, folder, wish, 8800)
    assert paid(books) == [
        (4400, "original", "confirmed", "own"),
        (4400, "transfer", "sent" if left else "failed", "own"),
        (4400, "original", "confirmed", "platform"),
    ]
    assert [row[1] for row in questions(books)] == (["over"] if left else [])
    books.check()


def test_a_part_says_that_the_platform_pays_once(
    books: Books, folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    wished(books, folder)
    inspect(books)
    capsys.readouterr()
    books.do(payouts.refund, "R1", by=MANAGER).draw(Terminal())
    text = "The platform pays a refund once: click when the other 44.00 is due too"
    assert text in capsys.readouterr().out
