"""One click is marked as made at a time, in the order in which the platform takes them: what pays comes last."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest

from fixtures.model import Refund
from retcli.actions.cases import changes, decisions, platform_list
from retcli.actions.warehouse import inspection, parcels
from retcli.language import speaking
from retcli.views.cases.platform_todo import TodoView
from retcli.views.screen import Terminal
from tests.reports import REQUESTED, Folder, asked_back, sold, take
from tests.shopfloor import MANAGER, WAREHOUSE, Books

AGREED = "卖家已经同意退款，等待买家退货"


@pytest.fixture
def wish(books: Books, folder: Folder) -> Refund:
    """A return of 59.90, agreed to here and not yet there, whose piece is back already: both clicks wait."""
    books.hire()
    bought = sold("2850000000000000973", ("CUP-500", 1, 5990))
    asked = asked_back("R973001", bought, 5990, status=REQUESTED)
    take(books, *folder.both(bought), folder.refunds(asked))
    books.do(decisions.approve, "R973001", waive=["window"], because="seen", by=MANAGER)
    books.do(parcels.expect_by_hand, "R973001", "YT8812345697301")
    books.do(inspection.inspect, "R973001", [inspection.parse_item("CUP-500=1:A")], by=WAREHOUSE)
    return asked


def clicks(view: TodoView) -> list[tuple[str, str, str]]:
    return [(item.action, item.state, item.after) for item in view.items]


def said(view: TodoView) -> list[str]:
    lines = StringIO()
    with speaking("zh_CN"):
        view.draw(Terminal(lines))
    return lines.getvalue().splitlines()


def test_the_click_that_pays_comes_after_the_other(books: Books, wish: Refund) -> None:
    todo = books.do(platform_list.todo)
    assert clicks(todo) == [("agree_return", "todo", ""), ("confirm_receipt", "todo", "agree_return")]
    marked = books.do(platform_list.done, ["R973001"], by=MANAGER)
    assert clicks(marked) == [("agree_return", "done", ""), ("confirm_receipt", "todo", "")]
    assert books.rows("SELECT action, state FROM platform_actions ORDER BY id") == [
        ("agree_return", "done"),
        ("confirm_receipt", "todo"),
    ]
    assert books.value("SELECT state FROM payouts") == "due"
    books.check()


def test_what_is_still_to_click_is_said(books: Books, wish: Refund) -> None:
    number = books.value("SELECT number FROM cases")
    marked = said(books.do(platform_list.done, ["R973001"], by=MANAGER))
    assert marked[:2] == [f"{number} 已点：同意退货", f"{number} 还要点：确认收货并退款 59.90"]
    marked = said(books.do(platform_list.done, ["R973001"], by=MANAGER))
    assert marked[0] == f"{number} 已点：确认收货并退款 59.90"


def test_a_list_that_waits_for_the_goods_proves_the_first_click_alone(
    books: Books, folder: Folder, wish: Refund
) -> None:
    """Only the agreement was clicked: the list verifies it, and the receipt stays to be clicked."""
    books.do(platform_list.done, ["R973001"], by=MANAGER)
    take(books, folder.refunds(replace(wish, status=AGREED)))
    assert books.rows("SELECT action, state FROM platform_actions ORDER BY id") == [
        ("agree_return", "verified"),
        ("confirm_receipt", "todo"),
    ]
    assert clicks(books.do(platform_list.todo)) == [("confirm_receipt", "todo", "")]
    books.check()


def test_a_refusal_that_nobody_clicked_is_not_told_after_an_approval(books: Books, folder: Folder) -> None:
    """Turned down here, agreed to after all: the platform hears only of the approval."""
    books.hire()
    bought = sold("2850000000000000975", ("CUP-500", 1, 5990))
    take(books, *folder.both(bought), folder.refunds(asked_back("R975001", bought, 5990, status=REQUESTED)))
    books.do(decisions.reject, "R975001", because="看错了", by=MANAGER)
    books.do(decisions.approve, "R975001", waive=["window"], because="seen", by=MANAGER)
    assert [item.action for item in books.do(platform_list.todo).items] == ["agree_return"]
    books.check()


def test_two_clicks_that_pay_nothing_are_marked_one_by_one(books: Books, folder: Folder) -> None:
    """An exchange is agreed to there before its new waybill is entered."""
    books.hire()
    bought = sold("2850000000000000974", ("CUP-500", 1, 5990))
    asked = asked_back("R974001", bought, 0, status=REQUESTED, kind="换货", reason="尺码不合适")
    take(books, *folder.both(bought), folder.refunds(asked))
    books.do(changes.change, "R974001", want=["MUG"], because="说好的", by=MANAGER)
    books.do(decisions.approve, "R974001", waive=["window"], because="seen", by=MANAGER)
    books.do(decisions.ship, "R974001", waybill="SF1620049660002", by=MANAGER)
    first = books.do(platform_list.done, ["R974001"], by=MANAGER)
    assert clicks(first) == [("agree_exchange", "done", ""), ("enter_waybill", "todo", "")]
    assert clicks(books.do(platform_list.done, ["R974001"], by=MANAGER)) == [("enter_waybill", "done", "")]
    books.check()
