"""Goods sent again that came back undelivered: that sending is undone, and a person says what becomes of the case."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from retcli.actions.cases import case_cards, changes, decisions
from retcli.actions.insight import today
from retcli.actions.money import payout_steps, payouts
from retcli.actions.warehouse import parcel_candidates, parcels
from retcli.errors import Refused
from retcli.rules.lifecycles import Kind
from retcli.transaction import opened
from tests.shopfloor import Books
from tests.warehouse import Table, returning, stock

ONE, TWO = "2850000000000000051", "2850000000000000052"
BACK, OUT, AGAIN = "YT5260493176849", "SF1620041173377", "SF1620041173388"


@pytest.fixture
def table(books: Books) -> Table:
    books.hire()
    books.product("CUP", price=5990)
    books.product("MUG", price=4000)
    return Table(books)


def exchanged(table: Table) -> str:
    """A cup of 59.90 exchanged for a mug of 40.00: the cup is back, the mug on its way; the case's number."""
    books = table.books
    books.order(ONE, ("CUP", 1, 5990))
    case = books.do(decisions.open_case, ONE, kind=Kind.EXCHANGE, reason="S_LATE", want=["MUG"]).number
    books.do(decisions.approve, case)
    books.do(parcels.expect_by_hand, case, BACK)
    table.scan(BACK, "RCMDA", "CUP", "RCMDEND")
    books.do(decisions.ship, case, waybill=OUT)
    assert books.do(case_cards.show, case).stage == "to_pay"  # the difference of 19.90
    return case


def resent(table: Table, sku: str = "CUP") -> str:
    """A cup that is sent again; the case's number."""
    books = table.books
    books.order(ONE, (sku, 1, 5990))
    case = books.do(decisions.open_case, ONE, kind=Kind.RESEND, reason="W_SHORT").number
    books.do(decisions.approve, case)
    books.do(decisions.ship, case, waybill=OUT)
    return case


def test_a_case_whose_goods_came_back_is_neither_paid_nor_finished(table: Table) -> None:
    books, case = table.books, exchanged(table)
    due = books.do(payouts.refund, case).number
    assert table.outcomes(OUT) == ["received"]
    assert books.value("SELECT state FROM payouts WHERE number = :n", n=due) == "failed"
    shown = books.do(case_cards.show, case)
    assert shown.stage == "came_back"
    assert shown.next.splitlines() == [
        f"retcli case ship {case} --waybill WAYBILL",
        f"retcli case change {case} --kind return --because TEXT",
    ]
    with pytest.raises(Refused, match="came back") as refused:
        books.do(payouts.refund, case)
    assert refused.value.hint == f"retcli case show {case}"
    with pytest.raises(Refused, match="came back"):
        books.do(decisions.finish, case)
    assert case in [item.case for item in books.do(today.today).items]
    books.check()


def test_goods_that_are_sent_once_more_let_the_money_go(table: Table) -> None:
    books, case = table.books, exchanged(table)
    table.scan(OUT, "RCMDA", "MUG")
    books.do(decisions.ship, case, waybill=AGAIN)
    assert books.do(case_cards.show, case).stage == "to_pay"
    assert [tuple(row) for row in books.rows("SELECT state, waybill FROM replacements ORDER BY id")] == [
        ("cancelled", OUT), ("shipped", AGAIN),
    ]  # fmt: skip
    books.do(payouts.refund, case)
    assert books.value("SELECT minor FROM payouts WHERE state = 'due'") == 1990
    table.scan(AGAIN)
    assert books.do(case_cards.show, case).stage == "came_back", "a second time"
    books.check()


def test_the_buyer_gets_the_money_instead(table: Table) -> None:
    books, case = table.books, exchanged(table)
    table.scan(OUT, "RCMDA", "MUG")
    books.do(changes.change, case, kind=Kind.RETURN, because="换货的件被拒收")
    books.do(decisions.approve, case)
    books.do(payouts.refund, case)
    assert books.value("SELECT SUM(minor) FROM payouts WHERE state = 'due'") == 5990
    books.check()


@pytest.mark.parametrize("finished", [False, True])
def test_a_resend_that_came_back_is_open_again(table: Table, *, finished: bool) -> None:
    books, case = table.books, resent(table)
    if finished:
        books.do(decisions.finish, case)
    table.scan(OUT, "RCMDA", "CUP")
    shown = books.do(case_cards.show, case)
    assert (shown.stage, shown.next.splitlines()[1]) == (
        "came_back",
        f"retcli case change {case} --kind refund-only --because TEXT",
    )
    books.do(changes.change, case, kind=Kind.REFUND_ONLY, because="买家不要了")
    books.check()


def test_it_is_no_parcel_that_its_case_waits_for(table: Table) -> None:
    """补发被拒收的那一包：不是“无主件”，也不配到补发单上去完结。"""
    books, case = table.books, resent(table)
    (parcel,) = {view.parcel for view in table.scan(OUT)}
    with pytest.raises(Refused, match="sent again"):
        books.do(parcels.match, parcel, case)
    assert books.do(today.today).unclaimed == 0
    assert not books.do(parcels.list_parcels, unclaimed=True).parcels


def test_only_what_was_sent_in_it_comes_back_in_it(table: Table) -> None:
    books = table.books
    books.order(TWO, ("CUP", 1, 5990))
    exchanged(table)
    other = returning(books, TWO, waybill="")
    said = table.scan(OUT, "RCMDA", "MUG", "CUP", "MUG")
    assert [view.outcome for view in said][2:] == ["inspected", "stop", "stop"]
    assert stock(books) == {
        ("CUP", "sellable"): 1, ("MUG", "sellable"): 1, ("CUP", "held"): 1, ("MUG", "held"): 1,
    }  # fmt: skip
    named = books.do(parcel_candidates.candidates, said[0].parcel).candidates
    assert other not in {each.case for each in named}


def test_what_the_buyer_had_is_no_sending_that_came_back(table: Table) -> None:
    books, case = table.books, resent(table)
    books.do(decisions.finish, case)
    with opened(books.asked()) as shop:
        shop.session.execute(sa.text("UPDATE replacements SET state = 'delivered'"))
    table.scan(OUT)
    assert books.value("SELECT filing FROM cases") == "finished"


def agreed_to_pay(table: Table, case: str, kind: Kind = Kind.RETURN) -> None:
    """The buyer wants the money instead of the goods that came back, and the shop agrees."""
    table.books.do(changes.change, case, kind=kind, because="不要了")
    table.books.do(decisions.approve, case)


def refused(table: Table, case: str) -> str:
    """Why nothing is paid on a case now."""
    with pytest.raises(Refused) as nothing:
        table.books.do(payouts.refund, case)
    assert nothing.value.hint is not None
    assert f"retcli pay refund {case} --waive sent_back" in nothing.value.hint
    return str(nothing.value)


def test_an_unopened_box_holds_the_money_that_takes_its_place(table: Table) -> None:
    books, case = table.books, exchanged(table)
    table.scan(OUT)
    agreed_to_pay(table, case)
    assert "MUG×1" in refused(table, case)
    shown = books.do(case_cards.show, case)
    assert (shown.stage, shown.next) == ("to_inspect", "retcli scan")
    (parcel,) = shown.goods_moving.sent_back
    assert (parcel.inspected, parcel.sent, parcel.accepted) == (False, {"MUG": 1}, {"MUG": 0})
    with pytest.raises(Refused, match="inspect"):
        books.do(decisions.finish, case, because="不等了")
    table.scan(OUT, "RCMDA", "MUG")
    assert books.do(case_cards.show, case).stage == "to_pay"
    assert books.do(payouts.refund, case).money.minor == 5990
    books.check()


def test_pieces_that_wait_for_their_grade_hold_it_too(table: Table) -> None:
    case = exchanged(table)
    table.scan(OUT, "MUG")
    agreed_to_pay(table, case)
    assert "MUG×1" in refused(table, case)


def test_what_lacks_in_the_box_is_asked_about(table: Table) -> None:
    """Two mugs for two cups of 119.80, and one of them is back: a manager lets it go, and that is on record."""
    books = table.books
    books.order(ONE, ("CUP", 2, 11980))
    case = books.do(decisions.open_case, ONE, kind=Kind.EXCHANGE, reason="S_LATE", want=["MUG"]).number
    books.do(decisions.approve, case)
    books.do(parcels.expect_by_hand, case, BACK)
    table.scan(BACK, "RCMDA", "CUP", "CUP", "RCMDEND")
    books.do(decisions.ship, case, waybill=OUT)
    table.scan(OUT, "RCMDA", "MUG", "RCMDEND")
    agreed_to_pay(table, case)
    assert "without MUG×1" in refused(table, case)
    shown = books.do(case_cards.show, case)
    assert (shown.stage, shown.next) == (
        "goods_lacking",
        f"retcli pay refund {case} --waive sent_back --because TEXT",
    ), "it is not simply to be paid"
    paid = books.do(payouts.refund, case, waive=["sent_back"], because="快递理赔")
    assert paid.money.minor == 11980
    books.check()


def test_other_goods_in_the_box_are_not_what_was_sent(table: Table) -> None:
    books, case = table.books, resent(table)
    table.scan(OUT, "RCMDA", "MUG", "RCMDX", "CUP", "RCMDEND")
    agreed_to_pay(table, case, Kind.REFUND_ONLY)
    assert "without CUP×1" in refused(table, case)
    books.check()


def test_a_box_that_went_out_once_more_counts_by_its_last_sending(table: Table) -> None:
    books, case = table.books, exchanged(table)
    table.scan(OUT)
    books.do(decisions.ship, case, waybill=AGAIN)
    assert books.do(payouts.refund, case).money.minor == 1990, "the goods go out: their money waits for none of them"
    books.do(payout_steps.step, books.value("SELECT number FROM payouts WHERE state = 'due'"), "fail", because="拒收")
    table.scan(AGAIN, "RCMDA", "MUG")
    agreed_to_pay(table, case)
    assert books.do(payouts.refund, case).money.minor == 5990
    books.check()
