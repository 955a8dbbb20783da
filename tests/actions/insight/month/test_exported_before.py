"""A month that was exported before says what has changed in it since."""

from pathlib import Path

from retcli.actions.cases import decisions
from retcli.actions.insight import exports
from retcli.actions.money import payout_steps, payouts
from retcli.rules.lifecycles import Kind
from tests.shopfloor import Books


def paid(books: Books, order: str, minor: int) -> None:
    books.order(order, ("CUP", 1, minor), shipped=False)
    case = books.do(decisions.open_case, order, kind=Kind.REFUND_ONLY, reason="S_OOS").number
    books.do(decisions.approve, case)
    books.do(payout_steps.step, books.do(payouts.refund, case).number, "confirm")


def told(books: Books, folder: Path) -> list[str]:
    remarks = books.do(exports.reconciliation, "2026-11", folder).remarks
    return [remark for remark in remarks if "exported on" in remark]


def test_a_month_that_changed_says_so_once(books: Books, tmp_path: Path) -> None:
    """60.00 were paid at the first export, 100.00 at the second; the third says nothing new."""
    paid(books, "2850000000000000751", 6000)
    assert told(books, tmp_path) == [], "the first export"
    paid(books, "2850000000000000752", 4000)
    (remark,) = told(books, tmp_path)
    assert remark.startswith("This month was exported on ")
    assert "paid by us 60.00 → 100.00" in remark
    assert told(books, tmp_path) == [], "nothing has changed since the second"
    assert books.do(exports.reconciliation, "2026-10", tmp_path).remarks == (), "another month"
