"""A parcel with another article in it, or with nothing: the piece that is missing is neither proposed nor paid."""

from __future__ import annotations

import pytest

from retcli.actions.cases import case_cards, decisions, platform_list, queue
from retcli.actions.money import payouts
from retcli.actions.warehouse import inspection, parcels
from retcli.errors import Refused
from retcli.rules.casefile.findings import Answer
from retcli.views.casefile.cases import CaseView
from tests.next_steps import NextSteps
from tests.reports import REQUESTED, Folder, asked_back, sold, take
from tests.shopfloor import MANAGER, Books
from tests.terminal import Desk
from tests.warehouse import Table, returning, stock

ONE = "2850000000000000061"
BACK, SECOND = "YT5260493176849", "YT1252110038258"


@pytest.fixture
def table(books: Books) -> Table:
    books.hire()
    for sku in ("CUP", "MUG"):
        books.product(sku)
    return Table(books)


def shown(books: Books, case: str) -> CaseView:
    return books.do(case_cards.show, case)


def of_goods(view: CaseView) -> tuple[Answer, str]:
    """What the judgement says of the goods that came back, and its text."""
    (finding,) = (each for each in view.judgement.findings if each.rule == "goods")
    return finding.answer, finding.text.format(**finding.facts)


@pytest.mark.parametrize("grade", ["RCMDA", "RCMDX"])
def test_another_article_in_the_parcel_is_one_fact_under_any_grade(table: Table, grade: str) -> None:
    """该退杯子 59.90，来的是马克杯：按 A 扫、按 X 扫，都是“不是本单的货，缺杯子”，不打款。"""
    books = table.books
    case = returning(books, ONE, ("CUP", 1, 5990), waybill=BACK)
    table.scan(BACK, grade, "MUG")
    view = shown(books, case)
    assert (view.stage, view.standing.goods, view.judgement.verdict) == ("goods_lacking", "received", Answer.NO)
    assert of_goods(view) == (Answer.NO, "What came back is not of this order; missing: CUP×1")
    all_of_it = f"retcli pay refund {case} --waive goods_first --waive goods --because TEXT"
    reject, wait = f"retcli case reject {case} --because TEXT", f"retcli parcel expect {case} WAYBILL"
    assert view.next.splitlines() == [all_of_it, wait, reject]
    assert stock(books) == {("MUG", "held"): 1}
    with pytest.raises(Refused):
        books.do(payouts.refund, case)
    books.check()


def test_the_right_piece_scanned_later_is_paid(table: Table) -> None:
    books = table.books
    case = returning(books, ONE, ("CUP", 1, 5990), waybill=BACK)
    table.scan(BACK, "RCMDX", "MUG", "RCMDA", "CUP")
    view = shown(books, case)
    assert (view.stage, view.judgement.verdict) == ("to_pay", Answer.YES)
    assert of_goods(view) == (Answer.YES, "What came back is in order")


def test_a_piece_of_the_order_judged_another_one_is_not_paid(table: Table) -> None:
    """杯子判 X（掉包）：缺货待处理，不是待打款。"""
    books = table.books
    case = returning(books, ONE, ("CUP", 1, 5990), waybill=BACK)
    table.scan(BACK, "RCMDX", "CUP")
    assert (shown(books, case).stage, shown(books, case).judgement.verdict) == ("goods_lacking", Answer.NO)


def test_the_order_s_other_goods_are_no_other_article(table: Table) -> None:
    """同一单的马克杯混在里面：多出的一件待处理，但不算“不是本单”；要退的杯子没来，人来定。"""
    books = table.books
    books.order(ONE, ("CUP", 1, 5990), ("MUG", 1, 4000))
    case = books.do(decisions.open_case, ONE, kind="return", reason="B_7D", lines=["CUP"]).number
    books.do(decisions.approve, case)
    books.do(parcels.expect_by_hand, case, BACK)
    table.scan(BACK, "RCMDA", "MUG")
    nothing = "Nothing of it was in what came back; missing: CUP×1"
    assert of_goods(shown(books, case)) == (Answer.PERSON, nothing)


@pytest.mark.parametrize("codes", [("RCMDA", "MUG"), ("MUG",), ("RCMDX", "MUG")])
def test_a_piece_typed_into_an_opened_parcel_needs_the_word_for_it(table: Table, codes: tuple[str, ...]) -> None:
    books = table.books
    case = returning(books, ONE, ("CUP", 1, 5990), waybill=BACK)
    table.scan(BACK, *codes)
    with pytest.raises(Refused, match="opened"):
        books.do(inspection.inspect, case, [inspection.parse_item("CUP=1:A")])
    books.do(inspection.inspect, case, [inspection.parse_item("CUP=1:A")], more=True)
    assert stock(books)["CUP", "sellable"] == 1


def test_of_a_box_that_only_came_no_piece_is_proposed(table: Table) -> None:
    books = table.books
    case = returning(books, ONE, ("CUP", 1, 5990), waybill=BACK)
    table.scan(BACK, "RCMDNEXT")
    view = shown(books, case)
    assert (view.stage, view.next) == ("to_inspect", "retcli scan")
    assert view.judgement.verdict == Answer.PERSON, "an inspection without a piece is no pass"
    assert of_goods(view) == (Answer.PERSON, "A parcel came, and not a piece in it was counted: scan what it holds")


def test_a_box_without_a_piece_is_no_pass_until_one_is_counted(table: Table) -> None:
    books = table.books
    case = returning(books, ONE, ("CUP", 1, 5990), waybill=BACK)
    assert shown(books, case).judgement.verdict == Answer.YES, "nothing has come yet"
    table.scan(BACK, "RCMDNEXT")
    table.scan(BACK, "CUP")
    assert shown(books, case).judgement.verdict == Answer.YES, "what waits for its grade is counted"
    books.do(inspection.inspect, case, [inspection.parse_item("CUP=1:A")])
    assert (shown(books, case).stage, of_goods(shown(books, case))[0]) == ("to_pay", Answer.YES)
    books.check()


def test_a_second_box_without_a_piece_beside_all_of_them_changes_nothing(table: Table) -> None:
    books = table.books
    case = returning(books, ONE, ("CUP", 1, 5990), waybill=BACK)
    table.scan(BACK, "RCMDA", "CUP")
    books.do(parcels.expect_by_hand, case, SECOND)
    table.scan(SECOND, "RCMDNEXT")
    assert shown(books, case).judgement.verdict == Answer.YES


def test_money_that_a_manager_lets_ahead_of_the_goods_does_not_wait_for_the_box(table: Table) -> None:
    books = table.books
    case = returning(books, ONE, ("CUP", 1, 5990), waybill=BACK)
    table.scan(BACK, "RCMDNEXT")
    paid = books.do(payouts.refund, case, waive=["goods_first"], because="极速退款")
    assert (paid.money.minor, shown(books, case).judgement.verdict) == (5990, Answer.YES)
    books.check()


def test_a_wish_whose_box_is_here_is_not_approved_in_a_group_before_it_is_opened(table: Table) -> None:
    books = table.books
    books.order(ONE, ("CUP", 1, 5990))
    case = books.do(decisions.open_case, ONE, kind="return", reason="B_7D").number
    books.do(parcels.expect_by_hand, case, BACK)
    assert [each.number for each in books.do(queue.plain_ones).cases] == [case]
    table.scan(BACK, "RCMDNEXT")
    assert books.do(queue.plain_ones).cases == ()
    books.do(decisions.approve, case)
    books.check()


def test_counted_pieces_are_proposed_for_their_grade(table: Table) -> None:
    books = table.books
    case = returning(books, ONE, ("CUP", 3, 9000), waybill=BACK)
    table.scan(BACK, "CUP", "CUP")
    assert shown(books, case).next == f"retcli parcel inspect {case} --item CUP=2:GRADE"
    books.do(parcels.expect_by_hand, case, SECOND)
    number = table.scan(SECOND, "CUP")[0].parcel
    books.do(inspection.inspect, BACK, [inspection.parse_item("CUP=2:A")])
    assert shown(books, case).next == f"retcli parcel inspect {number} --item CUP=1:GRADE"


def test_what_lacks_of_several_is_said_and_the_rest_may_be_paid(table: Table) -> None:
    """退 3 个、60.00，来了 2 个：缺 1 个，可先退 40.00。"""
    books = table.books
    case = returning(books, ONE, ("CUP", 3, 6000), waybill=BACK)
    table.scan(BACK, "RCMDA", "CUP", "CUP")
    view = shown(books, case)
    assert of_goods(view) == (Answer.YES, "What came back is in order; missing: CUP×1")
    assert view.next.splitlines() == [
        f"retcli pay refund {case}",
        f"retcli case change {case} --line CUP=2 --because TEXT",
        f"retcli pay refund {case} --waive goods_first --because TEXT",
        f"retcli parcel expect {case} WAYBILL",
    ]
    assert books.do(payouts.refund, case).money.minor == 4000


@pytest.mark.parametrize("codes", [("RCMDA", "MUG"), ("RCMDX", "MUG"), ("RCMDX", "CUP")])
def test_money_that_was_clicked_before_wrong_goods_came_is_said_at_the_table(
    books: Books, folder: Folder, codes: tuple[str, ...]
) -> None:
    """点过“同意退款”，包裹退回来里面是马克杯：台前和卡片都说 59.90 已经出去、待追回。"""
    books.hire()
    for barcode, sku in enumerate(("CUP", "MUG")):
        books.product(sku, barcode=f"690123456789{barcode}")
    bought = sold(ONE, ("CUP", 1, 5990), waybill=BACK, confirmed_at=None, status="卖家已发货，等待买家确认")
    wish = asked_back("R1", bought, 5990, kind="仅退款", status=REQUESTED, goods="买家未收到货")
    take(books, *folder.both(bought), folder.refunds(wish))
    case = books.do(decisions.approve, "R1", by=MANAGER).number
    books.do(platform_list.done, ["R1"], by=MANAGER)
    *_others, said = Table(books).scan(BACK, *codes)
    assert said.message.endswith(f"59.90 of {case} is out already, to be claimed back: retcli case show {case}")
    view = shown(books, case)
    assert (view.stage, view.next) == ("to_recover", "retcli import FILE")
    assert of_goods(view) == (Answer.NO, "What came back is not of this order; missing: CUP×1")
    books.check()


@pytest.mark.parametrize(
    ("codes", "line"), [(("RCMDA", "CUP", "RCMDX", "CUP"), "CUP=1"), (("RCMDA", "CUP", "MUG"), "CUP=1")]
)
def test_a_right_piece_beside_a_wrong_one_is_said_and_has_its_ways_out(
    sqlite_books: Books, codes: tuple[str, ...], line: str
) -> None:
    """该退两只杯子 119.80：一只对，一只是别的货。说清几件对、几件不对；能按一件改、能拒，打印的命令都跑得通。"""
    books, desk = sqlite_books, Desk(sqlite_books.database)
    books.hire()
    for sku in ("CUP", "MUG"):
        books.product(sku)
    case = returning(books, ONE, ("CUP", 2, 11980), waybill=BACK)
    Table(books).scan(BACK, *codes)
    said = "1 pieces of this order came back, and 1 of another; missing: CUP×1"
    view = shown(books, case)
    assert of_goods(view) == (Answer.NO, said)
    steps = view.next.splitlines()
    reject = f"retcli case reject {case} --because TEXT"
    assert {reject, f"retcli case change {case} --line {line} --because TEXT"} <= set(steps)
    assert f"retcli pay refund {case}" in steps, "the right one is paid"
    NextSteps._try(desk, view)
    assert desk.type("case", "change", case, "--line", line, "--because", "只收到一件", by=MANAGER).code == 0
    changed = shown(books, case)
    assert (changed.stage, changed.due.minor, changed.lines[0].quantity) == ("to_decide", 5990, 1)
    assert of_goods(changed) == (Answer.YES, "What came back is in order")
    NextSteps._try(desk, changed)
    books.check()
