"""What is only read takes no write lock: others who write would wait for it, and who reads would wait for them."""

from contextlib import closing
from typing import Any

import pytest

from retcli.actions.imports import file_import, file_results
from retcli.database import engine, versions
from retcli.models.imports import Import
from retcli.shop import Shop
from retcli.views.imports.imports import FileView
from tests.reports import Folder, sold, take
from tests.shopfloor import Books


def test_the_version_is_read_while_somebody_writes(sqlite_books: Books) -> None:
    books = engine.engine(sqlite_books.database)
    with books.connect() as writer:
        writer.exec_driver_sql("UPDATE staff SET role = role")
        assert writer.connection.driver_connection.in_transaction  # type: ignore[union-attr]
        assert versions.version(books) == versions.HEAD


def test_others_write_while_the_result_of_a_file_is_read(
    sqlite_books: Books, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = file_results.file_view
    states: list[str] = []

    def beside(shop: Shop, imported: Import, *more: Any) -> FileView:
        with closing(engine.bare_connection(f"file:{sqlite_books.database}")) as other:
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
        states.append(imported.state)
        return look(shop, imported, *more)

    monkeypatch.setattr(file_import, "file_view", beside)
    for path in folder.both(sold("2850000000000000100", ("TS-L", 1, 9397), ("TS-M", 2, 10000))):
        take(sqlite_books, path)
    assert states == ["done", "done"]
