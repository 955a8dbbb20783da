"""Sums of money, each currency by itself."""

from collections import Counter
from collections.abc import Iterable, Mapping

from retcli.language import series
from retcli.rules.money.minor_units import Money, in_order
from retcli.rules.policy.policy import OWN_CURRENCY
from retcli.views.base import money_text


def sums(moneys: Iterable[Money]) -> dict[str, int]:
    """Amounts summed by currency, in minor units, yuan first."""
    totals: Counter[str] = Counter()
    for amount in moneys:
        totals[amount.currency] += amount.minor
    return {currency: totals[currency] for currency in sorted(totals, key=in_order)}


def sums_text(summed: Mapping[str, int]) -> str:
    """Sums by currency for people; ``0.00`` where there are none."""
    return series(money_text(Money(minor, currency)) for currency, minor in summed.items()) or money_text(
        Money(0, OWN_CURRENCY)
    )
