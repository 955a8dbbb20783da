"""The source of tables (a file, or a member of an archive), a table, and the refusals that all kinds of files share."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from retcli.errors import NeedsPerson
from retcli.language import _

WORKBOOKS = frozenset({"xlsx", "xls", "html", "xml"})
"""Values of a table's `encoding` where it is no text; one of these that was cut off cannot be opened at all."""


@dataclass(frozen=True)
class Table:
    """One table of a file: a sheet, a member of an archive, or the text itself. Each call of `rows` reads from the very
    first line anew; the iterator raises NeedsPerson where the file is damaged.
    """

    name: str
    encoding: str
    rows: Callable[[], Iterator[list[str]]]


@dataclass(frozen=True)
class Source:
    """Bytes that can be opened again and again: a file's own, or those of a member of an archive; `size` in bytes."""

    path: Path
    member: str
    size: int
    open: Callable[[], IO[bytes]]

    @property
    def file(self) -> str:
        """The file's name."""
        return self.path.name

    @property
    def shown(self) -> str:
        """The name in messages: the member's, else the file's."""
        return self.member or self.file

    def start(self, size: int = 4096) -> bytes:
        """The first bytes."""
        with self.open() as stream:
            return stream.read(size)


class UnknownKind(NeedsPerson):
    """A file that no dialect recognises."""

    code = "unknown_format"


def too_big(source: Source, most: int) -> None:
    """Raises NeedsPerson where the source has more than `most` bytes."""
    if source.size > most:
        message = _("{name} is too big: {size} MB, at most {most} MB can be read")
        text = message.format(name=source.shown, size=source.size >> 20, most=most >> 20)
        raise NeedsPerson(text, _("Export a shorter period"), file=source.file)


def too_big_unpacked(source: Source) -> NeedsPerson:
    """The refusal of a file that would unpack to far more than a table."""
    text = _("{name} is too big unpacked").format(name=source.shown)
    return NeedsPerson(text, _("Export a shorter period, or save the sheet as CSV"), file=source.file)


def damaged(source: Source, member: str = "") -> NeedsPerson:
    """The refusal of a file that is cut off or broken, or of one `member` in it."""
    text = _("{name} cannot be opened: it is damaged or was cut off").format(name=source.shown)
    if member:
        text = _("{name} cannot be opened: {member} in it is damaged").format(name=source.shown, member=member)
    return NeedsPerson(text, _("Download it again, or save it as CSV"), file=source.file)


def locked(source: Source) -> NeedsPerson:
    """The refusal of a file that only a password opens."""
    text = _("{name} is password-protected").format(name=source.shown)
    return NeedsPerson(text, _("Open it, save it without the password, import that"), file=source.file)


def bad_line(source: Source, line: int, why: str, hint: str) -> NeedsPerson:
    """The refusal of a text that stops being a table at a line, counted from 1."""
    text = _("Line {line} cannot be read: {why}").format(line=line, why=why)
    return NeedsPerson(text, hint, file=source.file, row=line)
