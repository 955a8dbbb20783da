"""A list of refunds that was downloaded again with the same content: that nothing changed there is news by itself."""

from __future__ import annotations

from retcli.actions.cases import platform_list
from tests.reports import Folder, clicked, sold, take_one
from tests.shopfloor import Books, shanghai

ONE = "2850000000000000061"


def test_the_same_list_exported_later_is_a_new_look(books: Books, folder: Folder) -> None:
    """点过以后再下载，内容一字不差：平台还在等，待点回来；同一个文件再导一次，没有事。"""
    wish = clicked(books, folder, sold(ONE, ("CUP", 1, 5990)), 5990)
    assert books.do(platform_list.todo).items == ()
    books.at = shanghai("2027-01-08 10:00")
    later = folder.refunds(wish, name="refund_20270108095900.csv")
    assert take_one(books, later).state == "imported"
    assert [item.missed for item in books.do(platform_list.todo).items] == [1]
    assert str(books.value("SELECT MAX(done_at) FROM imports"))[:16] == "2027-01-08 02:00"
    count = books.value("SELECT COUNT(*) FROM imports")
    assert take_one(books, later).state == "unchanged", "the very same file tells nothing"
    again = folder.refunds(wish, name="refund_20261107113000.csv")
    assert take_one(books, again).state == "unchanged", "nor does one that was exported before"
    assert books.value("SELECT COUNT(*) FROM imports") == count
    books.check()


def test_an_order_report_of_the_same_content_is_known(books: Books, folder: Folder) -> None:
    bought = sold(ONE, ("CUP", 1, 5990))
    first, later = (folder.orders(bought, name=f"orders_202611{day}090000.csv") for day in ("07", "08"))
    assert [take_one(books, path).state for path in (first, later)] == ["imported", "unchanged"]
