"""Views of reasons: the list with the words that nobody has mapped, and a new mapping."""

from collections.abc import Sequence
from dataclasses import dataclass

from retcli.language import _
from retcli.shellwords import quoted
from retcli.views.base import Column, Screen, View, draw_next
from retcli.views.documents import Documented
from retcli.words import word


@dataclass(frozen=True)
class ReasonRow(Documented):
    """One reason: its code, the canonical reason that it belongs to ("" for a canonical one), the shop's name for it,
    the party at fault, and the number of its cases.
    """

    KEYS = ("code", "parent", "name", "fault", "cases")

    code: str
    parent: str
    own_name: str
    fault: str
    cases: int

    @property
    def name(self) -> str:
        """The shop's own name, else the word for the code."""
        return self.own_name or word(self.code)


@dataclass(frozen=True)
class Unmapped(Documented):
    """A buyer's words that are mapped to no reason yet, and how many cases have them."""

    words: str
    cases: int


@dataclass(frozen=True)
class ReasonsView(View):
    """All reasons, and the words that are mapped to none."""

    reasons: tuple[ReasonRow, ...]
    unmapped: tuple[Unmapped, ...]

    def draw(self, screen: Screen) -> None:
        """Shows a row for each reason, the shop's own indented; then the words to map."""
        columns = [Column(_("Code"), "id"), Column(_("Reason")), Column(_("At fault")), Column(_("Cases"), "count")]
        screen.table(columns, [self._row(row) for row in self.reasons])
        if self.unmapped:
            columns = [Column(_("Words")), Column(_("Cases"), "count")]
            rows = [(each.words, str(each.cases)) for each in self.unmapped]
            screen.table(columns, rows, _("Words that say no reason yet"))
            screen.line(_("Map them: retcli reason map {words} CODE").format(words=quoted(self.unmapped[0].words)))

    def _row(self, row: ReasonRow) -> Sequence[str]:
        """The cells of a reason in the table."""
        name = f"  {row.own_name}" if row.parent else word(row.code)
        return row.code, name, word(row.fault), str(row.cases)


@dataclass(frozen=True)
class MappedView(View):
    """Words that were mapped to a reason, and the undecided cases that got it."""

    words: str
    reason: str
    cases: tuple[str, ...]

    def draw(self, screen: Screen) -> None:
        """Shows the mapping in one line."""
        text = _('"{words}" is now {reason}; {n} undecided cases have it')
        screen.line(text.format(words=self.words, reason=word(self.reason), n=len(self.cases)))
        draw_next(screen, "retcli reason list")
