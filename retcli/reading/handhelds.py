"""A line of the file that a handheld scanner makes: code, pieces, and perhaps the time, in columns by any sign."""

import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from retcli.language import mark
from retcli.reading import cells

_COLUMNS = re.compile(r"[,;|\t]")
_CODE = re.compile(r"[^\s{}'\":=?&]{2,}")
_NUMBER = re.compile(r"\d{0,4}(\.0)?")
_DATE_ALONE = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}")
MOST = 999
"""Pieces that a line may count: more is a code in the wrong column."""
OLDEST = timedelta(days=30)
"""How long ago a code may have been read: a handheld whose clock was reset says years."""
_AHEAD = timedelta(minutes=5)
"""How far a handheld's clock may go ahead of the computer's."""


@dataclass(frozen=True)
class BadCell:
    """A cell that cannot be read: its column (a message id), its text, and what is wrong (a message id)."""

    column: str
    text: str
    problem: str


@dataclass(frozen=True)
class Counted:
    """A code with its pieces and the instant when it was read (UTC; None where the line tells none that is sound).
    `bad_pieces` and `bad_time` are the cells that cannot be taken as they are.
    """

    code: str
    pieces: int = 1
    read_at: datetime | None = None
    bad_pieces: BadCell | None = None
    bad_time: BadCell | None = None


def counted(line: str, now: datetime) -> Counted | None:
    """What a line of a handheld says, as of `now`; None for a line that is none, such as a bare code."""
    written = unicodedata.normalize("NFKC", line).strip("\r\n ")
    separator = _COLUMNS.search(written)
    columns = [cells.plain(column).strip('"') for column in written.split(separator[0])] if separator else []
    if len(columns) < 2 or not _CODE.fullmatch(columns[0]):
        return None
    # some scanners send a tab behind each of several codes
    if separator and separator[0] == "\t" and not _NUMBER.fullmatch(columns[1]) and not _is_time(_time(columns)):
        return None
    pieces, bad_pieces = _pieces(columns[1])
    read_at, bad_time = _read_at(_time(columns), now)
    return Counted(columns[0], pieces, read_at, bad_pieces, bad_time)


def _pieces(cell: str) -> tuple[int, BadCell | None]:
    """The pieces of a cell; an empty one means one."""
    with suppress(cells.Unreadable):
        pieces = cells.count(cell)
        if pieces is None:
            return 1, None
        if 0 < pieces <= MOST:
            return pieces, None
    return 0, BadCell(mark("quantity"), cell, mark("not a number of pieces (1 to 999)"))


def _time(columns: Sequence[str]) -> str:
    """The time of a line, also where its day and hour stand in two columns; "" for none."""
    day, *hour = columns[2:4] or [""]
    return f"{day} {hour[0]}" if hour and _DATE_ALONE.fullmatch(day) and ":" in hour[0] else day


def _is_time(cell: str) -> bool:
    """Whether a cell holds a time, sound or not."""
    with suppress(cells.Unreadable):
        return cells.zoned(cell) is not None
    return False


def _read_at(cell: str, now: datetime) -> tuple[datetime | None, BadCell | None]:
    """The instant of a cell, unless it is not sound."""
    try:
        written = cells.zoned(cell)
    except cells.Unreadable:
        return None, BadCell(mark("time"), cell, mark("not a time"))
    if written is None:
        return None, None
    at = datetime.fromisoformat(written)
    if at > now + _AHEAD:
        return None, BadCell(mark("time"), cell, mark("in the future"))
    if at < now - OLDEST:
        return None, BadCell(mark("time"), cell, mark("more than 30 days ago"))
    return min(at, now), None
