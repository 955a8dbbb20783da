"""The view of the register of interventions, complaints and bad reviews of all cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from retcli.language import _
from retcli.shellwords import quoted
from retcli.views.base import Column, Screen, View, draw_next, until
from retcli.views.casefile.written_beside import EntryLine
from retcli.views.documents import document_of


@dataclass(frozen=True)
class RegisterView(View):
    """Entries with the number of their case, or of the order of a bad review, the most urgent first."""

    KEYS = ("register",)

    at: datetime
    rows: tuple[tuple[str, EntryLine], ...]

    @property
    def register(self) -> list[dict[str, Any]]:
        """The document of each entry, with its case or the order of a bad review."""
        return [_named(number, entry) | document_of(entry) for number, entry in self.rows]

    def draw(self, screen: Screen) -> None:
        """Shows a row for each entry, then what to do next."""
        if not self.rows:
            screen.line(_("Nothing in the register"))
            return
        columns = [Column(_("Case or order"), "id"), Column(_("Kind")), Column(_("State")), Column(_("By"), "time")]
        screen.table([*columns, Column(_("What"))], [self._row(case, entry) for case, entry in self.rows])
        if case := self._first("open"):
            screen.line(_("Write the answer: retcli case pack {case}").format(case=case))
            screen.line(_("When it is sent: retcli case answer {case}").format(case=case))
        if order := self._first("to_follow_up"):
            text = _("Write to the buyer; then: retcli case answer {order} --kind bad_review")
            screen.line(text.format(order=order))

    def acted(self, action: str) -> View:
        """The entry that was just made or changed, as a line."""
        return Entered(self)

    def _first(self, state: str) -> str:
        """The case or order of the first entry in a state, quoted for a command; "" where there is none."""
        return next((quoted(number) for number, entry in self.rows if entry.state == state), "")

    def _row(self, case: str, entry: EntryLine) -> Sequence[str]:
        """The cells of an entry in the table."""
        late = "！" if entry.state == "open" and entry.due_at and entry.due_at <= self.at else ""
        by = until(entry.due_at) if entry.state == "open" and entry.due_at else "-"
        by = _("about {at}").format(at=by) if entry.estimated and by != "-" else by
        return case, entry.name, late + entry.state_word, by, entry.because or entry.note


@dataclass(frozen=True)
class Entered(View):
    """A bad review that was just entered, or went a step further, among those of its `order`."""

    order: RegisterView

    def document(self) -> dict[str, Any]:
        """The document of all of the order."""
        return self.order.document()

    def draw(self, screen: Screen) -> None:
        """Shows the newest of the order in a line, then what to do next."""
        number, entry = self.order.rows[-1]
        screen.line(f"{number}  " + _("in the register: {entry}").format(entry=entry.sentence()), "bold")
        if entry.state == "to_follow_up":
            draw_next(screen, f"retcli case answer {quoted(number)} --kind bad_review", _("Write to the buyer; then"))
        else:
            draw_next(screen, "retcli case register")


def _named(number: str, entry: EntryLine) -> dict[str, str]:
    """The keys `case` and `order` of an entry, of which one is filled: the order for a bad review."""
    return {"case": "", "order": number} if entry.axis == "bad_review" else {"case": number, "order": ""}
