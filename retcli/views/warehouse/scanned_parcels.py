"""Results of a scanned parcel or of what may be one: the facts of each kind, with its sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from retcli.language import _, aside, clauses, series
from retcli.rules.zone import SHANGHAI
from retcli.views import masking
from retcli.views.base import when
from retcli.views.warehouse.scan_results import pieces_by_product
from retcli.words import word


@dataclass(frozen=True)
class AwaitedParcel:
    """A parcel was received that cases (number and kind) wait for, with the pieces by product that it should hold."""

    cases: tuple[tuple[str, str], ...]
    expected: Mapping[str, int]

    def sentence(self) -> str:
        """For which cases, and what to look for in it."""
        names = series(f"{number} {word(kind)}" for number, kind in self.cases)
        text = _("for {cases}, expected: {pieces}")
        return text.format(cases=names, pieces=pieces_by_product(self.expected) or "-")


@dataclass(frozen=True)
class TurnedDown:
    """A parcel was received whose cases were all turned down: what is in it belongs to the buyer."""

    cases: tuple[str, ...]

    def sentence(self) -> str:
        """That its pieces are held until somebody decides."""
        text = _("{cases} was turned down: the goods are the buyer's, what is scanned is held; tell whoever decided it")
        return text.format(cases=series(self.cases))


@dataclass(frozen=True)
class TakenOff:
    """A parcel (its number) was received that no case waits for, since somebody took it off `cases`; `listed`: the
    platform's list names its waybill for one of them.
    """

    parcel: str
    cases: tuple[str, ...]
    listed: bool

    def sentence(self) -> str:
        """What it was taken off, and the command that gives it to a case."""
        if not self.cases:
            return _("no case waits for it; put it aside")
        text = _("taken off {cases} before: no case waits for it. Whose is it? {command}")
        if self.listed:
            text = _("taken off {cases} before, and the platform names this waybill for it. Whose is it? {command}")
        return text.format(cases=series(self.cases), command=f"retcli parcel match {self.parcel}")


@dataclass(frozen=True)
class AwaitedOfAnotherOrder:
    """A waybill that cases wait for, but under which the shop sent goods to other orders."""

    cases: tuple[str, ...]
    orders: tuple[str, ...]

    def sentence(self) -> str:
        """That nothing was received."""
        text = _("awaited for {cases}, but sent to order {orders} under it: nothing received, put it aside")
        return text.format(cases=series(self.cases), orders=series(self.orders))


@dataclass(frozen=True)
class LeftBefore:
    """A parcel (its number) that was here before and left, in the state that tells how, perhaps under a waybill of its
    own.
    """

    parcel: str
    state: str
    returned: str = ""

    def sentence(self) -> str:
        """How it left, and how to say that it is here again."""
        how = aside(word(self.state), masking.waybill(self.returned))
        text = _("{parcel} was here before: {how}. Nothing is received; is it here once more?")
        return text.format(parcel=self.parcel, how=how)


@dataclass(frozen=True)
class FurtherBox:
    """A box, by its number on the label, of a parcel of which another box was received before."""

    box: int

    def sentence(self) -> str:
        """That its pieces add to the others."""
        return _("box {n} of a parcel received before: what is in it adds").format(n=self.box)


@dataclass(frozen=True)
class ReceivedBefore:
    """A parcel that somebody received already, when (UTC), and the pieces by product that were counted then;
    `turned_down` are its cases, where all of them were; `in_load`: a driver's load is counted just now.
    """

    at: datetime | None
    by: str | None
    counted: Mapping[str, int]
    turned_down: tuple[str, ...] = ()
    in_load: bool = False

    def sentence(self) -> str:
        """When and by whom; where pieces were counted, that all of them are read again; whose the goods are where its
        cases were turned down.
        """
        sentence = _("received {at} by {who} already").format(at=when(self.at), who=self.by)
        if self.in_load:
            sentence = _("{received}, not counted once more").format(received=sentence)
        elif self.counted:
            text = _("{received}, {pieces} counted: read all of them again")
            sentence = text.format(received=sentence, pieces=pieces_by_product(self.counted))
        return clauses([sentence, *([TurnedDown(self.turned_down).sentence()] if self.turned_down else [])])


@dataclass(frozen=True)
class BehindDoubt:
    """A piece or slip was scanned after a `code` that was not understood, while the parcel `on_table` lies open."""

    code: str
    on_table: str

    def sentence(self) -> str:
        """That nothing is counted, and what to scan."""
        text = _(
            "not counted: {code} booked nothing, and may have been another parcel's label. Scan the label of the"
            " parcel that this lies in ({parcel}'s once more where it is still that one), or RCMDNEXT"
        )
        return text.format(code=self.code, parcel=masking.waybill(self.on_table))


@dataclass(frozen=True)
class StillOnTable:
    """The label of the parcel on the table, read behind a code that nobody understood; the pieces by product counted
    in it so far, and those of an earlier reading that were not read again yet.
    """

    waybill: str
    counted: Mapping[str, int]
    to_read_again: Mapping[str, int] = field(default_factory=dict)

    def sentence(self) -> str:
        """That it is still this parcel, and what is in it already."""
        waybill = masking.waybill(self.waybill)
        if not self.counted:
            return _("it is still {parcel}: go on").format(parcel=waybill)
        if self.to_read_again:
            text = _("it is still {parcel}, {pieces} counted before are not read again yet: first those, then new ones")
            return text.format(parcel=waybill, pieces=pieces_by_product(self.to_read_again))
        text = _("it is still {parcel}, {pieces} counted: go on with what is not counted yet")
        return text.format(parcel=waybill, pieces=pieces_by_product(self.counted))


@dataclass(frozen=True)
class PerhapsAWaybill:
    """A code that looks like a waybill was scanned while the parcel on the table still waits for pieces."""

    on_table: str

    def sentence(self) -> str:
        """How to scan it where it is a waybill."""
        text = _("not known here, and {parcel} lies open: where it is a parcel's waybill, scan RCMDNEXT, then it again")
        return text.format(parcel=self.on_table)


@dataclass(frozen=True)
class WaybillOrBarcode:
    """A number that nobody knows was scanned on an empty table, and may be a waybill of a carrier or a barcode."""

    carrier: str

    def sentence(self) -> str:
        """How to say that it is a waybill."""
        text = _("not known here; where it is a parcel's waybill ({carrier}) and no barcode, scan it once more")
        return text.format(carrier=self.carrier)


@dataclass(frozen=True)
class OldLabel:
    """A waybill under which goods went out to `orders`, or again for the case `replaced`, and which may be an old label
    on a box that the buyer used again: their goods reached the buyer (at `signed_at`, where that is known), or come
    back under the `awaited` waybills.
    `on_table` is the waybill of the parcel on the table in which nothing was counted yet; "" for none.
    """

    orders: tuple[str, ...]
    signed_at: datetime | None = None
    replaced: str = ""
    on_table: str = ""
    awaited: tuple[str, ...] = ()

    def sentence(self) -> str:
        """That nothing is booked, and how to say which of the two it is."""
        other = masking.waybill(self.on_table) if self.on_table else series(map(masking.waybill, self.awaited))
        text = _("{why}: nothing is booked. Is there a newer label on the box, scan that; else scan this once more")
        if other:
            text = _(
                "{why}: nothing is booked. Is {other} on the same box, scan that; is this a box of its own, scan this"
                " once more"
            )
        if self.on_table:
            text = _("{why}: nothing is booked. Same box as {other}: RCMDOLD; a box of its own: scan this once more")
        return text.format(why=self._why, other=other)

    @property
    def _why(self) -> str:
        """Whose label it is."""
        if self.replaced:
            return _("our own label of what {case} sent again").format(case=self.replaced)
        orders = series(self.orders)
        if self.signed_at is None:
            return _("our own label of order {order}, perhaps an old box").format(order=orders)
        text = _("our own label of order {order}, which the buyer has had since {day}: perhaps an old box")
        return text.format(order=orders, day=f"{self.signed_at.astimezone(SHANGHAI):%Y-%m-%d}")


@dataclass(frozen=True)
class SentBack:
    """A parcel under the waybill with which the shop sent it.

    `had_by_buyer` says whether its goods had reached the buyer, `signed_at` since when. `attached` are the cases it was
    attached to, and `expected` what should lie in it then; `sent_again_for` the case whose replacement it was; else
    `orders` are the orders it was sent to, with their `open_cases`, to one of which `parcel` is to be matched.
    `turned_down` are its refunds that were refused
    while it was on its way.
    """

    had_by_buyer: bool
    signed_at: datetime | None = None
    attached: tuple[str, ...] = ()
    sent_again_for: str = ""
    orders: tuple[str, ...] = ()
    open_cases: tuple[str, ...] = ()
    parcel: str = ""
    turned_down: tuple[str, ...] = ()
    expected: Mapping[str, int] = field(default_factory=dict)

    def sentence(self) -> str:
        """How the parcel came back, whose it is, and which refusals it disproves."""
        if not self.turned_down:
            return self._whose()
        text = _("{cases} was refused while the goods were on their way: decide it anew, do not click the refusal")
        return clauses([self._whose(), text.format(cases=series(self.turned_down))])

    def _whose(self) -> str:
        """How the parcel came back, and of which case or order it is."""
        if self.sent_again_for:
            return _("{how}: what {case} sent again").format(how=self._how, case=self.sent_again_for)
        if self.attached:
            text = _("{how}; attached to {case}").format(how=self._how, case=series(self.attached))
            return clauses([text, _("expected: {pieces}").format(pieces=pieces_by_product(self.expected) or "-")])
        text = _("{how}: order {order}; open: {cases}")
        cases = series(self.open_cases) or _("none open")
        told = text.format(how=self._how, order=series(self.orders), cases=cases)
        commands = [f"retcli parcel match {self.parcel} {case}" for case in self.open_cases if self.parcel]
        if not commands:
            return told
        # a semicolon between them: each is a command of its own
        return clauses([told, _("whose goods are in it? {command}").format(command=commands[0]), *commands[1:]])

    @property
    def _how(self) -> str:
        """Whether it came back undelivered, or after the buyer had the goods."""
        if not self.had_by_buyer:
            return _("came back undelivered")
        if self.signed_at is None:
            return _("came back under our own label, and the buyer had the goods already")
        text = _(
            "came back under our own label, and the buyer had the goods since {day}: sent back by them, or refused late"
        )
        return text.format(day=f"{self.signed_at.astimezone(SHANGHAI):%Y-%m-%d}")
