"""What a piece of work tells of many rows that a file filled: in events that are read one at a time."""

import json

import pytest

from retcli.database.history import facts
from retcli.transaction import opened
from tests.shopfloor import Books


@pytest.mark.parametrize("rows", [1, 4, 5])
def test_a_long_list_is_told_in_several_events_each_row_once(
    books: Books, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    monkeypatch.setattr(facts, "LISTED", 2)
    books.order("2850000000000000001", *((f"TS-{place}", 1, 1000) for place in range(rows)))
    with opened(books.asked(), writes=False) as shop:
        everything = [payload["lists"] for payload in facts.everything(shop.session) if "lists" in payload]
    told = [json.loads(row) for (row,) in books.rows("SELECT payload FROM events WHERE action = 'facts' ORDER BY seq")]
    for lists in ([payload["lists"] for payload in told if "lists" in payload], everything):
        parts = [json.loads(each["order_lines"]["rows"]) for each in lists if "order_lines" in each]
        keys = [row[0] for part in parts for row in part]
        assert keys == [key for (key,) in books.rows("SELECT id FROM order_lines ORDER BY id")]
        assert max(len(part) for part in parts) <= 2
    books.check()
