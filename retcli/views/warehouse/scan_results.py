"""Results of a scanned command, piece or slip, and of misreadings: the facts of each kind, with its sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from retcli.language import _, clauses, headed, mark, series
from retcli.rules.lifecycles import BY_GRADE, Bucket, Grade
from retcli.rules.money.minor_units import Money
from retcli.rules.warehouse.codes import Meaning
from retcli.shellwords import quoted
from retcli.views import masking
from retcli.views.base import money_text
from retcli.views.warehouse.kinds_of_codes import kind
from retcli.words import word


def pieces_by_product(pieces: Mapping[str, int]) -> str:
    """Pieces by product in one phrase, such as ``TS01-WH-L×2、JUI-01×1``; "" for none."""
    return series(f"{sku}×{n}" for sku, n in pieces.items())


def grading(parcel: str, pieces: Mapping[str, int]) -> str:
    """The command that grades pieces by product which were counted in a parcel."""
    grade = _("‹grade›")
    items = " ".join(f"--item {quoted(f'{sku}={n}')}:{grade}" for sku, n in pieces.items())
    return f"retcli parcel inspect {parcel} {items}"


# -- commands and misreadings -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReadTwice:
    """The scanner read one piece twice within some seconds."""

    seconds: float

    def sentence(self) -> str:
        """That it counts once."""
        return _("read twice within {seconds} seconds: counted once").format(seconds=self.seconds)


@dataclass(frozen=True)
class NotSaved:
    """A code that could not be saved (`why` is the error's message) is kept, to be saved later: `on_disk`, or only as
    long as the program runs; where nobody stands there (not `live`) it is tried again at once.
    """

    why: str
    code: str
    on_disk: bool = True
    live: bool = True

    @property
    def sure(self) -> bool:
        """Whether it will be saved whatever becomes of the program."""
        return self.live and self.on_disk

    def sentence(self) -> str:
        """Whether somebody needs to scan it again."""
        text = _("{why}: {code} is kept and saved later, do not scan it again")
        if not self.on_disk:
            text = _("{why}: {code} is kept only while this window stays open, and not on disk: do not close it")
        if not self.live:
            text = _("{why}: {code} is tried again")
        return text.format(why=self.why, code=self.code)


@dataclass(frozen=True)
class BadLine:
    """A line of a handheld's file, by its number, in which a cell of a column cannot be taken as it is; `column` and
    `problem` are message ids.
    """

    line: int
    column: str
    text: str
    problem: str

    def sentence(self, *, booked: bool = False) -> str:
        """Line, column and text, with what is wrong; unless it is `booked`, that nothing is."""
        text = _("line {line}, {column} “{text}”: {problem}; nothing is booked")
        if booked:
            text = _("line {line}, {column} “{text}”: {problem}")
        return text.format(line=self.line, column=_(self.column), text=self.text, problem=_(self.problem))


@dataclass(frozen=True)
class NotBooked:
    """The books refuse what a code means: the error's message, and what to do."""

    why: str
    hint: str

    def sentence(self) -> str:
        """Why, and the way on."""
        text = _("{why}: nothing is booked").format(why=self.why)
        return clauses(filter(None, [text, self.hint]))


@dataclass(frozen=True)
class EmptyBox:
    """A parcel of `cases` was opened and nothing is in it, though pieces by product were `expected`."""

    cases: tuple[str, ...]
    expected: Mapping[str, int]

    def sentence(self) -> str:
        """What lacks, and how a photo of it is kept for each case."""
        text = _("empty: nothing is in it; missing: {pieces}") if self.expected else _("empty: nothing is in it")
        told = text.format(pieces=pieces_by_product(self.expected))
        photo = mark("take a photo: retcli case attach {case} ‹file› --kind photo")
        return clauses([told, *(_(photo).format(case=case) for case in self.cases)])


@dataclass(frozen=True)
class PiecesWait:
    """A parcel cannot be empty: pieces by product were counted in it and wait for their grade."""

    parcel: str
    pieces: Mapping[str, int]

    def sentence(self) -> str:
        """Which pieces."""
        text = _("{parcel} is not empty: {pieces} counted in it, without a grade yet; nothing is noted")
        return text.format(parcel=self.parcel, pieces=pieces_by_product(self.pieces))

    @property
    def command(self) -> str:
        """The command that grades them."""
        return grading(self.parcel, self.pieces)


@dataclass(frozen=True)
class OpenedBefore:
    """A parcel was opened before, with the pieces by product that were found in it."""

    parcel: str
    pieces: Mapping[str, int]

    def sentence(self) -> str:
        """What was in it, so that nothing is to be noted."""
        text = _("{parcel} was noted as empty before; nothing changes")
        if self.pieces:
            text = _("{parcel} was opened before, in it: {pieces}; nothing changes")
        return text.format(parcel=self.parcel, pieces=pieces_by_product(self.pieces))

    @property
    def command(self) -> str:
        """The command that shows what is to be done with what was opened."""
        return f"retcli parcel match {self.parcel}"


# -- pieces -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PartsRead:
    """What the pieces are that were read at once: those counted `before` that waited for their grade, those of an
    earlier reading that add nothing (`again`), those graded X before and `corrected`, and `fresh` ones; how many of
    the product have a grade now (`graded`).
    """

    before: int = 0
    again: int = 0
    corrected: int = 0
    fresh: int = 1
    graded: int = 0

    @property
    def pieces(self) -> int:
        """How many there are."""
        return self.before + self.again + self.corrected + self.fresh

    @property
    def mixed(self) -> bool:
        """Whether somebody should look: they are of several sorts, or correct what was found before."""
        return self.corrected > 0 or self.pieces not in {self.before, self.again, self.fresh}

    def sentence(self) -> str:
        """The sorts, where they are not all new ones."""
        told = {
            _("{n} of them counted before without a grade"): self.before,
            _("{n} of them counted before, nothing added for them"): self.again,
            _("{n} of them graded X before and corrected"): self.corrected,
            _("{n} new"): self.fresh if self.pieces > self.fresh else 0,
        }
        return series(text.format(n=n) for text, n in told.items() if n)


_ONE = PartsRead()
"""One new piece."""


@dataclass(frozen=True)
class PieceCounted:
    """Pieces were counted: how many of their product the parcel has now, their grade where one is given, and where they
    are none of what a case was paid for, by case the money that left already (`money_out`); what those are that were
    read (`parts`); whether they lie `apart`, since nobody knows whose parcel it is; their `place`, where goods of their
    kind do not go where the grade does.
    """

    sku: str
    counted: int
    grade: Grade | None = None
    money_out: Mapping[str, Money] = field(default_factory=dict)
    parts: PartsRead = _ONE
    apart: bool = False
    place: Bucket | None = None

    def sentence(self) -> str:
        """The pieces, their grade and where they go, and the money that is out for them."""
        return clauses(filter(None, [self.piece, self.of_money]))

    @property
    def piece(self) -> str:
        """The pieces, their grade and where they go."""
        piece = self._which
        if self.grade is None:
            return piece
        text = _("{piece}, graded {grade} to {place}")
        place = Bucket.UNCLAIMED if self.apart else self.place or BY_GRADE[self.grade]
        return text.format(piece=piece, grade=word(self.grade), place=word(place))

    @property
    def _which(self) -> str:
        """Which pieces they are: the one by its place, several by what they are."""
        parts, text = self.parts, _("{sku}: piece {n}")
        if parts.pieces == 1 and parts.before:
            text = _("{sku}: piece {graded} of {n}, counted before")
        elif parts.pieces == 1 and parts.corrected:
            text = _("{sku}: piece {n}, graded X before and corrected")
        elif parts.pieces > 1:
            text = _("{sku}: {pieces} pieces, {parts}; {n} in all")
            text = text if parts.sentence() else _("{sku}: {pieces} pieces; {n} in all")
        words = {"pieces": parts.pieces, "parts": parts.sentence(), "graded": parts.graded}
        return text.format(sku=self.sku, n=self.counted, **words)

    @property
    def of_money(self) -> str:
        """What left already, by case, for goods that are not what lies here, with the way on; "" for nothing."""
        text = _("{money} of {case} is out already, to be claimed back: retcli case show {case}")
        return clauses(text.format(money=money_text(money), case=case) for case, money in self.money_out.items())


@dataclass(frozen=True)
class SealWhole:
    """Food, cosmetics or underwear (by SKU) is to be graded as new, which it is only while its seal is whole."""

    skus: tuple[str, ...]

    def sentence(self) -> str:
        """What to look at; nothing is booked."""
        text = _(
            "{skus} is food, cosmetics or underwear: as new only while its seal is whole. Whole: RCMDSEALED; opened:"
            " RCMDOPENED (B), or RCMDC, RCMDD"
        )
        return text.format(skus=series(self.skus))


@dataclass(frozen=True)
class PieceCountedBefore:
    """A piece, the `piece`th of `counted`, that was counted before its parcel was read again; the grades that were
    given then, where they are `otherwise` than the one in force now.
    """

    sku: str
    piece: int
    counted: int
    otherwise: tuple[str, ...] = ()

    def sentence(self) -> str:
        """That nothing is added, and how a grade is corrected."""
        text = _("{sku}: piece {n} of {there} was counted before, nothing is added")
        stays = _("the grade stays {grades}. Wrong? RCMDUNDO until it is taken back, then scan it again")
        told = text.format(sku=self.sku, n=self.piece, there=self.counted)
        grades = series(word(grade, "grade") for grade in self.otherwise)
        return clauses([told, stays.format(grades=grades)] if grades else [told])


@dataclass(frozen=True)
class TooManyPieces:
    """More pieces of a product than the parcel's cases wait for, or without a case its `orders` had sent (`expected`);
    so many are `held`, or would be if they were `booked`, and where others of it have another grade, it may be one of
    them that is `regraded`. `in_order` says whether the order has the product at all;
    `elsewhere` are the pieces by waybill that lie in its other parcels already.
    """

    parcel: str
    piece: PieceCounted
    expected: int
    held: int
    in_order: bool = True
    elsewhere: Mapping[str, int] = field(default_factory=dict)
    orders: tuple[str, ...] = ()
    booked: bool = True
    regraded: bool = False

    def sentence(self) -> str:
        """That no money goes for them, and the command that finds the case they may belong to."""
        text = _("{piece}, {why}: {more} held, no money for it. Another case's? {command}")
        if not self.booked:
            text = _("{piece}, {why}: nothing booked; perhaps it is another parcel's, else {more} too many, to be held")
        command = f"retcli parcel match {self.parcel}"
        told = text.format(piece=self.piece.piece, why=self._why, more=self.held, command=command)
        again = _("one that was graded otherwise before? RCMDUNDO twice, then scan it again") if self.regraded else ""
        return clauses(filter(None, [told, again, self.piece.of_money]))

    @property
    def _why(self) -> str:
        """Why it is too many, in words that go on a sentence."""
        orders = series(self.orders)
        if not self.in_order:
            return (
                _("and it is not in order {order}").format(order=orders) if orders else _("and it is not in this order")
            )
        if self.elsewhere:
            places = series(
                _("the order's {n} is in {waybill} already").format(n=n, waybill=masking.waybill(waybill))
                for waybill, n in self.elsewhere.items()
            )
            return _("but {places}").format(places=places)
        if orders:
            return _("and order {order} had {n} sent").format(order=orders, n=self.expected)
        return (
            _("and the case waits for {n}").format(n=self.expected)
            if self.expected
            else _("and the case is not for it")
        )


@dataclass(frozen=True)
class PerhapsOneOfThem:
    """A piece is judged to be of another order, where all that are awaited of its product were `counted` already."""

    sku: str
    counted: int

    def sentence(self) -> str:
        """That nothing is booked, and how to say which piece it is."""
        text = _(
            "{sku}: all {n} are counted already, nothing is booked. Is one of them of another order? RCMDUNDO"
            " twice, then scan it again. Is this a further one?"
        )
        return text.format(sku=self.sku, n=self.counted)


@dataclass(frozen=True)
class SeveralArticles:
    """Several articles, by SKU, have the barcode that was scanned."""

    skus: tuple[str, ...]

    def sentence(self) -> str:
        """That a person types the right one."""
        text = _("several articles have this barcode: {names}. Type the code of the one that it is")
        return text.format(names=series(self.skus))


@dataclass(frozen=True)
class PieceOrParcel:
    """A code of an article, by SKU, that the parcel on the table is to hold, and the waybill of another `parcel` (""
    where that is not here yet).
    """

    sku: str
    parcel: str = ""

    def sentence(self) -> str:
        """How to say which of the two it is."""
        parcel = self.parcel or "RCMDNEXT"
        text = _("a piece of {sku}, or another parcel's waybill? Nothing is booked: type {sku} or {parcel}")
        return text.format(sku=self.sku, parcel=parcel)


# -- several things ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AlsoKnown:
    """The books know other things by the same code, which was taken for the first one (`taken_for`)."""

    taken_for: Meaning
    also: tuple[Meaning, ...]

    def sentence(self) -> str:
        """What it was taken for, and what else it is."""
        text = _("it is also {others}: taken for {kind}")
        return text.format(others=series(map(kind, self.also)), kind=kind(self.taken_for))


@dataclass(frozen=True)
class SeveralNumbers:
    """One text, such as that of a QR code, holds several numbers of different things."""

    numbers: tuple[str, ...]

    def sentence(self) -> str:
        """That a person scans the right one."""
        text = _("several numbers in one code ({numbers}): nothing is booked; scan or type the one that is meant")
        return text.format(numbers=series(map(masking.waybill, self.numbers)))


# -- slips ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SlipWithoutParcel:
    """A slip of a case was scanned while no parcel lies on the table."""

    case: str

    def sentence(self) -> str:
        """That the parcel comes first."""
        return _("this is {case}: scan the parcel first").format(case=self.case)


@dataclass(frozen=True)
class NumberOfAPayout:
    """The number of a payout was scanned, which is on no parcel and no slip."""

    case: str

    def sentence(self) -> str:
        """Of which case, and where it is seen."""
        return _("a payout of {case}, no parcel: {command}").format(case=self.case, command="retcli pay list")


@dataclass(frozen=True)
class SlipAttached:
    """The parcel on the table had no case, and is attached to the case of the slip."""

    case: str

    def sentence(self) -> str:
        """Whose the parcel is."""
        return _("the parcel belongs to {case} now").format(case=self.case)


@dataclass(frozen=True)
class SlipOfAnother:
    """A slip was scanned in a parcel of other cases, or of goods sent to other orders, so that nothing is attached."""

    case: str
    parcel: str
    cases: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()

    def sentence(self) -> str:
        """Whose the parcel is, and what to do with the slip."""
        text = _(
            "slip of {other}, but the parcel on the table is {parcel}, sent to order {orders}: nothing attached."
            " Scan the waybill of the parcel that the slip belongs to, or RCMDNEXT and put it aside"
        )
        if self.cases:
            text = _(
                "slip of {other}, but the parcel on the table is {parcel} of {cases}: nothing attached."
                " Scan the waybill of the parcel that the slip belongs to, or RCMDNEXT and put it aside"
            )
        cases, orders = series(self.cases), series(self.orders)
        return text.format(other=self.case, parcel=self.parcel, cases=cases, orders=orders)


@dataclass(frozen=True)
class SeveralCases:
    """A number on a slip names several cases."""

    number: str
    cases: tuple[str, ...]

    def sentence(self) -> str:
        """Every one of them."""
        return headed(_("{number} names several cases").format(number=self.number), series(self.cases))


@dataclass(frozen=True)
class EndOfAPhone:
    """The last digits of the telephone number of buyers whose cases wait for goods."""

    digits: str
    cases: tuple[str, ...]

    def sentence(self) -> str:
        """The cases, whose numbers attach the parcel on the table."""
        text = _("telephone ends in {digits}: {cases}. With the parcel on the table, type the case's number")
        return text.format(digits=self.digits, cases=series(self.cases))


@dataclass(frozen=True)
class OrderWithoutCase:
    """A slip names orders of which no case waits for goods."""

    orders: tuple[str, ...]

    def sentence(self) -> str:
        """Which orders."""
        text = _("this is order {order}, and no case of it waits for goods")
        return text.format(order=series(self.orders))


NAMING = (
    BadLine,
    SlipWithoutParcel,
    SeveralCases,
    OrderWithoutCase,
    EndOfAPhone,
    SeveralArticles,
    NumberOfAPayout,
)
"""Results of codes that the books know, and that book nothing as they stand."""
