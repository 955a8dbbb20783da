"""The view of a stocktake: what was counted, and once that is posted, by how much the books were wrong."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from retcli.language import _, mark, series
from retcli.rules.lifecycles import TakeState
from retcli.views.base import Column, Screen, View, draw_next
from retcli.views.documents import Documented
from retcli.words import word

_STATES = {
    "counted": mark("counted, not posted yet"),
    "posted": mark("posted"),
    "another": mark("somebody else counts it again"),
    "moved": mark("moved meanwhile, count it again"),
}


@dataclass(frozen=True)
class StocktakeLine(Documented):
    """A product of a stocktake: `counted` pieces at some places, None where it is to be counted again; `book` is what
    the books held when they were counted, told only once the number is posted.
    """

    KEYS = ("sku", "name", "counted", "state", "places", "book", "difference")

    sku: str
    name: str
    counted: int | None
    state: str
    places: tuple[str, ...] = ()
    book: int | None = None

    @property
    def difference(self) -> int | None:
        """By how many pieces the count differs from the books; None before it is posted."""
        return None if self.book is None or self.counted is None else self.counted - self.book


@dataclass(frozen=True)
class Fault(Documented):
    """A line of a file that was not taken: its number, the text, and what is wrong with it (a message id)."""

    line: int
    text: str
    problem: str

    def sentence(self) -> str:
        """Where it stands, and what is wrong."""
        return _("Line {line}, {text}: {problem}").format(line=self.line, text=self.text, problem=_(self.problem))


@dataclass(frozen=True)
class StocktakeView(View):
    """A stocktake of a bucket, with its products in the order in which they were counted, and who counted."""

    ENVELOPE = "stocktake"
    KEYS = ("number", "bucket", "state", "opened_at", "counted_by", "posted_by", "lines")

    number: str
    bucket: str
    state: str
    opened_at: datetime
    counted_by: tuple[str, ...]
    posted_by: str
    lines: tuple[StocktakeLine, ...]
    faults: tuple[Fault, ...] = ()

    @property
    def again(self) -> tuple[StocktakeLine, ...]:
        """The products that are to be counted again."""
        return tuple(line for line in self.lines if line.counted is None)

    @property
    def exit_code(self) -> int:
        """3 where something is to be counted again, or a line of a file was not taken."""
        return 3 if self.again or self.faults else 0

    @property
    def complaints(self) -> tuple[str, ...]:
        """Lines of a file that were not taken."""
        return tuple(fault.sentence() for fault in self.faults)

    def document(self) -> dict[str, Any]:
        """The stocktake, and beside it the lines of a file that were not taken, where there are any."""
        faults: dict[str, Any] = {"faults": [fault.document() for fault in self.faults]} if self.faults else {}
        return super().document() | faults

    @property
    def next(self) -> str:
        """What comes next: to count (again), or to post."""
        if self.state != TakeState.OPEN:
            return "retcli stock show"
        again = bool(self.again) and all(line.state != "counted" for line in self.lines)
        option = "" if self.bucket == "sellable" else f" --bucket {self.bucket}"
        if again or not self.lines:
            return "retcli scan --mode count" if not option else f"retcli stock count SKU --pieces N{option}"
        return f"retcli stock count --post{option}"

    def draw(self, screen: Screen) -> None:
        """Shows the stocktake and a row for each product."""
        title = _("Stocktake {number}  {bucket}  {state}  {who}")
        bucket, state = word(self.bucket), word(self.state, "stocktake")
        screen.line(title.format(number=self.number, bucket=bucket, state=state, who=series(self.counted_by)))
        if self.lines:
            posted = any(line.book is not None for line in self.lines)
            columns = [Column(_("SKU"), "id"), Column(_("Name")), Column(_("Pieces counted"), "count")]
            columns += [Column(_("Book"), "count"), Column(_("Over or short"), "count")] if posted else []
            columns += [Column(_("State")), Column(_("Places"), spare=True)]
            screen.table(columns, [_row(line, posted=posted) for line in self.lines])
        draw_next(screen, self.next)


def _row(line: StocktakeLine, *, posted: bool) -> list[str]:
    """The cells of a product; a number that is to be counted again is not told, so that nobody is led by it."""
    counted = [_number(line.counted)]
    counted += [_number(line.book), f"{line.difference:+d}" if line.difference is not None else "-"] if posted else []
    return [line.sku, line.name, *counted, _(_STATES[line.state]), series(line.places)]


def _number(pieces: int | None) -> str:
    return "-" if pieces is None else str(pieces)


@dataclass(frozen=True)
class PieceOfStock:
    """Pieces of a product that were just counted in a stocktake: how many of it so far, and the place in force."""

    sku: str
    read: int
    so_far: int
    place: str = ""

    def sentence(self) -> str:
        """What was counted, and how many that makes."""
        text = _("{pieces}, {n} counted so far")
        text = text if not self.place else _("{pieces}, {n} counted so far, at {place}")
        return text.format(pieces=f"{self.sku}×{self.read}", n=self.so_far, place=self.place)


@dataclass(frozen=True)
class CountedInRound:
    """What was counted in the stocktake by the end of a round of the loop."""

    number: str
    products: int
    pieces: int

    def sentence(self) -> str:
        """How much, and how that is posted."""
        if not self.number:
            return _("the end; nothing was counted")
        text = _("the end; {n} products, {pieces} pieces counted in {number}: retcli stock count")
        return text.format(number=self.number, n=self.products, pieces=self.pieces)


@dataclass(frozen=True)
class CountsAt:
    """From now on pieces are counted at a place."""

    place: str

    def sentence(self) -> str:
        """Where."""
        return _("pieces are counted at {place} now").format(place=self.place)


@dataclass(frozen=True)
class CountTakenBack:
    """What was counted last is taken back: pieces by product, and how many of it are left."""

    sku: str
    pieces: int
    left: int

    def sentence(self) -> str:
        """What, and how many are left."""
        text = _("taken back: {pieces}, {n} counted so far")
        return text.format(pieces=f"{self.sku}×{self.pieces}", n=self.left)


@dataclass(frozen=True)
class CountInForce:
    """What is in force while the stock is counted: how much was counted so far, the place, as how many the next piece
    counts, and what the next line answers ("" for nothing).
    """

    products: int
    pieces: int
    place: str = ""
    several: int = 1
    question: str = ""

    def sentence(self) -> str:
        """All of it in a few words, before the sign at which the next code is waited for."""
        told = _("counting the stock, {n} products, {pieces} pieces").format(n=self.products, pieces=self.pieces)
        told = _("{text}, at {place}").format(text=told, place=self.place) if self.place else told
        told = _("{text}, next ×{n}").format(text=told, n=self.several) if self.several > 1 else told
        return _("{text}; {question}").format(text=told, question=self.question) if self.question else told
