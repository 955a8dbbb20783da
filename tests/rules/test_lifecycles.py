"""The lifecycles as tables: every status can be reached, no move leads outside, and what is over is over."""

import re

import pytest

from retcli.language import speaking
from retcli.rules.lifecycles import (
    ALLOWED,
    BY_GRADE,
    COMING_BACK,
    GOING_OUT,
    LIFECYCLES,
    REFUNDING,
    ActionState,
    Bucket,
    Decision,
    DeliveryState,
    EscalationState,
    Filing,
    Grade,
    Kind,
    Lifecycle,
    OfferState,
    OrderState,
    ParcelState,
    PayoutState,
    ReplacementState,
    ReviewState,
    ShipmentState,
    TakeState,
)
from retcli.shop import too_late
from retcli.words import MOVES

STATUSES = {
    "decision": Decision,
    "filing": Filing,
    "payout": PayoutState,
    "parcel": ParcelState,
    "delivery": DeliveryState,
    "replacement": ReplacementState,
    "shipment": ShipmentState,
    "platform_action": ActionState,
    "offer": OfferState,
    "escalation": EscalationState,
    "bad_review": ReviewState,
    "stocktake": TakeState,
    "stock_order": OrderState,
}
OVER = {
    "decision": set(),
    "filing": set(),
    "payout": {"failed", "reversed"},
    "parcel": set(),
    "delivery": {"called_off"},
    "replacement": {"delivered", "cancelled"},
    "shipment": {"delivered", "came_back", "called_off"},
    "platform_action": {"dropped"},
    "offer": {"accepted", "declined", "lapsed"},
    "escalation": {"won", "lost", "settled"},
    "bad_review": {"changed", "added_to", "given_up"},
    "stocktake": set(),
    "stock_order": {"taken_back"},
}
EACH = pytest.mark.parametrize("cycle", LIFECYCLES.values(), ids=LIFECYCLES.keys())


def test_there_is_a_table_for_each_axis() -> None:
    assert set(LIFECYCLES) == set(STATUSES)
    assert all(axis == cycle.axis for axis, cycle in LIFECYCLES.items())


@EACH
def test_every_status_of_the_axis_is_reached_from_its_start(cycle: Lifecycle) -> None:
    reached, front = {cycle.start}, [cycle.start]
    while front:
        status = front.pop()
        then = {step.then for step in cycle.steps if step.status == status} - reached
        reached |= then
        front += then
    assert reached == {str(status) for status in STATUSES[cycle.axis]} == set(cycle.statuses)


@EACH
def test_a_move_leads_to_one_status_only(cycle: Lifecycle) -> None:
    arrows = [(step.status, step.move) for step in cycle.steps]
    assert len(arrows) == len(set(arrows))
    assert all(cycle.after(step.status, step.move) == step.then for step in cycle.steps)


@EACH
def test_what_is_over_has_no_move(cycle: Lifecycle) -> None:
    assert {status for status in cycle.statuses if not cycle.moves(status)} == OVER[cycle.axis]


@EACH
def test_an_unknown_move_or_status_leads_nowhere(cycle: Lifecycle) -> None:
    assert cycle.after(cycle.start, "teleport") is None
    assert cycle.after("nowhere", cycle.all_moves[0]) is None
    assert cycle.moves("nowhere") == ()


@EACH
def test_a_table_names_its_moves_once(cycle: Lifecycle) -> None:
    assert set(cycle.all_moves) == {step.move for step in cycle.steps}
    assert len(cycle.all_moves) == len(set(cycle.all_moves))
    assert cycle.statuses[0] == cycle.start


def test_money_needs_its_second_person_first() -> None:
    """From waiting nothing leads to money but the approval."""
    assert LIFECYCLES["payout"].moves("waiting") == ("approve", "fail")


def test_confirmed_money_is_only_ever_reversed() -> None:
    assert LIFECYCLES["payout"].moves("confirmed") == ("reverse",)


def test_a_lost_payout_is_found_out_before_anything_else() -> None:
    """Unknown is never sent again: it turns out to be confirmed or failed."""
    assert LIFECYCLES["payout"].moves("unknown") == ("confirm", "fail")


def test_goods_once_shipped_are_not_called_back() -> None:
    """Only a shipment that was noted by mistake is taken back; goods that are out are delivered, or come back."""
    assert LIFECYCLES["replacement"].moves("shipped") == ("deliver", "unship", "come_back")


def test_kinds_of_cases() -> None:
    assert not REFUNDING & GOING_OUT
    assert Kind.RETURN in REFUNDING & COMING_BACK
    assert {Kind.EXCHANGE, Kind.REPAIR} <= COMING_BACK & GOING_OUT


def test_only_as_new_goods_are_sold_as_new() -> None:
    """暂行办法 §25: grade A alone reaches the sellable stock."""
    assert [grade for grade in Grade if Bucket.SELLABLE in ALLOWED[grade]] == [Grade.A]
    assert ALLOWED[Grade.X] == {Bucket.HELD}


@pytest.mark.parametrize("grade", Grade)
def test_every_grade_has_its_place(grade: Grade) -> None:
    assert BY_GRADE[grade] in ALLOWED[grade]
    assert Bucket.PENDING not in ALLOWED[grade], "inspected goods never wait for inspection again"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_move_that_cannot_follow_is_refused_in_words(language: str) -> None:
    """No code of a status or a move, in either language: neither snake_case nor, in Chinese, a Latin letter."""
    for cycle in LIFECYCLES.values():
        for status in cycle.statuses:
            for move in set(cycle.all_moves) - set(cycle.moves(status)):
                with speaking(language):
                    text = too_late("RC1", cycle, status, move).removeprefix("RC1")
                assert move in MOVES and "_" not in text and "{" not in text, (cycle.axis, status, move, text)
                assert language == "en" or not re.search("[A-Za-z]", text), (cycle.axis, status, move, text)


def test_what_was_done_before_is_not_done_once_more() -> None:
    decision = LIFECYCLES["decision"]
    with speaking("zh_CN"):
        assert too_late("RC1", decision, "approved", "approve") == "RC1 已同意，不能再同意"
    with speaking("en"):
        assert too_late("RC1", decision, "approved", "approve") == "RC1 (approved): nobody can approve once more"
        waits = too_late("PO1", LIFECYCLES["payout"], "waiting", "confirm")
    assert waits == "PO1 (waits for a second person): this is not the time to confirm"
