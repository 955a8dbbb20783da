"""Questions of an import, and their answers, as people and scripts see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from retcli.language import _
from retcli.rules.imports.orders import whole_of
from retcli.rules.imports.questions import (
    BOOKED,
    FIELDS,
    KEEP,
    OF_CASE,
    SEEN,
    SHARED_ANEW,
    STANDS,
    STAYS,
    STAYS_BOOKED,
    TAKE,
    TAKEABLE,
    TAKEN,
)
from retcli.rules.money.minor_units import Money
from retcli.shellwords import quoted
from retcli.views.base import Screen, View, money_text
from retcli.views.documents import instant, money
from retcli.words import word


@dataclass(frozen=True)
class LineChange:
    """A line whose cash changed, in minor units."""

    line: str
    sku: str
    was: int
    now: int
    currency: str


@dataclass(frozen=True)
class Value:
    """What the books and a file say otherwise of one thing; `booked` where what the platform paid is in the books,
    `against` where it had been turned down here, `unagreed` where nobody here had agreed to it.
    """

    id: int
    subject: str
    field: str
    known: str
    found: str
    row: int = 0
    file: str = ""
    booked: bool = False
    against: bool = False
    unagreed: bool = False

    def document(self) -> dict[str, Any]:
        """One of `values[]`."""
        names = ("subject", "field", "known", "found")
        return {"id": str(self.id), **{name: getattr(self, name) for name in names}}

    @property
    def named(self) -> dict[str, str]:
        """What a sentence about it may name."""
        what = _(FIELDS.get(self.field, self.field))
        known, found = (self._shown(value) for value in (self.known, self.found))
        return {"subject": self.subject, "what": what, "known": known, "found": found}

    def _shown(self, value: str) -> str:
        return word(value) if self.field == "kind" else value or "-"

    def sentence(self) -> str:
        """Both values beside each other."""
        text = _("{subject}, {what}: {known} in the books, {found} in the file")
        if self.field == "over":
            text = _("{subject}: the platform paid {found}, which is in the books already; the order had {known} left")
        elif self.booked and self.against:
            text = _("{subject}: the platform paid {found}, which is in the books already; it was turned down here")
        elif self.booked and self.unagreed:
            text = _(
                "{subject}: the platform paid {found}, which is in the books already; {known} is due by the lines"
                " (nobody here had agreed)"
            )
        elif self.booked:
            text = _("{subject}: the platform paid {found}, which is in the books already; {known} was agreed here")
        return text.format(**self.named)

    def stays(self) -> str:
        """What stays as it is where the file's value is not taken."""
        text = STAYS_BOOKED if self.booked else STAYS.get(self.field, STANDS)
        return _(text).format(**self.named)


def _sentences(parts: Sequence[str]) -> str:
    return "；".join(dict.fromkeys(parts))


@dataclass(frozen=True)
class Question:
    """A change that only a person may answer for, with all its values; `answers` are those that are possible now:
    ``take`` and ``keep``, or just ``seen``; `why_not` says why the file's values cannot be taken though such may be.
    """

    values: tuple[Value, ...]
    at: datetime
    answers: tuple[str, ...] = ()
    why_not: str = ""

    @property
    def id(self) -> int:
        """The number that an answer names: its first value's."""
        return self.values[0].id

    def document(self) -> dict[str, Any]:
        """One of `questions[]`: its first value, and all of them."""
        first = self.values[0]
        document = first.document() | {"row": first.row, "file": first.file, "at": instant(self.at)}
        return document | {"answers": list(self.answers), "values": [value.document() for value in self.values]}

    @property
    def commands(self) -> tuple[str, ...]:
        """What answers it, each as it stands."""
        return tuple(f"retcli imports answer {self.id} --{answer}" for answer in self.answers)

    def effect(self, answer: str) -> str:
        """What an answer does, in one sentence."""
        stays = _sentences([value.stays() for value in self.values])
        texts = {TAKE: _("take: {does}"), KEEP: _("keep: {does}"), SEEN: _("seen, nothing to choose: {does}")}
        taken = _(TAKEN if all(value.field == "sku" for value in self.values) else SHARED_ANEW)
        return texts[answer].format(does=taken if answer == TAKE else stays)

    def draw(self, screen: Screen) -> None:
        """Its values, where they come from, and each answer with what it does."""
        for place, value in enumerate(self.values):
            head = f"{self.id}  " if not place else "   "
            screen.line(head + value.sentence(), "bold")
        places = [_("{file}, row {row}").format(file=v.file, row=v.row) for v in self.values]
        screen.line("   " + _sentences(places))
        if self.why_not:
            screen.line("   " + self.why_not)
        if self.answers and {value.field for value in self.values} & OF_CASE:
            screen.line("   " + _("look first: {command}").format(command=self._look()))
        for answer, command in zip(self.answers, self.commands, strict=True):
            screen.line("   " + self.effect(answer))
            screen.line("     " + command)

    def _look(self) -> str:
        return f"retcli case show {quoted(self.values[0].subject)}"


@dataclass(frozen=True)
class QuestionsView(View):
    """What a person must answer."""

    questions: tuple[Question, ...]

    def document(self) -> dict[str, Any]:
        """`questions[]`."""
        return {"questions": [question.document() for question in self.questions]}

    def draw(self, screen: Screen) -> None:
        """Each question, who answers it, and what holds until then."""
        if not self.questions:
            screen.line(_("No questions are open"))
            return
        for question in self.questions:
            question.draw(screen)
        if not any(question.answers for question in self.questions):
            screen.line(_("Managers and the owner answer these"))
        values = [value for question in self.questions for value in question.values]
        if any(value.field in BOOKED for value in values):
            screen.line(_("Where a platform paid another amount, what else is to leave waits for the answer"))
        if any(value.field in TAKEABLE for value in values):
            screen.line(_("The books keep their values until it is answered"))


@dataclass(frozen=True)
class Answered:
    """A change that was answered, and which values stand: with ``keep`` and ``seen`` the books', with ``take`` the
    file's.
    """

    answer: str
    values: tuple[Value, ...]
    lines: tuple[LineChange, ...] = ()

    def document(self) -> dict[str, Any]:
        """One of `answers[]`."""
        lines = [
            {
                "line": change.line,
                "sku": change.sku,
                "was": money(Money(change.was, change.currency)),
                "now": money(Money(change.now, change.currency)),
            }
            for change in self.lines
        ]
        values = [value.document() for value in self.values]
        return {"answer": self.answer, **values[0], "values": values, "lines": lines}

    def draw(self, screen: Screen) -> None:
        """What stands now, value by value, and which lines' cash changed with it."""
        for value in self.values:
            if self.answer != TAKE or value.field in TAKEABLE:
                screen.line(self._sentence(value), "bold")
        for change in self.lines:
            was, now = (money_text(Money(minor, change.currency)) for minor in (change.was, change.now))
            screen.line(
                _("  {sku}, cash of the line: {was} → {now}").format(sku=change.sku or change.line, was=was, now=now)
            )

    def _sentence(self, value: Value) -> str:
        if self.answer != TAKE:
            return _("{subject}: {stays}").format(subject=value.subject, stays=value.stays())
        text = _("{subject}, {what}: {known} → {found}")
        found = whole_of(value.found) if value.field == "paid_total" else value.named["found"]
        return text.format(**(value.named | {"found": found}))


@dataclass(frozen=True)
class AnsweredView(View):
    """The changes that were answered."""

    answers: tuple[Answered, ...]

    def document(self) -> dict[str, Any]:
        """`answers[]`."""
        return {"answers": [each.document() for each in self.answers]}

    def draw(self, screen: Screen) -> None:
        """One answer after the other."""
        for each in self.answers:
            each.draw(screen)
        if not self.answers:
            screen.line(_("No questions are open"))
