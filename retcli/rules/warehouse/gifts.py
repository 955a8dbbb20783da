"""Gifts that an order had beside what was bought: they come back with its return, though no case asks for them."""

from collections.abc import Iterable
from typing import Protocol


class Sold(Protocol):
    """A line of an order: its article, its pieces, and in minor units what was paid for it, what the file states, and
    what a voucher of the platform's paid (None where that is not known).
    """

    @property
    def sku(self) -> str:
        """The shop's own code of the article."""

    @property
    def quantity(self) -> int:
        """The pieces."""

    @property
    def cash(self) -> int:
        """What was paid for them."""

    @property
    def stated(self) -> int | None:
        """What the file states for them."""

    @property
    def platform_share(self) -> int | None:
        """What a voucher of the platform's paid of it."""


def is_gift(line: Sold, priced: Iterable[str]) -> bool:
    """Whether a line is a gift, which comes back with the goods (暂行办法 §12): nobody paid for it, or the shop's rules
    state its price as that of a gift (`priced`, by article).
    """
    return line.sku in priced or not (line.cash or line.stated or line.platform_share)
