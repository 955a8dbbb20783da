"""What a piece of work tells of many rows that a file filled: in events that are read one at a time."""

import json

import pytest
import sqlalchemy as sa

from retcli.database.history import facts
from retcli.database.history.watched import NOTEBOOK
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


WRITES = (
    "INSERT INTO products (sku, name, category, warranty_months) VALUES ('NEW', '', '', 0)",
    "UPDATE products SET category = '鞋' WHERE sku = 'TS-1'",
    "DELETE FROM barcodes WHERE sku = 'TS-2'",
    "INSERT INTO reason_words (words, code, by, at) VALUES ('大了', 'B_7D', 'owner', '2026-11-20 04:00:00.000000')",
    "UPDATE staff SET role = 'agent' WHERE name = 'owner'",
    "UPDATE staff SET role = 'manager' WHERE name = 'owner'",
    "INSERT INTO staff (name, role, created_at) VALUES ('甲', 'agent', '2026-11-20 04:00:00.000000')",
    "UPDATE staff SET role = 'manager' WHERE name = '甲'",
    "INSERT INTO staff (name, role, created_at) VALUES ('乙', 'agent', '2026-11-20 04:00:00.000000')",
    "DELETE FROM staff WHERE name = '乙'",
    "UPDATE order_lines SET quantity = 2",
)
"""Rows that are new, changed once and twice, gone, new and gone, in tables told row by row and as lists."""


@pytest.mark.parametrize("number", range(1, len(WRITES) + 1))
def test_few_rows_are_told_as_many_are(books: Books, number: int) -> None:
    books.order("2850000000000000001", ("TS-1", 1, 1000), ("TS-2", 1, 1000))
    for sku in ("TS-1", "TS-2"):
        books.product(sku, barcode=f"69012345678{sku[-1]}5")
    with opened(books.asked()) as shop:
        since = {"since": shop.session.info[facts.NOTED_BEFORE]}
        for statement in WRITES[:number]:
            shop.session.execute(sa.text(statement))
        noted = f"FROM {NOTEBOOK} WHERE id > :since"
        notes = shop.session.execute(sa.text(f"SELECT name, key, was {noted} ORDER BY id"), since).all()
        many, few = (
            facts._together(told)
            for told in (facts._of_many(shop.session, noted, since), facts._of_few(shop.session, notes, since))
        )
        assert facts.written(shop.session) == few == many != []
        assert facts.written(shop.session) == []
        shop.session.rollback()
        facts.begin(shop.session, None)
