"""What a database or a disk says is told as what it is: damage only where there is damage."""

import errno
import shutil
import sqlite3
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from retcli.actions.cases import decisions
from retcli.database import disk, engine, troubles
from retcli.errors import RetcliError, StorageTrouble
from retcli.rules.lifecycles import Kind
from tests.shopfloor import Books
from tests.terminal import Desk

NUMBER = "2850000000000000451"


def error(name: str, text: str = "x") -> sqlite3.OperationalError:
    """An error as a SQLite driver raises it."""
    made = sqlite3.OperationalError(text)
    made.sqlite_errorname = name
    return made


@pytest.mark.parametrize("name", ["SQLITE_CORRUPT", "SQLITE_CORRUPT_VTAB", "SQLITE_NOTADB"])
def test_only_damage_is_called_damage(name: str) -> None:
    assert troubles.named(error(name)).message == "The books are damaged"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("SQLITE_IOERR_FSYNC", "The disk does not answer as it should"),
        ("SQLITE_IOERR_WRITE", "The disk does not answer as it should"),
        ("SQLITE_CANTOPEN", "The books cannot be opened"),
        ("SQLITE_READONLY_DBMOVED", "The books can only be read"),
        ("SQLITE_NOMEM", "There is not enough memory"),
        ("SQLITE_PERM", "The books may not be opened or changed"),
        ("SQLITE_BUSY_SNAPSHOT", "Somebody else is writing in the books"),
        ("SQLITE_LOCKED_SHAREDCACHE", "Somebody else is writing in the books"),
        ("SQLITE_SCHEMA", "The database refused: x"),
    ],
)
def test_each_kind_is_told_as_what_it_is(name: str, sentence: str) -> None:
    assert troubles.named(error(name)).message == sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("database disk image is malformed", "The books are damaged"),
        ("file is not a database", "The books are damaged"),
        ("disk I/O error", "The disk does not answer as it should"),
        ("unable to open database file", "The books cannot be opened"),
    ],
)
def test_a_driver_that_names_no_code_is_understood_by_its_words(text: str, sentence: str) -> None:
    assert troubles.named(sqlite3.OperationalError(text)).message == sentence


def test_a_full_disk_names_the_room_that_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "room", lambda _place: 2_400_000)
    for name in ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_CANTOPEN"):
        message = troubles.named(error(name), str(tmp_path / "shop.db")).message
        assert message == f"The disk is full: 2.4 MB free in {tmp_path}"
    monkeypatch.setattr(disk, "room", lambda _place: 90_000_000_000)
    assert troubles.named(error("SQLITE_FULL"), "x").message == "The disk, or a quota on it, is full"
    told = disk.of_disk(OSError(errno.ENOSPC, "", str(tmp_path / "a.xlsx")))
    assert (told.exit_code, told.message) == (7, "The disk, or a quota on it, is full")


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("53100", "The disk, or a quota on it, is full"),
        ("08006", "The database does not answer"),
        ("57P01", "The database does not answer"),
        ("40P01", "Somebody else is writing in the books"),
        ("25006", "The books can only be read"),
        ("XX001", "The books are damaged"),
    ],
)
def test_a_server_is_understood_by_its_codes(state: str, sentence: str) -> None:
    made = psycopg.OperationalError("x")
    made.sqlstate = state
    assert troubles.named(made).message == sentence


# -- a commit that fails ----------------------------------------------------------------------------------------------


def opened_case(books: Books) -> str:
    books.order(NUMBER, ("TS-L", 1, 9397))
    return books.do(decisions.open_case, NUMBER, kind=Kind.RETURN, reason="B_7D").number


def refusal(books: Books, number: str, monkeypatch: pytest.MonkeyPatch, *, saved: bool, said: Exception) -> RetcliError:
    """What is said of an approval whose commit failed with an error, after or before it was saved."""
    dialect = engine.engine(books.database).dialect

    def failing(connection: sa.engine.interfaces.PoolProxiedConnection) -> None:
        (connection.commit if saved else connection.rollback)()
        raise said

    with monkeypatch.context() as broken, pytest.raises(RetcliError) as refused:
        broken.setattr(dialect, "do_commit", failing)
        books.do(decisions.approve, number)
    return refused.value


def lost(books: Books) -> Exception:
    """A fault of the disk, or a connection that is gone."""
    if "://" in books.database:
        return psycopg.OperationalError("server closed the connection unexpectedly")
    made = engine._driver().OperationalError("disk I/O error")
    made.sqlite_errorname = "SQLITE_IOERR_TRUNCATE"
    return made  # type: ignore[no-any-return]


@pytest.mark.parametrize("saved", [True, False])
def test_after_a_failed_commit_nobody_claims_to_know(
    books: Books, monkeypatch: pytest.MonkeyPatch, saved: bool
) -> None:
    number = opened_case(books)
    told = refusal(books, number, monkeypatch, saved=saved, said=lost(books))
    assert isinstance(told, StorageTrouble)
    assert (told.code, told.exit_code) == ("uncertain", 7)
    assert "not known whether the last step was saved" in told.message
    assert told.hint == f"Look before you repeat it: retcli case show {number}"
    assert books.value("SELECT decision FROM cases") == ("approved" if saved else "requested")
    books.check()


def test_a_commit_that_the_database_itself_refuses_is_known_not_to_be_saved(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = opened_case(books)
    if "://" in books.database:
        said: Exception = psycopg.errors.SerializationFailure("could not serialize")
    else:
        said = engine._driver().OperationalError("database is locked")
    told = refusal(books, number, monkeypatch, saved=False, said=said)
    assert (told.code, told.exit_code) == ("busy", 6)


def cut_off(books: Books, folder: Path) -> Path:
    """Books whose last writer was cut off in the middle, as a crash leaves them where SQLite keeps a journal of the
    older kind: half of what it wrote lies in the file, what stood there before in the journal.
    """
    books.order(NUMBER, *((f"TS-{n}", 1, 100) for n in range(400)))
    engine.engine(books.database).dispose()
    writer = engine.bare_connection(Path(books.database).as_uri())
    for statement in ("journal_mode=TRUNCATE", "cache_size=1", "cache_spill=1"):
        writer.execute(f"PRAGMA {statement}")
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE order_lines SET title = title || ' — written and never saved'")
    path = folder / "shop.db"
    for end in ("", "-journal"):
        shutil.copyfile(f"{books.database}{end}", f"{path}{end}")
    writer.close()
    assert b"never saved" in path.read_bytes(), "half of it is in the file"
    return path


@pytest.mark.parametrize(
    "first",
    [["today"], ["books", "check"], ["staff", "add", "小红", "--role", "agent"], ["doctor"], ["scan", "-"],
     ["books", "backup"]],
)  # fmt: skip
def test_books_whose_writer_was_cut_off_are_opened_by_any_command(
    sqlite_books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: list[str]
) -> None:
    monkeypatch.setattr(engine, "wal_is_safe", lambda _version: False)
    path = cut_off(sqlite_books, tmp_path)
    desk = Desk(str(path))
    answer = desk.type(*first)
    assert answer.code in {0, 3}, answer
    assert "only be read" not in answer.out + answer.err
    assert desk.books.value("SELECT COUNT(*) FROM order_lines WHERE title LIKE '%never saved%'") == 0
    assert desk.books.value("SELECT COUNT(*) FROM order_lines") == 400
    desk.books.check()


def test_a_copy_is_put_back_over_books_whose_writer_was_cut_off(
    sqlite_books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "wal_is_safe", lambda _version: False)
    sqlite_books.order(f"{NUMBER[:-1]}9", ("CUP", 1, 800))
    copy = Desk(sqlite_books.database).read("books", "backup", str(tmp_path / "copies"))["file"]
    path = cut_off(sqlite_books, tmp_path)
    answer = Desk(str(path)).type("books", "restore", copy, "--yes")
    assert answer.code == 0, answer
    assert "damaged" not in answer.out + answer.err
    assert Books(str(path)).value("SELECT COUNT(*) FROM order_lines") == 1


def test_ctrl_c_while_a_step_is_saved_is_no_fault_of_the_database() -> None:
    told = troubles.uncertain(KeyboardInterrupt(), "")
    assert told is not None
    assert (told.exit_code, told.code) == (130, "uncertain")
    assert told.message == (
        "It was interrupted while it was being saved; it is not known whether the last step was saved"
    )
