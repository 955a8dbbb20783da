"""The queue of undecided cases, on both databases."""

from datetime import timedelta

import pytest

from retcli.actions.cases import case_cards, changes, decisions, queue
from retcli.actions.insight import today
from retcli.errors import Changed, Refused, WrongCommand
from retcli.rules.lifecycles import Kind
from retcli.transaction import opened as shop_opened
from retcli.views.cases.queue import CardView, Seen
from tests.shopfloor import AGENT, MANAGER, OWNER, WAREHOUSE, Books


@pytest.fixture
def shop(books: Books) -> Books:
    """A shop with its people."""
    books.hire()
    return books


def opened(books: Books, n: int, cash: int, *, days_ago: int = 3, **options: object) -> str:
    """A return without a reason on an order of its own, signed so many days ago; its number."""
    wanted = {"kind": Kind.RETURN, "reason": "B_7D", "by": AGENT} | options
    order = books.order(f"28500000000000001{n:02}", ("TS-M", 1, cash), signed_at=books.at - timedelta(days=days_ago))
    return books.do(decisions.open_case, order, **wanted).number  # type: ignore[arg-type]


def seen(books: Books, number: str) -> Seen:
    """The case as it is looked at now."""
    found = card(books, number)
    assert found is not None
    return found.seen


def card(books: Books, number: str) -> CardView | None:
    """What is looked at; nothing where the case is decided."""
    with shop_opened(books.asked(), writes=False) as work:
        return queue.card(work, number)


def test_the_queue_has_the_order_of_the_day_and_only_what_is_undecided(shop: Books) -> None:
    early = opened(shop, 1, 1000)
    shop.later(hours=48)
    cheap, dear, decided = opened(shop, 2, 2000), opened(shop, 3, 9000), opened(shop, 4, 500)
    shop.do(decisions.approve, decided, by=AGENT)
    waiting = shop.do(queue.waiting, by=AGENT)
    assert waiting.cases == (early, dear, cheap), "overdue for its reply, then by money at risk"
    listed = [item.case for item in shop.do(today.today).items if item.case != decided]
    assert list(waiting.cases) == listed
    with pytest.raises(Refused, match="may not"):
        shop.do(queue.waiting, by=WAREHOUSE)


def test_a_case_left_to_a_manager_waits_for_one(shop: Books) -> None:
    number, other = opened(shop, 1, 1000), opened(shop, 2, 1000)
    assert set(shop.do(queue.bosses, by=AGENT).names) == {MANAGER, OWNER}
    assert shop.do(queue.bosses, by=MANAGER).names == (OWNER,)
    view = shop.do(queue.hand_up, seen(shop, number), MANAGER, "an old customer", by=AGENT)
    assert (view.owner, view.at_the_desk.note) == (MANAGER, "小美: an old customer")
    waiting = shop.do(queue.waiting, by=AGENT)
    assert (waiting.cases, waiting.above) == ((other,), 1)
    waiting = shop.do(queue.waiting, by=MANAGER)
    assert (set(waiting.cases), waiting.above) == ({number, other}, 0)
    with pytest.raises(WrongCommand, match="no manager"):
        shop.do(queue.hand_up, seen(shop, other), WAREHOUSE, by=AGENT)
    shop.check()


def test_what_was_looked_at_is_what_is_decided(shop: Books) -> None:
    number = opened(shop, 1, 9900)
    before = seen(shop, number)
    shop.do(changes.change, number, kind="refund-only", amount=2000, because="kept them", by=MANAGER)
    for action in (
        lambda: shop.do(queue.approve_seen, before, by=AGENT),
        lambda: shop.do(queue.reject_seen, before, "worn", by=AGENT),
        lambda: shop.do(queue.offer_seen, before, "explain", by=AGENT),
        lambda: shop.do(queue.hand_up, before, MANAGER, by=AGENT),
    ):
        with pytest.raises(Changed, match="changed by somebody else"):
            action()
    assert shop.do(queue.approve_seen, seen(shop, number), by=AGENT).due.minor == 2000
    assert card(shop, number) is None, "decided: nothing to look at"
    shop.check()


def test_another_amount_than_was_looked_at_is_not_approved(shop: Books) -> None:
    """A price cut on the same line draws its money; the case itself was not touched."""
    order = shop.order("2850000000000000099", ("TS-M", 2, 10000))
    number = shop.do(decisions.open_case, order, kind=Kind.RETURN, reason="B_7D").number
    before = seen(shop, number)
    cut = shop.do(decisions.open_case, order, kind=Kind.ALLOWANCE, reason="N_AGREE", amount=1000).number
    shop.do(decisions.approve, cut)
    with pytest.raises(Changed, match=r"judged otherwise by now: 90\.00 due"):
        shop.do(queue.approve_seen, before)
    assert shop.do(case_cards.show, number).decision == "requested"
    shop.check()


def test_only_what_is_plainly_yes_goes_into_the_group(shop: Books) -> None:
    plain, late = opened(shop, 1, 3000), opened(shop, 2, 3000, days_ago=20)
    dear, swap = opened(shop, 3, 50000), opened(shop, 4, 3000, kind=Kind.EXCHANGE, reason="SZ_FIT", want=["TS-M"])
    asks = opened(shop, 5, 3000, kind=Kind.INQUIRY, reason="L_NOTRACK")
    group = shop.do(queue.plain_ones)
    assert {case.number for case in group.cases} == {plain, dear, swap}
    assert {case.number for case in shop.do(queue.plain_ones, most=3000).cases} == {plain, swap}
    assert {case.number for case in shop.do(queue.plain_ones, kind="return").cases} == {plain, dear}
    assert shop.do(case_cards.show, late).judgement.verdict == "no"
    assert shop.do(case_cards.show, asks).judgement.verdict == "person"


def test_an_inquiry_is_answered_by_its_approval(shop: Books) -> None:
    number = opened(shop, 1, 3000, kind=Kind.INQUIRY, reason="L_NOTRACK")
    view = shop.do(queue.approve_seen, seen(shop, number), by=AGENT)
    assert (view.stage, view.due.minor) == ("finished", 0)
    shop.check()
