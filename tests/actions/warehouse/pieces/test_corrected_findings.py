"""A corrected finding is a fact: money that has not left for it is called off, money that has is claimed back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fixtures.model import Refund
from retcli.actions.cases import case_cards, decisions, platform_list
from retcli.actions.money import payout_steps, payouts
from retcli.actions.warehouse import inspection, parcels
from retcli.errors import Refused
from retcli.language import speaking
from retcli.views.warehouse.parcels import ParcelView
from tests.reports import REQUESTED, SUCCEEDED, Folder, asked_back, sold, take
from tests.shopfloor import MANAGER, WAREHOUSE, Books
from tests.warehouse import returning, stock

NUMBER, BACK = "2850000000000000976", "YT8812349697601"
AGREED = "卖家已经同意退款，等待买家退货"


@pytest.fixture
def wish(books: Books, folder: Folder) -> Refund:
    """A return of 59.90, agreed to here and there; its cup came back, was graded A, and its payout is due."""
    books.hire()
    bought = sold(NUMBER, ("CUP", 1, 5990))
    asked = asked_back("R976001", bought, 5990, status=REQUESTED)
    take(books, *folder.both(bought), folder.refunds(asked))
    books.do(decisions.approve, "R976001", waive=["window"], because="seen", by=MANAGER)
    take(books, folder.refunds(replace(asked, status=AGREED)))
    books.do(parcels.expect_by_hand, "R976001", BACK)
    books.do(inspection.inspect, BACK, [inspection.parse_item("CUP=1:A")], by=WAREHOUSE)
    return asked


def corrected(books: Books, item: str = "CUP=1:X") -> ParcelView:
    return books.do(inspection.inspect, BACK, [inspection.parse_item(item)], regrade=True, by=WAREHOUSE)


def states(books: Books) -> list[str]:
    return [state for (state,) in books.rows("SELECT state FROM payouts ORDER BY id")]


def stand(books: Books) -> tuple[str, str]:
    view = books.do(case_cards.show, "R976001")
    return view.stage, books.value("SELECT filing FROM cases")


def test_money_that_was_not_clicked_is_called_off(books: Books, wish: Refund) -> None:
    """仓库改判 X：59.90 不再待打款，仓库不用去碰打款单。"""
    assert states(books) == ["due"]
    view = corrected(books)
    assert (states(books), view.owed, stock(books)) == (["failed"], {}, {("CUP", "held"): 1})
    assert books.do(platform_list.todo).items == ()
    assert stand(books) == ("goods_lacking", "open")
    corrected(books, "CUP=1:A")
    assert states(books) == ["failed", "due"], "a right piece after all goes by itself again"
    books.check()


def test_money_that_was_clicked_is_said_to_have_left(books: Books, folder: Folder, wish: Refund) -> None:
    """点过“确认收货并退款”以后改判 X：记下来，59.90 待追回；平台到账后也不完结。"""
    books.do(platform_list.done, ["R976001"], by=MANAGER)
    view = corrected(books)
    number = books.value("SELECT number FROM cases")
    assert {case: money.minor for case, money in view.owed.items()} == {number: 5990}
    with speaking("zh_CN"):
        assert view.complaints == (f"{number} 的 59.90 已按原来的验货结果点出去：向买家追回，或在平台申诉",)
    assert (states(books), stock(books)) == (["due"], {("CUP", "held"): 1})
    assert stand(books) == ("to_recover", "open")
    take(books, folder.refunds(replace(wish, status=SUCCEEDED, finished_at=wish.applied_at)))
    assert (states(books), stand(books)) == (["confirmed"], ("to_recover", "open"))
    with pytest.raises(Refused, match="to be claimed back"):
        books.do(decisions.finish, "R976001", by=MANAGER)
    books.check()


def test_what_the_buyer_gives_back_is_a_reversal(books: Books, folder: Folder, wish: Refund) -> None:
    books.do(platform_list.done, ["R976001"], by=MANAGER)
    take(books, folder.refunds(replace(wish, status=SUCCEEDED, finished_at=wish.applied_at)))
    assert stand(books) == ("finished", "finished")
    corrected(books)
    assert stand(books) == ("to_recover", "open"), "a finished case is opened again"
    payout = books.value("SELECT number FROM payouts")
    assert books.do(case_cards.show, "R976001").next == (
        f"retcli pay reverse {payout} --because TEXT\n"
        f"retcli case finish {books.value('SELECT number FROM cases')} --because TEXT"
    )
    books.do(payout_steps.reverse, payout, because="buyer paid it back", by=MANAGER)
    assert stand(books) == ("goods_lacking", "open")
    books.check()


def test_a_manager_may_give_it_up(books: Books, folder: Folder, wish: Refund) -> None:
    books.do(platform_list.done, ["R976001"], by=MANAGER)
    corrected(books)
    take(books, folder.refunds(replace(wish, status=SUCCEEDED, finished_at=wish.applied_at)))
    books.do(decisions.finish, "R976001", because="not worth it", by=MANAGER)
    assert stand(books) == ("finished", "finished")
    books.check()


def test_another_grade_of_the_right_piece_owes_nothing(books: Books, wish: Refund) -> None:
    books.do(platform_list.done, ["R976001"], by=MANAGER)
    assert corrected(books, "CUP=1:C").owed == {}
    assert (states(books), stand(books)) == (["due"], ("paying", "open"))
    books.check()


def test_of_a_transfer_that_was_sent_the_part_of_the_wrong_piece_is_owed(books: Books) -> None:
    """两个 119.80 转账已付，一个改判 X：59.90 待追回。"""
    books.hire()
    case = returning(books, NUMBER, ("CUP", 2, 11980), waybill=BACK)
    books.do(inspection.inspect, BACK, [inspection.parse_item("CUP=2:A")], by=WAREHOUSE)
    payout = books.do(payouts.refund, case, by=MANAGER)
    books.do(payout_steps.step, payout.number, "send", by=MANAGER)
    view = books.do(inspection.inspect, BACK, [inspection.parse_item("CUP=1:X")], regrade=True, by=WAREHOUSE)
    assert {number: money.minor for number, money in view.owed.items()} == {case: 5990}
    assert (states(books), books.do(case_cards.show, case).stage) == (["sent"], "to_recover")
    books.check()
