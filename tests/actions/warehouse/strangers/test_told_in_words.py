"""What is told of a stranger: who gave it to a case, serials of pieces held for nobody, each command once."""

from __future__ import annotations

import pytest

from retcli.actions.cases import case_cards, decisions
from retcli.actions.warehouse.strangers import cards, labels, leaving
from retcli.rules.lifecycles import Kind
from tests.shopfloor import WAREHOUSE, Books
from tests.warehouse import Table, returning

ONE, STRANGER, BACK = "2850000000000000061", "SF1620041173366", "YT9000000000022"


@pytest.fixture
def table(books: Books) -> Table:
    books.hire()
    for sku in ("TS-L", "CUP"):
        books.product(sku)
    return Table(books)


def test_the_history_says_that_its_points_gave_it_to_the_case(table: Table) -> None:
    """旧单号 60 + 货 30 = 90 分，系统自动认领：不是店铺规则同意的。"""
    books = table.books
    case = returning(books, ONE, ("TS-L", 1, 5490), waybill="")
    number = table.scan(STRANGER, "RCMDA", "TS-L")[0].parcel
    books.do(labels.label, number, old_waybill=f"SF{ONE[-12:]}", by=WAREHOUSE)
    lines = books.do(cards.show, number).history
    assert [line.sentence()[18:] for line in lines if line.action == "match"] == [
        f"{case} matched to the case (the system, by 90 points)"
    ]
    of_case = books.do(case_cards.show, case, history=True).history
    assert [line.sentence()[18:] for line in of_case if line.action == "match"] == [
        f"{number} matched to the case (the system, by 90 points)"
    ]
    assert not [line for line in of_case if "shop's rules" in line.sentence()]


def test_one_without_points_is_the_systems_too(table: Table) -> None:
    books = table.books
    books.order(ONE, ("TS-L", 1, 5490), signed_at=None)
    books.do(decisions.open_case, ONE, kind=Kind.REFUND_ONLY, reason="B_MIND")
    number = table.scan(STRANGER)[0].parcel
    books.do(labels.label, number, old_waybill=f"SF{ONE[-12:]}", by=WAREHOUSE)
    (line,) = (line for line in books.do(cards.show, number).history if line.action == "match")
    assert line.sentence().endswith("matched to the case (the system)")


def test_serials_of_pieces_that_are_held_are_shown(table: Table) -> None:
    """判成非本单、暂扣的那件，串号在退件和售后单里都看得到。"""
    books = table.books
    case = returning(books, ONE, ("TS-L", 1, 5490), waybill=BACK)
    number = table.scan(BACK, "RCMDX", "CUP", "RCMDSN", "SN12345678", "RCMDA", "TS-L", "TS-L")[0].parcel
    table.scan("RCMDSN", "SN87654321")
    card = books.do(cards.show, number)
    facts = dict(card._facts())
    assert facts["Serials"] == "CUP SN12345678, TS-L SN87654321"
    of_case = books.do(case_cards.show, case).written_beside
    assert of_case is not None
    assert dict(of_case.facts())["Serials"] == "CUP SN12345678 (held), TS-L SN87654321 (held)"


def test_each_stop_names_the_command_once(table: Table) -> None:
    """退回过的件又来了：RCMDYES 只说一次。"""
    books = table.books
    number = table.scan(STRANGER)[0].parcel
    books.do(leaving.dispose, number, because="没人认", by=WAREHOUSE)
    table.bench.parcel = ""
    for at in (None, 5.0):
        view = table.scan(STRANGER, at=at)[0]
        assert view.message.count("RCMDYES") == 1, view.message
