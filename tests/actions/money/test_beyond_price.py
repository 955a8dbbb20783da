"""Amends and price cuts end at what was paid for the goods, whatever the door, unless a manager says why."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest

from retcli.actions.cases import case_cards, decisions, offers, queue
from retcli.actions.money import payout_steps, payouts
from retcli.errors import Refused, RetcliError
from retcli.rules.casefile.findings import Answer
from retcli.rules.cases.remedies import Rung
from retcli.rules.lifecycles import Kind
from retcli.rules.money.minor_units import Money
from retcli.transaction import opened
from retcli.views.cases.queue import Seen
from tests.shopfloor import AGENT, MANAGER, OWNER, Books

ORDER = "2850000000000000731"
PAID = 4950
BEYOND = "beyond_price"


def case_of(books: Books, kind: Kind, *, agreed: bool = True, **options: Any) -> str:
    """A case on the shirt for 49.50, approved by the owner."""
    reason = "Q_LOOK" if kind == Kind.ALLOWANCE else "Q_FUNC"
    number = books.do(decisions.open_case, ORDER, kind=kind, reason=reason, **options).number
    if agreed:
        books.do(decisions.approve, number, waive=["evidence", "goods_back"], because="seen")
    return number


# what was let go before, on the same shirt: the case on which more is to be given, and how much of 49.50 is left


def nothing(books: Books) -> tuple[str, int]:
    return case_of(books, Kind.RESEND), PAID


def whole_refund(books: Books) -> tuple[str, int]:
    case = case_of(books, Kind.REFUND_ONLY)
    books.do(payouts.refund, case)
    return case, 0


def whole_refund_agreed(books: Books) -> tuple[str, int]:
    """Of a return nothing has left yet, and all of it will."""
    return case_of(books, Kind.RETURN), 0


def part(books: Books) -> tuple[str, int]:
    """44.50 of 49.50."""
    return case_of(books, Kind.RETURN, amount=4450), 500


def price_cut(books: Books) -> tuple[str, int]:
    return case_of(books, Kind.ALLOWANCE, amount=4000), 950


def cut_of_another(books: Books) -> tuple[str, int]:
    case_of(books, Kind.ALLOWANCE, amount=4450)
    return case_of(books, Kind.RESEND), 500


def amends_of_another(books: Books) -> tuple[str, int]:
    books.do(payouts.compensate, case_of(books, Kind.INQUIRY, agreed=False), cash=4000, waive=["approval"], because="x")
    return case_of(books, Kind.RESEND), 950


def amends(books: Books) -> tuple[str, int]:
    """Of an agent's 40.00 that waits for a second person."""
    case = case_of(books, Kind.RESEND)
    assert books.do(payouts.compensate, case, cash=4000, by=AGENT).state == "waiting"
    return case, 950


def amends_failed(books: Books) -> tuple[str, int]:
    case = case_of(books, Kind.RESEND)
    number = books.do(payouts.compensate, case, cash=4000).number
    books.do(payout_steps.step, number, "fail", because="wrong account")
    return case, PAID


def amends_reversed(books: Books) -> tuple[str, int]:
    case = case_of(books, Kind.RESEND)
    number = books.do(payouts.compensate, case, cash=4000).number
    books.do(payout_steps.step, number, "confirm")
    books.do(payout_steps.reverse, number, because="came back")
    return case, PAID


def coupon_and_points(books: Books) -> tuple[str, int]:
    """They are no money of the order."""
    case = case_of(books, Kind.RESEND)
    books.do(payouts.compensate, case, coupon=4000)
    books.do(payouts.compensate, case, points=4000)
    return case, PAID


def way_back(books: Books) -> tuple[str, int]:
    """What the buyer advanced for the way back is owed besides (消法 §24), and lessens nothing."""
    case = case_of(books, Kind.RETURN, amount=4450)
    books.do(payouts.freight_back, case, 1200)
    return case, 500


BEFORE: dict[str, Callable[[Books], tuple[str, int]]] = {
    each.__name__: each
    for each in (
        nothing, whole_refund, whole_refund_agreed, part, price_cut, cut_of_another, amends_of_another, amends,
        amends_failed, amends_reversed, coupon_and_points, way_back,
    )
}  # fmt: skip


# the doors by which so many minor units more are given


def cash(books: Books, case: str, minor: int, *, waive: bool = False) -> None:
    books.do(payouts.compensate, case, cash=minor, **waived(waive), by=MANAGER)


def offered(books: Books, case: str, minor: int, *, waive: bool = False) -> None:
    """What may not be given is not even offered."""
    books.do(offers.offer, case, Rung.COMPENSATION, amount=minor, **waived(waive), by=MANAGER)
    books.do(offers.answer, case, accepted=True, by=AGENT)


def waived(waive: bool) -> dict[str, Any]:
    return {"waive": [BEYOND], "because": "食品安全法 §148"} if waive else {}


DOORS: dict[str, Callable[..., None]] = {"cash": cash, "offer": offered}


def money_of(books: Books) -> int:
    """All money that was let go, in minor units, without the way back."""
    gone = "SELECT COALESCE(SUM(minor), 0) FROM payouts WHERE state <> 'failed' AND kind <> 'freight'"
    return int(books.value(f"{gone} AND method NOT IN ('coupon', 'points')"))


@pytest.fixture
def shop(books: Books) -> Books:
    books.hire()
    books.order(ORDER, ("TS-L", 1, PAID))
    return books


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("before", BEFORE)
def test_every_door_ends_at_what_was_paid(shop: Books, before: str, door: str) -> None:
    """49.50 paid; a fen more than is left of it is refused with both sums, all that is left is given, and a manager's
    reason lets more go.
    """
    case, left = BEFORE[before](shop)
    stood = money_of(shop)
    with pytest.raises(Refused, match=r"49\.50") as refused:
        DOORS[door](shop, case, left + 1)
    gone, more = f"{(PAID - left) / 100:.2f}", f"{(left + 1) / 100:.2f}"
    assert gone in str(refused.value) and more in str(refused.value)
    assert f"--waive {BEYOND}" in str(refused.value.hint)
    assert money_of(shop) == stood
    if left:
        DOORS[door](shop, case, left)
        assert money_of(shop) == stood + left
    DOORS[door](shop, case, 500, waive=True)
    assert money_of(shop) == stood + left + 500
    shop.check()


@pytest.mark.parametrize("door", DOORS)
def test_a_waiver_is_for_so_much_and_by_a_manager(shop: Books, door: str) -> None:
    """5.00 beyond was waived: not a fen more by whichever door."""
    case, _left = whole_refund(shop)
    with pytest.raises(Refused):
        shop.do(payouts.compensate, case, cash=500, waive=[BEYOND], because="x", by=AGENT)
    DOORS[door](shop, case, 500, waive=True)
    for other in DOORS.values():
        with pytest.raises(Refused, match=r"49\.50"):
            other(shop, case, 1)
    shop.check()


def test_an_offer_of_before_is_measured_when_it_is_accepted(shop: Books) -> None:
    """20.00 were offered, then the whole return was agreed to by hand: the buyer's yes pays nothing by itself."""
    case = case_of(shop, Kind.RETURN, amount=2000)
    shop.do(offers.offer, case, Rung.COMPENSATION, amount=2000, by=MANAGER)
    other = case_of(shop, Kind.ALLOWANCE, amount=2000)
    assert other != case
    with pytest.raises(Refused, match=r"49\.50.*40\.00.*20\.00") as refused:
        shop.do(offers.answer, case, accepted=True, by=AGENT)
    assert f"retcli case offer {case} --accepted --waive {BEYOND} --because TEXT" in str(refused.value.hint)
    shop.do(offers.answer, case, accepted=True, **waived(True), by=MANAGER)
    assert money_of(shop) == 2000 + 0
    shop.check()


def seen(books: Books, case: str) -> Seen:
    with opened(books.asked(), writes=False) as desk:
        card = queue.card(desk, case)
    assert card is not None
    return card.seen


def approve(books: Books, case: str) -> None:
    books.do(decisions.approve, case, by=MANAGER)


def review(books: Books, case: str) -> None:
    books.do(queue.approve_seen, seen(books, case), by=MANAGER)


def group(books: Books, case: str) -> None:
    assert [view.number for view in books.do(queue.plain_ones, by=MANAGER).cases] == [case], "not among the plain ones"
    books.do(queue.approve_seen, seen(books, case), plain=True, by=MANAGER)


@pytest.mark.parametrize("minor", [950, 951])
@pytest.mark.parametrize("door", [approve, review, group])
def test_a_price_cut_beside_amends_ends_there_too(shop: Books, door: Callable[[Books, str], None], minor: int) -> None:
    """40.00 of amends were given: of 49.50 a price cut takes 9.50 at most."""
    shop.do(payouts.compensate, case_of(shop, Kind.RESEND), cash=4000)
    case = shop.do(decisions.open_case, ORDER, kind=Kind.ALLOWANCE, reason="N_AGREE", amount=minor).number
    if minor <= 950:
        return door(shop, case)
    with pytest.raises((Refused, AssertionError), match=r"49\.50|plain"):
        door(shop, case)
    shop.do(decisions.approve, case, waive=[BEYOND], because="x", by=MANAGER)
    return shop.check()


def test_a_refund_that_is_owed_is_never_lowered_but_a_manager_lets_it_go(shop: Books) -> None:
    """Amends never lower a refund: the case says what both come to, and that stays on its card once it is agreed to."""
    shop.do(payouts.compensate, case_of(shop, Kind.INQUIRY, agreed=False), cash=500, waive=["approval"], because="x")
    case = case_of(shop, Kind.RETURN, agreed=False)
    view = shop.do(case_cards.show, case)
    (finding,) = [each for each in view.judgement.findings if each.rule == BEYOND]
    assert (finding.answer, view.due.minor) == (Answer.NO, PAID)
    assert list(finding.facts.values()) == [Money(minor, "CNY") for minor in (PAID, 500, 5450, 500)]
    with pytest.raises(Refused, match=r"54\.50"):
        shop.do(decisions.approve, case)
    shop.do(decisions.approve, case, **waived(True), by=MANAGER)
    (stays,) = [each for each in shop.do(case_cards.show, case).judgement.findings if each.rule == BEYOND]
    assert (stays.waived_by, stays.facts) == (MANAGER, finding.facts)


def test_of_one_piece_of_three_no_more_than_its_worth(books: Books) -> None:
    """100.00 for three; one goes back for 33.33, so that on that case nothing more is given, of the other two all."""
    books.hire()
    books.order(ORDER, ("TS-L", 3, 10000), ("CUP", 1, 5000))
    one = books.do(decisions.open_case, ORDER, kind=Kind.RETURN, reason="Q_FUNC", lines=["TS-L=1"]).number
    books.do(decisions.approve, one)
    with pytest.raises(Refused, match=r"33\.33"):
        books.do(payouts.compensate, one, cash=1)
    two = books.do(decisions.open_case, ORDER, kind=Kind.RESEND, reason="Q_FUNC", lines=["TS-L=2"]).number
    books.do(decisions.approve, two, waive=["evidence"], because="x")
    with pytest.raises(Refused, match=r"33\.33 .* 66\.68 .* 100\.01"):
        books.do(payouts.compensate, two, cash=6668)
    books.do(payouts.compensate, two, cash=6667)
    books.check()


def test_freight_counts_where_all_of_it_goes_back(books: Books) -> None:
    """49.50 and 10.00 of freight: the whole refund for a fault is 59.50, and nothing is left for amends."""
    books.hire()
    books.order(ORDER, ("TS-L", 1, PAID), freight=1000)
    case = case_of(books, Kind.RETURN)
    assert books.do(case_cards.show, case).due.minor == 5950
    with pytest.raises(Refused, match=r"59\.50"):
        books.do(payouts.compensate, case, cash=1)


def test_two_desks_at_once_give_no_more_than_was_paid(postgres_books: Books) -> None:
    """30.00 and 30.00 at the same instant on two cases of the shirt: the second finds 30.00 let go."""
    books = postgres_books
    books.hire()
    books.order(ORDER, ("TS-L", 1, PAID))
    first, second = case_of(books, Kind.RESEND), case_of(books, Kind.ALLOWANCE, amount=1)
    faults: list[BaseException] = []

    def give() -> None:
        try:
            books.do(payouts.compensate, second, cash=3000, by=OWNER)
        except RetcliError as fault:
            faults.append(fault)

    other = Thread(target=give)
    with opened(books.asked(MANAGER)) as shop:
        payouts.compensate(shop, first, cash=3000)
        other.start()
        other.join(2)
    other.join(30)
    assert not other.is_alive()
    assert [type(fault) for fault in faults] == [Refused]
    assert books.value("SELECT CAST(SUM(minor) AS BIGINT) FROM payouts WHERE kind = 'compensation'") == 3000
