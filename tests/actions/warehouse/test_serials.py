"""The serial number of a piece: written on its finding, reversed with it, and coming back once."""

from __future__ import annotations

from pathlib import Path

import pytest

from retcli.actions.cases import case_cards, decisions, undoing
from retcli.actions.cases.disputes import evidence_pack
from retcli.actions.warehouse import inspection, parcels
from retcli.actions.warehouse.bench import scanning
from retcli.errors import Refused, WrongCommand
from retcli.views.cases.account import Graded
from retcli.views.cases.account_statement import graded_text
from retcli.views.warehouse.scans import ScanView
from tests.shopfloor import MANAGER, WAREHOUSE, Books
from tests.warehouse import Table, returning, stock

ORDER, OTHER = "2850000000000000401", "2850000000000000402"
BACK, NEXT = "YT5260493176849", "SF1620041173366"
IMEI, SECOND = "356938035643809", "SN-20A7/01"


class Terminal(Table):
    """Somebody at a terminal who scans a code a second."""

    seconds = 0.0

    def code(self, *codes: str) -> ScanView:
        """What is said to the last of some codes."""
        view: ScanView | None = None
        for code in codes:
            self.seconds += 1
            view = self.books.do(scanning.scan, self.bench, code, self.seconds, by=WAREHOUSE)
        assert view is not None
        return view


@pytest.fixture
def table(books: Books) -> Terminal:
    books.hire()
    books.product("PHONE", barcode="6901234567892")
    books.product("PEN")
    returning(books, ORDER, ("PHONE", 2, 80000), ("PEN", 1, 500), waybill=BACK)
    returning(books, OTHER, ("PHONE", 1, 80000), waybill=NEXT)
    return Terminal(books)


def serials(books: Books) -> dict[str, int]:
    """The serial numbers that stand, each with how many findings have it."""
    query = (
        "SELECT serial, COUNT(*) FROM inspections WHERE serial IS NOT NULL AND reverses_id IS NULL"
        " AND id NOT IN (SELECT reverses_id FROM inspections WHERE reverses_id IS NOT NULL) GROUP BY serial"
    )
    return dict(books.rows(query))


def inspect(books: Books, ref: str, item: str, serial: str, *, because: str = "", by: str = WAREHOUSE) -> None:
    graded = inspection.with_serial([inspection.parse_item(item)], serial)
    books.do(inspection.inspect, ref, graded, because=because, by=by)


@pytest.mark.parametrize("typed", [IMEI, " 3569 3803 5643 809 ", "SF1234567890123", "6911111111114"], ids=str)
def test_it_goes_to_the_piece_read_last(table: Terminal, typed: str) -> None:
    """长得像运单号、像条码的也照记：扫了 RCMDSN，下一行就是序列号。"""
    table.code(BACK, "RCMDA", "PHONE")
    asked = table.code("RCMDSN")
    assert asked.prompt is not None
    assert asked.prompt.sentence().endswith("next line: the serial")
    written = table.code(typed)
    assert (written.outcome, list(serials(table.books))) == ("command", ["".join(typed.split())])
    assert written.message == f"serial of PHONE: {''.join(typed.split())}"
    assert table.books.value("SELECT COUNT(*) FROM parcels WHERE waybill = :w", w="SF1234567890123") == 0
    table.books.check()


def test_each_piece_has_its_own(table: Terminal) -> None:
    table.code(BACK, "RCMDA", "PHONE", "RCMDSN", IMEI, "PHONE", "RCMDSN", SECOND)
    assert serials(table.books) == {IMEI: 1, SECOND: 1}
    written = table.books.rows("SELECT serial FROM inspections WHERE serial IS NOT NULL ORDER BY id")
    assert [serial for (serial,) in written] == [IMEI, SECOND]


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        ((), "no piece was graded yet"),
        (("PHONE",), "no piece was graded yet"),
        (("RCMDA", "RCMDQTY2", "PHONE"), "2 pieces of PHONE were read at once"),
        (("RCMDA", "PHONE", "RCMDSN", IMEI), f"has the serial {IMEI} already"),
    ],
)
def test_where_it_cannot_be_told_whose_it_is(table: Terminal, codes: tuple[str, ...], told: str) -> None:
    view = table.code(BACK, *codes, "RCMDSN")
    assert (view.outcome, told in view.message, table.bench.awaits) == ("unknown", True, "")


@pytest.mark.parametrize("known", [NEXT, "6901234567892", "PHONE", ORDER], ids=["waybill", "barcode", "code", "order"])
def test_what_the_books_know_otherwise_is_no_serial(table: Terminal, known: str) -> None:
    view = table.code(BACK, "RCMDA", "PHONE", "RCMDSN", known)
    assert (view.outcome, serials(table.books)) == ("unknown", {})


def test_what_is_none(table: Terminal) -> None:
    view = table.code(BACK, "RCMDA", "PHONE", "RCMDSN", "序列号?")
    assert (view.outcome, "no serial number" in view.message, serials(table.books)) == ("unknown", True, {})


def test_one_that_came_back_before_stops(table: Terminal) -> None:
    """同一个序列号第二次退回来：停下，说清上次是哪张售后单、哪天；确认才记。"""
    table.code(BACK, "RCMDA", "PHONE", "RCMDSN", IMEI)
    case = table.books.value("SELECT number FROM cases ORDER BY id LIMIT 1")
    table.books.later(hours=24)
    stopped = table.code(NEXT, "RCMDA", "PHONE", "RCMDSN", IMEI)
    assert (stopped.outcome, stopped.to_confirm, stopped.exit_code) == ("stop", True, 3)
    assert f"{IMEI} came back before: PHONE, {case}, 2026-11-09 12:00" in stopped.message
    assert serials(table.books) == {IMEI: 1}
    assert table.code("RCMDYES").outcome == "command"
    assert serials(table.books) == {IMEI: 2}
    table.books.check()


def test_another_code_drops_the_stop(table: Terminal) -> None:
    table.code(BACK, "RCMDA", "PHONE", "RCMDSN", IMEI, "PHONE", "RCMDSN", IMEI)
    assert table.code("RCMDWHO").outcome == "command"
    assert table.code("RCMDYES").outcome == "unknown"
    assert serials(table.books) == {IMEI: 1}


def test_from_a_pipe_nothing_is_written_then(table: Terminal) -> None:
    table.scan(BACK, "RCMDA", "PHONE", "RCMDSN", IMEI, "PHONE", "RCMDSN")
    view = table.scan(IMEI)[0]
    assert (view.outcome, view.exit_code, serials(table.books)) == ("stop", 3, {IMEI: 1})


def test_it_is_taken_back_alone_and_with_its_piece(table: Terminal) -> None:
    table.code(BACK, "RCMDA", "PHONE", "RCMDSN", IMEI)
    assert table.code("RCMDUNDO").message.startswith(f"taken back: serial {IMEI} of PHONE")
    assert (serials(table.books), stock(table.books)) == ({}, {("PHONE", "sellable"): 1})
    table.code("RCMDSN", IMEI, "RCMDUNDO", "RCMDUNDO")
    assert (serials(table.books), stock(table.books)) == ({}, {})
    assert table.code("PHONE", "RCMDSN", IMEI).outcome == "command", "it came back once: what was undone is no time"
    table.books.check()


def test_by_command(table: Terminal) -> None:
    inspect(table.books, BACK, "PHONE=1:A", IMEI)
    assert serials(table.books) == {IMEI: 1}
    with pytest.raises(Refused, match="came back before"):
        inspect(table.books, NEXT, "PHONE=1:A", IMEI)
    assert table.books.value("SELECT state FROM parcels WHERE waybill = :w", w=NEXT) == "expected"
    inspect(table.books, NEXT, "PHONE=1:A", IMEI, because="又卖出去了一次")
    assert serials(table.books) == {IMEI: 2}
    table.books.do(undoing.undo, by=WAREHOUSE)
    assert serials(table.books) == {IMEI: 1}
    table.books.check()


def test_by_command_on_a_piece_that_is_graded_already(table: Terminal) -> None:
    table.code(BACK, "RCMDA", "PHONE")
    inspect(table.books, BACK, "PHONE=1:A", IMEI)
    assert (serials(table.books), stock(table.books)) == ({IMEI: 1}, {("PHONE", "sellable"): 1})
    table.books.do(undoing.undo, by=WAREHOUSE)
    assert (serials(table.books), stock(table.books)) == ({}, {("PHONE", "sellable"): 1})
    table.books.check()


@pytest.mark.parametrize("item", ["PHONE=2:A", "PHONE=3:A"])
def test_by_command_it_is_that_of_one_piece(item: str) -> None:
    with pytest.raises(WrongCommand, match="that of one piece"):
        inspection.with_serial([inspection.parse_item(item)], IMEI)
    with pytest.raises(WrongCommand, match="is no serial number"):
        inspection.with_serial([inspection.parse_item("PHONE=1:A")], "??")


def test_it_stays_with_its_piece_whatever_becomes_of_the_case(table: Terminal) -> None:
    """售后单被拒，货转暂扣；买家又申请、又同意：序列号一直跟着那一件。"""
    table.code(NEXT, "RCMDA", "PHONE", "RCMDSN", IMEI)
    case = table.books.value("SELECT number FROM cases ORDER BY id DESC LIMIT 1")
    table.books.do(decisions.reject, case, because="人为损坏", by=MANAGER)
    assert (stock(table.books), serials(table.books)) == ({("PHONE", "held"): 1}, {IMEI: 1})
    table.books.do(decisions.approve, case, by=MANAGER)
    assert (stock(table.books), serials(table.books)) == ({("PHONE", "sellable"): 1}, {IMEI: 1})
    table.books.check()


def test_it_is_shown_on_the_case_the_parcel_and_in_the_evidence(
    table: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.actions.money.test_open_payouts import drawn

    table.code(NEXT, "RCMDA", "PHONE", "RCMDSN", IMEI)
    case = table.books.value("SELECT number FROM cases ORDER BY id DESC LIMIT 1")
    shown = table.books.do(case_cards.show, case)
    assert [(each["sku"], each["serial"]) for each in shown.document()["case"]["serials"]] == [("PHONE", IMEI)]
    assert f"PHONE {IMEI}" in drawn(shown, capsys)
    (parcel,) = [each for each in table.books.do(parcels.list_parcels).parcels if each.full_waybill == NEXT]
    assert parcel.number
    view = table.books.do(inspection.inspect, NEXT, [inspection.parse_item("PHONE=1:C")], regrade=True, by=WAREHOUSE)
    assert view.contents[0]["serials"] == [], "it is reversed with its finding"


def test_the_evidence_tells_it(table: Terminal, tmp_path: Path) -> None:
    table.code(NEXT, "RCMDA", "PHONE", "RCMDSN", IMEI)
    case = table.books.value("SELECT number FROM cases ORDER BY id DESC LIMIT 1")
    text = graded_text(Graded(table.books.at, "PHONE", 1, "A", IMEI))
    assert text == f"Inspected: PHONE ×1, A as new, serial {IMEI}"
    packed = evidence_pack.pack(table.books.asked(MANAGER), case, folder=tmp_path / "pack")
    assert IMEI in packed.text
