"""The demo's books say what they are, and a shop's own files do not go in."""

import shutil
from pathlib import Path

import pytest

from retcli.errors import Refused
from retcli.opening import DEMO, forget
from retcli.shop import BOOKS
from retcli.transaction import opened
from tests.reports import EXPORTS, Folder, sold, take
from tests.shopfloor import Books
from tests.terminal import Desk


@pytest.fixture
def demo(books: Books) -> Books:
    """Books as the demo leaves them."""
    with opened(books.asked()) as shop:
        shop.record(BOOKS, DEMO)
    return books


def test_a_shops_own_files_do_not_go_in(demo: Books, folder: Folder) -> None:
    with pytest.raises(Refused, match="a shop's own files do not go in") as refused:
        take(demo, *folder.both(sold("2850000000000000100", ("A", 1, 900))))
    assert "RETCLI_DB" in (refused.value.hint or "")
    assert demo.value("SELECT COUNT(*) FROM imports") == 0
    assert demo.value("SELECT COUNT(*) FROM orders") == 0


def test_the_packaged_files_may_under_any_name(demo: Books, tmp_path: Path) -> None:
    copy = shutil.copyfile(EXPORTS / "订单报表.csv", tmp_path / "mine.csv")
    assert take(demo, Path(copy)).files[0].added > 100


def test_every_call_says_so_once_beside_the_answer(template: Path, tmp_path: Path) -> None:
    desk = Desk(str(shutil.copyfile(template, tmp_path / "shop.db")))
    said = "Demo books: every person and number in them is invented"
    for demo in (False, True):
        for words in (("today",), ("case", "list"), ("order", "find", "1")):
            forget(desk.books.asked())
            answer = desk.type(*words)
            assert (answer.err.count(said), said in answer.out) == (demo, False)
        forget(desk.books.asked())
        assert said not in desk.type("--quiet", "today").err
        with opened(desk.books.asked()) as shop:
            shop.record(BOOKS, DEMO)
