"""What of a case is still open, and the word for it."""

from dataclasses import replace

import pytest

from retcli.rules.casefile.stages import Axes, goods, stage, still_open
from retcli.rules.lifecycles import Decision, Filing, Kind, PayoutState

APPROVED = Axes(Kind.RETURN, Decision.APPROVED, Filing.OPEN, pieces=2, due=6667)
PAID_AHEAD = replace(APPROVED, paid=6667, payouts=[PayoutState.CONFIRMED], pays_before_goods=True)
ALL_BACK = replace(PAID_AHEAD, counted=2, inspected=2, accepted=2, arrived=True)


@pytest.mark.parametrize(
    ("axes", "open_", "word"),
    [
        (APPROVED, ["to_pay"], "awaiting_goods"),
        (PAID_AHEAD, ["awaiting_goods"], "awaiting_goods"),
        (replace(PAID_AHEAD, on_the_way=True), ["awaiting_goods"], "in_transit"),
        (replace(PAID_AHEAD, settled_there=True), ["awaiting_goods"], "awaiting_goods"),
        (replace(PAID_AHEAD, counted=2, arrived=True), ["awaiting_goods", "to_inspect"], "to_inspect"),
        (replace(PAID_AHEAD, counted=1, inspected=1, accepted=1), ["awaiting_goods"], "to_inspect"),
        (ALL_BACK, [], "to_finish"),
        (replace(PAID_AHEAD, pieces=0), [], "to_finish"),
        (replace(PAID_AHEAD, kind=Kind.REFUND_ONLY), [], "to_finish"),
        (replace(PAID_AHEAD, pays_before_goods=False, settled_there=True), [], "awaiting_goods"),
    ],
    ids=["nothing yet", "paid ahead", "on its way", "paid there", "counted", "one of two", "all back", "given up",
         "no goods asked for", "the platform's own word"],
)  # fmt: skip
def test_goods_stay_awaited_though_the_money_ran_ahead(axes: Axes, open_: list[str], word: str) -> None:
    assert (still_open(axes), stage(axes)) == (open_, word)


def test_a_case_turned_away_awaits_nothing() -> None:
    assert goods(replace(APPROVED, decision=Decision.WITHDRAWN)) == "none"
