"""Pieces that no case waits for are held, and freed with the grade that they had as soon as one does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from retcli.actions.cases import case_cards, changes, decisions
from retcli.actions.warehouse import parcels
from retcli.rules.casefile.findings import Answer
from retcli.views.casefile.cases import CaseView
from tests.reports import REQUESTED, SUCCEEDED, Folder, asked_back, sold, take
from tests.shopfloor import MANAGER, Books
from tests.warehouse import Table, returning, stock

ONE, TWO = "2850000000000000968", "2850000000000000969"
BACK, SECOND = "YT8812349696801", "YT8812349696802"
SELLABLE, HELD = ("CUP", "sellable"), ("CUP", "held")


@pytest.fixture
def table(books: Books) -> Table:
    books.hire()
    books.product("CUP")
    return Table(books)


def accepted(books: Books, case: str) -> int:
    return sum(line.accepted for line in books.do(case_cards.show, case).lines)


@pytest.mark.parametrize("away", [decisions.reject, decisions.withdraw])
def test_what_came_back_for_a_case_that_is_turned_down_is_the_buyer_s(table: Table, away: object) -> None:
    """59.90 的杯子验了 A，后来拒绝或撤销：可售 0，暂扣 1，跟先拒绝后到的一样。"""
    books = table.books
    first = returning(books, ONE, ("CUP", 1, 5990), waybill=BACK)
    second = returning(books, TWO, ("CUP", 1, 5990), waybill=SECOND)
    table.scan(BACK, "RCMDA", "CUP", "RCMDEND")
    assert stock(books) == {SELLABLE: 1}
    for case in (first, second):
        books.do(away, case, because="已使用", by=MANAGER)  # type: ignore[arg-type]
    assert stock(books) == {HELD: 1}
    table.scan(SECOND, "RCMDA", "CUP", "RCMDEND")
    assert stock(books) == {HELD: 2}
    (again,) = table.scan(BACK)
    assert first in again.message, "a label read again says as well whose the goods are"
    books.check()


def test_what_is_agreed_to_after_all_is_freed_with_its_grade(table: Table) -> None:
    """先验 A 再拒绝的，和拒绝后才到的，同意以后都算到货：可售 2，可打款。"""
    books = table.books
    first = returning(books, ONE, ("CUP", 1, 5990), waybill=BACK)
    second = returning(books, TWO, ("CUP", 1, 5990), waybill=SECOND)
    table.scan(BACK, "RCMDC", "CUP", "RCMDEND")
    for case in (first, second):
        books.do(decisions.reject, case, because="已使用", by=MANAGER)
    table.scan(SECOND, "RCMDA", "CUP", "RCMDEND")
    for case in (first, second):
        books.do(decisions.approve, case, waive=["goods"] if case == first else [], because="x", by=MANAGER)
        assert (accepted(books, case), books.do(case_cards.show, case).stage) == (1, "to_pay")
    assert stock(books) == {("CUP", "defective"): 1, SELLABLE: 1}
    books.check()


def test_pieces_that_were_only_counted_wait_for_their_grade_again(table: Table) -> None:
    books = table.books
    case = returning(books, ONE, ("CUP", 1, 5990), waybill=BACK)
    books.do(decisions.reject, case, because="已使用", by=MANAGER)
    table.scan(BACK, "CUP", "RCMDEND")
    assert stock(books) == {HELD: 1}
    books.do(decisions.approve, case, by=MANAGER)
    assert stock(books) == {("CUP", "pending"): 1}
    assert books.do(case_cards.show, case).next == f"retcli parcel inspect {case} --item CUP=1:GRADE"
    books.check()


def test_too_many_pieces_are_freed_for_the_case_that_they_are_matched_with(table: Table) -> None:
    """一单两张售后单，各退一个杯子，一个包裹来了两个：挂上第二张单，可售 2，两张都可打款。"""
    books = table.books
    books.order(ONE, ("CUP", 2, 11980))
    cases = []
    for _ in range(2):
        case = books.do(decisions.open_case, ONE, kind="return", reason="B_7D", lines=["CUP=1"]).number
        books.do(decisions.approve, case)
        cases.append(case)
    books.do(parcels.expect_by_hand, cases[0], BACK)
    assert table.outcomes(BACK, "RCMDA", "CUP", "CUP")[-1] == "stop"
    assert stock(books) == {SELLABLE: 1, HELD: 1}
    books.do(parcels.match, BACK, cases[1])
    assert stock(books) == {SELLABLE: 2}
    for case in cases:
        view = books.do(case_cards.show, case)
        assert (view.stage, view.judgement.verdict) == ("to_pay", Answer.YES)
    assert table.outcomes(BACK, "CUP", "CUP") == ["duplicate"] * 3
    assert stock(books) == {SELLABLE: 2}
    books.check()


def test_goods_judged_to_be_another_order_s_are_never_freed(table: Table) -> None:
    """人判的 X 是结论：拒绝后再同意，也不变成到货。"""
    books = table.books
    case = returning(books, ONE, ("CUP", 1, 5990), waybill=BACK)
    table.scan(BACK, "RCMDX", "CUP", "RCMDEND")
    books.do(decisions.reject, case, because="不是本单的", by=MANAGER)
    books.do(decisions.approve, case, waive=["goods"], because="x", by=MANAGER)
    assert (stock(books), accepted(books, case)) == ({HELD: 1}, 0)
    books.check()


def test_a_case_changed_to_more_pieces_takes_what_was_held_for_want_of_it(table: Table) -> None:
    books = table.books
    books.order(ONE, ("CUP", 2, 11980))
    case = books.do(decisions.open_case, ONE, kind="return", reason="B_7D", lines=["CUP=1"]).number
    books.do(parcels.expect_by_hand, case, BACK)
    table.scan(BACK, "RCMDA", "CUP", "CUP", "RCMDEND")
    assert stock(books) == {SELLABLE: 1, HELD: 1}
    books.do(changes.change, case, lines=["CUP=2"], because="两个都退", by=MANAGER)
    assert (stock(books), accepted(books, case)) == ({SELLABLE: 2}, 2)
    books.check()


def test_goods_that_the_platform_paid_for_are_ours_again(table: Table, folder: Folder, tmp_path: Path) -> None:
    """拒绝后到的杯子暂扣着，平台判退了 59.90：货归我们，可售 1。"""
    books = table.books
    bought = sold(ONE, ("CUP", 1, 5990))
    asked = asked_back("R911033", bought, 5990, status=REQUESTED, waybill=BACK)
    take(books, *folder.both(bought), folder.refunds(asked))
    books.do(decisions.reject, "R911033", because="已使用", by=MANAGER)
    table.scan(BACK, "RCMDA", "CUP", "RCMDEND")
    assert stock(books) == {HELD: 1}
    take(books, folder.refunds(replace(asked, status=SUCCEEDED, finished_at=asked.applied_at)))
    assert stock(books) == {SELLABLE: 1}
    books.check()


def test_pieces_sold_meanwhile_stay_sold(table: Table) -> None:
    """验 A 后已经卖掉的，拒绝时扣不回来：账上不动，也不拦着拒绝。"""
    from retcli.actions.warehouse.pieces import stock as stocks
    from retcli.rules.lifecycles import Bucket
    from retcli.rules.warehouse.causes import Cause
    from retcli.transaction import opened

    books = table.books
    case = returning(books, ONE, ("CUP", 1, 5990), waybill=BACK)
    table.scan(BACK, "RCMDA", "CUP", "RCMDEND")
    with opened(books.asked()) as shop:
        stocks.move(shop, "CUP", Bucket.SELLABLE, stocks.OUTSIDE, 1, None, cause=Cause.STOCKTAKE)
    books.do(decisions.reject, case, because="已使用", by=MANAGER)
    assert stock(books) == {}
    books.check()


@pytest.mark.parametrize("away", [decisions.reject, decisions.withdraw])
@pytest.mark.parametrize(("grade", "right"), [("RCMDA", 1), ("RCMDC", 1), ("RCMDX", 0)])
def test_what_came_back_is_on_the_card_of_a_case_that_is_turned_down(
    table: Table, away: object, grade: str, right: int
) -> None:
    """验过一件再拒绝或撤销：卡片上已收件数是 1，货的结论照写，不再是 0。"""
    books = table.books
    case = returning(books, ONE, ("CUP", 1, 5990), waybill=BACK)
    table.scan(BACK, grade, "CUP")
    before = books.do(case_cards.show, case)
    shown: CaseView = books.do(away, case, because="已使用", by=MANAGER)  # type: ignore[arg-type]
    for view in (shown, books.do(case_cards.show, case)):
        assert [(line.received, line.accepted) for line in view.lines] == [(1, right)]
        goods = [finding for finding in view.judgement.findings if finding.rule == "goods"]
        assert goods == [finding for finding in before.judgement.findings if finding.rule == "goods"]
    if away is decisions.reject:
        books.do(decisions.approve, case, waive=[] if right else ["goods"], because="x", by=MANAGER)
        again = books.do(case_cards.show, case)
        assert [(line.received, line.accepted) for line in again.lines] == [(1, right)]
        books.do(decisions.reject, case, because="已使用", by=MANAGER)
        assert [line.received for line in books.do(case_cards.show, case).lines] == [1], "counted once"
    books.check()
