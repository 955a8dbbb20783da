"""What a parcel should weigh when it comes back, and whether it is too light to be opened without a photograph. In
whole grams.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

LIGHT = 60
"""Per cent of what is expected below which a parcel is too light: a box and its wrapping weigh less than the rest."""


class Basis(StrEnum):
    """By what it is known how much a parcel should weigh."""

    SENT = "sent"  # what left weighed so much, and all of it comes back
    GOODS = "goods"  # by the weights of the articles in the product sheet


@dataclass(frozen=True)
class Expected:
    """How many grams a parcel should weigh, and by what that is known."""

    grams: int
    basis: Basis

    def lacks(self, weighed: int) -> bool:
        """Whether a parcel that weighs so many grams is too light for what should be in it."""
        return weighed * 100 < self.grams * LIGHT


def expected(
    awaited: Mapping[str, int], of_articles: Mapping[str, int | None], sent: Mapping[str, int], left_with: int | None
) -> Expected | None:
    """What a parcel with the `awaited` pieces should weigh: as much as it left with, where all the pieces that were
    `sent` come back; else by the weights of its articles, where each is known. None where nobody can know.
    """
    if not awaited:
        return None
    if left_with and dict(awaited) == dict(sent):
        return Expected(left_with, Basis.SENT)
    each = {sku: of_articles.get(sku) or 0 for sku in awaited}
    if not all(each.values()):
        return None
    return Expected(sum(each[sku] * pieces for sku, pieces in awaited.items()), Basis.GOODS)
