"""Reasons as people and scripts see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from retcli.language import _
from retcli.shellwords import quoted
from retcli.views.base import Column, Screen, View
from retcli.words import word


@dataclass(frozen=True)
class ReasonRow:
    """One reason: its code, the canonical one it belongs to ("" for itself), its own name, the fault, its cases."""

    code: str
    parent: str
    name: str
    fault: str
    cases: int


@dataclass(frozen=True)
class ReasonsView(View):
    """All reasons, and the words that nobody has mapped."""

    rows: tuple[ReasonRow, ...]
    unmapped: tuple[tuple[str, int], ...]

    def document(self) -> dict[str, Any]:
        """`reasons[]`, `unmapped[]`."""
        return {
            "reasons": [
                {
                    "code": row.code,
                    "parent": row.parent,
                    "name": row.name or word(row.code),
                    "fault": row.fault,
                    "cases": row.cases,
                }
                for row in self.rows
            ],
            "unmapped": [{"words": words, "cases": cases} for words, cases in self.unmapped],
        }

    def draw(self, screen: Screen) -> None:
        """One reason a row, the shop's own set in; then the words to map."""
        columns = [Column(_("Code"), "id"), Column(_("Reason")), Column(_("At fault")), Column(_("Cases"), "count")]
        screen.table(columns, [self._row(row) for row in self.rows])
        if self.unmapped:
            columns = [Column(_("Words")), Column(_("Cases"), "count")]
            screen.table(columns, [(words, str(n)) for words, n in self.unmapped], _("Words that say no reason yet"))
            screen.line(_("Map them: retcli reason map {words} CODE").format(words=quoted(self.unmapped[0][0])))

    def _row(self, row: ReasonRow) -> Sequence[str]:
        name = f"  {row.name}" if row.parent else word(row.code)
        return row.code, name, word(row.fault), str(row.cases)


@dataclass(frozen=True)
class MappedView(View):
    """Words mapped to a reason, and the cases that waited for it."""

    words: str
    code: str
    cases: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """`words`, `reason`, `cases[]`."""
        return {"words": self.words, "reason": self.code, "cases": list(self.cases)}

    def draw(self, screen: Screen) -> None:
        """One line."""
        text = _('"{words}" is now {reason}; {n} undecided cases have it')
        screen.line(text.format(words=self.words, reason=word(self.code), n=len(self.cases)))
