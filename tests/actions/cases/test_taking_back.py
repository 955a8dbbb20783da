"""Decisions taken back right after they were made, on both databases."""

from datetime import timedelta

import pytest

from retcli.actions.cases import decisions, platform_list, queue, taking_back
from retcli.actions.money import payout_steps, payouts
from retcli.errors import Refused
from retcli.rules.cases.remedies import Rung
from retcli.rules.lifecycles import Kind
from tests.actions.cases.test_queue import opened, seen
from tests.shopfloor import AGENT, MANAGER, WAREHOUSE, Books


@pytest.fixture
def shop(books: Books) -> Books:
    """A shop with its people."""
    books.hire()
    return books


def sums(books: Books) -> tuple[int, ...]:
    """Units, share and cash that all cases together draw."""
    query = "SELECT COALESCE(SUM(units), 0), COALESCE(SUM(share), 0), COALESCE(SUM(cash), 0) FROM draws"
    return tuple(int(n) for n in books.rows(query)[0])


def test_an_approval_taken_back_leaves_what_was_before(shop: Books) -> None:
    number = opened(shop, 1, 9900)
    view = shop.do(queue.approve_seen, seen(shop, number), by=AGENT)
    assert sums(shop) == (1, 9900, 9900)
    view = shop.do(taking_back.decision, number, view.version, by=AGENT)
    assert (view.decision, view.due.minor, sums(shop)) == ("requested", 9900, (1, 0, 0))
    moves = [row[0] for row in shop.rows("SELECT action FROM events WHERE subject = :n ORDER BY seq", n=number)]
    assert moves[-3:] == ["approve", "reconsider", "undo"], "nothing is wiped out: the history tells both"
    shop.check()


def test_a_rejection_and_its_pieces(shop: Books) -> None:
    number = opened(shop, 1, 9900)
    view = shop.do(queue.reject_seen, seen(shop, number), "worn", by=AGENT)
    assert sums(shop) == (0, 0, 0)
    view = shop.do(taking_back.decision, number, view.version, by=AGENT)
    assert (view.decision, sums(shop)) == ("requested", (1, 0, 0))
    assert shop.value("SELECT because FROM cases") == ""
    shop.check()


def test_a_price_cut_asks_for_its_amount_again_and_an_inquiry_is_open_again(shop: Books) -> None:
    cut = opened(shop, 1, 9900, kind=Kind.ALLOWANCE, reason="Q_LOOK")
    view = shop.do(queue.approve_seen, seen(shop, cut), amount=500, by=AGENT)
    view = shop.do(taking_back.decision, cut, view.version, amount_named=True, by=AGENT)
    assert (view.due.minor, shop.value("SELECT asked FROM cases"), sums(shop)) == (0, None, (0, 0, 0))
    asked = opened(shop, 2, 9900, kind=Kind.INQUIRY, reason="L_LOST")
    view = shop.do(queue.approve_seen, seen(shop, asked), by=AGENT)
    assert view.stage == "finished"
    view = shop.do(taking_back.decision, asked, view.version, by=AGENT)
    assert view.decision == "requested" and asked in shop.do(queue.waiting, by=AGENT).cases
    shop.check()


def test_an_offer_and_a_case_left_to_the_manager(shop: Books) -> None:
    number = opened(shop, 1, 9900)
    before = seen(shop, number)
    shop.do(queue.offer_seen, before, Rung.COUPON, 500, by=AGENT)
    shop.do(taking_back.offer, number, before.version, by=AGENT)
    assert shop.value("SELECT state FROM offers") == "lapsed"
    view = shop.do(queue.hand_up, before, MANAGER, "please look", by=AGENT)
    view = shop.do(taking_back.hand_over, number, view.version, AGENT, by=AGENT)
    assert view.owner == AGENT and "taken back" in view.at_the_desk.note
    shop.check()


def test_what_something_stands_on_is_not_taken_back(shop: Books) -> None:
    """Money under way; a click made on the platform; what a colleague changed since; and who may not."""
    number = opened(shop, 1, 9900, kind=Kind.REFUND_ONLY, reason="Q_LOOK")
    view = shop.do(queue.approve_seen, seen(shop, number), by=MANAGER)
    paid = shop.do(payouts.refund, number, by=MANAGER)
    shop.do(payout_steps.step, paid.number, "send", by=MANAGER)
    with pytest.raises(Refused, match="Money is out"):
        shop.do(taking_back.decision, number, view.version, by=MANAGER)
    other = opened(shop, 2, 9900)
    view = shop.do(queue.approve_seen, seen(shop, other), by=AGENT)
    with pytest.raises(Refused, match="may not"):
        shop.do(taking_back.decision, other, view.version, by=WAREHOUSE)
    shop.do(decisions.reject, other, because="changed my mind", by=MANAGER)
    with pytest.raises(Refused, match="somebody else"):
        shop.do(taking_back.decision, other, view.version, by=AGENT)
    shop.check()


def test_what_was_clicked_on_the_platform_is_not_taken_back(shop: Books) -> None:
    number = opened(shop, 1, 9900, days_ago=2)
    view = shop.do(queue.approve_seen, seen(shop, number), by=AGENT)
    with_click(shop, number)
    shop.do(platform_list.done, [number], by=AGENT)
    shop.later(**{"seconds": timedelta(minutes=1).total_seconds()})
    with pytest.raises(Refused, match="clicked on the platform already"):
        shop.do(taking_back.decision, number, view.version, by=AGENT)


def with_click(books: Books, number: str) -> None:
    """Puts the click on the list that a case of the platform's own would have."""
    from retcli.actions.casefile import lookup
    from retcli.actions.casefile.case_view import view_of
    from retcli.actions.casefile.records.platform_clicks import ask_click
    from retcli.shop import Shop
    from retcli.views.casefile.cases import CaseView

    def ask(shop: Shop) -> CaseView:
        case = lookup.case_of(shop, number)
        ask_click(shop, case, "agree_return", 9900)
        return view_of(shop, case)

    books.do(ask)
