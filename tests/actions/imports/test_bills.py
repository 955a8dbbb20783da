"""Statements taken in: every entry once, however the files are called and overlap, and no amount overwritten."""

import csv
import io
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from fixtures.ledger import movements, spread
from fixtures.make import SMALL_SEED
from fixtures.sheets import Cells, Sheet
from fixtures.shopmaker import make_shop
from fixtures.statements import sheets
from retcli.actions.imports import intake
from tests.reports import counts, facts, questions, take, take_one
from tests.shopfloor import FIXTURES, Books

SHOP = make_shop(SMALL_SEED, orders=12, refunds=6)
SHEETS = {sheet.path: sheet for sheet in sheets(SHOP)}
LEDGER = spread(movements(SHOP))
EXPORTS = FIXTURES / "exports"
ALIPAY, JD, PDD = SHEETS["alipay/fund.2026.csv"], SHEETS["jd/settle.2026a.csv"], SHEETS["pdd/settle.csv"]
ENTRIES = len(LEDGER)


def written(path: Path, sheet: Sheet, rows: Sequence[Cells] | None = None) -> Path:
    """Some rows of a statement without what stands above and below them, as when somebody saved it again."""
    stream = io.StringIO()
    csv.writer(stream).writerows(replace(sheet, rows=sheet.rows if rows is None else rows).table())
    path.write_text(stream.getvalue(), encoding="utf-8")
    return path


def moved(books: Books) -> tuple[int, int]:
    """How many entries the books know, and what they moved."""
    found = books.rows("SELECT COUNT(*), SUM(minor), SUM(COALESCE(fee, 0)) FROM bills")[0]
    return int(found[0]), int(found[1]) + int(found[2])


WHOLE = (ENTRIES, sum(one.minor for one in LEDGER))


def test_a_statement_is_taken_in_to_the_fen(books: Books) -> None:
    file = take_one(books, EXPORTS / ALIPAY.path)
    assert counts(file) == (ENTRIES, ENTRIES, 0, 0, 0)
    assert moved(books) == WHOLE
    kept = books.rows(
        "SELECT number, order_number, category, minor, balance, format, platform FROM bills ORDER BY at, id"
    )
    meant = ALIPAY.meant or ()
    assert sorted(map(tuple, kept)) == sorted(
        (row["number"], row["order"], row["category"], row["minor"], row["balance"], "alipay.fund", "alipay")
        for row in meant
    )
    last = max(meant, key=lambda row: str(row["at"]))
    assert kept[-1][4] == last["balance"]
    books.check()


@pytest.mark.parametrize("path", [path for path, sheet in SHEETS.items() if sheet.meant and "minor" in sheet.meant[0]])
def test_every_statement_comes_in_whole(sqlite_books: Books, path: str) -> None:
    file = take_one(sqlite_books, EXPORTS / path)
    meant = SHEETS[path].meant or ()
    assert counts(file) == (len(meant), len(meant), 0, 0, 0)
    assert moved(sqlite_books) == (len(meant), sum(row["minor"] + (row["fee"] or 0) for row in meant))
    assert file.holds == "bills"


def test_the_same_file_again_changes_nothing_under_any_name(books: Books, tmp_path: Path) -> None:
    take(books, EXPORTS / ALIPAY.path)
    before = facts(books)
    again, renamed = EXPORTS / ALIPAY.path, tmp_path / "十一月.csv"
    shutil.copyfile(again, renamed)
    for path in (again, renamed):
        assert take_one(books, path).state == "unchanged"
    assert facts(books) == before


def test_the_same_entries_saved_again_are_known(books: Books, tmp_path: Path) -> None:
    take(books, EXPORTS / ALIPAY.path)
    before = facts(books)
    assert counts(take_one(books, written(tmp_path / "x.csv", ALIPAY))) == (ENTRIES, 0, 0, ENTRIES, 0)
    assert facts(books) == before


@pytest.mark.parametrize("sheet", [ALIPAY, JD, PDD], ids=lambda sheet: sheet.layout)
def test_files_that_overlap_double_nothing(books: Books, tmp_path: Path, sheet: Sheet) -> None:
    """Also where entries have no number of their own."""
    whole = len(sheet.rows)
    first = take_one(books, written(tmp_path / "1.csv", sheet, sheet.rows[:20]))
    second = take_one(books, written(tmp_path / "2.csv", sheet, sheet.rows[10:]))
    third = take_one(books, written(tmp_path / "3.csv", sheet))
    assert counts(first) == (20, 20, 0, 0, 0)
    assert counts(second) == (whole - 10, whole - 20, 0, 10, 0)
    assert counts(third) == (whole, 0, 0, whole, 0)
    assert moved(books) == (whole, sum(row["minor"] for row in sheet.meant or ()))
    assert questions(books) == []


def test_an_amount_that_changed_is_asked_about_and_never_overwritten(books: Books, tmp_path: Path) -> None:
    take(books, EXPORTS / ALIPAY.path)
    rows = [dict(row) for row in ALIPAY.rows]
    known = rows[0]["收入金额（+元）"]
    rows[0]["收入金额（+元）"] = "1.00"
    file = take_one(books, written(tmp_path / "x.csv", ALIPAY, rows))
    assert counts(file) == (ENTRIES, 0, 1, ENTRIES - 1, 0)
    assert questions(books) == [(f"alipay.fund/{rows[0]['账务流水号']}", "minor", known, "1.00")]
    assert moved(books) == WHOLE
    take(books, written(tmp_path / "y.csv", ALIPAY, rows[:3]))
    assert len(questions(books)) == 1


def test_a_fee_that_changed_is_asked_about(sqlite_books: Books, tmp_path: Path) -> None:
    sheet = SHEETS["alipay/trade.csv"]
    take(sqlite_books, EXPORTS / sheet.path)
    rows = [dict(row) for row in sheet.rows[:1]]
    known, rows[0]["服务费（元）"] = rows[0]["服务费（元）"], "-9.99"
    take(sqlite_books, written(tmp_path / "x.csv", sheet, rows))
    assert [(field, was, found) for _subject, field, was, found in questions(sqlite_books)] == [("fee", known, "-9.99")]


def test_what_becomes_known_later_is_taken(books: Books, tmp_path: Path) -> None:
    """JD pays a fee days after it was billed."""
    billed = [{**row, "到账时间": "", "资金动账备注": ""} for row in JD.rows]
    take(books, written(tmp_path / "1.csv", JD, billed))
    before = books.rows("SELECT number FROM bills ORDER BY number")
    assert books.value("SELECT COUNT(*) FROM bills WHERE remark <> ''") == 0
    file = take_one(books, written(tmp_path / "2.csv", JD))
    assert counts(file) == (len(billed), 0, len(billed), 0, 0)
    assert books.rows("SELECT number FROM bills ORDER BY number") == before
    assert books.value("SELECT COUNT(*) FROM bills WHERE remark <> ''") == len(billed)
    take(books, written(tmp_path / "3.csv", JD, billed[:5]))
    assert books.value("SELECT COUNT(*) FROM bills WHERE remark <> ''") == len(billed)


def test_a_shop_that_is_named_once_and_once_not_doubles_nothing(sqlite_books: Books, tmp_path: Path) -> None:
    take(sqlite_books, written(tmp_path / "1.csv", PDD))
    file = take_one(sqlite_books, written(tmp_path / "2.csv", PDD, PDD.rows[:9]), shop_name="青禾一店")
    assert counts(file) == (9, 0, 9, 0, 0)
    named = sqlite_books.value("SELECT COUNT(*) FROM bills WHERE shop = '青禾一店'")
    assert (named, moved(sqlite_books)[0]) == (9, len(PDD.rows))
    again = take_one(sqlite_books, written(tmp_path / "3.csv", PDD, PDD.rows[:8]))
    assert counts(again) == (8, 0, 0, 8, 0)


def test_two_shops_keep_entries_of_the_same_number_apart(sqlite_books: Books, tmp_path: Path) -> None:
    path = written(tmp_path / "1.csv", PDD)
    take(sqlite_books, path, shop_name="青禾一店")
    file = take_one(sqlite_books, path, shop_name="青禾二店")
    assert file.added == len(PDD.rows)
    assert moved(sqlite_books)[0] == 2 * len(PDD.rows)


def test_two_entries_of_one_number_are_both_refused(sqlite_books: Books, tmp_path: Path) -> None:
    rows = [dict(row) for row in ALIPAY.rows[:3]]
    rows[2]["账务流水号"] = rows[0]["账务流水号"]
    assert rows[2]["商户订单号"] != rows[0]["商户订单号"]
    file = take_one(sqlite_books, written(tmp_path / "x.csv", ALIPAY, rows))
    assert counts(file) == (3, 1, 0, 0, 2)
    assert {fault.problem for fault in file.faults} == {
        "the same line stands twice in the file, with different content"
    }


def test_one_entry_that_stands_twice_is_one(sqlite_books: Books, tmp_path: Path) -> None:
    file = take_one(sqlite_books, written(tmp_path / "x.csv", ALIPAY, [ALIPAY.rows[0], *ALIPAY.rows[:2]]))
    assert counts(file) == (3, 2, 0, 1, 0)


def test_entries_of_one_order_and_refund_do_not_hide_each_other(sqlite_books: Books) -> None:
    """A refund and the fee that comes back with it carry the same numbers."""
    take(sqlite_books, EXPORTS / "douyin" / "fund.39.csv")
    shared = sqlite_books.rows(
        "SELECT order_number FROM bills WHERE refund_number <> '' GROUP BY order_number, refund_number"
        " HAVING COUNT(*) > 1"
    )
    assert len(shared) == 4


def test_a_statement_that_is_not_complete_leaves_nothing(sqlite_books: Books, tmp_path: Path) -> None:
    text = (EXPORTS / ALIPAY.path).read_text("gb18030").splitlines(keepends=True)
    path = tmp_path / "x.csv"
    path.write_text("".join([*text[:9], *text[10:]]), encoding="gb18030", newline="")
    file = take_one(sqlite_books, path)
    assert (file.state, file.hint) == ("refused", "Download it again")
    assert "it is not complete" in file.problem
    assert sqlite_books.value("SELECT COUNT(*) FROM bills") == 0
    assert sqlite_books.value("SELECT COUNT(*) FROM imports") == 0


def test_a_trial_changes_nothing(sqlite_books: Books) -> None:
    file = take_one(sqlite_books, EXPORTS / ALIPAY.path, dry_run=True)
    assert counts(file) == (ENTRIES, ENTRIES, 0, 0, 0)
    assert sqlite_books.value("SELECT COUNT(*) FROM bills") == 0


def test_a_statement_is_listed_by_its_name(sqlite_books: Books) -> None:
    from retcli.words import word

    take(sqlite_books, EXPORTS / ALIPAY.path)
    (listed,) = sqlite_books.do(intake.list_imports).imports
    assert (word(listed["holds"]), listed["format"]) == ("statement", "alipay.fund")
