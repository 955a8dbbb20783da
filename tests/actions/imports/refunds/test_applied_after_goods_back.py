"""A new application under the number of one whose goods are back, or that the platform had paid, is asked about:
nothing else leaves before the answer, and nothing of the first one is undone.

Applied for on 11-06 at 09:30; decided on the 7th at 12:00; applied for anew on the 8th at 20:00; seen on the 9th.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from fixtures.model import Refund
from retcli.actions.cases import decisions, platform_list
from retcli.actions.imports import import_questions
from retcli.actions.money import payouts
from retcli.actions.warehouse import parcels
from retcli.actions.warehouse.inspection import inspect, parse_item
from retcli.errors import Refused
from tests.reports import REQUESTED, SUCCEEDED, Folder, asked_back, questions, see_each, sold, take, unsent
from tests.shopfloor import MANAGER, OWNER, WAREHOUSE, Books, shanghai
from tests.warehouse import Table

NUMBER = "2850000000000000991"
FIRST_AT, ANEW_AT = datetime(2026, 11, 6, 9, 30), datetime(2026, 11, 8, 20)
ORDER = sold(NUMBER, ("TS-L", 1, 10000))
WISH = asked_back("71", ORDER, 10000, kind="退货退款", status=REQUESTED, goods="买家已收到货", applied_at=FIRST_AT)
ASKED = ("71", "applied_anew", "2026-11-06 09:30:00", "2026-11-08 20:00:00")
WAYBILL = "SF1620041173778"


def goods_back(books: Books, folder: Folder, *, looked_at: bool, clicked: bool) -> None:
    """The 100.00 agreed to, its parcel here, perhaps inspected and the money clicked."""
    books.hire()
    take(books, *folder.both(ORDER), folder.refunds(WISH))
    books.at = shanghai("2026-11-07 12:00")
    books.do(decisions.approve, "71", by=MANAGER)
    books.do(platform_list.done, ["71"], by=MANAGER)
    books.do(parcels.expect_by_hand, "71", WAYBILL, by=WAREHOUSE)
    if looked_at:
        books.do(inspect, WAYBILL, [parse_item("TS-L=1:A")], by=WAREHOUSE)
    else:
        Table(books).scan(WAYBILL)
    if clicked:
        books.do(platform_list.done, ["71"], by=MANAGER)


def told(books: Books, folder: Folder, wish: Refund) -> Any:
    books.at = shanghai("2026-11-09 09:00")
    (file,) = take(books, folder.refunds(wish)).files
    return file


OTHERWISE: dict[str, dict[str, Any]] = {
    "less": {"amount": 6000},
    "another kind": {"amount": 6000, "kind": "仅退款"},
    "the same": {},
}


@pytest.mark.parametrize(("looked_at", "clicked"), [(True, True), (True, False), (False, False)])
@pytest.mark.parametrize("otherwise", OTHERWISE)
def test_goods_that_are_back_are_asked_about(
    books: Books, folder: Folder, otherwise: str, *, looked_at: bool, clicked: bool
) -> None:
    goods_back(books, folder, looked_at=looked_at, clicked=clicked)
    kept = "SELECT decision, kind, asked FROM cases", "SELECT state, minor FROM payouts"
    stood = [books.rows(query) for query in kept]
    told(books, folder, replace(WISH, applied_at=ANEW_AT, note="再", **OTHERWISE[otherwise]))
    assert ASKED in questions(books)
    assert [books.rows(query) for query in kept] == stood
    if looked_at:
        with pytest.raises(Refused, match=r"applied anew|applied for refund only"):
            books.do(platform_list.done, ["71"], by=MANAGER)
            books.do(platform_list.done, ["71"], by=MANAGER)
    told(books, folder, replace(WISH, applied_at=ANEW_AT, note="又", **OTHERWISE[otherwise]))
    assert questions(books).count(ASKED) == 1
    see_each(books, OWNER)
    told(books, folder, replace(WISH, applied_at=ANEW_AT, note="还", **OTHERWISE[otherwise]))
    assert questions(books) == []
    books.check()


def test_less_without_a_later_time_is_asked_about_too(books: Books, folder: Folder) -> None:
    """60.00 instead of 100.00 with the goods here: told by the list of the 9th, which repeats the first time."""
    goods_back(books, folder, looked_at=True, clicked=False)
    told(books, folder, replace(WISH, amount=6000, note="再"))
    assert [each[1] for each in questions(books)] == ["applied_anew"]
    assert books.rows("SELECT decision, kind FROM cases") == [("approved", "return")]
    see_each(books, OWNER)
    told(books, folder, replace(WISH, amount=6000, note="又"))
    assert questions(books) == []
    books.check()


@pytest.mark.parametrize(("agreed", "paid"), [(6000, 4500), (5000, 5000)])
@pytest.mark.parametrize("applied_at", [ANEW_AT, FIRST_AT])
def test_what_the_platform_paid_is_asked_about(
    books: Books, folder: Folder, agreed: int, paid: int, applied_at: datetime
) -> None:
    """A part (45.00 of 60.00) or all (50.00 of 50.00) paid there on the 8th at 08:00; then 30.00 are applied for."""
    books.hire()
    wish = replace(
        WISH, order=unsent(ORDER), line=unsent(ORDER).lines[0], kind="仅退款", goods="买家未收到货", amount=agreed
    )
    take(books, *folder.both(unsent(ORDER)), folder.refunds(wish))
    books.at = shanghai("2026-11-07 12:00")
    books.do(decisions.approve, "71", by=MANAGER)
    books.do(platform_list.done, ["71"], by=MANAGER)
    books.at = shanghai("2026-11-08 12:00")
    at = datetime(2026, 11, 8, 8)
    take(books, folder.refunds(replace(wish, amount=paid, status=SUCCEEDED, finished_at=at)))
    see_each(books, OWNER)
    file = told(books, folder, replace(wish, amount=3000, applied_at=applied_at, note="再"))
    anew = applied_at == ANEW_AT
    assert questions(books) == ([ASKED] if anew else [])
    assert (file.changed, file.unchanged) == ((1, 0) if anew else (0, 1))
    assert books.rows("SELECT platform_state, platform_amount FROM cases") == [("succeeded", paid)]
    if anew and paid < agreed:
        with pytest.raises(Refused, match="applied anew"):
            books.do(payouts.refund, "71", by=MANAGER)
    again = told(books, folder, replace(wish, amount=3000, applied_at=applied_at, note="又"))
    assert (len(questions(books)), again.unchanged) == (int(anew), 1)
    books.do(import_questions.answer, None, "keep", every=True, by=OWNER)
    books.check()
