"""Labels as a PDF: each on a page of its own size, or as many as a sheet of A4 holds, with marks to cut along."""

from collections.abc import Sequence
from datetime import datetime

from fpdf import FPDF

from retcli.paper.fonts import Face
from retcli.paper.layout import Drawn, Text
from retcli.paper.sizes import DOTS, Sheet, Size

_POINTS = 72 / 25.4
"""Points on a millimetre: letters are measured in them."""
_CUT = 0.1
"""Millimetres of the lines to cut along."""


def drawn(labels: Sequence[Drawn], size: Size, sheet: Sheet, face: Face, at: datetime) -> tuple[bytes, int]:
    """The bytes of a PDF with some labels, made at an instant, and how many pages it has."""
    pdf = FPDF(unit="mm", format=(sheet.across / DOTS, sheet.down / DOTS))
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.set_creation_date(at)
    pdf.add_font("label", fname=face.path, collection_font_number=face.number)
    each = sheet.columns * sheet.rows
    for place, label in enumerate(labels):
        if place % each == 0:
            pdf.add_page()
        row, column = divmod(place % each, sheet.columns)
        left = (sheet.across - sheet.columns * size.width) // 2 + column * size.width
        top = (sheet.down - sheet.rows * size.height) // 2 + row * size.height
        if each > 1:
            _cut_marks(pdf, left, top, size)
        _draw(pdf, label, left, top)
    return bytes(pdf.output()), pdf.pages_count


def _draw(pdf: FPDF, label: Drawn, left: int, top: int) -> None:
    for text in label.texts:
        _write(pdf, text, left, top)
    bars, squares = label.bars, label.squares
    if bars:
        _black(pdf, left + bars.x, top + bars.y, bars.modules, bars.dots, bars.height)
    for place, row in enumerate(squares.rows):
        _black(pdf, left + squares.x, top + squares.y + place * squares.dots, row, squares.dots, squares.dots)


def _write(pdf: FPDF, text: Text, left: int, top: int) -> None:
    pdf.set_font("label", size=text.size / DOTS * _POINTS)
    pdf.text((left + text.x) / DOTS, (top + text.y) / DOTS, text.words)


def _black(pdf: FPDF, left: int, top: int, modules: str, dots: int, height: int) -> None:
    """Draws the black ones of some modules in a row, those beside each other as one, so that no hairline parts them."""
    place = 0
    for run in modules.replace("01", "0 1").replace("10", "1 0").split():
        if run[0] == "1":
            pdf.rect((left + place * dots) / DOTS, top / DOTS, len(run) * dots / DOTS, height / DOTS, style="F")
        place += len(run)


def _cut_marks(pdf: FPDF, left: int, top: int, size: Size) -> None:
    pdf.set_line_width(_CUT)
    pdf.set_draw_color(190)
    pdf.rect(left / DOTS, top / DOTS, size.width / DOTS, size.height / DOTS)
