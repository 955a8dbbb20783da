"""The scan loop's one step: what a code means, and what is done about it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.orderfile.sent_orders import carrier_of
from retcli.actions.warehouse import contents, parcels, senders
from retcli.actions.warehouse.code_facts import Facts, facts, open_cases
from retcli.language import _, mark
from retcli.models import Case, Order, Parcel, ParcelCount
from retcli.rules.lifecycles import BY_GRADE, MAY_SCAN, PARCEL, Bucket, Grade, ParcelState
from retcli.rules.warehouse.codes import Meaning, Read, read
from retcli.rules.warehouse.ids import COMMAND, END, box, carrier, normalised
from retcli.rules.zone import SHANGHAI
from retcli.shop import Shop
from retcli.views.base import when
from retcli.views.freetext import numbers
from retcli.views.warehouse.parcels import ScanView, not_inspected
from retcli.words import word

BOUNCE = 0.3
"""Seconds within which a scanner that reads a code twice has read one piece: nobody takes up another so fast."""
_GRADES = {f"{COMMAND}{grade}": grade for grade in Grade}
_BETWEEN = re.compile(r"[ \t\r\n\xa0\u3000]+")
_AT_ONCE = 9
"""So many codes of one line are told apart at most."""
_PENDING, _NEXT = f"{COMMAND}PENDING", f"{COMMAND}NEXT"


@dataclass
class Bench:
    """The table in front of the scanner: the parcel that lies on it, the grade that pieces are given, the article of
    the last code if it was a piece, and when that was read (seconds of a clock that only goes forward); of a parcel
    that was read before, the pieces by product that were counted then and were not read since.
    """

    parcel: str = ""
    grade: Grade | None = None
    article: str = ""
    read_at: float = 0.0
    counted_before: Mapping[str, int] = field(default_factory=dict)

    def lay(self, parcel: str = "", counted_before: Mapping[str, int] | None = None) -> None:
        """Puts a parcel on the table, or with none clears it."""
        self.parcel, self.counted_before = parcel, counted_before or {}

    def read_again(self, sku: str, pieces: int) -> int:
        """How many of some pieces were counted before; they are read once more and are no new ones."""
        there = self.counted_before.get(sku, 0)
        again = min(pieces, there)
        self.counted_before = {**self.counted_before, sku: there - again}
        return again


@dataclass(frozen=True)
class Code:
    """A code with what it means here."""

    text: str
    read: Read
    facts: Facts
    box: int | None = None


def scan(shop: Shop, bench: Bench, typed: str, at: float | None = None) -> ScanView:
    """Does what a code says: receives a parcel, counts or inspects a piece, obeys a command. `at` is when it was read,
    where a person scans at a terminal.
    """
    shop.may(MAY_SCAN, mark("scan parcels"))
    on_table = parcels.parcel_of(shop, bench.parcel) if bench.parcel else None
    asked = facts(shop, typed, on_table)
    code = Code(normalised(typed), read(normalised(typed), asked.known), asked, box(typed))
    parts = _parts(shop, on_table, typed) if code.read.meaning in _UNKNOWN else {}
    if parts and all(parts.values()):
        first, *rest = _BETWEEN.split(typed.strip())
        return replace(scan(shop, bench, first, at), rest=tuple(rest))
    if any(parts.values()):
        return _nothing(shop, bench, code)
    before, bench.article = bench.article, ""
    if code.read.meaning == Meaning.ARTICLE:
        bench.article = code.read.article.sku
        earlier, bench.read_at = bench.read_at, at or 0.0
        if at is not None and before == bench.article and at - earlier < BOUNCE:
            text = _("read twice within {seconds} seconds: counted once").format(seconds=BOUNCE)
            return ScanView(code.text, "duplicate", text, bench.parcel)
    view = _DONE[code.read.meaning](shop, bench, code)
    if code.box and view.outcome in {"received", "unclaimed"}:
        shop.record(view.parcel, "box", box=code.box)
    waiting = _waiting(shop, bench.parcel) if code.read.meaning in _CHANGE_WHAT_WAITS else None
    gone = on_table.number if on_table and bench.parcel != on_table.number else ""
    return replace(view, waiting=waiting, left=_left(shop, gone))


def _parts(shop: Shop, on_table: Parcel | None, typed: str) -> Mapping[str, bool]:
    """The codes of one line, as a scanner sends them that puts a tab, a blank or CR behind each, with whether each is
    known, since a blank may also stand inside a number; nothing where the line is one code.
    """
    parts = _BETWEEN.split(typed.strip())
    if not 1 < len(parts) <= _AT_ONCE:
        return {}
    meanings = {part: read(normalised(part), facts(shop, part, on_table).known).meaning for part in parts}
    return {part: meaning not in _UNKNOWN - {Meaning.STRANGER} for part, meaning in meanings.items()}


def _waiting(shop: Shop, parcel: str) -> Mapping[str, int]:
    """The pieces that wait for inspection in a parcel; nothing without one."""
    return contents.tallies(shop, parcels.parcel_of(shop, parcel), waiting=True) if parcel else {}


def _left(shop: Shop, parcel: str) -> str:
    """What is said of the pieces without a grade in a parcel that leaves the table."""
    waiting = _waiting(shop, parcel)
    return not_inspected(parcel, waiting) if waiting else ""


def _command(_shop: Shop, bench: Bench, asked: Code) -> ScanView:
    code = asked.text
    if code in _GRADES:
        bench.grade = _GRADES[code]
        text = _("pieces are graded {grade} and go to {place}")
        return ScanView(code, "command", text.format(grade=word(bench.grade), place=word(BY_GRADE[bench.grade])))
    if code == _PENDING:
        bench.grade = None
        return ScanView(code, "command", _("pieces are only counted and wait for inspection"))
    if code == _NEXT:
        bench.lay()
        return ScanView(code, "command", _("next parcel"))
    if code == END:
        bench.lay()
        bench.grade = None
        return ScanView(code, "command", _("the end"))
    return ScanView(code, "unknown", _("no such command"))


def _known_parcel(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """A parcel that is waited for, or that was received before: then what is in it is read from the first piece on."""
    parcel = shop.hold(parcels.parcel_of(shop, code.read.parcel))
    cases = contents.cases_of(shop, parcel)
    names = "、".join(case.number for case in cases)
    owners = [senders.of_others(shop, parcel.waybill, case) for case in cases]
    if parcel.state == ParcelState.EXPECTED and owners and all(owners):
        bench.lay()
        text = _("awaited for {cases}, but sent to order {orders} under it: nothing received, put it aside")
        return ScanView(code.text, "stop", text.format(cases=names, orders=owners[0]), parcel.number, names)
    bench.lay(parcel.number, contents.tallies(shop, parcel))
    if parcel.state != ParcelState.EXPECTED and code.box and code.box not in contents.boxes(shop, parcel):
        bench.lay(parcel.number)
        text = _("box {n} of a parcel received before: what is in it adds").format(n=code.box)
        return ScanView(code.text, "received", text, parcel.number, names)
    if parcel.state != ParcelState.EXPECTED:
        text = _("received {at} by {who} already").format(at=when(parcel.received_at), who=parcel.received_by)
        if bench.counted_before:
            pieces = "、".join(f"{sku}×{n}" for sku, n in bench.counted_before.items())
            text = _("{received}, {pieces} counted: read all of them again").format(received=text, pieces=pieces)
        return ScanView(code.text, "duplicate", text, parcel.number, names)
    parcels.receive(shop, parcel)
    return ScanView(code.text, "received", _waits_for(shop, parcel, cases), parcel.number, names)


def _waits_for(shop: Shop, parcel: Parcel, cases: list[Case]) -> str:
    wanted = "、".join(f"{sku}×{n}" for sku, n in contents.expected_pieces(shop, parcel).items())
    names = "、".join(f"{case.number} {word(case.kind)}" for case in cases)
    return _("for {cases}, expected: {pieces}").format(cases=names, pieces=wanted or "-")


def _stranger(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """A parcel that nobody announced."""
    parcel = _taken_in(shop, code.text)
    if parcel is None:
        return scan(shop, bench, code.text)
    bench.lay(parcel.number)
    return ScanView(code.text, "unclaimed", _("no case waits for it; put it aside"), bench.parcel)


def _perhaps(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """What looks like a waybill of a carrier that nobody knows: a parcel only where no parcel waits for pieces."""
    if bench.parcel and contents.awaits(shop, parcels.parcel_of(shop, bench.parcel)):
        text = _("not known here, and {parcel} lies open: where it is a parcel's waybill, scan RCMDNEXT, then it again")
        return ScanView(code.text, "unknown", text.format(parcel=bench.parcel), bench.parcel)
    return _stranger(shop, bench, code)


def _ours(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """A parcel under the waybill under which we sent it: one of its own, whatever lies on the table, and of the order's
    case where just one waits. Goods sent again are not what their case waits for, so that it is only named.
    """
    orders = code.facts.sent
    parcel = _taken_in(shop, code.text, orders[0] if orders else None, code.facts.replaced, _had_by_buyer(code))
    if parcel is None:
        return scan(shop, bench, code.text)
    bench.lay(parcel.number)
    came = _how_it_came(code)
    if not orders:
        text = _("{how}: what {case} sent again").format(how=came, case=code.facts.replaced)
        return ScanView(code.text, "unclaimed", text, bench.parcel, code.facts.replaced)
    cases = [case for order in orders for case in open_cases(shop, order)]
    if len(cases) == 1:
        parcels.attach(shop, parcel, cases[0])
        text = _("{how}; attached to {case}").format(how=came, case=cases[0].number)
        return ScanView(code.text, "received", text, bench.parcel, cases[0].number)
    names = "、".join(case.number for case in cases) or _("none open")
    text = _("{how}: order {order}; open: {cases}")
    message = text.format(how=came, order="、".join(order.number for order in orders), cases=names)
    return ScanView(code.text, "unclaimed", message, bench.parcel)


def _had_by_buyer(code: Code) -> bool:
    """Whether the goods under our own waybill reached the buyer, so that they cannot have been undeliverable."""
    return code.facts.delivered or any(order.signed_at is not None for order in code.facts.sent)


def _how_it_came(code: Code) -> str:
    """What is known of how a parcel came back under our own waybill."""
    if not _had_by_buyer(code):
        return _("came back undelivered")
    signed = next((order.signed_at for order in code.facts.sent if order.signed_at is not None), None)
    if signed is None:
        return _("came back under our own label, and the buyer had the goods already")
    text = _(
        "came back under our own label, and the buyer had the goods since {day}: sent back by them, or refused late"
    )
    return text.format(day=f"{signed.astimezone(SHANGHAI):%Y-%m-%d}")


def _taken_in(
    shop: Shop, waybill: str, order: Order | None = None, replaced: str = "", had_by_buyer: bool = False
) -> Parcel | None:
    """A parcel of its own, received now; None where somebody else received it a moment ago. What never reached the
    buyer is told apart in its entry from what they had.
    """
    row = {"number": shop.number("PK"), "waybill": waybill, "version": 1}
    row |= {"carrier": (carrier_of(shop, order, waybill) if order else "") or carrier(waybill) or ""}
    received = {"state": ParcelState.RECEIVED, "received_at": shop.now, "received_by": shop.operator.name}
    insert = shop.insert(Parcel).values(**row, **received)
    made = shop.session.execute(
        insert.on_conflict_do_nothing(index_elements=["waybill"]).returning(sa.literal_column("id"))
    )
    if made.first() is None:
        return None
    how = "own_label" if had_by_buyer else "refused"
    sent = {how: order.number} if order else {f"{how}_again": replaced} if replaced else {}
    shop.born(str(row["number"]), PARCEL, ParcelState.RECEIVED, **sent)
    return parcels.parcel_of(shop, str(row["number"]))


def _piece(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """A piece, or a carton of them: counted, graded where a grade is in force, held where the cases wait for none; one
    that was counted before its parcel was read again is no new piece.
    """
    if not bench.parcel:
        return ScanView(code.text, "unknown", _("scan the parcel first, then what is in it"))
    parcel, article = parcels.parcel_of(shop, bench.parcel), code.read.article
    names = "、".join(case.number for case in contents.cases_of(shop, parcel))
    waiting = min(article.pieces, contents.pending(shop, parcel, article.sku)) if bench.grade else 0
    bench.read_again(article.sku, waiting)
    fresh = article.pieces - waiting - bench.read_again(article.sku, article.pieces - waiting)
    if not waiting + fresh:
        return ScanView(code.text, "duplicate", _counted_before(shop, bench, parcel, article.sku), parcel.number, names)
    excess = 0 if bench.grade == Grade.X else contents.excess(shop, parcel, article.sku, fresh)
    _book(shop, parcel, article.sku, bench.grade, waiting, fresh, excess)
    if excess:
        return ScanView(code.text, "stop", _too_many(shop, parcel, article.sku, excess), parcel.number, names)
    text = _counted(shop, parcel, article.sku)
    if bench.grade is None:
        return ScanView(code.text, "counted", text, parcel.number, names)
    graded = _("{piece}, graded {grade} to {place}")
    message = graded.format(piece=text, grade=word(bench.grade), place=word(BY_GRADE[bench.grade]))
    return ScanView(code.text, "inspected", message, parcel.number, names)


def _book(shop: Shop, parcel: Parcel, sku: str, grade: Grade | None, waiting: int, fresh: int, excess: int) -> None:
    """Counts `fresh` pieces; gives them and those that are `waiting` their grade, and holds the `excess` among them."""
    if fresh:
        contents.count(shop, parcel, sku, fresh)
    if grade and waiting + fresh > excess:
        contents.grade(shop, parcel, contents.Found(sku, waiting + fresh - excess, grade, BY_GRADE[grade]))
    if excess:
        contents.grade(shop, parcel, contents.Found(sku, excess, Grade.X, Bucket.HELD), for_nobody=True)


def _counted_before(shop: Shop, bench: Bench, parcel: Parcel, sku: str) -> str:
    """Which piece of those that were counted earlier was read again."""
    there = contents.counted(shop, parcel, sku)
    text = _("{sku}: piece {n} of {there} was counted before, nothing is added")
    return text.format(sku=sku, n=there - bench.counted_before[sku], there=there)


def _counted(shop: Shop, parcel: Parcel, sku: str) -> str:
    """How many of the product are counted now."""
    query = sa.select(col(ParcelCount.counted)).where(
        col(ParcelCount.parcel_id) == parcel.id, col(ParcelCount.sku) == sku
    )
    return _("{sku}: piece {n}").format(sku=sku, n=shop.session.scalar(query) or 0)


def _too_many(shop: Shop, parcel: Parcel, sku: str, excess: int) -> str:
    """Why it is a stop, and what a person types to find the case that the pieces may belong to."""
    wanted = contents.expected_pieces(shop, parcel).get(sku, 0)
    text = _("{piece}, and the case waits for {n}: {more} held, no money for it. Another case's? {command}")
    command = f"retcli parcel match {parcel.number}"
    return text.format(piece=_counted(shop, parcel, sku), n=wanted, more=excess, command=command)


def _which_article(_shop: Shop, bench: Bench, code: Code) -> ScanView:
    names = "、".join(dict.fromkeys(article.sku for article in code.facts.known.articles))
    text = _("several articles have this barcode: {names}. Type the code of the one that it is")
    return ScanView(code.text, "unknown", text.format(names=names), bench.parcel)


def _slip(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """A case, refund or order number on a slip: it claims the parcel on the table where that has no case yet."""
    if not bench.parcel:
        text = _("this is {case}: scan the parcel first").format(case=code.read.case)
        return ScanView(code.text, "unknown", text)
    parcel = shop.hold(parcels.parcel_of(shop, bench.parcel))
    served = "、".join(case.number for case in contents.cases_of(shop, parcel))
    if served:
        return _slip_beside_a_case(code, parcel, served)
    case = shop.session.scalars(sa.select(Case).where(col(Case.number) == code.read.case)).one()
    owners = senders.of_others(shop, parcel.waybill, case)
    if owners:
        return _slip_beside_an_order(code, parcel, owners)
    parcels.attach(shop, parcel, shop.hold(case))
    text = _("the parcel belongs to {case} now").format(case=case.number)
    return ScanView(code.text, "received", text, parcel.number, case.number)


def _slip_beside_a_case(code: Code, parcel: Parcel, served: str) -> ScanView:
    """A slip in a parcel that has its case: the same one's says nothing new, another's is never attached."""
    if code.read.case in served.split("、"):
        return ScanView(code.text, "duplicate", _("slip of the parcel on the table"), parcel.number, served)
    text = _(
        "slip of {other}, but the parcel on the table is {parcel} of {cases}: nothing attached."
        " Scan the waybill of the parcel that the slip belongs to, or RCMDNEXT and put it aside"
    )
    message = text.format(other=code.read.case, parcel=parcel.number, cases=served)
    return ScanView(code.text, "stop", message, parcel.number, served)


def _slip_beside_an_order(code: Code, parcel: Parcel, owners: str) -> ScanView:
    """A slip in a parcel that came back under the waybill of another order: never attached."""
    text = _(
        "slip of {other}, but the parcel on the table is {parcel}, sent to order {orders}: nothing attached."
        " Scan the waybill of the parcel that the slip belongs to, or RCMDNEXT and put it aside"
    )
    message = text.format(other=code.read.case, parcel=parcel.number, orders=owners)
    return ScanView(code.text, "stop", message, parcel.number)


def _which_case(_shop: Shop, bench: Bench, code: Code) -> ScanView:
    text = _("{number} names several cases").format(number=code.text)
    return ScanView(code.text, "unknown", f"{text}: {'、'.join(code.facts.known.cases)}", bench.parcel)


def _no_case(_shop: Shop, bench: Bench, code: Code) -> ScanView:
    names = "、".join(order.number for order in code.facts.slip)
    text = _("this is order {order}, and no case of it waits for goods").format(order=names)
    return ScanView(code.text, "unknown", text, bench.parcel)


def _nothing(_shop: Shop, _bench: Bench, code: Code) -> ScanView:
    return ScanView(code.text, "unknown", _("neither a waybill nor a product nor an order known here"))


def _misread(_shop: Shop, bench: Bench, code: Code) -> ScanView:
    text = _("its check digit is wrong: a barcode read wrong, or no barcode; nothing is booked, scan it again")
    return ScanView(code.text, "unknown", text, bench.parcel)


def _phone(_shop: Shop, bench: Bench, code: Code) -> ScanView:
    text = _("looks like a phone number, not a waybill: nothing is booked; scan the waybill")
    return ScanView(numbers(code.text), "stop", text, bench.parcel)


_DONE: dict[Meaning, Callable[[Shop, Bench, Code], ScanView]] = {
    Meaning.PARCEL: _known_parcel,
    Meaning.REFUSED: _ours,
    Meaning.COMMAND: _command,
    Meaning.SLIP: _slip,
    Meaning.SLIPS: _which_case,
    Meaning.ORDER: _no_case,
    Meaning.ARTICLE: _piece,
    Meaning.ARTICLES: _which_article,
    Meaning.STRANGER: _stranger,
    Meaning.PERHAPS: _perhaps,
    Meaning.MISREAD: _misread,
    Meaning.PHONE: _phone,
    Meaning.NOTHING: _nothing,
}
"""What is done about each meaning."""
_UNKNOWN = {Meaning.NOTHING, Meaning.MISREAD, Meaning.PERHAPS, Meaning.STRANGER, Meaning.PHONE}
_CHANGE_WHAT_WAITS = {Meaning.PARCEL, Meaning.ARTICLE}
