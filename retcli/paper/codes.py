"""The bars of a Code 128 and the squares of a QR code."""

import segno
from barcode.codex import Code128

from retcli.paper.sizes import Size

WIDEST, NARROWEST = 4, 2
"""Dots of the thinnest bar: with fewer than two a printer's bars run into each other."""
_QUIET_BARS, _QUIET_SQUARES = 10, 4
"""Blank modules that must stand beside bars (ISO/IEC 15417) and around a QR code (ISO/IEC 18004)."""


def bars(code: str, size: Size) -> tuple[str, int]:
    """The modules of a code as bars, ``1`` a black one, and how many dots each is wide; an empty text and 0 where the
    label is too narrow for them, so that only the QR code holds it.
    """
    modules: str = Code128(code).build()[0]
    dots = size.width // (len(modules) + 2 * _QUIET_BARS)
    return (modules, min(dots, WIDEST)) if dots >= NARROWEST else ("", 0)


def squares(code: str, side: int) -> tuple[tuple[str, ...], int]:
    """The rows of a code as a QR code, ``1`` a black square, with the blank that must be around it; and how many dots
    each square is wide, so that all of it is at most `side` dots wide.
    """
    # never a Micro QR code, which neither WeChat nor most scanners read
    matrix = segno.make_qr(code, error="m").matrix
    blank = "0" * (len(matrix) + 2 * _QUIET_SQUARES)
    beside = "0" * _QUIET_SQUARES
    inside = [beside + "".join("1" if square else "0" for square in row) + beside for row in matrix]
    rows = (*[blank] * _QUIET_SQUARES, *inside, *[blank] * _QUIET_SQUARES)
    return rows, max(side // len(rows), NARROWEST)
