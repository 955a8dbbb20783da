"""Who may dispose of pieces in stock alone, and what takes a second person."""

from collections.abc import Mapping
from dataclasses import dataclass

from retcli.rules.warehouse.causes import Cause

WAYS: Mapping[str, Cause] = {"markdown": Cause.MARKED_DOWN, "scrap": Cause.SCRAPPED, "supplier": Cause.TO_SUPPLIER}
"""How pieces are disposed of, with the cause by which they then leave the stock."""


@dataclass(frozen=True)
class Limits:
    """What one person may scrap alone within a day: pieces, and what they cost, in fen."""

    pieces: int
    amount: int


@dataclass(frozen=True)
class Alone:
    """What somebody scrapped alone within a day so far: pieces, and what they cost, in fen."""

    pieces: int
    amount: int


def needs_another(kind: str, pieces: int, cost: int | None, alone: Alone, limits: Limits) -> bool:
    """Whether a disposal waits for a second person: what is scrapped is gone for good and brings nothing. What pieces
    cost counts where it is known.
    """
    if kind != Cause.SCRAPPED:
        return False
    return alone.pieces + pieces > limits.pieces or alone.amount + pieces * (cost or 0) > limits.amount
