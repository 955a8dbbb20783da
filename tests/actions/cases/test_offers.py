"""The ladder: advice, offers within limits, answers that are paid, what was saved."""

from datetime import timedelta

import pytest

from retcli.actions.casefile.records import offer_records
from retcli.actions.cases import case_cards, decisions, offers
from retcli.actions.money import payout_steps
from retcli.actions.shop import policies
from retcli.errors import Refused, WrongCommand
from retcli.rules.lifecycles import Kind
from retcli.rules.money.minor_units import Money
from tests.shopfloor import AGENT, MANAGER, NOON, WAREHOUSE, Books
from tests.terminal import Desk

ORDER = "2850000000000000001"


@pytest.fixture
def shop(books: Books) -> Books:
    """A shop with an undecided return of two shirts for 66.67, on an order with 8.00 of freight."""
    books.hire()
    books.order(ORDER, ("TS-M", 3, 10000), freight=800)
    books.do(decisions.open_case, ORDER, kind=Kind.RETURN, reason="B_7D", lines=["TS-M=2"], by=AGENT)
    return books


def states(books: Books) -> list[tuple[str, int, str]]:
    """Rung, amount and state of every offer, oldest first."""
    return [tuple(row) for row in books.rows("SELECT rung, amount, state FROM offers ORDER BY id")]


def test_the_ladder_is_climbed_until_the_buyer_says_yes_and_is_paid(shop: Books) -> None:
    made = shop.do(offers.offer, ORDER, "explain", note="how to wash it", by=AGENT)
    assert (made.offer.state, made.offer.note, made.warning) == ("made", "how to wash it", "")
    told = shop.do(offers.answer, ORDER, accepted=False, by=AGENT)
    assert told.next.endswith("--rung coupon --amount AMOUNT")
    shop.do(offers.offer, ORDER, "coupon", amount=500, by=AGENT)
    shop.do(offers.offer, ORDER, "coupon", amount=800, by=AGENT)
    assert states(shop) == [("explain", 0, "declined"), ("coupon", 500, "lapsed"), ("coupon", 800, "made")]
    done = shop.do(offers.answer, ORDER, accepted=True, by=AGENT)
    assert done.offer.saved == Money(6667 - 800, "CNY")
    paid = shop.rows("SELECT number, kind, method, minor, state FROM payouts")
    assert [tuple(row)[1:] for row in paid] == [("compensation", "coupon", 800, "due")]
    assert done.next == shop.do(case_cards.show, ORDER).next == f"retcli pay sent {paid[0][0]}"
    assert [tuple(row) for row in shop.rows("SELECT rule, by FROM waivers")] == [("approval", AGENT)]
    assert shop.do(policies.waivers).waivers == (), "an agent's own offer overrules no rule"
    shop.check()
    shop.do(payout_steps.step, paid[0][0], "confirm", by=AGENT)
    assert shop.do(case_cards.show, ORDER).next == "retcli case withdraw RC20261109-0001"
    shop.do(decisions.withdraw, ORDER, by=AGENT)
    view = shop.do(decisions.finish, ORDER, by=AGENT)
    assert [(x.rung, x.state) for x in view.offers][-1] == ("coupon", "accepted")
    assert shop.value("SELECT COALESCE(SUM(units), 0) FROM draws") == 0, "the pieces are the buyer's again"
    shop.check()


def test_an_agent_gives_five_to_thirty_yuan_and_a_manager_more(shop: Books) -> None:
    for amount in (499, 3001):
        with pytest.raises(Refused, match=r"小美 \(agent\) offers from 5.00 to 30.00") as refusal:
            shop.do(offers.offer, ORDER, "compensation", amount=amount, by=AGENT)
        assert "case assign" in refusal.value.hint
    for amount in (500, 3000):
        assert shop.do(offers.offer, ORDER, "coupon", amount=amount, by=AGENT).offer.amount.minor == amount
    assert shop.do(offers.offer, ORDER, "compensation", amount=3001, by=MANAGER).offer.amount.minor == 3001
    with pytest.raises(WrongCommand, match="more than nothing"):
        shop.do(offers.offer, ORDER, "coupon", amount=0, by=MANAGER)
    with pytest.raises(Refused, match="may not"):
        shop.do(offers.offer, ORDER, "explain", by=WAREHOUSE)


def test_what_a_manager_offered_an_agent_may_take_down_as_accepted_but_not_let_go_alone(shop: Books) -> None:
    shop.do(offers.offer, ORDER, "compensation", amount=5000, by=MANAGER)
    done = shop.do(offers.answer, ORDER, accepted=True, by=AGENT)
    assert done.next.startswith("retcli pay approve PO")
    assert [tuple(row) for row in shop.rows("SELECT method, minor, state FROM payouts")] == [
        ("transfer", 5000, "waiting")
    ]
    assert shop.value("SELECT by FROM waivers") == MANAGER
    shop.check()


def test_compensation_above_the_freight_is_warned_about(shop: Books) -> None:
    assert shop.do(offers.offer, ORDER, "compensation", amount=800, by=AGENT).warning == ""
    warning = shop.do(offers.offer, ORDER, "compensation", amount=801, by=AGENT).warning
    assert warning == "8.01 is more than the freight of 8.00: compensation normally stays within it"
    assert shop.do(offers.offer, ORDER, "coupon", amount=2000, by=AGENT).warning == "", "a coupon is no money out"


def test_exchange_and_return_lead_to_the_next_command(shop: Books) -> None:
    shop.do(offers.offer, ORDER, "exchange", by=AGENT)
    done = shop.do(offers.answer, ORDER, accepted=True, by=AGENT)
    assert "case change RC20261109-0001 --kind exchange" in done.next
    assert (done.offer.saved, shop.value("SELECT COUNT(*) FROM payouts")) == (Money(6667, "CNY"), 0)
    shop.do(offers.offer, ORDER, "return", by=AGENT)
    assert shop.do(offers.answer, ORDER, accepted=True, by=AGENT).next == "retcli case approve RC20261109-0001"
    with pytest.raises(Refused, match="Nothing is offered"):
        shop.do(offers.answer, ORDER, accepted=True, by=AGENT)


def test_amounts_belong_to_coupons_and_compensation(shop: Books) -> None:
    with pytest.raises(WrongCommand, match="has no amount"):
        shop.do(offers.offer, ORDER, "explain", amount=500)
    with pytest.raises(WrongCommand, match="how much"):
        shop.do(offers.offer, ORDER, "coupon")


def test_an_offer_that_waits_lapses_with_the_approval_and_a_withdrawn_case_gets_none(shop: Books) -> None:
    shop.do(offers.offer, ORDER, "coupon", amount=500, by=AGENT)
    shop.do(decisions.approve, ORDER, by=AGENT)
    assert states(shop) == [("coupon", 500, "lapsed")]
    shop.do(offers.offer, ORDER, "coupon", amount=600, by=AGENT)
    done = shop.do(offers.answer, ORDER, accepted=True, by=AGENT)
    assert (done.offer.saved, shop.value("SELECT COUNT(*) FROM waivers")) == (Money(6067, "CNY"), 0)
    shop.check()
    payout = shop.value("SELECT number FROM payouts")
    shop.do(payout_steps.step, payout, "confirm", by=AGENT)
    shop.do(decisions.withdraw, ORDER, by=AGENT)
    with pytest.raises(Refused, match="nothing is offered any more"):
        shop.do(offers.offer, ORDER, "explain", by=AGENT)


def test_advice_by_goods_and_reason_with_limits_and_what_was_saved(shop: Books) -> None:
    view = shop.do(offers.advise, ORDER, by=AGENT)
    assert view.remedies[0].then == ("explain", "coupon", "return")
    assert view.remedies[0].commands[-1] == "retcli case offer RC20261109-0001 --rung return"
    assert (view.least.minor, view.most and view.most.minor, view.due.minor) == (500, 3000, 6667)
    assert shop.do(offers.advise, ORDER, by=MANAGER).most is None
    shop.do(offers.offer, ORDER, "coupon", amount=1000, by=AGENT)
    assert shop.do(offers.advise, ORDER).saved.minor == 0, "nothing is saved before the buyer says yes"
    shop.do(offers.answer, ORDER, accepted=True, by=AGENT)
    assert shop.do(offers.advise, ORDER).saved.minor == 5667


def test_fresh_goods_are_refunded_without_return_and_goods_abroad_get_more_time(books: Books) -> None:
    books.order(ORDER, ("CHERRY", 1, 9900))
    books.product("CHERRY", category="生鲜/水果")
    number = books.do(decisions.open_case, ORDER, kind=Kind.RETURN, reason="Q_SPOIL").number
    line = books.do(offers.advise, number).remedies[0]
    assert line.then == ("refund-only", "compensation")
    assert line.commands[0] == f"retcli case change {number} --kind refund-only --because TEXT"
    books.order("2850000000000000002", ("VITAMIN", 1, 1999), currency="USD", signed_at=None)
    late = books.do(decisions.open_case, "2850000000000000002", kind=Kind.INQUIRY, reason="L_DELAY").number
    line = books.do(offers.advise, late).remedies[0]
    assert (line.then, line.commands[-1]) == (("explain", "coupon", "more_time"), "")


def test_what_each_rung_came_to_over_a_week(books: Books) -> None:
    """Three cases of 66.67: a coupon of 10.00 taken, one declined, a return taken (which saves nothing)."""
    books.hire()
    for n in range(3):
        books.order(f"285000000000000009{n}", ("TS-M", 3, 10000))
        case = books.do(
            decisions.open_case, f"285000000000000009{n}", kind=Kind.RETURN, reason="B_7D", lines=["TS-M=2"]
        )
        books.do(offers.offer, case.number, "return" if n == 2 else "coupon", amount=None if n == 2 else 1000, by=AGENT)
        books.do(offers.answer, case.number, accepted=n != 1, by=AGENT)
    view = books.do(offer_records.ladder, NOON.date(), NOON.date())
    assert [(row.rung, row.made, row.accepted, row.declined, row.cost.minor, row.saved.minor) for row in view.rows] == [
        ("coupon", 2, 1, 1, 1000, 5667),
        ("return", 1, 1, 0, 0, 0),
    ]
    assert books.do(offer_records.ladder, NOON.date() - timedelta(days=9), NOON.date() - timedelta(days=1)).rows == ()


def test_no_saving_is_claimed_where_goods_were_to_go_out(books: Books) -> None:
    """What the goods of a resend cost nobody knows: an accepted compensation is a cost, and no saving below nothing."""
    books.hire()
    books.order(ORDER, ("TS-M", 3, 10000))
    books.do(decisions.open_case, ORDER, kind=Kind.RESEND, reason="W_SHORT", lines=["TS-M=1"], by=AGENT)
    books.do(offers.offer, ORDER, "compensation", amount=800, by=AGENT)
    done = books.do(offers.answer, ORDER, accepted=True, by=AGENT)
    assert "saved" not in done.document()["offer"]
    assert books.do(offers.advise, ORDER).saved.minor == 0
    books.check()


def test_an_accepted_return_is_no_saving_and_still_costs_what_is_due(shop: Books) -> None:
    """The buyer sends the goods back, which is what the case would have come to anyway."""
    shop.do(offers.offer, ORDER, "return", by=AGENT)
    assert shop.do(offers.answer, ORDER, accepted=True, by=AGENT).offer.saved == Money(0, "CNY")
    advice = shop.do(offers.advise, ORDER)
    assert (advice.saved.minor, advice.due.minor) == (0, 6667)
    shop.later(hours=1)
    shop.do(decisions.approve, ORDER, by=AGENT)
    advice = shop.do(offers.advise, ORDER)
    assert (advice.saved.minor, advice.due.minor) == (0, 6667), "and no loss either once it is approved"
    assert [row.saved.minor for row in shop.do(offer_records.ladder, NOON.date(), NOON.date()).rows] == [0]
    shop.check()


def proposed(desk: Desk, number: str) -> list[str]:
    """The first command that a case's card proposes, in words."""
    proposal = str(desk.case("show", number)["proposal"])
    return proposal.partition("retcli ")[2].partition("; ")[0].split()


def test_what_is_proposed_can_be_typed_as_it_stands(desk: Desk) -> None:
    """Before the decision an offer, after it a compensation; the command of each is taken."""
    desk.books.order("2850000000000000077", ("TS-L", 1, 9900))
    number = desk.case("open", "2850000000000000077", "--kind", "resend", "--reason", "Q_FUNC")["number"]
    for act in ("offer", "compensate"):
        words = proposed(desk, number)
        assert act in words
        assert desk.type(*words).code == 0
        assert "coupon" not in desk.case("show", number)["proposal"], "it waits for the buyer, or was given"
        if act == "offer":
            assert desk.type("case", "offer", number, "--declined").code == 0
            desk.case("approve", number)


@pytest.mark.parametrize("kind", ["refund-only", "return"])
def test_nothing_is_proposed_on_top_of_the_whole_price(desk: Desk, kind: str) -> None:
    """49.50 of 49.50 go back: amends of 5.00 would make it 54.50."""
    desk.books.order("2850000000000000078", ("TS-L", 1, 4950))
    number = desk.case("open", "2850000000000000078", "--kind", kind, "--reason", "Q_FUNC")["number"]
    assert "coupon" in desk.case("show", number)["proposal"]
    desk.case("approve", number)
    assert "coupon" not in desk.case("show", number)["proposal"]
    steps = [step for remedy in desk.read("case", "advise", number)["remedies"] for step in remedy["then"]]
    assert not {"coupon", "compensation"}.intersection(steps)
