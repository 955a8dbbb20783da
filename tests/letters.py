"""Letters for the labels of tests where a computer has no Chinese font: each sign a square of its width."""

from collections.abc import Iterable
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

NARROW = range(0x20, 0x7F)
WIDE = (
    *range(0xA0, 0x180),
    *range(0x2000, 0x2600),
    *range(0x3000, 0x3100),
    *range(0x4E00, 0x9FA6),
    *range(0xFF00, 0xFFF0),
)


def squares(path: Path, wide: Iterable[int] = WIDE, narrow: Iterable[int] = NARROW) -> Path:
    """A font with signs by their code points: the wide ones as broad as they are high, the narrow ones three fifths."""
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "wide", "narrow"])
    builder.setupCharacterMap(dict.fromkeys(wide, "wide") | dict.fromkeys(narrow, "narrow"))
    sizes = {".notdef": 1000, "wide": 1000, "narrow": 600}
    builder.setupGlyf({name: _square(width).glyph() for name, width in sizes.items()})
    builder.setupHorizontalMetrics({name: (width, 100) for name, width in sizes.items()})
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": "Squares", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)
    return path


def _square(width: int) -> TTGlyphPen:
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for corner in ((100, 800), (width - 100, 800), (width - 100, 0)):
        pen.lineTo(corner)
    pen.closePath()
    return pen
