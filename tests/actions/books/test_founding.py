"""Only what is meant to makes books: every other command without them changes nothing, and no foreign file is ours."""

import hashlib
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
import typer.main

from retcli import cli
from retcli.settings import without_passwords
from tests.conftest import Server
from tests.reports import EXPORTS
from tests.shopfloor import NOON, Books
from tests.terminal import Desk, environment, program

BIG = ("9223372036854775808", "99999999999999999999", "9" * 5000)
FOUNDING = {("import",), ("demo",), ("staff", "add"), ("books", "init"), ("books", "restore")}
WITHOUT_BOOKS = {("completion",), ("words",), ("doctor",)}


def commands() -> list[tuple[tuple[str, ...], Any]]:
    """Every command of the tree with its path."""
    root = typer.main.get_command(cli.app)
    found: list[tuple[tuple[str, ...], Any]] = []
    left: list[tuple[tuple[str, ...], Any]] = [((), root)]
    while left:
        path, command = left.pop()
        inside = {name: command.get_command(None, name) for name in command.list_commands(None)} if hasattr(
            command, "list_commands") else {}  # fmt: skip
        left += [((*path, name), inner) for name, inner in inside.items()]
        if not inside:
            found.append((path, command))
    return sorted(found, key=lambda each: each[0])


def usable(param: Any, file: Path) -> list[str]:
    """Words that a parameter takes: a date, a number, a file, else a text."""
    name = max(param.opts, key=len)
    flag = getattr(param, "is_flag", False)
    metavar = str(getattr(param, "_english_metavar", "") or param.metavar or "")
    value = "2026-11-01" if "DATE" in metavar or "DAY" in metavar else "2026-11" if "MM" in metavar else "1"
    value = {"KIND": "return", "REASON": "B_7D", "ROLE": "agent", "RUNG": "coupon", "STATE": "received"}.get(
        metavar, value
    )
    value = str(file) if "FILE" in metavar or "PATH" in metavar else value
    return [value] if name[0] != "-" else [name] if flag else [name, value]


def call(path: tuple[str, ...], command: Any, file: Path, instead: str = "", value: str = "") -> list[str]:
    """A command line with what a command needs, and one parameter set to a value."""
    words: list[str] = []
    for param in command.params:
        if param.name == instead:
            name = max(param.opts, key=len)
            words += [value] if name[0] != "-" else [name, value]
        elif getattr(param, "required", False):
            words += usable(param, file)
    return [*path, *words]


@pytest.mark.parametrize("place", ["nowhere.db", "folder/that/is/not/there.db"])
def test_a_command_without_books_changes_nothing_and_says_how_to_begin(tmp_path: Path, place: str) -> None:
    file = tmp_path / "policy.toml"
    file.write_text("", encoding="utf-8")
    (tmp_path / "home").mkdir()
    for path, command in commands():
        if path in FOUNDING | WITHOUT_BOOKS or (path[:1] == ("imports",) and path[1] in {"explain", "draft-map"}):
            continue
        answer = Desk(str(tmp_path / "home" / place)).type(*call(path, command, file))
        assert answer.code in {2, 4}, (path, answer)
        if answer.code == 4:
            assert "no books" in answer.err.lower() or "There is no file" in answer.err, (path, answer)
        assert list((tmp_path / "home").iterdir()) == [], path


def test_books_are_made_on_purpose(tmp_path: Path) -> None:
    desk = Desk(str(tmp_path / "a.db"))
    assert desk.read("today", code=4)["error"]["code"] == "no_books"
    made = desk.read("books", "init", "--owner", "掌柜")
    assert made["owner"] == "掌柜"
    assert desk.type("today", by="掌柜").code == 0
    assert "stand there already" in desk.refused("books", "init")
    assert Desk(str(tmp_path / "b.db")).type("staff", "add", "小美", "--role", "agent").code == 0
    report = tmp_path / "订单报表.csv"
    shutil.copyfile(EXPORTS / "订单报表.csv", report)
    assert Desk(str(tmp_path / "c.db")).type("import", str(report)).code in {0, 3}


def test_a_database_of_another_program_never_gets_our_tables(tmp_path: Path) -> None:
    path = tmp_path / "photos.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE photos (name)")
        other.commit()
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    for words in (("today",), ("staff", "add", "小美", "--role", "agent"), ("books", "init")):
        error = Desk(str(path)).read(*words, code=7)["error"]
        assert "another program's: it holds a table photos" in error["message"]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before


def test_a_server_s_database_of_another_program_is_refused_too(postgres: Server) -> None:
    address = postgres.create("", "others")
    desk = Desk(address)
    assert desk.read("today", code=4)["error"]["code"] == "no_books"
    with psycopg.connect(address, autocommit=True) as other:
        other.execute("CREATE TABLE photos (name text)")
    assert "holds a table photos" in desk.refused("staff", "add", "小美", "--role", "agent", code=7)
    postgres.drop(address)


def test_an_unknown_schema_is_named(sqlite_books: Books) -> None:
    from retcli.database import engine

    with engine.engine(sqlite_books.database).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001abc'")
    engine.engine(sqlite_books.database).dispose()
    ended = program("--json", "today", env=environment(sqlite_books.database))
    assert ended.returncode == 7
    assert b"knows no schema 0001abc" in ended.stdout


SECRET = "s3cr3t"


@pytest.mark.parametrize(
    ("place", "code"),
    [
        (":memory:", 2),
        (f"postgresql:/u:{SECRET}@h/x", 2),
        (f"postgresql:u:{SECRET}@h", 2),
        (f"mysql://u:{SECRET}@h/x", 2),
        (f"postgresql://u:{SECRET}@h:port/x", 2),
        (f"postgresql://u:{SECRET}@127.0.0.1:1/x", 7),
        (f"postgresql://u@127.0.0.1:1/x?password={SECRET}", 7),
        (f"postgresql+psycopg://u:{SECRET}@127.0.0.1:1/x", 7),
    ],
)
def test_no_address_shows_its_password_and_none_makes_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, code: int
) -> None:
    """In the environment of a program of its own, whose driver may print by itself, and on the command line."""
    monkeypatch.chdir(tmp_path)
    ended = program("today", env=environment(place))
    assert ended.returncode == code, ended
    assert SECRET.encode() not in ended.stdout + ended.stderr
    for words in (("today",), ("--json", "today"), ("staff", "add", "小美", "--role", "agent")):
        answer = Desk(place).type(*words)
        assert answer.code == code, answer
        assert SECRET not in answer.out + answer.err
    for words in (("doctor",), ("--json", "doctor")):
        answer = Desk(place).type(*words)
        assert answer.code in {2, 3}
        assert SECRET not in answer.out + answer.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("postgresql://u:p@h/x", "postgresql://u:***@h/x"),
        ("at postgresql://u:p:q@h:1/x and a@b.cn", "at postgresql://u:***@h:1/x and a@b.cn"),
        ("postgresql://u@h/x?a=1&password=pp&b=2", "postgresql://u@h/x?a=1&password=***&b=2"),
        ("postgresql://h/x", "postgresql://h/x"),
        ("12:30 小美@旺旺", "12:30 小美@旺旺"),
    ],
)
def test_a_password_is_hidden_and_nothing_else(written: str, shown: str) -> None:
    assert without_passwords(written) == shown


# -- numbers beyond what the books can hold ---------------------------------------------------------------------------


def numbers() -> list[tuple[tuple[str, ...], Any, str]]:
    """Every option and argument of the tree that is no flag."""
    return [
        (path, command, param.name)
        for path, command in commands()
        for param in command.params
        if not getattr(param, "is_flag", False) and param.name not in {"help"} and getattr(param, "opts", None)
    ]


def test_a_number_beyond_64_bits_is_never_a_fault_of_the_program(
    full_desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "policy.toml"
    file.write_text("", encoding="utf-8")
    for path, command, name in numbers():
        if path in {("demo",), ("books", "backup"), ("case", "pack")}:
            continue
        for value in BIG[1:2]:
            answer = full_desk.type(*call(path, command, file, name, value))
            assert answer.code != 1, (path, name, answer.err[-300:])
    for value in BIG:
        assert full_desk.type("imports", "show", value).code in {2, 4}
        assert full_desk.type("pay", "compensate", "1", "--points", value).code in {2, 4, 5}
    assert NOON


def test_a_trial_of_an_import_makes_no_books_and_counts_all_the_same(tmp_path: Path) -> None:
    desk = Desk(str(tmp_path / "none.db"))
    orders = EXPORTS / "订单报表.csv"
    told = desk.read("import", "--dry-run", str(orders), code=3)
    assert [path.name for path in tmp_path.iterdir()] == []
    assert (told["totals"]["added"], told["totals"]["refused"]) == (300, 2)
