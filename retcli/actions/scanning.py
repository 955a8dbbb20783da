"""The scan loop's one step: what a code means, and what is done about it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions import finding_cases, parcels
from retcli.errors import NotFound, WrongCommand
from retcli.language import _, mark
from retcli.models import Case, Order, Parcel, ParcelCount
from retcli.rules.lifecycles import BY_GRADE, COMING_BACK, MAY_SCAN, PARCEL, Decision, Filing, Grade, ParcelState
from retcli.rules.parcels import COMMAND, carrier, ean13, normalised
from retcli.shop import Shop
from retcli.views.base import when
from retcli.views.parcels import ScanView
from retcli.views.words import word

_WAYBILL = re.compile(r"(?=(?:.*\d){6})[A-Z0-9-]{8,32}")
_GRADES = {f"{COMMAND}{grade}": grade for grade in Grade}
_PENDING, _NEXT, _END = f"{COMMAND}PENDING", f"{COMMAND}NEXT", f"{COMMAND}END"


@dataclass
class Bench:
    """The table in front of the scanner: the parcel that lies on it, and the grade that pieces are given."""

    parcel: str = ""
    grade: Grade | None = None


def scan(shop: Shop, bench: Bench, typed: str) -> ScanView:
    """Does what a code says: receives a parcel, counts or inspects a piece, obeys a command."""
    shop.may(MAY_SCAN, mark("scan parcels"))
    code = normalised(typed)
    if code.startswith(COMMAND):
        return _command(bench, code)
    readers: tuple[Callable[[Shop, Bench, str], ScanView | None], ...] = (_known_waybill, _product, _paper)
    for read in readers:
        found = read(shop, bench, code)
        if found:
            return found
    if ean13(code) or not (carrier(code) or _WAYBILL.fullmatch(code)):
        return ScanView(code, "unknown", _("neither a waybill nor a product nor an order known here"))
    return _new_parcel(shop, bench, code)


def _command(bench: Bench, code: str) -> ScanView:
    if code in _GRADES:
        bench.grade = _GRADES[code]
        text = _("pieces are graded {grade} and go to {place}")
        return ScanView(code, "command", text.format(grade=word(bench.grade), place=word(BY_GRADE[bench.grade])))
    if code == _PENDING:
        bench.grade = None
        return ScanView(code, "command", _("pieces are only counted and wait for inspection"))
    if code == _NEXT:
        bench.parcel = ""
        return ScanView(code, "command", _("next parcel"))
    if code == _END:
        return ScanView(code, "command", _("the end"), ends=True)
    return ScanView(code, "unknown", _("no such command"))


def _known_waybill(shop: Shop, bench: Bench, code: str) -> ScanView | None:
    parcel = shop.session.scalars(sa.select(Parcel).where(col(Parcel.waybill) == code)).first()
    if parcel is None:
        return None
    bench.parcel = shop.hold(parcel).number
    cases = parcels.cases_of(shop, parcel)
    names = "、".join(case.number for case in cases)
    if parcel.state != ParcelState.EXPECTED:
        text = _("received {at} by {who} already").format(at=when(parcel.received_at), who=parcel.received_by)
        return ScanView(code, "duplicate", text, parcel.number, names)
    parcels.receive(shop, parcel)
    return ScanView(code, "received", _waits_for(shop, parcel, cases), parcel.number, names)


def _waits_for(shop: Shop, parcel: Parcel, cases: list[Case]) -> str:
    wanted = "、".join(f"{sku}×{n}" for sku, n in parcels.expected_pieces(shop, parcel).items())
    names = "、".join(f"{case.number} {word(case.kind)}" for case in cases)
    return _("for {cases}, expected: {pieces}").format(cases=names, pieces=wanted or "-")


def _new_parcel(shop: Shop, bench: Bench, code: str) -> ScanView:
    """A parcel that nobody announced; it may be an order's own that came back undelivered."""
    row = {"number": shop.number("PK"), "waybill": code, "carrier": carrier(code) or "", "version": 1}
    received = {"state": ParcelState.RECEIVED, "received_at": shop.now, "received_by": shop.operator.name}
    insert = shop.insert(Parcel).values(**row, **received)
    made = shop.session.execute(
        insert.on_conflict_do_nothing(index_elements=["waybill"]).returning(sa.literal_column("id"))
    )
    if made.first() is None:
        return _known_waybill(shop, bench, code) or ScanView(code, "unknown", "")
    shop.born(str(row["number"]), PARCEL, ParcelState.RECEIVED)
    bench.parcel = str(row["number"])
    order = shop.session.scalars(sa.select(Order).where(col(Order.waybill) == code)).first()
    if order is None:
        return ScanView(code, "unclaimed", _("no case waits for it; put it aside"), bench.parcel)
    cases = _open_cases(shop, order)
    if len(cases) == 1:
        parcels.attach(shop, parcels.parcel_of(shop, code), cases[0])
        text = _("came back undelivered, attached to {case}").format(case=cases[0].number)
        return ScanView(code, "received", text, bench.parcel, cases[0].number)
    text = _("came back undelivered from order {order}; no case yet").format(order=order.number)
    return ScanView(code, "unclaimed", text, bench.parcel)


def _open_cases(shop: Shop, order: Order) -> list[Case]:
    query = sa.select(Case).where(col(Case.order_id) == order.id, col(Case.filing) == Filing.OPEN)
    query = query.where(col(Case.kind).in_([*COMING_BACK, "refund-only"]))
    return list(shop.session.scalars(query.where(col(Case.decision).in_([Decision.REQUESTED, Decision.APPROVED]))))


def _product(shop: Shop, bench: Bench, code: str) -> ScanView | None:
    parcel = parcels.parcel_of(shop, bench.parcel) if bench.parcel else None
    sku = parcels.sku_of(shop, code, parcel)
    if sku is None:
        return None
    if parcel is None:
        return ScanView(code, "unknown", _("scan the parcel first, then what is in it"))
    names = "、".join(case.number for case in parcels.cases_of(shop, parcel))
    if bench.grade is None:
        parcels.count(shop, parcel, sku)
        return ScanView(code, "counted", _piece(shop, parcel, sku), parcel.number, names)
    if not parcels.pending(shop, parcel, sku):
        parcels.count(shop, parcel, sku)
    found = parcels.Found(sku, 1, bench.grade, BY_GRADE[bench.grade])
    parcels.examine(shop, parcel, found)
    text = _("{piece}, graded {grade} to {place}")
    message = text.format(piece=_piece(shop, parcel, sku), grade=word(found.grade), place=word(found.disposition))
    return ScanView(code, "inspected", message, parcel.number, names)


def _piece(shop: Shop, parcel: Parcel, sku: str) -> str:
    """How many of the product are counted now, with a warning where the case does not wait for it."""
    query = sa.select(col(ParcelCount.counted)).where(
        col(ParcelCount.parcel_id) == parcel.id, col(ParcelCount.sku) == sku
    )
    counted = shop.session.scalar(query) or 0
    expected = parcels.expected_pieces(shop, parcel)
    text = _("{sku}: piece {n}").format(sku=sku, n=counted)
    if expected and counted > expected.get(sku, 0):
        wanted = expected.get(sku, 0)
        text += " " + _("(the case waits for {n} of it: look twice)").format(n=wanted)
    return text


def _paper(shop: Shop, bench: Bench, code: str) -> ScanView | None:
    """A case, refund or order number on a slip: it claims the parcel on the table."""
    try:
        case = finding_cases.case_of(shop, code)
    except NotFound:
        return None
    except WrongCommand as several:
        return ScanView(code, "unknown", str(several), bench.parcel)
    if code == case.number[-len(code) :] and code != case.number:
        return None
    if not bench.parcel:
        return ScanView(code, "unknown", _("this is {case}: scan the parcel first").format(case=case.number))
    parcel = parcels.parcel_of(shop, bench.parcel)
    parcels.attach(shop, parcel, case)
    text = _("the parcel belongs to {case} now").format(case=case.number)
    return ScanView(code, "received", text, parcel.number, case.number)
