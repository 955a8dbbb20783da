"""Labels for a label printer in TSPL: each as a bitmap of one bit a dot, 203 dpi, so that the printer needs no font."""

from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from retcli.paper.fonts import Face
from retcli.paper.layout import Drawn
from retcli.paper.sizes import DOTS, Size

GAP = 2
"""Millimetres between two labels on the roll."""
_BLACK, _WHITE = 0, 255
_THRESHOLD = 140
"""Greys darker than this are printed: letters of seventeen dots stay closed."""


def drawn(labels: Sequence[Drawn], size: Size, face: Face) -> bytes:
    """The commands that print some labels, one of each."""
    head = f"SIZE {size.width // DOTS} mm,{size.height // DOTS} mm\r\nGAP {GAP} mm,0 mm\r\nDIRECTION 1\r\n"
    return head.encode() + b"".join(_one(bitmap(label, size, face)) for label in labels)


def bitmap(label: Drawn, size: Size, face: Face) -> Image.Image:
    """A label as the printer's dots: black 0, white 255."""
    image = Image.new("L", (size.width, size.height), _WHITE)
    pen = ImageDraw.Draw(image)
    for text in label.texts:
        font = ImageFont.truetype(str(face.path), text.size, index=face.number)
        pen.text((text.x, text.y), text.words, fill=_BLACK, font=font, anchor="ls")
    image = image.point(lambda grey: _WHITE if grey >= _THRESHOLD else _BLACK)
    pen = ImageDraw.Draw(image)
    bars, squares = label.bars, label.squares
    if bars:
        _fill(pen, bars.x, bars.y, bars.modules, bars.dots, bars.height)
    for place, row in enumerate(squares.rows):
        _fill(pen, squares.x, squares.y + place * squares.dots, row, squares.dots, squares.dots)
    return image


def _fill(pen: ImageDraw.ImageDraw, left: int, top: int, modules: str, dots: int, height: int) -> None:
    for place, module in enumerate(modules):
        if module == "1":
            x = left + place * dots
            pen.rectangle((x, top, x + dots - 1, top + height - 1), fill=_BLACK)


def _one(image: Image.Image) -> bytes:
    """The commands for one label: a set bit stays white, a row begins with a whole byte."""
    across, down = image.size
    bits = image.convert("1", dither=Image.Dither.NONE).tobytes()
    command = f"CLS\r\nBITMAP 0,0,{-(-across // 8)},{down},0,".encode()
    return command + bits + b"\r\nPRINT 1,1\r\n"
