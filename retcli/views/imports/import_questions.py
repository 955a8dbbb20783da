"""Answered questions as people and scripts see them."""

from dataclasses import dataclass
from typing import Any

from retcli.language import _
from retcli.rules.imports.questions import FIELDS, KEPT, NOT_TAKEN
from retcli.rules.money.minor_units import Money
from retcli.views.base import Screen, View, money, money_text
from retcli.views.imports.imports import shown_value


@dataclass(frozen=True)
class LineChange:
    """A line whose cash changed, in minor units."""

    line: str
    sku: str
    was: int
    now: int
    currency: str


@dataclass(frozen=True)
class Answered:
    """A question, and which value stands: ``keep`` the books', ``take`` the file's."""

    id: int
    answer: str
    subject: str
    field: str
    known: str
    found: str
    lines: tuple[LineChange, ...] = ()

    def document(self) -> dict[str, Any]:
        """One of `answers[]`."""
        names = ("answer", "subject", "field", "known", "found")
        lines = [
            {
                "line": change.line,
                "sku": change.sku,
                "was": money(Money(change.was, change.currency)),
                "now": money(Money(change.now, change.currency)),
            }
            for change in self.lines
        ]
        return {"id": str(self.id), **{name: getattr(self, name) for name in names}, "lines": lines}

    def draw(self, screen: Screen) -> None:
        """What stands now, and which lines' cash changed with it."""
        texts = {"keep": _(KEPT.get(self.field, NOT_TAKEN)), "take": _("{subject}, {what}: {known} → {found}")}
        what = _(FIELDS.get(self.field, self.field))
        screen.line(
            texts[self.answer].format(
                subject=self.subject,
                what=what,
                known=shown_value(self.field, self.known),
                found=shown_value(self.field, self.found),
            ),
            "bold",
        )
        for change in self.lines:
            was, now = (money_text(Money(minor, change.currency)) for minor in (change.was, change.now))
            screen.line(
                _("  {sku}, cash of the line: {was} → {now}").format(sku=change.sku or change.line, was=was, now=now)
            )


@dataclass(frozen=True)
class AnsweredView(View):
    """The questions that were answered."""

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
