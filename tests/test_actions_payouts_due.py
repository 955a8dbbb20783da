"""Payouts that are due and not sent: counted, summed, aged, and overdue after a working day."""

from retcli.actions import cases, payouts
from retcli.actions.today import today
from retcli.rules.lifecycles import Kind
from tests.shopfloor import AGENT, MANAGER, Books

NUMBER = "2850000000000000901"


def agreed(books: Books, minor: int, by: str) -> str:
    """A refund decided on an order of its own; the payout's number."""
    count = int(str(books.value("SELECT COUNT(*) FROM orders")))
    order = str(int(NUMBER) + count)
    books.order(order, ("TS-L", 1, minor), shipped=False)
    case = books.do(cases.open_case, order, kind=Kind.REFUND_ONLY, reason="N_AGREE", by=MANAGER).number
    books.do(cases.approve, case, by=MANAGER)
    return str(books.do(payouts.refund, case, by=by).number)


def test_payouts_due_are_counted_summed_and_overdue_after_a_working_day(books: Books) -> None:
    books.hire()
    assert books.do(today).payouts.document() == {"count": 0, "money": [], "oldest": None, "overdue": 0}
    began = books.at
    sent = agreed(books, 5000, MANAGER)
    agreed(books, 2000, AGENT)
    waits = agreed(books, 4000, AGENT)
    due = books.do(today).payouts
    assert (due.count, due.sums, due.oldest, due.overdue) == (2, {"CNY": 7000}, began, 0), "what waits is not due"
    books.later(hours=24 * 1 + 11)  # Tuesday 23:00: the working day after Monday is not over
    books.do(payouts.countersign, waits, by=MANAGER)
    view = books.do(today, overdue=True)
    assert (view.payouts.count, view.payouts.overdue, view.exit_code) == (3, 0, 0)
    books.later(hours=1)
    view = books.do(today, overdue=True)
    assert (view.payouts.count, view.payouts.overdue, view.exit_code) == (3, 2, 3), "the third is due since yesterday"
    assert "retcli pay list" in view.payouts.sentence
    books.do(payouts.step, sent, "send", by=MANAGER)
    due = books.do(today).payouts
    assert (due.count, due.sums, due.overdue) == (2, {"CNY": 6000}, 1)
