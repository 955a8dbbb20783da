"""A refund that a platform paid in one month and closed in a later one: each month keeps what happened in it.

60.00 of an order of 100.00 are agreed to and clicked on 7 November, paid there on the 8th, closed in December.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from typing import Any

import pytest
import sqlalchemy as sa

from fixtures.model import Refund
from retcli.actions.imports import import_questions
from retcli.actions.insight.month import reconciliation as reconciling
from retcli.actions.insight.month import sums
from retcli.actions.money import payout_steps
from retcli.database import engine
from retcli.rules.periods import Period
from retcli.sheets import reconciliation
from retcli.sheets.month import Month
from retcli.transaction import opened
from tests.reports import CLOSED, OPENED, SUCCEEDED, Folder, asked_back, clicked, sold, take, unsent
from tests.shopfloor import MANAGER, Books, shanghai

NUMBER = "2850000000000000871"
ORDER = sold(NUMBER, ("TS-L", 1, 10000))
NOVEMBER, DECEMBER, JANUARY = "2026-11", "2026-12", "2027-01"
MONTHS = (NOVEMBER, DECEMBER, JANUARY)
PAID, CLOSES, AGAIN = datetime(2026, 11, 8, 20), datetime(2026, 12, 4, 9), datetime(2027, 1, 5, 9)
Classes = dict[str, tuple[int, int]]
"""Our side and the platform's, in fen, by class of difference."""


def month_of(books: Books, month: str) -> Month:
    """A month of which each sheet's sums are those of the books, and whose control totals hold."""
    with opened(books.asked(), writes=False) as shop:
        of_month = reconciling.month_of_books(shop, month)
        sums.hold_equal(shop, Period.month(month), reconciliation.sheets(of_month)[1:])
    assert all(side.holds for block in of_month.blocks for side in block.control.values())
    return of_month


def classes(books: Books, month: str) -> Classes:
    """The classes of a month."""
    ours, theirs = Counter[str](), Counter[str]()
    for gap in month_of(books, month).gaps:
        ours[gap.label] += gap.ours.minor
        theirs[gap.label] += gap.platform.minor
    return {label: (ours[label], theirs[label]) for label in ours}


def as_exported(books: Books, month: str) -> tuple[Any, ...]:
    """All of a month that an exported workbook had and that nothing later changes: rows, totals, control."""
    of_month = month_of(books, month)
    rows = [replace(gap, settled="", state="") for gap in of_month.gaps]
    return rows, of_month.blocks, [row.booked_at for row in of_month.movements], of_month.owed


def at(books: Books, written: str) -> None:
    books.at = shanghai(written)


def listed(books: Books, folder: Folder, wish: Refund, exported: str, **facts: Any) -> None:
    """A list with the refund, exported at an instant and taken in then, or later where the clock says so; what it asks
    is answered.
    """
    instant = shanghai(exported)
    books.at = max(books.at, instant)
    stem = f"{facts['status'][:4]}{folder.made}_{instant:%Y%m%d%H%M%S}"
    folder.made += 1
    take(books, folder.refunds(replace(wish, **facts), name=f"{stem}.csv"))
    for (question,) in books.rows("SELECT id FROM import_questions WHERE state = 'open'"):
        books.do(import_questions.answer, question, "keep", by=MANAGER)


def paid(books: Books, folder: Folder, wish: Refund, minor: int = 6000, finished: datetime = PAID) -> None:
    """The list of the day after says that the refund succeeded."""
    exported = finished.replace(day=finished.day + 1, hour=12, minute=0)
    listed(books, folder, wish, f"{exported:%Y-%m-%d %H:%M}", status=SUCCEEDED, amount=minor, finished_at=finished)


def by_route(books: Books, folder: Folder) -> Refund:
    """Agreed to and clicked; the list confirms our payout."""
    books.at = OPENED
    return clicked(books, folder, ORDER, 6000)


def by_hand(books: Books, folder: Folder) -> Refund:
    """Agreed to and clicked; a person confirmed our payout before any list told of it."""
    books.at = OPENED
    wish = clicked(books, folder, ORDER, 6000)
    at(books, f"{PAID:%Y-%m-%d %H:%M}")
    books.do(payout_steps.step, books.value("SELECT number FROM payouts"), "confirm", by=MANAGER)
    return wish


def alone(books: Books, folder: Folder) -> Refund:
    """Nobody here agreed."""
    books.hire()
    books.at = OPENED
    order = unsent(ORDER)
    wish = asked_back("31", order, 6000, kind="仅退款", status="买家已经申请退款，等待卖家同意", goods="买家未收到货")
    take(books, *folder.both(order), folder.refunds(wish))
    return wish


WHO: dict[str, Callable[[Books, Folder], Refund]] = {"route": by_route, "by hand": by_hand, "alone": alone}
FIRST: dict[str, Classes] = {
    "route": {"matched": (6000, 6000)},
    "by hand": {"matched": (6000, 6000)},
    "alone": {"D2": (0, 6000)},
}
"""November, by hand."""
TELLS: dict[str, dict[str, Any]] = {
    "its own time": {"finished_at": CLOSES},
    "no time": {"finished_at": None},
    "the time of the success": {"finished_at": PAID},
    "no amount": {"finished_at": CLOSES, "amount": 0},
}
"""What the list that closes the refund says of it."""


def closed(books: Books, folder: Folder, wish: Refund, tells: str = "its own time") -> None:
    """The list of 5 December says that the platform closed the refund."""
    listed(books, folder, wish, "2026-12-05 12:00", **({"amount": 6000} | TELLS[tells]), status=CLOSED)


def taken_back(books: Books, written: str) -> None:
    """All that stands is taken back."""
    at(books, written)
    standing = "SELECT number FROM payouts WHERE state = 'confirmed' AND reverses_id IS NULL"
    for (number,) in books.rows(f"{standing} ORDER BY id DESC"):
        books.do(payout_steps.reverse, number, because="钱退回来了", by=MANAGER)


@pytest.mark.parametrize("tells", TELLS)
@pytest.mark.parametrize("who", WHO)
def test_a_month_that_was_exported_stays(books: Books, folder: Folder, who: str, tells: str) -> None:
    """November was matched (or D2); December has the 60.00 that the platform takes off, ours stand yet."""
    wish = WHO[who](books, folder)
    paid(books, folder, wish)
    assert classes(books, NOVEMBER) == FIRST[who]
    before = as_exported(books, NOVEMBER)
    closed(books, folder, wish, tells)
    assert as_exported(books, NOVEMBER) == before
    assert classes(books, DECEMBER) == {"D7": (0, -6000)}
    assert classes(books, JANUARY) == {"D7": (0, 0)}, "carried until somebody takes it back"
    books.check()


OURS = {"route": -6000, "by hand": -6000, "alone": 0}
"""What a reversal counts on our side: of what nobody here had agreed to, nothing."""


@pytest.mark.parametrize("back", ["2026-11-20 12:00", "2026-12-10 12:00", "2027-01-08 12:00"])
@pytest.mark.parametrize("who", WHO)
def test_what_was_taken_back_ends_the_difference(books: Books, folder: Folder, who: str, back: str) -> None:
    """Taken back before the closing, in its month or after it: three months together come to what stands."""
    wish = WHO[who](books, folder)
    paid(books, folder, wish)
    before = as_exported(books, NOVEMBER)
    if back < "2026-12":
        taken_back(books, back)
        before = as_exported(books, NOVEMBER)
        closed(books, folder, wish)
    else:
        closed(books, folder, wish)
        taken_back(books, back)
    assert as_exported(books, NOVEMBER) == before
    each = [classes(books, month) for month in MONTHS]
    ours, theirs = ([sum(row[side] for row in of_month.values()) for of_month in each] for side in (0, 1))
    month = MONTHS.index(back[:7])
    assert theirs == [6000, -6000, 0]
    assert ours == [-OURS[who] + (OURS[who] if month == 0 else 0), *(OURS[who] if month == n else 0 for n in (1, 2))]
    assert [label for of_month in each[month + 1 :] for label in of_month] == ([] if month else ["undone"])
    books.check()


@pytest.mark.parametrize("who", ["route", "by hand"])
def test_paid_closed_and_paid_again(books: Books, folder: Folder, who: str) -> None:
    """60.00 in November, taken off in December, there again in January; ours stood all the time."""
    wish = WHO[who](books, folder)
    paid(books, folder, wish)
    closed(books, folder, wish)
    two = [as_exported(books, month) for month in (NOVEMBER, DECEMBER)]
    paid(books, folder, wish, finished=AGAIN)
    assert [as_exported(books, month) for month in (NOVEMBER, DECEMBER)] == two
    assert [classes(books, month) for month in MONTHS] == [
        {"matched": (6000, 6000)}, {"D7": (0, -6000)}, {"D5": (0, 6000)},
    ]  # fmt: skip
    assert classes(books, "2027-02") == {}
    books.check()


def test_paid_again_with_the_time_of_the_first_success(books: Books, folder: Folder) -> None:
    """The list of January shows the time of November: it is paid again when that list was made."""
    wish = by_route(books, folder)
    paid(books, folder, wish)
    closed(books, folder, wish)
    two = [as_exported(books, month) for month in (NOVEMBER, DECEMBER)]
    listed(books, folder, wish, "2027-01-06 12:00", status=SUCCEEDED, amount=6000, finished_at=PAID)
    assert [as_exported(books, month) for month in (NOVEMBER, DECEMBER)] == two
    assert classes(books, JANUARY) == {"D5": (0, 6000)}


def test_closed_first_and_paid_later(books: Books, folder: Folder) -> None:
    """Closed on 10 November and paid in December after all: nothing of it is November's."""
    wish = alone(books, folder)
    listed(books, folder, wish, "2026-11-11 12:00", status=CLOSED, finished_at=datetime(2026, 11, 10, 9))
    before = as_exported(books, NOVEMBER)
    paid(books, folder, wish, finished=CLOSES)
    assert as_exported(books, NOVEMBER) == before
    assert classes(books, NOVEMBER) == {}
    assert classes(books, DECEMBER) == {"D2": (0, 6000)}
    books.check()


@pytest.mark.parametrize("who", WHO)
def test_the_later_list_comes_first(books: Books, folder: Folder, who: str) -> None:
    """December's list is taken in before November's: each month says what it says in the other order, but for what was
    agreed to, which fell with the closing where nothing had left.
    """
    wish = WHO[who](books, folder)
    closed(books, folder, wish)
    paid(books, folder, wish)
    first = {"route": {"D2": (0, 6000)}}.get(who, FIRST[who])
    of_november = {label: sides for label, sides in classes(books, NOVEMBER).items() if any(sides)}
    assert of_november == first
    of_december = {label: sides for label, sides in classes(books, DECEMBER).items() if any(sides)}
    assert of_december == {"D7": (0, -6000)}
    again = [as_exported(books, month) for month in MONTHS]
    paid(books, folder, replace(wish, note="再看"))
    assert [as_exported(books, month) for month in MONTHS] == again, "told once more it is nothing new"
    books.check()


def test_two_parts_are_closed_together(books: Books, folder: Folder) -> None:
    """45.00 in November, 15.00 in December, all closed in January."""
    wish = by_route(books, folder)
    paid(books, folder, wish, 4500)
    paid(books, folder, wish, 6000, CLOSES)
    two = [as_exported(books, month) for month in (NOVEMBER, DECEMBER)]
    listed(books, folder, wish, "2027-01-06 12:00", status=CLOSED, finished_at=AGAIN, amount=6000)
    assert [as_exported(books, month) for month in (NOVEMBER, DECEMBER)] == two
    assert classes(books, NOVEMBER) == {"D3": (6000, 4500)}
    assert classes(books, DECEMBER) == {"D5": (0, 1500)}
    assert classes(books, JANUARY) == {"D7": (0, -6000)}
    books.check()


def test_a_part_that_is_taken_back_stays_in_its_month(books: Books, folder: Folder) -> None:
    """45.00 in November, 15.00 in December; in January the 45.00 are taken back."""
    wish = by_route(books, folder)
    paid(books, folder, wish, 4500)
    paid(books, folder, wish, 6000, CLOSES)
    two = [as_exported(books, month) for month in (NOVEMBER, DECEMBER)]
    at(books, "2027-01-08 12:00")
    first = books.value("SELECT number FROM payouts WHERE state = 'confirmed' AND minor = 4500")
    books.do(payout_steps.reverse, first, because="钱退回来了", by=MANAGER)
    assert [as_exported(books, month) for month in (NOVEMBER, DECEMBER)] == two


@pytest.mark.parametrize("back", [True, False])
def test_beyond_the_order(books: Books, folder: Folder, *, back: bool) -> None:
    """120.00 of an order of 100.00, of which 60.00 were agreed to, all closed in December."""
    wish = by_route(books, folder)
    paid(books, folder, wish, 12000)
    before = as_exported(books, NOVEMBER)
    assert classes(books, NOVEMBER) == {"D3": (6000, 10000), "D4": (0, 2000)}
    listed(books, folder, wish, "2026-12-05 12:00", status=CLOSED, finished_at=CLOSES, amount=12000)
    assert as_exported(books, NOVEMBER) == before
    assert classes(books, DECEMBER) == {"D7": (0, -10000), "D4": (0, -2000)}
    if back:
        taken_back(books, "2026-12-10 12:00")
        assert classes(books, DECEMBER) == {"undone": (-6000, -10000), "D4": (0, -2000)}
        assert classes(books, JANUARY) == {}
    books.check()


def test_from_before_the_books(books: Books, folder: Folder) -> None:
    """60.00 there before the first file came; closed in December, that is in no difference either, and still to be
    taken back here.
    """
    books.hire()
    at(books, "2026-11-20 12:00")
    order = unsent(ORDER)
    wish = asked_back("31", order, 6000, kind="仅退款", goods="买家未收到货", finished_at=PAID)
    take(books, *folder.both(order), folder.refunds(wish))
    before = as_exported(books, NOVEMBER)
    assert classes(books, NOVEMBER) == {"before": (0, 6000)}
    closed(books, folder, wish)
    assert as_exported(books, NOVEMBER) == before
    assert classes(books, DECEMBER) == {"D7": (0, -6000)}
    assert month_of(books, DECEMBER).blocks[0].difference == 0
    taken_back(books, "2026-12-10 12:00")
    assert classes(books, DECEMBER) == {"undone": (0, -6000)}
    assert month_of(books, DECEMBER).blocks[0].difference == 0
    assert classes(books, JANUARY) == {}
    books.check()


@pytest.mark.parametrize("who", ["route", "alone"])
def test_books_of_before_get_what_was_closed_in_them(books: Books, folder: Folder, who: str) -> None:
    """The revision of the schema finds in payouts and events what an import writes down today."""
    wish = WHO[who](books, folder)
    paid(books, folder, wish)
    closed(books, folder, wish)
    revision: Any = import_module("retcli.database.migrations.versions.0046_closed_payments")
    with engine.engine(books.database).begin() as connection:
        connection.execute(sa.text(revision.CLOSED))
    rows = [tuple(row) for row in books.rows("SELECT case_id, minor, paid_at, closed_at FROM closed_payments")]
    assert len(rows) == 2
    assert rows[0] == rows[1]
