"""Views of evidence: what a case has, and what became of files that were attached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from retcli.language import _
from retcli.views.base import Column, Screen, View, when
from retcli.views.casefile.cases import CaseView
from retcli.views.documents import Documented
from retcli.views.warehouse.parcel_evidence import ParcelEvidence
from retcli.words import word

NOT_STORED = "not_stored"


@dataclass(frozen=True)
class EvidenceRow(Documented):
    """One piece of evidence: its kind, its name when it was attached, its size in bytes, and its state: ``present``,
    ``missing``, ``damaged`` or ``not_stored`` (only its place on somebody's disk is known).
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
    """The evidence of a case: files, and what the warehouse knows of its parcels."""

    KEYS = ("case", "evidence", "parcels")

    case: str
    evidence: tuple[EvidenceRow, ...]
    parcels: tuple[ParcelEvidence, ...] = ()

    @property
    def exit_code(self) -> int:
        """3 where a stored file is missing or damaged, else 0."""
        return 3 if any(row.state in {"missing", "damaged"} for row in self.evidence) else 0

    def draw(self, screen: Screen) -> None:
        """Shows a row for each file, then a line for each thing that is known of its parcels."""
        self._files(screen)
        for line in (line for parcel in self.parcels for line in parcel.lines()):
            screen.line(line)

    def _files(self, screen: Screen) -> None:
        """Shows a row for each file."""
        if not self.evidence:
            screen.line(_("No evidence yet: retcli case attach {case} FILE --kind photo").format(case=self.case))
            return
        columns = [Column(_("Kind")), Column(_("Name")), Column(_("Size"), "count", spare=True)]
        columns += [Column(_("When"), "time"), Column(_("By whom"), spare=True), Column(_("State"))]
        screen.table(columns, [_row(row) for row in self.evidence])
        if self.exit_code:
            screen.line(_("Attach what is missing again: retcli case attach {case} FILE").format(case=self.case), "red")


def _row(row: EvidenceRow) -> Sequence[str]:
    """The cells of a file in the table."""
    return word(row.kind), row.name, size_text(row.size), when(row.at), row.by, word(row.state)


def size_text(size: int | None) -> str:
    """A size in bytes for people, in KB or MB of a thousand; a dash for an unknown one."""
    if size is None:
        return "-"
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{max(size / 1000, 0.1):.1f} KB"


@dataclass(frozen=True)
class Attached(Documented):
    """A file that was attached, and its outcome: ``stored``, ``known`` (the case has the same content already) or
    ``shared`` (the file was stored for another case before).
    """

    name: str
    outcome: str


@dataclass(frozen=True)
class AttachedView(View):
    """A case after files were attached."""

    case: CaseView
    attached: tuple[Attached, ...]

    def draw(self, screen: Screen) -> None:
        """Shows a line for each file, then the command that shows all evidence."""
        texts = {
            "stored": _("{name}: stored with case {case}"),
            "shared": _("{name}: attached to case {case}; the file was stored before"),
            "known": _("{name}: case {case} has the same content already"),
        }
        for file in self.attached:
            screen.line(texts[file.outcome].format(name=file.name, case=self.case.number))
        screen.line(_("All evidence: retcli case evidence {case}").format(case=self.case.number))
