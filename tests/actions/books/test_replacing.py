"""Books are replaced by their own owner only, and by other books only where somebody says so by name."""

from pathlib import Path

import pytest

from retcli.database import engine
from tests.reports import dump
from tests.shopfloor import AGENT, MANAGER, OWNER, WAREHOUSE, Books
from tests.terminal import Desk

NUMBER = "2850000000000000411"
SHOP = "云朵家居旗舰店"


@pytest.fixture
def standing(sqlite_books: Books) -> Desk:
    """The shop's books: an order of a shop with a name, and the staff."""
    sqlite_books.hire()
    sqlite_books.order(NUMBER, ("TS-L", 1, 9397), shop=SHOP)
    return Desk(sqlite_books.database)


def evil(tmp_path: Path, owner: str) -> Path:
    """A sound copy of books that somebody founded for himself, with the shop's owner on the staff too."""
    desk = Desk(str(tmp_path / "evil" / "evil.db"), by=owner)
    desk.read("staff", "add", owner, "--role", "owner")
    if owner != OWNER:
        desk.read("staff", "add", OWNER, "--role", "owner")
    return Path(desk.read("books", "backup", str(tmp_path / "evil-copies"))["file"])


@pytest.mark.parametrize("who", [AGENT, MANAGER, WAREHOUSE])
@pytest.mark.parametrize("words", [(), ("--other-books", SHOP)])
def test_nobody_but_the_owner_of_the_standing_books_replaces_them(
    standing: Desk, tmp_path: Path, who: str, words: tuple[str, ...]
) -> None:
    copy = evil(tmp_path, who)
    before = dump(standing.books)
    message = standing.refused("books", "restore", str(copy), "--yes", *words, by=who)
    assert message == f"{who} is no owner of the books that stand there"
    assert dump(standing.books) == before


def test_an_owner_of_the_copy_who_is_only_an_agent_here_may_not_bring_back_the_shops_own_copy_either(
    standing: Desk, tmp_path: Path
) -> None:
    standing.read("staff", "add", AGENT, "--role", "owner")
    copy = standing.read("books", "backup", str(tmp_path / "usb"))["file"]
    standing.read("staff", "add", AGENT, "--role", "agent")
    assert "no owner of the books that stand there" in standing.refused("books", "restore", copy, "--yes", by=AGENT)


def test_other_books_come_only_by_the_name_of_those_that_stand_there(standing: Desk, tmp_path: Path) -> None:
    copy = evil(tmp_path, OWNER)
    before = dump(standing.books)
    for words in ((), ("--other-books", "别的店"), ("--other-books", "")):
        error = standing.read("books", "restore", str(copy), "--yes", *words, code=5)["error"]
        assert SHOP in error["message"]
        assert f"--other-books {SHOP}" in error["hint"]
        assert dump(standing.books) == before
    standing.read("books", "restore", str(copy), "--yes", "--other-books", SHOP)
    assert standing.books.value("SELECT COUNT(*) FROM orders") == 0


def test_books_without_a_shops_name_are_named_by_their_founding(sqlite_books: Books, tmp_path: Path) -> None:
    sqlite_books.hire()
    desk = Desk(sqlite_books.database)
    copy = evil(tmp_path, OWNER)
    word = sqlite_books.value("SELECT substr(hash, 1, 8) FROM events WHERE seq = 1")
    error = desk.read("books", "restore", str(copy), "--yes", code=5)["error"]
    assert error["hint"].endswith(f"--other-books {word}")
    desk.read("books", "restore", str(copy), "--yes", "--other-books", word)


@pytest.mark.parametrize("lost", ["deleted", "damaged"])
def test_books_that_are_lost_are_still_those_of_their_newest_copy(standing: Desk, tmp_path: Path, lost: str) -> None:
    own = standing.read("books", "backup")["file"]
    copy = evil(tmp_path, AGENT)
    engine.engine(standing.database).dispose()
    path = Path(standing.database)
    path.unlink() if lost == "deleted" else path.write_bytes(b"x" * 8192 + path.read_bytes()[8192:])
    message = standing.refused("books", "restore", str(copy), "--yes", by=AGENT)
    assert message == f"{AGENT} is no owner of the books that stand there"
    assert SHOP in standing.refused("books", "restore", str(copy), "--yes", by=OWNER)
    standing.read("books", "restore", own, "--yes")
    assert standing.books.value("SELECT number FROM orders") == NUMBER


def test_where_nothing_tells_whose_the_books_were_the_owner_of_the_copy_may(standing: Desk, tmp_path: Path) -> None:
    copy = standing.read("books", "backup", str(tmp_path / "usb"))["file"]
    fresh = Desk(str(tmp_path / "new" / "other.db"))
    fresh.read("books", "restore", copy)
    assert fresh.books.value("SELECT number FROM orders") == NUMBER
