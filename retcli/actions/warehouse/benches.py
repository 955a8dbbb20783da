"""The table in front of a scanner, as the loop remembers it between two codes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from retcli.rules.lifecycles import Grade

BOUNCE = 0.3
"""Seconds within which a scanner that reads a code twice has read one piece: nobody takes up another so fast."""


@dataclass
class Bench:
    """The table in front of the scanner: the parcel that lies on it, the grade that pieces are given, the article of
    the last code if it was a piece, and when that was read (seconds of a clock that only goes forward); of a parcel
    that was read before, the pieces by product that were counted then and were not read since; a code that nobody
    understood since the parcel was laid there, as it may be shown.
    """

    parcel: str = ""
    grade: Grade | None = None
    article: str = ""
    read_at: float = 0.0
    counted_before: Mapping[str, int] = field(default_factory=dict)
    in_doubt: str = ""

    def lay(self, parcel: str = "", counted_before: Mapping[str, int] | None = None) -> None:
        """Puts a parcel on the table, or with none clears it."""
        self.parcel, self.counted_before, self.in_doubt = parcel, counted_before or {}, ""

    def doubt(self, code: str) -> None:
        """Notes a code that nobody understood: it may have been another parcel's label."""
        self.in_doubt = code if self.parcel else ""

    @property
    def to_read_again(self) -> Mapping[str, int]:
        """The pieces by product that were counted in an earlier reading of the parcel and not read since."""
        return {sku: pieces for sku, pieces in self.counted_before.items() if pieces}

    def read_again(self, sku: str, pieces: int) -> int:
        """How many of some pieces were counted before; they are read once more and are no new ones."""
        counted = self.counted_before.get(sku, 0)
        again = min(pieces, counted)
        self.counted_before = {**self.counted_before, sku: counted - again}
        return again

    def bounced(self, sku: str, at: float | None) -> bool:
        """Notes that a piece of an article was read (`at` is None where no person scans); whether the scanner has just
        read it twice.
        """
        previous, self.article = self.article, sku
        previous_at, self.read_at = self.read_at, at or 0.0
        return at is not None and previous == sku and at - previous_at < BOUNCE
