"""Nothing compares amounts of two currencies: lists group them, the shop's own first, and a comparison refuses."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.cases import decisions, queue
from retcli.actions.insight.today import today
from retcli.database import engine
from retcli.models import Case
from retcli.rules.lifecycles import Kind
from retcli.rules.money.minor_units import POINTS, Money, in_order
from retcli.views.screen import Terminal
from retcli.views.shop.policies import Flip, TrialView
from retcli.views.sums import sums
from tests.shopfloor import NOON, Books


@pytest.mark.parametrize("compare", [operator.lt, operator.le, operator.gt, operator.ge])
def test_two_currencies_are_not_compared(compare: Callable[[Any, Any], bool]) -> None:
    with pytest.raises(ValueError, match=r"CNY and JPY|JPY and CNY"):
        compare(Money(30000, "CNY"), Money(50000, "JPY"))
    assert compare(Money(1, "CNY"), Money(2, "CNY")) is compare(1, 2)
    assert compare(Money(2, "CNY"), Money(2, "CNY")) is compare(2, 2)


def test_the_shops_own_currency_comes_first_and_points_last() -> None:
    assert sorted(["USD", POINTS, "JPY", "CNY", "TND"], key=in_order) == ["CNY", "JPY", "TND", "USD", POINTS]
    amounts = [Money(100000, "USD"), Money(5, POINTS), Money(1, "CNY"), Money(2, "USD")]
    assert list(sums(amounts).items()) == [("CNY", 1), ("USD", 100002), (POINTS, 5)]


def test_the_days_list_groups_currencies_and_sorts_each_by_money(books: Books) -> None:
    """50,000 yen are some 2,300 yuan and 30,000 fen are 300: no number of ours says which is more."""
    wanted = {}
    for place, (currency, minor) in enumerate(
        [("JPY", 50000), ("CNY", 30000), ("USD", 9900), ("CNY", 31000), ("JPY", 60000)], 1
    ):
        order = books.order(f"285000000000000064{place}", ("TS-M", 1, minor), currency=currency, shipped=False)
        case = books.do(decisions.open_case, order, kind=Kind.REFUND_ONLY, reason="N_AGREE", amount=minor).number
        wanted[case] = (currency, minor)
    listed = [wanted[item.case] for item in books.do(today).items]
    assert listed == [("CNY", 31000), ("CNY", 30000), ("JPY", 60000), ("JPY", 50000), ("USD", 9900)]
    assert [wanted[case] for case in books.do(queue.waiting).cases] == listed, "and so does the review"


def test_the_dearest_changes_of_a_draft_are_the_dearest_of_their_currency(capsys: pytest.CaptureFixture[str]) -> None:
    flips = tuple(
        Flip(f"RC-{currency}-{minor}", "yes", "no", Money(minor, currency), ())
        for currency, minor in [("JPY", -90000), ("CNY", 100), ("USD", 800), ("CNY", -300)]
    )
    TrialView("2026-12", 9, flips, 0.1).draw(Terminal())
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines if line.startswith("RC-")] == [
        "RC-CNY--300", "RC-CNY-100", "RC-JPY--90000", "RC-USD-800",
    ]  # fmt: skip


def test_of_equal_money_what_is_due_first_comes_first(books: Books) -> None:
    """Two exchanges without money: by the platform's own file the second is to be answered a day before the first."""
    numbers = []
    for place, days in ((1, 3), (2, 2)):
        order = books.order(f"285000000000000065{place}", ("TS-M", 1, 1000))
        case = books.do(decisions.open_case, order, kind=Kind.EXCHANGE, reason="SZ_FIT", want=["TS-M"])
        numbers.append(case.number)
        with engine.engine(books.database).begin() as connection:
            due = (
                sa.update(Case)
                .where(col(Case.number) == case.number)
                .values(platform_due_at=NOON + timedelta(days=days))
            )
            connection.execute(due)
    assert [item.case for item in books.do(today).items] == numbers[::-1]
