"""A parcel under a waybill of ours is that order's: neither a slip nor a word makes it another's in silence."""

from __future__ import annotations

import pytest

from retcli.actions.cases import decisions
from retcli.actions.money import payouts
from retcli.actions.warehouse import inspection, parcels
from retcli.errors import Refused
from retcli.rules.lifecycles import Kind
from tests.reports import REQUESTED, Folder, asked_back, sold, take
from tests.shopfloor import WAREHOUSE, Books
from tests.warehouse import Table, attached, returning

ONE, TWO, THREE = "2850000000000000081", "2850000000000000082", "2850000000000000083"
BACK, OURS, AGAIN = "YT5260493176849", f"SF{TWO[-12:]}", "SF1620041173366"


@pytest.fixture
def table(books: Books) -> Table:
    books.hire()
    books.product("TS-L")
    return Table(books)


def payable(books: Books, case: str) -> bool:
    """Whether a refund can leave."""
    try:
        books.do(payouts.refund, case, dry_run=True)
    except Refused:
        return False
    return True


@pytest.mark.parametrize("slip", ["case", "order"])
def test_a_slip_does_not_take_a_parcel_that_another_order_was_sent(table: Table, slip: str) -> None:
    books = table.books
    case = returning(books, ONE, ("TS-L", 1, 5490), waybill="")
    books.order(TWO, ("TS-L", 1, 5490), signed_at=None)
    said = table.scan(OURS, "RCMDA", "TS-L", case if slip == "case" else ONE)
    assert [view.outcome for view in said] == ["unclaimed", "command", "inspected", "stop"]
    assert TWO in said[3].message
    assert attached(books) == []
    assert not payable(books, case)
    books.check()


def test_a_slip_of_the_order_itself_takes_it(table: Table) -> None:
    books = table.books
    books.order(TWO, ("TS-L", 1, 5490), signed_at=None)
    table.scan(OURS)
    case = returning(books, TWO, waybill="")
    assert table.outcomes(case) == ["received"]
    assert attached(books) == [(OURS, case)]


def test_goods_sent_again_are_of_their_own_case_s_order(table: Table) -> None:
    books = table.books
    books.order(TWO, ("TS-L", 1, 5490))
    exchange = books.do(decisions.open_case, TWO, kind=Kind.EXCHANGE, reason="SZ_FIT", want=["TS-L"]).number
    books.do(decisions.approve, exchange)
    books.do(parcels.expect_by_hand, exchange, BACK)
    books.do(inspection.inspect, BACK, [inspection.parse_item("TS-L=1:A")])
    books.do(decisions.ship, exchange, waybill=AGAIN)
    case = returning(books, ONE, ("TS-L", 1, 5490), waybill="")
    table.scan(AGAIN)
    assert table.outcomes(ONE) == ["stop"]
    with pytest.raises(Refused, match=TWO):
        books.do(parcels.match, AGAIN, case)
    assert attached(books) == [(BACK, exchange)]


def test_a_parcel_of_another_order_is_matched_with_the_reason_only(table: Table) -> None:
    books = table.books
    case = returning(books, ONE, ("TS-L", 1, 5490), waybill="")
    books.order(TWO, ("TS-L", 1, 5490), signed_at=None)
    number = table.scan(OURS, "RCMDA", "TS-L")[0].parcel
    with pytest.raises(Refused, match=TWO) as refused:
        books.do(parcels.match, number, case, by=WAREHOUSE)
    assert refused.value.hint is not None
    assert f"retcli parcel match {number} {case} --because" in refused.value.hint
    assert attached(books) == []
    books.do(parcels.match, number, case, because="两单一起寄回", by=WAREHOUSE)
    assert attached(books) == [(OURS, case)]
    books.check()


def test_nobody_announces_another_order_s_waybill(table: Table) -> None:
    books = table.books
    case = returning(books, ONE, ("TS-L", 1, 5490), waybill="")
    books.order(TWO, ("TS-L", 1, 5490), signed_at=None)
    with pytest.raises(Refused, match=TWO):
        books.do(parcels.expect_by_hand, case, OURS)
    assert books.value("SELECT COUNT(*) FROM parcels") == 0
    books.do(parcels.expect_by_hand, case, f"SF{ONE[-12:]}")
    assert attached(books) == [(f"SF{ONE[-12:]}", case)], "under its own old label goods may come back"


def test_a_waybill_that_turns_out_to_be_another_order_s_receives_nothing(table: Table) -> None:
    books = table.books
    case = returning(books, ONE, ("TS-L", 1, 5490), waybill=OURS)
    books.order(TWO, ("TS-L", 1, 5490), signed_at=None)
    said = table.scan(BACK, OURS, "RCMDA", "TS-L")
    assert [view.outcome for view in said] == ["unclaimed", "stop", "command", "unknown"]
    assert TWO in said[1].message
    assert not payable(books, case)
    books.check()


@pytest.mark.parametrize("again", [False, True])
def test_a_list_that_names_another_order_s_waybill_is_asked_about(books: Books, folder: Folder, *, again: bool) -> None:
    books.hire()
    first, second = sold(ONE, ("TS-L", 1, 5490)), sold(TWO, ("TS-L", 1, 5490))
    take(books, *folder.both(first, second))
    wish = asked_back("R1", first, 5490, status=REQUESTED, kind="退货退款", waybill=second.waybill)
    for _each in range(2 if again else 1):
        take(books, folder.refunds(wish))
    assert books.value("SELECT COUNT(*) FROM parcels") == 0
    questions = books.rows("SELECT subject, field, known, found FROM import_questions")
    assert [tuple(row) for row in questions] == [("R1", "waybill", TWO, second.waybill)]
    books.check()


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("0571-88234567", "looks like a phone number"),
        ("PK20261120-0099", "form of our own numbers"),
        ("RC20261120-0099", "form of our own numbers"),
    ],
)
@pytest.mark.parametrize("sure", [False, True])
def test_a_telephone_and_a_number_of_our_own_are_called_what_they_are(
    books: Books, typed: str, text: str, sure: bool
) -> None:
    """座机号的数字碰巧过了条码校验，也还是电话；我们自己的编号，账上没有也不是运单号。"""
    books.order(ONE, ("TS-L", 1, 5490))
    case = books.do(decisions.open_case, ONE, kind="return", reason="B_7D").number
    with pytest.raises(Refused, match=text):
        books.do(parcels.expect_by_hand, case, typed, sure=sure)
