"""Rows of tables are made and changed as SQLModel does it, only faster: defaults, keys, what changed."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import object_session
from sqlmodel import Session, SQLModel

from retcli.database import engine
from retcli.models.base import Table, metadata
from retcli.models.imports import Import

AT = datetime(2026, 11, 20, 4, tzinfo=UTC)


def _import(**columns: Any) -> Import:
    told: dict[str, Any] = {
        "sha256": "a",
        "name": "n",
        "format": "f",
        "holds": "h",
        "platform": "p",
        "shop": "",
        "state": "merging",
    }
    return Import(**told | {"started_at": AT, "by": "owner"} | columns)


def test_what_is_not_named_has_its_default() -> None:
    row = _import(rows=3)
    assert (row.id, row.rows, row.added, row.progress, row.exported_at) == (None, 3, 0, "", None)


def test_a_name_that_is_no_column_is_refused() -> None:
    with pytest.raises(TypeError, match=r"Import has no columns .*colour"):
        _import(colour="red")


def test_every_table_of_the_models_is_such_a_row() -> None:
    registry: Any = SQLModel._sa_registry
    assert {each.local_table for each in registry.mappers if issubclass(each.class_, Table)} == set(
        metadata.tables.values()
    )


def test_a_row_is_written_and_only_what_changed_is_written_again() -> None:
    books = engine.in_memory()
    metadata.create_all(books, [metadata.tables["imports"]])
    written: list[str] = []
    sa.event.listen(books, "before_cursor_execute", lambda *of: written.append(of[2]))
    with Session(books) as session:
        row = _import(added=1)
        row.added = 2
        session.add(row)
        session.flush()
        assert row.id == 1
        row.changed, row.added = 5, 2
        session.flush()
        assert object_session(row) is session
        session.expire(row)
        assert (row.added, row.changed, row.started_at.replace(tzinfo=UTC)) == (2, 5, AT)
    assert [each for each in written if each.startswith("UPDATE")] == [
        "UPDATE imports SET changed=? WHERE imports.id = ?"
    ]
