"""The view of a step of the demo: what happens, the commands that do it, and their real output."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from retcli.errors import RetcliError
from retcli.language import _, mark
from retcli.shellwords import Setting
from retcli.views.base import Screen, View
from retcli.views.documents import Documented


@dataclass(frozen=True)
class Shown(Documented):
    """A command as it would be typed, with the views that it gave, or its refusal."""

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


class Story(StrEnum):
    """The steps of the demo, in their order."""

    FILES = "files"
    PEOPLE = "people"
    MORNING = "morning"
    LAW = "law"
    RULES = "rules"
    DECIDE = "decide"
    CLICK = "click"
    SCAN = "scan"
    PAY = "pay"
    AMENDS = "amends"
    THURSDAY = "thursday"
    WORKBOOKS = "workbooks"
    CHECK = "check"
    FAREWELL = "farewell"


_TITLES = {
    Story.FILES: mark("Taking in what the platform exported"),
    Story.PEOPLE: mark("Who works here"),
    Story.MORNING: mark("The morning"),
    Story.LAW: mark("Law first, and every answer explained"),
    Story.RULES: mark("The shop's own rules"),
    Story.DECIDE: mark("Deciding"),
    Story.CLICK: mark("What must still be clicked on the platform"),
    Story.SCAN: mark("At the door"),
    Story.PAY: mark("Paying"),
    Story.AMENDS: mark("Making amends"),
    Story.THURSDAY: mark("The platform's own word"),
    Story.WORKBOOKS: mark("Both workbooks"),
    Story.CHECK: mark("Are the books in order?"),
    Story.FAREWELL: mark("What to try next"),
}
_TEXTS = {
    Story.FILES: mark(
        "Monday. The order report and the item report come from Taobao's back-end, with the refund report and the"
        " shop's product sheet. Two rows of the order report are spoilt: they are named, never guessed."
    ),
    Story.PEOPLE: mark(
        "Whoever creates the books is their owner. An agent may pay up to 30.00 alone; above it a manager signs too."
    ),
    Story.MORNING: mark("What has to be done, by the clock: the platform's own deadlines come from the report."),
    Story.LAW: mark(
        "Three requests. One lies inside the seven days: yes. One came on the eighth day, one is made to order: no,"
        " each with its article. A manager could overrule, on record."
    ),
    Story.RULES: mark(
        "The shop's own rules may be kinder than the law and never harder. A draft is checked against the law, and"
        " tried on past cases, before it judges anything."
    ),
    Story.DECIDE: mark(
        "Approve what is clear; open a case by hand for a buyer on the phone; ask what to offer where it is not."
    ),
    Story.CLICK: mark("retcli clicks nothing on the platform: what must be agreed to there is a list to work off."),
    Story.SCAN: mark(
        "The warehouse scans. A waybill finds its case, the same one again changes nothing, an unknown one is kept"
        " aside; RCMDA grades what follows as new, a barcode counts a piece."
    ),
    Story.PAY: mark(
        "What was agreed here pays itself: at once where nothing comes back, else when the goods are inspected. What"
        " was agreed on the platform is paid by hand. Above the agent's limit a second person lets it go."
    ),
    Story.AMENDS: mark(
        "The wrong goods were sent, the shop's own fault: it may give an amends beside the refund, which that never"
        " lowers."
    ),
    Story.THURSDAY: mark(
        "Thursday. The next refund report tells what really happened: clicks are verified, payouts confirmed."
    ),
    Story.WORKBOOKS: mark(
        "Finance gets a workbook that adds up, every difference named; the owner sees why goods come back, and how"
        " fast the shop is."
    ),
    Story.CHECK: mark("Everything that must always be true is checked, the chained history included."),
    Story.FAREWELL: mark(
        "The shop stays here to practise on:\n{files}\nGo on in it, with its clock on that Thursday:\n"
        "{settings}\n  retcli today\n  retcli case show {quality}\n  retcli scan\n"
        "Your own shop begins in a new window, with: retcli"
    ),
}
_EIGHTH_DAY = mark("The seven days ended yesterday; we can offer an exchange of size")
_LOST = mark("The carrier says that it is lost")


def reason_of_refusal() -> str:
    """The reason that the agent types to refuse the request of the eighth day."""
    return _(_EIGHTH_DAY)


def reason_of_loss() -> str:
    """The reason that the manager types for the lost parcel."""
    return _(_LOST)


@dataclass(frozen=True)
class Left:
    """What the demo leaves behind to go on with: its files, the lines that set a shell for its shop, a case."""

    files: tuple[str, ...]
    settings: tuple[Setting, ...]
    quality: str

    def setting_lines(self) -> Iterator[str]:
        """The lines for the shells, under the name of the shell where there are several."""
        for setting in self.settings:
            if setting.shell:
                yield f"{setting.shell}:"
            yield from (f"  {line}" for line in setting.lines)


@dataclass(frozen=True)
class StepView(View):
    """One step of the demo; the last one has what is `left` behind."""

    KEYS = ("step", "title", "text", "commands")

    step: int
    story: Story
    commands: tuple[Shown, ...] = ()
    left: Left | None = None

    @property
    def title(self) -> str:
        """The title of the step."""
        return _(_TITLES[self.story])

    @property
    def text(self) -> str:
        """What happens in the step."""
        if self.left is None:
            return _(_TEXTS[self.story])
        files = "\n".join(f"  {name}" for name in self.left.files)
        settings = "\n".join(self.left.setting_lines())
        return _(_TEXTS[self.story]).format(files=files, settings=settings, quality=self.left.quality)

    def draw(self, screen: Screen) -> None:
        """Shows the text, then each command with its output."""
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
