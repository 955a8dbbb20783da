"""The doctor: every fault is found and named and nothing is changed."""

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from retcli.actions.books import soundness
from retcli.actions.insight import doctor
from retcli.database import engine
from tests.actions.imports.test_night import second_place
from tests.reports import Folder, dump, sold
from tests.shopfloor import Books
from tests.terminal import Desk

ONE = sold("2850000000000000431", ("A", 1, 500))


def lines(desk: Desk, *words: str, code: int = 3) -> dict[str, dict[str, Any]]:
    """The doctor's lines by what was looked at, the first of each that is not well before the others."""
    found = desk.read("doctor", *words, code=code)
    made: dict[str, dict[str, Any]] = {}
    for line in found["lines"]:
        if line["where"] not in made or made[line["where"]]["state"] == "ok":
            made[line["where"]] = line
    wrong = [line["where"] for line in found["lines"] if line["state"] != "ok"]
    assert [problem["where"] for problem in found["problems"]] == wrong
    assert found["ok"] == (not wrong)
    return made


@pytest.fixture
def sound(sqlite_books: Books, folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A shop where all is well: fresh files, a second place, a new copy; the clock is the real one."""
    second_place(tmp_path)
    monkeypatch.setattr(doctor, "ROOM_BYTES", 0)
    Path(sqlite_books.database).chmod(0o600)
    desk = Desk(sqlite_books.database)
    desk.type("import", *(str(path) for path in folder.both(ONE)))
    yield desk
    engine.engine(desk.database).dispose()


def spoiled(desk: Desk, *statements: str) -> None:
    """Something in the books is changed past the program."""
    engine.engine(desk.database).dispose()
    with closing(engine.bare_connection(Path(desk.database).as_uri())) as connection:
        for statement in statements:
            connection.execute(statement)


def test_where_all_is_well_only_the_rehearsed_clock_and_the_missing_refunds_are_said(sound: Desk) -> None:
    before = dump(sound.books)
    states = {where: line["state"] for where, line in lines(sound).items()}
    assert {where for where, state in states.items() if state != "ok"} == {"clock", "imports"}
    assert set(states) >= {
        "sqlite", "pages", "references", "schema", "triggers", "history", "disk", "place", "rights", "output",
        "imports", "unfinished", "night", "backup", "clock",
    }  # fmt: skip
    assert {line["state"] for line in lines(sound, "--deep").values()} == {"ok", "attention"}
    assert dump(sound.books) == before


SPOILED = {
    "references": ["PRAGMA foreign_keys=OFF", "UPDATE order_lines SET order_id = 4711"],
    "triggers": ["DROP TRIGGER draws_guard"],
    "history": ["DROP TRIGGER events_no_delete", "DELETE FROM events WHERE seq = (SELECT MAX(seq) FROM events)",
                "CREATE TRIGGER events_no_delete BEFORE DELETE ON events"
                " BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"],
    "schema": ["UPDATE alembic_version SET version_num = '9999'"],
    "unfinished": ["UPDATE imports SET state = 'merging'"],
}  # fmt: skip


@pytest.mark.parametrize("where", SPOILED)
def test_every_fault_is_found_and_named(sound: Desk, where: str) -> None:
    spoiled(sound, *SPOILED[where])
    line = lines(sound)[where]
    assert line["state"] != "ok"
    assert line["text"]
    assert line["remedy"]


def test_in_large_books_the_orders_are_left_to_the_deep_look(sound: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundness, "WHOLE_BYTES", 0)
    assert "--deep" in lines(sound)["pages"]["text"]
    spoiled(sound, "PRAGMA foreign_keys=OFF", "UPDATE order_lines SET order_id = 4711")
    assert lines(sound)["references"]["state"] == "ok"
    assert lines(sound, "--deep")["references"]["state"] == "error"
    strange = "INSERT INTO evidence (case_id, kind, sha256, path, by, at) VALUES (4711, '', '', '', '', '')"
    spoiled(sound, "PRAGMA foreign_keys=OFF", strange)
    assert lines(sound)["references"]["state"] == "error"


def test_of_a_long_history_the_newest_part_is_read_each_day(sound: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundness, "NEWEST", 0)
    assert lines(sound)["history"]["text"].startswith("The last 1 events are one chain")
    guard = sound.books.value("SELECT sql FROM sqlite_master WHERE name = 'events_no_update'")
    edit = "UPDATE events SET operator = 'nobody' WHERE seq = {}"
    spoiled(sound, "DROP TRIGGER events_no_update", edit.format(1), guard)
    assert lines(sound)["history"]["state"] == "ok"
    assert lines(sound, "--deep")["history"]["state"] == "error"
    spoiled(sound, "DROP TRIGGER events_no_update", edit.format("(SELECT MAX(seq) FROM events)"), guard)
    assert lines(sound)["history"]["state"] == "error"


def test_a_guard_that_was_weakened_and_one_that_is_not_ours_are_named(sound: Desk) -> None:
    spoiled(sound, "DROP TRIGGER events_no_update", "CREATE TRIGGER events_no_update BEFORE UPDATE ON events"
            " BEGIN SELECT 1; END", "CREATE VIEW mine AS SELECT 1")  # fmt: skip
    assert "events_no_update, mine" in lines(sound)["triggers"]["text"]


def test_rules_that_do_not_hold_are_found_by_the_deep_look(sound: Desk) -> None:
    spoiled(sound, "UPDATE orders SET paid = paid + 1")
    assert "rules" not in lines(sound)
    assert lines(sound, "--deep")["rules"]["state"] == "error"


@pytest.mark.parametrize("place", [100, 4096, 8192])
def test_a_damaged_file_is_an_error_and_never_a_traceback(sound: Desk, place: int) -> None:
    engine.engine(sound.database).dispose()
    with Path(sound.database).open("r+b") as stream:
        stream.seek(place)
        stream.write(os.urandom(3000))
    found = lines(sound)
    assert "error" in {line["state"] for line in found.values()}


def test_the_clock_the_room_the_rights_and_the_place_are_looked_at(
    sound: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    early = Desk(sound.database, sound.at - timedelta(days=1))
    assert lines(early)["clock"]["state"] == "error"
    monkeypatch.setattr(doctor, "ROOM_BYTES", 10**18)
    assert lines(sound)["disk"]["state"] == "attention"
    Path(sound.database).chmod(0o644)
    assert "shop.db" in lines(sound)["rights"]["text"]
    mounts = tmp_path / "mountinfo"
    mounts.write_text("1 0 0:1 / / rw - nfs4 nas:/ rw\n", encoding="utf-8")
    monkeypatch.setattr(doctor, "MOUNTS", mounts)
    assert "network drive (nfs4)" in lines(sound)["place"]["text"]
    cloud = Books(str(tmp_path / "坚果云" / "shop.db"))
    assert "坚果云" in lines(Desk(cloud.database))["place"]["text"]
    assert not Path(cloud.database).exists(), "looking makes no books"


def test_a_server_is_looked_at_too(postgres_books: Books) -> None:
    states = {where: line["state"] for where, line in lines(Desk(postgres_books.database)).items()}
    assert {states[where] for where in ("schema", "triggers", "history", "backup")} == {"ok"}
