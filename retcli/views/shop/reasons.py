"""Reasons as people and scripts see them."""

from collections.abc import Sequence
from dataclasses import dataclass

from retcli.language import _
from retcli.shellwords import quoted
from retcli.views.base import Column, Screen, View
from retcli.views.documents import Documented
from retcli.words import word


@dataclass(frozen=True)
class ReasonRow(Documented):
    """One reason: its code, the canonical one it belongs to ("" for itself), its own name, the fault, its cases."""

    KEYS = ("code", "parent", "name", "fault", "cases")

    code: str
    parent: str
    own_name: str
    fault: str
    cases: int

    @property
    def name(self) -> str:
        """The shop's own name for it, else the word for its code."""
        return self.own_name or word(self.code)


@dataclass(frozen=True)
class Unmapped(Documented):
    """Words of buyers that say no reason yet, and how many cases have them."""

    words: str
    cases: int


@dataclass(frozen=True)
class ReasonsView(View):
    """All reasons, and the words that nobody has mapped."""

    reasons: tuple[ReasonRow, ...]
    unmapped: tuple[Unmapped, ...]

    def draw(self, screen: Screen) -> None:
        """One reason a row, the shop's own set in; then the words to map."""
        columns = [Column(_("Code"), "id"), Column(_("Reason")), Column(_("At fault")), Column(_("Cases"), "count")]
        screen.table(columns, [self._row(row) for row in self.reasons])
        if self.unmapped:
            columns = [Column(_("Words")), Column(_("Cases"), "count")]
            rows = [(each.words, str(each.cases)) for each in self.unmapped]
            screen.table(columns, rows, _("Words that say no reason yet"))
            screen.line(_("Map them: retcli reason map {words} CODE").format(words=quoted(self.unmapped[0].words)))

    def _row(self, row: ReasonRow) -> Sequence[str]:
        name = f"  {row.own_name}" if row.parent else word(row.code)
        return row.code, name, word(row.fault), str(row.cases)


@dataclass(frozen=True)
class MappedView(View):
    """Words mapped to a reason, and the cases that waited for it."""

    words: str
    reason: str
    cases: tuple[str, ...]

    def draw(self, screen: Screen) -> None:
        """One line."""
        text = _('"{words}" is now {reason}; {n} undecided cases have it')
        screen.line(text.format(words=self.words, reason=word(self.reason), n=len(self.cases)))
