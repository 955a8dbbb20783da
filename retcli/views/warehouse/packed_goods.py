"""Results of codes that are scanned while goods of cases are packed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from retcli.language import _, clauses, series
from retcli.views.warehouse.scan_results import pieces_by_product


@dataclass(frozen=True)
class BoxBegun:
    """A box is begun for a case: the pieces that belong into it, the buyer's remark ("" for none), and which of the
    articles are gifts.
    """

    case: str
    wanted: Mapping[str, int]
    remark: str
    gifts: Sequence[str]

    def sentence(self) -> str:
        """All of it, the remark last."""
        told = _("{case}: pack {pieces}").format(case=self.case, pieces=pieces_by_product(self.wanted))
        gifts = _("gifts: {skus}").format(skus=series(self.gifts)) if self.gifts else ""
        remark = _("the buyer: {remark}").format(remark=self.remark) if self.remark else ""
        return clauses(filter(None, (told, gifts, remark)))


@dataclass(frozen=True)
class PiecePacked:
    """A piece lies in the box: how many of its article of how many, and what is lacking still."""

    sku: str
    packed: int
    wanted: int
    lacking: Mapping[str, int]

    def sentence(self) -> str:
        """What was packed, and what comes next."""
        told = _("{sku} {n} of {all}").format(sku=self.sku, n=self.packed, all=self.wanted)
        if not self.lacking:
            return clauses([told, _("all is in: scan the waybill")])
        return clauses([told, _("missing {pieces}").format(pieces=pieces_by_product(self.lacking))])


@dataclass(frozen=True)
class NotForBox:
    """Pieces of an article that do not belong into the box of a case (`beyond`), into which so many of it do."""

    case: str
    sku: str
    wanted: int
    beyond: int

    def sentence(self) -> str:
        """Whether the article is wrong, or there are too many of it."""
        if not self.wanted:
            return _("{sku} does not belong to {case}: do not pack it").format(sku=self.sku, case=self.case)
        text = _("{sku}: {n} too many for {case}, which has {all}: do not pack them")
        return text.format(sku=self.sku, n=self.beyond, case=self.case, all=self.wanted)


@dataclass(frozen=True)
class BoxLacks:
    """The waybill of a box was scanned in which pieces are lacking."""

    case: str
    lacking: Mapping[str, int]

    def sentence(self) -> str:
        """What lacks."""
        text = _("{case} is not sent: missing {pieces}; scan them first")
        return text.format(case=self.case, pieces=pieces_by_product(self.lacking))


@dataclass(frozen=True)
class BoxNotSent:
    """Pieces of a case lie in a box that was not sent."""

    case: str

    def sentence(self) -> str:
        """What to do."""
        return _("the box of {case} was not sent: scan its waybill, or RCMDUNDO takes each piece out").format(
            case=self.case
        )


@dataclass(frozen=True)
class NotSent:
    """Goods could not be sent, for a reason."""

    why: str

    def sentence(self) -> str:
        """The reason."""
        return _("not sent: {why}").format(why=self.why)


@dataclass(frozen=True)
class BoxSent:
    """A box was sent for a case under a waybill, with its pieces by article."""

    case: str
    waybill: str
    pieces: Mapping[str, int]

    def sentence(self) -> str:
        """What left."""
        return _("{case}: {pieces} sent").format(case=self.case, pieces=pieces_by_product(self.pieces))


@dataclass(frozen=True)
class PieceTakenOut:
    """Pieces of an article were taken out of the box of a case again."""

    case: str
    sku: str
    pieces: int

    def sentence(self) -> str:
        """What lies there no more."""
        return _("{sku}×{n} taken out of the box of {case}").format(sku=self.sku, n=self.pieces, case=self.case)


@dataclass(frozen=True)
class BoxInForce:
    """What is in force while goods are packed: the case ("" for none), the pieces in its box and those that belong
    there, what lacks; the next piece counts as `several`; `question` is what the next line answers ("" for nothing).
    """

    case: str
    packed: int
    wanted: int
    lacking: Mapping[str, int] = field(default_factory=dict)
    several: int = 1
    question: str = ""

    def sentence(self) -> str:
        """All of it in a few words, before the sign at which the next code is waited for."""
        told = _("sending") if not self.case else _("sending {case} {n}/{all}")
        told = told.format(case=self.case, n=self.packed, all=self.wanted)
        if self.lacking:
            told = _("{text}, missing {pieces}").format(text=told, pieces=pieces_by_product(self.lacking))
        told = _("{text}, next ×{n}").format(text=told, n=self.several) if self.several > 1 else told
        return _("{text}; {question}").format(text=told, question=self.question) if self.question else told
