"""Money in whole minor units (fen), read from and written as text, and split without losing a fen (`docs/rules.md`
§3.1).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

OWN, POINTS = "CNY", "POINTS"
DIGITS = dict.fromkeys(("CNY", "USD", "EUR", "GBP", "HKD"), 2)
DIGITS |= dict.fromkeys(("JPY", "KRW", "VND", "CLP", "ISK", "PYG", "UGX", "XAF", "XOF", "XPF", POINTS), 0)
DIGITS |= dict.fromkeys(("KWD", "BHD", "OMR", "JOD", "TND", "LYD", "IQD"), 3)
"""Decimals of a currency (ISO 4217), 2 where none is named; points count as a currency without decimals."""
_SIGN_FIRST = re.compile(r"^([+-])¥(?=\d)", re.ASCII)
_YUAN = re.compile(r"([+-]?)(\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(?:\.(\d+))?")


@dataclass(frozen=True)
class Money:
    """An amount in minor units (fen for CNY) of one currency. Adding or comparing two currencies raises ValueError."""

    minor: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        """As people read it: ``12.50``, and with its currency where that is not yuan, as in ``12.50 USD``."""
        plain = text(self.minor, self.currency)
        return plain if self.currency == OWN else f"{plain} {self.currency}"

    def _same(self, other: "Money") -> int:
        """The minor units of another amount. Raises ValueError where its currency differs."""
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} neither add nor compare")
        return other.minor


def in_order(currency: str) -> tuple[bool, bool, str]:
    """The sort key of a currency: yuan first, points last, the others by their code."""
    return currency == POINTS, currency != OWN, currency


class Typed(str):
    """An amount as a person typed it, in major units; its minor units follow once the order's currency is known."""

    __slots__ = ()


def text(minor: int, currency: str = "CNY") -> str:
    """Minor units as plain text in major units: 1250 is ``12.50``."""
    digits = DIGITS.get(currency, 2)
    sign, whole = ("-" if minor < 0 else ""), abs(minor)
    if not digits:
        return f"{sign}{whole}"
    return f"{sign}{whole // 10**digits}.{whole % 10**digits:0{digits}d}"


def parse(written: str, currency: str = "CNY") -> int:
    """Minor units from what a person or a sheet wrote: ``￥1,299.5``, ``12元``; a negative is ``(3.00)``,
    ``¥-3.00`` or ``-¥3.00``.

    Raises ValueError for anything else, also for more decimals than the currency has (nothing is rounded) and for
    commas that part no thousands.
    """
    half = unicodedata.normalize("NFKC", written).strip().removesuffix("元")
    plain = _SIGN_FIRST.sub(r"\1", half).lstrip("¥").strip()
    # NFKC turns full width into digits, which is wanted, but ² and ① too, which nobody means as an amount
    negative = plain.startswith("(") and plain.endswith(")")
    match = _YUAN.fullmatch(plain[1:-1] if negative else plain)
    if match is None or not plain.isascii() or any(unicodedata.category(ch) == "No" for ch in written):
        raise ValueError(written)
    sign, whole, decimals = match[1], match[2].replace(",", ""), match[3] or ""
    if negative and sign:
        raise ValueError(written)
    digits = DIGITS.get(currency, 2)
    # three decimals abroad: ``100.000`` is a hundred thousand where a point parts the thousands
    if decimals[digits:].strip("0") or (len(decimals) == 3 > digits and currency != "CNY"):
        raise ValueError(written)
    minor: int = int(whole) * int(10**digits) + int((decimals + "0" * digits)[:digits] or 0)
    return -minor if (sign == "-") != negative else minor


def parse_named(written: str, currency: str) -> int:
    """Minor units from an amount as `Money` writes it: ``12.50``, ``12.50 USD``. Raises ValueError."""
    return parse(written.removesuffix(f" {currency}"), currency)


def half_up(exact: "Fraction") -> int:
    """The nearest whole unit, halves away from zero (四舍五入), never to the even neighbour as Python's `round`."""
    rounded = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return -rounded if exact < 0 else rounded


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Shares of the total by weight that sum exactly to it (largest remainder; a tie goes to the larger weight, then to
    the earlier line). Shares are in the total's unit; all weights nothing counts as all alike. Raises ValueError
    without weights, and for a negative total or weight.
    """
    if not weights:
        raise ValueError("nothing to split over")
    if min(weights) < 0 or total < 0:
        raise ValueError("a split takes no negative amounts")
    weighed = list(weights) if any(weights) else [1] * len(weights)
    whole = sum(weighed)
    shares = [total * weight // whole for weight in weighed]
    by_remainder = sorted(range(len(weighed)), key=lambda i: (-(total * weighed[i] % whole), -weighed[i], i))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares


def up_to(total: int, count: int, of: int) -> int:
    """What `count` of a line's `of` pieces are worth together of its `total`, half up: R(k) of `docs/rules.md` §3.1."""
    return (2 * total * count + of) // (2 * of) if of else 0


def points(minor: int, basis: int) -> int:
    """So many basis points of an amount in minor units, half up; neither may be negative."""
    return (2 * minor * basis + 10_000) // 20_000
