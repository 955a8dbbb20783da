"""The sheet of what can be sold, in the columns that the system asks for which it is made."""

from collections.abc import Sequence

from retcli.language import _
from retcli.sheets.writer import Column, Sheet


def sheet(headings: tuple[str, str], rows: Sequence[tuple[str, int]]) -> Sheet:
    """A row is a merchant code, as text, and its pieces."""
    code, pieces = headings
    columns = (Column(code, "id"), Column(pieces, "count", total=False))
    return Sheet(_("Stock"), columns, rows, total=False, whole=True)
