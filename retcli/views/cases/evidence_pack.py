"""What goes to the platform when it steps in: the text to paste, and the evidence in its order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from retcli.language import _
from retcli.views.base import Screen, View, when
from retcli.words import word


@dataclass(frozen=True)
class Piece:
    """A piece of evidence by its number in the pack: the name of its copy, or why there is none."""

    number: int
    kind: str
    file: str
    name: str
    at: datetime
    state: str

    def document(self) -> dict[str, Any]:
        """`evidence[]`."""
        said = {"number": self.number, "kind": self.kind, "file": self.file, "name": self.name}
        return said | {"state": self.state}

    def sentence(self) -> str:
        """One line of the list of evidence."""
        told = _("Evidence {n}: {kind}, {file}").format(n=self.number, kind=word(self.kind), file=self.file or "-")
        about = "，".join(part for part in (self.name, when(self.at)) if part)
        lost = "" if self.state == "present" else f"【{word(self.state)}】"
        return f"{told}（{about}）{lost}"


@dataclass(frozen=True)
class Account:
    """What the books tell of a case, ready to be told to the platform; texts are masked already unless revealed."""

    heading: Sequence[tuple[str, str]]
    timeline: Sequence[tuple[datetime, str]]
    reasons: Sequence[tuple[str, str]]
    findings: Sequence[str]
    amounts: Sequence[tuple[str, str]]
    waybills: Sequence[str]
    statement: Sequence[str]


def written(account: Account, pieces: Sequence[Piece]) -> str:
    """The text in the reader's language, one part after the other; parts without anything to say are left out."""
    parts: Mapping[str, Sequence[str]] = {
        _("What the shop states"): ["".join(account.statement)],
        _("What happened when"): [f"{when(at)}  {text}" for at, text in _in_time(account.timeline)],
        _("Reasons"): _pairs(account.reasons),
        _("What was examined"): account.findings,
        _("Amounts"): _pairs(account.amounts),
        _("Waybills"): account.waybills,
        _("List of evidence"): [piece.sentence() for piece in pieces],
    }
    told = ["\n".join(_pairs(account.heading))]
    told += [f"【{name}】\n" + "\n".join(lines) for name, lines in parts.items() if any(lines)]
    return "\n\n".join(told) + "\n"


def _in_time(timeline: Sequence[tuple[datetime, str]]) -> list[tuple[datetime, str]]:
    """What happened, by its instant; of one instant in the order in which it is told."""
    return sorted(timeline, key=lambda line: line[0])


def _pairs(rows: Sequence[tuple[str, str]]) -> list[str]:
    return [_("{name}: {value}").format(name=name, value=value) for name, value in rows if value]


@dataclass(frozen=True)
class PackView(View):
    """The pack as it lies in a folder."""

    case: str
    folder: str
    file: str
    text: str
    pieces: tuple[Piece, ...]
    left_out: tuple[tuple[str, str], ...] = ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the platform is not told, and why, for the shop alone; the command that writes all of it."""
        if not self.left_out:
            return ()
        command = f"retcli case pack {self.case} --all -o {self.case}-all"
        lines = [f"  {text}：{why}" for text, why in self.left_out]
        return (_("Left out, since the pack goes to the platform:"), *lines, _("All of it, for you alone:"), command)

    @property
    def exit_code(self) -> int:
        """3 where a piece of evidence could not be put in."""
        return 3 if any(piece.state != "present" for piece in self.pieces) else 0

    def document(self) -> dict[str, Any]:
        """`case`, `folder`, `file`, `text`, `evidence[]`, `left_out[]`."""
        said = {"case": self.case, "folder": self.folder, "file": self.file, "text": self.text}
        silent = [{"text": text, "why": why} for text, why in self.left_out]
        return said | {"evidence": [piece.document() for piece in self.pieces], "left_out": silent}

    def draw(self, screen: Screen) -> None:
        """The text, then where it lies."""
        for line in self.text.splitlines():
            screen.line(line)
        screen.line()
        copied = sum(piece.state == "present" for piece in self.pieces)
        screen.line(_("Packed: {file}, with {n} files of evidence").format(file=self.file, n=copied), "green")
        if self.exit_code:
            screen.line(_("Not all evidence is there: retcli case evidence {case}").format(case=self.case), "red")
