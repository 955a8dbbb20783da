"""The sheet of exercises of a practice shop: given out at the beginning, and looked through afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from retcli.language import _
from retcli.rules.lifecycles import Role
from retcli.shellwords import Setting
from retcli.views.base import Screen, View, when
from retcli.views.documents import Documented
from retcli.views.practice.lacks import Missing
from retcli.views.practice.tasks import WORDINGS, Task
from retcli.words import word

NOT_ALL_DONE = 3


@dataclass(frozen=True)
class Exercise(Documented):
    """One exercise with what fills its text; once looked through also with what is missing (None: not looked at)."""

    KEYS = ("number", "title", "text", "done", "missing_")

    number: int
    task: Task
    about: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[Missing, ...] | None = None

    @property
    def title(self) -> str:
        """Its title."""
        return _(WORDINGS[self.task].title)

    @property
    def text(self) -> str:
        """What happened, and what is to be reached."""
        return _(WORDINGS[self.task].text).format_map(self.about)

    @property
    def done(self) -> bool:
        """Whether the books are as they should be after it."""
        return self.missing == ()

    @property
    def missing_(self) -> tuple[Missing, ...]:
        """What is missing, for JSON."""
        return self.missing or ()


@dataclass(frozen=True)
class Sheet(View):
    """The exercises of a role in a practice shop: where it lies, who works there and when."""

    ENVELOPE: ClassVar[str] = "practice"
    KEYS = ("role", "operator", "db", "now", "exercises")

    role: Role
    operator: str
    db: str
    now: datetime
    exercises: Sequence[Exercise]

    def _head(self, screen: Screen) -> None:
        title = _("Practice: {role}, {n} exercises").format(role=word(self.role), n=len(self.exercises))
        screen.line(f"== {title} ==", "bold cyan")

    def _exercise(self, screen: Screen, exercise: Exercise) -> None:
        screen.line()
        screen.line(f"{exercise.number}. {exercise.title}", "bold")
        # a Chinese sentence has no blanks: broken anywhere but at its end, it leaves half of a line empty
        for sentence in exercise.text.replace("。", "。\n").splitlines():
            screen.line(sentence)


@dataclass(frozen=True)
class GivenOut(Sheet):
    """The sheet as it is given out, with the lines that a shell needs to work in the shop."""

    settings: Sequence[Setting] = ()

    def draw(self, screen: Screen) -> None:
        """Shows how to get into the shop, and each exercise."""
        screen.line()
        self._head(screen)
        screen.line(_("A shop to practise in was made: {db}").format(db=self.db))
        screen.line(_("Every person and number in it is invented; nothing that you do here reaches your own shop."))
        screen.line()
        screen.line(_("First copy these lines, paste them here and press Enter; they hold for this window only:"))
        for setting in self.settings:
            if setting.shell:
                screen.line(f"{setting.shell}:")
            for line in setting.lines:
                screen.line(f"  {line}", "cyan")
        screen.line()
        text = _("Now you are {operator} ({role}), and it is {now}. The exercises, in any order:")
        screen.line(text.format(operator=self.operator, role=word(self.role), now=when(self.now)))
        for exercise in self.exercises:
            self._exercise(screen, exercise)
        screen.line()
        screen.line(_("Begin with: {command}").format(command="retcli today"))
        screen.line(_("What is right, what is missing: {command}").format(command="retcli demo --check"))
        screen.line(_("The same with the next command: {command}").format(command="retcli demo --hint"))
        command = f"retcli demo --practice {word(self.role)}"
        screen.line(_("Once more from the beginning: {command}").format(command=command))


@dataclass(frozen=True)
class LookedThrough(Sheet):
    """The sheet after a look into the books: what is done, what is missing, and, asked for, the next commands."""

    hints: bool = False

    @property
    def exit_code(self) -> int:
        """3 as long as an exercise is not done."""
        return 0 if all(exercise.done for exercise in self.exercises) else NOT_ALL_DONE

    def draw(self, screen: Screen) -> None:
        """Shows each exercise: done, or once more what it asks for and what is missing."""
        self._head(screen)
        for exercise in self.exercises:
            if exercise.done:
                screen.line()
                screen.line(_("{n}. {title}: done").format(n=exercise.number, title=exercise.title), "green")
            else:
                self._exercise(screen, exercise)
                self._missing(screen, exercise)
        done = sum(exercise.done for exercise in self.exercises)
        screen.line()
        screen.line(_("Done: {n} of {all}").format(n=done, all=len(self.exercises)), "bold")
        self._way_on(screen)

    def _missing(self, screen: Screen, exercise: Exercise) -> None:
        """Shows what is missing in an exercise, each with its command where hints are asked for."""
        for missing in exercise.missing_:
            screen.line(f"  × {missing.text}", "yellow")
            if self.hints and missing.command:
                screen.line(f"    {missing.command}", "cyan")

    def _way_on(self, screen: Screen) -> None:
        """Shows how to go on: the hints, or that all is done."""
        if self.exit_code and not self.hints:
            screen.line(_("The same with the next command: {command}").format(command="retcli demo --hint"))
        if not self.exit_code:
            screen.line(_("All of it is right. Your own shop begins with: {command}").format(command="retcli"))
