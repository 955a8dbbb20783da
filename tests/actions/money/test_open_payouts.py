"""Money that still has to leave: due, waiting for a second person, clicked and not verified, each a number of its own;
what is given beside cash is told as what it is.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from rich.cells import cell_len

from retcli.actions.cases import case_cards, decisions, platform_list, queue
from retcli.actions.insight.today import today
from retcli.actions.money import payout_steps, payouts
from retcli.language import speaking
from retcli.rules.lifecycles import Kind
from retcli.views.money.case_sums import CaseSums
from retcli.views.screen import Terminal
from tests.actions.orderfile.test_refunded_on_platform import after
from tests.reports import CLOSED, REQUESTED, SUCCEEDED, Folder, asked_back, sold, take, unsent
from tests.shopfloor import AGENT, MANAGER, Books
from tests.workbooks import cells, workbook

NUMBER = "2850000000000000621"
NOTHING = {"count": 0, "money": [], "coupons": [], "oldest": None, "overdue": 0, "kinds": []}
AMENDS: dict[str, Any] = {"kind": "compensation", "coupons": []}
"""What a price cut is called with which the goods stay."""


def cny(minor: int, text: str) -> dict[str, Any]:
    """An amount as documents have it."""
    return {"currency": "CNY", "minor": minor, "text": text}


def wished(books: Books, folder: Folder, status: str = REQUESTED) -> str:
    """A refund of 88.00 asked for on the platform at nine; the case's number."""
    order = unsent(sold(NUMBER, ("TS-L", 1, 8800)))
    facts: dict[str, Any] = {"applied_at": datetime(2026, 11, 9, 9), "goods": "买家未收到货"}
    wish = asked_back("R1", order, 8800, kind="仅退款", status=status, **facts)
    other = asked_back(f"9{folder.made}", order, 1, status=CLOSED)  # each list is another file
    take(books, *folder.both(order), folder.refunds(wish, other))
    return str(books.value("SELECT number FROM cases WHERE platform_number = 'R1'"))


def price_cut(books: Books, minor: int, by: str) -> str:
    """A price cut on an order of its own, agreed to and decided by somebody; the payout's number."""
    order = str(int(NUMBER) + 10 + int(str(books.value("SELECT COUNT(*) FROM orders"))))
    books.order(order, ("TS-L", 1, 50000))
    case = books.do(decisions.open_case, order, kind=Kind.ALLOWANCE, reason="Q_LOOK", amount=minor).number
    books.do(decisions.approve, case, by=MANAGER)
    return str(books.do(payouts.refund, case, by=by).number)


def drawn(view: Any, capsys: pytest.CaptureFixture[str]) -> str:
    """A view as people see it."""
    capsys.readouterr()
    view.draw(Terminal())
    return str(capsys.readouterr().out)


def numbers(books: Books, state: str) -> set[str]:
    """The payouts that the list of a state has."""
    return {payout.number for payout in books.do(payouts.list_payouts, state=state).payouts}


def test_what_waits_for_a_second_person_is_counted_summed_and_aged(
    books: Books, capsys: pytest.CaptureFixture[str]
) -> None:
    """40.00 and 52.50 wait, 31.00 is due; the working day after Monday the 9th ends with the 10th."""
    books.hire()
    assert books.do(today).document()["payouts_waiting"] == NOTHING
    began = "2026-11-09T12:00:00+08:00"
    first = price_cut(books, 4000, AGENT)
    books.later(hours=2)
    second, _due = price_cut(books, 5250, AGENT), price_cut(books, 3100, MANAGER)
    view = books.do(today)
    waiting = view.document()["payouts_waiting"]
    told = {"count": 2, "money": [cny(9250, "92.50")]}
    assert waiting == NOTHING | told | {"oldest": began, "kinds": [AMENDS | told]}
    assert view.document()["payouts_due"]["money"] == [cny(3100, "31.00")]
    line = "2 payouts wait for a second person, compensation 92.50, the oldest since 2026-11-09 12:00"
    assert f"{line}: retcli pay list --state waiting" in drawn(view, capsys)
    assert numbers(books, "waiting") == {first, second}, "the command lists what was counted"
    books.later(hours=33)  # Tuesday 23:00
    assert books.do(today).document()["payouts_waiting"]["overdue"] == 0
    books.later(hours=1)
    view = books.do(today, overdue=True)
    assert (view.document()["payouts_waiting"]["overdue"], view.exit_code) == (2, 3)
    books.do(payout_steps.countersign, first, by=MANAGER)
    assert books.do(today).document()["payouts_waiting"]["money"] == [cny(5250, "52.50")]


def test_what_was_sent_is_told_until_it_is_confirmed(books: Books, capsys: pytest.CaptureFixture[str]) -> None:
    """31.00 sent two hours after they were due, and on their way since; 12.00 are due still."""
    books.hire()
    sent, _due = price_cut(books, 3100, MANAGER), price_cut(books, 1200, MANAGER)
    assert books.do(today).document()["payouts_sent"] == NOTHING
    books.later(hours=2)
    books.do(payout_steps.step, sent, "send", by=MANAGER)
    view = books.do(today)
    told = {"count": 1, "money": [cny(3100, "31.00")]}
    oldest = "2026-11-09T14:00:00+08:00"
    assert view.document()["payouts_sent"] == NOTHING | told | {"oldest": oldest, "kinds": [AMENDS | told]}
    assert view.document()["payouts_due"]["money"] == [cny(1200, "12.00")]
    line = "1 payouts were sent and are not confirmed, compensation 31.00, the oldest since 2026-11-09 14:00"
    assert f"{line}: retcli pay list --state sent" in drawn(view, capsys)
    assert numbers(books, "sent") == {sent}, "the command lists what was counted"
    books.do(payout_steps.step, sent, "confirm", by=MANAGER)
    assert books.do(today).document()["payouts_sent"] == NOTHING


def test_what_was_clicked_is_one_thing_everywhere(
    books: Books, folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    books.hire()
    case = wished(books, folder)
    books.do(decisions.approve, case, by=MANAGER)
    (payout,) = numbers(books, "due")
    assert books.do(today).document()["payouts_due"]["money"] == [cny(8800, "88.00")]
    assert books.do(today).document()["payouts_clicked"] == NOTHING
    books.do(platform_list.done, [case], by=MANAGER)
    view, alone = books.do(today), books.do(case_cards.show, case)
    assert view.document()["payouts_due"] == NOTHING, "the shop does not pay it a second time"
    clicked = view.document()["payouts_clicked"]
    assert (clicked["count"], clicked["money"]) == (1, [cny(8800, "88.00")])
    for document in (alone.document()["case"], books.do(case_cards.explain, case).document()):
        told = {name: document[name]["minor"] for name in ("due", "waiting", "to_send", "clicked", "sent", "paid")}
        assert told == {"due": 8800, "waiting": 0, "to_send": 0, "clicked": 8800, "sent": 0, "paid": 0}
    assert (alone.stage, alone.document()["case"]["money"]) == ("paying", "clicked")
    assert [p["clicked"] for p in alone.document()["case"]["payouts"]] == [True]
    assert "Money: 88.00 due, 88.00 on its way (clicked, not verified)" in drawn(alone, capsys)
    assert "1 payouts were clicked and are not verified, 88.00" in drawn(view, capsys)
    assert (numbers(books, "due"), numbers(books, "clicked")) == (set(), {payout})
    (listed,) = books.do(payouts.list_payouts).payouts
    assert (listed.state, listed.clicked) == ("due", True)
    for each in (listed, books.do(payouts.list_payouts)):
        assert "clicked, not verified" in drawn(each, capsys)
    books.later(days=5)
    assert books.do(today, overdue=True).exit_code == 0
    wished(books, folder)
    assert (numbers(books, "due"), numbers(books, "clicked")) == ({payout}, set()), "it was not clicked after all"
    books.do(platform_list.done, [case], by=MANAGER)
    wished(books, folder, SUCCEEDED)
    assert books.do(today).document()["payouts_clicked"] == NOTHING
    assert books.do(case_cards.show, case).document()["case"]["clicked"]["minor"] == 0


def test_what_is_given_beside_cash_is_told_as_what_it_is(books: Books, capsys: pytest.CaptureFixture[str]) -> None:
    """A coupon of 5.00 and 300 points on a case whose price cut of 20.00 is due too: no two of them add up."""
    books.hire()
    price_cut(books, 2000, MANAGER)
    (case,) = books.do(queue.list_cases).cases
    coupon = books.do(payouts.compensate, case.number, coupon=500, by=MANAGER).number
    books.do(payouts.compensate, case.number, points=300, by=MANAGER)
    view = books.do(case_cards.show, case.number)
    assert (view.due.minor, view.so_far.to_send.minor) == (2000, 2000)
    assert [(x["method"], x["money"], x["state"]) for x in view.document()["case"]["beside"]] == [
        ("coupon", cny(500, "5.00"), "due"),
        ("points", {"points": 300}, "due"),
    ]
    assert "Beside: compensation coupon 5.00 to be given, compensation 300 points to be given" in drawn(view, capsys)
    day = books.do(today)
    due = day.document()["payouts_due"]
    assert (due["count"], due["money"]) == (3, [cny(2000, "20.00"), {"points": 300}])
    assert due["coupons"] == [cny(500, "5.00")]
    assert "3 payouts are due, compensation 20.00, 300 points, coupon 5.00," in drawn(day, capsys)
    (item,) = day.items
    assert [(x["method"], x["money"]) for x in item.document()["beside"]] == [
        ("coupon", cny(500, "5.00")),
        ("points", {"points": 300}),
    ]
    told = f"{case.number} beside: compensation coupon 5.00 to be given, compensation 300 points to be given"
    assert told in drawn(day, capsys) and told in drawn(books.do(queue.list_cases), capsys)
    assert "to be given" in drawn(books.do(payouts.list_payouts, state="due"), capsys)
    books.do(payout_steps.step, coupon, "send", by=MANAGER)
    books.do(payout_steps.step, coupon, "confirm", by=MANAGER)
    day = books.do(today)
    assert day.document()["payouts_due"]["coupons"] == []
    assert [x["method"] for x in day.items[0].document()["beside"]] == ["points"], "what has arrived is not at risk"
    assert "coupon 5.00 arrived" in drawn(books.do(case_cards.show, case.number), capsys)


def test_a_case_that_has_only_a_coupon_to_give_does_not_show_nothing(
    books: Books, capsys: pytest.CaptureFixture[str]
) -> None:
    books.hire()
    books.order(NUMBER, ("TS-L", 1, 8800))
    case = books.do(decisions.open_case, NUMBER, kind=Kind.RESEND, reason="L_LOST").number
    books.do(decisions.approve, case, by=MANAGER)
    books.do(payouts.compensate, case, coupon=1200, by=AGENT)
    for view in (books.do(today), books.do(queue.list_cases), books.do(case_cards.show, case)):
        assert "coupon 12.00" in drawn(view, capsys)


def test_payouts_due_are_counted_summed_and_overdue_after_a_working_day(
    books: Books, capsys: pytest.CaptureFixture[str]
) -> None:
    books.hire()
    assert books.do(today).payouts.payouts_due.document()["count"] == 0
    began = books.at
    sent = price_cut(books, 5000, MANAGER)
    price_cut(books, 2000, AGENT)
    waits = price_cut(books, 4000, AGENT)
    due = books.do(today).payouts.payouts_due
    assert (due.count, due.sums, due.oldest, due.overdue) == (2, {"CNY": 7000}, began, 0), "what waits is not due"
    books.later(hours=24 * 1 + 11)  # Tuesday 23:00: the working day after Monday is not over
    books.do(payout_steps.countersign, waits, by=MANAGER)
    view = books.do(today, overdue=True)
    assert (view.payouts.payouts_due.count, view.payouts.payouts_due.overdue, view.exit_code) == (3, 0, 0)
    books.later(hours=1)
    view = books.do(today, overdue=True)
    due = view.payouts.payouts_due
    assert (due.count, due.overdue, view.exit_code) == (3, 2, 3), "the third is due since yesterday"
    assert "--state due" in drawn(view, capsys)
    books.do(payout_steps.step, sent, "send", by=MANAGER)
    due = books.do(today).payouts.payouts_due
    assert (due.count, due.sums, due.overdue) == (2, {"CNY": 6000}, 1)


def test_the_clicks_counted_are_those_of_the_list(books: Books, folder: Folder) -> None:
    """What went back on the platform meanwhile stops the click: nobody is sent to it by the list or by the number."""
    order = unsent(sold("2850000000000000320", ("A", 1, 10000), ("B", 1, 13400)))
    refund = asked_back("900000000000000001", order, 10000, kind="仅退款", status=REQUESTED)
    take(books, *folder.both(order), folder.refunds(refund))
    books.hire()
    books.do(decisions.approve, "900000000000000001", by=MANAGER)
    assert (books.do(today).clicks, len(books.do(platform_list.todo).items)) == (1, 1)
    take(books, *folder.both(after(order, 10000, line=0)))
    assert (books.do(today).clicks, len(books.do(platform_list.todo).items)) == (0, 0)


def test_the_workbook_says_of_a_clicked_payout_that_it_was_clicked(books: Books, folder: Folder) -> None:
    books.hire()
    case = wished(books, folder)
    books.do(decisions.approve, case, by=MANAGER)
    assert states(books) == ["due"]
    books.do(platform_list.done, [case], by=MANAGER)
    assert states(books) == ["clicked, not verified"]


def states(books: Books) -> list[str]:
    """The column of the payouts' states on the sheet of the differences."""
    return [str(state) for (state,) in cells(workbook(books)["Differences"], "Payout state at the export")]


def test_ones_own_exit_code_counts_the_payouts_of_ones_own_cases(books: Books) -> None:
    """The manager's price cut has been due since Monday, and its case is the owner's to see to, not the agent's."""
    books.hire()
    price_cut(books, 5000, MANAGER)
    (case,) = books.do(queue.list_cases).cases
    books.later(days=3)
    view = books.do(today, overdue=True, mine=True, by=AGENT)
    assert (view.payouts.payouts_due.overdue, view.exit_code) == (1, 0), "the shop's number stands beside the list"
    assert books.do(today, overdue=True, mine=True, by=case.owner).exit_code == 3
    assert books.do(today, overdue=True, by=AGENT).exit_code == 3


def test_the_list_of_payouts_breaks_no_word_on_a_narrow_screen(
    sqlite_books: Books, folder: Folder, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    books = sqlite_books
    books.hire()
    case = wished(books, folder)
    books.do(decisions.approve, case, by=MANAGER)
    books.do(platform_list.done, [case], by=MANAGER)
    monkeypatch.setenv("RETCLI_WIDTH", "80")
    with speaking("zh_CN"):
        text = drawn(books.do(payouts.list_payouts), capsys)
    assert "已点待核对" in text
    assert max(cell_len(line) for line in text.splitlines()) <= 80


def test_money_agreed_to_without_a_payout_is_counted_by_currency(
    books: Books, capsys: pytest.CaptureFixture[str]
) -> None:
    """12.00 and 30.00 agreed to by hand, and 5.00 abroad; once a payout stands for the 30.00, it is that line's."""
    books.hire()
    numbers = []
    for place, (minor, currency) in enumerate(((1200, "CNY"), (3000, "CNY"), (500, "USD"))):
        order = books.order(str(int(NUMBER) + 20 + place), ("TS-L", 1, 50000), currency=currency)
        case = books.do(decisions.open_case, order, kind=Kind.ALLOWANCE, reason="Q_LOOK", amount=minor).number
        books.do(decisions.approve, case, by=MANAGER)
        numbers.append(case)
    view = books.do(today, mine=True, by=AGENT)
    assert view.items == ()
    assert view.agreed_unpaid == CaseSums(3, {"CNY": 4200, "USD": 500})
    assert drawn(view, capsys).count("3 cases agreed to, 42.00, 5.00 USD of it with no payout yet") == 1
    books.do(payouts.refund, numbers[1], by=MANAGER)
    view = books.do(today)
    assert view.document()["agreed_unpaid"]["count"] == 2
    assert view.agreed_unpaid == CaseSums(2, {"CNY": 1200, "USD": 500})
    assert view.payouts.payouts_due.sums == {"CNY": 3000}
