"""One box with two labels: the sender's new waybill was read, then our own old label on the same box. The gun says
which; without a word two labels stay two parcels, since a refused parcel comes under our own waybill.
"""

from __future__ import annotations

import pytest

from retcli.actions.cases import decisions
from retcli.actions.warehouse.bench import scanned_commands
from retcli.actions.warehouse.strangers import cards
from retcli.rules.lifecycles import Kind
from tests.shopfloor import WAREHOUSE, Books
from tests.terminal import Desk
from tests.warehouse import Table, Terminal, attached, returning, stock

ONE, TWO = "2850000000000000051", "2850000000000000052"
OLD, OUT, NEW, OTHER, BACK = (
    f"SF{ONE[-12:]}",
    "SF1620041173377",
    "YT5260493176849",
    "YT5260493176850",
    "YT9000000000022",
)


@pytest.fixture
def table(books: Books) -> Terminal:
    books.hire()
    for sku in ("CUP", "BOWL"):
        books.product(sku)
    return Terminal(books)


def undelivered(books: Books) -> str:
    """A refund of an order whose goods are not with the buyer; its case."""
    books.order(ONE, ("CUP", 1, 800), signed_at=None)
    return books.do(decisions.open_case, ONE, kind=Kind.REFUND_ONLY, reason="B_MIND").number


def count(books: Books) -> int:
    return int(books.value("SELECT COUNT(*) FROM parcels"))


def old_of(books: Books, waybill: str = NEW) -> str:
    label = books.do(cards.show, waybill).label
    return label.full_old_waybill if label else ""


def test_our_own_label_on_a_strangers_box_is_asked_about(table: Terminal) -> None:
    """新面单没人等，接着扫到自家没签收的面单：停下问，什么都没记。"""
    books = table.books
    undelivered(books)
    view = table.code(NEW, OLD)
    assert (view.outcome, view.sound, count(books)) == ("stop", "stop", 1)
    assert "RCMDOLD" in view.message
    assert NEW in view.message
    assert "RCMDYES" not in view.message, "a yes would not say which of the two it is"
    assert view.prompt is not None
    assert "RCMDOLD" in view.prompt.sentence()


def test_it_is_the_old_label_of_the_same_box(table: Terminal) -> None:
    """RCMDOLD：一个包裹，旧单号记下，按旧单号归到等着的退款；撤销退回两样。"""
    books = table.books
    case = undelivered(books)
    view = table.code(NEW, OLD, "RCMDOLD")
    assert (view.outcome, view.cases, count(books)) == ("received", (case,), 1)
    assert (attached(books), old_of(books)) == ([(NEW, case)], OLD)
    assert table.code("RCMDA", "CUP").outcome == "inspected"
    assert stock(books) == {("CUP", "sellable"): 1}
    books.check()


def test_that_is_taken_back(table: Terminal) -> None:
    books = table.books
    undelivered(books)
    assert table.code(NEW, OLD, "RCMDOLD", "RCMDUNDO").outcome == "undone"
    assert (attached(books), old_of(books)) == ([], "")
    books.check()


@pytest.mark.parametrize("then", [(OLD,), ("RCMDNEXT", OLD)])
def test_two_parcels_one_after_the_other_stay_two(table: Terminal, then: tuple[str, ...]) -> None:
    """真是两个件：旧面单再扫一遍，或先 RCMDNEXT 再扫，就是拒收件自己的退件，归它自己的退款；前一个还是无主。"""
    books = table.books
    case = undelivered(books)
    view = table.code(NEW, OLD, *then)
    assert (view.outcome, view.cases, count(books)) == ("received", (case,), 2)
    assert (attached(books), old_of(books)) == ([(OLD, case)], "")
    books.check()


@pytest.mark.parametrize("answer", ["RCMDYES", "RCMDNEXT", "CUP", OTHER, "RCMDUNDO"])
def test_no_other_answer_gives_it_to_anybody(table: Terminal, answer: str) -> None:
    """RCMDYES 说不清是哪一种：不记；别的码也不把谁归给谁。"""
    books = table.books
    undelivered(books)
    table.code(NEW, OLD, answer)
    assert (attached(books), old_of(books)) == ([], "")
    assert books.value("SELECT COUNT(*) FROM parcels WHERE waybill = :w", w=OLD) == 0
    assert table.code("RCMDOLD").outcome != "received", "the question is over"
    assert old_of(books) == ""
    books.check()


def test_what_was_sent_again_is_asked_about_too(table: Terminal) -> None:
    """换出去的新件的面单：同一个箱子就记成旧单号。"""
    books = table.books
    books.order(ONE, ("CUP", 1, 800))
    case = books.do(decisions.open_case, ONE, kind=Kind.EXCHANGE, reason="Q_FUNC").number
    books.do(decisions.approve, case)
    books.do(decisions.ship, case, waybill=OUT)
    assert table.code(NEW, OUT).outcome == "stop"
    table.code("RCMDOLD")
    assert (old_of(books), count(books)) == (OUT, 1)
    assert books.value("SELECT state FROM replacements") == "shipped", "the buyer has it, or will"
    books.check()


def test_what_the_buyer_had_is_told_and_asked_in_the_same_way(table: Terminal) -> None:
    """买家签收过的旧箱子：同一个问法，RCMDOLD 记旧单号；货也对上就归。"""
    books = table.books
    case = returning(books, ONE, ("CUP", 1, 800), waybill="")
    table.code(NEW, OLD, "RCMDOLD")
    assert (old_of(books), attached(books)) == (OLD, []), "60 points"
    view = table.code("RCMDA", "CUP", "RCMDNEXT")
    assert view.closed is not None
    assert attached(books) == [(NEW, case)], "60 + 30"
    books.check()


def test_another_persons_box_gives_it_to_nobody(table: Terminal) -> None:
    """尾号登记的是别人：没签收的旧面单也不归给那单，留给人看。"""
    books = table.books
    books.order(ONE, ("CUP", 1, 800), signed_at=None, phone_tail="1111")
    books.do(decisions.open_case, ONE, kind=Kind.REFUND_ONLY, reason="B_MIND")
    view = table.code(NEW, "5678", OLD, "RCMDOLD")
    assert (view.outcome, attached(books), old_of(books)) == ("command", [], OLD)
    books.check()


@pytest.mark.parametrize("opened", [True, False])
def test_the_gun_names_an_old_label_without_a_question(table: Terminal, opened: bool) -> None:
    """先扫 RCMDOLD，下一行是旧单号：拆了以后才看到的旧面单也行。"""
    books = table.books
    case = undelivered(books)
    codes = [NEW, *(["CUP"] if opened else []), "RCMDOLD", OLD]
    assert table.code(*codes).cases == (case,)
    assert (count(books), old_of(books)) == (1, OLD)
    books.check()


@pytest.mark.parametrize("code", ["CUP", "RCMDA", NEW, "13800005678"])
def test_what_is_no_old_label_is_not_written(table: Terminal, code: str) -> None:
    books = table.books
    undelivered(books)
    table.code(NEW, "RCMDOLD", code)
    assert old_of(books) == ""
    assert count(books) == 1


def test_a_label_that_is_a_parcel_here_already_is_taken_back_first(table: Terminal) -> None:
    """顺序反了：先扫了旧面单（成了拒收件），再扫新面单：先撤销那一件，不留两个。"""
    books = table.books
    case = undelivered(books)
    first = table.code(OLD).parcel
    view = table.code(NEW, "RCMDOLD", OLD)
    assert (view.outcome, first in view.message, old_of(books)) == ("stop", True, "")
    assert attached(books) == [(OLD, case)]
    books.check()


def test_a_parcel_that_a_case_waits_for_is_no_old_label(table: Terminal) -> None:
    """别的售后单在等的退件，被当成旧面单扫进来：停下，那件照样等着。"""
    books = table.books
    case = returning(books, TWO, ("BOWL", 1, 900), waybill=BACK)
    view = table.code(NEW, "RCMDOLD", BACK)
    assert (view.outcome, case in view.message, old_of(books)) == ("stop", True, "")
    assert table.code(BACK).cases == (case,)
    books.check()


@pytest.mark.parametrize("between", [(), ("RCMDNEXT",), ("RCMDNEXT", OTHER)])
def test_the_old_label_of_a_box_that_is_here_makes_no_second_parcel(table: Terminal, between: tuple[str, ...]) -> None:
    """旧单号登记过的箱子，旧面单又被扫到：还是那一个箱子，不多一个退件，件数不重来。"""
    books = table.books
    case = undelivered(books)
    table.code(NEW, OLD, "RCMDOLD", "RCMDA", "CUP", *between)
    before = count(books)
    view = table.code(OLD)
    assert (view.outcome, view.parcel in view.message, count(books)) == ("duplicate", True, before)
    assert attached(books) == [(NEW, case)]
    assert stock(books) == {("CUP", "sellable"): 1}
    books.check()


def test_a_refused_text_of_a_command_ends_its_question(books: Books) -> None:
    """同一个旧面单枪响了两下：第二下被拒绝，问题就结束，下一张面单是下一个退件，不是旧面单。"""
    books.hire()
    books.product("BOWL")
    case = returning(books, TWO, ("BOWL", 1, 900), waybill=BACK)
    lines = (NEW, "RCMDOLD", OTHER, "RCMDOLD", OTHER, BACK)
    Desk(books.database, at=books.at, by=WAREHOUSE).type("scan", "-", typed="\n".join(lines))
    assert old_of(books) == OTHER
    assert books.value("SELECT state FROM parcels WHERE waybill = :w", w=BACK) == "received"
    assert attached(books) == [(BACK, case)]
    books.check()


def test_on_an_empty_table_there_is_no_box(table: Terminal) -> None:
    undelivered(table.books)
    assert table.code("RCMDOLD").outcome == "unknown"
    assert table.bench.awaits == ""


def test_from_a_file_two_labels_are_two_parcels(books: Books) -> None:
    """盘点机的文件没人能答：照旧两个件，拒收件归自己的退款。"""
    books.hire()
    case = undelivered(books)
    assert Table(books).outcomes(NEW, OLD) == ["unclaimed", "received"]
    assert attached(books) == [(OLD, case)]


def test_a_parcel_that_is_awaited_or_was_opened_asks_nothing(table: Terminal) -> None:
    """一早上只扫面单：等着的件、拆过的无主件后面来的拒收件，照旧一扫就收。"""
    books = table.books
    returning(books, TWO, ("BOWL", 1, 900), waybill=BACK)
    case = undelivered(books)
    assert table.code(BACK, OLD).cases == (case,)
    assert table.code(NEW, "CUP").outcome == "counted"
    assert "RCMDOLD" in scanned_commands.COMMANDS
