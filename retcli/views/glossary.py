"""The view of the words of all codes: kinds, reasons, statuses, stages, lifecycles."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from retcli.language import _, mark
from retcli.rules.casefile.reasons import REASONS
from retcli.rules.lifecycles import LIFECYCLES
from retcli.rules.names import KINDS
from retcli.views.base import Column, Screen, View
from retcli.words import MONEY, STAGES, STATUSES, word

_GROUPS: Mapping[str, Mapping[str, str]] = {
    mark("Kinds"): KINDS,
    mark("Stages"): STAGES,
    mark("Statuses"): STATUSES,
    mark("Money"): MONEY,
}


@dataclass(frozen=True)
class GlossaryView(View):
    """The words for all codes in the reader's language."""

    KEYS = ("words", "reasons", "lifecycles")

    @property
    def words(self) -> dict[str, dict[str, str]]:
        """Each group's codes with their words."""
        return {name.lower(): {code: word(code) for code in codes} for name, codes in _GROUPS.items()}

    @property
    def reasons(self) -> list[dict[str, Any]]:
        """Each reason with its name, group, party at fault, and whether it is about quality."""
        return [
            {"code": r.code, "name": _(r.name), "group": r.group, "fault": r.fault, "quality": r.quality}
            for r in REASONS.values()
        ]

    @property
    def lifecycles(self) -> dict[str, list[dict[str, str]]]:
        """Each lifecycle's steps: the status, the move, and the status then."""
        return {
            axis: [{"status": step.status, "move": step.move, "then": step.then} for step in cycle.steps]
            for axis, cycle in LIFECYCLES.items()
        }

    def draw(self, screen: Screen) -> None:
        """Shows a table for each group, then the reasons."""
        for name, codes in _GROUPS.items():
            columns = [Column(_("Code"), "id"), Column(_("Word"))]
            screen.table(columns, [(code, word(code)) for code in codes], _(name))
        columns = [Column(_("Code"), "id"), Column(_("Reason")), Column(_("Group")), Column(_("At fault"))]
        rows = [(r.code, _(r.name), word(r.group), word(r.fault)) for r in REASONS.values()]
        screen.table(columns, rows, _("Reasons"))
