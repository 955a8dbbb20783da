"""Files taken in: exact, whole orders only, once for ever, and every row accounted for."""

import csv
import json
import os
import random
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fixtures import report_rows
from retcli.actions import cases, imports, payouts, platform
from retcli.actions.merging import Source
from retcli.actions.refunds import merge
from retcli.database import engine, stages
from retcli.database.stages import StagedRow
from retcli.platforms.taobao import REFUND_STATUS
from retcli.rules.lifecycles import Kind
from retcli.rules.money import split
from retcli.shop import opened
from tests.reports import (
    CLOSED,
    EXPORTS,
    ITEMS,
    ORDERS,
    REFUNDS,
    REQUESTED,
    SUCCEEDED,
    Folder,
    asked_back,
    changed,
    counts,
    dump,
    facts,
    sold,
    take,
    take_one,
    unsent,
)
from tests.shopfloor import FIXTURES, NOON, Books

EXPECTED: dict[str, Any] = json.loads((FIXTURES / "expected" / "shop.json").read_text(encoding="utf-8"))
ORDER_FILE, ITEM_FILE, PRODUCT_FILE = EXPORTS / "订单报表.csv", EXPORTS / "宝贝报表.xlsx", EXPORTS / "商品资料.xlsx"
REFUND_FILES = (EXPORTS / "退款报表_1.xlsx", EXPORTS / "退款报表_2.xlsx")
NUMBER = "2850000000000000100"
TWO_LINES = sold(NUMBER, ("TS-L", 1, 9397), ("TS-M", 2, 10000), freight=600)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Where the browser saves downloads."""
    path = tmp_path / "downloads"
    path.mkdir()
    return Folder(path)


@pytest.fixture
def more_books(template: Path, tmp_path: Path) -> Iterator[Any]:
    """As many other books as a test asks for."""
    made: list[Books] = []

    def fresh() -> Books:
        path = tmp_path / f"other{len(made)}.db"
        shutil.copyfile(template, path)
        made.append(Books(str(path)))
        return made[-1]

    yield fresh
    for books in made:
        engine.engine(books.database).dispose()


def in_books(books: Books) -> dict[str, dict[str, Any]]:
    """Orders as fixtures/expected/shop.json tells them."""
    orders: dict[str, dict[str, Any]] = {
        number: {"paid": paid, "freight": freight, "lines": []}
        for number, paid, freight in books.rows("SELECT number, paid, freight FROM orders")
    }
    rows = books.rows(
        "SELECT o.number, l.number, l.sku, l.quantity, l.cash FROM order_lines l JOIN orders o ON o.id = l.order_id"
        " ORDER BY o.id, l.position"
    )
    for order, *line in rows:
        orders[order]["lines"].append(list(line))
    return orders


def asked(books: Books) -> list[tuple[str, str, str, str]]:
    """The questions a person must answer: subject, field, what the books say, what the file says."""
    return [(q.subject, q.field, q.known, q.found) for q in books.do(imports.questions).questions]


# -- what the files say, exactly --------------------------------------------------------------------------------------


def test_the_packaged_exports_give_exactly_what_was_sold(books: Books) -> None:
    orders = take_one(books, ORDER_FILE)
    assert counts(orders) == (302, 300, 0, 0, 2)
    assert [(f.row, f.column, f.text) for f in orders.faults] == [
        (102, "订单编号", "4.10E+18"),
        (203, "买家实际支付金额", "12.3.4"),
    ]
    assert counts(take_one(books, ITEM_FILE)) == (488, 488, 0, 0, 0)
    assert in_books(books) == EXPECTED["orders"]
    sums, wanted = books.rows("SELECT SUM(paid), SUM(freight) FROM orders")[0], EXPECTED["sums"]
    assert [int(x) for x in sums] == [wanted["paid"], wanted["freight"]]
    assert int(books.value("SELECT SUM(cash) FROM order_lines")) == wanted["line_cash"]
    assert {row[0] for row in books.rows("SELECT cash_source FROM order_lines")} == {"file"}
    assert asked(books) == []
    books.check()


def test_both_refund_reports_give_exactly_what_the_platform_says(sqlite_books: Books) -> None:
    books = sqlite_books
    take(books, ORDER_FILE, ITEM_FILE, PRODUCT_FILE)
    for name, path in zip("12", REFUND_FILES, strict=True):
        file = take_one(books, path)
        assert (file.refused, file.questions, file.waiting) == (0, 0, 0)
        found = books.rows("SELECT platform_number, platform_status, platform_amount FROM cases")
        known = {number: about[name] for number, about in EXPECTED["refunds"].items() if name in about}
        assert {number: [status, amount] for number, status, amount in found} == known
        paid = "SELECT SUM(minor) FROM payouts WHERE state = 'confirmed'"
        assert books.value(paid) == EXPECTED["sums"][f"refunded_{name}"]
        books.check()
    lines = (
        "SELECT c.platform_number, o.number, l.number, n.quantity FROM case_lines n JOIN cases c ON c.id = n.case_id"
        " JOIN order_lines l ON l.id = n.line_id JOIN orders o ON o.id = l.order_id"
        " WHERE c.decision <> 'withdrawn' AND c.kind IN ('return', 'refund-only')"
    )
    pieces: dict[str, list[tuple[str, int]]] = {}
    for refund, order, line, quantity in books.rows(lines):
        about = EXPECTED["refunds"][refund]
        assert order == about["order"]
        assert about["line"] in {line, None}
        pieces.setdefault(refund, []).append((line, quantity))
    for refund, found_pieces in pieces.items():
        assert sum(n for _line, n in found_pieces) == EXPECTED["refunds"][refund]["quantity"], refund


def test_which_report_comes_first_makes_no_difference(sqlite_books: Books, more_books: Any) -> None:
    other = more_books()
    take(sqlite_books, ORDER_FILE)
    take(sqlite_books, ITEM_FILE)
    take(other, ITEM_FILE)
    take(other, ORDER_FILE)
    assert facts(sqlite_books) == facts(other)
    assert len(in_books(other)) == EXPECTED["counts"]["orders"]


def test_which_report_comes_first_makes_no_difference_on_either_database(books: Books, folder: Folder) -> None:
    first, second = sold(NUMBER, ("A", 1, 500)), TWO_LINES
    second = replace(second, number="2850000000000000200")
    orders, items = folder.both(first, second)
    assert take_one(books, items).waiting == 3
    assert take_one(books, orders).waiting == 0
    assert in_books(books) == {
        NUMBER: {"paid": 500, "freight": 0, "lines": [[NUMBER, "A", 1, 500]]},
        "2850000000000000200": {
            "paid": 19997,
            "freight": 600,
            "lines": [[second.lines[0].number, "TS-L", 1, 9397], [second.lines[1].number, "TS-M", 2, 10000]],
        },
    }
    books.check()


@pytest.mark.parametrize(
    ("half", "next_step"),
    [
        (0, "Next: import the item report of the same period"),
        (1, "Next: import the order report of the same period"),
    ],
)
def test_half_of_an_order_waits_and_the_next_step_is_said(
    sqlite_books: Books, folder: Folder, half: int, next_step: str
) -> None:
    books = sqlite_books
    view = take(books, folder.both(TWO_LINES)[half])
    (file,) = view.files
    rows = 1 + half
    assert (counts(file), file.waiting) == ((rows, rows, 0, 0, 0), rows)
    assert view.hint == next_step
    assert in_books(books) == {}
    assert books.value("SELECT COUNT(*) FROM waiting_rows") == rows
    assert any("wait for the other half of their order" in remark for remark in file.remarks)
    books.check()


def test_an_order_of_which_a_line_is_missing_waits_for_it(sqlite_books: Books, folder: Folder) -> None:
    header, first, second = report_rows([TWO_LINES], ITEMS, ".csv")
    take(sqlite_books, folder.orders(TWO_LINES))
    assert take_one(sqlite_books, folder.rows([header, first])).waiting == 1
    assert in_books(sqlite_books) == {}
    assert take_one(sqlite_books, folder.rows([header, second])).waiting == 0
    assert list(in_books(sqlite_books)) == [NUMBER]


# -- the same again ---------------------------------------------------------------------------------------------------


def test_the_same_file_again_is_known(sqlite_books: Books, folder: Folder) -> None:
    orders, items = folder.both(TWO_LINES)
    take(sqlite_books, orders, items)
    before = dump(sqlite_books)
    renamed = shutil.copyfile(orders, orders.with_name("ExportOrderList (1).csv"))
    for path in (orders, items, renamed):
        file = take_one(sqlite_books, path)
        assert (file.state, file.unchanged, file.added) == ("unchanged", file.rows, 0)
        assert "Taken in on 2026-11-09 as" in file.remarks[0]
    assert dump(sqlite_books) == before


def test_rows_shuffled_doubled_and_overlapping_add_nothing(books: Books, folder: Folder) -> None:
    orders = [sold(f"28500000000000{n:05d}", ("A", 1, 100 + n), ("B", 2, 300 + n)) for n in range(101, 121)]
    files = {ORDERS: orders[:10], ITEMS: orders[:10]}
    for layout, some in files.items():
        take_one(books, folder.rows(list(report_rows(some, layout, ".csv"))))
    before = facts(books)
    for layout, some in files.items():
        header, *rows = report_rows(some, layout, ".csv")
        random.Random(layout).shuffle(rows)
        shuffled = take_one(books, folder.rows([header, *rows]))
        assert counts(shuffled) == (len(rows), 0, 0, len(rows), 0)
        doubled = take_one(books, folder.rows([header, *rows, *rows[:3], rows[0]]))
        assert counts(doubled) == (len(rows) + 4, 0, 0, len(rows) + 4, 0)
    assert facts(books) == before
    later = [take_one(books, path) for path in folder.both(*orders[5:])]
    assert [counts(file) for file in later] == [(15, 10, 0, 5, 0), (30, 20, 0, 10, 0)]
    assert len(in_books(books)) == 20
    books.check()


def test_doubled_rows_of_a_new_file_come_in_once(sqlite_books: Books, folder: Folder) -> None:
    header, *rows = report_rows([TWO_LINES], ITEMS, ".csv")
    file = take_one(sqlite_books, folder.rows([header, *rows, *rows]))
    assert counts(file) == (4, 2, 0, 2, 0)
    take(sqlite_books, folder.orders(TWO_LINES))
    assert [line[1:] for line in in_books(sqlite_books)[NUMBER]["lines"]] == [["TS-L", 1, 9397], ["TS-M", 2, 10000]]


def test_a_stage_that_was_written_but_not_checked_is_written_again(sqlite_books: Books, folder: Folder) -> None:
    """A run killed between writing and checking must not let differing doubles through."""
    header, row = report_rows([sold(NUMBER, ("A", 1, 500))], ORDERS, ".csv")
    path = folder.rows([header, row, changed([header, row], 1, {"买家实际支付金额": "9.00"})[1]])
    stage = stages.Stage(stages.folder(sqlite_books.database) / f"{imports._digest(path)}.stage")
    stage.fill([StagedRow(2, NUMBER, "", {"order": NUMBER}), StagedRow(3, NUMBER, "", {"order": NUMBER})])
    assert not stage.complete()
    assert counts(take_one(sqlite_books, path)) == (2, 0, 0, 0, 2)
    assert not stage.path.exists()


# -- what may change, and what only a person may take -----------------------------------------------------------------


def test_status_waybill_and_people_are_taken_from_a_later_file(books: Books, folder: Folder) -> None:
    order = sold(NUMBER, ("A", 1, 500))
    take(books, *folder.both(unsent(order)))
    assert books.rows("SELECT status, waybill, signed_by FROM orders") == [("paid", "", "")]
    file = take_one(books, folder.orders(order))
    assert (counts(file), file.questions) == ((1, 0, 1, 0, 0), 0)
    assert books.rows("SELECT status, waybill, carrier, signed_by FROM orders") == [
        ("done", order.waybill, "顺丰速运", "confirmed")
    ]
    books.check()


@pytest.mark.parametrize(
    ("layout", "column", "value", "question"),
    [
        (ORDERS, "买家实际支付金额", "123.45", (NUMBER, "paid", "199.97", "123.45")),
        (ORDERS, "买家应付邮费", "8.00", (NUMBER, "freight", "6.00", "8.00")),
        (ITEMS, "商品价格", "99.00", (f"{NUMBER[:-2]}01", "price", "93.97", "99.00")),
        (ITEMS, "商家编码", "TS-XL", (f"{NUMBER[:-2]}01", "sku", "TS-L", "TS-XL")),
        (ITEMS, "购买数量", "2", (f"{NUMBER[:-2]}01", "quantity", "1", "2")),
        (ITEMS, "买家实付金额", "90.00", (f"{NUMBER[:-2]}01", "cash", "93.97", "90.00")),
        (ITEMS, "子订单编号", f"{NUMBER[:-2]}77", (NUMBER, "line", "", f"{NUMBER[:-2]}77")),
    ],
)
def test_changed_money_and_goods_stay_and_are_asked_about(
    sqlite_books: Books, folder: Folder, layout: str, column: str, value: str, question: tuple[str, str, str, str]
) -> None:
    books = sqlite_books
    take(books, *folder.both(TWO_LINES))
    before = in_books(books)
    rows = changed(list(report_rows([TWO_LINES], layout, ".csv")), 1, {column: value})
    file = take_one(books, folder.rows(rows))
    assert (file.changed, file.questions, file.exit_code) == (1, 1, 3)
    subject, *rest = question
    assert asked(books) == [(subject if subject == NUMBER else f"{NUMBER}/{subject}", *rest)]
    assert in_books(books) == before
    again = take_one(books, folder.rows([*rows, rows[-1]]))
    assert again.questions == 0, "a question is asked once"
    assert len(asked(books)) == 1
    books.check()


def test_rows_that_say_different_things_of_one_line_are_both_refused(sqlite_books: Books, folder: Folder) -> None:
    books = sqlite_books
    other = sold("2850000000000000200", ("B", 1, 700))
    rows = list(report_rows([sold(NUMBER, ("A", 1, 500)), other], ORDERS, ".csv"))
    differing = changed(rows, 1, {"买家实际支付金额": "9.99"})[1]
    file = take_one(books, folder.rows([*rows, differing]))
    assert counts(file) == (3, 1, 0, 0, 2)
    problem = "the same line stands twice in the file, with different content"
    assert [(f.row, f.text, f.problem) for f in file.faults] == [(2, NUMBER, problem), (4, NUMBER, problem)]
    assert books.rows("SELECT order_number FROM waiting_rows") == [(other.number,)]


@pytest.mark.parametrize("spoilt", [{"购买数量": "一"}, {"商品价格": ""}, None], ids=["value", "empty", "misshapen"])
def test_a_refused_row_holds_its_whole_order_out(
    sqlite_books: Books, folder: Folder, spoilt: dict[str, str] | None
) -> None:
    """Also where only the number of cells is wrong, and the order report does not tell the number of pieces."""
    whole = sold("2850000000000000200", ("B", 1, 700))
    heads = list(report_rows([TWO_LINES, whole], ORDERS, ".csv"))
    take(sqlite_books, folder.rows(changed(heads, 1, {"宝贝总数量": ""})))
    rows = list(report_rows([TWO_LINES, whole], ITEMS, ".csv"))
    bad = changed(rows, 2, spoilt) if spoilt else [*rows[:2], rows[2][:-3], rows[3]]
    file = take_one(sqlite_books, folder.rows(bad))
    assert counts(file) == (3, 1, 0, 0, 2)
    assert [f.row for f in file.faults] == [2, 3]
    assert file.faults[0].problem == "another row of this order was refused, and an order comes in whole"
    assert list(in_books(sqlite_books)) == [whole.number]
    assert counts(take_one(sqlite_books, folder.rows(rows))) == (3, 2, 0, 1, 0)
    assert in_books(sqlite_books)[NUMBER]["lines"] == [
        [TWO_LINES.lines[0].number, "TS-L", 1, 9397],
        [TWO_LINES.lines[1].number, "TS-M", 2, 10000],
    ]


# -- layouts ----------------------------------------------------------------------------------------------------------

LAYOUTS = EXPORTS / "layouts"


@pytest.mark.parametrize("orders", sorted(LAYOUTS.glob("order.*")), ids=lambda path: path.name)
@pytest.mark.parametrize("items", sorted(LAYOUTS.glob("item.*")), ids=lambda path: path.name)
def test_every_layout_since_2016_comes_in(sqlite_books: Books, orders: Path, items: Path) -> None:
    assert counts(take_one(sqlite_books, orders)) == (12, 12, 0, 0, 0)
    assert counts(take_one(sqlite_books, items)) == (17, 17, 0, 0, 0)
    found = in_books(sqlite_books)
    assert len(found) == 12
    assert all(sum(line[3] for line in order["lines"]) == order["paid"] - order["freight"] for order in found.values())
    refunds = [take_one(sqlite_books, path) for path in sorted(LAYOUTS.glob("refund.*"))]
    assert [(file.rows, file.refused, file.waiting) for file in refunds] == [(6, 0, 0), (6, 0, 0)]
    assert sqlite_books.value("SELECT COUNT(*) FROM cases") == 6, "the same six refunds in both layouts"
    sqlite_books.check()


def test_lines_without_numbers_are_recognised_when_they_come_again_with_them(sqlite_books: Books) -> None:
    take(sqlite_books, LAYOUTS / "order.2018a.csv", LAYOUTS / "item.2018.csv")
    before = in_books(sqlite_books)
    numbers = sqlite_books.rows("SELECT number, cash_source FROM order_lines")
    assert all(number.startswith("#") and source == "split" for number, source in numbers)
    file = take_one(sqlite_books, LAYOUTS / "item.2024.xlsx")
    assert (counts(file), file.questions) == ((17, 0, 17, 0, 0), 0)
    after = in_books(sqlite_books)
    assert [len(order["lines"]) for order in after.values()] == [len(order["lines"]) for order in before.values()]
    numbers = sqlite_books.rows("SELECT number, cash_source FROM order_lines")
    assert not [number for number, _source in numbers if number.startswith("#")]
    paid = "SELECT DISTINCT cash_source FROM order_lines JOIN orders ON orders.id = order_id WHERE paid_at IS NOT NULL"
    assert sqlite_books.rows(paid) == [("file",)]
    sqlite_books.check()


# -- files that cannot be read ----------------------------------------------------------------------------------------

BROKEN: list[tuple[str, str, str]] = [
    (
        "column_missing.csv",
        "The file looks like taobao.order, but these columns are missing: 订单编号",
        "Tick them in the export, then download again",
    ),
    ("empty.csv", "The file is empty", "Download it again"),
    (
        "truncated.csv",
        "The file is not complete: it ends in the middle of a character",
        "The download was cut off: download it again",
    ),
    (
        "unknown.txt",
        "The file is of no known kind",
        "Known are Taobao's order, item and refund reports and the product sheet",
    ),
]
FAULTY: list[tuple[str, list[tuple[int, str, str, str]]]] = [
    ("amount_bad.csv", [(4, "买家实际支付金额", "12.3.4", "not an amount of money")]),
    ("date_bad.csv", [(2, "订单付款时间", "2026-02-30 10:00:00", "not a date")]),
    (
        "duplicate_differs.csv",
        [
            (3, "", "2850196760554408138", "the same line stands twice in the file, with different content"),
            (6, "", "2850196760554408138", "the same line stands twice in the file, with different content"),
        ],
    ),
    (
        "id_destroyed.csv",
        [(3, "订单编号", "4.10E+18", "a spreadsheet has destroyed this number; export again as text or CSV")],
    ),
    (
        "id_numeric.xlsx",
        [
            (
                2,
                "主订单编号",
                "2.8501647037036E+18",
                "a spreadsheet has destroyed this number; export again as text or CSV",
            )
        ],
    ),
]


@pytest.mark.parametrize(("name", "problem", "hint"), BROKEN, ids=[row[0] for row in BROKEN])
def test_a_broken_file_is_refused_whole_with_the_way_out(
    sqlite_books: Books, name: str, problem: str, hint: str
) -> None:
    before = dump(sqlite_books)
    view = take(sqlite_books, EXPORTS / "broken" / name)
    (file,) = view.files
    assert (file.state, file.problem, file.hint, view.exit_code) == ("refused", problem, hint, 3)
    assert dump(sqlite_books) == before


@pytest.mark.parametrize(("name", "faults"), FAULTY, ids=[row[0] for row in FAULTY])
def test_a_faulty_row_is_named_with_row_column_and_text(
    sqlite_books: Books, name: str, faults: list[tuple[int, str, str, str]]
) -> None:
    file = take_one(sqlite_books, EXPORTS / "broken" / name)
    assert (file.state, file.refused, file.exit_code) == ("imported", len(faults), 3)
    assert [(f.row, f.column, f.text, f.problem) for f in file.faults] == faults
    told = sqlite_books.do(imports.faults, None)
    assert [(f.row, f.column, f.text, f.problem) for f in told.faults] == faults


def test_every_broken_file_has_its_test() -> None:
    tested = {row[0] for row in BROKEN} | {row[0] for row in FAULTY}
    assert tested == {path.name for path in (EXPORTS / "broken").iterdir()}


def test_other_files_of_a_folder_are_passed_over_with_a_remark(sqlite_books: Books, folder: Folder) -> None:
    folder.orders(TWO_LINES, name="订单.csv")
    folder.items(TWO_LINES, name="宝贝.csv")
    (folder.path / "周报.txt").write_text("周一: 进货\n", encoding="utf-8")
    (folder.path / ".hidden.csv").write_text("x", encoding="utf-8")
    view = take(sqlite_books, folder.path)
    assert {file.path: file.state for file in view.files} == {
        "周报.txt": "passed_over",
        "订单.csv": "imported",
        "宝贝.csv": "imported",
    }
    assert view.files[0].problem == "The file is of no known kind"
    assert view.exit_code == 0, "a stranger in the folder is no fault"
    assert take(sqlite_books, folder.path / "周报.txt").exit_code == 3, "named itself, it is"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps file names as bytes")
def test_a_file_name_in_the_zips_own_encoding_is_shown_as_it_was_meant(sqlite_books: Books, folder: Folder) -> None:
    path = folder.orders(TWO_LINES)
    strange = Path(os.fsdecode(os.fsencode(folder.path) + b"/" + "订单报表.csv".encode("gb18030")))
    path.rename(strange)
    assert take_one(sqlite_books, strange).path == "订单报表.csv"
    assert sqlite_books.value("SELECT name FROM imports") == "订单报表.csv"


# -- only tried -------------------------------------------------------------------------------------------------------


def test_a_trial_counts_and_changes_nothing(books: Books, folder: Folder) -> None:
    take(books, *folder.both(TWO_LINES))
    order = sold("2850000000000000200", ("B", 1, 700))
    rows = list(report_rows([TWO_LINES, order], ORDERS, ".csv"))
    path = folder.rows(changed(rows, 1, {"买家实际支付金额": "1.00"}))
    before = dump(books)
    tried = take_one(books, path, dry_run=True)
    assert (counts(tried), tried.questions, tried.waiting) == ((2, 1, 1, 0, 0), 1, 1)
    assert dump(books) == before
    assert list(stages.folder(books.database).glob("*")) == []
    real = take_one(books, path)
    assert (counts(real), real.questions, real.waiting) == ((2, 1, 1, 0, 0), 1, 1)


# -- refunds ----------------------------------------------------------------------------------------------------------


def test_refunds_wait_for_their_order(books: Books, folder: Folder) -> None:
    refund = asked_back("1", TWO_LINES, 9397)
    view = take(books, folder.refunds(refund))
    assert (view.files[0].waiting, view.files[0].refused) == (1, 0)
    assert "1 refunds wait for their orders" in view.files[0].remarks
    assert view.hint == "Next: import the order report of the same period"
    halves = folder.both(TWO_LINES)
    take(books, halves[1])
    assert books.value("SELECT COUNT(*) FROM cases") == 0
    take(books, halves[0])
    assert books.value("SELECT COUNT(*) FROM waiting_rows") == 0
    assert books.rows("SELECT platform_number, kind, decision, filing FROM cases") == [
        ("1", "return", "approved", "finished")
    ]
    assert books.rows("SELECT minor, state, origin FROM payouts") == [(9397, "confirmed", "platform")]
    books.check()


def test_a_newer_report_replaces_a_waiting_refund(sqlite_books: Books, folder: Folder) -> None:
    take(sqlite_books, folder.refunds(asked_back("1", TWO_LINES, 9397, status=REQUESTED)))
    file = take_one(sqlite_books, folder.refunds(asked_back("1", TWO_LINES, 9000)))
    assert counts(file) == (1, 0, 1, 0, 0)
    take(sqlite_books, *folder.both(TWO_LINES))
    assert sqlite_books.rows("SELECT minor, state FROM payouts") == [(9000, "confirmed")]


def how_cases_stand(books: Books) -> list[Any]:
    """Cases by the platform's number: decision, filing, money, pieces in live cases, payouts, parcels, goods sent."""
    per_case = {
        "due": "SELECT SUM(n.due) FROM case_lines n WHERE n.case_id = c.id",
        "units": "SELECT SUM(d.units) FROM draws d WHERE d.case_id = c.id",
        "share": "SELECT SUM(d.share) FROM draws d WHERE d.case_id = c.id",
        "cash": "SELECT SUM(d.cash) FROM draws d WHERE d.case_id = c.id",
        "paid": "SELECT SUM(p.minor) FROM payouts p WHERE p.case_id = c.id AND p.state = 'confirmed'",
        "parcels": "SELECT MIN(x.waybill) FROM parcels x JOIN parcel_cases y ON y.parcel_id = x.id"
        " WHERE y.case_id = c.id",
        "sent": "SELECT COUNT(*) FROM replacements r WHERE r.case_id = c.id AND r.state <> 'cancelled'",
    }
    named = ", ".join(f"({query}) AS {name}" for name, query in per_case.items())
    columns = "c.platform_number, c.kind, c.decision, c.filing, c.platform_status, c.platform_amount, c.freight_due"
    rows = books.rows(f"SELECT {columns}, {named} FROM cases c ORDER BY 1")
    return [tuple(row) for row in rows]


def test_two_reports_one_after_the_other_or_only_the_second(sqlite_books: Books, more_books: Any) -> None:
    other = more_books()
    take(sqlite_books, ORDER_FILE, ITEM_FILE, *REFUND_FILES)
    take(other, ORDER_FILE, ITEM_FILE, REFUND_FILES[1])
    assert how_cases_stand(sqlite_books) == how_cases_stand(other)
    take(other, REFUND_FILES[1])
    assert len(how_cases_stand(other)) == 40
    other.check()


STANDING = {
    "requested": ("requested", "open"),
    "awaiting_goods": ("approved", "open"),
    "goods_sent": ("approved", "open"),
    "replacement_sent": ("approved", "open"),
    "refused": ("rejected", "open"),
    "closed": ("withdrawn", "finished"),
    "succeeded": ("approved", "finished"),
}
"""What a status of the platform makes of a return: decision and filing."""
REPLACED = {"requested": [], "refused": [], "closed": [], "replacement_sent": ["shipped"], "succeeded": ["delivered"]}
"""What it makes of the goods that an exchange sends; due where nothing stands here."""


@pytest.mark.parametrize("known", [False, True], ids=["new", "known"])
def test_each_status_of_the_platform_has_its_one_meaning(sqlite_books: Books, folder: Folder, known: bool) -> None:
    books = sqlite_books
    returned = {written: sold(f"28500000000000{n:05d}", ("A", 1, 500)) for n, written in enumerate(REFUND_STATUS, 100)}
    exchanged = {written: sold(f"28500000000000{n:05d}", ("B", 1, 700)) for n, written in enumerate(REFUND_STATUS, 200)}
    take(books, *folder.both(*returned.values(), *exchanged.values()))

    def report(now: str = "") -> Path:
        rows = [asked_back(f"R{o.number}", o, 500, status=now or written) for written, o in returned.items()]
        rows += [asked_back(f"E{o.number}", o, 0, kind="换货", status=now or w) for w, o in exchanged.items()]
        return folder.refunds(*rows)

    n = 2 * len(REFUND_STATUS)
    if known:
        assert counts(take_one(books, report(REQUESTED))) == (n, n, 0, 0, 0)
    assert counts(take_one(books, report())) == ((n, 0, n - 2, 2, 0) if known else (n, n, 0, 0, 0))
    for written, status in REFUND_STATUS.items():
        _as_it_stands(books, f"R{returned[written].number}", f"E{exchanged[written].number}", status, written)
    before = facts(books)
    again = folder.rows(list(reversed_rows(report())), name="again.csv")
    assert counts(take_one(books, again)) == (n, 0, 0, n, 0)
    assert facts(books) == before
    books.check()


def reversed_rows(path: Path) -> Iterator[list[Any]]:
    """The rows of a report, the last first under the header: another file that says the same."""
    with path.open(encoding="gb18030", newline="") as stream:
        header, *rows = csv.reader(stream)
    yield from [header, *reversed(rows)]


def _as_it_stands(books: Books, returned: str, exchanged: str, status: str, written: str) -> None:
    """A return and an exchange stand as the platform's status says."""
    case = "FROM cases WHERE platform_number = :number"
    rows = books.rows(f"SELECT id, decision, filing, platform_status {case}", number=returned)
    key, *standing = rows[0]
    assert tuple(standing) == (*STANDING[status], written)
    paid = [(500, "confirmed")] if status == "succeeded" else []
    assert books.rows("SELECT minor, state FROM payouts WHERE case_id = :key", key=key) == paid
    drawn = books.value("SELECT COALESCE(SUM(units), 0) FROM draws WHERE case_id = :key", key=key)
    assert drawn == (0 if status in {"refused", "closed"} else 1), written
    key, decision = books.rows(f"SELECT id, decision {case}", number=exchanged)[0]
    assert decision == STANDING[status][0]
    states = books.rows("SELECT state FROM replacements WHERE case_id = :key AND state <> 'cancelled'", key=key)
    assert [state for (state,) in states] == REPLACED.get(status, ["due"]), written


def test_a_click_is_verified_by_the_next_report_or_comes_back(sqlite_books: Books, folder: Folder) -> None:
    books, order = sqlite_books, sold(NUMBER, ("A", 1, 500))
    take(books, *folder.both(order), folder.refunds(asked_back("1", order, 500, status=REQUESTED)))
    books.do(cases.approve, "1")
    assert books.rows("SELECT action, state FROM platform_actions") == [("agree_return", "todo")]
    books.do(platform.done, ["1"])
    take(books, folder.refunds(asked_back("1", order, 500, status=REQUESTED, note="x")))
    assert books.rows("SELECT state FROM platform_actions") == [("todo",)], "it did not happen on the platform"
    books.do(platform.done, ["1"])
    take(books, folder.refunds(asked_back("1", order, 500, status="卖家已经同意退款，等待买家退货")))
    assert books.rows("SELECT state FROM platform_actions") == [("verified",)]
    books.check()


def test_goods_the_platform_saw_leaving_are_not_sent_again(sqlite_books: Books, folder: Folder) -> None:
    books, order = sqlite_books, sold(NUMBER, ("A", 1, 500))
    sent = asked_back("1", order, 0, kind="补寄", status="等待买家确认重新邮寄的货物", reason="少件")
    take(books, *folder.both(order), folder.refunds(sent))
    shown = books.do(cases.show, "1")
    assert (shown.replacement, shown.stage) == ("shipped", "to_finish")


def test_an_own_payout_is_confirmed_by_the_platforms_word_only_at_its_amount(
    sqlite_books: Books, folder: Folder
) -> None:
    books, order = sqlite_books, unsent(sold(NUMBER, ("A", 1, 500)))
    wish = asked_back("1", order, 500, kind="仅退款", status=REQUESTED)
    take(books, *folder.both(order), folder.refunds(wish))
    books.do(cases.approve, "1")
    books.do(payouts.refund, "1")
    take(books, folder.refunds(replace(wish, status=SUCCEEDED, amount=400)))
    assert books.rows("SELECT minor, state FROM payouts") == [(500, "due")], "another amount: a difference to settle"
    take(books, folder.refunds(replace(wish, status=SUCCEEDED)))
    assert books.rows("SELECT minor, state FROM payouts") == [(500, "confirmed")]
    assert books.value("SELECT filing FROM cases") == "finished"
    books.check()


# -- money of the lines -----------------------------------------------------------------------------------------------


def test_a_single_line_may_carry_the_freight_in_its_amount(sqlite_books: Books, folder: Folder) -> None:
    books = sqlite_books
    order = sold(NUMBER, ("A", 1, 5000), freight=800)
    rows = changed(list(report_rows([order], ITEMS, ".csv")), 1, {"买家实付金额": "58.00"})
    take(books, folder.orders(order), folder.rows(rows))
    assert in_books(books)[NUMBER] == {"paid": 5800, "freight": 800, "lines": [[NUMBER, "A", 1, 5000]]}
    assert books.value("SELECT cash_source FROM order_lines") == "file"
    assert asked(books) == []
    books.check()


def test_lines_that_do_not_add_up_are_split_and_asked_about(sqlite_books: Books, folder: Folder) -> None:
    books = sqlite_books
    rows = changed(list(report_rows([TWO_LINES], ITEMS, ".csv")), 1, {"买家实付金额": "90.00"})
    file = take(books, folder.orders(TWO_LINES), folder.rows(rows)).files[1]
    assert (file.questions, file.exit_code) == (1, 3)
    assert asked(books) == [(NUMBER, "lines_sum", "193.97", "190.00")]
    assert [line[3] for line in in_books(books)[NUMBER]["lines"]] == split(19397, [9000, 10000])
    assert {row[0] for row in books.rows("SELECT cash_source FROM order_lines")} == {"split"}
    books.check()


def test_an_unpaid_order_gets_its_money_once_it_is_paid(books: Books, folder: Folder) -> None:
    paid = TWO_LINES
    lines = tuple(replace(line, cash=0) for line in paid.lines)
    unpaid = replace(
        paid, paid_at=None, paid=0, status="等待买家付款", lines=lines, waybill="", shipped_at=None, confirmed_at=None
    )
    take(books, *folder.both(unpaid))
    assert in_books(books)[NUMBER]["paid"] == 0
    assert [line[3] for line in in_books(books)[NUMBER]["lines"]] == [0, 0]
    assert counts(take_one(books, folder.orders(paid))) == (1, 0, 1, 0, 0)
    goods = [line[3] for line in in_books(books)[NUMBER]["lines"]]
    assert sum(goods) == 19397, "shared out by price until the item report names it"
    take_one(books, folder.items(paid))
    assert in_books(books)[NUMBER] == {
        "paid": 19997,
        "freight": 600,
        "lines": [[paid.lines[0].number, "TS-L", 1, 9397], [paid.lines[1].number, "TS-M", 2, 10000]],
    }
    assert asked(books) == []
    books.check()


def test_the_carriers_signature_counts_before_the_buyers_confirmation(sqlite_books: Books, folder: Folder) -> None:
    books, order = sqlite_books, sold(NUMBER, ("A", 1, 500))
    header, row = report_rows([order], ORDERS, ".csv")
    take(books, folder.rows([header, row]), folder.items(order))
    assert books.value("SELECT signed_by FROM orders") == "confirmed"
    take(books, folder.rows([[*header, "物流签收时间"], [*row, "2026-11-03 16:20:00"]]))
    assert books.rows("SELECT signed_by, signed_at FROM orders") == [("carrier", "2026-11-03 08:20:00.000000")]
    take(books, folder.orders(replace(order, phone="13900009999")))
    assert books.rows("SELECT signed_by, phone FROM orders") == [("carrier", "13900009999")], "it is not taken back"


def test_a_refund_above_what_was_paid_is_written_down_as_far_as_it_goes_and_asked_about(
    books: Books, folder: Folder
) -> None:
    order = sold(NUMBER, ("A", 1, 500), freight=100)
    take(books, *folder.both(order))
    file = take_one(books, folder.refunds(asked_back("1", order, 700, reason="质量问题")))
    assert (file.questions, file.exit_code) == (1, 3)
    assert asked(books) == [("1", "refund_above_paid", "6.00", "7.00")]
    assert books.rows("SELECT minor, state FROM payouts") == [(600, "confirmed")]
    books.check()


def test_money_off_before_sending_is_a_price_cut_on_the_line(sqlite_books: Books, folder: Folder) -> None:
    books, order = sqlite_books, unsent(sold(NUMBER, ("A", 1, 5000)))
    wish = asked_back("1", order, 300, kind="仅退款", status=REQUESTED, reason="降价")
    take(books, *folder.both(order), folder.refunds(wish))
    assert books.rows("SELECT kind FROM cases") == [("allowance",)]
    assert books.value("SELECT COUNT(*) FROM case_lines") == 1
    take(books, folder.refunds(replace(wish, status=SUCCEEDED)))
    assert books.rows("SELECT minor, state FROM payouts") == [(300, "confirmed")]
    assert asked(books) == []
    books.check()


def test_money_the_platform_paid_is_never_refused_for_want_of_pieces(sqlite_books: Books, folder: Folder) -> None:
    """The only piece is in a case of our own: the platform's refund is written down beside it."""
    books, order = sqlite_books, sold(NUMBER, ("A", 1, 5000))
    take(books, *folder.both(order))
    own = books.do(cases.open_case, NUMBER, kind=Kind.RETURN, reason="B_7D")
    file = take_one(books, folder.refunds(asked_back("1", order, 2000)))
    assert counts(file) == (1, 1, 0, 0, 0)
    assert books.rows("SELECT minor, state, origin FROM payouts") == [(2000, "confirmed", "platform")]
    assert books.do(cases.show, own.number).due.minor == 3000
    asking = take_one(books, folder.refunds(asked_back("2", order, 3000, status=REQUESTED)))
    assert (asking.refused, own.number in asking.faults[0].problem) == (1, True), "a mere wish for them is refused"
    books.check()


@st.composite
def refunds_of_a_line(draw: st.DrawFn) -> tuple[int, int, list[tuple[int, str]], list[int]]:
    """A line's pieces and cash, finished refunds of it within its cash, and another order they come in."""
    pieces = draw(st.integers(1, 4))
    cash = draw(st.integers(100 * pieces, 30000))
    count = draw(st.integers(1, 4))
    weights = draw(st.lists(st.integers(1, 60), min_size=count + 1, max_size=count + 1))
    amounts = [share for share in split(cash, weights)[:count] if share]
    kinds = draw(st.lists(st.sampled_from(["return", "refund-only"]), min_size=len(amounts), max_size=len(amounts)))
    return pieces, cash, list(zip(amounts, kinds, strict=True)), draw(st.permutations(range(len(amounts))))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(refunds_of_a_line())
@example((2, 10000, [(4000, "return"), (6000, "return")], [1, 0]))
@example((3, 10000, [(3000, "return"), (3000, "return"), (4000, "return")], [2, 0, 1]))
@example((3, 10000, [(6667, "return"), (500, "refund-only"), (2833, "return")], [1, 2, 0]))
def test_partial_refunds_end_in_the_same_line_state_in_any_order(
    sqlite_books: Books, case: tuple[int, int, list[tuple[int, str]], list[int]]
) -> None:
    pieces, cash, refunds, order_in = case
    ends = [
        _line_after(sqlite_books, pieces, cash, [refunds[n] for n in places])
        for places in (range(len(refunds)), order_in)
    ]
    assert ends[0] == ends[1]
    assert ends[0][1] == ends[0][2] == sum(amount for amount, _kind in refunds)


_orders_made = count(1)


def _line_after(books: Books, pieces: int, cash: int, refunds: Sequence[tuple[int, str]]) -> tuple[int, int, int]:
    """Pieces and cash drawn on a fresh line, and money out, after refunds taken in one after the other."""
    number = books.order(f"28500000000{next(_orders_made):08d}", ("A", pieces, cash))
    for place, (amount, kind) in enumerate(refunds):
        values = {"order": number, "refund": f"{number}-{place}", "amount": amount, "kind": kind, "status": "succeeded"}
        row = StagedRow(2, number, values["refund"], values | {"finished_at": NOON.isoformat()})
        with opened(books.asked()) as shop:
            tally = merge(shop, Source(1, "taobao", ""), [row])
        assert (tally.added, tally.faults) == (1, [])
    books.check()
    mine = "FROM draws d JOIN orders o ON o.id = d.order_id WHERE o.number = :number"
    units, drawn = books.rows(f"SELECT SUM(units), SUM(cash) {mine}", number=number)[0]
    out = "SELECT SUM(p.minor) FROM payouts p JOIN orders o ON o.id = p.order_id WHERE o.number = :number"
    return units, drawn, books.value(out, number=number)


def test_refund_layouts_and_closed_refunds_draw_nothing(sqlite_books: Books, folder: Folder) -> None:
    order = sold(NUMBER, ("A", 2, 5000))
    take(sqlite_books, *folder.both(order))
    take(sqlite_books, folder.refunds(asked_back("1", order, 5000, status=CLOSED), layout=REFUNDS))
    assert sqlite_books.value("SELECT SUM(units) FROM draws") == 0
    again = sqlite_books.do(cases.open_case, NUMBER, kind=Kind.RETURN, reason="B_7D")
    assert again.lines[0].quantity == 2
