"""Results of the commands at a scanning bench."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from retcli.language import _, aside, series
from retcli.rules.lifecycles import BY_GRADE, Bucket, Grade
from retcli.rules.money.minor_units import Money
from retcli.rules.zone import SHANGHAI
from retcli.shellwords import quoted
from retcli.views import masking
from retcli.views.folding import cells
from retcli.views.warehouse.scan_results import pieces_by_product
from retcli.views.warehouse.weights import ParcelWeight
from retcli.words import word


@dataclass(frozen=True)
class NoSuchCommand:
    """A code that begins as commands do and is none; `nearest` is the one that is most like it ("" for none)."""

    nearest: str

    def sentence(self) -> str:
        """That nothing is booked, and which command may be meant."""
        if not self.nearest:
            return _("no such command: nothing is booked; all of them: RCMDHELP")
        return _("no such command: nothing is booked; perhaps {command}?").format(command=self.nearest)


@dataclass(frozen=True)
class CountsAsNone:
    """The next piece cannot count as none."""

    def sentence(self) -> str:
        """That nothing is booked, and what may be meant."""
        return _("0 pieces count nothing: nothing is booked. Nothing in the box: RCMDEMPTY; counted too many: RCMDUNDO")


@dataclass(frozen=True)
class GradeChosen:
    """Pieces that are scanned from now on get this grade; they lie `apart` where nobody knows whose parcel it is."""

    grade: Grade
    apart: bool = False

    def sentence(self) -> str:
        """The grade, and where its pieces go."""
        text = _("pieces are graded {grade} and go to {place}")
        place = Bucket.UNCLAIMED if self.apart else BY_GRADE[self.grade]
        return text.format(grade=word(self.grade), place=word(place))


@dataclass(frozen=True)
class GradeLocked:
    """The grade stays in force when the parcel leaves the table."""

    grade: Grade

    def sentence(self) -> str:
        """The grade, and how it ends."""
        text = _("{grade} holds for the next parcels as well, until RCMDPENDING or another grade")
        return text.format(grade=word(self.grade))


@dataclass(frozen=True)
class PutOn:
    """A parcel was put on a shelf."""

    parcel: str
    shelf: str

    def sentence(self) -> str:
        """Which, and where."""
        return _("{parcel} lies on {shelf} now").format(parcel=self.parcel, shelf=self.shelf)


@dataclass(frozen=True)
class Weighs:
    """What a parcel weighs, beside what it should."""

    parcel: str
    weight: ParcelWeight

    def sentence(self) -> str:
        """Its weight; where it is too light, what to do first."""
        text = _("{parcel} weighs {weight}")
        if self.weight.light:
            text = _("{parcel} weighs {weight}: photograph it before it is opened, label and seal to be seen")
        return text.format(parcel=self.parcel, weight=self.weight.sentence())


@dataclass(frozen=True)
class Noted:
    """A note was written on some cases."""

    cases: tuple[str, ...]

    def sentence(self) -> str:
        """On which."""
        return _("noted on {cases}").format(cases=series(self.cases))


@dataclass(frozen=True)
class NotInIt:
    """Pieces by product were not in a parcel, as was noted on its cases; `gifts` are what missing gifts are worth, by
    product.
    """

    cases: tuple[str, ...]
    pieces: Mapping[str, int]
    gifts: Mapping[str, Money] = field(default_factory=dict)

    def sentence(self) -> str:
        """Which, and where it was noted."""
        text = _("not in it: {pieces}; noted on {cases}")
        return text.format(pieces=self.told(), cases=series(self.cases))

    def told(self) -> str:
        """The pieces, of gifts with what they are worth."""
        gift = _("a gift, {worth}")
        return series(
            aside(f"{sku}×{pieces}", gift.format(worth=self.gifts[sku]) if sku in self.gifts else "")
            for sku, pieces in self.pieces.items()
        )


@dataclass(frozen=True)
class PutAside:
    """A parcel was put aside, and its cases have a red flag."""

    cases: tuple[str, ...]

    def sentence(self) -> str:
        """Which cases."""
        return _("put aside; {cases} has a red flag, somebody must look").format(cases=series(self.cases))


@dataclass(frozen=True)
class Several:
    """The next piece counts as so many."""

    pieces: int

    def sentence(self) -> str:
        """As how many."""
        return _("the next piece counts as {n}").format(n=self.pieces)


@dataclass(frozen=True)
class AllPieces:
    """All expected pieces of a parcel were counted, and given a grade where one is in force."""

    pieces: Mapping[str, int]
    grade: Grade | None

    def sentence(self) -> str:
        """Which pieces, and their grade."""
        if self.grade is None:
            return _("all counted: {pieces}").format(pieces=pieces_by_product(self.pieces))
        text = _("all graded {grade}: {pieces}")
        return text.format(grade=word(self.grade), pieces=pieces_by_product(self.pieces))


@dataclass(frozen=True)
class StillMissing:
    """Pieces by product are missing in an opened parcel that is to leave the bench."""

    parcel: str
    pieces: Mapping[str, int]

    def sentence(self) -> str:
        """Which, and how to leave it so."""
        text = _(
            "missing in {parcel}: {pieces}; look once more. "
            "RCMDNEXT again leaves it, RCMDSHORT notes that it was not in it"
        )
        return text.format(parcel=self.parcel, pieces=pieces_by_product(self.pieces))


@dataclass(frozen=True)
class LastTable:
    """A parcel that lay on the table of whoever scans now when they read their last code, at an instant (UTC), with the
    pieces by product that are counted in it.
    """

    parcel: str
    waybill: str
    at: datetime
    pieces: Mapping[str, int]

    def sentence(self) -> str:
        """Which, and how to go on with it."""
        text = _("On the table at {at}: {parcel} ({waybill}), {pieces} counted. RCMDYES goes on with it")
        if not self.pieces:
            text = _("On the table at {at}: {parcel} ({waybill}), nothing counted yet. RCMDYES goes on with it")
        words = {"at": f"{self.at.astimezone(SHANGHAI):%H:%M}", "waybill": masking.waybill(self.waybill)}
        return text.format(parcel=self.parcel, pieces=pieces_by_product(self.pieces), **words)


@dataclass(frozen=True)
class TakenUp:
    """The last table is laid again: its parcel by number and waybill."""

    parcel: str
    waybill: str

    def sentence(self) -> str:
        """Which parcel, and that counting goes on."""
        text = _("{parcel} ({waybill}) is on the table again: go on with what is not counted yet")
        return text.format(parcel=self.parcel, waybill=masking.waybill(self.waybill))


@dataclass(frozen=True)
class LastCodes:
    """The last codes of a round, each with when it was read and what came of it, the newest first."""

    codes: tuple[tuple[datetime, str, str], ...]

    def sentence(self) -> str:
        """A line for each."""
        if not self.codes:
            return _("nothing was scanned in this round yet")
        widest = max(cells(code) for _at, code, _what in self.codes)
        lines = (
            f"{at.astimezone(SHANGHAI):%H:%M:%S}  {code}{' ' * (widest - cells(code))}  {word(what, 'scan')}"
            for at, code, what in self.codes
        )
        return "\n".join([_("the last {n}").format(n=len(self.codes)), *lines])


@dataclass(frozen=True)
class BadgeRead:
    """Whose badge was read while somebody (`scans`) stands at the bench."""

    name: str
    role: str
    scans: str

    def sentence(self) -> str:
        """Their name and role, and how somebody else begins to scan."""
        who = _("{who} ({role})").format(who=self.name, role=word(self.role))
        if self.name == self.scans:
            return _("badge of {who}, who scans here").format(who=who)
        text = _("badge of {who}; {scans} scans here: scan RCMDEND, then {command}")
        command = f"retcli --operator {quoted(self.name)} scan"
        return text.format(who=who, scans=self.scans, command=command)


@dataclass(frozen=True)
class NobodysBadge:
    """A badge of nobody who stands in these books was read."""

    def sentence(self) -> str:
        """That nobody knows it."""
        return _("a badge of nobody in these books")


@dataclass(frozen=True)
class WhoScans:
    """Who stands at the bench, and what lies on it."""

    name: str
    role: str
    parcel: str

    def sentence(self) -> str:
        """Their name and role, and the parcel."""
        who = _("{who} ({role})").format(who=self.name, role=word(self.role))
        return series(filter(None, [who, self.parcel]))
