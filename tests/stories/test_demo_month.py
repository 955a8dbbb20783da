"""The demo shop's month: every difference in it is one that its files plant, none comes from the walk through it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from retcli import language
from retcli.actions import demo
from retcli.actions.insight import exports
from retcli.settings import Asked
from retcli.transaction import opened

BY_HAND, OVERRULED, AT_ONCE = "260000257807079611", "260000249352635075", "260000406078949550"
"""Agreed there by 小美 on 11-06, before the shop had its desk; refused there on 11-07, then paid by the platform's
customer service on 11-11; applied for on 11-10 and paid by the platform at once, before the next list came.
"""
D2 = {
    BY_HAND: (-5823, "person", "青禾杂货铺(示例):小美"),
    OVERRULED: (-9187, "platform", None),
    AT_ONCE: (-10900, "at_once", None),
}
D3 = {demo.PRICE_CUT: -300, demo.LAST_DAY: 600, demo.WRONG_GOODS: 1000}
"""Agreed here: 12.00, 79.00 and 73.76; paid there: 15.00, 73.00 and 63.76, as the stories' `differs` have it."""


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The document of the reconciliation of the demo's November."""
    language.use(language.CHINESE)
    folder = tmp_path_factory.mktemp("demo")
    walk = demo.prepare(folder / "shop", Asked("", demo.OWNER, quiet=True))
    for _page in demo.steps(walk):
        pass
    with opened(walk.asked) as shop:
        return exports.reconciliation(shop, "2026-11", Path(folder)).document()


def test_the_demos_month_has_the_differences_that_its_files_plant(month: dict[str, Any]) -> None:
    """Of 13 refunds of 1171.15: three that nobody agreed to here, 259.10; three of another amount, −13.00 together."""
    found = {each["bill"]: each for each in month["differences"] if each["class"] != "matched"}
    d2 = {bill: each for bill, each in found.items() if each["class"] == "D2"}
    assert {bill: (x["money"]["minor"], x["agreed_there"], x["operator"]) for bill, x in d2.items()} == D2
    assert {bill: x["money"]["minor"] for bill, x in found.items() if x["class"] == "D3"} == D3
    assert len(found) == len(D2) + len(D3)
    owed = [each["goods_not_in"]["minor"] for each in month["differences"] if each["flags"] == ["D9"]]
    assert sorted(owed) == sorted([5823, 5824, 5990, 6376, 11825, 13900]), "refunded returns that nobody has scanned"


def test_the_demos_month_in_numbers(month: dict[str, Any]) -> None:
    """1171.15 there; here 1171.15 − 259.10 + 13.00 = 925.05, of which 760.29 was paid as agreed (7 refunds)."""
    totals = {name: month["totals"][name][0]["minor"] for name in ("platform", "own", "differences", "matched")}
    assert totals == {"platform": 117115, "own": 92505, "differences": -24610, "matched": 76029}
