"""Refunds that the platform paid and nobody had agreed to here: whose agreement it was, in sheet, screen and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from fixtures import report_rows
from retcli.actions.insight import exports
from retcli.actions.warehouse.bench import scanning
from retcli.actions.warehouse.bench.benches import Bench
from retcli.platforms.operators import by_itself, operator
from retcli.rules.money.agreed_there import AgreedThere, By, agreed_there
from retcli.rules.money.minor_units import Money
from retcli.views.base import Column
from retcli.views.screen import Terminal
from tests.reports import OPENED, REFUNDS, REQUESTED, Folder, asked_back, changed, sold, take
from tests.sheets.test_beyond import notes, paid_ahead_of_its_goods
from tests.shopfloor import NOON, Books, shanghai
from tests.workbooks import cells, workbook

NOTHING: dict[str, Any] = {"way": "", "reviewed_by": "", "refunded_by": "", "at_once": "", "stepped_in": False}


@pytest.mark.parametrize(
    ("facts", "by"),
    [
        ({}, AgreedThere(By.UNKNOWN)),
        ({"way": "manual"}, AgreedThere(By.UNKNOWN)),
        ({"way": "manual", "reviewed_by": "店:小美", "refunded_by": "店:店长"}, AgreedThere(By.PERSON, "店:小美")),
        ({"refunded_by": "店:店长"}, AgreedThere(By.PERSON, "店:店长")),
        ({"way": "system"}, AgreedThere(By.PLATFORM)),
        ({"way": "timeout"}, AgreedThere(By.TIME_OUT)),
        ({"way": "timeout", "reviewed_by": "店:小美"}, AgreedThere(By.PERSON, "店:小美")),
        ({"way": "timeout", "stepped_in": True}, AgreedThere(By.PLATFORM)),
        ({"way": "system", "reviewed_by": "店:小美"}, AgreedThere(By.PERSON, "店:小美")),
        ({"at_once": "yes", "reviewed_by": "店:小美"}, AgreedThere(By.AT_ONCE)),
        ({"at_once": "yes", "stepped_in": True}, AgreedThere(By.AT_ONCE)),
        ({"at_once": "no", "reviewed_by": "店:小美"}, AgreedThere(By.PERSON, "店:小美")),
        ({"stepped_in": True, "reviewed_by": "店:小美"}, AgreedThere(By.PLATFORM)),
    ],
)
def test_whose_agreement_it_was(facts: dict[str, Any], by: AgreedThere) -> None:
    assert agreed_there(**NOTHING | facts) == by


@pytest.mark.parametrize(
    ("cell", "person", "way"),
    [
        ("小美", "小美", ""),
        ("青禾旗舰店:小美", "青禾旗舰店:小美", ""),
        ("平台优选旗舰店:小美", "平台优选旗舰店:小美", ""),
        ("系统", "", "system"),
        ("系统自动审核", "", "system"),
        ("自动审核通过", "", "system"),
        ("平台客服", "", "system"),
        ("System", "", "system"),
        ("系统超时自动退款", "", "timeout"),
        ("超时自动审核", "", "timeout"),
        ("平台逾期自动同意", "", "timeout"),
        ("超时空:小美", "超时空:小美", ""),
        ("买家", "", ""),
        ("商家", "", ""),
        ("-", "", ""),
        ("", "", ""),
    ],
)
def test_who_an_operators_column_names(cell: str, person: str, way: str) -> None:
    assert (operator(cell), by_itself(cell)) == (person, way)


@pytest.mark.parametrize(
    ("column", "reviewed", "refunded", "told"),
    [
        ("系统退款", "", "系统超时自动退款", "timeout"),
        ("系统退款", "系统超时自动同意", "", "timeout"),
        ("系统退款", "", "系统", "system"),
        ("系统自动退款", "", "", "system"),
        ("超时自动退款", "", "", "timeout"),
        ("手工退款", "青禾:小美", "青禾:小美", "manual"),
        ("", "", "系统", "system"),
        ("", "", "", ""),
    ],
)
def test_what_taobaos_columns_say_of_the_way(
    sqlite_books: Books, folder: Folder, column: str, reviewed: str, refunded: str, told: str
) -> None:
    """The time-out counts wherever the platform's own words name it: in the way's column or in an operator's."""
    order = sold(HAND, ("TS-L", 1, 10000))
    rows = list(report_rows([asked_back("H", order, 1000, kind="仅退款")], REFUNDS, ".csv"))
    cells = {"手工退款/系统退款": column, "审核操作人": reviewed, "退款操作人": refunded}
    take(sqlite_books, *folder.both(order), folder.rows(changed(rows, 1, cells)))
    assert sqlite_books.value("SELECT platform_way FROM cases") == told


HAND, SYSTEM, DISPUTED, NAMELESS = (f"28500000000000006{n}0" for n in range(1, 5))
OUT_OF_TIME = "Nobody answered within the platform's deadline: see why it was missed"
D2 = "D2 refunded by the platform, without a payout of ours"


def test_a_time_out_is_a_class_of_its_own(books: Books, folder: Folder) -> None:
    """20.00 went by the platform's deadline: D2, told apart from what the platform or a person agreed to."""
    order = sold(HAND, ("TS-L", 1, 10000))
    books.at = OPENED
    take(books, *folder.both(order))
    books.at = NOON
    rows = list(report_rows([asked_back("T", order, 2000, kind="仅退款", by_system=True)], REFUNDS, ".csv"))
    take(books, folder.rows(changed(rows, 1, {"退款操作人": "系统超时自动退款"})))
    sheets = workbook(books)
    ((by, todo),) = cells(sheets["Differences"], "Agreed there by", "What to do")
    assert (by, todo.split(";")[0]) == ("by the platform's time-out", OUT_OF_TIME)
    told = {name: (count, money.minor) for name, (count, money) in notes(sheets).items() if name.startswith(f"{D2}: ")}
    assert told == {f"{D2}: by the platform's time-out": (1, -2000)}


def four_refunds(books: Books, folder: Folder) -> None:
    """10.00 agreed there by 小美, 20.00 by a time-out, 40.00 by the platform's service, 80.00 by nobody knows whom."""
    orders = [sold(number, ("TS-L", 1, 10000 * (n + 1))) for n, number in enumerate((HAND, SYSTEM, DISPUTED, NAMELESS))]
    hand = asked_back("H", orders[0], 1000, kind="仅退款", operator="青禾:小美")
    system = asked_back("S", orders[1], 2000, kind="仅退款", by_system=True)
    disputed = asked_back(
        "D", orders[2], 4000, kind="仅退款", status=REQUESTED, operator="青禾:小美", intervention="客服已经介入"
    )
    nameless = asked_back("N", orders[3], 8000, kind="仅退款")
    books.at = OPENED
    take(books, *folder.both(*orders), folder.refunds(disputed))
    books.at = NOON
    over = asked_back("D", orders[2], 4000, kind="仅退款", operator="青禾:小美", intervention="客服处理完成")
    take(books, folder.refunds(hand, system, over, nameless))


def test_the_sheet_tells_by_whom_it_was_agreed_there(books: Books, folder: Folder) -> None:
    four_refunds(books, folder)
    sheets = workbook(books)
    found = cells(sheets["Differences"], "Platform refund no.", "Class", "Agreed there by", "What to do")
    assert {bill: by for bill, _name, by, _todo in found} == {
        "H": "青禾:小美",
        "S": "by the platform itself",
        "D": "by the platform itself",
        "N": "nobody knows by whom",
    }
    assert {name for _bill, name, _by, _todo in found} == {D2}
    assert {bill: todo.split(";")[0] for bill, _name, _by, todo in found}["H"] == "Have the operator agree here first"
    told = notes(sheets)
    classes = {name: (count, money.minor) for name, (count, money) in told.items() if name.startswith(f"{D2}: ")}
    assert classes == {
        f"{D2}: agreed there by hand": (1, -1000),
        f"{D2}: by the platform itself": (2, -6000),
        f"{D2}: nobody knows by whom": (1, -8000),
    }


def test_screen_and_document_tell_it_too(
    books: Books, folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:

    four_refunds(books, folder)
    view = books.do(exports.reconciliation, "2026-11", tmp_path)
    found = {each["bill"]: each for each in view.document()["differences"]}
    assert [(found[bill]["agreed_there"], found[bill]["operator"]) for bill in "HSDN"] == [
        ("person", "青禾:小美"),
        ("platform", None),
        ("platform", None),
        ("unknown", None),
    ]
    assert {(each["class"], tuple(each["flags"]), each["carried"]) for each in found.values()} == {("D2", (), False)}
    assert found["N"]["money"] == {"currency": "CNY", "minor": -8000, "text": "-80.00"}
    view.draw(Terminal())
    lines = capsys.readouterr().out.splitlines()
    assert any("by the platform itself" in line and line.rstrip().endswith("-60.00") for line in lines)


def test_what_agrees_is_no_difference_on_the_screen(
    books: Books, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A return that agrees on both sides, its piece of 100.00 not in: one flag, and no class."""
    paid_ahead_of_its_goods(books)
    books.do(exports.reconciliation, "2026-11", tmp_path).draw(Terminal())
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [line[0] for line in lines if line[-2:] == ["1", "100.00"]] == ["D9"]
    assert not any(line[:1] == ["matched"] for line in lines)


class Tables:
    """A screen that keeps the tables that it is told, by the heading of their first column."""

    def __init__(self) -> None:
        self.tables: dict[str, Sequence[Sequence[Any]]] = {}

    def line(self, text: str = "", style: str = "") -> None:
        """Keeps nothing."""

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[Any]], title: str = "") -> None:
        """Keeps the rows of a table."""
        self.tables[columns[0].title] = rows


def test_the_classes_on_the_screen_add_up_to_the_difference_and_flags_stand_apart(
    books: Books, folder: Folder, tmp_path: Path
) -> None:
    """10.00, 60.00 and 80.00 paid there alone make the difference of -150.00; the 100.00 of a return of which nothing
    is in are no part of it.
    """
    paid_ahead_of_its_goods(books)
    four_refunds(books, folder)
    view = books.do(exports.reconciliation, "2026-11", tmp_path)
    screen = Tables()
    view.draw(screen)  # type: ignore[arg-type]
    amounts = [str(row[-1]) for row in screen.tables["Class"]]
    assert sorted(amounts) == ["-10.00", "-60.00", "-80.00"]
    assert view.totals["differences"] == (Money(-15000, "CNY"),)
    flags = screen.tables["Flags beside the classes, in no difference"]
    assert [tuple(row) for row in flags] == [("D9 money out, goods not in", "1", "100.00")]


def at_once(books: Books, folder: Folder, *, way: str, came: str = "") -> dict[str, str]:
    """A return of 100.00 that the platform paid on the 8th at 12:30, answering for the shop at once; its goods `came`
    some day, or not: what the month says of it in its details and its differences.
    """
    order = sold(HAND, ("TS-L", 1, 10000))
    books.at = OPENED
    take(books, *folder.both(order))
    books.at = NOON
    finished = shanghai("2026-11-08 12:30").replace(tzinfo=None)
    rows = list(report_rows([asked_back("A", order, 10000, waybill="SF900", finished_at=finished)], REFUNDS, ".csv"))
    told = {"手工退款/系统退款": "极速退款"} if way == "way" else {"是否零秒响应": "是"}
    take(books, folder.rows(changed(rows, 1, told)))
    if came:
        books.at = shanghai(came)
        books.do(scanning.scan, Bench(), "SF900")
    books.at = shanghai("2026-11-20 12:00")
    sheets = workbook(books)
    ((by, todo),) = cells(sheets["Differences"], "Agreed there by", "What to do")
    ((details,),) = cells(sheets["Details"], "How it came about")
    return {"by": str(by), "todo": str(todo), "details": str(details)}


@pytest.mark.parametrize("way", ["way", "instant"])
@pytest.mark.parametrize(
    ("came", "said"),
    [
        ("", "which paid on 2026-11-08 12:30 without the goods; they have not come so far"),
        ("2026-11-08 09:00", "which paid on 2026-11-08 12:30; the goods had come back on 2026-11-08 09:00"),
        ("2026-11-10 09:00", "which paid on 2026-11-08 12:30; the goods came back later, on 2026-11-10 09:00"),
    ],
)
def test_a_refund_at_once_says_who_paid_when_and_whether_the_goods_came(
    books: Books, folder: Folder, way: str, came: str, said: str
) -> None:
    told = at_once(books, folder, way=way, came=came)
    assert told["by"] == "at once by the platform"
    assert told["details"].endswith(f"answered at once by the platform, {said}")
    assert "answered at once for the shop" in told["todo"] and "time-out" not in told["todo"]
