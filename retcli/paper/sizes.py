"""The sizes of labels, in dots: a label printer has eight on a millimetre (203 dpi)."""

from dataclasses import dataclass

DOTS = 8
"""Dots on a millimetre."""


@dataclass(frozen=True)
class Size:
    """A label: how big it is, the blank `margin` around, the heights of its title, its bars and of the number below
    them, the longest side of its QR code, the biggest and the smallest letters of its text.
    """

    width: int
    height: int
    margin: int
    title: int
    bars: int
    caption: int
    qr: int
    largest: int
    least: int

    @property
    def inner(self) -> int:
        """The width between the margins."""
        return self.width - 2 * self.margin


@dataclass(frozen=True)
class Sheet:
    """A sheet of paper with labels in columns and rows; `across` and `down` dots wide and high."""

    across: int
    down: int
    columns: int
    rows: int


SMALL = Size(60 * DOTS, 40 * DOTS, 16, title=26, bars=56, caption=22, qr=116, largest=26, least=17)
LARGE = Size(100 * DOTS, 150 * DOTS, 24, title=48, bars=128, caption=36, qr=232, largest=36, least=22)
QUARTER = Size(100 * DOTS, 145 * DOTS, 24, title=48, bars=128, caption=36, qr=232, largest=36, least=22)
"""A quarter of a sheet of A4."""
_A4 = (210 * DOTS, 297 * DOTS)


def label(size: str, *, slip: bool) -> Size:
    """The size of one label by its name (``60x40``, ``100x150``, ``a4``); on A4 a slip has a quarter of the sheet."""
    return {"60x40": SMALL, "100x150": LARGE}.get(size, QUARTER if slip else SMALL)


def sheet(size: str, one: Size) -> Sheet:
    """The sheet on which labels of a size are drawn: each its own, or as many as a sheet of A4 holds."""
    if size != "a4":
        return Sheet(one.width, one.height, 1, 1)
    across, down = _A4
    return Sheet(across, down, across // one.width, down // one.height)
