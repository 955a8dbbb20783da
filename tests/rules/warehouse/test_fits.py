"""How well a parcel fits a case: each reason with its score, worked out by hand."""

import pytest

from retcli.rules.warehouse.fits import SCORES, Arrived, Fit, Waiting, reasons

TWO_SHIRTS = {"TS-M": 2}
F = Fit


@pytest.mark.parametrize(
    ("arrived", "waiting", "only_tail", "named", "score"),
    [
        (Arrived(TWO_SHIRTS), Waiting(TWO_SHIRTS), False, [F.EXACTLY_AWAITED], 30),
        (Arrived({"TS-M": 1}), Waiting(TWO_SHIRTS), False, [F.PART_OF_AWAITED], 15),
        (Arrived({"TS-M": 3}), Waiting(TWO_SHIRTS), False, [F.HOLDS_WHAT_IS_AWAITED], 5),
        (Arrived({"TS-M": 2, "CUP": 1}), Waiting(TWO_SHIRTS), False, [F.HOLDS_WHAT_IS_AWAITED], 5),
        (Arrived({"TS-M": 1}), Waiting({"TS-M": 2, "CUP": 1}), False, [F.PART_OF_AWAITED], 15),
        (Arrived({"CUP": 1}), Waiting(TWO_SHIRTS, agreed_days=5), False, [], 0),
        (Arrived({}), Waiting(TWO_SHIRTS), False, [], 0),
        (Arrived({}, tail="5678"), Waiting(TWO_SHIRTS, tail="5678"), False, [F.PHONE_TAIL], 30),
        (Arrived({}, tail="5678"), Waiting(TWO_SHIRTS, tail="5678"), True, [F.ONLY_PHONE_TAIL], 40),
        (Arrived({}, tail=""), Waiting(TWO_SHIRTS, tail=""), True, [], 0),
        (Arrived({}), Waiting({}, own_waybill=F.OWN_WAYBILL_UNDELIVERED), False, [F.OWN_WAYBILL_UNDELIVERED], 60),
        (Arrived(TWO_SHIRTS), Waiting(TWO_SHIRTS, agreed_days=2), False, [F.EXACTLY_AWAITED], 30),
        (Arrived(TWO_SHIRTS), Waiting(TWO_SHIRTS, agreed_days=3), False, [F.EXACTLY_AWAITED, F.AGREED_LATELY], 40),
        (Arrived(TWO_SHIRTS), Waiting(TWO_SHIRTS, agreed_days=15), False, [F.EXACTLY_AWAITED, F.AGREED_LATELY], 40),
        (Arrived(TWO_SHIRTS), Waiting(TWO_SHIRTS, agreed_days=16), False, [F.EXACTLY_AWAITED, F.AGREED_LONG_AGO], 20),
        (Arrived(TWO_SHIRTS, "圆通"), Waiting(TWO_SHIRTS, carrier="圆通速递"), False,
         [F.EXACTLY_AWAITED, F.SAME_CARRIER], 35),
        (Arrived(TWO_SHIRTS), Waiting(TWO_SHIRTS, complete=True), False, [F.EXACTLY_AWAITED, F.COMPLETE], -10),
        (Arrived(TWO_SHIRTS, "顺丰", "5678"), Waiting(TWO_SHIRTS, None, 5, "顺丰", tail="5678"), True,
         [F.ONLY_PHONE_TAIL, F.EXACTLY_AWAITED, F.AGREED_LATELY, F.SAME_CARRIER], 85),
    ],
)  # fmt: skip
def test_each_reason_has_its_score(
    arrived: Arrived, waiting: Waiting, only_tail: bool, named: list[Fit], score: int
) -> None:
    why = [reason.fit for reason in reasons(arrived, waiting, only_tail=only_tail)]
    assert why == named
    assert sum(SCORES[fit] for fit in why) == score
