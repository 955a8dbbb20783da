"""Scans, parcels and stock as people and scripts see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from retcli.language import _
from retcli.shellwords import quoted
from retcli.views.base import Column, Screen, View, when
from retcli.views.documents import instant
from retcli.words import word

BELLS = {
    "received": 1,
    "counted": 1,
    "inspected": 1,
    "command": 1,
    "duplicate": 2,
    "unclaimed": 2,
    "unknown": 3,
    "unsaved": 3,
    "stop": 3,
}
STYLES = {
    "received": "green",
    "inspected": "green",
    "duplicate": "yellow",
    "unclaimed": "yellow",
    "unknown": "red",
    "unsaved": "red",
    "stop": "red",
}


@dataclass(frozen=True)
class ScanView(View):
    """What became of one scanned code; `waiting` are the pieces by product that wait for inspection in its parcel, None
    where it tells nothing of them, `left` what the parcel that leaves the table for it still waits for, `rest` further
    codes that were read in one line with it and are not done yet.
    """

    code: str
    outcome: str
    message: str
    parcel: str = ""
    case: str = ""
    waiting: Mapping[str, int] | None = None
    left: str = ""
    rest: tuple[str, ...] = ()

    @property
    def bells(self) -> int:
        """How often the bell rings: once for what went well, more for what needs a look."""
        return max(BELLS.get(self.outcome, 1), 2 if self.left else 1)

    @property
    def exit_code(self) -> int:
        """3 for a code that nobody knows, and for a stop: a person must look."""
        return 3 if self.outcome in {"unknown", "stop"} else 0

    def document(self) -> dict[str, Any]:
        """One object a code."""
        return {
            "code": self.code,
            "outcome": self.outcome,
            "parcel": self.parcel or None,
            "case": self.case or None,
            "message": "\n".join(filter(None, (self.message, self.left))),
        }

    def draw(self, screen: Screen) -> None:
        """The word first, then what it means."""
        text = _("{outcome}  {code}  {message}")
        line = text.format(outcome=word(self.outcome, "scan"), code=self.code, message=self.message)
        screen.line(line, STYLES.get(self.outcome, ""))
        if self.left:
            screen.line(self.left, "yellow")


def not_inspected(parcel: str, pieces: Mapping[str, int]) -> str:
    """Pieces of a parcel that nobody gave a grade, with the command to type."""
    grade = _("‹grade›")
    items = " ".join(f"--item {quoted(f'{sku}={n}')}:{grade}" for sku, n in pieces.items())
    text = _("{parcel}: {pieces} not inspected yet: {command}")
    names = "、".join(f"{sku}×{n}" for sku, n in pieces.items())
    return text.format(parcel=parcel, pieces=names, command=f"retcli parcel inspect {parcel} {items}")


@dataclass(frozen=True)
class ParcelView(View):
    """A parcel with what was counted and found in it."""

    number: str
    waybill: str
    carrier: str
    state: str
    received_at: datetime | None
    received_by: str
    cases: tuple[str, ...]
    contents: tuple[Mapping[str, Any], ...] = ()
    moves: tuple[Mapping[str, Any], ...] = ()
    hint: str = ""

    def document(self) -> dict[str, Any]:
        """`parcel`, `moves[]`."""
        return {"parcel": self.facts(), "moves": [dict(move) for move in self.moves]}

    def facts(self) -> dict[str, Any]:
        """The parcel alone, for lists too."""
        return {
            "number": self.number,
            "waybill": self.waybill,
            "carrier": self.carrier,
            "state": self.state,
            "received_at": instant(self.received_at),
            "received_by": self.received_by,
            "cases": list(self.cases),
            "contents": [dict(content) for content in self.contents],
        }

    @property
    def headline(self) -> str:
        """The parcel on one line."""
        return _("Parcel {number}  {waybill} {carrier}  {state}  {case}").format(
            number=self.number,
            waybill=self.waybill,
            carrier=self.carrier,
            state=word(self.state),
            case="、".join(self.cases) or _("no case"),
        )

    def draw(self, screen: Screen) -> None:
        """The parcel, its contents, and where the pieces went."""
        screen.line(self.headline)
        for content in self.contents:
            text = _("  {sku}: {counted} counted, {inspected} inspected")
            screen.line(text.format(**content))
        for move in self.moves:
            text = _("  {sku}: {quantity} from {source} to {target}")
            screen.line(text.format(**{**move, "source": word(move["from"]), "target": word(move["to"])}))
        if self.hint:
            screen.line(self.hint)


@dataclass(frozen=True)
class ParcelsView(View):
    """Several parcels as a list."""

    parcels: tuple[ParcelView, ...]

    def document(self) -> dict[str, Any]:
        """`parcels[]`."""
        return {"parcels": [parcel.facts() for parcel in self.parcels]}

    def draw(self, screen: Screen) -> None:
        """One parcel a row."""
        if not self.parcels:
            screen.line(_("No such parcels"))
            return
        columns = [Column(_("Parcel"), "id"), Column(_("Waybill"), "id"), Column(_("Carrier"), spare=True)]
        columns += [Column(_("State")), Column(_("Received"), "time"), Column(_("Cases"))]
        columns.append(Column(_("Contents"), spare=True))
        screen.table(columns, [_row(parcel) for parcel in self.parcels])


def _row(parcel: ParcelView) -> Sequence[str]:
    contents = "、".join(f"{c['sku']}×{c['counted']}" for c in parcel.contents)
    return (
        parcel.number,
        parcel.waybill,
        parcel.carrier,
        word(parcel.state),
        when(parcel.received_at),
        "、".join(parcel.cases),
        contents,
    )


@dataclass(frozen=True)
class Candidate:
    """A case that a parcel may belong to, with its score and the reasons for it."""

    case: str
    order: str
    score: int
    because: tuple[str, ...]


@dataclass(frozen=True)
class CandidatesView(View):
    """The cases that a parcel may belong to, the likeliest first."""

    parcel: str
    candidates: tuple[Candidate, ...]

    def document(self) -> dict[str, Any]:
        """`candidates[]`."""
        made = [
            {"case": c.case or None, "order": c.order, "score": c.score, "because": list(c.because)}
            for c in self.candidates
        ]
        return {"parcel": self.parcel, "candidates": made}

    def draw(self, screen: Screen) -> None:
        """One candidate a row."""
        if not self.candidates:
            screen.line(_("Nothing fits this parcel: scan what is in it, or search: retcli order find TEXT"))
            return
        columns = [Column(_("Case"), "id"), Column(_("Order"), "id"), Column(_("Score"), "count"), Column(_("Because"))]
        rows = [(c.case or "-", c.order, str(c.score), "；".join(c.because)) for c in self.candidates]
        screen.table(columns, rows)
        screen.line(_("Attach it: retcli parcel match {parcel} CASE").format(parcel=self.parcel))


@dataclass(frozen=True)
class StockView(View):
    """Pieces of returned goods by bucket."""

    rows: tuple[Mapping[str, Any], ...]
    buckets: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """`stock[]`."""
        return {"stock": [dict(row) for row in self.rows]}

    def draw(self, screen: Screen) -> None:
        """One product a row."""
        if not self.rows:
            screen.line(_("No returned goods are counted yet"))
            return
        columns = [Column(_("SKU"), "id"), Column(_("Name")), *(Column(word(b), "count") for b in self.buckets)]
        rows = [[str(row["sku"]), str(row["name"]), *(str(row[b]) for b in self.buckets)] for row in self.rows]
        screen.table(columns, rows)
