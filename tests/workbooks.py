"""A month's workbook for tests, read by sheet and column; every column of money in it is its sum of the books."""

from typing import Any

from retcli.actions.insight.month import reconciliation as reconciling
from retcli.actions.insight.month import sums
from retcli.rules.periods import Period
from retcli.sheets import reconciliation
from retcli.sheets.writer import Sheet
from retcli.transaction import opened
from tests.shopfloor import Books

MONTH = "2026-11"


def workbook(books: Books, month: str = MONTH) -> dict[str, Sheet]:
    """The month's sheets by name."""
    with opened(books.asked(), writes=False) as shop:
        sheets = reconciliation.sheets(reconciling.month_of_books(shop, month))
        sums.hold_equal(shop, Period.month(month), sheets[1:])
    return {sheet.name: sheet for sheet in sheets}


def cells(sheet: Sheet, *titles: str) -> list[tuple[Any, ...]]:
    """Some columns of a sheet, row by row."""
    places = [[column.title for column in sheet.columns].index(title) for title in titles]
    return [tuple(row[place] for place in places) for row in sheet.rows]


def differences(sheets: dict[str, Sheet]) -> list[tuple[Any, ...]]:
    """The first word of each class of difference, our side, the platform's, what they differ by."""
    rows = cells(sheets["Differences"], "Class", "Decided by us", "Platform refunded", "Difference")
    return [(str(row[0]).split()[0], *row[1:]) for row in rows]


def difference_cells(books: Books, month: str, *titles: str) -> list[tuple[Any, ...]]:
    """Some columns of the sheet of a month's differences, row by row."""
    return cells(workbook(books, month)["Differences"], *titles)
