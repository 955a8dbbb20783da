"""Opens a downloaded file by its content, never by its name, and gives its tables as rows of text cells."""

import os
from pathlib import Path

from retcli import named_files
from retcli.errors import NeedsPerson
from retcli.language import _
from retcli.reading import archives, markup, plaintext, workbooks
from retcli.reading.source import Source, Table, UnknownKind

__all__ = ["Table", "UnknownKind", "tables"]

ZIP, OLE2, GZIP = (b"PK\3\4", b"PK\5\6"), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1f\x8b"


def tables(path: Path, encoding: str = "") -> list[Table]:
    """The tables of a file: the sheets of a workbook, the members of an archive, or the text itself.

    With an `encoding` the text must be of it. Raises UnknownKind where nothing in it is a table, NeedsPerson where it
    is empty, damaged, locked by a password or beyond the limits.
    """
    with named_files.opened(path) as stream:
        size = stream.seek(0, os.SEEK_END)
    if not size:
        raise NeedsPerson(_("The file is empty"), _("Download it again"), file=path.name)
    source = Source(path, "", size, lambda: named_files.opened(path))
    start = source.start(8)
    if start.startswith(ZIP) and not workbooks.is_package(source):
        return _members(source, encoding)
    if start.startswith(GZIP):
        inside = archives.gunzipped(source)
        if inside.start(8).startswith((*ZIP, OLE2, GZIP)):
            raise archives.nested(source)
        return _plain(inside, encoding)
    return _opened(source, encoding)


def _opened(source: Source, encoding: str) -> list[Table]:
    """The tables of a workbook or a text."""
    start = source.start(8)
    if start.startswith(ZIP):
        return workbooks.xlsx(source)
    if start == OLE2:
        return workbooks.xls(source)
    return _plain(source, encoding)


def _plain(source: Source, encoding: str) -> list[Table]:
    """The tables of a text: a web page or SpreadsheetML under the name .xls, or lines of cells."""
    kind = markup.kind(plaintext.opening(source))
    if kind == "xml":
        return markup.spreadsheet(source, plaintext.encoding_of(source, encoding, lines=False))
    if kind == "html":
        return markup.page(source, plaintext.encoding_of(source, encoding, lines=False))
    return [plaintext.table(source, plaintext.encoding_of(source, encoding))]


def _members(source: Source, encoding: str) -> list[Table]:
    """The tables of an archive's members; pictures and the like are passed over. Raises UnknownKind where none has a
    table, NeedsPerson for an archive inside the archive.
    """
    inside: list[Table] = []
    for member in archives.members(source):
        start = member.start(8)
        try:
            if start.startswith(GZIP) or (start.startswith(ZIP) and not workbooks.is_package(member)):
                raise archives.nested(member)
            inside += [_named(member, table) for table in _opened(member, encoding)]
        except UnknownKind:
            continue
    if not inside:
        raise archives.nothing_inside(source)
    return inside


def _named(member: Source, table: Table) -> Table:
    """A table named by its member of the archive, and by its sheet where it has one."""
    name = member.member if table.name in {"", member.member} else f"{member.member}: {table.name}"
    return Table(name, table.encoding, table.rows)
