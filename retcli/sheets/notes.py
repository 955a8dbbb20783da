"""The first sheet of every workbook: what it is, what it adds up to, and what its words mean."""

from collections.abc import Sequence

from retcli.language import _
from retcli.rules.money.minor_units import Money
from retcli.sheets.writer import Column, Heading, Sheet

Line = tuple[str, int | None, Money | None, str]
"""A line of the notes: what, count, money, explanation."""


def anchored(anchor: str) -> Line:
    """The last event of the books that a workbook was made from, so that it shows when their end is cut off later."""
    text = _("{anchor}; whether the books still have it says: retcli books check {anchor}")
    return _("Last event of the books"), None, None, text.format(anchor=anchor)


def heading(text: str) -> Line:
    """A line that heads those below it."""
    return Heading(text), None, None, ""


def notes_sheet(lines: Sequence[Line]) -> Sheet:
    """The first sheet of a workbook."""
    columns = (Column(_("Item"), width=34), Column(_("Count"), "count", 10), Column(_("Amount"), "money", 16))
    explained = Column(_("Explanation"), width=72)
    return Sheet(_("Notes"), (*columns, explained), lines, total=False, filtered=False)
