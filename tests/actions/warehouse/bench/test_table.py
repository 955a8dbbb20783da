"""What lies on the table: pieces read again, pieces left ungraded, surplus, and our own waybill that came back."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from retcli.actions.cases import case_cards, decisions
from retcli.actions.warehouse import inspection, parcel_candidates, parcels
from retcli.actions.warehouse.bench.benches import Bench
from retcli.errors import Refused
from retcli.models import Barcode
from retcli.rules.lifecycles import Kind
from retcli.transaction import opened
from tests import warehouse
from tests.shopfloor import NOON, WAREHOUSE, Books
from tests.warehouse import Table, stock

ONE, TWO = "2850000000000000091", "2850000000000000092"
BACK, OTHER, CARTON = "YT5260493176849", "YT1252110038258", "16901234567899"

returning = partial(warehouse.returning, waybill=BACK)


@pytest.fixture
def table(books: Books) -> Table:
    books.hire()
    return Table(books)


def counts(books: Books) -> list[tuple[str, int, int]]:
    return [tuple(row) for row in books.rows("SELECT sku, counted, inspected FROM parcel_counts ORDER BY sku")]


# surplus


@pytest.mark.parametrize("item", ["TS-L=1:A", "TS-L=1:C", "TS-L=1:D", "TS-L=3:A"])
@pytest.mark.parametrize("regrade", [True, False])
def test_surplus_stays_held_whatever_grade_is_said(table: Table, item: str, regrade: bool) -> None:
    books = table.books
    case = returning(books, ONE, ("TS-L", 2, 11980))
    said = table.scan(BACK, "RCMDA", "TS-L", "TS-L", "TS-L")
    assert said[4].outcome == "stop"
    assert "--regrade" not in said[4].message
    assert f"retcli parcel match {said[4].parcel}" in said[4].message
    if item in {"TS-L=1:C", "TS-L=1:D"}:
        books.do(inspection.inspect, case, [inspection.parse_item(item)], regrade=regrade)
        other = inspection.parse_item(item).disposition
        assert stock(books) == {("TS-L", "sellable"): 1, ("TS-L", str(other)): 1, ("TS-L", "held"): 1}
    else:
        with pytest.raises(Refused):
            books.do(inspection.inspect, case, [inspection.parse_item(item)], regrade=regrade)
        assert stock(books) == {("TS-L", "sellable"): 2, ("TS-L", "held"): 1}
    books.check()


def test_surplus_is_refused_by_its_name(table: Table) -> None:
    books = table.books
    returning(books, ONE, ("TS-L", 2, 11980))
    number = table.scan(BACK, "RCMDA", "TS-L", "TS-L", "TS-L")[4].parcel
    with pytest.raises(Refused, match="no case waits for") as refused:
        books.do(inspection.inspect, number, [inspection.parse_item("TS-L=3:A")], regrade=True)
    assert refused.value.hint == f"retcli parcel match {number}"


def test_surplus_of_another_case_gets_its_grade_once_the_parcel_is_matched_with_it(table: Table) -> None:
    books = table.books
    first = returning(books, ONE, ("TS-L", 2, 11980))
    second = returning(books, TWO, ("TS-L", 1, 5490), waybill=OTHER)
    number = table.scan(BACK, "RCMDA", "TS-L", "TS-L", "TS-L")[4].parcel
    with opened(books.asked(WAREHOUSE), writes=False) as shop:
        found = parcel_candidates.candidates(shop, number)
    assert [each.case for each in found.candidates] == [second], "the case that it has is none that it may belong to"
    books.do(parcels.match, number, second)
    assert stock(books) == {("TS-L", "sellable"): 3}
    with opened(books.asked(), writes=False) as shop:
        assert [[line.accepted for line in case_cards.show(shop, case).lines] for case in (first, second)] == [[2], [1]]
    books.check()


def test_surplus_takes_the_place_of_a_piece_that_turns_out_to_be_wrong(table: Table) -> None:
    books = table.books
    case = returning(books, ONE, ("TS-L", 2, 11980))
    table.scan(BACK, "RCMDA", "TS-L", "TS-L", "TS-L")
    books.do(inspection.inspect, case, [inspection.parse_item("TS-L=1:X")], more=True)
    assert stock(books) == {("TS-L", "sellable"): 2, ("TS-L", "held"): 2}
    books.do(inspection.inspect, case, [inspection.parse_item("TS-L=3:X")], regrade=True)
    assert stock(books) == {("TS-L", "sellable"): 1, ("TS-L", "held"): 3}
    books.do(inspection.inspect, case, [inspection.parse_item("TS-L=1:A")], regrade=True)
    assert stock(books) == {("TS-L", "sellable"): 2, ("TS-L", "held"): 2}, "the case still waited for one"
    books.check()


# pieces read again


@pytest.mark.parametrize("again", [BACK, "own number"])
def test_a_piece_that_waits_for_inspection_is_no_second_one_when_its_parcel_is_read_again(
    table: Table, again: str
) -> None:
    books = table.books
    returning(books, ONE, ("TS-L", 1, 5490))
    number = table.scan(BACK, "TS-L")[0].parcel
    said = table.scan(number if again == "own number" else BACK, "TS-L")
    assert [view.outcome for view in said] == ["duplicate", "duplicate"]
    assert "TS-L×1" in said[0].message
    assert "piece 1 of 1 was counted before" in said[1].message
    assert counts(books) == [("TS-L", 1, 0)]
    assert table.outcomes("TS-L") == ["stop"], "one more is one more"
    assert counts(books) == [("TS-L", 2, 1)]
    books.check()


def test_the_next_day_the_pieces_are_read_anew_and_graded(table: Table) -> None:
    books = table.books
    returning(books, ONE, ("TS-L", 3, 16470))
    table.scan(BACK, "TS-L", "TS-L")
    table.bench = Bench()
    assert table.outcomes(BACK, "TS-L", "RCMDC", "TS-L", "RCMDA", "TS-L", "TS-L") == [
        "duplicate", "duplicate", "command", "inspected", "command", "inspected", "inspected",
    ]  # fmt: skip
    assert counts(books) == [("TS-L", 3, 3)]
    assert stock(books) == {("TS-L", "defective"): 1, ("TS-L", "sellable"): 2}
    books.check()


def test_a_piece_that_was_graded_is_no_surplus_when_its_parcel_is_read_again(table: Table) -> None:
    books = table.books
    returning(books, ONE, ("TS-L", 1, 5490))
    assert table.outcomes(BACK, "RCMDA", "TS-L", BACK, "TS-L") == [
        "received", "command", "inspected", "duplicate", "duplicate",
    ]  # fmt: skip
    assert (counts(books), stock(books)) == ([("TS-L", 1, 1)], {("TS-L", "sellable"): 1})
    assert table.outcomes("RCMDNEXT", BACK, "RCMDA", "TS-L", "TS-L")[3:] == ["duplicate", "stop"]
    books.check()


def test_a_carton_read_again_adds_only_what_was_not_counted(table: Table) -> None:
    books = table.books
    returning(books, ONE, ("TS-L", 8, 43920))
    books.product("TS-L")
    with opened(books.asked()) as shop:
        shop.add(Barcode(code=CARTON, sku="TS-L", pieces=6))
    table.scan(BACK, "TS-L", "TS-L")
    assert table.outcomes(BACK, CARTON, "TS-L") == ["duplicate", "counted", "counted"]
    assert counts(books) == [("TS-L", 7, 0)]
    books.check()


def test_two_benches_that_read_one_parcel_in_turn_make_no_third_piece(table: Table) -> None:
    """两把枪轮流扫同一箱的两只：第二把枪读到的都是点过的，不会变出第三只。"""
    books, second = table.books, Table(table.books)
    returning(books, ONE, ("TS-L", 2, 10980))
    table.scan(BACK, "RCMDA", "TS-L")
    assert second.outcomes(BACK, "RCMDA", "TS-L") == ["duplicate", "command", "duplicate"]
    assert table.outcomes("TS-L") == ["inspected"]
    again = second.scan("TS-L")[0]
    assert (again.outcome, "piece 2 of 2 was counted before" in again.message) == ("duplicate", True)
    assert (counts(books), stock(books)) == ([("TS-L", 2, 2)], {("TS-L", "sellable"): 2})
    assert second.outcomes("TS-L") == ["stop"], "one more than both have read is one more"
    books.check()


def test_what_the_second_bench_counted_first_is_not_new_to_the_first(table: Table) -> None:
    books, second = table.books, Table(table.books)
    returning(books, ONE, ("TS-L", 2, 10980))
    table.scan(BACK, "TS-L")
    assert second.outcomes(BACK, "TS-L", "TS-L") == ["duplicate", "duplicate", "counted"]
    assert table.outcomes("TS-L", "TS-L") == ["duplicate", "stop"]
    assert counts(books) == [("TS-L", 3, 1)]
    books.check()


def test_what_lay_in_a_box_before_is_not_read_again_in_the_next(table: Table) -> None:
    books = table.books
    returning(books, ONE, ("TS-L", 2, 10980), waybill="JD0123456789012")
    outcomes = table.outcomes("JD0123456789012-1-2-", "TS-L", "JD0123456789012-2-2-", "TS-L", "TS-L")
    assert outcomes == ["received", "counted", "received", "counted", "stop"]


def test_what_was_counted_in_one_parcel_is_forgotten_at_the_next(table: Table) -> None:
    books = table.books
    returning(books, ONE, ("TS-L", 2, 10980))
    case = returning(books, TWO, ("TS-L", 2, 10980), waybill=OTHER)
    assert case
    assert table.outcomes(BACK, "TS-L", BACK, OTHER, "TS-L")[3:] == ["received", "counted"]


# a table that is closed


@pytest.mark.parametrize("closing", ["RCMDNEXT", OTHER, "JT1234567890123"])
def test_who_closes_a_table_hears_of_pieces_that_have_no_grade(table: Table, closing: str) -> None:
    books = table.books
    returning(books, ONE, ("TS-L", 2, 11980), ("CUP", 1, 800))
    returning(books, TWO, ("TS-L", 1, 5490), waybill=OTHER)
    number = table.scan(BACK, "TS-L", "TS-L", "CUP")[0].parcel
    (said,) = table.scan(closing)
    assert said.left == (
        f"{number}: CUP×1, TS-L×2 not inspected yet:"
        f" retcli parcel inspect {number} --item CUP=1:‹grade› --item TS-L=2:‹grade›"
    )
    assert said.document()["message"] == f"{said.message}\n{said.left}"
    assert said.sound == "look"


def test_the_end_leaves_it_to_the_list_that_follows(table: Table) -> None:
    returning(table.books, ONE, ("TS-L", 2, 11980))
    assert table.scan(BACK, "TS-L", "RCMDEND")[-1].left == "", "else it stood there twice"


@pytest.mark.parametrize("at", [9.0, None])
def test_the_next_waybill_says_what_is_missing_in_the_parcel_before(table: Table, at: float | None) -> None:
    """应有 3 件、只扫 1 件，直接扫下一个运单号：照样收件，但说清少 2 件、怎么记。"""
    returning(table.books, ONE, ("TS-L", 3, 11980))
    returning(table.books, TWO, ("TS-L", 1, 5490), waybill=OTHER)
    number = table.scan(BACK, "RCMDA", "TS-L")[0].parcel
    (said,) = table.scan(OTHER, at=at)
    assert said.left == f"{number}: 2 pieces missing: TS-L×2. Not in it? Scan {BACK}, then RCMDSHORT"
    assert (said.outcome, said.sound) == ("received", "look")
    (back, noted) = table.scan(BACK, "RCMDSHORT")
    assert (back.left, noted.outcome) == ("", "command"), "of a parcel that nobody opened nothing is said"
    assert table.scan(OTHER)[0].left == "", "it was noted"


def test_a_noted_lack_that_is_taken_back_is_told_again(table: Table) -> None:
    returning(table.books, ONE, ("TS-L", 3, 11980))
    table.scan(BACK, "RCMDA", "TS-L", "RCMDSHORT", "RCMDUNDO")
    assert "2 pieces missing" in table.scan(OTHER)[0].left


def test_who_was_asked_about_a_lack_hears_of_it_once(table: Table) -> None:
    returning(table.books, ONE, ("TS-L", 2, 11980))
    table.scan(BACK, "RCMDA", "TS-L")
    asked, left = (table.scan("RCMDNEXT", at=at)[0] for at in (9.0, 10.0))
    assert (asked.outcome, left.outcome, left.left) == ("stop", "command", "")


@pytest.mark.parametrize("codes", [(BACK,), (BACK, "RCMDEMPTY"), ("RCMDRECEIVE", BACK), (BACK, "RCMDA", "RCMDALL")])
def test_nothing_is_said_of_parcels_that_nobody_opened_or_that_are_whole(table: Table, codes: tuple[str, ...]) -> None:
    returning(table.books, ONE, ("TS-L", 2, 11980))
    table.scan(*codes)
    assert table.scan(OTHER)[0].left == ""


def test_a_table_whose_pieces_all_have_a_grade_is_closed_without_a_word(table: Table) -> None:
    returning(table.books, ONE, ("TS-L", 1, 5490))
    said = table.scan(BACK, "TS-L", "RCMDA", "TS-L", "RCMDNEXT")
    assert (said[4].message, said[4].left, said[4].sound) == ("next parcel", "", "ok")


# our own waybill


def outbound(books: Books, number: str) -> str:
    return str(books.value("SELECT waybill FROM orders WHERE number = :n", n=number))


@pytest.mark.parametrize("signed_by", ["confirmed", "carrier"])
@pytest.mark.parametrize("with_case", [True, False])
def test_our_own_waybill_of_goods_that_the_buyer_had_is_not_called_undelivered(
    table: Table, signed_by: str, with_case: bool
) -> None:
    books = table.books
    books.order(ONE, ("TS-L", 1, 5490), signed_at=NOON - timedelta(days=2))
    with opened(books.asked()) as shop:
        shop.session.execute(sa.text("UPDATE orders SET signed_by = :by"), {"by": signed_by})
    case = books.do(decisions.open_case, ONE, kind=Kind.RETURN, reason="B_7D").number if with_case else ""
    asked, said = table.scan(*[outbound(books, ONE)] * 2)
    assert asked.outcome == "stop"
    assert "undelivered" not in f"{asked.message}{said.message}"
    assert "the buyer had the goods since 2026-11-07" in said.message
    assert (said.outcome, said.case) == (("received", case) if with_case else ("unclaimed", ""))
    assert '"refused"' not in books.value("SELECT payload FROM events WHERE subject = :s AND action = 'open'",
                                          s=said.parcel)  # fmt: skip
    with opened(books.asked(), writes=False) as shop:
        reasons = [text for each in parcel_candidates.candidates(shop, said.parcel).candidates for text in each.because]
    assert not [text for text in reasons if "undelivered" in text]


def test_goods_sent_again_that_the_buyer_had_are_not_called_undelivered(table: Table) -> None:
    books = table.books
    books.order(TWO, ("TS-L", 1, 5490))
    books.product("TS-L")
    case = books.do(decisions.open_case, TWO, kind=Kind.EXCHANGE, reason="SZ_FIT", want=["TS-L"]).number
    books.do(decisions.approve, case)
    books.do(parcels.expect_by_hand, case, BACK)
    books.do(inspection.inspect, BACK, [inspection.parse_item("TS-L=1:A")])
    books.do(decisions.ship, case, waybill=OTHER)
    with opened(books.asked()) as shop:
        shop.session.execute(sa.text("UPDATE replacements SET state = 'delivered'"))
    asked, said = table.scan(OTHER, OTHER)
    assert (asked.outcome, said.outcome, said.case) == ("stop", "received", case)
    assert "undelivered" not in f"{asked.message}{said.message}"
