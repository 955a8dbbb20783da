"""Refunds that wait for their order are seen: on the day's list, in a list of their own, and by their numbers."""

from datetime import datetime

import pytest

from retcli.actions.cases import case_cards
from retcli.actions.orderfile import waiting_refunds
from retcli.actions.shop import orders
from retcli.errors import NotFound
from tests.reports import REQUESTED, Folder, asked_back, sold, take
from tests.shopfloor import Books, shanghai
from tests.terminal import Desk

ORDER = sold("2850000000000000931", ("TS-L", 1, 7900))
OTHER = sold("2850000000000000932", ("TS-M", 1, 5000))
DUE = shanghai("2026-11-09 13:00")
PAID, PENDING = (
    asked_back("77009001", ORDER, 7900),
    asked_back("77009002", OTHER, 5000, status=REQUESTED, deadline_at=datetime(2026, 11, 9, 13)),
)


def test_today_names_them_with_their_sum_and_the_first_deadline(night: Desk, folder: Folder) -> None:
    """79.00 and 50.00; the open one is due within the hour. That all files are fresh is not said: one is wanting."""
    night.type("import", str(folder.refunds(PAID, PENDING)))
    lines = night.type("today").out.splitlines()
    line = "2 refunds wait for their order; 129.00; the first is due 2026-11-09 13:00"
    assert f"  {line}: retcli imports waiting" in lines
    assert not any("fresh" in line for line in lines)
    told = night.read("today")["refunds_waiting"]
    assert (told["count"], told["money"][0]["minor"], told["due_at"]) == (2, 12900, "2026-11-09T13:00:00+08:00")
    night.type("import", *map(str, folder.both(ORDER)), *map(str, folder.both(OTHER)))
    assert night.read("today")["refunds_waiting"]["count"] == 0
    assert "wait for their order" not in night.type("today").out


def test_the_list_has_each_with_its_numbers_the_first_deadline_first(books: Books, folder: Folder) -> None:
    take(books, folder.refunds(PAID, PENDING))
    view = books.do(waiting_refunds.waiting_list)
    assert [(each.refund, each.order, each.written, each.open_until) for each in view.refunds] == [
        ("77009002", OTHER.number, "50.00", DUE),
        ("77009001", ORDER.number, "79.00", None),
    ]


@pytest.mark.parametrize("typed", ["77009002", "009002", OTHER.number])
def test_by_its_number_it_says_that_it_waits(books: Books, folder: Folder, typed: str) -> None:
    take(books, folder.refunds(PAID, PENDING))
    with pytest.raises(NotFound, match=f"Refund 77009002 .*waits for its order {OTHER.number}"):
        books.do(case_cards.show, typed)
    assert [each.refund for each in books.do(orders.find, typed).waiting] == ["77009002"]
    with pytest.raises(NotFound, match="There is no case"):
        books.do(case_cards.show, "77009009")
