"""Whose deadline a case is shown with: the platform's own and the law's before any target that the shop set itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from retcli.actions.cases import decisions, queue
from retcli.actions.insight.today import today
from retcli.rules.lifecycles import Kind
from retcli.transaction import opened
from retcli.views.screen import Terminal
from tests.reports import REQUESTED, Folder, asked_back, sold, take
from tests.shopfloor import MANAGER, Books, shanghai

NUMBER = "2850000000000000691"
THERE = shanghai("2026-11-10 10:30")
"""When the platform refunds by itself."""


def wish(books: Books, folder: Folder, *, told: bool = True) -> str:
    """A refund of 88.00 asked for at nine on the 8th: the shop's own first reply is past, the platform's is not."""
    books.hire()
    order = sold(NUMBER, ("TS-L", 1, 8800))
    facts: dict[str, Any] = {"deadline_at": THERE.replace(tzinfo=None)} if told else {}
    row = asked_back("R1", order, 8800, kind="仅退款", status=REQUESTED, applied_at=datetime(2026, 11, 8, 9), **facts)
    take(books, *folder.both(order), folder.refunds(row))
    return str(books.value("SELECT number FROM cases"))


@pytest.mark.parametrize(("told", "due"), [(True, THERE), (False, shanghai("2026-11-10 09:00"))])
def test_the_platforms_deadline_is_shown_before_a_decision(
    books: Books, folder: Folder, told: bool, due: datetime
) -> None:
    """Told in the file, or 48 hours from 9:00 on the 8th."""
    case = wish(books, folder, told=told)
    (item,) = books.do(today).items
    assert (item.due_at, item.source, item.estimated, item.urgency) == (due, "platform", not told, "later")
    assert books.do(today, overdue=True).exit_code == 0
    (listed,) = books.do(queue.list_cases).cases
    assert listed.clock is not None
    assert listed.clock.due_at == due
    assert books.do(queue.list_cases, overdue=True).cases == ()
    books.at = due
    assert [item.urgency for item in books.do(today).items] == ["overdue"]
    assert [view.number for view in books.do(queue.list_cases, overdue=True).cases] == [case]


def test_the_card_says_that_the_time_is_the_platforms(
    books: Books, folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    case = wish(books, folder)
    with opened(books.asked(), writes=False) as shop:
        card = queue.card(shop, case)
    assert card is not None
    card.draw(Terminal())
    out = capsys.readouterr().out
    assert "the platform: by 2026-11-10 10:30" in out
    assert "the platform's time, from its file" in out


def test_a_target_of_the_shops_own_is_marked_apart(books: Books, capsys: pytest.CaptureFixture[str]) -> None:
    """Agreed to by hand and not sent: only the buyer's patience runs, 134 hours and 24 minutes."""
    books.hire()
    books.order(NUMBER, ("TS-L", 1, 8800), shipped=False)
    case = books.do(decisions.open_case, NUMBER, kind=Kind.REFUND_ONLY, reason="N_AGREE", by=MANAGER).number
    books.do(decisions.approve, case, by=MANAGER)
    books.at = shanghai("2026-11-15 02:24")
    (item,) = books.do(today).items
    assert (item.clock, item.urgency) == ("patience", "target")
    assert books.do(today, overdue=True).exit_code == 0
    books.do(today).draw(Terminal())
    out = capsys.readouterr().out
    assert "1 are past a target of the shop's own" in out
    assert "are overdue" not in out
