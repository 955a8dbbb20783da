"""A click of which a later list says that the platform still waits for it: at the month's end its refund was let go and
not paid, as if nobody had clicked.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from retcli.actions.cases import platform_list
from retcli.actions.insight.month import reconciliation as reconciling
from retcli.transaction import opened
from tests.reports import Folder, clicked, sold, take
from tests.shopfloor import MANAGER, Books, shanghai


def november(books: Books) -> tuple[str, bool, int]:
    """Class, whether it counts as clicked, and the fen that are open on our side."""
    with opened(books.asked(), writes=False) as shop:
        (gap,) = reconciling.month_of_books(shop, "2026-11").gaps
    return gap.label, gap.clicked, gap.open_ours.minor


@pytest.mark.parametrize("told_at", ["2026-11-20 12:00", "2026-12-02 12:00"])
def test_a_click_that_came_to_nothing_is_none(books: Books, folder: Folder, told_at: str) -> None:
    """60.00 clicked on 7 November; a list of that month, or of the next, shows it waiting."""
    wish = clicked(books, folder, sold("2850000000000000871", ("TS-L", 1, 10000)), 6000)
    books.at = shanghai(told_at)
    assert november(books) == ("open", True, 6000)
    take(books, folder.refunds(replace(wish, note="再看")))
    assert november(books) == ("open", False, 6000)
    books.later(hours=1)
    books.do(platform_list.done, ["31"], by=MANAGER)
    assert november(books) == ("open", told_at < "2026-12", 6000), "clicked anew, in that month or after it"
    books.check()
