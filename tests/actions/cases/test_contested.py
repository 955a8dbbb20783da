"""A case that was turned down while the platform's refund goes on: the platform stepped in, it ruled for the buyer, or
the buyer took back here what is still open there.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from fixtures.reports import report_rows
from retcli.actions.cases import case_cards, decisions
from retcli.actions.cases.disputes import register
from retcli.actions.insight.today import today
from retcli.errors import Refused
from retcli.rules.cases.register import Entry
from retcli.rules.lifecycles import Kind
from retcli.views.insight.today import TodayItem
from retcli.views.screen import Terminal
from tests.reports import CLOSED, REFUNDS, REQUESTED, Folder, asked_back, changed, sold, take
from tests.shopfloor import MANAGER, OWNER, Books, shanghai

NUMBER = "2850000000000000681"
REFUSED = "卖家拒绝退款"
THERE = datetime(2026, 11, 13, 10)
"""Until when the platform itself counts."""


def report(books: Books, folder: Folder, *, status: str = REFUSED, evidence: str = "", **facts: Any) -> None:
    """The platform's list with a return of 199.00 as it stands there, R1; `evidence` is its deadline for it."""
    order = sold(NUMBER, ("SH-42", 1, 19900))
    told: dict[str, Any] = {"applied_at": datetime(2026, 11, 8, 9), "deadline_at": THERE, "kind": "退货退款"}
    wish = asked_back("R1", order, 19900, status=status, **(told | facts))
    rows = list(report_rows([wish], REFUNDS, ".csv"))
    cells = {"举证超时": evidence} if evidence else {}
    take(books, *folder.both(order), folder.rows(changed(rows, 1, cells)))


def line(books: Books) -> TodayItem:
    """The case as the one line of the day's list."""
    (item,) = books.do(today).items
    return item


def stepped_in(books: Books, folder: Folder) -> str:
    """The seller refused there and the platform stepped in; evidence until 18:00 on the 12th. The case's number."""
    books.hire()
    report(books, folder)
    report(books, folder, evidence="2026-11-12 18:00:00", intervention="客服已介入")
    return str(books.value("SELECT number FROM cases"))


def test_an_intervention_wants_evidence_and_holds_the_money_at_stake(books: Books, folder: Folder) -> None:
    case = stepped_in(books, folder)
    item = line(books)
    assert (item.stage, item.money_at_risk.minor, item.clock) == ("intervened", 19900, "evidence")
    assert (item.due_at, item.source, item.estimated) == (shanghai("2026-11-12 18:00"), "platform", False)
    assert item.action == f"retcli case pack {case}\nretcli case answer {case} --kind intervention"
    with pytest.raises(Refused):
        books.do(decisions.finish, case, because="算了", by=OWNER)
    books.at = shanghai("2026-11-12 15:00")
    assert line(books).urgency == "soon"


def test_once_the_evidence_was_sent_the_verdict_is_awaited(books: Books, folder: Folder) -> None:
    case = stepped_in(books, folder)
    books.do(register.answer, case, by=MANAGER)
    item = line(books)
    assert (item.stage, item.money_at_risk.minor, item.due_at) == ("intervened", 19900, shanghai("2026-11-13 10:00"))
    assert "case verdict" in item.action
    assert "case finish" not in item.action


def test_a_verdict_for_the_buyer_is_to_be_paid(books: Books, folder: Folder) -> None:
    case = stepped_in(books, folder)
    books.do(register.verdict, case, outcome="lost", because="举证不足", by=MANAGER)
    item = line(books)
    assert (item.stage, item.money_at_risk.minor) == ("lost_there", 19900)
    assert item.action.startswith(f"retcli case approve {case}")
    assert "case finish" not in item.action
    with pytest.raises(Refused):
        books.do(decisions.finish, case, by=OWNER)
    books.do(decisions.approve, case, waive=["approval"] if "--waive approval" in item.action else [], because="判退")
    assert line(books).money_at_risk.minor == 19900


def test_a_verdict_for_the_shop_puts_nothing_at_risk(books: Books, folder: Folder) -> None:
    case = stepped_in(books, folder)
    books.do(register.verdict, case, outcome="won", because="举证有效", by=MANAGER)
    view = books.do(case_cards.show, case)
    assert (view.stage, view.at_stake) == ("rejected", None)


def test_the_money_at_stake_by_hand_is_what_the_rules_give(books: Books) -> None:
    books.hire()
    books.order(NUMBER, ("SH-42", 1, 19900))
    case = books.do(decisions.open_case, NUMBER, kind=Kind.RETURN, reason="B_7D").number
    books.do(decisions.reject, case, because="穿过了", by=OWNER)
    books.do(register.escalate, case, kind=Entry.INTERVENTION, due=shanghai("2026-11-12 18:00"))
    assert (line(books).stage, line(books).money_at_risk.minor) == ("intervened", 19900)


def test_what_the_buyer_took_back_here_is_to_be_taken_back_there(
    books: Books, folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    books.hire()
    report(books, folder, status=REQUESTED)
    case = str(books.value("SELECT number FROM cases"))
    books.do(decisions.withdraw, case, by=MANAGER)
    item = line(books)
    assert (item.stage, item.due_at) == ("to_withdraw_there", shanghai("2026-11-13 10:00"))
    assert "case finish" not in item.action
    books.do(case_cards.show, case).draw(Terminal())
    assert "have the buyer withdraw it there by 2026-11-13 10:00" in capsys.readouterr().out
    report(books, folder, status=CLOSED)
    view = books.do(case_cards.show, case)
    assert view.stage in {"withdrawn", "finished"}
    assert view.clocks == ()


def test_a_refusal_there_is_not_finished_while_the_buyer_may_go_on(books: Books, folder: Folder) -> None:
    books.hire()
    report(books, folder)
    assert line(books).action == "retcli import FILE"
