"""How well a parcel fits a case: each reason with its points, and what is sure, worked out by hand."""

from dataclasses import replace

import pytest

from retcli.rules.warehouse.fits import (
    Arrived,
    Doubt,
    Fit,
    Waiting,
    doubts,
    only_together,
    reasons,
    score,
    sure,
    together,
)

TWO_SHIRTS = {"TS-M": 2}
F = Fit


@pytest.mark.parametrize(
    ("arrived", "waiting", "only_tail", "named", "points"),
    [
        (Arrived(TWO_SHIRTS), Waiting(TWO_SHIRTS), False, [F.EXACTLY_AWAITED], 30),
        (Arrived({"TS-M": 1}), Waiting(TWO_SHIRTS), False, [F.PART_OF_AWAITED], 15),
        (Arrived({"TS-M": 3}), Waiting(TWO_SHIRTS), False, [], 0),
        (Arrived({"TS-M": 2, "CUP": 1}), Waiting(TWO_SHIRTS), False, [], 0),
        (Arrived({"TS-M": 1}), Waiting({"TS-M": 2, "CUP": 1}), False, [F.PART_OF_AWAITED], 15),
        (Arrived({"CUP": 1}), Waiting(TWO_SHIRTS, agreed_days=5), False, [], 0),
        (Arrived({}), Waiting(TWO_SHIRTS), False, [], 0),
        (Arrived({}, tail="5678"), Waiting(TWO_SHIRTS, tail="5678"), False, [F.PHONE_TAIL], 30),
        (Arrived({}, tail="5678"), Waiting(TWO_SHIRTS, tail="5678"), True, [F.ONLY_PHONE_TAIL], 40),
        (Arrived({}, tail=""), Waiting(TWO_SHIRTS, tail=""), True, [], 0),
        (Arrived({}), Waiting({}, [F.OWN_WAYBILL_UNDELIVERED]), False, [F.OWN_WAYBILL_UNDELIVERED], 60),
        (Arrived({}), Waiting({}, [F.SENT_AGAIN]), False, [F.SENT_AGAIN], 60),
        (Arrived({}), Waiting({}, [F.OLD_WAYBILL]), False, [F.OLD_WAYBILL], 60),
        (Arrived({}), Waiting({}, [F.ON_LIST]), False, [F.ON_LIST], 50),
        (Arrived({}), Waiting({}, [F.OLD_WAYBILL, F.ON_LIST]), False, [F.OLD_WAYBILL, F.ON_LIST], 110),
        (Arrived(TWO_SHIRTS), Waiting(TWO_SHIRTS, agreed_days=2), False, [F.EXACTLY_AWAITED], 30),
        (Arrived(TWO_SHIRTS), Waiting(TWO_SHIRTS, agreed_days=3), False, [F.EXACTLY_AWAITED, F.AGREED_LATELY], 40),
        (Arrived(TWO_SHIRTS), Waiting(TWO_SHIRTS, agreed_days=15), False, [F.EXACTLY_AWAITED, F.AGREED_LATELY], 40),
        (Arrived(TWO_SHIRTS), Waiting(TWO_SHIRTS, agreed_days=16), False, [F.EXACTLY_AWAITED, F.AGREED_LONG_AGO], 20),
        (Arrived(TWO_SHIRTS, "圆通"), Waiting(TWO_SHIRTS, carrier="圆通速递"), False,
         [F.EXACTLY_AWAITED, F.SAME_CARRIER], 35),
        (Arrived(TWO_SHIRTS, city="杭州"), Waiting(TWO_SHIRTS, address="浙江省杭州市西湖区"), False,
         [F.EXACTLY_AWAITED, F.CITY], 40),
        (Arrived(TWO_SHIRTS, city="杭州市"), Waiting(TWO_SHIRTS, address="浙江 杭州 西湖区"), False,
         [F.EXACTLY_AWAITED, F.CITY], 40),
        (Arrived(TWO_SHIRTS, city="宁波"), Waiting(TWO_SHIRTS, address="浙江省杭州市"), False, [F.EXACTLY_AWAITED], 30),
        (Arrived({}, city="杭州"), Waiting({}, address="浙江省杭州市", carrier="顺丰"), False, [], 0),
        (Arrived(TWO_SHIRTS), Waiting(TWO_SHIRTS, complete=True), False, [F.EXACTLY_AWAITED, F.COMPLETE], -10),
        (Arrived(TWO_SHIRTS, "顺丰", "5678"), Waiting(TWO_SHIRTS, (), 5, "顺丰", tail="5678"), True,
         [F.ONLY_PHONE_TAIL, F.EXACTLY_AWAITED, F.AGREED_LATELY, F.SAME_CARRIER], 85),
    ],
)  # fmt: skip
def test_each_reason_has_its_points(
    arrived: Arrived, waiting: Waiting, only_tail: bool, named: list[Fit], points: int
) -> None:
    why = [reason.fit for reason in reasons(arrived, waiting, only_tail=only_tail)]
    assert why == named
    assert score(why) == points


OLD, TAIL, EXACT, PART, LATE = F.OLD_WAYBILL, F.ONLY_PHONE_TAIL, F.EXACTLY_AWAITED, F.PART_OF_AWAITED, F.AGREED_LATELY


@pytest.mark.parametrize(
    ("best", "others", "opened", "is_sure"),
    [
        ([OLD, EXACT], [], True, True),  # 90
        ([OLD], [], False, False),  # 60
        ([TAIL, EXACT, LATE], [], True, True),  # 80: just enough
        ([TAIL, EXACT, F.SAME_CARRIER], [], True, False),  # 75
        ([OLD, EXACT], [[F.PHONE_TAIL, EXACT]], True, True),  # 90 to 60: just the lead
        ([OLD, EXACT], [[F.PHONE_TAIL, EXACT, F.SAME_CARRIER]], True, False),  # 90 to 65
        ([OLD, EXACT], [[EXACT], [OLD, PART]], True, False),  # 90 to 30 and 75: any of them counts
        ([OLD, TAIL], [], False, True),  # 100, not opened yet
        ([OLD, TAIL], [], True, False),  # 100, but other goods lie in it
        ([OLD, TAIL, F.COMPLETE], [], False, False),  # 60
        ([OLD, EXACT, LATE, F.COMPLETE], [], True, False),  # 60
        ([], [], False, False),
    ],
)
def test_what_is_sure_enough_to_go_without_a_person(
    best: list[Fit], others: list[list[Fit]], opened: bool, is_sure: bool
) -> None:
    assert sure(best, others, opened=opened) is is_sure


def test_another_telephone_number_is_never_sure() -> None:
    assert sure([OLD, EXACT], [], opened=True)
    assert not sure([OLD, EXACT], [], opened=True, against=True)


@pytest.mark.parametrize(
    ("best", "others", "opened", "why"),
    [
        ([OLD, EXACT], [], True, []),  # 90
        ([TAIL, EXACT], [], True, [Doubt.TOO_FEW]),  # 70
        ([OLD, EXACT, LATE], [[OLD, PART]], True, [Doubt.TOO_NEAR]),  # 100 against 75
        ([OLD, TAIL], [], True, [Doubt.OTHER_GOODS]),  # 100, but other goods lie in it
        ([OLD], [[TAIL]], True, [Doubt.TOO_FEW, Doubt.TOO_NEAR, Doubt.OTHER_GOODS]),  # 60 against 40
    ],
)  # fmt: skip
def test_why_it_is_not_sure_is_said(best: list[Fit], others: list[list[Fit]], opened: bool, why: list[Doubt]) -> None:
    assert doubts(best, others, opened=opened) == why
    assert sure(best, others, opened=opened) == (not why)


@pytest.mark.parametrize(
    ("awaited", "pieces", "concerned"),
    [
        ([{"CUP": 1}, {"LID": 1}], {"CUP": 1, "LID": 1}, [0, 1]),
        ([{"CUP": 1}, {"LID": 1}, {"BAG": 1}], {"CUP": 1, "LID": 1}, [0, 1]),  # the third has nothing in it
        ([{"CUP": 1}, {"LID": 1}], {"CUP": 1}, []),  # one waits for all of it
        ([{"CUP": 1}, {"CUP": 1}], {"CUP": 2}, [0, 1]),
        ([{"CUP": 1}, {"CUP": 1}, {"LID": 1}], {"CUP": 1, "LID": 1}, []),  # whose the cup is, nobody knows
        ([{"CUP": 1}, {"CUP": 1}, {"LID": 1}], {"CUP": 2, "LID": 1}, [0, 1, 2]),
        ([{"CUP": 2}, {"LID": 1}], {"CUP": 1, "LID": 1}, [0, 1]),  # the second cup is still to come
        ([{"CUP": 1}, {"LID": 1}], {"CUP": 1, "LID": 2}, []),  # more than both wait for
        ([{"CUP": 1}, {"LID": 1}], {"CUP": 1, "PEN": 1}, []),  # nobody waits for a pen
        ([{"CUP": 1}, {"LID": 1}], {}, []),
    ],
)
def test_cases_of_one_order_are_judged_together_where_one_alone_does_not_do(
    awaited: list[dict[str, int]], pieces: dict[str, int], concerned: list[int]
) -> None:
    assert only_together(awaited, pieces) == concerned


def test_together_they_wait_for_all_of_it() -> None:
    one, two = (
        Waiting({"CUP": 1}, [F.OLD_WAYBILL], 5, tail="5678"),
        Waiting({"LID": 1}, [F.OLD_WAYBILL], 9, tail="5678"),
    )
    both = together([one, two])
    assert (both.awaited, both.numbers, both.agreed_days) == ({"CUP": 1, "LID": 1}, (F.OLD_WAYBILL,), 9)
    assert not both.complete and together([one, replace(two, complete=True)]).complete
    assert [reason.fit for reason in reasons(Arrived({"CUP": 1, "LID": 1}), both)][:2] == [
        F.OLD_WAYBILL,
        F.EXACTLY_AWAITED,
    ]
