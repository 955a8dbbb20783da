"""A shop's name that the books have stays, and whoever gives another one is told so."""

from collections.abc import Sequence
from pathlib import Path

from retcli.actions.imports.intake import take_in
from tests.reports import Folder, sold
from tests.shopfloor import Books

ORDER = "2850000000000000611"
IN_FILE = "青禾杂货铺(示例)"
OVERRULED = "The file says that the shop is {}; as you said by --shop, its new orders are of {}"
KEPT = "The name of the shop stays as it is: in the books it is {}"


def _remarks(books: Books, paths: Sequence[Path], name: str) -> list[str]:
    """What an import of files for a shop says about its name."""
    view = take_in(books.asked(), paths, shop_name=name)
    said = [remark for file in view.document()["files"] for remark in file["remarks"]]
    return [remark for remark in said if "name of the shop" in remark or "--shop" in remark]


def test_another_name_of_the_shop_is_told_and_not_taken(books: Books, folder: Folder) -> None:
    paths = folder.both(sold(ORDER, ("A", 1, 500)))
    assert _remarks(books, paths, IN_FILE) == []
    told = {KEPT.format(IN_FILE), OVERRULED.format(IN_FILE, "优选")}
    assert set(_remarks(books, paths, "优选")) == told
    assert books.rows("SELECT DISTINCT shop FROM orders") == [(IN_FILE,)]


def test_a_file_s_own_name_does_not_replace_the_one_given_before(books: Books, folder: Folder) -> None:
    paths = folder.both(sold(ORDER, ("A", 1, 500)))
    assert _remarks(books, paths, "悠选") == [OVERRULED.format(IN_FILE, "悠选")]
    assert _remarks(books, paths, "") == [KEPT.format("悠选")]
    assert books.rows("SELECT DISTINCT shop FROM orders") == [("悠选",)]


def test_new_orders_of_another_shop_are_no_contradiction(books: Books, folder: Folder) -> None:
    _remarks(books, folder.both(sold(ORDER, ("A", 1, 500))), IN_FILE)
    assert _remarks(books, folder.both(sold(ORDER[:-2] + "22", ("A", 1, 500))), IN_FILE) == []
