"""An interception by mistake is taken back while nothing of it came: what it awaited, and what it held back."""

from __future__ import annotations

import pytest

from fixtures.model import Order
from retcli.actions.casefile import lookup
from retcli.actions.cases import decisions, undoing
from retcli.actions.cases.disputes import platform_account
from retcli.actions.warehouse import interceptions, parcels
from retcli.errors import NotFound, Refused
from retcli.rules.lifecycles import Kind
from retcli.transaction import opened
from tests.reports import REQUESTED, Folder, asked_back, sold, take
from tests.shopfloor import AGENT, MANAGER, Books
from tests.warehouse import Table, attached

NUMBER, ONE, TWO = "2850000000000000100", "SF0220481613112", "YT0220481613113"


def out_there(books: Books, folder: Folder) -> Order:
    """An order of a cup and a lid in two parcels on their way."""
    books.hire()
    order = sold(NUMBER, ("CUP", 1, 5000), ("LID", 1, 1000), waybill=f"{ONE};No:{TWO}", confirmed_at=None,
                 status="卖家已发货，等待买家确认")  # fmt: skip
    take(books, *folder.both(order))
    return order


def asked(books: Books, sku: str) -> str:
    return str(books.do(decisions.open_case, NUMBER, kind=Kind.REFUND_ONLY, reason="B_MIND", lines=[sku]).number)


def standing(books: Books) -> dict[str, str]:
    return dict(books.rows("SELECT waybill, state FROM parcels"))


def test_what_was_intercepted_is_awaited_no_more(books: Books, folder: Folder) -> None:
    """两包在路上，点错了拦截：撤销后两单都不等，包裹不在账上；真退回来了照样收得下。"""
    out_there(books, folder)
    cup, lid = asked(books, "CUP"), asked(books, "LID")
    books.do(interceptions.intercept, cup, by=MANAGER)
    assert attached(books) == [(ONE, cup), (ONE, lid), (TWO, cup), (TWO, lid)]
    undone = books.do(undoing.undo, by=MANAGER)
    assert (undone.document()["undone"], attached(books)) == ("intercept", [])
    assert standing(books) == {ONE: "void", TWO: "void"}
    books.check()
    books.do(interceptions.intercept, cup, by=MANAGER)
    assert standing(books) == {ONE: "expected", TWO: "expected"}
    Table(books).scan(ONE)
    assert standing(books)[ONE] == "received"
    books.check()


def test_money_that_was_held_back_leaves_after_all(books: Books, folder: Folder) -> None:
    """没发货就同意退 50.00，又发出去了：拦截把打款撤下等货；拦截是点错的，撤销后又是一笔 50.00 待打款。"""
    books.hire()
    unsent = sold(NUMBER, ("CUP", 1, 5000), waybill="", confirmed_at=None, status="买家已付款，等待卖家发货")
    wish = asked_back("31", unsent, 5000, kind="仅退款", status=REQUESTED, goods="买家未收到货")
    take(books, *folder.both(unsent), folder.refunds(wish))
    books.do(decisions.approve, "31", by=MANAGER)
    money = "SELECT minor, state FROM payouts ORDER BY id"
    assert [tuple(row) for row in books.rows(money)] == [(5000, "due")]
    sent = sold(NUMBER, ("CUP", 1, 5000), waybill=ONE, confirmed_at=None, status="卖家已发货，等待买家确认")
    take(books, *folder.both(sent))
    books.do(interceptions.intercept, "31", by=MANAGER)
    assert [tuple(row) for row in books.rows(money)] == [(5000, "failed")]
    books.do(undoing.undo, by=MANAGER)
    assert [tuple(row) for row in books.rows(money)] == [(5000, "failed"), (5000, "due")]
    assert attached(books) == []
    books.check()


def test_once_a_parcel_came_it_stays(books: Books, folder: Folder) -> None:
    out_there(books, folder)
    cup = asked(books, "CUP")
    books.do(interceptions.intercept, cup, by=MANAGER)
    books.later(hours=1)
    Table(books).scan(TWO)
    with pytest.raises(Refused):
        books.do(undoing.undo, by=MANAGER)
    assert attached(books) == [(ONE, cup), (TWO, cup)]
    books.check()


def test_a_parcel_that_was_awaited_before_stays_awaited(books: Books, folder: Folder) -> None:
    out_there(books, folder)
    cup, lid = asked(books, "CUP"), asked(books, "LID")
    books.do(interceptions.intercept, cup, by=AGENT)
    books.do(decisions.withdraw, lid, by=AGENT)
    books.later(minutes=1)
    lid = asked(books, "LID")
    books.do(interceptions.intercept, lid, by=MANAGER)
    books.do(undoing.undo, by=MANAGER)
    assert [waybill for waybill, case in attached(books) if case == cup] == [ONE, TWO]
    assert lid not in dict(attached(books)).values()
    assert set(standing(books).values()) == {"expected"}
    books.check()


def test_nobody_undoes_another_s(books: Books, folder: Folder) -> None:
    out_there(books, folder)
    books.do(interceptions.intercept, asked(books, "CUP"), by=MANAGER)
    with pytest.raises(NotFound):
        books.do(undoing.undo, by=AGENT)
    assert table_undo(books) == "unknown", "nor a code at the bench"


def table_undo(books: Books) -> str:
    return Table(books).outcomes("RCMDUNDO")[-1]


def test_the_platform_is_told_only_of_what_was_asked(books: Books, folder: Folder) -> None:
    out_there(books, folder)
    cup = asked(books, "CUP")
    books.do(interceptions.intercept, cup, by=MANAGER)
    books.do(undoing.undo, by=MANAGER)
    books.later(hours=2)
    books.do(interceptions.intercept, cup, by=MANAGER)
    with opened(books.asked(), writes=False) as shop:
        parcel = parcels.parcel_of(shop, ONE)
        assert len(list(platform_account._intercepted(shop, lookup.case_of(shop, cup), parcel))) == 1
