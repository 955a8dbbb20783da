"""What may still leave of an order while a file says that less was paid than the books hold: each door of money after
each way in which money of the same order was let go before.

The order is of 30.00 + 25.00 = 55.00, the newer file says 40.00. After 30.00 only 10.00 may still leave.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from fixtures.model import Order
from retcli.actions.casefile.case_view import view_of
from retcli.actions.casefile.lookup import case_of
from retcli.actions.cases import case_cards, decisions, offers, platform_list
from retcli.actions.imports import import_questions
from retcli.actions.money import group_payment, payout_steps, payouts
from retcli.actions.shop import orders
from retcli.actions.warehouse import inspection, parcels
from retcli.errors import Overdrawn, Refused
from retcli.transaction import opened
from tests.reports import REQUESTED, Folder, asked_back, questions, sold, take, unsent
from tests.shopfloor import FINANCE, MANAGER, OWNER, WAREHOUSE, Books

NUMBER = "2850000000000000961"
FIRST, SECOND = "31", "32"
ORDER = unsent(sold(NUMBER, ("A", 1, 3000), ("B", 1, 2500)))
LEFT = r"A file says that 40\.00 was paid on order \d+, the books say 55\.00: .* at most {} may still leave"


def told_less(books: Books, folder: Folder, order: Order = ORDER) -> None:
    """The newer file, by which 40.00 was paid."""
    take(books, folder.orders(replace(order, paid=4000)))
    assert ("paid", "55.00", "40.00") in [tuple(each)[-3:] for each in questions(books)]


@pytest.fixture
def shop(books: Books, folder: Folder) -> Books:
    """Two wishes on the platform for 30.00 and 25.00, nobody has decided either."""
    books.hire()
    wishes = [
        asked_back(number, ORDER, minor, line=place, kind="仅退款", status=REQUESTED, goods="买家未收到货")
        for place, (number, minor) in enumerate([(FIRST, 3000), (SECOND, 2500)])
    ]
    take(books, *folder.both(ORDER), folder.refunds(*wishes))
    return books


def approve(books: Books, case: str, *besides: str) -> None:
    """The manager agrees, and waives what these wishes need and the rules named `besides`."""
    books.do(decisions.approve, case, waive=["evidence", "goods_back", *besides], because="seen", by=MANAGER)


def payout(books: Books, case: str) -> str:
    """The number of the last payout of a case."""
    query = "SELECT p.number FROM payouts p JOIN cases c ON c.id = p.case_id WHERE c.platform_number = :case"
    return str(books.rows(f"{query} ORDER BY p.id", case=case)[-1][0])


def states(books: Books, case: str) -> list[tuple[str, int]]:
    """State and minor units of the payouts of a case."""
    query = "SELECT p.state, p.minor FROM payouts p JOIN cases c ON c.id = p.case_id WHERE c.platform_number = :case"
    return [tuple(row) for row in books.rows(f"{query} ORDER BY p.id", case=case)]


def next_step(books: Books, case: str) -> str:
    """The first command that a case names."""
    with opened(books.asked(), writes=False) as desk:
        return view_of(desk, case_of(desk, case)).next.partition("\n")[0]


# -- what was let go before --------------------------------------------------------------------------------------------


def _due(books: Books) -> None:
    approve(books, FIRST)


def _clicked(books: Books) -> None:
    approve(books, FIRST)
    books.do(platform_list.done, [FIRST], by=MANAGER)


def _step(*moves: str) -> Callable[[Books], None]:
    def stepped(books: Books) -> None:
        approve(books, FIRST)
        for move in moves:
            books.do(payout_steps.step, payout(books, FIRST), move, because="x", by=MANAGER)

    return stepped


def _freight(books: Books) -> None:
    waive = ["approval", "freight"]
    books.do(payouts.freight_back, FIRST, 3000, waive=waive, because="seen", by=MANAGER)


def _cash(books: Books) -> None:
    books.do(payouts.compensate, FIRST, cash=3000, waive=["approval"], because="seen", by=MANAGER)


def _offer(books: Books) -> None:
    books.do(offers.offer, FIRST, "compensation", amount=3000, by=MANAGER)
    books.do(offers.answer, FIRST, accepted=True, by=MANAGER)


def _in_pieces(books: Books) -> None:
    for minor in (1000, 1500, 500):
        books.do(payouts.compensate, FIRST, cash=minor, waive=["approval"], because="seen", by=MANAGER)


BEFORE = {
    "due": _due,
    "clicked": _clicked,
    "sent": _step("send"),
    "nobody knows": _step("send", "lose"),
    "arrived": _step("confirm"),
    "freight": _freight,
    "cash": _cash,
    "offer": _offer,
    "pieces": _in_pieces,
}


# -- the doors, each for so many minor units --------------------------------------------------------------------------


def _pay(books: Books, minor: int, *, dry_run: bool = False) -> None:
    books.do(payouts.refund, SECOND, amount=minor, dry_run=dry_run, by=MANAGER)


def _pay_freight(books: Books, minor: int, *, dry_run: bool = False) -> None:
    books.do(payouts.freight_back, SECOND, minor, waive=["freight"], because="seen", dry_run=dry_run, by=MANAGER)


def _pay_cash(books: Books, minor: int, *, dry_run: bool = False) -> None:
    waive = ["approval", "beyond_price"]  # all that was paid for it is agreed to, too
    books.do(payouts.compensate, SECOND, cash=minor, waive=waive, because="seen", dry_run=dry_run, by=MANAGER)


def _accept(books: Books, minor: int, *, dry_run: bool = False) -> None:
    waived: dict[str, Any] = {"waive": ["beyond_price"], "because": "seen"}
    books.do(offers.offer, SECOND, "compensation", amount=minor, by=MANAGER, **waived)
    books.do(offers.answer, SECOND, accepted=True, dry_run=dry_run, by=MANAGER)


DOORS: dict[str, Callable[..., None]] = {
    "refund": _pay,
    "freight": _pay_freight,
    "cash": _pay_cash,
    "offer": _accept,
}


@pytest.mark.parametrize("before", BEFORE)
def test_after_30_00_just_10_00_may_still_leave(shop: Books, folder: Folder, before: str) -> None:
    """By each door; an approval pays nothing by itself then, as where one payout alone is above the lesser."""
    told_less(shop, folder)
    BEFORE[before](shop)
    approve(shop, SECOND)
    assert states(shop, SECOND) == []
    assert SECOND not in [item.platform_number for item in shop.do(platform_list.todo).items]
    assert next_step(shop, SECOND) == "retcli imports questions"
    for door in DOORS.values():
        for minor in (2500, 1001):
            with pytest.raises(Overdrawn, match=LEFT.format(r"10\.00")) as refused:
                door(shop, minor)
            assert refused.value.hint == "retcli imports questions"
        door(shop, 1000, dry_run=True)
    _pay(shop, 1000)
    for door in DOORS.values():
        with pytest.raises(Overdrawn, match=LEFT.format(r"0\.00")):
            door(shop, 1)
    assert shop.value("SELECT SUM(minor) FROM payouts WHERE state <> 'failed'") == 4000
    with pytest.raises(Refused, match=r"25\.00 asked for, 10\.00 agreed to"):
        shop.do(platform_list.done, [SECOND], by=MANAGER)
    shop.check()


def test_inspected_goods_are_paid_no_more_than_is_left(books: Books, folder: Folder) -> None:
    """30.00 are due; the goods of a return for 25.00 come back, and its payout is not made by itself."""
    books.hire()
    order = sold(NUMBER, ("A", 1, 3000), ("B", 1, 2500))
    first = asked_back(FIRST, order, 3000, line=0, kind="仅退款", status=REQUESTED)
    take(books, *folder.both(order), folder.refunds(first, asked_back(SECOND, order, 2500, line=1, status=REQUESTED)))
    told_less(books, folder, order)
    for case in (FIRST, SECOND):
        books.do(decisions.approve, case, waive=["evidence", "goods_back", "window"], because="seen", by=MANAGER)
    books.do(parcels.expect_by_hand, SECOND, "YT5260493176849")
    books.do(inspection.inspect, SECOND, [inspection.parse_item("B=1:A")], by=WAREHOUSE)
    assert (states(books, FIRST), states(books, SECOND)) == ([("due", 3000)], [])
    assert next_step(books, SECOND) == "retcli imports questions"
    with pytest.raises(Overdrawn, match=LEFT.format(r"10\.00")):
        books.do(payouts.refund, SECOND, by=MANAGER)


@pytest.mark.parametrize("undone", ["fail", "reverse"])
def test_what_did_not_leave_in_the_end_leaves_room_again(shop: Books, folder: Folder, undone: str) -> None:
    told_less(shop, folder)
    _cash(shop)
    number = payout(shop, FIRST)
    if undone == "fail":
        shop.do(payout_steps.step, number, "fail", because="x", by=MANAGER)
    else:
        shop.do(payout_steps.step, number, "confirm", by=MANAGER)
        shop.do(payout_steps.reverse, number, because="x", by=MANAGER)
    _pay_cash(shop, 4000)
    with pytest.raises(Overdrawn, match=LEFT.format(r"0\.00")):
        _pay_cash(shop, 1)


def test_a_coupon_and_points_are_no_money_of_the_order(shop: Books, folder: Folder) -> None:
    told_less(shop, folder)
    shop.do(payouts.compensate, FIRST, coupon=5000, waive=["approval"], because="seen", by=MANAGER)
    shop.do(payouts.compensate, FIRST, points=5000, by=MANAGER)
    _pay_cash(shop, 4000)


def test_a_group_pays_no_more_than_is_left(shop: Books, folder: Folder) -> None:
    """Both approved while nothing could leave by itself, since 41.00 of amends were to; then those failed."""
    told_less(shop, folder)
    _pay_cash(shop, 4000)
    for case in (FIRST, SECOND):
        approve(shop, case, "beyond_price")  # 40.00 + 30.00 + 25.00 of the 55.00 that were paid
    shop.do(payout_steps.step, payout(shop, SECOND), "fail", because="x", by=MANAGER)
    tried = shop.do(group_payment.due_refunds, by=MANAGER)
    assert [each.money.minor for each in tried.payments] == [3000]
    ((minor, why),) = [(each.money.minor, each.why) for each in tried.stopped]
    assert (minor, re.search(LEFT.format(r"10\.00"), why) is not None) == (2500, True)
    shop.do(group_payment.refund_seen, tried.payments[0].seen, by=MANAGER)
    with pytest.raises(Overdrawn, match=LEFT.format(r"10\.00")):
        shop.do(payouts.refund, SECOND, by=MANAGER)
    stopped = shop.do(group_payment.due_refunds, by=MANAGER)
    assert (stopped.payments, [each.why for each in stopped.stopped]) == ((), [why])


# -- let go before the question came ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "last"), [("send", "confirm"), ("confirm", "done"), ("done", "send")])
def test_of_two_that_were_due_before_one_may_leave(shop: Books, folder: Folder, first: str, last: str) -> None:
    """25.00 and 30.00 are due, then the file says 40.00: whichever goes first leaves, the other one does not."""

    def leave(case: str, how: str) -> None:
        if how == "done":
            shop.do(platform_list.done, [case], by=MANAGER)
        else:
            shop.do(payout_steps.step, payout(shop, case), how, by=MANAGER)

    for case in (FIRST, SECOND):
        approve(shop, case)
    told_less(shop, folder)
    leave(SECOND, first)
    assert next_step(shop, FIRST) == "retcli imports questions"
    assert FIRST not in [item.platform_number for item in shop.do(platform_list.todo).items]
    with pytest.raises(Overdrawn, match=LEFT.format(r"15\.00")):
        leave(FIRST, last)


def test_one_click_for_two_payouts_is_measured_as_one(shop: Books, folder: Folder) -> None:
    """20.00 and 10.00 by one click of 30.00 beside amends of 11.00: neither alone is too much, the click is."""
    approve(shop, FIRST)
    shop.do(payout_steps.step, payout(shop, FIRST), "fail", because="in two", by=MANAGER)
    for minor in (2000, 1000):
        shop.do(payouts.refund, FIRST, amount=minor, by=MANAGER)
    shop.do(payouts.compensate, SECOND, cash=1100, waive=["approval"], because="seen", by=MANAGER)
    shop.do(payout_steps.step, payout(shop, SECOND), "confirm", by=MANAGER)
    told_less(shop, folder)
    assert FIRST not in [item.platform_number for item in shop.do(platform_list.todo).items]
    for act in (
        lambda: shop.do(platform_list.done, [FIRST], by=MANAGER),
        lambda: shop.do(payout_steps.step, payout(shop, FIRST), "send", by=MANAGER),
    ):
        with pytest.raises(Overdrawn, match=LEFT.format(r"29\.00")):
            act()


def test_a_second_person_lets_no_more_go(shop: Books, folder: Folder) -> None:
    """55.00 of amends, more than an agent's 30.00, wait for a second person since before the file."""
    shop.do(payouts.compensate, SECOND, coupon=100, waive=["approval"], because="seen", by=MANAGER)
    _pay_cash(shop, 5500)  # the manager says why it may exceed the 25.00 of the goods
    shop.do(payout_steps.step, payout(shop, SECOND), "fail", because="x", by=MANAGER)
    shop.do(payouts.compensate, SECOND, cash=5500, by=FINANCE)
    assert states(shop, SECOND) == [("due", 100), ("failed", 5500), ("waiting", 5500)]
    told_less(shop, folder)
    approve(shop, FIRST, "beyond_price")  # 55.00 + 30.00 of the 55.00 that were paid
    with pytest.raises(Overdrawn, match=LEFT.format(r"10\.00")):
        shop.do(payout_steps.countersign, payout(shop, SECOND), by=OWNER)


def test_what_waits_says_so_on_the_list_and_by_its_stage(shop: Books, folder: Folder) -> None:
    """30.00 and 25.00 are to be clicked, then the file says 40.00: after the 25.00 just 15.00 may leave."""
    for case in (FIRST, SECOND):
        approve(shop, case)
    told_less(shop, folder)
    shop.do(platform_list.done, [SECOND], by=MANAGER)
    todo = shop.do(platform_list.todo)
    assert [(each.money.minor, each.left and each.left.minor, each.next) for each in todo.held] == [
        (3000, 1500, "retcli imports questions")
    ]
    shown = shop.do(case_cards.show, FIRST)
    assert (shown.stage, todo.items) == ("paid_asked", ())
    assert "40.00 was paid: not answered yet, at most 15.00 may leave until then" in shown.stands_out[0]
    assert [each.stage for each in shop.do(orders.show, NUMBER).cases] == ["paid_asked", "paying"]
    shop.do(payout_steps.step, payout(shop, FIRST), "fail", because="x", by=MANAGER)
    assert shop.do(case_cards.show, FIRST).stage == "paid_asked"
    shop.do(import_questions.answer, 1, "keep", by=OWNER)
    # its payout failed, and its application waits there still
    (held,) = shop.do(platform_list.todo).held
    assert (held.asked and held.asked.minor, held.next) == (3000, f"retcli pay refund {held.case}")
    assert shop.do(case_cards.show, FIRST).stage == "to_pay"
