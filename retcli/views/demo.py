"""A step of the demo: what happens, the command that does it, and its real output."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from retcli.errors import RetcliError
from retcli.language import _
from retcli.views.base import Screen, View
from retcli.views.documents import Documented


@dataclass(frozen=True)
class Shown(Documented):
    """A command as it would be typed, and what it answered: a view, views, or a refusal."""

    KEYS = ("command", "**answered")

    command: str
    answers: Sequence[View] = ()
    refusal: RetcliError | None = None

    @property
    def answered(self) -> dict[str, Any]:
        """The key `output` with the document of each answer, or `error` with that of the refusal."""
        if self.refusal is not None:
            return self.refusal.document()
        return {"output": [answer.document() for answer in self.answers]}


@dataclass(frozen=True)
class StepView(View):
    """One step of the walk."""

    step: int
    title: str
    text: str
    commands: tuple[Shown, ...] = ()

    def draw(self, screen: Screen) -> None:
        """The story, then each command with what it printed."""
        screen.line()
        screen.line(f"== {self.step}. {self.title} ==", "bold cyan")
        for line in self.text.split("\n"):
            screen.line(line)
        for shown in self.commands:
            screen.line()
            screen.line("$ " + shown.command, "cyan")
            for answer in shown.answers:
                answer.draw(screen)
            if shown.refusal is not None:
                screen.line(_("Error: {text}").format(text=shown.refusal.message), "red")
                for hint in shown.refusal.hint.splitlines():
                    screen.line(_("Try: {hint}").format(hint=hint))
