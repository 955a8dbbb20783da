"""The last thing that somebody did is taken back by `undo`, while nothing stands on it, and says what stands on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from retcli.actions.cases import case_cards, changes, contacts, decisions, platform_list, undoing
from retcli.actions.insight import exports
from retcli.actions.money import payout_steps, payouts
from retcli.actions.shop import orders, staff
from retcli.actions.warehouse import detaching, inspection, parcels
from retcli.errors import NotFound, Refused
from retcli.rules.lifecycles import Kind, Role
from tests.shopfloor import AGENT, MANAGER, OWNER, WAREHOUSE, Books
from tests.warehouse import Table, attached, stock

ORDER, WAYBILL = "2850000000000000311", "YT5260493176849"


@pytest.fixture
def case(books: Books) -> str:
    """A return that is asked for, by itself."""
    books.hire()
    books.product("CUP")
    books.order(ORDER, ("CUP", 2, 8000))
    number: str = books.do(decisions.open_case, ORDER, kind=Kind.RETURN, reason="B_7D").number
    books.later(minutes=1)
    return number


def undo(books: Books, by: str = AGENT) -> Any:
    books.later(seconds=1)
    done = books.do(undoing.undo, by=by)
    books.check()
    books.later(seconds=1)
    return done


def shown(books: Books, case: str) -> dict[str, Any]:
    document: dict[str, Any] = books.do(case_cards.show, case).document()["case"]
    return document


def test_a_note_with_its_reason(books: Books, case: str) -> None:
    books.do(contacts.note, case, "打过电话", reason="Q_FUNC", by=AGENT)
    view = undo(books)
    assert (view.document()["undone"], view.subject) == ("note", case)
    assert (shown(books, case)["notes"], shown(books, case)["reason"]["set"]) == ([], "")


def test_a_contact_and_a_flag_with_its_words(books: Books, case: str) -> None:
    books.do(contacts.flag, case, "yellow", by=AGENT)
    books.later(seconds=5)
    books.do(contacts.flag, case, "red", because="急", by=AGENT)
    books.later(seconds=5)
    books.do(contacts.contact, case, way="phone", result="reached", by=AGENT)
    undo(books)
    assert shown(books, case)["contacts"] == 0
    undo(books)
    assert (shown(books, case)["flag"], shown(books, case)["notes"]) == ("yellow", [])
    undo(books)
    assert not shown(books, case)["flag"]
    with pytest.raises(NotFound):
        undo(books)


def test_a_case_goes_back_to_whom_it_was_taken_from(books: Books, case: str) -> None:
    books.do(changes.assign, [case], to=MANAGER, by=AGENT)
    undo(books)
    assert shown(books, case)["owner"] == OWNER
    books.do(changes.assign, [case], to=MANAGER, by=AGENT)
    books.later(seconds=5)
    books.do(changes.assign, [case], to=OWNER, by=MANAGER)
    with pytest.raises(Refused, match=MANAGER):
        undo(books)


def test_an_approval_without_payout(books: Books, case: str) -> None:
    books.do(decisions.approve, case, by=AGENT)
    undo(books)
    assert shown(books, case)["decision"] == "requested"
    books.do(decisions.approve, case, by=AGENT)
    books.later(seconds=5)
    books.do(parcels.expect_by_hand, case, WAYBILL, by=WAREHOUSE)
    books.do(inspection.inspect, case, [inspection.parse_item("CUP=2:A")], by=WAREHOUSE)
    payout = books.do(payouts.refund, case, by=MANAGER).number
    books.do(payout_steps.step, payout, "send", by=MANAGER)
    with pytest.raises(Refused, match=payout):
        undo(books)


def test_only_within_ten_minutes(books: Books, case: str) -> None:
    books.do(contacts.note, case, "打过电话", by=AGENT)
    books.later(minutes=10)
    with pytest.raises(Refused, match="10"):
        undo(books)


def test_what_is_not_taken_back_is_not_passed_over(books: Books, case: str) -> None:
    books.do(contacts.note, case, "打过电话", by=AGENT)
    books.later(seconds=5)
    books.do(decisions.reject, case, because="超期", by=AGENT)
    with pytest.raises(Refused, match=case):
        undo(books)
    assert len(shown(books, case)["notes"]) == 1


def test_a_workbook_written_and_an_address_looked_at_since(books: Books, case: str, tmp_path: Path) -> None:
    books.do(contacts.note, case, "打过电话", by=OWNER)
    books.later(seconds=5)
    books.do(orders.show, ORDER, reveal=True, because="要寄补发件", by=OWNER)
    books.do(exports.note, books.do(exports.reconciliation, "2026-11", tmp_path, by=OWNER), by=OWNER)
    books.later(seconds=5)
    undo(books, OWNER)
    assert shown(books, case)["notes"] == []


def test_what_was_done_since_is_shown_by_the_next_step(books: Books, case: str) -> None:
    books.do(parcels.expect_by_hand, case, WAYBILL, by=OWNER)
    books.later(seconds=5)
    books.do(decisions.reject, case, because="超期", by=OWNER)
    with pytest.raises(Refused) as refused:
        undo(books, OWNER)
    assert (refused.value.hint, refused.value.where) == (f"retcli case show {case}", {"subject": case})
    books.order("2850000000000000312", ("PEN", 1, 500))
    books.do(staff.add, "小周", Role.AGENT, by=OWNER)
    with pytest.raises(Refused) as refused:
        undo(books, OWNER)
    assert refused.value.hint == "retcli today"


def test_a_click_that_no_import_has_seen(books: Books, case: str) -> None:
    from retcli.database import engine

    with engine.engine(books.database).begin() as connection:
        connection.exec_driver_sql("UPDATE cases SET platform_number = '7001', platform_state = 'requested'")
    books.tell()
    books.do(decisions.approve, case, by=AGENT)
    books.later(seconds=5)
    books.do(platform_list.done, [case], by=AGENT)
    undo(books)
    assert [tuple(row) for row in books.rows("SELECT state, done_at FROM platform_actions")] == [("todo", None)]
    undo(books)
    assert shown(books, case)["decision"] == "requested"


def test_inspections_with_what_they_corrected(books: Books, case: str) -> None:
    books.do(decisions.approve, case, by=MANAGER)
    books.do(parcels.expect_by_hand, case, WAYBILL, by=WAREHOUSE)
    books.later(seconds=5)
    books.do(inspection.inspect, case, [inspection.parse_item("CUP=2:A")], by=WAREHOUSE)
    books.later(seconds=5)
    books.do(inspection.inspect, case, [inspection.parse_item("CUP=1:C")], reason="Q_FUNC", regrade=True, by=WAREHOUSE)
    assert stock(books) == {("CUP", "sellable"): 1, ("CUP", "defective"): 1}
    undo(books, WAREHOUSE)
    assert (stock(books), shown(books, case)["reason"]["verified"]) == ({("CUP", "sellable"): 2}, "")
    undo(books, WAREHOUSE)
    assert (stock(books), books.value("SELECT state FROM parcels")) == ({}, "expected")


def test_parcels_matched_taken_off_and_awaited(books: Books, case: str) -> None:
    Table(books).scan(WAYBILL)
    books.later(seconds=5)
    books.do(parcels.match, WAYBILL, case, by=AGENT)
    books.later(seconds=5)
    books.do(detaching.detach, WAYBILL, because="搭错了", by=AGENT)
    undo(books)
    assert attached(books) == [(WAYBILL, case)]
    undo(books)
    assert attached(books) == []
    books.do(parcels.expect_by_hand, case, "SF1444444444444", by=AGENT)
    undo(books)
    assert books.value("SELECT state FROM parcels WHERE waybill = 'SF1444444444444'") == "void"
    assert attached(books) == []


def test_goods_said_to_have_left(books: Books) -> None:
    books.hire()
    books.order(ORDER, ("CUP", 2, 8000))
    case = books.do(decisions.open_case, ORDER, kind=Kind.RESEND, reason="L_LOST").number
    books.do(decisions.approve, case, by=OWNER)
    books.later(seconds=5)
    drawn = books.value("SELECT SUM(units) FROM draws")
    books.do(decisions.ship, case, waybill="SF1999999999999", by=WAREHOUSE)
    undo(books, WAREHOUSE)
    assert [tuple(row) for row in books.rows("SELECT state, waybill FROM replacements")] == [("due", "")]
    assert books.value("SELECT SUM(units) FROM draws") == drawn
    books.do(decisions.ship, case, waybill="SF1999999999998", by=WAREHOUSE)
    assert [w for (w,) in books.rows("SELECT waybill FROM replacements")] == ["SF1999999999998"]
    books.check()


def test_finance_takes_nothing_back_here(books: Books, case: str) -> None:
    with pytest.raises(Refused):
        undo(books, "财务")
