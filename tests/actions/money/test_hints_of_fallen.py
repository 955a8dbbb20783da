"""What is printed after a payout fell names that payout, or its case, and no other payout of the order.

Two cases of an order, each with two refunds (30.00 and 20.00), freight of the way back, a coupon and 5.00 of amends;
all are sent but the one that is moved.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest

from retcli.actions.cases import decisions
from retcli.actions.money import payout_steps, payouts
from retcli.rules.lifecycles import Kind
from retcli.views.money.payouts import PayoutView
from retcli.views.screen import Terminal
from tests.shopfloor import MANAGER, Books

NUMBER = "2850000000000000889"
MADE: dict[str, Callable[[Books, str], PayoutView]] = {
    "first refund": lambda books, case: books.do(payouts.refund, case, amount=3000, by=MANAGER),
    "second refund": lambda books, case: books.do(payouts.refund, case, amount=2000, by=MANAGER),
    "freight": lambda books, case: books.do(
        payouts.freight_back, case, 1000, waive=["freight"], because="说好的", by=MANAGER
    ),
    "first compensation": lambda books, case: books.do(payouts.compensate, case, coupon=500, by=MANAGER),
    "second compensation": lambda books, case: books.do(payouts.compensate, case, cash=500, by=MANAGER),
}
MOVES = {"failed": ("send", "fail"), "reversed": ("send", "confirm"), "unknown": ("send", "lose"), "due": ()}


def paying(books: Books) -> tuple[dict[tuple[int, str], str], list[str]]:
    """The payouts of both cases by case and name, and the cases."""
    books.hire()
    books.order(NUMBER, ("CUP", 1, 10000), ("PEN", 1, 10000))
    cases: list[str] = []
    made: dict[tuple[int, str], str] = {}
    for place, sku in enumerate(("CUP", "PEN")):
        which: dict[str, Any] = {"lines": [sku], "amount": 5000, "by": MANAGER}
        opened = books.do(decisions.open_case, NUMBER, kind=Kind.REFUND_ONLY, reason="Q_LOOK", **which)
        books.do(decisions.approve, opened.number, by=MANAGER)
        cases.append(opened.number)
        made |= {(place, name): make(books, opened.number).number for name, make in MADE.items()}
    return made, cases


@pytest.mark.parametrize("place", [0, 1], ids=["first case", "second case"])
@pytest.mark.parametrize("state", MOVES)
@pytest.mark.parametrize("name", MADE)
def test_the_hint_is_about_what_fell(sqlite_books: Books, name: str, state: str, place: int) -> None:
    books = sqlite_books
    made, cases = paying(books)
    number, case = made[place, name], cases[place]
    for other in made.values():
        if other != number:
            books.do(payout_steps.step, other, "send", by=MANAGER)
    view = None
    for move in MOVES[state]:
        view = books.do(payout_steps.step, number, move, because="卡号不对", by=MANAGER)
    if state == "reversed":
        view = books.do(payout_steps.reverse, number, because="退回来了", by=MANAGER)
    if view is None:
        (view,) = (each for each in books.do(payouts.list_payouts).payouts if each.number == number)
    assert view is not None
    stream = io.StringIO()
    view.draw(Terminal(stream))
    printed = stream.getvalue()
    own = {number, view.number}
    assert set(re.findall(r"PO\d{8}-\d+", printed)) <= own
    assert set(re.findall(r"RC\d{8}-\d+", printed)) == {case}
    step = view.next.splitlines() or printed.splitlines()[1:]
    expected = {
        "failed": {"refund": f"retcli pay refund {case}", "freight": f"retcli pay freight {case} --amount 10.00"},
        "reversed": {"refund": f"retcli pay refund {case}", "freight": f"retcli pay freight {case} --amount 10.00"},
        "unknown": dict.fromkeys(("refund", "freight", "compensation"), f"retcli pay confirm {number}"),
        "due": dict.fromkeys(("refund", "freight", "compensation"), f"retcli pay sent {number}"),
    }[state]
    option = "--coupon" if name == "first compensation" else "--cash"
    amends = f"retcli pay compensate {case} {option} 5.00" if state == "failed" else f"retcli case show {case}"
    assert expected.get(name.split()[-1], amends) in "\n".join(step)
    books.check()
