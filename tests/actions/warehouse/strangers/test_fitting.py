"""A stranger goes to its case by itself only where that is sure, at every door, and that is taken back."""

from __future__ import annotations

import pytest

from retcli.actions.cases import decisions, undoing
from retcli.actions.insight import today
from retcli.actions.warehouse import detaching, parcels
from retcli.actions.warehouse.strangers import cards, fitting, labels
from retcli.errors import Refused
from retcli.rules.lifecycles import Kind
from retcli.transaction import opened
from retcli.views.warehouse.parcels import Fitted
from tests.shopfloor import WAREHOUSE, Books
from tests.warehouse import Table, attached, returning, stock

ONE, TWO = "2850000000000000061", "2850000000000000062"
STRANGER, BACK = "SF1620041173366", "YT9000000000022"


@pytest.fixture
def table(books: Books) -> Table:
    books.hire()
    for sku in ("TS-L", "CUP"):
        books.product(sku)
    return Table(books)


def sent(number: str) -> str:
    return f"SF{number[-12:]}"


def matched(books: Books) -> list[Fitted]:
    """What another import gives to cases."""
    with opened(books.asked()) as shop:
        return [fitted for each in fitting.seem_sure(shop) if (fitted := fitting.match_again(shop, each))]


def test_what_the_label_says_takes_it_to_its_case_and_undo_takes_both_back(table: Table) -> None:
    """旧面单 60 + 货全对 30 = 90，没有第二个：自动归单，说清楚；撤销后面单和归单都退回。"""
    books = table.books
    case = returning(books, ONE, ("TS-L", 1, 5490), waybill="")
    number = table.scan(STRANGER, "RCMDA", "TS-L")[0].parcel
    view = books.do(labels.label, number, old_waybill=sent(ONE), by=WAREHOUSE)
    assert view.cases == (case,)
    assert view.fitted is not None
    assert (view.fitted.score, view.fitted.cases) == (90, (case,))
    assert f"retcli parcel detach {number} --because TEXT" in view.fitted.sentence()
    assert stock(books) == {("TS-L", "sellable"): 1}
    books.check()
    books.do(undoing.undo, by=WAREHOUSE)
    assert (attached(books), stock(books)) == ([], {("TS-L", "unclaimed"): 1})
    label = books.do(cards.show, number).label
    assert label is not None
    assert label.old_waybill == ""
    books.check()


def test_a_box_with_the_goods_of_two_cases_of_one_order_goes_to_both(table: Table) -> None:
    """一单两件，淘宝分两张售后单，装在一个箱子里：旧面单 60 + 货全对 30 = 90，两单都归；撤销两单都退回。"""
    books = table.books
    books.order(ONE, ("TS-L", 1, 5490), ("CUP", 1, 900))
    cases = [books.do(decisions.open_case, ONE, kind=Kind.RETURN, reason="B_7D", lines=[sku]).number
             for sku in ("TS-L", "CUP")]  # fmt: skip
    for case in cases:
        books.do(decisions.approve, case)
    number = table.scan(STRANGER, "TS-L", "CUP")[0].parcel
    view = books.do(labels.label, number, old_waybill=sent(ONE), by=WAREHOUSE)
    assert view.fitted is not None
    assert (view.fitted.score, view.fitted.cases) == (90, tuple(cases))
    assert attached(books) == [(STRANGER, case) for case in cases]
    books.check()
    books.do(undoing.undo, by=WAREHOUSE)
    assert attached(books) == []
    books.check()


def test_a_second_that_is_near_leaves_it_to_a_person(table: Table) -> None:
    """同一个人两单一样的货：尾号 30 + 货 30 + 天数 10 + 城市 10 = 80，另一个也是 80：不自动归。"""
    books = table.books
    returning(books, ONE, ("TS-L", 1, 5490), waybill="", phone_tail="1111", address="浙江省杭州市")
    returning(books, TWO, ("TS-L", 1, 5490), waybill="", phone_tail="1111", address="浙江省杭州市")
    number = table.scan(STRANGER, "TS-L")[0].parcel
    books.later(days=5)
    view = books.do(labels.label, number, phone_tail="1111", city="杭州", by=WAREHOUSE)
    assert (view.cases, view.fitted) == ((), None)


def test_another_telephone_number_leaves_it_to_a_person(table: Table) -> None:
    """旧面单是别人的箱子：尾号对不上，90 分也不自动归。"""
    books = table.books
    returning(books, ONE, ("TS-L", 1, 5490), waybill="", phone_tail="1111")
    number = table.scan(STRANGER, "TS-L")[0].parcel
    view = books.do(labels.label, number, old_waybill=sent(ONE), phone_tail="5678", by=WAREHOUSE)
    assert (view.cases, view.fitted) == ((), None)


@pytest.mark.parametrize(("buyer", "goes"), [("", True), ("卫五", False)], ids=["nobody else", "another buyer"])
def test_a_telephone_number_that_another_buyer_shares_is_not_theirs_alone(table: Table, buyer: str, goes: bool) -> None:
    """尾号 40 + 货 30 + 天数 10 = 80，自动归；别的买家（没有售后）的订单尾号也是 0101：只有 70，不归。"""
    books = table.books
    returning(books, ONE, ("TS-L", 1, 5490), waybill="", phone_tail="0101", buyer="褚四")
    if buyer:
        books.order(TWO, ("TS-L", 1, 5490), phone_tail="0101", buyer=buyer)
    number = table.scan(STRANGER, "TS-L")[0].parcel
    books.later(days=5)
    view = books.do(labels.label, number, phone_tail="0101", by=WAREHOUSE)
    assert bool(view.fitted) == goes


def test_a_sender_of_another_name_leaves_it_to_a_person(table: Table) -> None:
    """旧面单 60 + 货 30 = 90，但寄件人写的是卫五，买家是褚四。"""
    books = table.books
    returning(books, ONE, ("TS-L", 1, 5490), waybill="", receiver="褚四")
    number = table.scan(STRANGER, "TS-L")[0].parcel
    assert not books.do(labels.label, number, old_waybill=sent(ONE), sender="卫五", by=WAREHOUSE).fitted


def test_a_case_whose_parcel_is_on_its_way_takes_no_other_by_itself(table: Table) -> None:
    """买家在平台填的退货单号还没到：90 分的无主件也不自动归，真的那个到了照常验。"""
    books = table.books
    case = returning(books, ONE, ("TS-L", 1, 5490), waybill=BACK)
    number = table.scan(STRANGER, "TS-L")[0].parcel
    assert not books.do(labels.label, number, old_waybill=sent(ONE), by=WAREHOUSE).fitted
    assert table.scan("RCMDNEXT", BACK, "RCMDA", "TS-L")[-1].outcome == "inspected"
    assert attached(books) == [(BACK, case)]


def test_one_whose_goods_are_all_here_gets_no_second_parcel(table: Table) -> None:
    books = table.books
    case = returning(books, ONE, ("TS-L", 1, 5490), waybill=BACK)
    table.scan(BACK, "TS-L", "RCMDNEXT")
    number = table.scan(STRANGER, "TS-L")[0].parcel
    assert books.do(labels.label, number, old_waybill=sent(ONE), by=WAREHOUSE).cases == ()
    assert attached(books) == [(BACK, case)]


def test_other_goods_than_those_awaited_keep_it_here(table: Table) -> None:
    books = table.books
    returning(books, ONE, ("TS-L", 1, 5490), waybill="", phone_tail="5678")
    number = table.scan(STRANGER, "CUP")[0].parcel
    assert books.do(labels.label, number, old_waybill=sent(ONE), phone_tail="5678", by=WAREHOUSE).cases == ()


def test_orders_and_refunds_that_come_later_find_it(table: Table) -> None:
    """先到货，后导入：再导入一次就归上，今天里有一行。"""
    books = table.books
    number = table.scan(STRANGER, "TS-L")[0].parcel
    books.do(labels.label, number, old_waybill=sent(ONE), by=WAREHOUSE)
    assert matched(books) == []
    case = returning(books, ONE, ("TS-L", 1, 5490), waybill="")
    assert [(each.parcel, each.cases, each.score) for each in matched(books)] == [(number, (case,), 90)]
    assert attached(books) == [(STRANGER, case)]
    assert matched(books) == []
    assert books.do(today.today).matched == 1
    books.later(days=2)
    assert books.do(today.today).matched == 0
    books.check()


def test_what_a_person_took_off_does_not_go_there_again(table: Table) -> None:
    books = table.books
    number = table.scan(STRANGER, "TS-L")[0].parcel
    books.do(labels.label, number, old_waybill=sent(ONE), by=WAREHOUSE)
    returning(books, ONE, ("TS-L", 1, 5490), waybill="")
    assert matched(books)
    books.do(detaching.detach, number, because="不是他的", by=WAREHOUSE)
    assert matched(books) == []
    books.check()


@pytest.mark.parametrize("goods", [[], ["TS-L"]])
def test_refused_goods_under_a_new_waybill_are_found_by_the_old_number(table: Table, goods: list[str]) -> None:
    """拒收件换了面单：旧单号是没签收的那单，直接归到等着的退款。"""
    books = table.books
    books.order(ONE, ("TS-L", 1, 5490), signed_at=None)
    case = books.do(decisions.open_case, ONE, kind=Kind.REFUND_ONLY, reason="B_MIND").number
    number = table.scan(STRANGER, *goods)[0].parcel
    view = books.do(labels.label, number, old_waybill=sent(ONE), by=WAREHOUSE)
    assert view.cases == (case,)
    assert view.fitted is not None
    assert view.fitted.undelivered
    books.check()


def test_refused_goods_with_others_in_the_box_are_asked_about(table: Table) -> None:
    books = table.books
    books.order(ONE, ("TS-L", 1, 5490), signed_at=None)
    books.do(decisions.open_case, ONE, kind=Kind.REFUND_ONLY, reason="B_MIND")
    number = table.scan(STRANGER, "CUP")[0].parcel
    assert books.do(labels.label, number, old_waybill=sent(ONE), by=WAREHOUSE).cases == ()


def test_a_case_is_opened_for_it_in_one_piece_of_work(table: Table) -> None:
    books = table.books
    books.order(ONE, ("TS-L", 1, 5490), ("CUP", 1, 900))
    number = table.scan(STRANGER, "RCMDA", "TS-L")[0].parcel
    case = books.do(decisions.open_case, ONE, parcel="无主-001", kind=Kind.RETURN, reason="B_7D", lines=["TS-L"]).number
    assert attached(books) == [(STRANGER, case)]
    assert stock(books) == {("TS-L", "sellable"): 1}
    with pytest.raises(Refused):
        books.do(decisions.open_case, ONE, parcel=number, kind=Kind.ALLOWANCE, reason="I_PRICE", amount=100)
    with pytest.raises(Refused):
        books.do(decisions.open_case, ONE, parcel=number, kind=Kind.RETURN, reason="B_7D", lines=["CUP"])
    assert books.value("SELECT COUNT(*) FROM cases") == 1, "what is refused opens none"
    books.check()


def test_those_that_wait_longest_are_listed_alone(table: Table) -> None:
    books = table.books
    old = table.scan(STRANGER)[0].parcel
    books.later(days=3)
    table.scan("SF1620041173399")
    assert len(books.do(parcels.list_parcels, unclaimed=True).parcels) == 2
    assert [each.number for each in books.do(parcels.list_parcels, unclaimed=True, older=3).parcels] == [old]
