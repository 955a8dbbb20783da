"""Role × command, made from the command tree: each cell is run by somebody of that role on a whole shop."""

import os
import stat
from pathlib import Path

import pytest

from retcli.rules import roles
from retcli.rules.lifecycles import MAY_DECIDE, Role
from tests.commandtree import CALLS, Scene, leaves, settled
from tests.shopfloor import AGENT, FINANCE, MANAGER, OWNER, WAREHOUSE

PEOPLE = {OWNER: Role.OWNER, MANAGER: Role.MANAGER, AGENT: Role.AGENT, WAREHOUSE: Role.WAREHOUSE, FINANCE: Role.FINANCE}
REFUSED_HERE = {"books init"}
"""Commands that nobody can use on books that stand already."""
WITHOUT_BOOKS = {"demo", "words", "imports explain", "imports draft-map", "policy check"}
"""Commands that ask no books, so that nobody is asked for a role."""


def test_every_command_says_who_may_use_it() -> None:
    assert sorted(roles.COMMANDS) == sorted(path for path, _command in leaves())


def test_commands_that_ask_no_books_are_free() -> None:
    assert all(roles.COMMANDS[path] == roles.EVERYBODY for path in WITHOUT_BOOKS)


@pytest.mark.parametrize("path", CALLS)
def test_each_role_may_or_may_not(whole_shop: Scene, tmp_path: Path, path: str) -> None:
    for who, role in PEOPLE.items():
        tmp = tmp_path / role
        desk = whole_shop.desk(tmp)
        before = {table: desk.books.value(f"SELECT COUNT(*) FROM {table}") for table in ("events", "cases", "payouts")}
        words = whole_shop.words(CALLS[path][0], tmp)
        answer = desk.type("--json", *path.split(), *words, by=who, typed="q\n")
        if role in roles.COMMANDS[path]:
            nothing_done = {4} if path == "undo" else set()  # by this person, that could be taken back
            assert answer.code in {0, 3, 5} | nothing_done, (path, who, answer)
            assert "may not use" not in answer.out, (path, who, answer)
            if role == Role.OWNER and path not in REFUSED_HERE:
                assert answer.code in {0, 3}, (path, answer)
        else:
            assert answer.code == 5, (path, who, answer)
            assert "may not" in answer.out or "is no owner" in answer.out, (path, who, answer)
            after = {table: desk.books.value(f"SELECT COUNT(*) FROM {table}") for table in before}
            assert after == before, "and nothing was done"
            assert [each.name for each in tmp.iterdir() if each.suffix in {".xlsx", ".db", ""}] == ["scene.db"]
        settled(tmp)


@pytest.mark.parametrize("path", [path for path in CALLS if roles.COMMANDS[path] != roles.EVERYBODY])
def test_each_action_asks_by_itself(
    whole_shop: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """What a role may not do is refused by the action too, whichever command, key or loop leads to it."""
    monkeypatch.setattr("retcli.database.admission.may_use", lambda *_asked: True)
    for who in (who for who, role in PEOPLE.items() if role not in roles.COMMANDS[path]):
        tmp = tmp_path / PEOPLE[who]
        desk = whole_shop.desk(tmp)
        events = desk.books.value("SELECT COUNT(*) FROM events")
        answer = desk.type("--json", *path.split(), *whole_shop.words(CALLS[path][0], tmp), by=who, typed="q\n")
        assert answer.code == 5, (path, who, answer)
        assert "may not" in answer.out or "is no owner" in answer.out, (path, who, answer)
        assert desk.books.value("SELECT COUNT(*) FROM events") == events
        settled(tmp)


# -- a buyer's data ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "own"), [(who, own) for who in PEOPLE for own in (False, True)])
@pytest.mark.parametrize("words", [("order", "show"), ("case", "pack")])
def test_who_sees_a_buyers_data(
    whole_shop: Scene, tmp_path: Path, words: tuple[str, ...], who: str, *, own: bool
) -> None:
    desk = whole_shop.desk(tmp_path / "books")
    case = whole_shop.names["asked"]
    if own:
        desk.case("assign", case, "--to", who, by=MANAGER) if PEOPLE[who] in MAY_DECIDE else None
    subject = case if words == ("case", "pack") else desk.case("show", case)["order"]
    more = ("-o", str(tmp_path / "pack")) if words == ("case", "pack") else ()
    call = (*words, subject, *more, "--reveal")
    events = desk.books.value("SELECT COUNT(*) FROM events WHERE action = 'reveal'")
    if PEOPLE[who] in {Role.OWNER, Role.MANAGER} or (PEOPLE[who] == Role.AGENT and own):
        assert "Say why" in desk.refused(*call, by=who, code=2)
        desk.read(*call, "--because", "快递要电话 13987654321", by=who)
        ((payload,),) = desk.books.rows("SELECT payload FROM events WHERE action = 'reveal'")
        assert "快递要电话 139****4321" in payload
        assert events == 0
    else:
        assert "may not" in desk.refused(*call, "--because", "想看", by=who)
        assert desk.books.value("SELECT COUNT(*) FROM events WHERE action = 'reveal'") == 0
    settled(tmp_path / "books")


@pytest.mark.parametrize("who", PEOPLE)
def test_who_writes_refused_rows_into_a_sheet(whole_shop: Scene, tmp_path: Path, who: str) -> None:
    desk = whole_shop.desk(tmp_path / "books")
    number = whole_shop.names["import"]
    assert desk.books.value(f"SELECT by FROM imports WHERE id = {number}") == MANAGER
    call = ("imports", "faults", number, "-o", str(tmp_path / "rows.xlsx"))
    if PEOPLE[who] in roles.MAY_REVEAL:
        desk.read(*call, by=who)
    else:
        assert "may not" in desk.refused(*call, by=who)
        assert not (tmp_path / "rows.xlsx").exists()
    settled(tmp_path / "books")


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in another way")
@pytest.mark.parametrize("path", CALLS)
def test_every_file_that_is_written_is_its_owners_alone(whole_shop: Scene, tmp_path: Path, path: str) -> None:
    desk = whole_shop.desk(tmp_path / "books")
    tmp, calls = tmp_path / "books", [*CALLS[path], *MORE_CALLS.get(path, ())]
    Path(desk.database).chmod(0o600)
    before = os.umask(0)
    try:
        for call in calls:
            desk.type(*path.split(), *whole_shop.words(call, tmp), typed="q\n")
    finally:
        os.umask(before)
    free = {"lock", "lock.holder", "map.toml"}
    written = [each for each in tmp.rglob("*") if each.is_file() and each.name not in free]
    if path == "demo":
        written = [each for each in written if each.suffix in {".db", ".xlsx"} and "inbox" not in each.parts]
    loose = [each.name for each in written if stat.S_IMODE(each.stat().st_mode) & 0o077]
    assert loose == []
    settled(tmp)


MORE_CALLS = {
    "imports faults": ("{import} -o {tmp}/rows.xlsx",),
    "case pack": ("{paid} -o {tmp}/revealed --reveal --because 平台介入",),
    "label exchange": ("{exchange} -o {tmp}/revealed.pdf --reveal --because 打单",),
    "import": ("{file} --move-done {tmp}/done",),
}
"""Other words by which a command writes files."""
