"""Two labels on one carton: the buyer used the box again in which the goods came, and both waybills can be read."""

from __future__ import annotations

import itertools

import pytest

from retcli.actions.cases import decisions
from retcli.actions.insight import today
from retcli.actions.warehouse import parcels
from retcli.actions.warehouse.bench import explained_scans
from retcli.rules.lifecycles import Kind
from tests.shopfloor import Books
from tests.warehouse import Table, attached, returning, stock

ONE, TWO = "2850000000000000051", "2850000000000000052"
OLD, OTHERS = f"SF{ONE[-12:]}", f"SF{TWO[-12:]}"
BACK, OUT = "YT5260493176849", "SF1620041173377"
BOXES = {"its own order's": OLD, "another order's": OTHERS, "another case's": OTHERS, "the exchange's": OUT}
"""Whose the old label on the carton is."""


@pytest.fixture
def table(books: Books) -> Table:
    books.hire()
    for sku in ("CUP", "BOWL"):
        books.product(sku)
    return Table(books)


def reused(table: Table, box: str) -> str:
    """A cup that comes back under BACK in a box with an old label; its case's number."""
    books = table.books
    if box != "the exchange's":
        case = returning(books, ONE, ("CUP", 1, 800), waybill=BACK)
    else:
        books.order(ONE, ("CUP", 1, 800))
        case = books.do(decisions.open_case, ONE, kind=Kind.EXCHANGE, reason="Q_FUNC").number
        books.do(decisions.approve, case)
        books.do(decisions.ship, case, waybill=OUT)  # the new cup goes out before the old one is back
        books.do(parcels.expect_by_hand, case, BACK)
    books.order(TWO, ("BOWL", 1, 900))
    if box == "another case's":
        returning(books, TWO, waybill="")
    return case


@pytest.mark.parametrize(("box", "new_first"), list(itertools.product(BOXES, [True, False])))
def test_an_old_label_makes_no_second_parcel(table: Table, box: str, new_first: bool) -> None:
    """新旧两张面单都能扫：扫到旧的停下来问，再扫新的就接着验；不多出一个永远等着的退件。"""
    books, case, old = table.books, reused(table, box), BOXES[box]
    codes = (BACK, old, BACK) if new_first else (old, BACK)
    said = dict(zip(("last", "asked"), reversed(table.outcomes(*codes)[:]), strict=False))
    assert said == {"last": "duplicate" if new_first else "received", "asked": "stop"}
    assert books.value("SELECT COUNT(*) FROM parcels") == 1
    assert table.outcomes("RCMDA", "CUP", "RCMDEND") == ["command", "inspected", "command"]
    assert attached(books) == [(BACK, case)]
    assert stock(books) == {("CUP", "sellable"): 1}
    assert books.do(today.today).unclaimed == 0
    books.check()


@pytest.mark.parametrize("box", BOXES)
def test_what_is_said_names_both_labels(table: Table, box: str) -> None:
    reused(table, box)
    said = table.scan(BACK, BOXES[box])[1]
    assert (said.outcome, said.sound, said.exit_code) == ("stop", "stop", 3)
    assert BACK in said.message
    assert "nothing is booked" in said.message
    explained = table.books.do(explained_scans.explain, BOXES[box], BACK, dry_run=True)
    assert BACK in explained.now.message


@pytest.mark.parametrize("box", BOXES)
def test_a_box_of_its_own_is_read_once_more(table: Table, box: str) -> None:
    """真是另一个箱子：同一张再扫一遍，就是自己的退件。"""
    reused(table, box)
    assert table.outcomes(BACK, BOXES[box], BOXES[box])[2] in {"received", "unclaimed"}
    assert table.books.value("SELECT COUNT(*) FROM parcels") == 2


def test_pieces_behind_the_question_are_booked_nowhere(table: Table) -> None:
    reused(table, "its own order's")
    assert table.outcomes(BACK, OLD, "CUP", BACK, "CUP") == ["received", "stop", "stop", "duplicate", "counted"]


def test_a_bounce_is_no_answer(table: Table) -> None:
    """枪连读两下不算“再扫一遍”。"""
    reused(table, "its own order's")
    table.scan(BACK, at=1.0)
    assert [view.outcome for at in (5.0, 5.1) for view in table.scan(OLD, at=at)] == ["stop", "duplicate"]
    assert table.books.value("SELECT COUNT(*) FROM parcels") == 1
    assert [view.outcome for view in table.scan(OLD, at=7.0)] == ["received"]


def test_a_code_between_the_readings_asks_anew(table: Table) -> None:
    reused(table, "its own order's")
    assert table.outcomes(OLD, "RCMDA", OLD) == ["stop", "command", "stop"]


def test_a_refused_parcel_in_a_row_of_labels_is_received_at_once(table: Table) -> None:
    """一早上只扫面单：没签收的拒收件照旧一扫就收，不问。"""
    books = table.books
    returning(books, ONE, ("CUP", 1, 800), waybill=BACK)
    books.order(TWO, ("BOWL", 1, 900), signed_at=None)
    assert table.outcomes(BACK, OTHERS) == ["received", "unclaimed"]
