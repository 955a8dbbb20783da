"""The view of a check of the books."""

from collections.abc import Mapping
from dataclasses import dataclass

from retcli.language import _
from retcli.views.base import Sayable, Screen, View
from retcli.views.documents import Documented


@dataclass(frozen=True)
class Problem(Documented):
    """An invariant of `docs/architecture.md` §5, by its number, that does not hold, and where it does not."""

    KEYS = ("invariant", "where", "text")

    invariant: int
    where: str
    breach: Sayable

    @property
    def text(self) -> str:
        """The breach as a sentence."""
        return self.breach.sentence()


@dataclass(frozen=True)
class CheckView(View):
    """The result of a check: how much was checked (by kind), the problems, and remarks that stop nothing. From the
    event `since` on the history tells every row; older books told none.
    """

    KEYS = ("ok", "checked", "since", "problems", "remarks")

    checked: Mapping[str, int]
    problems: tuple[Problem, ...]
    since: int = 1
    remarks: tuple[Problem, ...] = ()

    @property
    def exit_code(self) -> int:
        """3 where something is wrong, else 0."""
        return 3 if self.problems else 0

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def draw(self, screen: Screen) -> None:
        """Shows that all is well, or each problem and remark."""
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
