"""Every sheet of every workbook is printed in letters that can be read, and no column that is to be on paper is cut."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from retcli import language
from retcli.actions.cases import decisions
from retcli.actions.insight import reason_study
from retcli.actions.insight.month import reconciliation as reconciling
from retcli.actions.money import payouts
from retcli.rules.lifecycles import Kind
from retcli.rules.money.minor_units import Money
from retcli.sheets import faults, reasons, reconciliation, writer
from retcli.sheets.writer import Sheet
from retcli.transaction import opened
from tests.sheets.test_sums import november
from tests.shopfloor import Books

READABLE = 0.65
MM_A_CHARACTER = 7 * 25.4 / 96
"""The usual letters are seven pixels broad."""
PAGES = {"portrait": 210.0, "landscape": 297.0}
LONG = "9" * 19


def scale(page: Worksheet) -> float:
    """How large a sheet is printed: so that its printed columns fit between the margins of so many pages."""
    widths = {
        place: float(each.width)
        for each in page.column_dimensions.values()
        for place in range(each.min or 0, (each.max or 0) + 1)
    }
    broad = sum(widths.get(place, 8.43) for place in range(1, printed(page) + 1)) * MM_A_CHARACTER
    margins = (page.page_margins.left + page.page_margins.right) * 25.4
    room = (PAGES[str(page.page_setup.orientation)] - margins) * int(page.page_setup.fitToWidth or 1)
    return min(room / broad, 1.0)


def printed(page: Worksheet) -> int:
    """The last column that is printed."""
    last = str(page.print_area).split(":")[1].replace("$", "")
    return column_index_from_string("".join(ch for ch in last if ch.isalpha()))


def grown(sheet: Sheet) -> Sheet:
    """The sheet as a large shop has it: an order of 19 digits, 90,000.00 in each column of money, short words."""
    cells: dict[str, Any] = {"id": "RC20261105-0001", "money": Money(1000000, "CNY"), "count": 999, "text": "审核"}
    row = [cells.get(column.kind, "") if column.currency in {"", "CNY"} else "" for column in sheet.columns]
    orders = {"平台订单号", "Platform order no."}
    row = [LONG if column.title in orders else cell for column, cell in zip(sheet.columns, row, strict=True)]
    return Sheet(**(vars(sheet) | {"rows": [*sheet.rows, *[row] * 9]}))


def tables(books: Books, currencies: bool) -> list[Sheet]:
    """All sheets of all workbooks: of a month and of reasons, in one currency or in four; rows that were refused."""
    if currencies:
        november(books)
    else:
        case = books.do(decisions.open_case, books.order(LONG, ("SHIRT", 1, 9000)), kind=Kind.ALLOWANCE,
                        reason="Q_FUNC", amount=500).number  # fmt: skip
        books.do(decisions.approve, case)
        books.do(payouts.refund, case)
    with opened(books.asked(), writes=False) as shop:
        month = reconciliation.sheets(reconciling.month_of_books(shop, "2026-11"))
        study = reasons.sheets(reason_study.study_of(shop, date(2026, 11, 1), date(2026, 11, 30)))
    refused = faults.sheet([f"列{n}" for n in range(60)], [(["张三丰的一件衣服"] * 60, 7, "金额不是数字")])
    return [*month, *study, refused]


def pages(books: Books, folder: Path, currencies: bool, *, large: bool) -> list[tuple[Sheet, Worksheet]]:
    """Each sheet with its page as it was written; the notes are as they are."""
    sheets = [sheet if not sheet.detail or not large else grown(sheet) for sheet in tables(books, currencies)]
    names = [f"{place} {sheet.name}"[:31] for place, sheet in enumerate(sheets)]
    renamed = [Sheet(**(vars(sheet) | {"name": name})) for sheet, name in zip(sheets, names, strict=True)]
    book = openpyxl.load_workbook(writer.write(folder / "all.xlsx", renamed))
    return [(sheet, book[name]) for sheet, name in zip(sheets, names, strict=True)]


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
@pytest.mark.parametrize("currencies", [False, True], ids=["yuan", "four currencies"])
def test_every_sheet_is_printed_in_readable_letters(
    sqlite_books: Books, tmp_path: Path, lang: str, currencies: bool
) -> None:
    with language.speaking(lang):
        told = pages(sqlite_books, tmp_path, currencies, large=True)
    small = {sheet.name: round(scale(page), 3) for sheet, page in told if scale(page) < READABLE}
    assert not small
    for sheet, page in told:
        assert page.page_setup.fitToHeight == 0
        beside = range(printed(page) + 1, len(sheet.columns) + 1)
        assert all(outlined(page, place) for place in beside), "what is not printed folds away"


def outlined(page: Worksheet, place: int) -> bool:
    """Whether a column folds away."""
    spans = ((each.min or 0, each.max or 0, each.outlineLevel) for each in page.column_dimensions.values())
    return any(first <= place <= last and level for first, last, level in spans)


def test_all_columns_that_are_to_be_on_paper_are(sqlite_books: Books, tmp_path: Path) -> None:
    """A new column that makes a sheet too broad is red here: it stands beside the printed ones, or others give way."""
    with language.speaking("zh_CN"):
        told = pages(sqlite_books, tmp_path, False, large=True)
    cut = {
        sheet.name: [column.title for column in sheet.columns[printed(page) : sheet.printed or len(sheet.columns)]]
        for sheet, page in told
    }
    assert not {name: titles for name, titles in cut.items() if titles}


def test_what_is_wider_than_a_page_is_cut_by_whole_columns(tmp_path: Path) -> None:
    """Six columns of 60 characters: three are printed (180 of 229), the fourth to sixth fold away."""
    columns = tuple(writer.Column(f"{place}", width=60) for place in range(6))
    sheet = Sheet("S", columns, [["x"] * 6], detail=True)
    page = openpyxl.load_workbook(writer.write(tmp_path / "wide.xlsx", [sheet]))["S"]
    assert printed(page) == 3
    assert [outlined(page, place) for place in range(1, 7)] == [False] * 3 + [True] * 3
    assert get_column_letter(printed(page)) == "C"
