"""Pieces given back to an order: whoever lacked them takes them, and only once nobody else asks for them any more."""

import pytest

from retcli.actions.cases import changes, decisions, taking_back
from retcli.actions.warehouse import inspection, parcels
from retcli.actions.warehouse.bench import scanning
from retcli.actions.warehouse.bench.benches import Bench
from retcli.rules.lifecycles import Kind
from tests.reports import REQUESTED, Folder, asked_back, sold, take, take_one
from tests.shopfloor import MANAGER, WAREHOUSE, Books

NUMBER = "2850000000000000100"
ONE = sold(NUMBER, ("TS-L", 2, 10000))
BACK = "773012345678901"


def by_hand(books: Books, folder: Folder, kind: Kind, pieces: int) -> str:
    """A case on some of the two pieces of an order; its number."""
    books.hire()
    take(books, *folder.both(ONE))
    lines = [f"TS-L={pieces}"]
    return str(books.do(decisions.open_case, NUMBER, kind=kind, reason="Q_FUNC", lines=lines, by=MANAGER).number)


def lacking(books: Books, folder: Folder) -> None:
    """The platform's list tells that the buyer wants to return both pieces."""
    take_one(books, folder.refunds(asked_back("1", ONE, 10000, status=REQUESTED, kind="退货退款")))


def drawn(books: Books, case: str = "") -> int:
    """Pieces that a case, or else the one of the list, draws."""
    where = "c.number = :case" if case else "c.platform_number = '1'"
    query = f"SELECT COALESCE(SUM(d.units), 0) FROM draws d JOIN cases c ON c.id = d.case_id WHERE {where}"
    return int(str(books.value(query, case=case)))


def test_a_decision_taken_back_keeps_its_pieces(books: Books, folder: Folder) -> None:
    case = by_hand(books, folder, Kind.RESEND, 2)
    view = books.do(decisions.approve, case, by=MANAGER)
    lacking(books, folder)
    assert (drawn(books, case), drawn(books)) == (2, 0)
    version = books.value("SELECT version FROM cases WHERE number = :case", case=case)
    books.do(taking_back.decision, view.number, version, by=MANAGER)
    assert (drawn(books, case), drawn(books)) == (2, 0), "nobody else takes what is still asked for"
    books.do(decisions.withdraw, case, by=MANAGER)
    assert (drawn(books, case), drawn(books)) == (0, 2)
    books.check()


def test_money_without_pieces_leaves_them_to_others(books: Books, folder: Folder) -> None:
    case = by_hand(books, folder, Kind.REFUND_ONLY, 2)
    lacking(books, folder)
    assert (drawn(books, case), drawn(books)) == (2, 0)
    books.do(decisions.approve, case, amount=1000, by=MANAGER)
    assert (drawn(books, case), drawn(books)) == (0, 2), "10.00 are given and both pieces stay with the buyer"
    books.check()


@pytest.mark.parametrize("kind", [Kind.INQUIRY, Kind.ALLOWANCE])
def test_another_kind_without_pieces_leaves_them_to_others(books: Books, folder: Folder, kind: Kind) -> None:
    case = by_hand(books, folder, Kind.RESEND, 1)
    lacking(books, folder)
    assert (drawn(books, case), drawn(books)) == (1, 1)
    books.do(changes.change, case, kind=kind, because="买家改了主意", by=MANAGER)
    assert (drawn(books, case), drawn(books)) == (0, 2)
    books.check()


def test_an_old_piece_whose_parcel_is_joined_later_is_back_then(books: Books, folder: Folder) -> None:
    case = by_hand(books, folder, Kind.EXCHANGE, 1)
    lacking(books, folder)
    books.do(decisions.approve, case, by=MANAGER)
    books.do(decisions.ship, case, waybill="YT5260493176850", by=MANAGER)
    books.do(scanning.scan, Bench(), BACK, by=WAREHOUSE)
    books.do(inspection.inspect, BACK, [inspection.parse_item("TS-L=1:A")], by=WAREHOUSE)
    assert (drawn(books, case), drawn(books)) == (1, 1), "a parcel of nobody yet"
    books.do(parcels.match, BACK, case, by=WAREHOUSE)
    assert (drawn(books, case), drawn(books)) == (0, 2)
    books.check()


def test_a_sending_that_was_called_off_binds_no_pieces(books: Books, folder: Folder) -> None:
    """补发同意后撤回（那次待发作废），再同意、发出：件又在买家手里，买家可以退。"""
    case = by_hand(books, folder, Kind.RESEND, 2)
    view = books.do(decisions.approve, case, by=MANAGER)
    lacking(books, folder)
    version = books.value("SELECT version FROM cases WHERE number = :case", case=case)
    books.do(taking_back.decision, view.number, version, by=MANAGER)
    books.do(decisions.approve, case, by=MANAGER)
    assert (drawn(books, case), drawn(books)) == (2, 0)
    books.do(decisions.ship, case, waybill="YT5260493176850", by=MANAGER)
    states = {row[0] for row in books.rows("SELECT state FROM replacements")}
    assert states == {"cancelled", "shipped"}
    assert (drawn(books, case), drawn(books)) == (0, 2)
    books.check()
