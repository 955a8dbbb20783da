"""Every column of money of every sheet against one sum of the books, in several currencies at once."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.cases import decisions
from retcli.actions.insight import exports, reason_study
from retcli.actions.insight.month import reconciliation as reconciling
from retcli.actions.insight.month import sums
from retcli.actions.money import payout_steps, payouts
from retcli.errors import RetcliError
from retcli.models import Case
from retcli.rules.lifecycles import Kind
from retcli.rules.money.minor_units import Money
from retcli.rules.periods import Period
from retcli.sheets import reasons, reconciliation
from retcli.sheets.writer import Column, Sheet
from retcli.transaction import opened
from tests.reports import CLOSED, OPENED, REQUESTED, SUCCEEDED, Folder, asked_back, sold, take, unsent
from tests.shopfloor import AGENT, Books, shanghai

MONTH = "2026-11"
REPORTED = shanghai("2026-11-20 10:00")
DIGITS = {"CNY": 100, "USD": 100, "JPY": 1, "KWD": 1000}


def case_on(books: Books, order: str, kind: Kind = Kind.REFUND_ONLY, **options: Any) -> str:
    """A case that was opened and agreed to."""
    number = books.do(decisions.open_case, order, kind=kind, reason="Q_FUNC", **options).number
    books.do(decisions.approve, number, waive=["goods_back"] if kind == Kind.RETURN else [], because="waived")
    return number


def on_platform(books: Books, case: str) -> str:
    """The case has a number on its platform, which so pays its refund by the original route."""
    with opened(books.asked()) as shop:
        shop.session.scalars(sa.select(Case).where(col(Case.number) == case)).one().platform_number = f"T{case[2:]}"
    return case


def confirmed(books: Books, payout: Any) -> Any:
    """A payout whose money arrived."""
    return books.do(payout_steps.step, payout.number, "confirm")


def refunded_there(books: Books, case: str, minor: int, at: datetime = REPORTED) -> None:
    """What the platform reports: it refunded this much."""
    with opened(books.asked()) as shop:
        row = shop.session.scalars(sa.select(Case).where(col(Case.number) == case)).one()
        row.platform_number, row.platform_amount, row.platform_succeeded_at = f"T{case[2:]}", minor, at


def november(books: Books) -> None:
    """In each currency, each time for 900 of the smallest unit more: a refund that agrees, one that the platform paid
    alone, one only due, a price cut, a coupon.
    """
    for place, currency in enumerate(DIGITS):
        whole = 9000 + 900 * place
        orders = [
            books.order(f"28500000000{place}{n}", ("SHIRT", 1, whole), currency=currency, shop="north")
            for n in range(5)
        ]
        agreed = on_platform(books, case_on(books, orders[0]))
        confirmed(books, books.do(payouts.refund, agreed))
        refunded_there(books, agreed, whole, books.at)
        refunded_there(books, case_on(books, orders[1]), 1000 + place)
        books.do(payouts.refund, case_on(books, orders[2]))
        cut = case_on(books, orders[3], Kind.ALLOWANCE, amount=500 + place)
        confirmed(books, books.do(payouts.refund, cut))
        given = case_on(books, orders[4])
        confirmed(books, books.do(payouts.compensate, given, coupon=200 + place))
        books.do(payouts.compensate, given, points=5)


def tables(books: Books) -> list[Sheet]:
    """The sheets of the month's workbook without the notes."""
    with opened(books.asked(), writes=False) as shop:
        return reconciliation.sheets(reconciling.month_of_books(shop, MONTH))[1:]


def reason_tables(books: Books) -> list[Sheet]:
    """The sheets of the reason analysis of the month without the notes."""
    with opened(books.asked(), writes=False) as shop:
        return reasons.sheets(reason_study.study_of(shop, date(2026, 11, 1), date(2026, 11, 30)))[1:]


def by_name(sheets: list[Sheet]) -> dict[str, Sheet]:
    return {sheet.name: sheet for sheet in sheets}


def test_every_column_of_money_names_its_sum_of_the_books(sqlite_books: Books) -> None:
    """A new column without one fails here, and at every export."""
    for sheet in (*tables(sqlite_books), *reason_tables(sqlite_books)):
        for column in sheet.columns:
            assert (column.equals in sums.BOOK_SUMS) == (column.kind == "money"), (sheet.name, column.title)


def test_every_column_of_money_is_its_sum_of_the_books(books: Books) -> None:
    november(books)
    sheets = [*tables(books), *reason_tables(books)]
    with opened(books.asked(), writes=False) as shop:
        period = Period.month(MONTH)
        for sheet in sheets:
            columns = {column.title: column for column in sheet.columns}
            for title, by_currency in sheet.money().items():
                known, only = sums.summed(shop, columns[title].equals, period), columns[title].currency
                known = {currency: minor for currency, minor in known.items() if only in {"", currency}}
                assert {k: v for k, v in by_currency.items() if v} == known, (sheet.name, title)
        sums.hold_equal(shop, period, sheets)
    books.check()


def test_a_month_of_four_currencies_by_hand(books: Books, tmp_path: Path) -> None:
    november(books)
    sheets = by_name(tables(books))
    money = {name: sheet.money() for name, sheet in sheets.items()}
    for place, currency in enumerate(DIGITS):
        whole, alone, cut, coupon = 9000 + 900 * place, 1000 + place, 500 + place, 200 + place
        left = whole + cut + coupon
        assert money["Details"]["In all"][currency] == money["Summary"]["Amount"][currency] == left, (
            "what is due did not leave"
        )
        assert money["Details"]["Goods refunded"][currency] == whole
        assert money["Details"]["Compensation paid"][currency] == cut + coupon, "a price cut is compensation"
        assert money["Compensation"]["Amount"][currency] == cut + coupon
        assert money["Details"]["Platform refunded"][currency] == whole + alone
        assert money["Differences"]["Platform refunded"][currency] == whole + alone
        assert money["Details"]["Difference"][currency] == money["Differences"]["Difference"][currency] == -alone
    view = books.do(exports.reconciliation, MONTH, tmp_path)
    paid = view.document()["totals"]["paid"]
    assert [amount["currency"] for amount in paid] == ["CNY", "JPY", "KWD", "USD"]
    assert paid[1] == {"currency": "JPY", "minor": 10800 + 502 + 202, "text": "11504"}
    page: Any = openpyxl.load_workbook(view.file)["Details"]
    titles = [cell.value for cell in page[1]]
    total = {
        row[0].value: row[titles.index("In all")]
        for row in page.iter_rows(min_row=2)
        if str(row[0].value).startswith("Total")
    }
    assert total["Total"].value is None, "nothing adds two currencies"
    assert (total["Total CNY"].value, total["Total JPY"].value) == (97.0, 11504)
    assert float(total["Total KWD"].value) == 12.406
    assert (total["Total JPY"].number_format, total["Total KWD"].number_format) == (
        "#,##0;[Red]-#,##0",
        "#,##0.000;[Red]-#,##0.000",
    )
    blocks = [
        row[0].value
        for row in openpyxl.load_workbook(view.file)["Notes"].iter_rows()
        if str(row[0].value).startswith("Totals")
    ]
    assert blocks == ["Totals CNY", "Totals JPY", "Totals KWD", "Totals USD"]


def test_reasons_have_a_column_of_each_currency(books: Books) -> None:
    """6.43 MYR and 1.28 SGD are no 7.71 of anything; a price cut is compensation."""
    november(books)
    sheet = by_name(reason_tables(books))["Shares of reasons"]
    money = sheet.money()
    for place, currency in enumerate(DIGITS):
        assert money[f"Refunded {currency}"] == {currency: 9000 + 900 * place}
        assert money[f"Compensation {currency}"] == {currency: 500 + place + 200 + place}
    assert "Refunded" not in money


def test_part_months_are_called_by_their_days(sqlite_books: Books) -> None:
    november(sqlite_books)
    with opened(sqlite_books.asked(), writes=False) as shop:
        study = reason_study.study_of(shop, date(2026, 10, 15), date(2026, 11, 30))
    for sheet in reasons.sheets(study):
        if sheet.name in {"Trend", "Refund rates"}:
            assert [row[0] for row in sheet.rows] == ["2026-10 (15–31 only)", "2026-11"]
            assert sheet.charts[0].hollow == (0, 1), "days of both are missing, and neither is thirty days old"


def test_a_sheet_that_differs_from_the_books_is_not_written(sqlite_books: Books) -> None:
    november(sqlite_books)
    with opened(sqlite_books.asked(), writes=False) as shop:
        wrong = Sheet("Sheet", (Column("In all", "money", equals="paid"),), [[Money(1, "CNY")]])
        with pytest.raises(RetcliError, match="does not add up"):
            sums.hold_equal(shop, Period.month(MONTH), [wrong])


def test_a_refund_stands_in_one_class_with_its_missing_goods_beside_it(books: Books) -> None:
    """The platform refunded a return of which nothing came back: one row, not one of D2 and one of D9."""
    order = books.order("28500000000", ("SHIRT", 1, 9000))
    case = on_platform(books, case_on(books, order, Kind.RETURN))
    confirmed(books, books.do(payouts.refund, case, amount=4000, waive=["goods_first"], because="old customer"))
    refunded_there(books, case, 9000)
    (row,) = by_name(tables(books))["Differences"].rows
    gap = dict(zip((column.title for column in by_name(tables(books))["Differences"].columns), row, strict=True))
    assert str(gap["Class"]).startswith("D3")
    assert (gap["Difference"], gap["Pieces not in"], gap["Paid for them"]) == (
        Money(-5000, "CNY"),
        1,
        Money(4000, "CNY"),
    )


def test_what_was_agreed_here_and_paid_the_same_there_is_matched(books: Books, folder: Folder) -> None:
    """Whether somebody typed `pay refund` or not; what the platform paid for nobody here is not."""
    bought, other = sold("2850000000000000511", ("TS-L", 1, 19800)), sold("2850000000000000522", ("TS-L", 1, 9900))
    wish, alone = asked_back("31", bought, 19800, kind="仅退款", status=REQUESTED), asked_back("32", other, 9900)
    books.at = OPENED
    take(books, *folder.both(bought, other), folder.refunds(wish))
    books.at = shanghai("2026-11-07 12:00")
    books.do(decisions.approve, "31", waive=["goods_back", "evidence"], because="waived")
    books.at = shanghai("2026-11-09 12:00")
    paid = replace(wish, status=SUCCEEDED, finished_at=shanghai("2026-11-08 10:00").replace(tzinfo=None))
    take(books, folder.refunds(paid, alone))
    differences = by_name(tables(books))["Differences"]
    titles = [column.title for column in differences.columns]
    rows = [dict(zip(titles, row, strict=True)) for row in differences.rows]
    assert [(str(row["Class"]).split()[0], row["Difference"]) for row in rows] == [
        ("D2", Money(-9900, "CNY")),
        ("matched", Money(0, "CNY")),
    ]


@pytest.mark.parametrize(("agreed", "paid", "gap"), [(7900, 7300, 600), (6376, 7376, -1000)])
def test_what_was_agreed_stands_on_our_side_whatever_the_platform_paid(
    books: Books, folder: Folder, agreed: int, paid: int, gap: int
) -> None:
    """The difference is what was agreed to less what was paid, below it as well as above."""
    bought = sold("2850000000000000511", ("TS-L", 1, 19800))
    wish = asked_back("31", bought, agreed, kind="仅退款", status=REQUESTED)
    take(books, *folder.both(bought), folder.refunds(wish))
    books.at = shanghai("2026-11-07 12:00")
    books.do(decisions.approve, "31", waive=["goods_back", "evidence"], because="waived")
    books.at = shanghai("2026-11-09 12:00")
    there = shanghai("2026-11-08 10:00").replace(tzinfo=None)
    take(books, folder.refunds(replace(wish, amount=paid, status=SUCCEEDED, finished_at=there)))
    assert our_side(books) == [("D3", Money(agreed, "CNY"), Money(paid, "CNY"), Money(gap, "CNY"))]
    books.check()


def our_side(books: Books) -> list[tuple[Any, ...]]:
    """Class, our side, the platform's and the difference of each refund; every column is its sum of the books."""
    sheets = tables(books)
    with opened(books.asked(), writes=False) as shop:
        sums.hold_equal(shop, Period.month(MONTH), sheets)
    differences = by_name(sheets)["Differences"]
    titles = [column.title for column in differences.columns]
    rows = [dict(zip(titles, row, strict=True)) for row in differences.rows]
    names = ("Decided by us", "Platform refunded", "Difference")
    return [(str(row["Class"]).split()[0], *(row[name] for name in names)) for row in rows]


def test_what_waited_for_a_second_person_was_not_let_go_here(books: Books, folder: Folder) -> None:
    """An agent agreed to more than their limit; the platform paid it by itself: nobody with the leave had."""
    books.at = OPENED
    books.hire()
    bought = unsent(sold("2850000000000000511", ("TS-L", 1, 19800)))
    wish = asked_back("31", bought, 19800, kind="仅退款", status=REQUESTED, goods="买家未收到货")
    take(books, *folder.both(bought), folder.refunds(wish))
    books.at = shanghai("2026-11-07 12:00")
    books.do(decisions.approve, "31", by=AGENT)
    assert books.rows("SELECT state FROM payouts") == [("waiting",)]
    books.at = shanghai("2026-11-09 12:00")
    there = shanghai("2026-11-08 10:00").replace(tzinfo=None)
    take(books, folder.refunds(replace(wish, status=SUCCEEDED, finished_at=there)))
    assert our_side(books) == [("D2", None, Money(19800, "CNY"), Money(-19800, "CNY"))]


def test_what_succeeded_and_was_closed_has_one_word(books: Books, folder: Folder) -> None:
    bought = sold("2850000000000000511", ("TS-L", 2, 19800))
    asked = asked_back("31", bought, 19800, status=SUCCEEDED)
    take(books, *folder.both(bought), folder.refunds(asked))
    take(books, folder.refunds(replace(asked, status=CLOSED)))
    sheets = by_name(tables(books))
    words = {}
    for name, title in (("Details", "Matching"), ("Differences", "Class")):
        place = [column.title for column in sheets[name].columns].index(title)
        words[name] = [row[place] for row in sheets[name].rows]
    assert words["Details"] == words["Differences"]
    assert str(words["Details"][0]).startswith("D7")
