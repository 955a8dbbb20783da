"""A parcel that is given to a case for which nothing lies in it, and goods of a case that was turned down."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from retcli.actions.cases import decisions
from retcli.actions.warehouse import inspection, parcels
from retcli.errors import Refused
from retcli.rules.lifecycles import Kind
from retcli.views.casefile.cases import CaseView
from tests.shopfloor import WAREHOUSE, Books
from tests.warehouse import Table, attached, returning, stock

ONE, TWO = "2850000000000000051", "2850000000000000052"
BACK, STRANGER = "YT5260493176849", "YT1252110038258"


@pytest.fixture
def table(books: Books) -> Table:
    books.hire()
    for sku in ("CUP", "MUG", "LAMP"):
        books.product(sku)
    return Table(books)


@pytest.mark.parametrize("known", [True, False], ids=["another order's", "nobody's"])
def test_a_parcel_in_which_nothing_fits_is_not_taken_without_a_word(table: Table, *, known: bool) -> None:
    """马克杯那一包是另一单的：等保温杯的售后单不收它；真是一起寄回的，写明原因再对。"""
    books = table.books
    case = returning(books, ONE, ("CUP", 1, 5990), waybill="")
    other = returning(books, TWO, ("MUG", 1, 4000), waybill=BACK if known else "")
    (parcel, *_rest) = table.scan(BACK, "RCMDA", "MUG")
    with pytest.raises(Refused) as refused:
        books.do(parcels.match, parcel.parcel, case, by=WAREHOUSE)
    assert refused.value.hint == f"retcli parcel match {parcel.parcel} {case} --because TEXT"
    text = f"Nothing in {parcel.parcel} is what {case} waits for (CUP): it holds MUG"
    assert str(refused.value.message) == (f"{text}, and is order {TWO}'s" if known else text)
    assert attached(books) == ([(BACK, other)] if known else [])
    books.do(parcels.match, parcel.parcel, case, because="两单一起寄回", by=WAREHOUSE)
    assert (BACK, case) in attached(books)
    books.check()


def test_what_is_the_case_s_is_taken_as_before(table: Table) -> None:
    books = table.books
    case = returning(books, ONE, ("CUP", 1, 5990), waybill="")
    (parcel, *_rest) = table.scan(STRANGER, "RCMDA", "CUP", "MUG")
    books.do(parcels.match, parcel.parcel, case, by=WAREHOUSE)
    books.check()


@pytest.mark.parametrize("turned", [decisions.reject, decisions.withdraw])
def test_goods_of_a_case_that_was_turned_down_are_not_sold(table: Table, turned: Callable[..., CaseView]) -> None:
    """拒绝了的退货寄到了：是买家的东西，等人定，不进可售。"""
    books = table.books
    case = returning(books, ONE, ("CUP", 1, 5990), waybill=BACK)
    books.do(turned, case, because="已使用")
    said = table.scan(BACK, "RCMDA", "CUP")
    assert [view.outcome for view in said] == ["stop", "command", "stop"]
    assert (said[0].exit_code, said[0].sound) == (3, "stop")
    assert books.value("SELECT state FROM parcels") == "inspected"
    assert f"{case} was turned down" in said[0].message
    assert stock(books) == {("CUP", "held"): 1}
    with pytest.raises(Refused):
        books.do(inspection.inspect, BACK, [inspection.parse_item("CUP=1:A")], regrade=True)
    books.check()


def test_goods_of_a_case_that_is_taken_up_again_have_their_grade(table: Table) -> None:
    books = table.books
    case = returning(books, ONE, ("CUP", 1, 5990), waybill=BACK)
    books.do(decisions.withdraw, case)
    table.scan(BACK, "RCMDA", "CUP")
    books.do(decisions.reopen, case)
    assert stock(books) == {("CUP", "sellable"): 1}
    books.check()


@pytest.mark.parametrize("first", ["CUP", "LAMP"])
def test_all_of_the_order_comes_back_in_its_own_parcel(table: Table, first: str) -> None:
    """只退保温杯、拦截：包裹里同一单的台灯和赠品也是本单的货，不算多件；两个台灯才算。"""
    books = table.books
    books.order(ONE, ("CUP", 1, 5990), ("LAMP", 1, 10000), ("GIFT", 1, 0), signed_at=None)
    books.product("GIFT")
    books.do(decisions.open_case, ONE, kind=Kind.REFUND_ONLY, reason="B_MIND", lines=["CUP"])
    own = f"SF{ONE[-12:]}"
    said = table.scan(own, "RCMDA", first, "GIFT", *({"CUP", "LAMP"} - {first}), "LAMP")
    assert [view.outcome for view in said] == ["received", "command", *["inspected"] * 3, "stop"]
    sellable = {(sku, "sellable"): 1 for sku in ("CUP", "LAMP", "GIFT")}
    assert stock(books) == sellable | {("LAMP", "held"): 1}
    books.check()


@pytest.mark.parametrize("turned", [decisions.reject, decisions.withdraw])
def test_a_case_that_waits_for_nothing_takes_a_parcel_with_a_reason_only(
    table: Table, turned: Callable[..., CaseView]
) -> None:
    books = table.books
    case = returning(books, ONE, ("CUP", 1, 5990), waybill="")
    books.do(turned, case, because="已使用")
    number = table.scan(STRANGER, "CUP")[0].parcel
    with pytest.raises(Refused, match="waits for no goods") as refused:
        books.do(parcels.match, number, case, by=WAREHOUSE)
    assert refused.value.hint == f"retcli parcel match {number} {case} --because TEXT"
    assert attached(books) == []
    books.do(parcels.match, number, case, because="买家还是寄回来了", by=WAREHOUSE)
    assert attached(books) == [(STRANGER, case)]
    books.check()


def test_a_parcel_that_nobody_knows_needs_a_person(table: Table) -> None:
    assert [view.exit_code for view in table.scan(STRANGER, "CUP", "RCMDNEXT", "HELLO")] == [3, 0, 0, 3]
