"""No look-up reads the orders at rest one after the other: what each asks of SQLite goes through an index."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from retcli.actions.cases import case_cards, decisions, offers, platform_list, queue
from retcli.actions.cases.disputes import register
from retcli.actions.insight import doctor, exports, speeds, today
from retcli.actions.money import payout_steps, payouts
from retcli.actions.shop import orders, policies, reasons
from retcli.actions.warehouse import inspection, parcel_candidates, parcels, stalled_parcels
from retcli.actions.warehouse.bench import scanning
from retcli.actions.warehouse.bench.benches import Bench
from retcli.database import engine
from retcli.rules.lifecycles import Kind
from retcli.shop import Shop
from retcli.views.base import View
from tests.actions.warehouse.test_stalled_parcels import movements
from tests.reports import Folder
from tests.shopfloor import MANAGER, NOON, WAREHOUSE, Books

NUMBER, OTHER, BACK = "2850000000000000071", "2850000000000000072", "YT5260493176849"
PAYMENT = "2026110122001400000000000071"
DAY = NOON.date()
LOOKS: dict[str, Callable[[Shop, Path], View]] = {
    "today": lambda shop, _to: today.today(shop),
    "case list": lambda shop, _to: queue.list_cases(shop),
    "case show": lambda shop, _to: case_cards.show(shop, NUMBER),
    "case show (number)": lambda shop, _to: case_cards.show(shop, "RC20261109-0001"),
    "case show (waybill back)": lambda shop, _to: case_cards.show(shop, BACK),
    "case explain": lambda shop, _to: case_cards.explain(shop, NUMBER),
    "case advise": lambda shop, _to: offers.advise(shop, OTHER),
    "case register": lambda shop, _to: register.listed(shop),
    "case review": lambda shop, _to: queue.waiting(shop),
    "platform todo": lambda shop, _to: platform_list.todo(shop),
    "policy history": lambda shop, _to: policies.history(shop),
    "policy waivers": lambda shop, _to: policies.waivers(shop),
    "reason list": lambda shop, _to: reasons.list_reasons(shop),
    "report speed": lambda shop, _to: speeds.speeds(shop, DAY, DAY),
    "parcel list": lambda shop, _to: parcels.list_parcels(shop),
    "parcel list --stalled": lambda shop, _to: stalled_parcels.stalled(shop),
    "parcel match": lambda shop, _to: parcel_candidates.candidates(shop, BACK),
    "pay list": lambda shop, _to: payouts.list_payouts(shop),
    "order show": lambda shop, _to: orders.show(shop, NUMBER),
    "order find": lambda shop, _to: orders.find(shop, NUMBER),
    "order find (payment)": lambda shop, _to: orders.find(shop, PAYMENT),
    "order show (payment)": lambda shop, _to: orders.show(shop, PAYMENT),
    "case show (payment)": lambda shop, _to: case_cards.show(shop, PAYMENT),
    "order find (tail)": lambda shop, _to: orders.find(shop, "5678"),
    "order find (end)": lambda shop, _to: orders.find(shop, "00071"),
    "order find (nothing)": lambda shop, _to: orders.find(shop, "99999"),
    "order find (goods in the text)": lambda shop, _to: orders.find(shop, "商品TS-L"),
    "order show (end)": lambda shop, _to: orders.show(shop, "0072"),
    "case show (end)": lambda shop, _to: case_cards.show(shop, "00071"),
    "case show (end of the way back)": lambda shop, _to: case_cards.show(shop, BACK[-4:]),
    "case show (name)": lambda shop, _to: case_cards.show(shop, "林小雨"),
    "order find (phone)": lambda shop, _to: orders.find(shop, "13812345678"),
    "order find (name)": lambda shop, _to: orders.find(shop, "林小雨"),
    "order find (goods)": lambda shop, _to: orders.find(shop, goods="白"),
    "order find (name, goods)": lambda shop, _to: orders.find(shop, "林小雨", goods="白", since=DAY),
    "export reconciliation": lambda shop, to: exports.reconciliation(shop, "2026-11", to),
    "export reasons": lambda shop, to: exports.reasons(shop, DAY, DAY, to),
    "scan": lambda shop, _to: scanning.scan(shop, Bench(), "SF000000000072"),
    "scan (unknown)": lambda shop, _to: scanning.scan(shop, Bench(), "SF9999999999999"),
}


@pytest.fixture
def stocked(sqlite_books: Books, folder: Folder) -> Books:
    """Books with a case of each sort, a parcel, a payout, and a carrier's movements."""
    books = sqlite_books
    books.hire()
    for number in (NUMBER, OTHER):
        payment, buyer = (PAYMENT, "林小雨") if number == NUMBER else ("", "")
        books.order(number, ("TS-L", 1, 2000), freight=100, payment_number=payment, buyer=buyer)
    case = books.do(decisions.open_case, NUMBER, kind=Kind.RETURN, reason="B_7D")
    books.do(decisions.approve, case.number)
    books.do(parcels.expect_by_hand, case.number, BACK)
    books.do(inspection.inspect, case.number, [inspection.parse_item("TS-L=1:A")], by=WAREHOUSE)
    books.do(payouts.compensate, case.number, coupon=500, by=MANAGER)
    books.do(decisions.open_case, OTHER, kind=Kind.REFUND_ONLY, reason="L_LOST")
    movements(books, folder.path, ("SF0000000000071", NOON, "运输中"))
    return books


@contextmanager
def statements(books: Books) -> Iterator[list[tuple[str, Any]]]:
    """Everything that is asked of the books meanwhile, with its values."""
    asked: list[tuple[str, Any]] = []

    def heard(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        if not many:
            asked.append((statement, values))

    made = engine.engine(books.database)
    sa.event.listen(made, "before_cursor_execute", heard)
    try:
        yield asked
    finally:
        sa.event.remove(made, "before_cursor_execute", heard)


def walks(books: Books, statement: str, values: Any) -> list[str]:
    """The steps of a statement's plan that read every order or every line, whatever they are called in it."""
    if not re.match(r"\s*(SELECT|WITH|UPDATE|DELETE|INSERT)", statement):
        return []
    called = set(re.findall(r"\b(?:orders|order_lines)\b(?: AS)? (\w+)", statement)) | {"orders", "order_lines"}
    with engine.reading(books.database).connect() as connection:
        steps = [str(row[-1]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    return [step for step in steps if step.startswith("SCAN ") and step.split()[1] in called]


@pytest.mark.parametrize("look", LOOKS)
def test_no_look_up_reads_every_order(stocked: Books, look: str, tmp_path: Path) -> None:
    with statements(stocked) as asked:
        stocked.do(LOOKS[look], tmp_path / "made")
    assert asked
    assert [(walk, statement) for statement, values in asked for walk in walks(stocked, statement, values)] == []


def test_a_quick_doctor_reads_no_order(stocked: Books) -> None:
    with statements(stocked) as asked:
        doctor.examine(stocked.asked())
    told = [(walk, statement) for statement, values in asked for walk in walks(stocked, statement, values)]
    assert told == []


def test_a_month_goes_from_its_cases_to_the_openings_and_not_back(stocked: Books, tmp_path: Path) -> None:
    """From a shop's opening an index leads to each of its orders."""
    with statements(stocked) as asked:
        stocked.do(LOOKS["export reconciliation"], tmp_path / "made")
    with engine.reading(stocked.database).connect() as connection:
        plans = [
            (str(row[-1]), statement)
            for statement, values in asked
            if "order_of_each_shop" in statement
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
    assert plans
    assert [each for each in plans if re.search(r"ix_orders_shop \(platform=\? AND shop=\?", each[0])] == []


def test_a_full_read_would_be_noticed(stocked: Books) -> None:
    assert walks(stocked, "SELECT o.shop, MAX(o.ordered_at) FROM orders o GROUP BY o.shop", ())
    assert walks(stocked, "SELECT COUNT(*) FROM orders", ())
    assert not walks(stocked, "SELECT paid FROM orders WHERE id = ?", (1,))


def refunded(books: Books, number: str) -> None:
    """A refund of goods that never came, agreed to and paid."""
    books.order(number, ("TS-L", 1, 2000))
    case = books.do(decisions.open_case, number, kind=Kind.REFUND_ONLY, reason="L_LOST")
    books.do(decisions.approve, case.number, waive=["evidence"], because="lost", by=MANAGER)
    payout = books.do(payouts.refund, case.number, by=MANAGER)
    books.do(payout_steps.step, payout.number, "confirm", by=MANAGER)


def test_a_month_of_more_refunds_asks_no_more_of_the_books(stocked: Books, tmp_path: Path) -> None:
    asked_for = []
    for numbers in (("2850000000000000081",), ("2850000000000000082", "2850000000000000083")):
        for number in numbers:
            refunded(stocked, number)
        with statements(stocked) as asked:
            month = stocked.do(exports.reconciliation, "2026-11", tmp_path / f"{numbers[0]}.xlsx")
        asked_for.append((month.about["movements"], len(asked)))
    (few, statements_for_few), (more, statements_for_more) = asked_for
    assert (more - few, statements_for_more) == (2, statements_for_few)
