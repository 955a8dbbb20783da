"""A step of the demo: what happens, the command that does it, and its real output."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from retcli.errors import RetcliError
from retcli.language import _
from retcli.views.base import Screen, View


@dataclass(frozen=True)
class Shown:
    """A command as it would be typed, and what it answered: a view, views, or a refusal."""

    command: str
    answers: Sequence[View] = ()
    refusal: RetcliError | None = None

    def document(self) -> dict[str, Any]:
        """The command with its own document."""
        if self.refusal is not None:
            return {"command": self.command, **self.refusal.document()}
        return {"command": self.command, "output": [answer.document() for answer in self.answers]}


@dataclass(frozen=True)
class StepView(View):
    """One step of the walk."""

    number: int
    title: str
    text: str
    shown: tuple[Shown, ...] = ()

    def document(self) -> dict[str, Any]:
        """`steps[]`."""
        commands = [shown.document() for shown in self.shown]
        return {"step": self.number, "title": self.title, "text": self.text, "commands": commands}

    def draw(self, screen: Screen) -> None:
        """The story, then each command with what it printed."""
        screen.line()
        screen.line(f"== {self.number}. {self.title} ==", "bold cyan")
        for line in self.text.split("\n"):
            screen.line(line)
        for shown in self.shown:
            screen.line()
            screen.line("$ " + shown.command, "cyan")
            for answer in shown.answers:
                answer.draw(screen)
            if shown.refusal is not None:
                screen.line(_("Error: {text}").format(text=shown.refusal.message), "red")
                for hint in shown.refusal.hint.splitlines():
                    screen.line(_("Try: {hint}").format(hint=hint))
