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
"""Beside rungs and kinds of cases: the buyer is asked for patience, and the platform for more days."""
INTERCEPT = "intercept"
"""The carrier is asked to bring back what is on its way to the buyer."""
GIVEN = frozenset({Rung.COUPON, Rung.COMPENSATION})
"""Rungs that give the buyer something of an amount."""
LEAST = 500
"""What an agent gives at least, in minor units of CNY: less only annoys."""


@dataclass(frozen=True)
class Range:
    """What somebody may give alone; no `most` is no limit."""

    least: Money
    most: Money | None

    def holds(self, amount: Money) -> bool:
        """Whether an amount lies in it; none of another currency does, since nobody knows how much that is."""
        if amount.currency != self.least.currency:
            return False
        return self.least <= amount and (self.most is None or amount <= self.most)


def allowed(role: Role, policy: Policy, currency: str) -> Range:
    """What somebody of a role may offer on an order of a currency; an agent's range is in that of the rules."""
    if role in MAY_APPROVE_MONEY:
        return Range(Money(1, currency), None)
    return Range(Money(LEAST, OWN_CURRENCY), Money(policy.agent_limit, OWN_CURRENCY))


def above_postage(minor: int, freight: int, policy: Policy) -> bool:
    """Whether a compensation is more than the postage of the order, as far as that is known (minor units)."""
    postage = max(freight, policy.freight_fee)
    return 0 < postage < minor


def saved(rung: str, due: int, cost: int) -> int:
    """What an accepted rung saved: what the case would have cost, less what the rung costs (minor units). A return is
    what the case would have come to anyway.
    """
    return 0 if rung == Rung.RETURN else due - cost


FRESH = ("生鲜", "水果", "蔬菜", "海鲜", "水产", "鲜肉", "冷冻", "冷鲜", "鲜花", "乳品")
ABROAD = ("跨境", "保税", "海外", "进口直邮")
"""Words in the name of a category that tell the kind of goods."""


def _of(*groups: Group) -> frozenset[str]:
    return frozenset(code for code, reason in REASONS.items() if reason.group in groups)


_FLAWED = _of(Group.QUALITY) | {"L_DAMAGE"}
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
    """The remedies for a reason and the categories of the goods, those for the kind of goods come first; `abroad`
    is an order in another currency. The shop's `own` lines that fit stand in the place of ours; the general advice
    where nothing fits.
    """
    fits = [remedy for remedy in own if reason in remedy.reasons and _suits(remedy, categories)]
    fits = fits or [remedy for remedy in _REMEDIES if reason in remedy.reasons]
    special = [remedy for remedy in fits if remedy.goods and _are(remedy.goods, categories, abroad=abroad)]
    plain = [remedy for remedy in fits if not remedy.goods]
    yield from special or plain[:1] or [_ELSE]


def _suits(remedy: Remedy, categories: Collection[str]) -> bool:
    return not remedy.goods or _are(remedy.goods, categories, abroad=False)


def _are(words: tuple[str, ...], categories: Collection[str], *, abroad: bool) -> bool:
    return (words is ABROAD and abroad) or any(word in category for word in words for category in categories)


REFUSALS = (
    mark("Past the seven days without reason"),
    mark("Of a class without the seven-day right, confirmed at the purchase"),
    mark("Used or not complete, so that it cannot be sold as new"),
    mark("Agreed with you on another way"),
    mark("Applied for twice"),
)
"""The usual reasons to refuse, as the buyer is told."""
