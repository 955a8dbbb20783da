"""What was scanned or typed at a bench is taken back by a reversing entry, while nothing stands on it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from retcli.actions.cases import decisions, platform_list
from retcli.actions.money import payouts
from retcli.actions.warehouse import inspection, parcels
from retcli.errors import Refused
from retcli.rules.lifecycles import Kind
from retcli.views.warehouse.scans import ScanView
from tests.shopfloor import AGENT, MANAGER, OWNER, WAREHOUSE, Books
from tests.warehouse import Table, attached, returning, stock

ORDER, OTHER = "2850000000000000301", "2850000000000000302"
BACK, STRANGE = "YT5260493176849", "SF1234567890123"


@pytest.fixture
def table(books: Books) -> Table:
    books.hire()
    books.product("CUP", barcode="6901234567892")
    books.product("PEN")
    return Table(books)


def standing(books: Books) -> dict[str, str]:
    """The state of each parcel by its waybill."""
    return dict(books.rows("SELECT waybill, state FROM parcels"))


def counts(books: Books) -> dict[str, tuple[int, int]]:
    return {s: (c, i) for s, c, i in books.rows("SELECT sku, counted, inspected FROM parcel_counts WHERE counted > 0")}


def last(views: list[ScanView]) -> ScanView:
    return views[-1]


def test_each_code_is_written_down_with_what_came_of_it(table: Table) -> None:
    returning(table.books, ORDER, ("CUP", 2, 8000), waybill=BACK)
    table.scan(BACK, "CUP", "RCMDA", "CUP", "NOWHERE-1")
    rows = table.books.rows(
        "SELECT s.code, s.meaning, s.outcome, s.grade, a.kind FROM scans s LEFT JOIN acts a ON a.id = s.act_id"
        " ORDER BY s.id"
    )
    assert [tuple(row) for row in rows] == [
        (BACK, "parcel", "received", "", "receive"),
        ("CUP", "article", "counted", "", "pieces"),
        ("RCMDA", "command", "command", "A", None),
        ("CUP", "article", "inspected", "A", "pieces"),
        ("NOWHERE-1", "nothing", "unknown", "A", None),
    ]
    table.books.check()


def test_a_counted_piece_goes_out_of_the_stock_again(table: Table) -> None:
    returning(table.books, ORDER, ("CUP", 2, 8000), waybill=BACK)
    table.scan(BACK, "CUP", "CUP")
    view = last(table.scan("RCMDUNDO"))
    assert (view.outcome, counts(table.books), stock(table.books)) == (
        "undone", {"CUP": (1, 0)}, {("CUP", "pending"): 1})  # fmt: skip
    table.books.check()


def test_any_number_back_until_the_parcel_itself(table: Table) -> None:
    returning(table.books, ORDER, ("CUP", 2, 8000), ("PEN", 1, 500), waybill=BACK)
    table.scan(BACK, "RCMDA", "CUP", "RCMDB", "PEN", "CUP")
    for _ in range(3):
        assert last(table.scan("RCMDUNDO")).outcome == "undone"
    assert (counts(table.books), stock(table.books)) == ({}, {})
    assert standing(table.books) == {BACK: "received"}
    assert last(table.scan("RCMDUNDO")).outcome == "undone"
    assert (standing(table.books), table.bench.parcel) == ({BACK: "expected"}, "")
    assert last(table.scan("RCMDUNDO")).outcome == "unknown"
    table.books.check()
    # and all of it once more
    assert table.outcomes(BACK, "RCMDA", "CUP", "CUP", "PEN")[-1] == "inspected"
    assert stock(table.books) == {("CUP", "sellable"): 2, ("PEN", "sellable"): 1}
    table.books.check()


def test_a_grade_alone_is_taken_back_and_the_piece_waits_again(table: Table) -> None:
    returning(table.books, ORDER, ("CUP", 1, 8000), waybill=BACK)
    table.scan(BACK, "CUP", "RCMDC", BACK, "CUP")
    assert stock(table.books) == {("CUP", "defective"): 1}
    table.scan("RCMDUNDO")
    assert (counts(table.books), stock(table.books)) == ({"CUP": (1, 0)}, {("CUP", "pending"): 1})
    assert standing(table.books) == {BACK: "received"}
    table.books.check()


def test_a_piece_too_many_is_held_no_more(table: Table) -> None:
    returning(table.books, ORDER, ("CUP", 1, 8000), waybill=BACK)
    assert table.outcomes(BACK, "RCMDA", "CUP", "CUP")[-1] == "stop"
    table.scan("RCMDUNDO")
    assert stock(table.books) == {("CUP", "sellable"): 1}
    table.books.check()


def test_a_stranger_is_taken_out_and_comes_again(table: Table) -> None:
    table.scan(STRANGE)
    number = table.bench.parcel
    assert last(table.scan("RCMDUNDO")).outcome == "undone"
    assert standing(table.books) == {STRANGE: "void"}
    assert table.books.do(parcels.list_parcels, unclaimed=True).parcels == ()
    assert table.outcomes(STRANGE) == ["unclaimed"]
    assert (standing(table.books), table.bench.parcel) == ({STRANGE: "received"}, number)
    table.scan("RCMDUNDO")
    assert standing(table.books) == {STRANGE: "void"}
    table.books.check()


def test_a_parcel_taken_out_may_be_awaited_after_all(table: Table) -> None:
    table.scan(STRANGE, "RCMDUNDO")
    case = returning(table.books, ORDER, ("CUP", 1, 8000), waybill=STRANGE)
    assert standing(table.books) == {STRANGE: "expected"}
    assert last(table.scan(STRANGE)).cases == (case,)
    table.books.check()


def test_a_slip_read_by_mistake(table: Table) -> None:
    case = returning(table.books, ORDER, ("CUP", 1, 8000), waybill="")
    table.scan(STRANGE, "RCMDA", "CUP", case)
    assert attached(table.books) == [(STRANGE, case)]
    table.scan("RCMDUNDO")
    assert attached(table.books) == []
    table.books.check()


def test_a_refused_parcel_of_ours(table: Table) -> None:
    table.books.order(ORDER, ("CUP", 1, 8000), signed_at=None)
    case = table.books.do(decisions.open_case, ORDER, kind=Kind.REFUND_ONLY, reason="B_7D").number
    own = table.books.value("SELECT waybill FROM orders")
    assert last(table.scan(own)).cases == (case,)
    assert last(table.scan("RCMDUNDO")).outcome == "undone"
    assert (standing(table.books), attached(table.books)) == ({own: "void"}, [])
    assert last(table.scan(own)).cases == (case,)
    table.books.check()


def test_a_box_said_to_be_empty(table: Table) -> None:
    returning(table.books, ORDER, ("CUP", 1, 8000), waybill=BACK)
    table.scan(BACK, "RCMDEMPTY")
    assert standing(table.books) == {BACK: "inspected"}
    assert last(table.scan("RCMDUNDO")).outcome == "undone"
    assert standing(table.books) == {BACK: "received"}
    assert table.outcomes("RCMDA", "CUP")[-1] == "inspected"
    table.books.check()


def listed(books: Books) -> str:
    """A return that its platform listed and that somebody approved: its refund goes by a click once it is inspected."""
    case = returning(books, ORDER, ("CUP", 1, 8000), waybill=BACK)
    with_number = "UPDATE cases SET platform_number = '7001', platform_state = 'goods_sent', platform_status = 'x'"
    from retcli.database import engine

    with engine.engine(books.database).begin() as connection:
        connection.exec_driver_sql(with_number)
    books.tell()
    return case


def refunds(books: Books) -> list[str]:
    return [state for (state,) in books.rows("SELECT state FROM payouts WHERE kind = 'refund' ORDER BY id")]


def test_no_money_comes_of_a_piece_that_was_undone(table: Table) -> None:
    listed(table.books)
    table.scan(BACK, "RCMDA", "CUP")
    assert refunds(table.books) == ["due"]
    assert last(table.scan("RCMDUNDO")).outcome == "undone"
    assert refunds(table.books) == ["failed"]
    assert [tuple(row) for row in table.books.rows("SELECT state FROM platform_actions WHERE state = 'todo'")] == []
    with pytest.raises(Refused):
        table.books.do(payouts.refund, ORDER, by=MANAGER)
    table.scan("CUP")
    assert refunds(table.books) == ["failed", "due"]
    table.books.check()


def test_what_money_stands_on_stays(table: Table) -> None:
    case = listed(table.books)
    table.scan(BACK, "RCMDA", "CUP")
    table.books.do(platform_list.done, [case], by=AGENT)
    view = last(table.scan("RCMDUNDO"))
    payout = table.books.value("SELECT number FROM payouts")
    assert view.outcome == "stop"
    assert payout in view.message
    assert stock(table.books) == {("CUP", "sellable"): 1}
    table.books.check()


def test_what_goods_sent_again_stand_on_stays(table: Table) -> None:
    table.books.order(ORDER, ("CUP", 1, 8000))
    case = table.books.do(decisions.open_case, ORDER, kind=Kind.EXCHANGE, reason="B_7D", want=["PEN"]).number
    table.books.do(decisions.approve, case, by=OWNER)
    table.books.do(parcels.expect_by_hand, case, BACK)
    table.scan(BACK, "RCMDA", "CUP")
    table.books.do(decisions.ship, case, waybill="SF9900000000001", by=WAREHOUSE)
    view = last(table.scan("RCMDUNDO"))
    assert (view.outcome, case in view.message) == ("stop", True)
    table.books.check()


def test_what_came_after_is_named(table: Table) -> None:
    returning(table.books, ORDER, ("CUP", 2, 8000), waybill=BACK)
    table.scan(BACK)
    table.books.do(inspection.inspect, BACK, [inspection.parse_item("CUP=1:A")], by=MANAGER)
    view = last(table.scan("RCMDUNDO"))
    assert (view.outcome, MANAGER in view.message) == ("stop", True)
    assert standing(table.books) == {BACK: "inspected"}


def test_two_benches_take_back_their_own(table: Table) -> None:
    returning(table.books, ORDER, ("CUP", 2, 8000), waybill=BACK)
    other = Table(table.books)
    table.bench.session, other.bench.session = "a", "b"
    table.scan(BACK, "RCMDA", "CUP")
    other.scan(BACK, BACK, "RCMDC", "RCMDPENDING")
    assert last(other.scan("RCMDUNDO")).outcome == "unknown"
    assert last(table.scan("RCMDUNDO")).outcome == "undone"
    assert stock(table.books) == {}


def test_the_reversal_is_history(table: Table) -> None:
    returning(table.books, ORDER, ("CUP", 1, 8000), waybill=BACK)
    table.scan(BACK, "CUP", "RCMDUNDO")
    acts: list[Any] = table.books.rows("SELECT kind, reverses_id FROM acts WHERE session <> '' ORDER BY id")
    assert [kind for kind, _ in acts][-3:] == ["receive", "pieces", "undo_pieces"]
    actions = [a for (a,) in table.books.rows("SELECT action FROM events WHERE subject LIKE 'PK%' ORDER BY seq")]
    assert actions[-2:] == ["uncount", "undo"]
    moves = table.books.rows("SELECT source, target, quantity FROM stock_moves ORDER BY id")
    assert [tuple(move) for move in moves] == [("", "pending", 1), ("pending", "", 1)]
    assert json.loads(table.books.value("SELECT did FROM acts WHERE kind = 'pieces'"))["steps"]


def test_an_arrival_taken_back_leaves_a_case_as_open_as_it_was(table: Table) -> None:
    """同意过、退件在途，后来拒绝：售后单还开着。误扫这个包裹再撤销，仍旧开着，不会顺手完结。"""
    case = returning(table.books, ORDER, ("CUP", 2, 8000), waybill=BACK)
    table.books.do(decisions.reject, case, because="超期", by=MANAGER)
    table.books.later(minutes=1)
    filing = "SELECT filing FROM cases"
    assert table.books.value(filing) == "open"
    assert last(table.scan(BACK, "RCMDUNDO")).outcome == "undone"
    assert (table.books.value(filing), standing(table.books)) == ("open", {BACK: "expected"})
    table.books.check()
