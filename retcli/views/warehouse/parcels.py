"""Views of parcels and of the stock of returned goods."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from retcli.language import _, aside, clauses, mark, series
from retcli.rules.lifecycles import LEFT_THE_DOOR, ParcelState
from retcli.rules.money.minor_units import Money
from retcli.rules.warehouse.fits import Fit
from retcli.shellwords import quoted
from retcli.views import masking
from retcli.views.base import Column, Screen, View, draw_next, money_text, when
from retcli.views.documents import Documented, as_json
from retcli.words import word


@dataclass(frozen=True)
class BroughtBack:
    """Parcels on their way to the buyer that are to be brought back: carriers and waybills, none where all of them are
    back (`inspected` or not). `clicked` is the money of the case whose click was made before (None: none was).
    """

    carriers: tuple[str, ...]
    waybills: tuple[str, ...]
    case: str = ""
    clicked: Money | None = None
    inspected: bool = False

    def warning(self) -> str:
        """That money no longer waits for the goods; "" where it does."""
        if self.clicked is None:
            return ""
        text = _("{amount} of {case} was clicked on the platform before: it does not wait for the goods")
        return text.format(amount=money_text(self.clicked), case=self.case)

    def sentence(self) -> str:
        """What to tell the carriers, and when to refund; or that the parcels are back."""
        if self.inspected:
            return _("It is back and inspected already: there is nothing to intercept")
        if not self.waybills:
            return _("It is back already: inspect it, there is nothing to intercept")
        text = _(
            "Tell {carrier} to bring it back, or intercept it in the platform's back-end; refund once it is scanned and"
            " inspected"
        )
        if len(self.waybills) > 1:
            text = _(
                "Tell {carrier} to bring back all of {waybills}; refund once each of them is scanned and inspected"
            )
        waybills = series(map(masking.waybill, self.waybills))
        return text.format(carrier=series(self.carriers) or _("the carrier"), waybills=waybills)


@dataclass(frozen=True)
class ParcelView(View):
    """A parcel with what was counted and inspected of it; `moves` are the pieces that an inspection just moved in
    stock, `owed` is what left of its cases on a finding that was corrected just now, `held` are the pieces by product
    that are held for nobody, in a list of such parcels. `stranger` is its plain number where it came without a case,
    `apart` whether its pieces still lie among the unclaimed ones, `fitted` that it just went to a case by itself.
    """

    ENVELOPE = "parcel"
    KEYS = (
        "number", "waybill", "carrier", "state", "received_at", "received_by", "cases", "contents", "stranger", "shelf",
    )  # fmt: skip

    number: str
    full_waybill: str
    carrier: str
    state: str
    received_at: datetime | None
    received_by: str
    cases: tuple[str, ...]
    contents: tuple[Mapping[str, Any], ...] = ()
    moves: tuple[Mapping[str, Any], ...] = ()
    brought_back: BroughtBack | None = None
    owed: Mapping[str, Money] = field(default_factory=dict)
    held: Mapping[str, int] = field(default_factory=dict)
    stranger: int | None = None
    shelf: str | None = None
    apart: bool = False
    fitted: "Fitted | None" = None

    @property
    def waybill(self) -> str:
        """The waybill as it may be shown: some people write a phone number in its place."""
        return masking.waybill(self.full_waybill)

    @property
    def complaints(self) -> tuple[str, ...]:
        """That money left before the goods are brought back, or for goods that turned out to be others."""
        warning = self.brought_back.warning() if self.brought_back else ""
        text = _("{amount} of {case} has left on the earlier finding: claim it back from the buyer, or appeal there")
        owed = [text.format(amount=money_text(money), case=case) for case, money in self.owed.items()]
        return (*([warning] if warning else []), *owed)

    @property
    def hint(self) -> str:
        """What a person does next outside of retcli; "" for nothing."""
        return self.brought_back.sentence() if self.brought_back else ""

    def document(self) -> dict[str, Any]:
        """The document of the parcel, with the key `moves` beside it, since they are no property of the parcel."""
        return super().document() | {"moves": as_json(self.moves)}

    @property
    def partly(self) -> bool:
        """Whether some of its pieces were inspected, and others wait."""
        waits = any(content["counted"] > content["inspected"] for content in self.contents)
        return self.state == ParcelState.INSPECTED and waits

    @property
    def stage(self) -> str:
        """Its state as people read it: of an inspected one pieces may still wait."""
        return _("partly inspected") if self.partly else word(self.state)

    @property
    def headline(self) -> str:
        """The parcel on one line."""
        return _("Parcel {number}  {waybill} {carrier}  {state}  {case}").format(
            number=self.number,
            waybill=self.waybill,
            carrier=self.carrier,
            state=self.stage,
            case=series(self.cases) or stranger_name(self.stranger) or _("no case"),
        )

    def draw(self, screen: Screen) -> None:
        """Shows the parcel, its contents, and where the pieces went."""
        screen.line(self.headline)
        for content in self.contents:
            text = _("  {sku}: {counted} counted, {inspected} inspected")
            screen.line(text.format(**content))
            if content.get("serials"):
                screen.line("    " + _("Serial: {serials}").format(serials=series(content["serials"])))
        if self.state == ParcelState.INSPECTED and not self.contents:
            screen.line(_("  nothing lay in it"))
        for move in (move for move in self.moves if move["from"] != move["to"]):
            text = _("  {sku}: {quantity} from {source} to {target}")
            screen.line(text.format(**{**move, "source": word(move["from"]), "target": word(move["to"])}))
        if self.fitted:
            screen.line(self.fitted.sentence())
        if self.hint:
            screen.line(self.hint)
        draw_next(screen, self.next)

    @property
    def next(self) -> str:
        """The command that comes next: scan what is to come or to be counted, find whose it is, or look at its case; of
        a parcel that is here no more, look at the others that nobody claims.
        """
        if self.state in _GONE:
            return "retcli parcel unclaimed"
        opened = self.state == ParcelState.INSPECTED and not self.partly
        if self.state == ParcelState.EXPECTED or (self.cases and not opened):
            return "retcli scan"
        parcel = self.number
        return f"retcli case show {self.cases[0]}" if self.cases else f"retcli parcel match {parcel}"


_GONE = frozenset({ParcelState.VOID, *LEFT_THE_DOOR})


def stranger_name(number: int | None) -> str:
    """A parcel that came without a case by its plain number; "" for none."""
    return _("unclaimed-{n}").format(n=f"{number:03d}") if number else ""


@dataclass(frozen=True)
class ParcelsView(View):
    """Several parcels as a table."""

    parcels: tuple[ParcelView, ...]

    def draw(self, screen: Screen) -> None:
        """Shows a row for each parcel."""
        if not self.parcels:
            screen.line(_("No such parcels"))
            return
        columns = [Column(_("Parcel"), "id"), Column(_("Waybill"), "id"), Column(_("Carrier"), spare=True)]
        columns += [Column(_("State")), Column(_("Received"), "time", spare=True), Column(_("Cases"))]
        held = next((parcel.number for parcel in self.parcels if parcel.held), "")
        columns.append(Column(word("held")) if held else Column(_("Contents"), spare=True))
        screen.table(columns, [_row(parcel) for parcel in self.parcels])
        if held:
            screen.line(_("Whose are the pieces? {command}").format(command=f"retcli parcel match {held}"))


def _row(parcel: ParcelView) -> Sequence[str]:
    """The cells of a parcel in the table."""
    contents = series(f"{c['sku']}×{c['counted']}" for c in parcel.contents)
    contents = series(f"{sku}×{pieces}" for sku, pieces in parcel.held.items()) or contents
    return (
        parcel.number,
        parcel.waybill,
        parcel.carrier,
        parcel.stage,
        when(parcel.received_at),
        series(parcel.cases) or stranger_name(parcel.stranger),
        contents,
    )


_FITS = {
    Fit.OWN_WAYBILL_UNDELIVERED: mark("it is the order's own waybill: it came back undelivered"),
    Fit.OWN_WAYBILL_HAD_BY_BUYER: mark(
        "it is the order's own waybill, and the buyer had the goods: sent back under the old label"
    ),
    Fit.SENT_AGAIN: mark("it is the waybill of what was sent again for it"),
    Fit.OLD_WAYBILL: mark("an earlier label on it is that of the order"),
    Fit.ON_LIST: mark("its number was named for the case, on the platform or by the buyer"),
    Fit.CITY: mark("the sender's city is the buyer's"),
    Fit.PHONE_TAIL: mark("the sender's telephone number ends like the buyer's"),
    Fit.ONLY_PHONE_TAIL: mark("the sender's telephone number ends like this buyer's alone"),
    Fit.EXACTLY_AWAITED: mark("holds exactly what the case waits for: {skus}"),
    Fit.PART_OF_AWAITED: mark("holds a part of what the case waits for: {skus}"),
    Fit.AGREED_LATELY: mark("agreed to 3 to 15 days ago"),
    Fit.AGREED_LONG_AGO: mark("agreed to more than 15 days ago"),
    Fit.SAME_CARRIER: mark("the carrier that brought the order"),
    Fit.COMPLETE: mark("all that it waits for is here already"),
}


@dataclass(frozen=True)
class FitReason:
    """A reason why a parcel may belong to a case, with its score and the SKUs that it is about."""

    fit: Fit
    score: int
    skus: tuple[str, ...] = ()

    @property
    def bare(self) -> str:
        """The reason in the reader's language."""
        return _(_FITS[self.fit]).format(skus=series(self.skus))

    def sentence(self) -> str:
        """The reason in the reader's language, with its score."""
        return aside(self.bare, f"{self.score:+d}")


@dataclass(frozen=True)
class Candidate(Documented):
    """A case that a parcel may belong to (None where the order has none), with the reasons for it; `others` are cases
    of the same order that wait for the rest of what is in it.
    """

    KEYS = ("case", "order", "score", "because", "others")

    case: str | None
    order: str
    reasons: tuple[FitReason, ...]
    others: tuple[str, ...] = ()

    @property
    def cases(self) -> tuple[str, ...]:
        """All its cases; none where the order has none."""
        return (self.case, *self.others) if self.case else ()

    @property
    def score(self) -> int:
        """The scores of all reasons together."""
        return sum(reason.score for reason in self.reasons)

    @property
    def because(self) -> tuple[str, ...]:
        """The reasons in the reader's language."""
        return tuple(reason.sentence() for reason in self.reasons)


@dataclass(frozen=True)
class Fitted(Documented):
    """A parcel (its number) that went to `cases` without a person, since that was sure: by its points and reasons, or
    because goods came back in it that never reached the buyer (`undelivered`).
    """

    KEYS = ("parcel", "cases", "score", "because")

    parcel: str
    cases: tuple[str, ...]
    score: int = 0
    reasons: tuple[FitReason, ...] = ()
    undelivered: bool = False

    @property
    def because(self) -> tuple[str, ...]:
        """Why it is sure, in the reader's language."""
        if self.undelivered:
            return (_("its earlier label is that of goods that never reached the buyer"),)
        return tuple(reason.sentence() if self.score else reason.bare for reason in self.reasons)

    def sentence(self) -> str:
        """Where the parcel went and why, and how that is taken back."""
        text = _("{parcel} went to {cases} by itself: {why}. Not theirs? {command}")
        if self.score:
            text = _("{parcel} went to {cases} by itself, {n} points: {why}. Not theirs? {command}")
        command = f"retcli parcel detach {self.parcel} --because TEXT"
        names = {"parcel": self.parcel, "cases": series(self.cases), "n": self.score, "command": command}
        return text.format(why=clauses(self.because), **names)


@dataclass(frozen=True)
class CandidatesView(View):
    """The cases that a parcel may belong to, the likeliest first."""

    parcel: str
    candidates: tuple[Candidate, ...]

    def draw(self, screen: Screen) -> None:
        """Shows a row for each candidate."""
        if not self.candidates:
            screen.line(_("Nothing fits this parcel: scan what is in it, or search: retcli order find TEXT"))
            return
        columns = [Column(_("Case"), "id"), Column(_("Order"), "id", spare=True)]
        columns += [Column(_("Score"), "count"), Column(_("Because"))]
        rows = [(series(c.cases) or "-", c.order, str(c.score), clauses(c.because)) for c in self.candidates]
        screen.table(columns, rows)
        screen.line(_("Attach it: retcli parcel match {parcel} CASE").format(parcel=self.parcel))
        alone = next((candidate.order for candidate in self.candidates if candidate.case is None), "")
        if alone:
            text = _("An order without a case: {command}")
            command = f"retcli case open {quoted(alone)} --kind KIND --reason REASON --parcel {self.parcel}"
            screen.line(text.format(command=command))
