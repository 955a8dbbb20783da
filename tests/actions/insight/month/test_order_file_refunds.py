"""What went back on the platform itself and stands in no refund here: lines of their own in a month's workbook."""

from pathlib import Path
from typing import Any

import pytest

from retcli.actions.cases import case_cards, decisions
from retcli.actions.insight import freshness
from retcli.actions.insight.month import order_file_refunds
from retcli.actions.money import payout_steps, payouts
from retcli.errors import Overdrawn
from retcli.language import speaking
from retcli.rules.lifecycles import Kind
from retcli.rules.money.minor_units import Money
from retcli.rules.periods import Period
from retcli.sheets.order_files import by_order_files
from retcli.sheets.writer import Sheet
from retcli.transaction import opened
from tests.database.test_schema import attempt
from tests.reports import take_one
from tests.shopfloor import FIXTURES, Books, shanghai
from tests.workbooks import cells, workbook

MONTH, PERIOD = "2026-11", Period.month("2026-11")
HEAD = (FIXTURES / "exports" / "shopify" / "orders.csv").read_text(encoding="utf-8").partition("\n")[0]


def exported(path: Path, *orders: dict[str, str]) -> Path:
    """A Shopify order export of orders of one line."""
    names = HEAD.split(",")
    known = {
        "Financial Status": "partially_refunded", "Fulfillment Status": "fulfilled", "Shipping": "0.00",
        "Lineitem quantity": "1", "Lineitem name": "Tee", "Lineitem sku": "TEE", "Currency": "USD",
        "Paid at": "2026-11-02 10:00:00 +0800", "Created at": "2026-11-02 09:59:00 +0800",
    }  # fmt: skip
    rows = [known | {"Lineitem price": order["Total"]} | order for order in orders]
    lines = [HEAD, *(",".join(row.get(name, "") for name in names) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def sent(books: Books, order: str, amount: int) -> None:
    """A refund of ours that left."""
    case = books.do(decisions.open_case, order, kind=Kind.ALLOWANCE, reason="Q_FUNC", amount=amount).number
    books.do(decisions.approve, case)
    payout = books.do(payouts.refund, case)
    books.do(payout_steps.step, payout.number, "confirm")


def orders_of(sheets: dict[str, Sheet]) -> list[tuple[Any, ...]]:
    """Order, what went back there, what of it is refunded here, and the rest."""
    names = ("Platform order no.", "Went back there", "Of it refunded here", "Only there")
    return cells(sheets["By order files"], *names)


def test_when_the_buyer_paid_is_no_time_of_a_payout() -> None:
    """The column holds the order's own time of payment, in the word of Taobao's order report."""
    with speaking("zh_CN"):
        titles = [column.title for column in by_order_files([]).columns]
    assert "付款时间" in titles
    assert "打款时间" not in titles


def noted(sheets: dict[str, Sheet]) -> list[tuple[Any, ...]]:
    """The lines of the notes about it: count and money of each currency."""
    return [tuple(row[1:3]) for row in sheets["Notes"].rows if str(row[0]).startswith("Refunded there")]


def test_a_refund_made_on_shopify_itself_stands_in_the_month(books: Books, tmp_path: Path) -> None:
    """55.00 of which 40.00 went back; 60.00 of which 20.00, our own; 5,000 yen of which 3,000, 1,000 our own; 30.00 of
    which nothing; and 10.00 of an order of October: 40.00 USD and 2,000 JPY stand in November nowhere else.
    """
    facts = [
        {"Name": "#glow1", "Total": "55.00", "Refunded Amount": "40.00"},
        {"Name": "#glow2", "Total": "60.00", "Refunded Amount": "0.00"},
        {"Name": "#glow3", "Total": "5000", "Refunded Amount": "0", "Currency": "JPY"},
        {"Name": "#glow4", "Total": "30.00", "Refunded Amount": "0.00"},
        {"Name": "#glow5", "Total": "30.00", "Refunded Amount": "10.00", "Paid at": "2026-10-31 10:00:00 +0800"},
    ]
    take_one(books, exported(tmp_path / "orders.csv", *facts))
    sent(books, "#glow2", 2000)
    sent(books, "#glow3", 1000)
    facts[1]["Refunded Amount"], facts[2]["Refunded Amount"] = "20.00", "3000"
    assert take_one(books, exported(tmp_path / "again.csv", *facts)).exit_code == 0
    sheets = workbook(books, MONTH)
    assert orders_of(sheets) == [
        ("#glow3", Money(3000, "JPY"), Money(1000, "JPY"), Money(2000, "JPY")),
        ("#glow1", Money(4000, "USD"), Money(0, "USD"), Money(4000, "USD")),
    ]
    assert noted(sheets) == [(1, Money(2000, "JPY")), (1, Money(4000, "USD"))]
    paid = [tuple(row[1:3]) for row in sheets["Notes"].rows if row[0] == "Paid by us"]
    assert paid == [(1, Money(1000, "JPY")), (1, Money(2000, "USD"))], "together with them all that went back"


def test_a_transfer_beside_the_platform_does_not_explain_its_file(books: Books) -> None:
    """Taobao's file says that 50.00 of 100.00 went back; our transfer of 30.00 is no part of it."""
    books.order("2850000000000000011", ("A", 1, 10000), signed_at=shanghai("2026-11-06 12:00"))
    sent(books, "2850000000000000011", 3000)
    attempt(books, "UPDATE orders SET refunded_there = 5000")
    assert orders_of(workbook(books, MONTH)) == [
        ("2850000000000000011", Money(5000, "CNY"), Money(0, "CNY"), Money(5000, "CNY"))
    ]


def test_what_lines_say_counts_where_it_is_more(books: Books) -> None:
    """The head says 10.00, its two lines 6.00 and 7.00: 13.00 went back."""
    books.order("2850000000000000011", ("A", 1, 5000), ("B", 1, 5000))
    attempt(books, "UPDATE orders SET refunded_there = 1000")
    attempt(books, "UPDATE order_lines SET refunded_there = CASE sku WHEN 'A' THEN 600 ELSE 700 END")
    assert orders_of(workbook(books, MONTH))[0][3] == Money(1300, "CNY")
    with opened(books.asked(), writes=False) as shop:
        (order,) = order_file_refunds.refunded_beyond_books(shop, PERIOD)
    assert (order.alone, order.reported) == (Money(1300, "CNY"), True)


def case_of(books: Books, number: str, **options: Any) -> dict[str, Any]:
    """The case that is opened on an order."""
    known: dict[str, Any] = {"kind": Kind.REFUND_ONLY, "reason": "Q_FUNC"}
    return dict(books.do(decisions.open_case, number, **(known | options)).document()["case"])


def explained(books: Books, case: str) -> tuple[str, str, list[int]]:
    """The answer and the sentence about the money, and the steps of the amount in minor units."""
    shown = books.do(case_cards.explain, case).document()
    (money,) = [finding for finding in shown["findings"] if finding["rule"] == "money"]
    return money["answer"], money["text"], [step["money"]["minor"] for step in shown["amount"]["steps"]]


def test_a_case_agreed_to_beside_it_still_says_how_its_amount_came_about(books: Books, tmp_path: Path) -> None:
    """40.00 of 55.00 went back there, 15.00 was agreed to here: the explanation names both, before and after."""
    take_one(books, exported(tmp_path / "o.csv", {"Name": "#glow1", "Total": "55.00", "Refunded Amount": "40.00"}))
    case = case_of(books, "#glow1")["number"]
    before = explained(books, case)
    books.do(decisions.approve, case, waive=["quality", "evidence"], because="told")
    assert explained(books, case) == before
    assert before[1].startswith("By the platform's order file 40.00 USD went back already")
    assert -4000 in before[2]
    assert before[2][-1] == 1500


def test_what_went_back_there_may_be_what_was_agreed_to_here(books: Books, tmp_path: Path) -> None:
    """40.00 of 55.00 was agreed to here, then the platform's file says that 40.00 went back: a person looks."""
    sold = {"Name": "#glow1", "Total": "55.00", "Refunded Amount": "0.00"}
    take_one(books, exported(tmp_path / "o.csv", sold))
    case = case_of(books, "#glow1")["number"]
    books.do(decisions.approve, case, amount=4000, waive=["quality", "evidence"], because="told")
    take_one(books, exported(tmp_path / "p.csv", sold | {"Refunded Amount": "40.00"}))
    answer, text, steps = explained(books, case)
    assert (answer, steps[-1], -4000 in steps) == ("person", 4000, False)
    assert "look whether it is the very refund agreed to here" in text
    with pytest.raises(Overdrawn) as refused:
        books.do(payouts.refund, case)
    assert "refund report" not in str(refused.value.hint).replace("has no refund report", "")


def test_nobody_is_sent_for_a_report_that_the_platform_does_not_have(sqlite_books: Books, tmp_path: Path) -> None:
    """Shopify has orders only: none of it is to be downloaded beside them."""
    books = sqlite_books
    closed = {"Name": "#glow1", "Total": "55.00", "Financial Status": "voided", "Refunded Amount": "0.00"}
    take_one(books, exported(tmp_path / "o.csv", closed))
    with opened(books.asked(), writes=False) as shop:
        assert [report.holds for report in freshness.reports(shop)] == ["sales"]
    answer, text, _steps = explained(books, case_of(books, "#glow1")["number"])
    assert (answer, "import the refund report" in text, "export its orders again" in text) == ("person", False, True)
