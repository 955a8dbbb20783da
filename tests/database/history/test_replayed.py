"""The history replayed beside the tables: the last word on each row counts, in a file that nobody keeps."""

import json
import stat
import sys
import tempfile
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from retcli.actions.books import check as actions
from retcli.database import engine
from retcli.database.history import eventlog, facts, told, watched
from retcli.errors import StorageTrouble
from retcli.transaction import opened
from tests.shopfloor import Books

ORDER = "2850000000000000001"
UNTOLD, GONE = "it stands there, but no event tells of it", "it is gone, but its events tell of it"


def problems(books: Books) -> set[tuple[int, str, str]]:
    with opened(books.asked(), writes=False) as shop:
        return {(problem.invariant, problem.where, problem.text) for problem in actions.check(shop).problems}


def attempt(books: Books, *statements: str) -> None:
    """Somebody works on the books past the program."""
    with engine.engine(books.database).begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


@pytest.mark.parametrize("page", [1, 2, 3, 20_000])
def test_a_row_is_named_wherever_it_stands(books: Books, monkeypatch: pytest.MonkeyPatch, page: int) -> None:
    books.order(ORDER, *((f"TS-{place}", 1, 1000) for place in range(7)))
    monkeypatch.setattr(facts, "LISTED", page)
    books.check()
    last = (
        "INSERT INTO order_lines (id, order_id, number, position, sku, title, variant, quantity, price, stated, cash,"
    )
    last += " cash_source, status, platform_status, refunded, confirmed) SELECT id + 3, order_id, 'x', 9, sku, title,"
    last += " variant, quantity, price, stated, 0, cash_source, status, platform_status, refunded, confirmed"
    attempt(
        books,
        "DELETE FROM order_lines WHERE id IN (1, 4, 7)",
        "UPDATE order_lines SET price = 999 WHERE id = 2",
        f"{last} FROM order_lines WHERE id = 6",
    )
    lines = {each for each in problems(books) if each[1].startswith("order_lines/")}
    assert lines == {
        (13, "order_lines/1", GONE),
        (13, "order_lines/2", "price is 999, its events tell 1000"),
        (13, "order_lines/4", GONE),
        (13, "order_lines/7", GONE),
        (13, "order_lines/9", UNTOLD),
    }


@pytest.mark.parametrize("page", [1, 2, 20_000])
def test_keys_of_text_are_paged_by_their_bytes(books: Books, monkeypatch: pytest.MonkeyPatch, page: int) -> None:
    """A server may sort Chinese and capitals otherwise than a file does."""
    monkeypatch.setattr(facts, "LISTED", page)
    for sku in ("短袖", "TS-l", "TS-L", "ts_L", "连衣裙", "é", '引"号\\', "TS L"):
        books.product(sku, barcode=f"69{sku}")
    books.check()
    attempt(books, "UPDATE products SET price = 5 WHERE sku = 'TS-l'", "DELETE FROM barcodes WHERE sku = '连衣裙'")
    assert problems(books) == {
        (13, "products/TS-l", "price is 5, its events tell -"),
        (13, "barcodes/69连衣裙/连衣裙", GONE),
    }


def test_the_last_word_on_a_row_counts(books: Books) -> None:
    books.order(ORDER, ("TS-L", 1, 1000), ("TS-M", 1, 1000))
    for paid in (2001, 2002, 2000):
        with opened(books.asked()) as shop:
            shop.session.execute(sa.text(f"UPDATE orders SET paid = {paid}, freight = {paid - 2000}"))
    books.check()
    attempt(books, "UPDATE orders SET paid = 2002")
    assert (13, "orders/1", "paid is 2002, its events tell 2000") in problems(books)


def payload(*rows: list[Any]) -> dict[str, Any]:
    columns = ["number", "currency", "freight", "paid", "refunded_there"]
    return {"lists": {"orders": {"columns": columns, "rows": json.dumps(rows)}}}


def test_columns_are_found_by_their_names() -> None:
    with told.kept() as history:
        history.take(payload([1, "A", "CNY", 5, 7, 0], [2, "B", "CNY", 0, 9, 0]))
        history.take({"changed": {"orders": {"2": {"paid": 8}, "3": {"paid": 1}}}, "gone": {"orders": ["1"]}})
        ((key, *values),) = json.loads(history.page("orders", None, 9))
        order = {name: value for name, value in zip(watched.LISTS["orders"], values, strict=True) if value is not None}
        told_of = {"currency": "CNY", "freight": 0, "number": "B", "paid": 8, "refunded_there": 0}
        assert (key, {name: order[name] for name in told_of}) == (2, told_of)
        assert list(history.beyond("orders", 2)) == []


def test_a_list_that_cannot_be_read_is_said_so() -> None:
    columns = list(watched.LISTS["orders"])
    with told.kept() as history, pytest.raises(ValueError):
        history.take({"lists": {"orders": {"columns": columns, "rows": "[[1,"}}})


def test_what_is_told_lies_in_a_file_of_its_owner_alone_that_is_gone_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    modes: list[int] = []
    plain = engine.bare_connection

    def seen(address: str) -> Any:
        modes.extend(stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir())
        return plain(address)

    monkeypatch.setattr(engine, "bare_connection", seen)
    with pytest.raises(KeyboardInterrupt), told.kept() as history:
        history.take(payload([1, "A", "CNY", 0, 7, 0]))
        assert sys.platform == "win32" or list(tmp_path.iterdir()) == []
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []
    assert sys.platform == "win32" or modes == [0o600]


def test_a_folder_that_takes_no_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def refused(*_words: object, **_named: object) -> None:
        raise PermissionError(13, "Permission denied", str(tmp_path / "x"))

    monkeypatch.setattr(tempfile, "mkstemp", refused)
    with pytest.raises(StorageTrouble, match="No permission"), told.kept():
        pass


def peak(events: int) -> int:
    """Bytes that the told rows of so many events take in Python at most."""
    tracemalloc.start()
    with told.kept() as history:
        for event in range(events):
            rows = ([event * 1000 + row, f"2850{event:06}{row:06}", "CNY", 0, 9900, 0] for row in range(1000))
            history.take(payload(*rows))
        for event in range(events):
            history.page("orders", event * 1000 - 1, event * 1000 + 999)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def test_memory_does_not_grow_with_the_rows_told() -> None:
    peak(1)
    assert peak(20) < 1.2 * peak(2)


def test_long_events_are_read_each_by_itself(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    books.order(ORDER, *((f"TS-{place}", 1, 1000) for place in range(3)))
    with engine.reading(books.database).connect() as connection:
        every = list(eventlog.events(connection))
        monkeypatch.setattr(eventlog, "_COLUMNS", eventlog._COLUMNS.replace(str(eventlog.LONG), "60"))
        assert list(eventlog.events(connection)) == every
        assert [event[0] for event in eventlog.events(connection, "seq > :last", {"last": 1})] == [
            event[0] for event in every[1:]
        ]
    assert max(len(event[eventlog.PAYLOAD]) for event in every) > 60
