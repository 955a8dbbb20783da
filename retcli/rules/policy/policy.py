"""The shop's rules as frozen values; the defaults are the law's floor and the usual Taobao practice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from retcli.rules.names import platform_of

OWN_CURRENCY = "CNY"
"""What every amount in a policy is in."""
BUILT_IN = "default-1"
"""The version that stands where the shop has loaded none."""


class Excluded(StrEnum):
    """Classes without a seven-day right (暂行办法 §6), or without one once confirmed at the purchase (§7)."""

    CUSTOM = "custom"
    PERISHABLE = "perishable"
    DIGITAL = "digital"
    PRESS = "press"
    SEALED = "sealed"
    ACTIVATED = "activated"
    NEAR_EXPIRY = "near_expiry"


BY_LAW = frozenset({Excluded.CUSTOM, Excluded.PERISHABLE, Excluded.DIGITAL, Excluded.PRESS})
BY_OPENING = frozenset({Excluded.DIGITAL, Excluded.SEALED, Excluded.ACTIVATED})
"""Classes that only opening or activating takes the right from (暂行办法 §6 (3), §7 (1), (2))."""


class Payer(StrEnum):
    """Who pays the way back of goods that the buyer simply does not want."""

    BUYER = "buyer"
    SHOP = "shop"


class Difference(StrEnum):
    """What an exchange for goods of another price settles: both ways, only what the buyer owes, nothing."""

    BOTH = "both"
    COLLECT = "collect"
    NONE = "none"


class Settling(StrEnum):
    """What becomes of a promotion when a part goes back (暂行办法 §17): each line keeps its share of the discount, or
    what is kept is priced anew.
    """

    PRO_RATA = "pro_rata"
    AGAIN = "again"


@dataclass(frozen=True)
class Terms:
    """What the shop grants on some goods: days counted from the day after the signature, `fee` in basis points of the
    refund from the day after `days` on; `price_days` of price protection are counted from the day after the payment, 0
    promises none. `because` names the rules of the policy that made them.
    """

    days: int = 7
    extended_days: int = 0
    fee: int = 0
    promised: bool = False
    return_freight: Payer = Payer.BUYER
    pickup: bool = False
    return_days: int = 7
    exchange_days: int = 15
    replace_in_warranty: bool = False
    difference: Difference = Difference.BOTH
    price_days: int = 0
    because: tuple[str, ...] = ()

    @property
    def last_day(self) -> int:
        """The last day on which goods without a fault may be given back, with or without the fee."""
        return max(self.days, self.extended_days)


GENERAL = Terms()
"""The law's own, and the usual practice beside it."""


@dataclass(frozen=True)
class Sale:
    """What a rule may ask of a sale: the goods' category, the buyer's tier, the platform, the shop, the day (in
    Shanghai) of the order.
    """

    category: str = ""
    tier: str = ""
    platform: str = ""
    shop: str = ""
    ordered_on: date | None = None


@dataclass(frozen=True)
class When:
    """A rule for some sales: what it asks of them ("" and None ask nothing) and the terms it sets."""

    name: str
    terms: Mapping[str, Any]
    category: str = ""
    tier: str = ""
    platform: str = ""
    shop: str = ""
    ordered_from: date | None = None
    ordered_until: date | None = None

    def holds(self, sale: Sale) -> bool:
        """Whether the sale is one that the rule is for; an order without a day is in no period."""
        if self.category not in sale.category:
            return False
        if any(wanted and wanted != value for wanted, value in self._exact(sale)):
            return False
        if self.ordered_from or self.ordered_until:
            if sale.ordered_on is None:
                return False
            return (self.ordered_from or date.min) <= sale.ordered_on <= (self.ordered_until or date.max)
        return True

    def _exact(self, sale: Sale) -> tuple[tuple[str, str], ...]:
        return (self.tier, sale.tier), (self.platform, platform_of(sale.platform)), (self.shop, sale.shop)


@dataclass(frozen=True)
class Promotion:
    """A threshold promotion (满减): `off` minor units from `least` minor units on, for orders of a period."""

    name: str
    least: int
    off: int
    ordered_from: date | None = None
    ordered_until: date | None = None


@dataclass(frozen=True)
class Automatic:
    """Cases that are agreed to by themselves when every finding says yes: of a kind, for one of the reasons (none
    named: any), up to an amount in minor units; `unshipped` asks that nothing was sent yet.
    """

    kinds: frozenset[str]
    most: int
    reasons: frozenset[str] = frozenset()
    unshipped: bool = False


@dataclass(frozen=True)
class Remedy:
    """What to offer for goods of these category words (any where there are none) and these reasons, and why; `then`
    names rungs of the ladder and kinds of cases in the order to try them.
    """

    reasons: frozenset[str]
    then: tuple[str, ...]
    why: str
    goods: tuple[str, ...] = ()


@dataclass(frozen=True)
class OwnReason:
    """A sub-reason of the shop's own: its code, the canonical reason it belongs to, its name."""

    code: str
    parent: str
    name: str


@dataclass(frozen=True)
class Limits:
    """The platform's limits where no deadline was imported: the shorter of known variants (`docs/rules.md` §2.2)."""

    first_reply: timedelta = timedelta(hours=48)
    buyer_returns: timedelta = timedelta(days=7)


USUAL = Limits()


@dataclass(frozen=True)
class Policy:
    """Limits in minor units of CNY, periods as timedeltas; `version` names the value that judged a case, `starts_on`
    the first day (in Shanghai) on which it judges.
    """

    version: str = BUILT_IN
    starts_on: date = date.min
    terms: Terms = GENERAL
    rules: tuple[When, ...] = ()
    agent_limit: int = 3000
    excluded: dict[str, Excluded] = field(
        default_factory=lambda: {
            "定制": Excluded.CUSTOM,
            "定做": Excluded.CUSTOM,
            "生鲜": Excluded.PERISHABLE,
            "水果": Excluded.PERISHABLE,
            "鲜花": Excluded.PERISHABLE,
            "软件": Excluded.DIGITAL,
            "充值": Excluded.DIGITAL,
            "报刊": Excluded.PRESS,
            "内衣": Excluded.SEALED,
            "化妆品": Excluded.SEALED,
            "临期": Excluded.NEAR_EXPIRY,
        }
    )
    free_freight_from: int | None = None
    freight_fee: int = 0
    promotions: tuple[Promotion, ...] = ()
    settling: Settling = Settling.PRO_RATA
    gifts: Mapping[str, int] = field(default_factory=dict)
    automatic: tuple[Automatic, ...] = ()
    limits: Limits = USUAL
    limits_by_platform: Mapping[str, Limits] = field(default_factory=dict)
    own_reply: timedelta = timedelta(hours=24)
    own_agreement: timedelta = timedelta(hours=72)
    escalation: timedelta = timedelta(hours=120)
    ask_again: timedelta = timedelta(hours=48)
    patience: timedelta = timedelta(days=5, hours=14, minutes=24)
    pay_after_receipt: timedelta = timedelta(days=7)
    first_movement: timedelta = timedelta(hours=24)
    stalled: timedelta = timedelta(hours=72)
    compensation: int = 500
    no_evidence_below: int = 0
    evidence: Mapping[str, frozenset[str]] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    remedies: tuple[Remedy, ...] = ()
    reasons: tuple[OwnReason, ...] = ()
    reason_words: Mapping[str, str] = field(default_factory=dict)
    holidays: Mapping[date, bool] = field(default_factory=dict)

    def excluded_class(self, category: str) -> Excluded | None:
        """The excluded class of a category, by the words of its name; None for ordinary goods."""
        return next((kind for word, kind in self.excluded.items() if word in category), None)

    def terms_for(self, sale: Sale) -> Terms:
        """The terms of a sale: the general ones, changed by each rule that holds for it, the later one winning."""
        return with_rules(self.terms, (rule for rule in self.rules if rule.holds(sale)))

    def limits_on(self, platform: str) -> Limits:
        """The platform's limits."""
        return self.limits_by_platform.get(platform_of(platform), self.limits)

    def in_currency(self, currency: str) -> "Policy":
        """The rules for an order in a currency: what they say in amounts holds in their own only, since nobody knows
        what it is in another.
        """
        if currency == OWN_CURRENCY:
            return self
        return replace(
            self, promotions=(), gifts={}, free_freight_from=None, freight_fee=0, automatic=(), no_evidence_below=0
        )

    def promotion_on(self, ordered_on: date | None) -> Promotion | None:
        """The threshold promotion that ran on a day; the first that fits."""
        if ordered_on is None:
            return None
        return next(
            (
                promotion
                for promotion in self.promotions
                if (promotion.ordered_from or date.min) <= ordered_on <= (promotion.ordered_until or date.max)
            ),
            None,
        )


BUILT_IN_RULES = Policy()
"""What judges where a shop has loaded no rules of its own."""


def with_rules(terms: Terms, rules: Iterable[When]) -> Terms:
    """Terms changed by rules in their order, each noted by name."""
    for rule in rules:
        terms = replace(terms, **rule.terms, because=(*terms.because, rule.name))
    return terms


def in_force(policies: Iterable[Policy], day: date) -> Policy:
    """The version that judges what was applied for on a day: the latest that has begun; the built-in rules before any.
    Of two that begin on one day the later in the list.
    """
    latest = BUILT_IN_RULES
    for policy in policies:
        if latest.starts_on <= policy.starts_on <= day:
            latest = policy
    return latest
