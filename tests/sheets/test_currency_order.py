"""The totals of several currencies stand in one order in every sheet and on the screen: yuan first, then by code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from retcli.actions.cases import decisions
from retcli.actions.insight import exports
from retcli.actions.money import payout_steps, payouts
from retcli.rules.lifecycles import Kind
from tests.shopfloor import MANAGER, Books, shanghai
from tests.workbooks import workbook


@pytest.fixture
def month(books: Books) -> Books:
    """12.00 USD, 900 JPY and 5.00 CNY arrive in November in this sequence; yuan are amends only; 7.00 of each are due.
    The first money that a sheet meets is in dollars.
    """
    books.hire()
    for place, (currency, minor) in enumerate((("USD", 1200), ("JPY", 900), ("CNY", 500)), 1):
        books.at = shanghai(f"2026-11-2{place} 12:00")
        order = books.order(f"285000000000000088{place}", ("CUP", 1, 9000), currency=currency)
        kind = Kind.ALLOWANCE if currency == "CNY" else Kind.REFUND_ONLY
        facts: dict[str, Any] = {"reason": "Q_LOOK", "amount": minor, "by": MANAGER}
        case = books.do(decisions.open_case, order, kind=kind, **facts).number
        books.do(decisions.approve, case, by=MANAGER)
        payout = books.do(payouts.refund, case, amount=minor, by=MANAGER).number
        books.do(payout_steps.step, payout, "confirm", by=MANAGER)
        other = books.do(decisions.open_case, order, kind=Kind.ALLOWANCE, reason="Q_LOOK", amount=700, by=MANAGER)
        books.do(decisions.approve, other.number, by=MANAGER)
        books.do(payouts.refund, other.number, by=MANAGER)
    return books


def test_the_totals_stand_in_one_order(month: Books, tmp_path: Path) -> None:
    for sheet in workbook(month).values():
        labels = [str(total[sheet.columns[0].title]) for total in sheet.totals()]
        if len(labels) > 1:
            assert labels == ["Total", *(f"Total {name}" for name in ("CNY", "JPY", "USD"))], sheet.name
    view = month.do(exports.reconciliation, "2026-11", tmp_path / "m.xlsx")
    for name in ("paid", "platform", "own"):
        told = view.document()["totals"][name]
        assert [money["currency"] for money in told] == ["CNY", "JPY", "USD"], name
