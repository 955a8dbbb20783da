"""发货台：先扫售后单，再一件件扫，最后扫运单号；错的、多的、没齐的都停，一件不发。"""

from __future__ import annotations

import pytest

from retcli.actions.cases import changes, decisions
from retcli.actions.warehouse import parcels
from retcli.rules.lifecycles import Kind
from retcli.rules.warehouse import payloads
from retcli.rules.warehouse.modes import SENDING
from retcli.views.warehouse.scans import Sound
from tests.actions.warehouse.shipments.test_leaving import AGAIN, BACK, ONE, OUT, THREE, TWO, count, moves, resend, sale
from tests.shopfloor import MANAGER, WAREHOUSE, Books
from tests.warehouse import Table, Terminal


@pytest.fixture
def shop(books: Books) -> Books:
    books.hire()
    for sku in ("CUP", "MUG"):
        books.product(sku, price=5990)
        count(books, sku, 5)
    return books


@pytest.fixture
def table(shop: Books) -> Terminal:
    """A bench at which goods are sent."""
    at = Terminal(shop)
    assert at.code("RCMDSHIP").outcome == "command"
    return at


def two_pieces(books: Books, number: str = ONE) -> str:
    """A case of which a cup and a mug are to be sent; its number."""
    books.order(number, ("CUP", 1, 5990), ("MUG", 1, 5990), buyer_remark="请用礼盒")
    case = books.do(decisions.open_case, number, kind=Kind.RESEND, reason="L_LOST").number
    books.do(decisions.approve, case, by=MANAGER)
    return case


def test_the_case_each_piece_then_the_waybill(table: Terminal) -> None:
    """两件：扫单、扫杯、扫马克杯，扫运单号就发出，库存各少一件。"""
    case = two_pieces(table.books)
    begun = table.code(payloads.of_case(case))
    assert begun.message == f"{case}: pack CUP×1, MUG×1; the buyer: 请用礼盒"
    assert begun.prompt is not None
    assert begun.prompt.sentence() == f"sending {case} 0/2, missing CUP×1, MUG×1"
    cup, mug = table.codes("CUP", "MUG")
    assert (cup.outcome, cup.message, cup.sound) == ("counted", "CUP 1 of 1; missing MUG×1", Sound.OK)
    assert (mug.message, mug.sound) == ("MUG 1 of 1; all is in: scan the waybill", Sound.DONE)
    sent = table.code(OUT)
    assert (sent.outcome, sent.message, sent.cases) == ("shipped", f"{case}: CUP×1, MUG×1 sent", (case,))
    assert (sale(table.books), sale(table.books, "MUG")) == ((4, 4, 0), (4, 4, 0))
    assert table.books.rows("SELECT state, waybill, shipped_by FROM shipments") == [("shipped", OUT, WAREHOUSE)]
    assert sent.prompt is not None
    assert sent.prompt.sentence() == "sending"
    table.books.check()


def test_a_wrong_or_surplus_piece_or_one_too_few_is_a_stop(table: Terminal) -> None:
    case = resend(table.books)
    assert table.code("CUP").outcome == "unknown", "no case yet"
    table.code(case)
    wrong, early = table.codes("MUG", OUT)
    assert (wrong.outcome, wrong.message) == ("stop", f"MUG does not belong to {case}: do not pack it")
    assert (early.outcome, early.message) == ("stop", f"{case} is not sent: missing CUP×1; scan them first")
    table.code("CUP")
    surplus, confirmed = table.codes("CUP", "RCMDYES")
    assert surplus.message == f"CUP: 1 too many for {case}, which has 1: do not pack them"
    assert confirmed.outcome == "unknown", "a wrong piece is not right by a word"
    assert moves(table.books) == []
    assert table.code(OUT).outcome == "shipped"
    assert moves(table.books) == [("shipped", 1)]


def test_several_of_one_by_a_word_and_one_at_a_time(table: Terminal) -> None:
    """扫订单号也行：订单另有一张退货的单子，要发的是补发的那张。"""
    shop = table.books
    shop.order(ONE, ("CUP", 3, 17970), ("MUG", 1, 5990))
    case = shop.do(decisions.open_case, ONE, kind=Kind.RESEND, reason="W_SHORT", lines=["CUP=3"]).number
    shop.do(decisions.approve, case, by=MANAGER)
    back = shop.do(decisions.open_case, ONE, kind=Kind.RETURN, reason="B_7D", lines=["MUG=1"], by=MANAGER)
    assert table.code(ONE).cases == (case,), back.number
    assert table.code("RCMDQTY4", "CUP").outcome == "stop"
    assert table.code("RCMDQTY2", "CUP").message == "CUP 2 of 3; missing CUP×1"
    assert table.code("CUP", OUT).outcome == "shipped"
    assert sale(table.books) == (2, 2, 0)


def test_undo_takes_a_piece_out_and_a_box_back(table: Terminal) -> None:
    """撤销：没发的先拿出上一件；发走的，回到可售、照旧占用；再发一次。"""
    case = resend(table.books)
    out = table.codes(case, "CUP", "RCMDUNDO", OUT)[2:]
    assert [view.outcome for view in out] == ["undone", "stop"]
    assert table.code("CUP", OUT).outcome == "shipped"
    assert table.code("RCMDUNDO").outcome == "undone"
    assert (sale(table.books), moves(table.books)) == ((5, 4, 1), [("shipped", 1), ("unshipped", 1)])
    assert table.code("RCMDUNDO").outcome == "unknown"
    assert table.code(case, "CUP", AGAIN).outcome == "shipped"
    table.books.check()


def test_a_box_that_was_not_sent_is_not_left_without_a_word(table: Terminal) -> None:
    first, second = resend(table.books, ONE), resend(table.books, TWO)
    table.code(first, "CUP")
    assert table.code(second).outcome == "stop"
    asked, left = table.codes("RCMDNEXT", "RCMDYES")
    assert (asked.outcome, left.message) == ("stop", "the next box")
    assert table.code(second, "CUP", OUT).cases == (second,)
    assert table.books.rows("SELECT state FROM replacements ORDER BY id") == [("due",), ("shipped",)]


def test_what_must_not_leave_does_not(table: Terminal) -> None:
    """等退货的、什么都不用发的、别家的单号、半路撤了的：都停。"""
    shop = table.books
    shop.order(ONE, ("CUP", 1, 5990))
    waits = shop.do(decisions.open_case, ONE, kind=Kind.EXCHANGE, reason="W_WRONG", want=["MUG"]).number
    shop.do(decisions.approve, waits, by=MANAGER)
    shop.do(parcels.expect_by_hand, waits, BACK)
    assert table.code(waits).message == "its goods wait for what comes back"
    first, second = resend(shop, TWO), resend(shop, THREE)
    assert table.code(first, "CUP", OUT).outcome == "shipped"
    assert table.code(first).message == "nothing of it is to be sent"
    assert "under which order" in table.code(second, "CUP", OUT).message
    shop.do(decisions.withdraw, second, by=MANAGER)
    assert table.code(AGAIN).message == f"CUP does not belong to {second}: do not pack it"
    assert moves(shop) == [("shipped", 1)]


def test_other_goods_that_took_their_place_are_missed(table: Terminal) -> None:
    shop = table.books
    shop.order(ONE, ("CUP", 1, 5990))
    case = shop.do(decisions.open_case, ONE, kind=Kind.EXCHANGE, reason="W_WRONG", want=["CUP"]).number
    shop.do(decisions.approve, case, by=MANAGER)
    shop.do(parcels.expect_by_hand, case, BACK)
    Table(shop).scan(BACK, "RCMDA", "CUP", "RCMDEND")
    table.code(case, "CUP")
    shop.do(changes.change, case, want=["MUG"], because="买家换了主意", by=MANAGER)
    assert table.code(OUT).message == f"{case} is not sent: missing MUG×1; scan them first"


def test_parcels_are_not_received_here_and_a_mode_ends_the_box(table: Terminal) -> None:
    case = resend(table.books)
    assert table.code("RCMDEMPTY").outcome == "unknown"
    table.code(case, "CUP", "RCMDCHECK", "RCMDSHIP")
    assert table.code(OUT).message == "scan the case first, then each piece, then the waybill"
    assert Terminal(table.books).bench.mode != SENDING
