"""The view of the pack for the platform when it steps in: a text to paste, and the evidence in its order."""

from dataclasses import dataclass
from datetime import datetime

from retcli.language import _, headed
from retcli.views.base import Screen, View, when
from retcli.views.cases.left_out import LeftOut
from retcli.views.documents import Documented
from retcli.words import word


@dataclass(frozen=True)
class Piece(Documented):
    """A piece of evidence by its number in the pack: the name of its copy (`file`), the state that says why there is
    none, its former name and its time (UTC).
    """

    KEYS = ("number", "kind", "file", "name", "state")

    number: int
    kind: str
    file: str
    name: str
    at: datetime
    state: str

    def sentence(self) -> str:
        """The line of the list of evidence."""
        copy = _("Evidence {n}: {kind}, {file}").format(n=self.number, kind=word(self.kind), file=self.file or "-")
        origin = "，".join(part for part in (self.name, when(self.at)) if part)
        missing = "" if self.state == "present" else f"【{word(self.state)}】"
        return f"{copy}（{origin}）{missing}"


@dataclass(frozen=True)
class PackView(View):
    """A pack that was written into a folder."""

    KEYS = ("case", "folder", "file", "text", "evidence", "left_out")

    case: str
    folder: str
    file: str
    text: str
    evidence: tuple[Piece, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """Lines for the shop alone: what the platform is not told and why, and the command that writes everything."""
        if not self.left_out:
            return ()
        command = f"retcli case pack {self.case} --all -o {self.case}-all"
        lines = ["  " + headed(each.text, each.why) for each in self.left_out]
        return (_("Left out, since the pack goes to the platform:"), *lines, _("All of it, for you alone:"), command)

    @property
    def exit_code(self) -> int:
        """3 where a piece of evidence is not in the pack, else 0."""
        return 3 if any(piece.state != "present" for piece in self.evidence) else 0

    def draw(self, screen: Screen) -> None:
        """Shows the text, then where the pack lies."""
        screen.verbatim(self.text)
        screen.line()
        copied = sum(piece.state == "present" for piece in self.evidence)
        screen.line(_("Packed: {file}, with {n} files of evidence").format(file=self.file, n=copied), "green")
        if self.exit_code:
            screen.line(_("Not all evidence is there: retcli case evidence {case}").format(case=self.case), "red")
        else:
            screen.line(_("Once it was handed in: retcli case answer {case}").format(case=self.case))
