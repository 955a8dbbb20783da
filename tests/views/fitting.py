"""What must be true of every screen, at whatever width it is drawn."""

import re
from collections.abc import Iterator

from rich.cells import cell_len

from tests.views.drawn import PIPE, STEERING, WIDTHS, Shown

COMMAND = re.compile(r"retcli [^，。；;（）()\n]*[^，。；;（）()\s]")
_NUMBER = re.compile(r"(?<![*\w])[A-Z]*\d[\d.:-]*\d|(?<![*\w])\d")
_YEAR = re.compile(r"\b(20\d\d)-(?=\d\d-)")
_NOTICE = "还有 "


def misfits(screen: Shown, *, verbatim: bool) -> list[str]:
    """What is wrong with a screen; one that is the `verbatim` text of a file has lines of any length."""
    wrong = [*_off_a_terminal(screen), *_colours(screen)]
    for width in () if verbatim else WIDTHS:
        wrong += [f"{width}: {each}" for each in _at_a_width(screen, width)]
    return wrong


def _at_a_width(screen: Shown, width: int) -> Iterator[str]:
    """Lines too wide, commands and numbers that are broken, characters that stand alone."""
    text, whole = screen.texts[str(width)], screen.texts[PIPE]
    lines = text.splitlines()
    for line in lines:
        if cell_len(line) > width and not re.match(r"\s*(\$ )?retcli |\[a\]", line):
            yield f"too wide: {line}"
        if re.fullmatch(r"\s*[㐀-鿿][，。；：）]*", line) and line not in whole.splitlines():
            yield f"a character alone: {line}"
    for command in COMMAND.findall(whole):
        if not any(command in line for line in lines):
            yield f"broken: {command}"
    numbers = set(_NUMBER.findall(whole)) | set(_NUMBER.findall(_YEAR.sub("", whole))) | set(_YEAR.findall(whole))
    told = "\n".join(line for line in lines if not line.startswith(_NOTICE))
    yield from (f"a piece of a number: {number}" for number in set(_NUMBER.findall(told)) - numbers)


def _off_a_terminal(screen: Shown) -> Iterator[str]:
    """Control characters, and what is cut, off a terminal."""
    text = screen.texts[PIPE]
    yield from (f"control character {sign!r}" for sign in set(text) if not sign.isprintable() and sign != "\n")
    plain = " ".join(text.split())
    yield from (f"cut: {told}" for told in screen.told if " ".join(told.split()) not in plain)


def _colours(screen: Shown) -> Iterator[str]:
    """Colours where none are wanted, and what colours alone would say."""
    codes = {code for steering in STEERING.findall(screen.texts["without colour"]) for code in steering.split(";")}
    yield from (f"colour {code} though NO_COLOR" for code in codes if code[:1] in "349" and len(code) > 1)
    without = STEERING.sub("", screen.texts["coloured"])
    if [line.rstrip() for line in without.splitlines()] != screen.texts["80"].splitlines():
        yield "colours change the text"
    by_text = dict[str, set[str]]()
    for colour, text in screen.coloured():
        by_text.setdefault(re.sub(r"\d", "#", text.strip()), set()).add(colour)
    yield from (f"only the colour tells them apart: {text}" for text, colours in by_text.items() if len(colours) > 1)
