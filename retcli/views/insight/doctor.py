"""The view of the doctor: how books, disk, copies and clock stand."""

from dataclasses import dataclass

from retcli.language import _
from retcli.views.base import Sayable, Screen, View
from retcli.views.books.check import Problem
from retcli.views.documents import Documented
from retcli.words import word

OK, ATTENTION, ERROR = "ok", "attention", "error"
_STYLES = {OK: "", ATTENTION: "yellow", ERROR: "red"}


@dataclass(frozen=True)
class Finding(Documented):
    """One thing that was examined (`where`, a code): its state, the fact, and what to do about it, as a command or as
    something that a person does. `invariant` is the invariant of the books that it breaks, 0 for none.
    """

    KEYS = ("where", "state", "text", "remedy")

    where: str
    state: str
    fact: Sayable
    to_do: str | Sayable = ""
    invariant: int = 0

    @property
    def text(self) -> str:
        """The fact as a sentence."""
        return self.fact.sentence()

    @property
    def remedy(self) -> str:
        """What to do about it; "" for nothing."""
        return self.to_do if isinstance(self.to_do, str) else self.to_do.sentence()


@dataclass(frozen=True)
class DoctorView(View):
    """Everything that was examined."""

    KEYS = ("ok", "problems", "lines", "database")

    database: str
    findings: tuple[Finding, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The findings that need attention; their invariant is 0 where it is none of the books' own."""
        return tuple(Problem(f.invariant, f.where, f.fact) for f in self.findings if f.state != OK)

    @property
    def exit_code(self) -> int:
        """3 where something needs attention, else 0."""
        return 3 if self.problems else 0

    @property
    def lines(self) -> tuple[Finding, ...]:
        """All findings, under their key of the document."""
        return self.findings

    @property
    def ok(self) -> bool:
        """Whether nothing needs attention."""
        return not self.problems

    def draw(self, screen: Screen) -> None:
        """Shows a line for each finding, with its remedy below."""
        screen.line(_("Books: {path}").format(path=self.database), "bold")
        for finding in self.findings:
            text = _("[{state}] {what}: {text}")
            line = text.format(state=word(finding.state), what=word(finding.where, "doctor"), text=finding.text)
            screen.line(line, _STYLES[finding.state])
            if finding.remedy and finding.state != OK:
                screen.line("       " + _("Do: {remedy}").format(remedy=finding.remedy))
        if not self.problems:
            screen.line(_("All is well"), "green")
