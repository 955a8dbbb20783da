"""Evidence as people and scripts see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from retcli.language import _
from retcli.views.base import Column, Screen, View, when
from retcli.views.casefile.cases import CaseView
from retcli.views.documents import Documented
from retcli.words import word

NOT_STORED = "not_stored"


@dataclass(frozen=True)
class EvidenceRow(Documented):
    """One piece of evidence: what it was called, bytes, and whether it is ``present``, ``missing``, ``damaged`` or
    ``not_stored`` (only its place on somebody's disk is known).
    """

    kind: str
    name: str
    size: int | None
    sha256: str
    by: str
    at: datetime
    state: str


@dataclass(frozen=True)
class EvidenceView(View):
    """All evidence of a case."""

    KEYS = ("case", "evidence")

    case: str
    evidence: tuple[EvidenceRow, ...]

    @property
    def exit_code(self) -> int:
        """3 where a stored file is gone or damaged."""
        return 3 if any(row.state in {"missing", "damaged"} for row in self.evidence) else 0

    def draw(self, screen: Screen) -> None:
        """One file a row."""
        if not self.evidence:
            screen.line(_("No evidence yet: retcli case attach {case} FILE --kind photo").format(case=self.case))
            return
        columns = [Column(_("Kind")), Column(_("Name")), Column(_("Size"), "count"), Column(_("When"), "time")]
        columns += [Column(_("By whom")), Column(_("State"))]
        screen.table(columns, [_row(row) for row in self.evidence])
        if self.exit_code:
            screen.line(_("Attach what is missing again: retcli case attach {case} FILE").format(case=self.case), "red")


def _row(row: EvidenceRow) -> Sequence[str]:
    return word(row.kind), row.name, size_text(row.size), when(row.at), row.by, word(row.state)


def size_text(size: int | None) -> str:
    """Bytes for people."""
    if size is None:
        return "-"
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{max(size / 1000, 0.1):.1f} KB"


@dataclass(frozen=True)
class Attached(Documented):
    """A file's name, and what came of it: ``stored``, ``known`` (the case has the same already) or ``shared`` (the file
    was stored for another case).
    """

    name: str
    outcome: str


@dataclass(frozen=True)
class AttachedView(View):
    """A case after files were attached."""

    case: CaseView
    attached: tuple[Attached, ...]

    def draw(self, screen: Screen) -> None:
        """One line a file, then where to see them."""
        texts = {
            "stored": _("{name}: stored with case {case}"),
            "shared": _("{name}: attached to case {case}; the file was stored before"),
            "known": _("{name}: case {case} has the same content already"),
        }
        for file in self.attached:
            screen.line(texts[file.outcome].format(name=file.name, case=self.case.number))
        screen.line(_("All evidence: retcli case evidence {case}").format(case=self.case.number))
