"""The shop's rules as frozen values. The defaults are the law's floor and the usual practice on Taobao (`docs/rules.md`
§2.2).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from retcli.rules.names import platform_of

OWN_CURRENCY = "CNY"
"""The currency of every amount in a policy."""
BUILT_IN = "default-1"
"""The version of the rules that hold where the shop has loaded none."""


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
"""Classes that keep the right while nobody opened or activated the goods (暂行办法 §6 (3), §7 (1), (2))."""


class Payer(StrEnum):
    """Who pays the way back of goods that the buyer simply does not want."""

    BUYER = "buyer"
    SHOP = "shop"


class Difference(StrEnum):
    """Which difference in price an exchange settles: in both directions, only what the buyer owes, or none."""

    BOTH = "both"
    COLLECT = "collect"
    NONE = "none"


class Settling(StrEnum):
    """How a threshold promotion (满减) is settled when a part of the order goes back (暂行办法 §17): each line keeps
    its share of the discount, or what is kept is priced anew.
    """

    PRO_RATA = "pro_rata"
    AGAIN = "again"


@dataclass(frozen=True)
class Terms:
    """What the shop grants on some goods; days are counted from the day after the signature."""

    days: int = 7  # without a reason and without a fee (消法 §25)
    extended_days: int = 0  # the shop's longer window, counted from the same day; 0: none
    fee: int = 0  # basis points of the refund in the longer window, after `days`
    promised: bool = False  # the seven days hold for excluded classes too, by the shop's promise
    return_freight: Payer = Payer.BUYER
    pickup: bool = False  # the goods are collected at the buyer's door (上门取件)
    return_days: int = 7  # for goods with a fault (消法 §24)
    exchange_days: int = 15  # for goods with a fault (三包)
    replace_in_warranty: bool = False  # new goods instead of a repair inside the warranty
    difference: Difference = Difference.BOTH
    price_days: int = 0  # of price protection, counted from the day after the payment; 0: none
    because: tuple[str, ...] = ()  # names of the rules that made these terms

    @property
    def last_day(self) -> int:
        """Days until which goods without a fault may be given back, with or without the fee."""
        return max(self.days, self.extended_days)


GENERAL = Terms()
"""The terms of the law, with the usual practice where it leaves a choice."""


@dataclass(frozen=True)
class Sale:
    """What the conditions of a rule look at: category of the goods, the buyer's tier, platform, shop, and the day of
    the order in Shanghai.
    """

    category: str = ""
    tier: str = ""
    platform: str = ""
    shop: str = ""
    ordered_on: date | None = None


@dataclass(frozen=True)
class When:
    """A rule for some sales (``[[when]]`` of the file): its conditions, "" and None for any, and the terms it sets."""

    name: str
    terms: Mapping[str, Any]
    category: str = ""
    tier: str = ""
    platform: str = ""
    shop: str = ""
    ordered_from: date | None = None
    ordered_until: date | None = None

    def holds(self, sale: Sale) -> bool:
        """Whether the rule is for a sale; an order without a day is in no period."""
        # a word of the category's name is enough: platforms write whole paths (服装/T恤)
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
        """Pairs of a wanted value and the sale's, which must be equal where one is wanted."""
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
    """Cases that are approved without a person when every finding says yes: their kinds, the most that may be due
    (minor units), their reasons (none named: any); `unshipped`: only where nothing was sent yet.
    """

    kinds: frozenset[str]
    most: int
    reasons: frozenset[str] = frozenset()
    unshipped: bool = False


@dataclass(frozen=True)
class Remedy:
    """What to offer for some reasons, and why (a message id): `then` names rungs of the ladder and kinds of cases in
    the order to try them. `goods` are words of a category's name; without any the remedy is for all goods.
    """

    reasons: frozenset[str]
    then: tuple[str, ...]
    why: str
    goods: tuple[str, ...] = ()


@dataclass(frozen=True)
class OwnReason:
    """A sub-reason of the shop: its code, the canonical reason that it belongs to (`parent`), its name."""

    code: str
    parent: str
    name: str


@dataclass(frozen=True)
class Limits:
    """A platform's time limits where no deadline was imported: the shorter of the known variants (`docs/rules.md`
    §2.2), so that an estimate is never too late.
    """

    first_reply: timedelta = timedelta(hours=48)
    buyer_returns: timedelta = timedelta(days=7)


USUAL = Limits()


@dataclass(frozen=True)
class Policy:
    """The shop's rules of one version; amounts in minor units of CNY."""

    version: str = BUILT_IN  # kept with each case that was opened under it
    starts_on: date = date.min  # the first day, in Shanghai, on which it judges
    terms: Terms = GENERAL
    rules: tuple[When, ...] = ()
    agent_limit: int = 3000  # what an agent may let go alone
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
    free_freight_from: int | None = None  # goods from which on delivery is free; None: no such condition
    freight_fee: int = 0  # the usual freight of an order
    promotions: tuple[Promotion, ...] = ()
    settling: Settling = Settling.PRO_RATA
    gifts: Mapping[str, int] = field(default_factory=dict)  # SKU to the price stated for a gift that is not returned
    automatic: tuple[Automatic, ...] = ()
    limits: Limits = USUAL
    limits_by_platform: Mapping[str, Limits] = field(default_factory=dict)
    own_reply: timedelta = timedelta(hours=24)
    own_agreement: timedelta = timedelta(hours=72)
    escalation: timedelta = timedelta(hours=120)  # when the manager hears of a case, before the buyer's patience ends
    ask_again: timedelta = timedelta(hours=48)
    # 5.6 days, after which buyers call the platform on average (`docs/rules.md` §2.2)
    patience: timedelta = timedelta(days=5, hours=14, minutes=24)
    pay_after_receipt: timedelta = timedelta(days=7)  # 消法 §25
    first_movement: timedelta = timedelta(hours=24)  # without an event after the parcel was handed over
    stalled: timedelta = timedelta(hours=72)  # without a new event
    compensation: int = 500  # usual sum of an offer
    no_evidence_below: int = 0  # amount below which no evidence is asked for
    recount_pieces: int = 10  # a count of the stock that differs by more is counted again by another person
    recount_amount: int = 50000  # and one whose pieces cost more than that
    scrap_pieces: int = 10  # what one person scraps alone within a day
    scrap_amount: int = 30000  # and what that may have cost
    defective_pieces: int = 20  # defective pieces of a product that may lie there
    defective_age: timedelta = timedelta(days=7)  # and for how long
    safety_pieces: int = 3  # pieces of a product that must be left to be sold
    safety: Mapping[str, int] = field(default_factory=dict)  # SKU to its own safety stock
    evidence: Mapping[str, frozenset[str]] = field(default_factory=dict)  # reason to the kinds of evidence it needs
    addresses: Mapping[str, str] = field(default_factory=dict)
    remedies: tuple[Remedy, ...] = ()
    reasons: tuple[OwnReason, ...] = ()
    reason_words: Mapping[str, str] = field(default_factory=dict)  # a platform's word for a reason to our code
    holidays: Mapping[date, bool] = field(default_factory=dict)  # day to whether it is off, before the calendar's word

    def excluded_class(self, category: str) -> Excluded | None:
        """The excluded class of a category, by the words of its name; None for ordinary goods."""
        return next((kind for word, kind in self.excluded.items() if word in category), None)

    def terms_for(self, sale: Sale) -> Terms:
        """The terms of a sale: the general ones, changed by each rule that holds for it, the later one winning."""
        return with_rules(self.terms, (rule for rule in self.rules if rule.holds(sale)))

    def limits_on(self, platform: str) -> Limits:
        """The time limits of a platform: its own where the shop wrote some, else the general ones."""
        return self.limits_by_platform.get(platform_of(platform), self.limits)

    def in_currency(self, currency: str) -> "Policy":
        """The rules for an order in a currency: every rule with an amount falls away outside yuan, since no rate is
        known here.
        """
        if currency == OWN_CURRENCY:
            return self
        return replace(
            self, promotions=(), gifts={}, free_freight_from=None, freight_fee=0, automatic=(), no_evidence_below=0
        )

    def promotion_on(self, ordered_on: date | None) -> Promotion | None:
        """The first threshold promotion that ran on a day; None where none did or the day is not known."""
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
"""The rules that hold where a shop has loaded none of its own."""


def with_rules(terms: Terms, rules: Iterable[When]) -> Terms:
    """Terms changed by rules in their order; the name of each is kept in `because`."""
    for rule in rules:
        terms = replace(terms, **rule.terms, because=(*terms.because, rule.name))
    return terms


def in_force(policies: Iterable[Policy], day: date) -> Policy:
    """The version that judges what was applied for on a day (Shanghai): the latest that has begun, of two that begin on
    one day the later in the list; the built-in rules before any.
    """
    latest = BUILT_IN_RULES
    for policy in policies:
        if latest.starts_on <= policy.starts_on <= day:
            latest = policy
    return latest
