"""A kill while what was kept is being saved: within a line of several codes, and between two codes. Nothing is lost,
nothing counts twice, and each piece stays with the parcel that was scanned before it.
"""

from __future__ import annotations

import pytest

from tests.commands.terminal.test_kept_codes import BACK, back, kept, killed
from tests.commands.terminal.test_kept_codes import books as books
from tests.shopfloor import Books
from tests.warehouse import returning

OTHER, NEXT = "2850000000000000322", "SF1620041173366"


@pytest.fixture
def two(books: Books) -> Books:
    """A second return is on its way, of two pens."""
    books.product("PEN")
    returning(books, OTHER, ("PEN", 2, 500), waybill=NEXT)
    return books


def pieces(books: Books) -> dict[tuple[str, str], tuple[int, int]]:
    """Pieces counted and inspected by waybill and product."""
    query = "SELECT p.waybill, c.sku, c.counted, c.inspected FROM parcel_counts c JOIN parcels p ON p.id = c.parcel_id"
    return {(waybill, sku): (counted, inspected) for waybill, sku, counted, inspected in books.rows(query)}


@pytest.mark.parametrize("when", ["saved", "noted"])
def test_the_later_codes_of_a_line_outlive_a_kill(two: Books, when: str) -> None:
    """一行里扫了「运单号、商品、商品」，账本正忙先留着；存完第一个码就断电：后两个码回来补上，记在那一包。"""
    killed(two, BACK, "HOLD", f"{NEXT}\tPEN\tCUP", "RCMDX", "CUP", "LET GO", "RCMDLIST", when=when)
    views, _remarks = back(two)
    codes = [view.code for view in views if view.outcome != "duplicate"]
    assert codes == ["PEN", "CUP", "RCMDX", "CUP", "RCMDLIST"], "in the order in which they were read"
    assert pieces(two)[NEXT, "PEN"] == (1, 0)
    assert kept(two) == []
    two.check()


@pytest.mark.parametrize("when", ["saved", "noted"])
def test_a_piece_stays_with_the_parcel_before_it(two: Books, when: str) -> None:
    """先留着「第二包、等级、笔」；存完第二包的运单号就断电：笔还是第二包的，不是第一包的。"""
    killed(two, BACK, "RCMDC", "HOLD", NEXT, "RCMDA", "PEN", "LET GO", "RCMDLIST", when=when)
    back(two)
    assert pieces(two) == {(NEXT, "PEN"): (1, 1)}
    two.check()


def test_several_pieces_stay_several(two: Books) -> None:
    """先留着「算 2 件、笔」；存完「算 2 件」就断电：回来还是记 2 件。"""
    killed(two, NEXT, "HOLD", "RCMDQTY2", "PEN", "LET GO", "RCMDLIST", when="saved")
    back(two)
    assert pieces(two) == {(NEXT, "PEN"): (2, 0)}
    two.check()


def test_a_text_stays_a_text(two: Books) -> None:
    killed(two, NEXT, "HOLD", "RCMDNOTE", "盒子 压坏了", "LET GO", "RCMDLIST", when="saved")
    back(two)
    assert [text for (text,) in two.rows("SELECT text FROM notes")] == ["盒子 压坏了"]
    two.check()


def test_the_text_itself_is_written_once(two: Books) -> None:
    """备注存好了、还没划掉就断电：不会把备注里的字再当码扫一遍。"""
    killed(two, NEXT, "RCMDNOTE", "HOLD", "PEN PEN", "LET GO", "RCMDLIST", when="saved")
    back(two)
    assert len(two.rows("SELECT text FROM notes")) + sum(n for n, _i in pieces(two).values()) == 1
    two.check()
