"""The whole of `docs/rules.md` §1.4 walked through: category by reason by day by state by confirmation, judged a second
time from the page's own words.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retcli.rules.casefile.amount_facts import LineFacts
from retcli.rules.casefile.facts import Facts
from retcli.rules.casefile.findings import Answer
from retcli.rules.casefile.reasons import REASONS
from retcli.rules.casefile.verdict import judge
from retcli.rules.casefile.windows import closing
from retcli.rules.lifecycles import Grade, Kind
from retcli.rules.money.minor_units import Money
from retcli.rules.policy.policy import Excluded, Policy, Promotion, Settling, Terms
from tests.facts import SIGNED, case, line
from tests.shopfloor import shanghai

YES, NO, PERSON = Answer.YES, Answer.NO, Answer.PERSON
FURNITURE = Terms(extended_days=30, fee=1000, because=("家具",))
DAYS = (0, 1, 6, 7, 8, 15, 16, 29, 30, 31, 400)
STATES = ("never opened", "opened", "nobody said")
MERCHANT, BUYER = ("Q_FUNC", "W_WRONG", "D_DESC", "L_DAMAGE"), ("B_7D", "B_MIND", "SZ_FIT", "B_MIS")
BY_LAW = {Excluded.CUSTOM, Excluded.PERISHABLE, Excluded.DIGITAL, Excluded.PRESS}
OPENED: dict[str, bool | None] = {"never opened": False, "opened": True, "nobody said": None}


def page(reason: str, category: Excluded | None, confirmed: bool, state: str, day: int, longest: int) -> Answer:
    """§1.4 read aloud, for a return of goods without a warranty."""
    if reason in MERCHANT:
        return YES if day <= 7 else PERSON
    if category in BY_LAW:
        never_unsealed = category == Excluded.DIGITAL and state == "never opened"
        if not never_unsealed:
            return NO
    elif category is not None and confirmed:
        if category == Excluded.NEAR_EXPIRY or state == "opened":
            return NO
        if state == "nobody said":
            return PERSON if day <= max(7, longest) else NO
    return YES if day <= max(7, longest) else NO


@pytest.mark.parametrize("terms", [Terms(), FURNITURE], ids=["the seven days", "thirty days with a fee"])
@pytest.mark.parametrize("reason", [*MERCHANT, *BUYER])
def test_every_branch_of_the_decision_order(reason: str, terms: Terms) -> None:
    for category, confirmed, state, day in product((None, *Excluded), (True, False), STATES, DAYS):
        goods = line(9900, excluded=category, confirmed=confirmed, terms=terms)
        facts = case(Kind.RETURN, reason, goods, day=day, opened=OPENED[state])
        expected = page(reason, category, confirmed, state, day, terms.extended_days)
        assert judge(facts, Policy()).verdict == expected, (category, confirmed, state, day)


@pytest.mark.parametrize("day", DAYS)
def test_every_finding_has_an_article_or_the_shops_line(day: int) -> None:
    for reason, kind in product(REASONS, Kind):
        for finding in judge(case(kind, reason, day=day, asked=500), Policy()).findings:
            assert finding.basis, finding


ANYTHING = st.builds(
    case,
    st.sampled_from([Kind.RETURN, Kind.EXCHANGE, Kind.REPAIR, Kind.REFUND_ONLY]),
    st.sampled_from(sorted(REASONS)),
    st.builds(
        line,
        st.integers(1, 20_000),
        excluded=st.sampled_from([None, *Excluded]),
        confirmed=st.booleans(),
        warranty_months=st.sampled_from([0, 12]),
        terms=st.sampled_from([Terms(), FURNITURE, Terms(days=15), Terms(return_days=30, exchange_days=90)]),
    ),
    day=st.integers(0, 500),
    evidence=st.booleans(),
    opened=st.sampled_from([None, True, False]),
    repairs=st.integers(0, 3),
)
RANK = {NO: 0, PERSON: 1, YES: 2}


@given(facts=ANYTHING, later=st.integers(1, 200))
def test_a_later_application_never_fares_better_by_the_same_rule(facts: Facts, later: int) -> None:
    day = (facts.applied_at - SIGNED).days
    early = {f.rule: f.answer for f in judge(facts, Policy()).findings}
    late = replace(facts, applied_at=facts.applied_at + timedelta(days=later))
    for finding in judge(late, Policy()).findings:
        if finding.rule in {"window", "quality"} and finding.rule in early:
            assert RANK[finding.answer] <= RANK[early[finding.rule]], (day, finding)


@given(facts=ANYTHING)
def test_more_evidence_never_turns_a_yes_into_a_no(facts: Facts) -> None:
    without = judge(replace(facts, evidence=False, proofs=frozenset()), Policy()).verdict
    shown = judge(replace(facts, evidence=True, proofs=frozenset({"photo", "video"})), Policy()).verdict
    assert RANK[shown] >= RANK[without]


@given(facts=ANYTHING, rules=st.sets(st.sampled_from(["window", "excluded", "quality", "units", "money", "paid"])))
def test_a_waiver_lowers_nothing_in_silence(facts: Facts, rules: set[str]) -> None:
    """What is waived stays in the list with its answer and its name; what cannot be waived still decides."""
    plain = judge(facts, Policy())
    waived = judge(facts, Policy(), dict.fromkeys(rules, "店长"))
    assert [(f.rule, f.answer) for f in waived.findings] == [(f.rule, f.answer) for f in plain.findings]
    assert waived.amount == plain.amount
    for finding in waived.findings:
        assert bool(finding.waived_by) == (finding.rule in rules and finding.waivable and finding.answer != YES)


# -- holidays ---------------------------------------------------------------------------------------------------------


class Calendar2026:
    """The National Day holiday of 2026 as `docs/rules.md` §7 prints it; of 2027 nobody knows yet."""

    def is_holiday(self, year: int, month: int, day: int) -> bool | None:
        return None if year > 2026 else datetime(2026, 10, 1) <= datetime(year, month, day) <= datetime(2026, 10, 7)


@pytest.mark.parametrize(
    ("signed", "closes", "unsure"),
    [
        pytest.param("2026-09-20 10:00", "2026-09-28 00:00", False, id="an ordinary week"),
        pytest.param("2026-09-24 10:00", "2026-10-09 00:00", False, id="the last day is the first of the holiday"),
        pytest.param("2026-09-30 10:00", "2026-10-09 00:00", False, id="the last day is the seventh of October"),
        pytest.param("2026-10-01 10:00", "2026-10-09 00:00", False, id="the holiday lies inside"),
        pytest.param("2026-12-28 10:00", "2027-01-05 00:00", True, id="T06: the calendar of 2027 is missing"),
    ],
)
def test_a_last_day_that_is_a_holiday_moves_by_article_203(signed: str, closes: str, unsure: bool) -> None:
    found = closing(shanghai(signed), 7, Calendar2026())
    assert (found.at, found.unsure) == (shanghai(closes), unsure)


@pytest.mark.parametrize(
    ("signed", "applied", "answer"),
    [
        ("2026-09-30 10:00", "2026-10-08 23:59", YES),
        ("2026-09-30 10:00", "2026-10-09 00:00", NO),
        ("2026-12-28 10:00", "2027-01-04 23:59", YES),
        ("2026-12-28 10:00", "2027-01-05 09:00", PERSON),
        ("2026-12-28 10:00", "2027-02-05 09:00", NO),
    ],
)
def test_the_holiday_counts_for_the_buyer(signed: str, applied: str, answer: Answer) -> None:
    facts = replace(
        case(Kind.RETURN, "B_7D"), signed_at=shanghai(signed), applied_at=shanghai(applied), calendar=Calendar2026()
    )
    assert judge(facts, Policy()).verdict == answer


# -- money of the shop's own rules (`docs/rules.md` §3.2) -----------------------------------------------------------


def due(facts: Facts, policy: Policy | None = None) -> int:
    return judge(facts, policy or Policy()).amount.due


def furniture(cash: int) -> LineFacts:
    return line(cash, terms=FURNITURE)


@pytest.mark.parametrize(
    ("cash", "day", "reason", "expected"),
    [
        pytest.param(26999, 20, "B_7D", 24299, id="M15 day 20: a fee of 2700"),
        pytest.param(26999, 5, "B_7D", 26999, id="M15 day 5: none inside the seven days"),
        pytest.param(128805, 20, "B_7D", 115924, id="M15b: half up, 12881"),
        pytest.param(26999, 20, "Q_FUNC", 26999, id="never on goods with a fault"),
        pytest.param(26999, 7, "B_7D", 26999, id="the last free day"),
        pytest.param(26999, 8, "B_7D", 24299, id="the first day of the fee"),
    ],
)
def test_the_fee_of_the_longer_window(cash: int, day: int, reason: str, expected: int) -> None:
    assert due(case(Kind.RETURN, reason, furniture(cash), day=day)) == expected


AGAIN = Policy(settling=Settling.AGAIN)
PROMOTION_300_50, PROMOTION_300_150 = Promotion("满300减50", 30000, 5000), Promotion("满300减150", 30000, 15000)


def partial(share: int, paid: int, listed: tuple[int, int], promotion: Promotion, reason: str = "B_7D") -> Facts:
    """A part of an order goes back: its share of what was paid, and what was and will be kept at the stated prices."""
    facts = case(Kind.RETURN, reason, line(share))
    order = replace(
        facts.order, goods=paid, kept_before=paid, kept_after=paid - share, everything_goes=False,
        listed_before=listed[0], listed_after=listed[1], promotion=promotion,
    )  # fmt: skip
    return replace(facts, order=order)


@pytest.mark.parametrize(
    ("facts", "shared", "again"),
    [
        pytest.param(partial(10125, 27000, (32000, 20000), PROMOTION_300_50), 10125, 7000, id="M06: B goes back"),
        pytest.param(partial(16875, 27000, (32000, 12000), PROMOTION_300_50), 16875, 15000, id="M06: A goes back"),
        pytest.param(partial(5000, 15000, (30000, 20000), PROMOTION_300_150), 5000, 0, id="M08: 50.00 more is owed"),
        pytest.param(
            partial(10125, 27000, (32000, 20000), PROMOTION_300_50, "Q_FUNC"),
            10125,
            10125,
            id="never where it is at fault",
        ),
        pytest.param(
            partial(9000, 87000, (92000, 82000), PROMOTION_300_50), 9000, 9000, id="still earned: never above its share"
        ),
    ],
)
def test_a_promotion_is_shared_out_or_priced_anew(facts: Facts, shared: int, again: int) -> None:
    """暂行办法 §17: both are lawful, and give different cents."""
    assert (due(facts), due(facts, AGAIN)) == (shared, again)


def test_what_is_owed_for_a_promotion_is_said() -> None:
    steps = judge(partial(5000, 15000, (30000, 20000), PROMOTION_300_150), AGAIN).amount.steps
    assert [step.facts["owed"] for step in steps if "owed" in step.facts] == [Money(5000, "CNY")]


def test_a_discount_of_another_kind_is_left_to_a_person() -> None:
    judged = judge(partial(10125, 26000, (32000, 20000), PROMOTION_300_50), AGAIN)
    assert (judged.verdict, judged.amount.due) == (PERSON, 10125)


def test_a_gift_that_stays_costs_its_stated_price_M17() -> None:  # noqa: N802
    facts = case(Kind.RETURN, "B_7D", line(9900))
    kept = replace(facts, order=replace(facts.order, gifts=(("GIFT-01", 1500),)))
    assert due(kept) == 8400
    assert due(replace(kept, wish=replace(kept.wish, reason="Q_FUNC"))) == 9900


def test_goods_that_came_back_whole_are_looked_at_before_anything() -> None:
    facts = replace(case(Kind.RETURN, "B_7D", furniture(9900), day=20), grades=frozenset({Grade.X}))
    assert judge(facts, Policy()).verdict == NO
