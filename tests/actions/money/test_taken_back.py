"""Of what the platform paid and was taken back here only what was agreed to is owed, and paid anew by a waiver."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fixtures.model import Refund
from retcli.actions.cases import case_cards, decisions, platform_list
from retcli.actions.insight import today
from retcli.actions.money import group_payment, payout_steps, payouts
from retcli.errors import Refused, WrongCommand
from retcli.rules.lifecycles import Kind
from retcli.views.cases.queue import Seen
from tests.reports import REQUESTED, SUCCEEDED, Folder, asked_back, see_each, sold, take, unsent
from tests.shopfloor import AGENT, MANAGER, Books, shanghai

NUMBER = "2850000000000000761"
THERE = shanghai("2026-11-10 10:00").replace(tzinfo=None)


def wished(books: Books, folder: Folder, amount: int) -> Refund:
    """Two pieces for 100.00, of which so many fen are asked back without goods."""
    books.hire()
    bought = unsent(sold(NUMBER, ("CUP", 2, 10000)))
    wish = asked_back("R1", bought, amount, kind="仅退款", status=REQUESTED, goods="买家未收到货", quantity=2)
    take(books, *folder.both(bought), folder.refunds(wish))
    return wish


def told(books: Books, folder: Folder, wish: Refund, amount: int, **facts: Any) -> None:
    """The platform's report says that it paid so many fen; a person has seen each question."""
    books.at = shanghai("2026-11-11 12:00")
    take(books, folder.refunds(replace(wish, amount=amount, status=SUCCEEDED, finished_at=THERE, **facts)))
    see_each(books, MANAGER)


def turned_back(books: Books, origin: str) -> None:
    """The payout of an origin is taken back."""
    live = "state = 'confirmed' AND reverses_id IS NULL ORDER BY id"
    number = books.value(f"SELECT number FROM payouts WHERE origin = '{origin}' AND {live}")
    books.do(payout_steps.reverse, number, because="买家退回", by=MANAGER)


def money(books: Books, case: str = "R1") -> dict[str, int]:
    document = books.do(case_cards.show, case).document()["case"]
    return {name: (document[name] or {"minor": 0})["minor"] for name in ("due", "agreed", "paid")}


def agreed(books: Books, folder: Folder, amount: int, by: str = MANAGER) -> Refund:
    """So many fen asked back, agreed to and clicked by somebody."""
    wish = wished(books, folder, amount)
    books.do(decisions.approve, "R1", by=by)
    books.do(platform_list.done, ["R1"], by=by)
    return wish


def paid_against(books: Books, folder: Folder) -> Refund:
    """100.00 turned down, paid there all the same, and given back by the buyer."""
    wish = wished(books, folder, 10000)
    books.do(decisions.reject, "R1", because="照片对不上", by=MANAGER)
    books.do(platform_list.done, ["R1"], by=MANAGER)
    told(books, folder, wish, 10000)
    turned_back(books, "platform")
    return wish


def paid_anew(books: Books, case: str, because: str = "银行退回") -> str:
    """What is owed on a case is paid once more by the manager's waiver; the payout's number."""
    return books.do(payouts.refund, case, waive=["paid_there"], because=because, by=MANAGER).number


def test_what_was_paid_against_a_refusal_is_not_due(books: Books, folder: Folder) -> None:
    """Nothing is owed of what the shop never agreed to."""
    paid_against(books, folder)
    assert money(books) == {"due": 0, "agreed": 0, "paid": 0}
    assert books.value("SELECT SUM(cash) FROM draws") == 0
    listed = books.do(group_payment.due_refunds, by=MANAGER)
    assert (listed.payments, listed.stopped) == ((), ())
    with pytest.raises(Refused, match=r"Nothing is due on .* now"):
        books.do(payouts.refund, "R1", by=MANAGER)
    assert books.value("SELECT COUNT(*) FROM events WHERE action = 'fall_back'") == 1
    books.check()


def test_what_nobody_agreed_to_here_is_not_due(books: Books, folder: Folder) -> None:
    """100.00 paid there before anybody decided, and given back: nothing is owed, and no waiver alone pays it."""
    wish = wished(books, folder, 10000)
    told(books, folder, wish, 10000)
    turned_back(books, "platform")
    assert money(books) == {"due": 0, "agreed": 0, "paid": 0}
    assert books.value("SELECT SUM(cash) FROM draws") == 0
    listed = books.do(group_payment.due_refunds, by=MANAGER)
    assert (listed.payments, listed.stopped) == ((), ())
    with pytest.raises(Refused, match=r"Nothing is due on .* now"):
        books.do(payouts.refund, "R1", by=MANAGER)
    with pytest.raises(WrongCommand):
        books.do(payouts.refund, "R1", waive=["paid_there"], because="补", by=MANAGER)
    assert "pay refund" not in str(books.do(case_cards.show, "R1").next)
    day = books.do(today.today, by=MANAGER).document()
    assert "pay refund" not in str(day)
    told(books, folder, wish, 10000, note="再看")
    assert money(books) == {"due": 0, "agreed": 0, "paid": 0}
    books.check()


@pytest.mark.parametrize("first", ["own", "platform"])
def test_what_was_let_go_here_is_due_again_though_only_the_platform_agreed(
    books: Books, folder: Folder, first: str
) -> None:
    """A return of 60.00 that the platform agreed to; let go here once it was in; 75.00 paid there. Both came back."""
    books.hire()
    bought = sold(NUMBER, ("CUP", 1, 10000))
    back = asked_back("R1", bought, 6000, status="卖家已经同意退款，等待买家退货", waybill="SF7000000000761")
    take(books, *folder.both(bought), folder.refunds(back))
    assert books.rows("SELECT decision, decided_as FROM cases") == [("approved", "platform")]
    books.do(payouts.refund, "R1", waive=["goods_first"], because="老客户", by=MANAGER)
    told(books, folder, back, 7500)
    assert money(books) == {"due": 7500, "agreed": 0, "paid": 7500}
    for origin in (first, "own" if first == "platform" else "platform"):
        turned_back(books, origin)
    case = str(books.value("SELECT number FROM cases"))
    anew = books.do(payouts.refund, case, waive=["paid_there"], because="买家换卡", by=MANAGER)
    assert anew.money.minor == 6000
    books.check()


def agreed_to_less(books: Books, folder: Folder) -> None:
    """60.00 agreed to and clicked, 75.00 paid there: 15.00 more, written down as the platform's."""
    wish = agreed(books, folder, 6000)
    told(books, folder, wish, 7500)
    assert money(books) == {"due": 7500, "agreed": 6000, "paid": 7500}


def test_the_excess_that_came_back_is_not_due(books: Books, folder: Folder) -> None:
    agreed_to_less(books, folder)
    turned_back(books, "platform")
    assert money(books) == {"due": 6000, "agreed": 6000, "paid": 6000}
    listed = books.do(group_payment.due_refunds, by=AGENT)
    assert (listed.payments, listed.stopped) == ((), ())
    books.check()


def test_what_was_agreed_to_less_the_excess_is_open_by_a_waiver(books: Books, folder: Folder) -> None:
    """The 60.00 came back and the 15.00 stand: 60.00 - 15.00 = 45.00 may be paid, singly, by a manager's waiver."""
    agreed_to_less(books, folder)
    turned_back(books, "own")
    case = str(books.value("SELECT number FROM cases"))
    shown = books.do(case_cards.show, case)
    assert (shown.stage, shown.due.minor) == ("taken_back", 1500), "nothing more is due by itself"
    assert shown.next.splitlines() == [
        f"retcli case finish {case} --because TEXT",
        f"retcli pay refund {case} --waive paid_there --because TEXT",
    ]
    anew = books.do(payouts.refund, case, waive=["paid_there"], because="买家换卡", by=MANAGER)
    assert (anew.money.minor, anew.method) == (4500, "transfer")
    books.do(payout_steps.step, anew.number, "confirm", by=MANAGER)
    assert money(books) == {"due": 6000, "agreed": 6000, "paid": 6000}
    books.check()


def slip(books: Books, folder: Folder) -> str:
    """25.00 agreed to, clicked and paid there by the report; taken back here by a slip. The case."""
    wish = agreed(books, folder, 2500, AGENT)
    told(books, folder, wish, 2500)
    turned_back(books, "own")
    return str(books.value("SELECT number FROM cases"))


def test_nobody_pays_again_by_himself_what_the_platform_says_it_paid(books: Books, folder: Folder) -> None:
    case = slip(books, folder)
    with pytest.raises(Refused, match="the platform says it paid") as refusal:
        books.do(payouts.refund, case, by=AGENT)
    assert f"pay refund {case} --waive paid_there" in str(refusal.value.hint)
    with pytest.raises(Refused):
        books.do(payouts.refund, case, waive=["paid_there"], because="手滑", by=AGENT)
    listed = books.do(group_payment.due_refunds, by=AGENT)
    assert (listed.payments, [each.case for each in listed.stopped]) == ((), [case])
    paid_anew(books, case)
    assert books.rows("SELECT minor, state FROM payouts ORDER BY id DESC LIMIT 1") == [(2500, "due")]
    books.check()


def test_a_waiver_stands_for_one_payment(books: Books, folder: Folder) -> None:
    """25.00 paid anew by the manager's leave came back too: an agent may not pay it a third time by that leave."""
    case = slip(books, folder)
    anew = paid_anew(books, case)
    books.do(payout_steps.step, anew, "confirm", by=MANAGER)
    books.do(payout_steps.reverse, anew, because="又退回", by=MANAGER)
    with pytest.raises(Refused, match="the platform says it paid"):
        books.do(payouts.refund, case, by=AGENT)
    listed = books.do(group_payment.due_refunds, by=MANAGER)
    assert (listed.payments, [each.case for each in listed.stopped]) == ((), [case])
    paid_anew(books, case, "换了账户")
    assert books.rows("SELECT minor, state FROM payouts ORDER BY id DESC LIMIT 1") == [(2500, "due")]
    books.check()


def test_it_is_never_paid_in_a_group_whatever_was_waived(books: Books, folder: Folder) -> None:
    case = slip(books, folder)
    anew = paid_anew(books, case)
    books.do(payout_steps.step, anew, "fail", because="又退回", by=MANAGER)
    version = books.value("SELECT version FROM cases")
    shown = books.do(case_cards.show, case)
    with pytest.raises(Refused, match="only by a command of its own"):
        books.do(group_payment.refund_seen, Seen(case, version, shown.due), by=MANAGER)


def test_nothing_is_waived_before_it_stands(books: Books, folder: Folder) -> None:
    wished(books, folder, 2500)
    books.do(decisions.approve, "R1", by=AGENT)
    with pytest.raises(WrongCommand):
        books.do(payouts.refund, "R1", waive=["paid_there"], because="先备着", by=MANAGER)


def test_what_a_shop_of_ours_pays_beside_a_lesser_refund_is_open_without_a_waiver(books: Books, folder: Folder) -> None:
    """Of 100.00 agreed to the platform paid 40.00: the other 60.00 go by transfer, and again where that bounced."""
    wish = agreed(books, folder, 10000)
    told(books, folder, wish, 4000)
    for _time in range(2):
        rest = books.do(payouts.refund, "R1", by=MANAGER)
        assert rest.money.minor == 6000
        books.do(payout_steps.step, rest.number, "confirm", by=MANAGER)
        books.do(payout_steps.reverse, rest.number, because="退回", by=MANAGER)
    books.check()


def test_the_same_list_once_more_makes_no_case_give_way_for_what_was_taken_back(books: Books, folder: Folder) -> None:
    """The 100.00 that came back are free: 50.00 agreed to since stay agreed to, though the list still says 100.00."""
    wish = paid_against(books, folder)
    cut = books.do(
        decisions.open_case, NUMBER, kind=Kind.ALLOWANCE, reason="Q_LOOK", amount=5000, channel="phone", by=MANAGER
    ).number
    books.do(decisions.approve, cut, by=MANAGER)
    told(books, folder, wish, 10000, note="再看")
    assert money(books, cut)["due"] == 5000
    assert money(books)["due"] == 0
    books.check()


def test_the_same_list_once_more_agrees_to_nothing_that_was_decided_here_since(books: Books, folder: Folder) -> None:
    """Taken back and given up by the buyer: the list of yesterday takes no case up again."""
    wish = agreed(books, folder, 10000)
    told(books, folder, wish, 10000)
    turned_back(books, "own")
    books.do(decisions.withdraw, "R1", because="买家不要了", by=MANAGER)
    told(books, folder, wish, 10000, note="再看")
    shown = books.do(case_cards.show, "R1")
    assert (shown.decision, money(books)["due"]) == ("withdrawn", 0)
    books.check()
