"""A refused parcel without a case: no more of it is sold anew than its order had sent."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from retcli.actions.cases import case_cards, decisions
from retcli.actions.warehouse import inspection, parcel_candidates, parcels
from retcli.errors import Refused
from retcli.models import OrderWaybill
from retcli.rules.lifecycles import Kind
from retcli.transaction import opened
from tests.shopfloor import Books
from tests.warehouse import Table, returning, stock

ONE, TWO = "2850000000000000051", "2850000000000000052"
OURS, SECOND, BACK, AGAIN = f"SF{ONE[-12:]}", "SF1620041173377", "YT5260493176849", "YT1252110038258"


@pytest.fixture
def table(books: Books) -> Table:
    books.hire()
    for sku in ("CUP", "BOWL"):
        books.product(sku)
    return Table(books)


def test_a_second_cup_of_an_order_of_one_is_held(table: Table) -> None:
    books = table.books
    books.order(ONE, ("CUP", 1, 800), signed_at=None)
    said = table.scan(OURS, "RCMDA", "CUP", "CUP")
    assert [view.outcome for view in said] == ["unclaimed", "command", "inspected", "stop"]
    assert ONE in said[3].message
    assert stock(books) == {("CUP", "sellable"): 1, ("CUP", "held"): 1}
    with pytest.raises(Refused, match=ONE):
        books.do(inspection.inspect, said[0].parcel, [inspection.parse_item("CUP=2:A")], regrade=True)
    books.check()


def test_what_the_order_never_had_is_held(table: Table) -> None:
    table.books.order(ONE, ("CUP", 1, 800), signed_at=None)
    assert table.outcomes(OURS, "RCMDA", "BOWL", "CUP")[2:] == ["stop", "inspected"]
    assert stock(table.books) == {("CUP", "sellable"): 1, ("BOWL", "held"): 1}


def test_pieces_typed_at_the_desk_are_held_to_the_same(table: Table) -> None:
    books = table.books
    books.order(ONE, ("CUP", 1, 800), signed_at=None)
    number = table.scan(OURS)[0].parcel
    with pytest.raises(Refused, match=ONE):
        books.do(inspection.inspect, number, [inspection.parse_item("CUP=2:A")])
    books.do(inspection.inspect, number, [inspection.parse_item("CUP=2:A")], more=True)
    assert stock(books) == {("CUP", "sellable"): 1, ("CUP", "held"): 1}
    books.check()


def test_over_an_order_s_parcels_its_pieces_count_once(table: Table) -> None:
    """Two cups in two parcels: the first holds both, so that the second has no place for one."""
    books = table.books
    books.order(ONE, ("CUP", 2, 1600), signed_at=None)
    with opened(books.asked()) as shop:
        order = shop.session.scalar(sa.text("SELECT id FROM orders"))
        shop.add(OrderWaybill(order_id=order, waybill=SECOND))
    assert table.outcomes(OURS, "RCMDA", "CUP", "CUP", SECOND, "CUP")[2:] == [
        "inspected", "inspected", "unclaimed", "stop",
    ]  # fmt: skip
    assert stock(books) == {("CUP", "sellable"): 2, ("CUP", "held"): 1}


def test_a_piece_that_came_back_for_a_case_is_back(table: Table) -> None:
    books = table.books
    returning(books, ONE, ("CUP", 1, 800), waybill=BACK)
    returning(books, TWO, ("BOWL", 1, 900), waybill=AGAIN)
    table.scan(BACK, "RCMDA", "CUP")
    with opened(books.asked()) as shop:
        shop.session.execute(sa.text("UPDATE cases SET decision = 'withdrawn' WHERE id = 1"))
    assert table.outcomes(OURS, OURS, "CUP") == ["stop", "unclaimed", "stop"]  # no old box: it is read once more
    assert stock(books) == {("CUP", "sellable"): 1, ("CUP", "held"): 1}


def test_a_piece_sent_again_may_come_back_too(table: Table) -> None:
    """One cup sent, and one again: under the second waybill one has its place, a second one never went out in it."""
    books = table.books
    books.order(ONE, ("CUP", 1, 800))
    case = books.do(decisions.open_case, ONE, kind=Kind.RESEND, reason="W_SHORT").number
    books.do(decisions.approve, case)
    books.do(decisions.ship, case, waybill=AGAIN)
    assert table.outcomes(AGAIN, "RCMDA", "CUP")[2:] == ["inspected"]
    assert stock(books)["CUP", "sellable"] == 1
    assert table.outcomes("CUP") == ["stop"]


def test_of_a_parcel_of_nobody_any_pieces_are_counted(table: Table) -> None:
    assert table.outcomes(SECOND, "RCMDA", "CUP", "CUP", "BOWL")[2:] == ["inspected"] * 3


def test_a_wrong_piece_is_told_from_one_too_many(table: Table) -> None:
    books = table.books
    returning(books, ONE, ("CUP", 1, 800), waybill=BACK)
    said = table.scan(BACK, "RCMDA", "BOWL")
    assert "is not in this order" in said[2].message


def test_a_piece_whose_place_is_taken_says_where_the_other_lies(table: Table) -> None:
    books = table.books
    case = returning(books, ONE, ("CUP", 1, 800), waybill=BACK)
    books.do(parcels.expect_by_hand, case, AGAIN)
    said = table.scan(BACK, "RCMDA", "CUP", AGAIN, "CUP")
    assert said[4].outcome == "stop"
    assert f"the order's 1 is in {BACK} already" in said[4].message
    assert stock(books) == {("CUP", "sellable"): 1, ("CUP", "held"): 1}


def test_a_refused_parcel_given_to_its_refund_says_what_should_lie_in_it(table: Table) -> None:
    """未妥投退回、归入仅退款的包裹，和买家退的一样先说应有什么。"""
    books = table.books
    books.order(ONE, ("CUP", 1, 800), ("BOWL", 2, 900), signed_at=None)
    books.do(decisions.open_case, ONE, kind=Kind.REFUND_ONLY, reason="B_MIND", lines=["CUP"])
    (said,) = table.scan(OURS)
    assert said.outcome == "received"
    assert "expected: CUP×1" in said.message
    assert "BOWL×2" in said.message


@pytest.mark.parametrize("refund", [True, False])
def test_what_is_held_in_it_is_another_order_s_case_s(table: Table, refund: bool) -> None:
    """未妥投退回的箱里混进别的单要退的碗：归给那张售后单，可售 1，钱可以退；本单的杯子仍缺。"""
    books = table.books
    books.order(ONE, ("CUP", 1, 800), signed_at=None)
    own = books.do(decisions.open_case, ONE, kind=Kind.REFUND_ONLY, reason="B_MIND").number if refund else ""
    case = returning(books, TWO, ("BOWL", 1, 4000), waybill="")
    number = table.scan(OURS, "RCMDA", "BOWL", "RCMDEND")[0].parcel
    assert stock(books) == {("BOWL", "held"): 1}
    fitting = books.do(parcel_candidates.candidates, number).candidates
    assert [candidate.case for candidate in fitting if candidate.order != ONE] == [case]
    books.do(parcels.match, number, case)
    assert stock(books) == {("BOWL", "sellable"): 1}
    shown = books.do(case_cards.show, case)
    assert (shown.stage, shown.due.minor, shown.lines[0].accepted) == ("to_pay", 4000, 1)
    if own:
        assert books.do(case_cards.show, own).lines[0].accepted == 0
    table.scan(OURS, "RCMDA", "BOWL", "CUP", "CUP")
    expected = {("BOWL", "sellable"): 1, ("CUP", "sellable"): 1, ("CUP", "held"): 1}
    assert not own or stock(books) == expected
    books.check()


def test_its_own_goods_are_no_other_order_s(table: Table) -> None:
    books = table.books
    books.order(ONE, ("CUP", 1, 800), signed_at=None)
    case = returning(books, TWO, ("CUP", 1, 800), waybill="")
    number = table.scan(OURS, "RCMDA", "CUP", "RCMDEND")[0].parcel
    assert case not in [candidate.case for candidate in books.do(parcel_candidates.candidates, number).candidates]
    with pytest.raises(Refused, match=ONE):
        books.do(parcels.match, number, case)
