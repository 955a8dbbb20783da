"""A deadline runs until the money has left or the click was made, and rests while nobody has verified the click."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from retcli.actions.cases import case_cards, decisions, platform_list, queue
from retcli.actions.insight.today import today
from retcli.actions.money import payout_steps, payouts
from retcli.actions.warehouse import inspection, parcels
from retcli.rules.casefile.clocks import Source
from retcli.rules.lifecycles import Kind
from retcli.views.insight.today import TodayItem
from retcli.views.screen import Terminal
from tests.reports import CLOSED, REQUESTED, SUCCEEDED, Folder, asked_back, sold, take, unsent
from tests.shopfloor import AGENT, MANAGER, WAREHOUSE, Books, shanghai

NUMBER = "2850000000000000601"
APPLIED = datetime(2026, 11, 9, 9)
"""Three hours before the books' present."""
TOLD = shanghai("2026-11-10 18:00")
"""The deadline that the platform tells, where it tells one."""
COMPUTED = shanghai("2026-11-11 09:00")
"""Applied for at 9:00 on the 9th, and 48 hours for the first reply."""
PATIENCE = shanghai("2026-11-14 23:24")
"""Applied for at 9:00 on the 9th, and 134 hours and 24 minutes of the buyer's patience."""


@dataclass
class Shop:
    """A shop with one refund of 88.00 that is asked for on the platform, under the number R1."""

    books: Books
    folder: Folder

    def wish(self, *, kind: str = "仅退款", status: str = REQUESTED, told: bool = True) -> str:
        """The refund as the platform's list has it now; the case's number."""
        order = sold(NUMBER, ("TS-L", 1, 8800))
        order = order if kind == "退货退款" else unsent(order)
        goods: dict[str, Any] = {} if kind == "退货退款" else {"goods": "买家未收到货"}
        goods |= {"deadline_at": TOLD.replace(tzinfo=None)} if told else {}
        wish = asked_back("R1", order, 8800, kind=kind, status=status, applied_at=APPLIED, **goods)
        other = asked_back(f"9{self.folder.made}", order, 1, status=CLOSED)  # each list is another file
        take(self.books, *self.folder.both(order), self.folder.refunds(wish, other))
        return str(self.books.value("SELECT number FROM cases WHERE platform_number = 'R1'"))

    def item(self) -> TodayItem:
        """The one line of the day's list."""
        (item,) = self.books.do(today).items
        return item

    def late(self) -> tuple[list[str], list[str], int]:
        """The cases past a deadline: as the list has them, as the day's list has them, and how that ends."""
        view = self.books.do(today, overdue=True)
        listed = self.books.do(queue.list_cases, overdue=True).cases
        return [case.number for case in listed], [item.case for item in view.items], view.exit_code

    def at(self, moment: datetime) -> None:
        """Lets time pass until a moment."""
        self.books.at = moment


@pytest.fixture
def shop(books: Books, folder: Folder) -> Shop:
    """A shop with its people."""
    books.hire()
    return Shop(books, folder)


@pytest.mark.parametrize(("told", "due"), [(True, TOLD), (False, COMPUTED)], ids=["told", "computed"])
@pytest.mark.parametrize(("by", "stage"), [(MANAGER, "to_click"), (AGENT, "to_countersign")])
def test_the_platforms_clock_runs_until_the_click_is_made(
    shop: Shop, told: bool, due: datetime, by: str, stage: str
) -> None:
    """88.00 is above an agent's 30.00, so that it waits for a second person; a manager's is to be clicked at once."""
    case = shop.wish(told=told)
    shop.books.do(decisions.approve, case, by=by)
    item = shop.item()
    assert (item.stage, item.due_at, item.source, item.estimated) == (stage, due, "platform", not told)
    assert not item.unverified
    assert shop.books.do(queue.list_cases).cases[0].clocks[0].due_at == due
    shop.at(due)
    assert shop.late() == ([case], [case], 3)
    if by == AGENT:
        (payout,) = shop.books.do(payouts.list_payouts, state="waiting").payouts
        shop.books.do(payout_steps.countersign, payout.number, by=MANAGER)
        assert shop.late() == ([case], [case], 3), "let go and not clicked"


@pytest.mark.parametrize(("told", "due"), [(True, TOLD), (False, COMPUTED)], ids=["told", "computed"])
def test_what_was_clicked_in_time_is_unverified_and_never_overdue(shop: Shop, told: bool, due: datetime) -> None:
    case = shop.wish(told=told)
    shop.books.do(decisions.approve, case, by=MANAGER)
    shop.books.do(platform_list.done, [case], by=MANAGER)
    shop.at(shanghai("2026-11-20 12:00"))
    assert shop.late() == ([], [], 0)
    item = shop.item()
    assert (item.urgency, item.due_at, item.unverified) == ("later", due, True)
    assert item.document()["unverified"] is True
    (clock,) = shop.books.do(case_cards.show, case).document()["case"]["clocks"]
    assert (clock["source"], clock["unverified"]) == ("platform", True)
    shop.wish(told=told)
    assert shop.late() == ([case], [case], 3), "the platform still waits: it was not clicked"
    shop.books.do(platform_list.done, [case], by=MANAGER)
    shop.wish(status=SUCCEEDED, told=told)
    assert shop.late() == ([], [], 0)
    assert shop.books.do(case_cards.show, case).stage == "finished"


def test_the_screens_say_unverified(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    case = shop.wish()
    shop.books.do(decisions.approve, case, by=MANAGER)
    shop.books.do(platform_list.done, [case], by=MANAGER)
    shop.at(shanghai("2026-11-20 12:00"))
    for view in (shop.books.do(today), shop.books.do(queue.list_cases), shop.books.do(case_cards.show, case)):
        view.draw(Terminal())
        assert "not verified" in capsys.readouterr().out, type(view)


@pytest.mark.parametrize("step", ["send", "lose", "confirm"])
def test_money_that_left_takes_the_clock_away(books: Books, step: str) -> None:
    """By hand, without the platform: due 134 hours and 24 minutes after it was applied for, until it is sent."""
    books.hire()
    books.order(NUMBER, ("TS-L", 1, 8800), shipped=False)
    case = books.do(decisions.open_case, NUMBER, kind=Kind.REFUND_ONLY, reason="N_AGREE", by=MANAGER).number
    books.do(decisions.approve, case, by=MANAGER)
    payout = books.do(payouts.refund, case, by=AGENT).number
    due = shanghai("2026-11-15 02:24")
    for countersigned in (False, True):
        if countersigned:
            books.do(payout_steps.countersign, payout, by=MANAGER)
        (item,) = books.do(today).items
        assert (item.clock, item.due_at) == ("patience", due), "neither waiting nor due is paid"
    for move in ("send", *([step] if step != "send" else [])):
        books.do(payout_steps.step, payout, move, by=MANAGER)
    books.at = due
    assert books.do(today, overdue=True).items == ()
    assert books.do(queue.list_cases, overdue=True).cases == ()


def test_what_was_reversed_is_due_again(books: Books) -> None:
    books.hire()
    books.order(NUMBER, ("TS-L", 2, 8800), signed_at=books.at)
    case = books.do(decisions.open_case, NUMBER, kind=Kind.RETURN, reason="Q_FUNC", by=MANAGER).number
    books.do(decisions.approve, case, by=MANAGER)
    books.do(parcels.expect_by_hand, case, "YT5260493176849")
    payout = books.do(payouts.refund, case, waive=["goods_first"], because="老客户", by=MANAGER).number
    for move in ("send", "confirm"):
        books.do(payout_steps.step, payout, move, by=MANAGER)
    assert books.do(case_cards.show, case).clocks == ()
    books.do(payout_steps.reverse, payout, because="付错了人", by=MANAGER)
    assert [clock.name for clock in books.do(case_cards.show, case).clocks] == ["patience"]


def test_a_price_cut_that_was_sent_has_no_clock(books: Books) -> None:
    books.hire()
    books.order(NUMBER, ("TS-L", 1, 8800))
    case = books.do(decisions.open_case, NUMBER, kind=Kind.ALLOWANCE, reason="Q_LOOK", amount=2000).number
    books.do(decisions.approve, case, by=MANAGER)
    payout = books.do(payouts.refund, case, by=MANAGER).number
    assert [clock.name for clock in books.do(case_cards.show, case).clocks] == ["patience"]
    books.do(payout_steps.step, payout, "send", by=MANAGER)
    assert books.do(case_cards.show, case).clocks == ()


def test_a_refusal_that_nobody_clicked_is_overdue_on_the_platform(shop: Shop) -> None:
    """The platform agrees by itself when its deadline passes: the shop's refusal counts once it was clicked."""
    case = shop.wish(told=False)
    shop.books.do(decisions.reject, case, because="不符合七天无理由", by=MANAGER)
    assert shop.item().due_at == COMPUTED
    shop.at(COMPUTED)
    assert shop.late() == ([case], [case], 3)
    shop.books.do(platform_list.done, [case], by=MANAGER)
    assert shop.late() == ([], [], 0)


def test_the_buyers_days_begin_when_the_agreement_was_clicked(shop: Shop) -> None:
    """Agreed at noon of the 9th and clicked: 48 hours later the buyer is asked again. While nobody clicked, the buyer
    does not know of it, and the platform waits for the shop.
    """
    case = shop.wish(kind="退货退款", told=False)
    shop.books.do(decisions.approve, case, by=MANAGER)
    view = shop.books.do(case_cards.show, case)
    assert [(clock.name, clock.due_at) for clock in view.clocks] == [
        ("first_reply", COMPUTED),
        ("patience", PATIENCE),
    ]
    shop.at(shanghai("2026-11-11 12:00"))
    view = shop.books.do(case_cards.show, case)
    assert (view.stage, view.next) == ("to_click", "retcli platform todo"), "the buyer is not asked again"
    shop.at(shanghai("2026-11-09 12:00"))
    shop.books.do(platform_list.done, [case], by=MANAGER)
    view = shop.books.do(case_cards.show, case)
    assert [(clock.name, clock.unverified) for clock in view.clocks] == [
        ("ask_again", False),
        ("buyer_returns", False),
        ("first_reply", True),
    ]
    assert view.clock is not None and view.clock.name == "ask_again"


@pytest.mark.parametrize("by", [MANAGER, AGENT])
def test_goods_that_came_back_are_to_be_paid_for_in_time(shop: Shop, by: str) -> None:
    """Inspected on the 10th at noon, whoever agreed: the law gives seven days, whether a second person is awaited or
    the click; the buyer's patience rests while the goods are on their way.
    """
    case = shop.wish(kind="退货退款", told=False)
    shop.books.do(decisions.approve, case, by=by)
    shop.books.do(platform_list.done, [case], by=by)
    shop.books.do(parcels.expect_by_hand, case, "YT5260493176849")
    shop.at(shanghai("2026-11-10 12:00"))
    shop.books.do(inspection.inspect, case, [inspection.parse_item("TS-L=1:A")], by=WAREHOUSE)
    view = shop.books.do(case_cards.show, case)
    assert view.stage == ("to_click" if by == MANAGER else "to_countersign")
    running = [(clock.name, clock.due_at, clock.source) for clock in view.clocks if not clock.unverified]
    assert running == [
        ("patience", shanghai("2026-11-15 23:24"), Source.PATIENCE),
        ("pay_after_receipt", shanghai("2026-11-17 12:00"), Source.STATUTE),
    ]


def test_the_list_to_click_has_the_deadline_that_counts(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    """The platform's list of today gives another deadline than that of the day before; without one it is computed."""
    case = shop.wish(told=False)
    shop.books.do(decisions.approve, case, by=MANAGER)
    (item,) = shop.books.do(platform_list.todo).items
    assert (item.due_at, item.estimated) == (COMPUTED, True)
    shop.books.do(platform_list.todo).draw(Terminal())
    assert "about 11-11 09:00" in capsys.readouterr().out
    shop.wish(told=True)
    (item,) = shop.books.do(platform_list.todo).items
    assert (item.due_at, item.estimated) == (TOLD, False)
    shop.books.do(platform_list.todo).draw(Terminal())
    drawn = capsys.readouterr().out
    assert "11-10 18:00" in drawn and "about" not in drawn


def test_the_platforms_clock_ends_with_its_refund(shop: Shop) -> None:
    """88.00 agreed to, 80.00 of it refunded there: the rest is the shop's, and the platform counts no more."""
    case = shop.wish()
    shop.books.do(decisions.approve, case, by=MANAGER)
    shop.books.do(platform_list.done, [case], by=MANAGER)
    order = unsent(sold(NUMBER, ("TS-L", 1, 8800)))
    told: dict[str, Any] = {"goods": "买家未收到货", "deadline_at": TOLD.replace(tzinfo=None), "kind": "仅退款"}
    wish = asked_back("R1", order, 8000, status=SUCCEEDED, applied_at=APPLIED, **told)
    take(shop.books, shop.folder.refunds(wish))
    running = shop.books.do(case_cards.show, case).clocks
    assert [clock.name for clock in running if clock.source == Source.PLATFORM] == []
