"""What a piece of work loads and makes for the first time, it loads and makes before others wait for its lock."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from retcli import transaction
from retcli.actions.cases import contacts, decisions
from retcli.database import engine
from retcli.errors import Refused
from retcli.transaction import go_through, opened
from tests import warehouse
from tests.shopfloor import Books
from tests.terminal import Desk

ORDER, BACK = "2850000000000000081", "YT5260493176849"


def dump(books: Books) -> list[Any]:
    """Every row of the tables that a decision may write."""
    tables = ("cases", "notes", "acts", "payouts", "platform_actions", "events", "anchors", "changed_rows", "counters")
    return [books.rows(f"SELECT * FROM {table} ORDER BY 1") for table in tables]


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was gone through in this process."""
    monkeypatch.setattr(transaction, "_gone_through", set())


@pytest.fixture
def case(sqlite_books: Books) -> str:
    sqlite_books.hire()
    return warehouse.returning(sqlite_books, ORDER, ("TS-L", 1, 5490), waybill=BACK)


@pytest.mark.parametrize("action", ["note", "withdraw", "again", "refused"])
def test_what_is_gone_through_is_not_written(sqlite_books: Books, case: str, action: str) -> None:
    done: list[object] = []

    def act(shop: Any) -> None:
        if action == "refused":
            raise Refused("no")
        if action == "withdraw":
            decisions.withdraw(shop, case)
        else:
            contacts.note(shop, case, "called")
        done.append(shop.events[-1]["action"])

    before = dump(sqlite_books)
    with engine.engine(sqlite_books.database).connect() as writer:  # and it waits for nobody
        writer.exec_driver_sql("UPDATE staff SET role = role")
        go_through(sqlite_books.asked(), act, act)
    assert dump(sqlite_books) == before
    assert len(done) == (action != "refused")
    for _again in range(2):  # the connection writes again
        with opened(sqlite_books.asked()) as shop:
            contacts.note(shop, case, "called")
    assert sqlite_books.value("SELECT COUNT(*) FROM notes") == 2
    sqlite_books.check()


def test_a_connection_that_broke_meanwhile_is_given_to_nobody(
    sqlite_books: Books, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_connection: Any) -> None:
        raise OSError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(sa.Connection, "rollback", broken)
        go_through(sqlite_books.asked(), broken, lambda shop: contacts.note(shop, case, "called"))
    with opened(sqlite_books.asked()) as shop:
        contacts.note(shop, case, "called")
    assert sqlite_books.value("SELECT COUNT(*) FROM notes") == 1


class Holds:
    """How many statements were made for the first time while the write lock was held."""

    def __init__(self, database: str) -> None:
        self.made, self.locked = 0, False
        books = engine.engine(database)
        books.clear_compiled_cache()
        sa.event.listen(books, "begin", self._begun)
        sa.event.listen(books, "commit", self._ended)
        sa.event.listen(books, "rollback", self._ended)
        sa.event.listen(books, "after_cursor_execute", self._ran)

    def _begun(self, connection: sa.Connection) -> None:
        self.locked = connection.get_execution_options().get("sqlite_begin") is None

    def _ended(self, _connection: sa.Connection) -> None:
        self.locked = False

    def _ran(self, *of: Any) -> None:
        self.made += self.locked and of[4].cache_hit.name == "CACHE_MISS"


@pytest.mark.parametrize("words", [("note", "called"), ("withdraw",), ("flag", "red"), ("reject", "--because", "used")])
def test_a_command_makes_its_statements_before_it_takes_the_lock(
    sqlite_books: Books, case: str, words: tuple[str, ...]
) -> None:
    desk = Desk(sqlite_books.database)
    holds = Holds(sqlite_books.database)
    desk.type("case", words[0], case, *words[1:])
    # the notebook is not read and emptied before there is something in it; the tests set the clock, which is asked for
    assert holds.made <= 3
