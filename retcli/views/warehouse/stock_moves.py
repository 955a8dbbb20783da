"""The view of movements in stock."""

from dataclasses import dataclass
from datetime import datetime

from retcli.language import _, series
from retcli.views.base import Column, Screen, View, when
from retcli.views.documents import Documented
from retcli.words import word


@dataclass(frozen=True)
class Move(Documented):
    """Pieces that went from one bucket to another ("" for outside), when (UTC), why, and by whom: of which parcel, for
    which case, and as which grade they were found or taken back; "" for none.
    """

    KEYS = ("at", "sku", "quantity", "source", "target", "cause", "grade", "parcel", "case", "by")

    at: datetime
    sku: str
    quantity: int
    source: str
    target: str
    cause: str
    grade: str
    parcel: str
    case: str
    by: str

    @property
    def why(self) -> str:
        """The cause in a few words, with the grade."""
        cause = word(self.cause, "cause")
        return _("{cause}: {grade}").format(cause=cause, grade=word(self.grade, "grade")) if self.grade else cause

    @property
    def way(self) -> str:
        """From where to where."""
        source, target = (word(bucket) if bucket else _("outside") for bucket in (self.source, self.target))
        return _("{source} → {target}").format(source=source, target=target)


@dataclass(frozen=True)
class StockMovesView(View):
    """Movements in stock, the newest first; `more`: there are older ones that are not listed."""

    KEYS = ("moves", "more")

    moves: tuple[Move, ...]
    more: bool = False

    def draw(self, screen: Screen) -> None:
        """Shows a row for each movement."""
        if not self.moves:
            screen.line(_("Nothing moved in stock yet"))
            return
        columns = [Column(_("When"), "time"), Column(_("SKU"), "id"), Column(_("Pieces"), "count")]
        columns += [Column(_("From, to")), Column(_("Cause")), Column(_("Of"), "id", spare=True)]
        columns += [Column(_("Who"), spare=True)]
        rows = [
            (when(move.at), move.sku, str(move.quantity), move.way, move.why,
             series(filter(None, [move.parcel, move.case])), move.by)
            for move in self.moves
        ]  # fmt: skip
        screen.table(columns, rows)
        if self.more:
            screen.line(_("Older ones: name the article, or --parcel"))
