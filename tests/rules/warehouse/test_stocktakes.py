"""What becomes of a number that was counted: posted, counted again by anybody, counted again by another person."""

from dataclasses import replace

import pytest

from retcli.rules.warehouse.stocktakes import Counted, Limits, Verdict, verdict

LIMITS = Limits(pieces=10, amount=50000)
PLAIN = Counted(pieces=8, balances=[9], expected=9, cost=2000, counters=frozenset({"小美"}))


@pytest.mark.parametrize(
    ("counted", "right"),
    [
        (PLAIN, Verdict.POSTS),  # 少 1 件
        (replace(PLAIN, pieces=19, balances=[9]), Verdict.POSTS),  # 多 10 件：正好在限内
        (replace(PLAIN, pieces=20), Verdict.ANOTHER),  # 多 11 件
        (replace(PLAIN, pieces=0, balances=[11], expected=11), Verdict.ANOTHER),  # 少 11 件
        (replace(PLAIN, pieces=4, cost=10000), Verdict.POSTS),  # 少 5 件 × 100.00 = 500.00：正好在限内
        (replace(PLAIN, pieces=4, cost=10001), Verdict.ANOTHER),
        (replace(PLAIN, pieces=4, cost=None), Verdict.POSTS),  # 成本不知道：只看件数
        (replace(PLAIN, pieces=500, expected=None), Verdict.POSTS),  # 头一次盘：没有可比的
        (replace(PLAIN, pieces=60, balances=[100], expected=62), Verdict.POSTS),  # 账面 100，卖了 38：只差 2 件
        (replace(PLAIN, balances=[9, 9, 9]), Verdict.POSTS),
        (replace(PLAIN, balances=[9, 10]), Verdict.MOVED),  # 盘到一半有进出
        (replace(PLAIN, disturbed=True), Verdict.MOVED),
    ],
)
def test_of_one_round(counted: Counted, right: Verdict) -> None:
    assert verdict(counted, LIMITS) == right


@pytest.mark.parametrize(
    ("before", "now", "right"),
    [
        ([{"小美"}], {"阿强"}, Verdict.POSTS),  # 另一个人复盘过：以复盘为准
        ([{"小美"}], {"小美"}, Verdict.ANOTHER),
        ([{"小美"}], {"小美", "阿强"}, Verdict.ANOTHER),
        ([{"小美", "阿强"}], {"阿强"}, Verdict.ANOTHER),
        ([{"小美"}, {"小美"}], {"阿强"}, Verdict.POSTS),
        ([{"小美"}, {"阿强"}], {"小美"}, Verdict.POSTS),  # 两个人各盘过一遍
    ],
)
def test_beyond_the_limit_two_people_count_apart(before: list[set[str]], now: set[str], right: Verdict) -> None:
    counted = replace(PLAIN, pieces=30, counters=frozenset(now), before=tuple(map(frozenset, before)))
    assert verdict(counted, LIMITS) == right


def test_the_difference_is_that_of_the_moment_of_counting() -> None:
    """盘到 8 件时账面 9 件：少 1 件，后来又进了多少都还是少 1 件。"""
    assert PLAIN.difference == -1
