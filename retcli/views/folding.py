"""Texts in lines that fit a screen, measured in cells of a terminal, of which a Chinese character takes two: no number,
id, time or placeholder is broken, and what continues stands under what it continues.
"""

import re
from collections.abc import Sequence

_PIECES = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?(?: [㐀-鿿])?"  # an instant
    r"|[㐀-鿿] §\d+(?: §\d+)*"  # an article
    r"|‹[^‹›]*›"  # what only the reader knows
    r"|\d[\d.,]* (?=[㐀-鿿])[㐀-鿿]"  # a number and what it counts
    r"|\s+|[!-~*…]+|[^\s!-~]"
)
_OPENING, _CLOSING = "（《〈【‘“「『〔", "，。、；：？！）》〉】’”」』〕…"
_PAUSES = "，。、；！？"
_MARK = re.compile(r"\s*(?:[○×？●▸！·] |\d+\. |\[[^\]]*\] )?")
_NAME = re.compile(r"[^\s，。；：:.（）]+：(?=\S)")
_ONE_SIGN = 4
"""Cells of one character with the punctuation mark after it."""
_WIDEST_NAME, _EARLIEST_PAUSE = 14, 0.7
"""Cells of a name under whose value a text continues; the part of a line that is filled before a pause ends it."""


def cells(text: str) -> int:
    """How many cells of a terminal a text takes."""
    from rich.cells import cell_len

    return len(text) if text.isascii() else cell_len(text)


def pieces(text: str) -> list[str]:
    """A text in pieces between which it may be broken: never before a closing punctuation mark, never after an opening
    one.
    """
    joined: list[str] = []
    for piece in _PIECES.findall(text):
        if joined and (piece in _CLOSING or joined[-1][-1] in _OPENING) and not joined[-1].isspace():
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined


def hanging(text: str) -> int:
    """How many cells what continues a line is indented: to below the text after a mark such as ○, or below the value of
    a name; two more than the line otherwise, none in prose, which has no columns.
    """
    mark = _MARK.match(text)
    begin = mark.end() if mark else 0
    name = _NAME.match(text, begin)
    if name and cells(name[0]) <= _WIDEST_NAME:
        return cells(text[: name.end()])
    indent = len(text) - len(text.lstrip())
    if begin > indent:
        return cells(text[:begin])
    in_columns = "  " in text.strip()
    return indent if "。" in text.rstrip("。") and not in_columns else indent + 2


def folded(text: str, width: int, hang: int = 0) -> list[str]:
    """A text in lines of at most `width` cells, those after the first indented by `hang`: broken at a pause that comes
    late in the line, else anywhere between pieces, and within a piece only where that is wider than a line.
    """
    if cells(text) <= width:  # off a terminal a line is as wide as it gets: measured once, not at each piece
        return [text.rstrip()]
    lines, line = list[list[str]](), list[str]()
    for piece in (part for whole in pieces(text) for part in _parts(whole, width - hang)):
        if line and cells("".join(line) + piece.rstrip()) > width:
            if piece.isspace():
                continue
            end = _end(line, width)
            lines.append(line[:end])
            line = [" " * hang, *_without_blanks(line[end:])]
        if piece.isspace() and lines and len(line) == 1:
            continue
        line.append(piece)
    return [text for text in ("".join(each).rstrip() for each in _without_orphan(lines, line)) if text] or [""]


def _without_orphan(lines: list[list[str]], last: list[str]) -> list[list[str]]:
    """The pieces of each line; one character alone in the last line gets the piece before it for company."""
    alone = bool(lines) and cells("".join(last).strip()) <= _ONE_SIGN
    if alone and len(lines[-1]) > 2 and not lines[-1][-1].isspace() and cells(lines[-1][-1]) <= _ONE_SIGN:
        last = [last[0], lines[-1][-1], *last[1:]]
        lines = [*lines[:-1], lines[-1][:-1]]
    return [*lines, last]


def _parts(piece: str, room: int) -> list[str]:
    """A piece, cut where it is wider than a line."""
    if cells(piece) <= room:
        return [piece]
    parts = [""]
    for sign in piece:
        if cells(parts[-1] + sign) > room:
            parts.append("")
        parts[-1] += sign
    return parts


def _end(line: Sequence[str], width: int) -> int:
    """How many pieces of a full line stay in it."""
    taken = [cells("".join(line[: place + 1])) for place in range(len(line))]
    for place in reversed(range(1, len(line))):
        if taken[place] < width * _EARLIEST_PAUSE:
            break
        if line[place][-1] in _PAUSES:
            return place + 1
    return len(line)


def _without_blanks(line: Sequence[str]) -> Sequence[str]:
    """Pieces without the blanks before them."""
    begin = next((place for place, piece in enumerate(line) if not piece.isspace()), len(line))
    return line[begin:]
