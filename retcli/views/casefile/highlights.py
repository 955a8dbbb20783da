"""Facts that stand out for the reason of a case: each kind is a value with its sentence."""

from dataclasses import dataclass
from datetime import datetime

from retcli.language import _, series
from retcli.rules.money.minor_units import Money
from retcli.views.base import Sayable, money_text, until, when
from retcli.views.freetext import Person
from retcli.words import word


@dataclass(frozen=True)
class SetClock:
    """Entries of the history about a case were written under a clock set by hand; `by` wrote the first of them."""

    entries: int
    by: str

    def sentence(self) -> str:
        """How many, and by whom."""
        text = _("{n} entries of it were written under a clock that was set by hand (RETCLI_NOW), the first by {who}")
        return text.format(n=self.entries, who=self.by)


@dataclass(frozen=True)
class LessPaidByFile:
    """A file says that less was paid on the order than stands in the books, and nobody has answered which is right;
    `left` may leave until then.
    """

    paid: Money
    left: Money

    def sentence(self) -> str:
        """The file's amount, what may leave, and where it is answered."""
        text = _("A file says that {paid} was paid: not answered yet, at most {left} may leave until then ({command})")
        shown = {"paid": money_text(self.paid), "left": money_text(self.left)}
        return text.format(command="retcli imports questions", **shown)


@dataclass(frozen=True)
class Pieces:
    """Pieces of an article, with its variant where that says more than the SKU."""

    sku: str
    quantity: int
    variant: str = ""

    def __str__(self) -> str:
        return f"{self.sku} {self.variant}".strip() + f"×{self.quantity}"


@dataclass(frozen=True)
class Ordered:
    """The goods that were ordered."""

    goods: tuple[Pieces, ...]

    def sentence(self) -> str:
        """The articles with their pieces."""
        return _("Ordered: {goods}").format(goods=series(str(pieces) for pieces in self.goods))


@dataclass(frozen=True)
class CameBack:
    """The goods of the order that came back, and how many pieces of other goods did."""

    goods: tuple[Pieces, ...]
    others: int

    def sentence(self) -> str:
        """The articles with their pieces, then the others."""
        text = _("Came back: {goods}; {n} pieces of something else")
        return text.format(goods=series(str(pieces) for pieces in self.goods), n=self.others)


@dataclass(frozen=True)
class SentUnder:
    """The waybills under which the order went out, one at least."""

    waybills: tuple[str, ...]

    def sentence(self) -> str:
        """How many parcels, and their waybills."""
        if len(self.waybills) == 1:
            return _("Sent: one parcel, {waybill}").format(waybill=self.waybills[0])
        return _("Sent: {n} parcels, {waybills}").format(n=len(self.waybills), waybills=series(self.waybills))


@dataclass(frozen=True)
class Promised:
    """By when the order was to be sent, whether it was, and when (None: not known); UTC."""

    by: datetime
    sent: bool
    sent_at: datetime | None

    def sentence(self) -> str:
        """The promise, then what came of it."""
        unknown = _("sent, nobody knows when") if self.sent else _("not yet")
        sent = when(self.sent_at) if self.sent_at else unknown
        return _("To be sent by {promised} (estimated), sent: {sent}").format(promised=when(self.by), sent=sent)


@dataclass(frozen=True)
class LastMovement:
    """The last movement of a parcel: the event and its place in the carrier's words, or the code of its status where
    there are none. `one_of_several`: the order has more parcels, so that the waybill is named.
    """

    waybill: str
    at: datetime
    event: str
    place: str
    status: str
    one_of_several: bool

    def sentence(self) -> str:
        """When, and in which words."""
        event = f"{self.event} {self.place}".strip() or word(self.status)
        text = _("The carrier on {at}: {told}")
        if self.one_of_several:
            text = _("The carrier on {at} of {waybill}: {told}")
        return text.format(at=when(self.at), told=event, waybill=self.waybill)


@dataclass(frozen=True)
class NoMovement:
    """Nothing is known of a parcel from its carrier."""

    waybill: str

    def sentence(self) -> str:
        """That nothing is known, and what to import."""
        text = _("The carrier: nothing known of {waybill}; import its movements")
        return text.format(waybill=self.waybill)


@dataclass(frozen=True)
class Warranty:
    """The exclusive end of the goods' warranty (UTC)."""

    ends: datetime

    def sentence(self) -> str:
        """The last day of the warranty."""
        return _("Under warranty until {ends}").format(ends=until(self.ends))


@dataclass(frozen=True)
class Alike:
    """Other cases of the same goods for the same reason within some days, which may mean that a batch is bad."""

    cases: int
    skus: tuple[str, ...]
    days: int

    def sentence(self) -> str:
        """How many of which goods."""
        text = _("{n} other cases of {sku} for the same reason within {days} days")
        return text.format(n=self.cases, sku=series(self.skus), days=self.days)


@dataclass(frozen=True)
class EarlierCase:
    """An earlier case of the same buyer; `order` is empty where it is on the same order, `given` is the amount that was
    approved, None for none.
    """

    number: str
    order: str
    kind: str
    reason: str
    decision: str
    given: Money | None

    def sentence(self) -> str:
        """The case on one line."""
        parts = (self.number, self.order or _("this order"), word(self.kind), word(self.reason), word(self.decision))
        given = money_text(self.given) if self.given else ""
        return _("Earlier: {what}").format(what=" ".join((*parts, given)).strip())


@dataclass(frozen=True)
class MoreEarlier:
    """The number of further earlier cases, which are not listed one by one."""

    cases: int

    def sentence(self) -> str:
        """How many."""
        return _("and {n} earlier cases more").format(n=self.cases)


@dataclass(frozen=True)
class StandsOut:
    """What stands out about a case; the names of `person` are hidden in every sentence."""

    facts: tuple[Sayable, ...]
    person: Person

    def sentences(self) -> tuple[str, ...]:
        """One sentence for each fact, without the person."""
        return tuple(self.person.hide(fact.sentence()) for fact in self.facts)
