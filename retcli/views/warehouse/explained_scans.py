"""The view of a code explained: as what it was read, by which answer of the books, and what a scan of it would do."""

from dataclasses import dataclass
from typing import Any

from retcli.language import _, aside, clauses, mark, series
from retcli.rules.warehouse.codes import Read, Step
from retcli.rules.warehouse.ids import carrier, folded
from retcli.rules.warehouse.shapes import Shape
from retcli.rules.warehouse.spellings import Around
from retcli.views.base import Screen, View, pairs
from retcli.views.freetext import numbers
from retcli.views.warehouse.kinds_of_codes import kind
from retcli.views.warehouse.scans import ScanView, shown

_AROUND = {
    Around.NOTHING: mark("without what stands around the number"),
    Around.DASHES: mark("with the dash that was left out"),
    Around.PAPER: mark("out of the code on a label of ours"),
    Around.TWICE: mark("it stood there twice"),
    Around.SIGNS: mark("without the signs around it"),
    Around.LABEL: mark("without the words before it"),
    Around.LETTER: mark("without the scanner's letter before it"),
    Around.COUNT: mark("with a number of pieces behind it"),
    Around.DATA: mark("out of the address or data of a QR code"),
}
_QUESTIONS = {
    Step.WAYBILL: mark("waybill of a parcel that comes back"),
    Step.SENT: mark("waybill of what we sent"),
    Step.OWN: mark("our number of a parcel or payout"),
    Step.COMMAND: mark("command"),
    Step.SLIP: mark("case, refund or order number"),
    Step.PLACE: mark("label of a place"),
    Step.BADGE: mark("badge"),
    Step.ARTICLE: mark("barcode or merchant code"),
    Step.TAIL: mark("end of a buyer's telephone number"),
}
_SHAPES = {
    Shape.WAYBILL: mark("a carrier's waybill"),
    Shape.PERHAPS: mark("perhaps a waybill"),
    Shape.EITHER: mark("a waybill or a barcode"),
    Shape.BARCODE: mark("a barcode"),
    Shape.MISREAD: mark("a wrong check digit"),
    Shape.CUT_OFF: mark("a waybill with too few or too many digits"),
    Shape.PHONE: mark("a telephone number"),
    Shape.OURS: mark("a number of our form"),
    Shape.SERIAL: mark("a device's serial number"),
    Shape.DATA: mark("an address or data"),
    Shape.NONE: mark("nothing we know"),
}


@dataclass(frozen=True)
class Answer:
    """The answer of the books to one question about a code: the numbers or articles that they know by it."""

    step: Step
    names: tuple[str, ...]


@dataclass(frozen=True)
class ExplainedScan(View):
    """A code as it was `typed`, what it was `read` as, its shape, what the books answered to each question that they
    know it by, the parcel on the table ("" for an empty one), and what came of the scan (`now`) that is not saved.
    """

    typed: str
    read: Read
    shape: Shape
    answers: tuple[Answer, ...]
    on_table: str
    now: ScanView

    def document(self) -> dict[str, Any]:
        """The JSON object: the code, its meaning, every answer of the books, and what a scan of it says now."""
        return {
            "typed": numbers(self.typed),
            "code": self.now.code,
            "around": self.read.spelling.around,
            "meaning": self.read.meaning,
            "also": list(self.read.also),
            "shape": self.shape,
            "answers": [{"question": answer.step, "names": list(answer.names)} for answer in self.answers],
            "on_table": self.on_table or None,
            "now": self.now.document(),
        }

    def draw(self, screen: Screen) -> None:
        """Shows what was read, as what, what each question to the books was answered, and what a scan does now."""
        pairs(screen, [(_("Read"), self._what), (_("It is"), self._kind)])
        screen.line(_("The books are asked in this order; the first that knows the code decides:"))
        answered = {answer.step: answer for answer in self.answers}
        for place, (step, question) in enumerate(_QUESTIONS.items(), 1):
            names = series(answered[step].names) if step in answered else _("unknown to it")
            style = "green" if answered and step == self.answers[0].step else ""
            screen.line(_("  {n} {question}: {answer}").format(n=place, question=_(question), answer=names), style)
        if not self.answers:
            screen.line(_("  Unknown, so by its shape: {shape}").format(shape=self._shape), "green")
        table = _("on the table: {parcel}").format(parcel=self.on_table) if self.on_table else _("table empty")
        pairs(screen, [(aside(_("A scan now"), table), f"{self.now.heading}  {self.now.message}")])

    @property
    def _what(self) -> str:
        """The code that was meant, with what was taken off where something was."""
        code = self.now.code
        if self.read.spelling.around == Around.NOTHING and folded(self.typed) == self.now.full_code:
            return code
        text = _("{typed} → {code}").format(typed=numbers(self.typed.strip()), code=code)
        return aside(text, _(_AROUND[self.read.spelling.around]))

    @property
    def _kind(self) -> str:
        """What the code is taken for, and what else the books know by it."""
        others = series(map(kind, self.read.also))
        article = self.read.article
        what = aside(kind(self.read.meaning), f"{article.sku}×{article.pieces}" if article.sku else "")
        return clauses([what, *([_("also {others}").format(others=others)] if others else [])])

    @property
    def _shape(self) -> str:
        """What the code looks like, with the carrier where its shape suggests one."""
        return aside(_(_SHAPES[self.shape]), carrier(shown(self.now.full_code)) or "")
