"""Files taken in: exact, whole orders only, once for ever, and every row accounted for."""

import json
import os
import random
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fixtures import report_rows
from retcli import named_files
from retcli.actions.imports import file_import, intake, staged_rows
from retcli.database.staging import stage_places, stages
from tests.knownfiles import read
from tests.reports import (
    EXPORTS,
    ITEMS,
    ORDERS,
    Folder,
    changed,
    counts,
    dump,
    facts,
    in_books,
    questions,
    settle,
    sold,
    take,
    take_one,
)
from tests.shopfloor import FIXTURES, Books

EXPECTED: dict[str, Any] = json.loads((FIXTURES / "expected" / "shop.json").read_text(encoding="utf-8"))
ORDER_FILE, ITEM_FILE, PRODUCT_FILE = EXPORTS / "订单报表.csv", EXPORTS / "宝贝报表.xlsx", EXPORTS / "商品资料.xlsx"
REFUND_FILES = (EXPORTS / "退款报表_1.xlsx", EXPORTS / "退款报表_2.xlsx")
SOLD = {n: {k: v for k, v in order.items() if k != "refunded"} for n, order in EXPECTED["orders"].items()}
NUMBER = "2850000000000000100"
TWO_LINES = sold(NUMBER, ("TS-L", 1, 9397), ("TS-M", 2, 10000), freight=600)


# -- what the files say, exactly --------------------------------------------------------------------------------------


def test_the_packaged_exports_give_exactly_what_was_sold(books: Books) -> None:
    orders = take_one(books, ORDER_FILE)
    assert counts(orders) == (302, 300, 0, 0, 2)
    assert [(f.row, f.column, f.text) for f in orders.faults] == [
        (102, "订单编号", "4.10E+18"),
        (203, "买家实际支付金额", "12.3.4"),
    ]
    assert counts(take_one(books, ITEM_FILE)) == (488, 488, 0, 0, 0)
    assert in_books(books) == SOLD
    said = {number: order["refunded"] for number, order in EXPECTED["orders"].items()}
    assert dict(books.rows("SELECT number, refunded_there FROM orders")) == said
    sums, wanted = books.rows("SELECT SUM(paid), SUM(freight) FROM orders")[0], EXPECTED["sums"]
    assert [int(x) for x in sums] == [wanted["paid"], wanted["freight"]]
    assert int(books.value("SELECT SUM(cash) FROM order_lines")) == wanted["line_cash"]
    assert {row[0] for row in books.rows("SELECT cash_source FROM order_lines")} == {"file"}
    assert questions(books) == []
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


def test_which_report_comes_first_makes_no_difference(sqlite_books: Books, more_books: Callable[[], Books]) -> None:
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
    assert books.value("SELECT (SELECT COUNT(*) FROM waiting_orders) + (SELECT COUNT(*) FROM waiting_lines)") == rows
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
    stage = stage_places.stage_of(sqlite_books.database, named_files.digest(path))
    stage._write(staged_rows.parts(read(path), stage))
    assert not stage.complete()
    assert counts(take_one(sqlite_books, path)) == (2, 0, 0, 0, 2)
    assert isinstance(stage, stage_places.FileStage)
    assert not stage.path.exists()


def test_a_stage_left_by_a_run_that_was_killed_at_its_very_end_is_taken_away(
    books: Books, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the end of the merge and the end of the stage, with the file imported again and without it."""
    orders, items = folder.both(TWO_LINES)
    close = file_import._close

    def cut(_stage: stages.Stage) -> None:
        raise KeyboardInterrupt

    for path in (orders, items):
        with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):

            def close_and_cut(*given: Any, killed: pytest.MonkeyPatch = killed) -> Any:
                killed.setattr(stage_places.FileStage, "drop", cut)
                killed.setattr(stage_places.SchemaStage, "drop", cut)
                return close(*given)

            killed.setattr(file_import, "_close", close_and_cut)
            take(books, path)
        assert len(stage_places._stages_of(books.database)) == 1
        assert take_one(books, orders).state == "unchanged"
        assert stage_places._stages_of(books.database) == []
    assert [line[1:] for line in in_books(books)[NUMBER]["lines"]] == [["TS-L", 1, 9397], ["TS-M", 2, 10000]]


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
        "The file looks like order report, but these columns are missing: 订单编号",
        "Tick them in the export, then download again",
    ),
    ("empty.csv", "The file is empty", "Download it again"),
    (
        "truncated.csv",
        "The file is not complete: it ends in the middle of a character, in line 4",
        "The download was cut off: download it again",
    ),
    (
        "unknown.txt",
        "The file is of no known kind",
        "What it seems to be: retcli imports explain FILE\nTo say how to read it: retcli imports draft-map FILE",
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
    way_out = hint.replace("FILE", str(EXPORTS / "broken" / name))  # the very file, so that it can be typed
    assert (file.state, file.problem, file.hint, view.exit_code) == ("refused", problem, way_out, 3)
    assert dump(sqlite_books) == before


@pytest.mark.parametrize(("name", "faults"), FAULTY, ids=[row[0] for row in FAULTY])
def test_a_faulty_row_is_named_with_row_column_and_text(
    sqlite_books: Books, name: str, faults: list[tuple[int, str, str, str]]
) -> None:
    file = take_one(sqlite_books, EXPORTS / "broken" / name)
    assert (file.state, file.refused, file.exit_code) == ("imported", len(faults), 3)
    assert [(f.row, f.column, f.text, f.problem) for f in file.faults] == faults
    told = sqlite_books.do(intake.faults, None)
    assert [(f.row, f.column, f.text, f.problem) for f in told.faults] == faults


def test_every_broken_file_has_its_test() -> None:
    tested = {row[0] for row in BROKEN} | {row[0] for row in FAULTY}
    assert tested == {path.name for path in (EXPORTS / "broken").iterdir()}


def test_other_files_of_a_folder_are_passed_over_with_a_remark(sqlite_books: Books, folder: Folder) -> None:
    folder.orders(TWO_LINES, name="订单.csv")
    folder.items(TWO_LINES, name="宝贝.csv")
    (folder.path / "周报.txt").write_text("周一: 进货\n", encoding="utf-8")
    (folder.path / ".hidden.csv").write_text("x", encoding="utf-8")
    view = take(sqlite_books, settle(folder.path))
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
    assert list(stages.folder(books.database).glob("*.stage")) == []
    real = take_one(books, path)
    assert (counts(real), real.questions, real.waiting) == ((2, 1, 1, 0, 0), 1, 1)
