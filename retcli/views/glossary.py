"""Every word: kinds, reasons, statuses, stages."""

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
    """The words of the whole program in the reader's language."""

    def document(self) -> dict[str, Any]:
        """`words`: group → code → word; `reasons[]`; `lifecycles`: axis → steps."""
        words = {name.lower(): {code: word(code) for code in codes} for name, codes in _GROUPS.items()}
        reasons = [
            {"code": r.code, "name": _(r.name), "group": str(r.group), "fault": str(r.fault), "quality": r.quality}
            for r in REASONS.values()
        ]
        cycles = {
            axis: [{"status": s.status, "move": s.move, "then": s.then} for s in cycle.steps]
            for axis, cycle in LIFECYCLES.items()
        }
        return {"words": words, "reasons": reasons, "lifecycles": cycles}

    def draw(self, screen: Screen) -> None:
        """Group by group, then the reasons."""
        for name, codes in _GROUPS.items():
            columns = [Column(_("Code"), "id"), Column(_("Word"))]
            screen.table(columns, [(code, word(code)) for code in codes], _(name))
        columns = [Column(_("Code"), "id"), Column(_("Reason")), Column(_("Group")), Column(_("At fault"))]
        rows = [(r.code, _(r.name), word(r.group), word(r.fault)) for r in REASONS.values()]
        screen.table(columns, rows, _("Reasons"))
