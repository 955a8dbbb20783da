"""The state of the books."""

from collections.abc import Mapping
from dataclasses import dataclass

from retcli.language import _
from retcli.views.base import Sayable, Screen, View
from retcli.views.documents import Documented


@dataclass(frozen=True)
class Problem(Documented):
    """Something that must be true (an invariant of `docs/architecture.md` §5, by number) and is not, with its place."""

    KEYS = ("invariant", "where", "text")

    invariant: int
    where: str
    breach: Sayable

    @property
    def text(self) -> str:
        """What is wrong, as a whole sentence."""
        return self.breach.sentence()


@dataclass(frozen=True)
class CheckView(View):
    """What was checked, and what is wrong; from the event `since` on the history tells every row. `remarks` are to be
    known and stop nothing.
    """

    KEYS = ("ok", "checked", "since", "problems", "remarks")

    checked: Mapping[str, int]
    problems: tuple[Problem, ...]
    since: int = 1
    remarks: tuple[Problem, ...] = ()

    @property
    def exit_code(self) -> int:
        """3 where something is wrong."""
        return 3 if self.problems else 0

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def draw(self, screen: Screen) -> None:
        """All is well, or each problem."""
        counts = _("{orders} orders, {cases} cases, {payouts} payouts, {parcels} parcels, {events} events")
        screen.line(_("Checked: {counts}").format(counts=counts.format(**self.checked)))
        if self.since > 1:
            text = _("Rows from before event {seq} are compared with what they said then: older books told none")
            screen.line(text.format(seq=self.since))
        if not self.problems:
            screen.line(_("The books are in order"), "green")
        for problem in self.problems:
            text = _("× rule {n}, {where}: {text}").format(n=problem.invariant, where=problem.where, text=problem.text)
            screen.line(text, "red")
        for remark in self.remarks:
            text = _("For your attention, entry {where}: {text}; it stops nothing")
            screen.line(text.format(where=remark.where, text=remark.text), "yellow")
        if self.problems:
            screen.line(_("Stop paying on these until it is clear how it happened"))
