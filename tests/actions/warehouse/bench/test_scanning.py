"""The scan loop: slips, refused parcels, stops, bounces, cartons, and findings that are taken back."""

from __future__ import annotations

from functools import partial

import pytest
import sqlalchemy as sa

from retcli.actions.cases import case_cards, decisions
from retcli.actions.money import payout_steps, payouts
from retcli.actions.warehouse import inspection, parcels
from retcli.commands.terminal import scan_loop
from retcli.errors import Refused
from retcli.models import Barcode
from retcli.rules.lifecycles import Kind
from retcli.transaction import opened
from tests import warehouse
from tests.shopfloor import MANAGER, WAREHOUSE, Books
from tests.warehouse import Table, stock

ONE, TWO = "2850000000000000081", "2850000000000000082"
BACK, BARCODE, UPC = "YT5260493176849", "6901234567892", "036000291452"

returning = partial(warehouse.returning, waybill=BACK)


@pytest.fixture
def table(books: Books) -> Table:
    books.hire()
    return Table(books)


def accepted(books: Books, case: str) -> list[tuple[int, int]]:
    """Received and accepted pieces of each line."""
    with opened(books.asked(), writes=False) as shop:
        return [(line.received, line.accepted) for line in case_cards.show(shop, case).lines]


# a slip is never a piece


@pytest.mark.parametrize("sku", ["TS-L", ""])
def test_an_order_number_on_a_slip_is_no_piece(table: Table, sku: str) -> None:
    """A one-line order of Taobao has its own number for its sub-order's."""
    case = returning(table.books, ONE, (sku, 1, 5490))
    with opened(table.books.asked()) as shop:
        shop.session.execute(sa.text("UPDATE order_lines SET number = :number"), {"number": ONE})
    said = table.scan(BACK, "RCMDA", ONE)
    assert [view.outcome for view in said] == ["received", "command", "duplicate"]
    assert (said[2].case, said[2].message) == (case, "slip of the parcel on the table")
    assert (stock(table.books), accepted(table.books, case)) == ({}, [(0, 0)])
    with pytest.raises(Refused):
        table.books.do(payouts.refund, case)


def test_an_order_without_a_case_is_neither_a_parcel_nor_a_piece(table: Table) -> None:
    returning(table.books, ONE, ("TS-L", 1, 5490))
    table.books.order(TWO, ("TS-L", 1, 900))
    assert table.outcomes(BACK, "RCMDA", TWO) == ["received", "command", "unknown"]
    assert table.books.value("SELECT COUNT(*) FROM parcels") == 1
    assert table.bench.parcel, "the parcel stays on the table"


@pytest.mark.parametrize("by_order", [True, False])
def test_a_slip_of_another_case_gives_the_parcel_no_second_one(table: Table, by_order: bool) -> None:
    books = table.books
    mine = returning(books, ONE, ("TS-L", 1, 5490))
    other = returning(books, TWO, ("CUP", 1, 800), waybill="YT1252110038258")
    books.product("CUP")
    said = table.scan(BACK, "RCMDA", TWO if by_order else other, "CUP", mine, BACK, "TS-L")
    outcomes = ["received", "command", "stop", "stop", "duplicate", "duplicate", "inspected"]
    assert [view.outcome for view in said] == outcomes, "only the label says that the pieces are this parcel's"
    assert other in said[2].message
    assert mine in said[2].message
    assert "Scan the waybill" in said[2].message
    assert (said[2].case, said[2].exit_code) == (mine, 3)
    assert (accepted(books, mine), accepted(books, other)) == ([(1, 1)], [(0, 0)])
    assert books.value("SELECT COUNT(*) FROM parcel_cases") == 2
    with pytest.raises(Refused):
        books.do(payouts.refund, other)
    books.check()


def test_a_slip_attaches_a_parcel_without_a_case_once(table: Table) -> None:
    case = returning(table.books, ONE, ("TS-L", 1, 5490), waybill="YT1252110038258")
    said = table.scan(BACK, ONE, case)
    assert [view.outcome for view in said] == ["unclaimed", "received", "duplicate"]
    assert said[1].message == f"the parcel belongs to {case} now"
    assert table.books.value("SELECT COUNT(*) FROM parcel_cases") == 2


# our own outbound waybill


def outbound(books: Books, number: str) -> str:
    return str(books.value("SELECT waybill FROM orders WHERE number = :n", n=number))


def test_a_refused_parcel_is_one_of_its_own_whatever_lies_on_the_table(table: Table) -> None:
    books = table.books
    first = returning(books, ONE, ("TS-L", 1, 5490))
    books.order(TWO, ("TS-L", 1, 5490), signed_at=None)
    second = books.do(decisions.open_case, TWO, kind=Kind.REFUND_ONLY, reason="L_REJECT").number
    said = table.scan(BACK, outbound(books, TWO), "RCMDA", "TS-L")
    assert [view.outcome for view in said] == ["received", "received", "command", "inspected"]
    assert said[0].parcel != said[1].parcel == said[3].parcel
    assert (said[1].case, said[3].case) == (second, second)
    assert accepted(books, first) == [(0, 0)], "nothing of it has been opened"
    assert books.rows(
        "SELECT c.number, p.waybill FROM parcel_cases x JOIN cases c ON c.id = x.case_id JOIN parcels p"
        " ON p.id = x.parcel_id ORDER BY 1"
    ) == [(first, BACK), (second, outbound(books, TWO))]
    assert table.outcomes(outbound(books, TWO)) == ["duplicate"]
    books.check()


def test_a_refused_parcel_on_an_empty_table_is_no_unknown_code(table: Table) -> None:
    table.books.order(TWO, ("TS-L", 1, 5490), signed_at=None)
    (said,) = table.scan(f"No: {outbound(table.books, TWO)}")
    assert (said.outcome, said.case) == ("unclaimed", "")
    assert TWO in said.message
    assert table.books.value("SELECT waybill FROM parcels") == outbound(table.books, TWO)


def test_a_finished_allowance_takes_no_parcel(table: Table) -> None:
    books = table.books
    returning(books, ONE, ("TS-L", 1, 5490))
    books.order(TWO, ("TS-L", 1, 5490), signed_at=None)
    books.product("TS-L")
    case = books.do(decisions.open_case, TWO, kind=Kind.ALLOWANCE, reason="N_AGREE", amount=100).number
    books.do(decisions.reject, case, because="no")
    books.do(decisions.finish, case)
    said = table.scan(BACK, outbound(books, TWO), "RCMDA", "TS-L")
    assert [view.outcome for view in said] == ["received", "unclaimed", "command", "inspected"]
    assert books.value("SELECT COUNT(*) FROM parcel_cases") == 1
    assert table.outcomes(TWO) == ["unknown"], "its slip claims nothing either"


def test_goods_sent_again_that_come_back_are_no_return(table: Table) -> None:
    books = table.books
    books.order(TWO, ("TS-L", 1, 5490))
    books.product("TS-L")
    case = books.do(decisions.open_case, TWO, kind=Kind.EXCHANGE, reason="SZ_FIT", want=["TS-L"]).number
    books.do(decisions.approve, case)
    books.do(parcels.expect_by_hand, case, BACK)
    books.do(inspection.inspect, BACK, [inspection.parse_item("TS-L=1:A")])
    books.do(decisions.ship, case, waybill="No: yt1252110038258")
    said = table.scan("YT1252110038258", "RCMDA", "TS-L")
    assert [view.outcome for view in said] == ["received", "command", "inspected"]
    assert said[0].case == case
    assert books.value("SELECT COUNT(*) FROM parcel_cases") == 1
    assert accepted(books, case) == [(1, 1)]
    books.check()


# a stop, and a bounce


def test_a_piece_more_than_the_case_waits_for_is_held_and_opens_no_money(table: Table) -> None:
    books = table.books
    case = returning(books, ONE, ("TS-L", 2, 11980))
    said = table.scan(BACK, "RCMDA", "TS-L", "TS-L", "TS-L")
    assert [view.outcome for view in said[2:]] == ["inspected", "inspected", "stop"]
    assert said[4].exit_code == 3
    assert "held" in said[4].message
    assert stock(books) == {("TS-L", "sellable"): 2, ("TS-L", "held"): 1}
    assert accepted(books, case) == [(2, 2)]
    books.check()
    number = said[4].parcel
    with pytest.raises(Refused, match="no case waits for them"):
        books.do(inspection.inspect, number, [inspection.parse_item("TS-L=1:A")], regrade=True)
    assert stock(books) == {("TS-L", "sellable"): 2, ("TS-L", "held"): 1}, "what is nobody's is nobody's to sell"
    books.check()


def test_pieces_that_are_only_counted_stop_too(table: Table) -> None:
    returning(table.books, ONE, ("TS-L", 1, 5490))
    assert table.outcomes(BACK, "TS-L", "TS-L") == ["received", "counted", "stop"]
    assert stock(table.books) == {("TS-L", "pending"): 1, ("TS-L", "held"): 1}
    table.books.check()


def test_goods_of_another_order_are_held(table: Table) -> None:
    case = returning(table.books, ONE, ("TS-L", 1, 5490))
    table.books.product("CUP")
    assert table.outcomes(BACK, "RCMDA", "CUP") == ["received", "command", "stop"]
    assert stock(table.books) == {("CUP", "held"): 1}
    assert accepted(table.books, case) == [(0, 0)]


def test_over_two_parcels_of_one_case_the_pieces_are_counted_together(table: Table) -> None:
    case = returning(table.books, ONE, ("TS-L", 2, 11980))
    table.books.do(parcels.expect_by_hand, case, "YT1252110038258")
    codes = (BACK, "RCMDA", "TS-L", "YT1252110038258", "RCMDA", "TS-L", "TS-L")
    assert table.outcomes(*codes)[2:] == ["inspected", "received", "command", "inspected", "stop"]
    assert accepted(table.books, case) == [(2, 2)]


def test_the_same_piece_within_a_moment_is_a_bounce_at_a_terminal_only(table: Table) -> None:
    returning(table.books, ONE, ("TS-L", 2, 11980), ("CUP", 2, 800))
    table.scan(BACK, "RCMDA")
    outcomes = []
    for code, at in (("TS-L", 10.0), ("TS-L", 10.2), ("ts-l", 10.49), ("CUP", 10.5), ("TS-L", 10.6), ("CUP", 11.0)):
        outcomes += [view.outcome for view in table.scan(code, at=at)]
    assert outcomes == ["inspected", "duplicate", "duplicate", "inspected", "inspected", "inspected"]
    assert stock(table.books) == {("TS-L", "sellable"): 2, ("CUP", "sellable"): 2}


def test_a_bounce_is_told_by_the_moments_of_reading_however_long_the_work_takes(table: Table) -> None:
    returning(table.books, ONE, ("TS-L", 3, 11980))
    loop = scan_loop.ScanLoop(
        table.books.asked(WAREHOUSE),
        iter([(BACK, 1.0), ("RCMDA", 2.0), ("TS-L", 10.0), ("TS-L", 13.0), ("TS-L", 13.1)]),
        live=True,
        sound="none",
    )
    outcomes = [view.outcome for view in loop.views()]
    assert outcomes == ["received", "command", "inspected", "inspected", "duplicate"]
    assert stock(table.books) == {("TS-L", "sellable"): 2}


def test_from_a_pipe_nothing_bounces(table: Table) -> None:
    returning(table.books, ONE, ("TS-L", 2, 11980))
    assert table.outcomes(BACK, "RCMDA", "TS-L", "TS-L")[2:] == ["inspected", "inspected"]


# barcodes


def labelled(books: Books, *labels: tuple[str, str, int]) -> None:
    for sku in dict.fromkeys(sku for _code, sku, _n in labels):
        books.product(sku)
    with opened(books.asked()) as shop:
        for code, sku, pieces in labels:
            shop.add(Barcode(code=code, sku=sku, pieces=pieces))


@pytest.mark.parametrize("typed", ["0036000291452", UPC, "00036000291452", "(01)00036000291452", "]C10100036000291452"])
def test_a_barcode_is_known_in_every_form(table: Table, typed: str) -> None:
    returning(table.books, ONE, ("TS-L", 1, 5490))
    labelled(table.books, (UPC, "TS-L", 1))
    assert table.outcomes(BACK, "RCMDA", typed)[2] == "inspected"


def test_a_misread_barcode_is_unknown(table: Table) -> None:
    returning(table.books, ONE, ("TS-L", 1, 5490))
    labelled(table.books, (UPC, "TS-L", 1))
    assert table.outcomes(BACK, "RCMDA", "036000291453")[2] != "inspected"
    assert stock(table.books) == {}


def test_of_two_articles_with_one_barcode_the_parcel_decides(table: Table) -> None:
    returning(table.books, ONE, ("TS-NEW", 1, 5490))
    labelled(table.books, (BARCODE, "TS-OLD", 1), (BARCODE, "TS-NEW", 1))
    assert table.outcomes(BACK, "RCMDA", BARCODE)[2] == "inspected"
    assert stock(table.books) == {("TS-NEW", "sellable"): 1}


def test_where_the_parcel_does_not_decide_the_person_is_asked(table: Table) -> None:
    returning(table.books, ONE, ("TS-NEW", 1, 5490), ("TS-OLD", 1, 5490))
    labelled(table.books, (BARCODE, "TS-OLD", 1), (BARCODE, "TS-NEW", 1))
    said = table.scan(BACK, "RCMDA", BARCODE, "ts-old")
    assert (said[2].outcome, said[2].exit_code) == ("unknown", 3)
    assert "TS-OLD" in said[2].message
    assert "TS-NEW" in said[2].message
    assert said[3].outcome == "inspected"
    assert stock(table.books) == {("TS-OLD", "sellable"): 1}


def test_a_carton_is_its_pieces(table: Table) -> None:
    case = returning(table.books, ONE, ("TS-L", 8, 11980))
    labelled(table.books, (BARCODE, "TS-L", 1), ("16901234567899", "TS-L", 6))
    assert table.outcomes(BACK, "RCMDA", "16901234567899", BARCODE)[2:] == ["inspected", "inspected"]
    assert accepted(table.books, case) == [(7, 7)]
    assert table.outcomes("16901234567899") == ["stop"]
    assert stock(table.books) == {("TS-L", "sellable"): 8, ("TS-L", "held"): 5}
    table.books.check()


# a finding taken back


def test_a_grade_corrected_makes_no_second_piece(table: Table) -> None:
    books = table.books
    case = returning(books, ONE, ("TS-L", 2, 11980))
    books.do(inspection.inspect, case, [inspection.parse_item("TS-L=1:A")])
    view = books.do(inspection.inspect, case, [inspection.parse_item("TS-L=1:C")])
    assert [(move["from"], move["to"]) for move in view.moves] == [("sellable", "pending"), ("pending", "defective")]
    assert stock(books) == {("TS-L", "defective"): 1}
    assert accepted(books, case) == [(1, 1)]
    assert books.rows("SELECT quantity, grade, reverses_id FROM inspections ORDER BY id") == [
        (1, "A", None), (-1, "A", 1), (1, "C", None)
    ]  # fmt: skip
    assert books.do(payouts.refund, case, by=MANAGER).money.minor == 5990, "one piece's money"
    books.check()


def test_a_new_piece_is_scanned_or_said_to_be_one(table: Table) -> None:
    books = table.books
    case = returning(books, ONE, ("TS-L", 2, 11980))
    books.do(inspection.inspect, case, [inspection.parse_item("TS-L=1:A")])
    for items in (["TS-L=1:A"], ["TS-L=2:A"], ["TS-L=2:C"]):
        with pytest.raises(Refused, match="pieces of TS-L"):
            books.do(inspection.inspect, case, [inspection.parse_item(item) for item in items])
    books.do(inspection.inspect, case, [inspection.parse_item("TS-L=1:C")], more=True)
    assert stock(books) == {("TS-L", "sellable"): 1, ("TS-L", "defective"): 1}
    assert accepted(books, case) == [(2, 2)]
    books.check()


def test_what_waits_is_graded_before_what_was_graded(table: Table) -> None:
    books = table.books
    case = returning(books, ONE, ("TS-L", 3, 11980))
    table.scan(BACK, "RCMDA", "TS-L", "RCMDPENDING", "TS-L")
    books.do(inspection.inspect, case, [inspection.parse_item("TS-L=1:C")])
    assert stock(books) == {("TS-L", "sellable"): 1, ("TS-L", "defective"): 1}
    table.scan("TS-L")
    books.do(inspection.inspect, case, [inspection.parse_item("TS-L=1:C")], regrade=True)
    assert stock(books) == {("TS-L", "pending"): 1, ("TS-L", "defective"): 2}
    books.check()


def test_a_part_of_a_finding_is_taken_back(table: Table) -> None:
    books = table.books
    case = returning(books, ONE, ("TS-L", 3, 12000))
    books.do(inspection.inspect, case, [inspection.parse_item("TS-L=3:A")])
    books.do(inspection.inspect, case, [inspection.parse_item("TS-L=1:D")])
    assert stock(books) == {("TS-L", "sellable"): 2, ("TS-L", "scrapped"): 1}
    books.do(
        inspection.inspect, case, [inspection.parse_item("TS-L=2:C"), inspection.parse_item("TS-L=1:D")], regrade=True
    )
    assert stock(books) == {("TS-L", "defective"): 2, ("TS-L", "scrapped"): 1}
    assert accepted(books, case) == [(3, 3)]
    books.check()


def test_whether_a_piece_is_of_the_order_is_a_fact_also_once_it_is_paid(table: Table) -> None:
    books = table.books
    case = returning(books, ONE, ("TS-L", 1, 5490))
    books.do(inspection.inspect, case, [inspection.parse_item("TS-L=1:X")])
    assert accepted(books, case) == [(1, 0)]
    books.do(inspection.inspect, case, [inspection.parse_item("TS-L=1:A")])
    assert accepted(books, case) == [(1, 1)]
    payout = books.do(payouts.refund, case, by=MANAGER)
    books.do(payout_steps.step, payout.number, "confirm", by=MANAGER)
    books.do(inspection.inspect, case, [inspection.parse_item("TS-L=1:X")])
    assert (stock(books), accepted(books, case)) == ({("TS-L", "held"): 1}, [(1, 0)])
    assert books.do(case_cards.show, case).stage == "to_recover"
    books.do(inspection.inspect, case, [inspection.parse_item("TS-L=1:C")])
    assert (stock(books), accepted(books, case)) == ({("TS-L", "defective"): 1}, [(1, 1)])
    assert books.do(case_cards.show, case).stage == "to_finish"
    books.check()


def test_more_than_the_case_waits_for_is_typed_with_a_word_for_it(table: Table) -> None:
    books = table.books
    case = returning(books, ONE, ("TS-L", 2, 11980))
    with pytest.raises(Refused, match="wait for 2"):
        books.do(inspection.inspect, case, [inspection.parse_item("TS-L=500:A")])
    books.do(inspection.inspect, case, [inspection.parse_item("TS-L=500:A")], more=True)
    assert stock(books) == {("TS-L", "sellable"): 2, ("TS-L", "held"): 498}
    assert accepted(books, case) == [(2, 2)]
    books.check()


def test_a_mobile_number_is_a_stop_and_no_parcel(table: Table) -> None:
    (said,) = table.scan("139 8765 4321")
    assert (said.outcome, said.code, said.exit_code) == ("stop", "139****4321", 3)
    assert "looks like a phone number, not a waybill" in said.message
    assert table.books.value("SELECT COUNT(*) FROM parcels") == 0


def test_a_mobile_number_that_stands_as_a_waybill_is_found_and_shown_without_its_middle(table: Table) -> None:
    returning(table.books, ONE, ("TS-L", 1, 5490), waybill=BACK)
    with opened(table.books.asked()) as shop:
        shop.session.execute(sa.text("UPDATE parcels SET waybill = '13987654321'"))
    assert table.outcomes("13987654321") == ["received"]
    (parcel,) = table.books.do(parcels.list_parcels).parcels
    assert parcel.waybill == "139****4321"
