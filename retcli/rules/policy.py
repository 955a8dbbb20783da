"""The shop's rules as one frozen value; the defaults are the law's floor and the usual Taobao practice."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


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


@dataclass(frozen=True)
class Policy:
    """Limits in minor units of CNY, periods as timedeltas; `version` names the value that judged a case."""

    version: str = "default-1"
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
    first_reply: timedelta = timedelta(hours=48)
    buyer_returns: timedelta = timedelta(days=7)
    own_reply: timedelta = timedelta(hours=24)
    own_agreement: timedelta = timedelta(hours=72)
    patience: timedelta = timedelta(days=5, hours=14, minutes=24)
    pay_after_receipt: timedelta = timedelta(days=7)
    compensation: int = 500

    def excluded_class(self, category: str) -> Excluded | None:
        """The excluded class of a category, by the words of its name; None for ordinary goods."""
        return next((kind for word, kind in self.excluded.items() if word in category), None)
