"""The table of remedies and the ladder's limits."""

import pytest

from retcli.rules.casefile.reasons import REASONS
from retcli.rules.cases.remedies import Rung, above_postage, advised, allowed, saved
from retcli.rules.lifecycles import Kind, Role
from retcli.rules.money.minor_units import Money
from retcli.rules.policy.policy import Policy, Remedy


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("category", ["", "生鲜", "服装", "跨境保税"])
def test_there_is_advice_for_every_reason_and_it_names_what_can_be_done(reason: str, category: str) -> None:
    found = list(advised(reason, [category]))
    assert found
    assert all(remedy.then and remedy.why for remedy in found)
    assert {what for remedy in found for what in remedy.then} <= {*Rung, *Kind, "more_time"}


@pytest.mark.parametrize(
    ("reason", "categories", "abroad", "first"),
    [
        ("Q_SPOIL", ["水果"], False, "refund-only"),
        ("Q_SPOIL", ["服装"], False, "exchange"),
        ("L_LOST", ["生鲜"], False, "resend"),
        ("L_DELAY", ["保税仓"], False, "explain"),
        ("W_WRONG", [], True, "exchange"),
        ("Q_LOOK", ["家纺"], False, "compensation"),
        ("B_7D", ["服装"], False, "explain"),
        ("S_OOS", ["服装"], False, "exchange"),
        ("X_OTHER", ["服装"], False, "explain"),
    ],
)
def test_what_comes_first(reason: str, categories: list[str], abroad: bool, first: str) -> None:
    assert next(advised(reason, categories, abroad=abroad)).then[0] == first


def test_only_goods_from_abroad_get_more_time() -> None:
    assert "more_time" in next(advised("L_DELAY", [], abroad=True)).then
    assert "more_time" not in next(advised("L_DELAY", ["服装"])).then


@pytest.mark.parametrize(
    ("role", "minor", "holds"),
    [
        (Role.AGENT, 499, False),
        (Role.AGENT, 500, True),
        (Role.AGENT, 3000, True),
        (Role.AGENT, 3001, False),
        (Role.MANAGER, 1, True),
        (Role.MANAGER, 0, False),
        (Role.OWNER, 100000, True),
    ],
)
def test_limits_per_role(role: Role, minor: int, holds: bool) -> None:
    assert allowed(role, Policy(), "CNY").holds(Money(minor, "CNY")) == holds


def test_the_postage_is_the_orders_or_the_shops_and_unknown_is_no_warning() -> None:
    assert above_postage(801, 800, Policy())
    assert not above_postage(800, 800, Policy())
    assert not above_postage(5000, 0, Policy())
    assert above_postage(1001, 0, Policy(freight_fee=1000))


def test_what_an_accepted_rung_saved() -> None:
    assert saved(Rung.COUPON, 6667, 800) == 5867
    assert saved(Rung.RETURN, 6667, 0) == 0, "the case comes to what it asked for"
    assert saved(Rung.COMPENSATION, 500, 800) == -300, "it may cost more than it saves, and then says so"


def test_the_shops_own_lines_stand_in_the_place_of_ours() -> None:
    own = [
        Remedy(frozenset({"Q_LOOK"}), ("compensation", "resend"), "大件先补偿", ("家具",)),
        Remedy(frozenset({"Q_LOOK"}), ("exchange",), "别的直接换"),
    ]
    assert [remedy.why for remedy in advised("Q_LOOK", ["实木家具"], own=own)] == ["大件先补偿"]
    assert [remedy.why for remedy in advised("Q_LOOK", ["女装"], own=own)] == ["别的直接换"]
    assert list(advised("L_LOST", ["实木家具"], own=own)) == list(advised("L_LOST", []))
    assert list(advised("Q_LOOK", ["女装"], own=own[:1])) == list(advised("Q_LOOK", ["女装"]))
