"""The ladder of what to offer a buyer: rungs, their limits, and what is advised for which goods and reason.

The shop's own practice (`docs/rules.md` §2.2): explanation, coupon, compensation, exchange, return; an agent gives 5 to
30 yuan, more needs the manager, and compensation normally stays within the postage.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from retcli.language import mark
from retcli.rules.casefile.reasons import REASONS, Group
from retcli.rules.lifecycles import MAY_APPROVE_MONEY, Role
from retcli.rules.money.minor_units import Money
from retcli.rules.policy.policy import OWN_CURRENCY, Policy, Remedy


class Rung(StrEnum):
    """One rung of the ladder, the cheapest first."""

    EXPLAIN = "explain"
    COUPON = "coupon"
    COMPENSATION = "compensation"
    EXCHANGE = "exchange"
    RETURN = "return"


MORE_TIME = "more_time"
"""A step of the ladder that is neither a rung nor a kind of case: more time is asked of the buyer and the platform."""
INTERCEPT = "intercept"
"""The carrier is asked to bring back what is on its way to the buyer."""
GIVEN = frozenset({Rung.COUPON, Rung.COMPENSATION})
"""Rungs that give the buyer something of an amount."""
LEAST = 500
"""The least that an agent offers, in minor units of CNY: a smaller sum annoys a buyer more than none."""


@dataclass(frozen=True)
class Range:
    """The amounts that somebody may offer without a second person; `most` None is no limit."""

    least: Money
    most: Money | None

    def holds(self, amount: Money) -> bool:
        """Whether an amount is in the range; never one of another currency, since no rate is known here."""
        if amount.currency != self.least.currency:
            return False
        return self.least <= amount and (self.most is None or amount <= self.most)


def allowed(role: Role, policy: Policy, currency: str) -> Range:
    """What a role may offer on an order in a currency: owner and manager anything, an agent the policy's range, which
    is in yuan whatever the order's currency.
    """
    if role in MAY_APPROVE_MONEY:
        return Range(Money(1, currency), None)
    return Range(Money(LEAST, OWN_CURRENCY), Money(policy.agent_limit, OWN_CURRENCY))


def above_postage(minor: int, freight: int, policy: Policy) -> bool:
    """Whether a compensation is more than the postage of the order, as far as that is known (minor units)."""
    postage = max(freight, policy.freight_fee)
    return 0 < postage < minor


def saved(rung: str, due: int, cost: int) -> int:
    """What an accepted rung saved in minor units: what was `due` on the case less what the rung costs; nothing by a
    return, which the case would have come to anyway.
    """
    return 0 if rung == Rung.RETURN else due - cost


FRESH = ("生鲜", "水果", "蔬菜", "海鲜", "水产", "鲜肉", "冷冻", "冷鲜", "鲜花", "乳品")
ABROAD = ("跨境", "保税", "海外", "进口直邮")
"""Words in the name of a category that tell the kind of goods."""


def _of(*groups: Group) -> frozenset[str]:
    """The codes of all reasons of some groups."""
    return frozenset(code for code, reason in REASONS.items() if reason.group in groups)


_FLAWED = _of(Group.QUALITY) | {"L_DAMAGE"}
# The first that fits a reason is taken, so that those for single reasons stand before those for a whole group; the ones
# for a kind of goods come before all others.
_REMEDIES = (
    Remedy(
        _FLAWED | {"L_DELAY"},
        ("refund-only", "compensation"),
        mark("Fresh goods cannot come back: refund without return, in part where only some are spoilt"),
        FRESH,
    ),
    Remedy(
        frozenset({"L_DELAY", "L_NOTRACK"}),
        ("explain", "coupon", MORE_TIME),
        mark("Held at the customs: explain, give a coupon and ask for more time"),
        ABROAD,
    ),
    Remedy(
        frozenset({"L_LOST", "L_EMPTY"}), ("resend", "refund-only"),
        mark("Lost on the way is the shop's risk: send again, or refund where it is sold out; claim from the carrier"),
    ),
    Remedy(
        frozenset({"L_DELAY", "L_NOTRACK"}), ("explain", "coupon", "resend"),
        mark("Late on the way: ask the carrier first, a coupon for the wait; once it counts as lost, send again"),
    ),
    Remedy(
        frozenset({"W_SHORT", "Q_PART"}), ("resend", "compensation"),
        mark("Something is missing: send the missing piece, or pay for it; the rest stays where it is"),
    ),
    Remedy(
        frozenset({"W_WRONG"}), ("exchange", "compensation", "return"),
        mark("The wrong goods: exchange at the shop's cost, or a price at which the buyer keeps them"),
    ),
    Remedy(
        frozenset({"Q_LOOK", "Q_CRAFT"}), ("compensation", "exchange", "return"),
        mark("A small flaw: many keep the goods for a compensation within the postage"),
    ),
    Remedy(
        frozenset({"L_DAMAGE"}), ("resend", "compensation", "return"),
        mark("Broken on the way: send again or pay for the damage, then claim from the carrier"),
    ),
    Remedy(
        _of(Group.QUALITY), ("exchange", "return"),
        mark("Quality: exchange or return as the buyer chooses, the shop pays both ways"),
    ),
    Remedy(
        frozenset({"SZ_FIT", "SZ_DESC"}), ("explain", "exchange", "return"),
        mark("The size: go through the size chart, then exchange for the right one"),
    ),
    Remedy(
        frozenset({"S_LATE", "S_FAKE"}), ("explain", "coupon", "refund-only"),
        mark("Not sent in time: name the day it goes out, a coupon for the wait; else cancel and refund"),
    ),
    Remedy(
        frozenset({"S_OOS"}), ("exchange", "refund-only"),
        mark("Out of stock: something alike instead, or the whole money back"),
    ),
    Remedy(
        frozenset({"I_PRICE", "I_FREIGHT", "B_COUPON"}), ("explain", "compensation"),
        mark("It is about money only: explain, then pay the difference"),
    ),
    Remedy(
        _of(Group.LIKING), ("explain", "coupon", "return"),
        mark("The goods are in order: explain their use, a coupon for keeping them; the return is the buyer's right"),
    ),
)  # fmt: skip
UNDER_WAY = Remedy(
    frozenset(), ("explain", MORE_TIME, INTERCEPT),
    mark("Still on its way: press the carrier, explain and ask for patience; or have it intercepted, then refund"),
)  # fmt: skip
"""What is advised while goods that the buyer asks money for are on their way (`docs/rules.md` §2.2)."""
_ELSE = Remedy(
    frozenset(), tuple(Rung),
    mark("Ask what is the matter first, then climb the ladder from the cheapest rung"),
)  # fmt: skip


def advised(
    reason: str, categories: Collection[str], *, own: Sequence[Remedy] = (), abroad: bool = False
) -> Iterator[Remedy]:
    """What to offer for a reason and the categories of the goods: remedies for that kind of goods, else the first for
    the reason, else the general advice. The shop's `own` that fit replace ours; `abroad` says that the order is in
    another currency.
    """
    fits = [remedy for remedy in own if reason in remedy.reasons and _suits(remedy, categories)]
    fits = fits or [remedy for remedy in _REMEDIES if reason in remedy.reasons]
    for_these_goods = [remedy for remedy in fits if remedy.goods and _are(remedy.goods, categories, abroad=abroad)]
    for_any_goods = [remedy for remedy in fits if not remedy.goods]
    yield from for_these_goods or for_any_goods[:1] or [_ELSE]


def _suits(remedy: Remedy, categories: Collection[str]) -> bool:
    """Whether a remedy is for goods of some categories; one that names no goods is for all."""
    return not remedy.goods or _are(remedy.goods, categories, abroad=False)


def _are(words: tuple[str, ...], categories: Collection[str], *, abroad: bool) -> bool:
    """Whether any of the words stands in the name of a category; an order from abroad needs no word for that."""
    return (words is ABROAD and abroad) or any(word in category for word in words for category in categories)


REFUSALS = (
    mark("Past the seven days without reason"),
    mark("Of a class without the seven-day right, confirmed at the purchase"),
    mark("Used or not complete, so that it cannot be sold as new"),
    mark("Agreed with you on another way"),
    mark("Applied for twice"),
)
"""Usual reasons to refuse, as they are told to the buyer (message ids)."""
