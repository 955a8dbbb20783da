"""Pieces that were counted or graded before get a grade at the table: what is read is said in all its parts."""

from __future__ import annotations

import pytest

from retcli.actions.cases import case_cards
from retcli.transaction import opened
from tests.shopfloor import WAREHOUSE, Books
from tests.warehouse import Terminal, returning, stock

ORDER, BACK = "2850000000000000321", "YT5260493176849"


def answers(table: Terminal, *codes: str) -> list[str]:
    """The sentence that is said to each code."""
    return [view.message for view in table.codes(*codes)]


@pytest.fixture
def table(books: Books) -> Terminal:
    books.hire()
    books.product("CUP")
    return Terminal(books)


def wait_for(table: Terminal, pieces: int) -> str:
    """A return of so many cups that is on its way: its case."""
    return returning(table.books, ORDER, ("CUP", pieces, 1000 * pieces), waybill=BACK)


def counted(books: Books) -> dict[str, int]:
    return dict(books.rows("SELECT sku, counted FROM parcel_counts WHERE counted > 0"))


def accepted(books: Books, case: str) -> list[tuple[int, int]]:
    """Received and accepted pieces of each line."""
    with opened(books.asked(), writes=False) as shop:
        return [(line.received, line.accepted) for line in case_cards.show(shop, case).lines]


# counted first, graded then


def test_a_graded_piece_says_that_it_was_counted_before(table: Terminal) -> None:
    """先点了 2 件没判级，再判：每件说清是先前点过的第几件，不会四次都说「第 4 件」。"""
    wait_for(table, 3)
    answers(table, BACK, "CUP", "CUP", "RCMDA")
    assert answers(table, "CUP", "CUP", "CUP") == [
        "CUP: piece 1 of 2, counted before, graded A as new to sellable",
        "CUP: piece 2 of 2, counted before, graded A as new to sellable",
        "CUP: piece 3, graded A as new to sellable",
    ]
    assert (counted(table.books), stock(table.books)) == ({"CUP": 3}, {("CUP", "sellable"): 3})
    table.books.check()


def test_several_graded_pieces_hold_those_that_wait_and_say_so(table: Terminal) -> None:
    """点过 1 件没判级，再扫 RCMDA、RCMDQTY3：这 3 件里含那 1 件，共 3 件；说出来，也响「看一眼」。"""
    wait_for(table, 4)
    answers(table, BACK, "CUP", "RCMDA", "RCMDQTY3")
    view = table.code("CUP")
    assert view.message == (
        "CUP: 3 pieces, 1 of them counted before without a grade, 2 new; 3 in all, graded A as new to sellable"
    )
    assert (view.outcome, view.sound) == ("inspected", "look")
    assert (counted(table.books), stock(table.books)) == ({"CUP": 3}, {("CUP", "sellable"): 3})
    assert answers(table, "CUP") == ["CUP: piece 4, graded A as new to sellable"]
    table.books.check()


def test_several_new_pieces_say_how_many_there_are_in_all(table: Terminal) -> None:
    wait_for(table, 5)
    answers(table, BACK, "CUP", "RCMDQTY3")
    assert answers(table, "CUP") == ["CUP: 3 pieces; 4 in all"]
    assert counted(table.books) == {"CUP": 4}


def test_several_pieces_read_again_say_which_add_nothing(table: Terminal) -> None:
    """点过 2 件的退件重新扫：再扫 3 件，2 件是点过的，1 件是新的。"""
    wait_for(table, 5)
    answers(table, BACK, "RCMDA", "RCMDQTY2", "CUP", BACK, "RCMDA", "RCMDQTY3")
    assert answers(table, "CUP") == [
        "CUP: 3 pieces, 2 of them counted before, nothing added for them, 1 new; 3 in all, graded A as new to sellable"
    ]
    assert counted(table.books) == {"CUP": 3}


def test_what_is_beyond_the_expected_number_is_counted_right_after_all(table: Terminal) -> None:
    """RCMDALL 点上 4 件，再一件件判：第 5 件停下，4 件不变。"""
    wait_for(table, 4)
    answers(table, BACK, "RCMDALL", "RCMDC")
    assert [text[: text.index(",")] for text in answers(table, "CUP", "CUP", "CUP", "CUP")] == [
        f"CUP: piece {n} of 4" for n in (1, 2, 3, 4)
    ]
    assert "CUP: piece 5, and the case waits for 4: nothing booked" in answers(table, "CUP")[0]
    assert stock(table.books) == {("CUP", "defective"): 4}


# a piece beyond what is awaited


def test_a_piece_too_many_that_was_confirmed_reads_as_booked(table: Terminal) -> None:
    wait_for(table, 1)
    answers(table, BACK, "RCMDA", "CUP", "CUP")
    view = table.code("RCMDYES")
    assert (view.outcome, view.heading, view.sound, view.exit_code) == ("held", "held", "look", 3)
    assert "1 held, no money for it" in view.message
    assert stock(table.books) == {("CUP", "sellable"): 1, ("CUP", "held"): 1}


def test_another_grade_where_all_are_here_names_the_way_to_correct_one(table: Terminal) -> None:
    wait_for(table, 1)
    answers(table, BACK, "RCMDC", "CUP", "RCMDA")
    assert "graded otherwise before" in answers(table, "CUP")[0]
    assert "RCMDUNDO" in answers(table, "CUP")[0]
    assert "graded otherwise before" not in answers(table, "RCMDC", "CUP")[1]


# X, and then another grade


def test_a_piece_graded_x_by_mistake_is_corrected_and_not_doubled(table: Terminal) -> None:
    """只等 1 件：先判了 X 非本单，再判 A：还是这一件。"""
    case = wait_for(table, 1)
    answers(table, BACK, "RCMDX", "CUP", "RCMDA")
    view = table.code("CUP")
    assert view.message == "CUP: piece 1, graded X before and corrected, graded A as new to sellable"
    assert view.sound == "look"
    assert (counted(table.books), stock(table.books)) == ({"CUP": 1}, {("CUP", "sellable"): 1})
    assert accepted(table.books, case) == [(1, 1)]
    table.books.check()
    assert table.code("RCMDUNDO").outcome == "undone"
    assert (counted(table.books), stock(table.books)) == ({"CUP": 1}, {("CUP", "held"): 1})
    table.books.check()


@pytest.mark.parametrize("live", [True, False])
def test_a_foreign_piece_beside_right_ones_stays_what_it_is(table: Terminal, live: bool) -> None:
    """等 3 件：1 件判 X、2 件判 A，件数正好；再来第 3 个 A，才是把那件 X 改过来。"""
    wait_for(table, 3)
    for code in (BACK, "RCMDX", "CUP", "RCMDA", "CUP", "CUP"):
        table.code(code) if live else table.scan(code)
    assert stock(table.books) == {("CUP", "held"): 1, ("CUP", "sellable"): 2}
    table.scan("CUP")
    assert (counted(table.books), stock(table.books)) == ({"CUP": 3}, {("CUP", "sellable"): 3})
    table.books.check()


@pytest.mark.parametrize("grade", ["RCMDA", "RCMDX", "RCMDPENDING"])
@pytest.mark.parametrize("foreign", [1, 2])
def test_all_that_is_missing_books_nothing_beside_a_foreign_piece(table: Terminal, foreign: int, grade: str) -> None:
    """等 2 件，1 件或 2 件已判 X：「全部」里算不算它们，谁也说不准；一件一件扫。多扫几次也不会多出货来。"""
    wait_for(table, 2)
    answers(table, BACK, "RCMDX", *["CUP"] * foreign, grade)
    for view in [table.code("RCMDALL"), table.code("RCMDALL")]:
        assert (view.outcome, "scan each piece" in view.message) == ("unknown", True)
    assert (counted(table.books), stock(table.books)) == ({"CUP": foreign}, {("CUP", "held"): foreign})
    table.books.check()


def test_all_that_waits_may_be_foreign(table: Terminal) -> None:
    wait_for(table, 2)
    answers(table, BACK, "CUP", "CUP", "RCMDX", "RCMDALL")
    assert (counted(table.books), stock(table.books)) == ({"CUP": 2}, {("CUP", "held"): 2})
    table.books.check()


def test_a_foreign_piece_that_is_only_counted_again_waits_for_its_grade(table: Terminal) -> None:
    """只等 1 件：先判了 X，再只点数、再判 A：还是这一件。"""
    case = wait_for(table, 1)
    answers(table, BACK, "RCMDX", "CUP", "RCMDPENDING")
    assert table.code("CUP").message.startswith("CUP: piece 1, graded X before and corrected")
    assert (counted(table.books), stock(table.books)) == ({"CUP": 1}, {("CUP", "pending"): 1})
    answers(table, "RCMDA", "CUP")
    assert (counted(table.books), stock(table.books)) == ({"CUP": 1}, {("CUP", "sellable"): 1})
    assert accepted(table.books, case) == [(1, 1)]
    table.books.check()


def test_a_piece_held_since_nobody_waits_is_never_corrected(table: Terminal) -> None:
    wait_for(table, 1)
    answers(table, BACK, "RCMDA", "CUP", "CUP", "RCMDYES", "RCMDB")
    assert table.code("CUP").outcome == "stop"
    assert stock(table.books) == {("CUP", "sellable"): 1, ("CUP", "held"): 1}


def test_x_where_all_are_here_asks_whether_it_is_one_of_them(table: Terminal) -> None:
    """等 1 件已判 A，再判 X 同一个商品：不悄悄多记一件；确实另有一件扫 RCMDYES。"""
    wait_for(table, 1)
    answers(table, BACK, "RCMDA", "CUP", "RCMDX")
    view = table.code("CUP")
    assert (view.outcome, view.to_confirm, "RCMDUNDO" in view.message) == ("stop", True, True)
    assert stock(table.books) == {("CUP", "sellable"): 1}
    assert table.code("RCMDYES").outcome == "inspected"
    assert stock(table.books) == {("CUP", "sellable"): 1, ("CUP", "held"): 1}
    table.books.check()


def test_x_of_a_piece_that_is_not_of_the_order_asks_nothing(table: Terminal) -> None:
    table.books.product("PEN")
    wait_for(table, 1)
    answers(table, BACK, "RCMDA", "CUP", "RCMDX")
    assert table.code("PEN").outcome == "inspected"
    assert table.books.value("SELECT COUNT(*) FROM scans WHERE by = :who", who=WAREHOUSE) == 5


# the label read again, to correct a grade


def test_a_grade_that_stays_when_its_parcel_is_read_again_is_said(table: Terminal) -> None:
    """判成 C，重扫运单号想从头改成 A：还是 C，得说出来。"""
    wait_for(table, 1)
    answers(table, BACK, "RCMDC", "CUP", BACK, "RCMDA")
    assert answers(table, "CUP") == [
        "CUP: piece 1 of 1 was counted before, nothing is added; the grade stays C defective. Wrong? RCMDUNDO until it"
        " is taken back, then scan it again"
    ]
    answers(table, BACK, "RCMDC")
    assert answers(table, "CUP") == ["CUP: piece 1 of 1 was counted before, nothing is added"]
    assert stock(table.books) == {("CUP", "defective"): 1}
