"""The bench at which goods of cases are packed: each piece is checked against its case, then the waybill sends them."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.axes import axes
from retcli.actions.casefile.records import acts
from retcli.actions.casefile.records.dossiers import Dossier, dossier_of
from retcli.actions.casefile.records.one_case import replacements_of
from retcli.actions.orderfile.persons import hiding
from retcli.actions.warehouse.bench.bench_commands import QUANTITY
from retcli.actions.warehouse.bench.benches import Bench
from retcli.actions.warehouse.code_facts import Code
from retcli.actions.warehouse.shipments import leaving, pick_list, sent_goods
from retcli.errors import Refused
from retcli.models import Case, Replacement
from retcli.rules.casefile import stages
from retcli.rules.lifecycles import MAY_APPROVE_MONEY, ReplacementState
from retcli.rules.warehouse.codes import Meaning
from retcli.rules.warehouse.ids import COMMAND, END
from retcli.rules.warehouse.packing import lacking, too_many
from retcli.shop import Shop
from retcli.views.warehouse import packed_goods as results
from retcli.views.warehouse import scan_results, undone_scans
from retcli.views.warehouse.scan_notes import ScanNote
from retcli.views.warehouse.scans import ScanOutcome, ScanView

NEXT, UNDO = f"{COMMAND}NEXT", f"{COMMAND}UNDO"
_COMMANDS = frozenset(
    f"{COMMAND}{name}" for name in ("YES", "LIST", "WHO", "HELP", "RECEIVE", "CHECK", "COUNT", "SHIP")
)
"""Commands that mean here what they mean everywhere."""
_CASES = frozenset({Meaning.SLIP, Meaning.SLIPS, Meaning.ORDER})
_WAYBILLS = frozenset({Meaning.STRANGER, Meaning.PERHAPS, Meaning.EITHER, Meaning.PARCEL, Meaning.REFUSED})
"""Codes that may be the waybill on a box; of those that are another's it is said whose."""
_READ_AS_EVERYWHERE = frozenset(
    {Meaning.ARTICLES, Meaning.BARCODE, Meaning.MISREAD, Meaning.NOTHING, Meaning.BADGE, Meaning.CUT_OFF}
    | {Meaning.PREFIXED, Meaning.PHONE, Meaning.OURS, Meaning.SERIAL, Meaning.DATA, Meaning.SEVERAL}
)
"""Codes that name neither a case nor a piece nor a waybill, and are answered as everywhere."""


def answer(shop: Shop, bench: Bench, code: Code) -> ScanView | None:
    """Does what a code means while goods are packed; None where it means what it means everywhere."""
    meaning = code.read.meaning
    if meaning in _CASES:
        return begin(shop, bench, code)
    if meaning == Meaning.ARTICLE:
        return piece(shop, bench, code)
    if meaning in _WAYBILLS:
        return send(shop, bench, code)
    if code.text == UNDO:
        return undone(shop, bench, code)
    if code.text in {NEXT, END}:
        return _cleared(shop, bench, code)
    everywhere = code.text in _COMMANDS or code.text.startswith(QUANTITY) or meaning in _READ_AS_EVERYWHERE
    return None if everywhere else ScanView(code.text, ScanOutcome.UNKNOWN, ScanNote.ONLY_SENDING)


def begin(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Begins a box for the case that a code names; nothing where another one is not full yet, or nothing may leave."""
    cases = _cases_with_goods(shop, code)
    if len(cases) > 1:
        several = scan_results.SeveralCases(code.text, tuple(case.number for case in cases))
        return ScanView(code.text, ScanOutcome.UNKNOWN, several)
    if not cases:
        return ScanView(code.text, ScanOutcome.STOP, ScanNote.NOTHING_TO_SEND)
    case = cases[0]
    if bench.packed and bench.packing != case.number:
        return ScanView(code.text, ScanOutcome.STOP, results.BoxNotSent(bench.packing), cases=(bench.packing,))
    dossier = dossier_of(shop, case)
    if not stages.may_leave(axes(dossier)) and shop.operator.role not in MAY_APPROVE_MONEY:
        return ScanView(code.text, ScanOutcome.STOP, ScanNote.WAITS_FOR_GOODS, cases=(case.number,))
    bench.pack(case.number)
    gifts = tuple(sku for sku in _wanted(shop, case) if pick_list.is_gift_of(shop, dossier, sku))
    result = results.BoxBegun(case.number, _wanted(shop, case), _remark(dossier), gifts)
    return ScanView(code.text, ScanOutcome.COMMAND, result, cases=(case.number,))


def piece(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Checks a scanned piece, or a carton of them, against what is to be sent for the case: a wrong or surplus one is
    not counted into the box.
    """
    if not bench.packing:
        return ScanView(code.text, ScanOutcome.UNKNOWN, ScanNote.NO_CASE_TO_PACK)
    sku, pieces = code.read.article.sku, code.read.article.pieces * bench.pieces
    bench.pieces = 1
    wanted, case = _wanted(shop, _case(shop, bench)), (bench.packing,)
    beyond = too_many(wanted, bench.in_box, sku, pieces)
    if beyond:
        result = results.NotForBox(bench.packing, sku, wanted.get(sku, 0), beyond)
        return ScanView(code.text, ScanOutcome.STOP, result, cases=case)
    bench.packed = [*bench.packed, (sku, pieces)]
    result_ = results.PiecePacked(sku, bench.in_box[sku], wanted[sku], lacking(wanted, bench.in_box))
    return ScanView(code.text, ScanOutcome.COUNTED, result_, cases=case)


def send(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Sends the box under a scanned waybill, where just what is to be sent for the case lies in it."""
    if not bench.packing:
        return ScanView(code.text, ScanOutcome.UNKNOWN, ScanNote.NO_CASE_TO_PACK)
    case = _case(shop, bench)
    wanted, numbers = _wanted(shop, case), (case.number,)
    if missing := lacking(wanted, bench.in_box):
        return ScanView(code.text, ScanOutcome.STOP, results.BoxLacks(case.number, missing), cases=numbers)
    for sku, pieces in bench.in_box.items():  # since they were scanned, other goods may have taken their place
        if pieces > wanted.get(sku, 0):
            result = results.NotForBox(case.number, sku, wanted.get(sku, 0), pieces - wanted.get(sku, 0))
            return ScanView(code.text, ScanOutcome.STOP, result, cases=numbers)
    try:
        with shop.attempt():
            leaving.leave(shop, case, waybill=code.text, session=bench.session)
    except Refused as why:
        return ScanView(code.text, ScanOutcome.STOP, results.NotSent(why.message), cases=numbers)
    packed = bench.in_box
    bench.pack()
    return ScanView(code.text, ScanOutcome.SENT, results.BoxSent(case.number, code.text, packed), cases=numbers)


def undone(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Takes the last piece out of the box again; where it is empty, the last box that this round sent is back here."""
    if bench.packed:
        *bench.packed, (sku, pieces) = bench.packed
        result = results.PieceTakenOut(bench.packing, sku, pieces)
        return ScanView(code.text, ScanOutcome.UNDONE, result, cases=(bench.packing,))
    act = acts.last_of(shop, bench.session, {"ship"})
    if act is None:
        return ScanView(code.text, ScanOutcome.UNKNOWN, ScanNote.NOTHING_TO_UNDO)
    case = shop.hold(shop.session.get_one(Case, act.case_id))
    try:
        with shop.attempt():
            sent_goods.undo(shop, act, case)
            acts.reverse(shop, act)
    except Refused as why:
        return ScanView(code.text, ScanOutcome.STOP, undone_scans.NotTakenBack(act.kind, why.message))
    return ScanView(code.text, ScanOutcome.UNDONE, undone_scans.TakenBack(act.kind, case.number), cases=(case.number,))


def in_force(shop: Shop, bench: Bench, question: str) -> results.BoxInForce:
    """What is in force at a bench at which goods are packed."""
    wanted = _wanted(shop, _case(shop, bench)) if bench.packing else {}
    packed = sum(bench.in_box.values())
    missing = lacking(wanted, bench.in_box)
    return results.BoxInForce(bench.packing, packed, sum(wanted.values()), missing, bench.pieces, question)


def _cleared(shop: Shop, bench: Bench, code: Code) -> ScanView | None:
    """Clears the bench for the next box, or for the end (None: answered as everywhere); where pieces lie in a box that
    was not sent, only once somebody is sure.
    """
    if bench.packed and bench.asks and not bench.sure:
        bench.stop(code.text)
        return ScanView(code.text, ScanOutcome.STOP, results.BoxNotSent(bench.packing), cases=(bench.packing,))
    bench.pack()
    return None if code.text == END else ScanView(code.text, ScanOutcome.COMMAND, ScanNote.NEXT_BOX)


def _cases_with_goods(shop: Shop, code: Code) -> list[Case]:
    """The cases that a code names, by their own number or that of their order, of which goods are to be sent."""
    orders = [order.id for order in code.facts.slip]
    named = sa.or_(col(Case.number).in_(code.facts.known.cases), col(Case.order_id).in_(orders))
    open_there = col(Replacement.state).in_([ReplacementState.DUE, ReplacementState.CAME_BACK])
    goods = sa.select(col(Replacement.case_id)).where(open_there)
    return list(shop.session.scalars(sa.select(Case).where(named, col(Case.id).in_(goods)).order_by(col(Case.id))))


def _case(shop: Shop, bench: Bench) -> Case:
    """The case whose goods are packed, held."""
    return shop.hold(shop.session.scalars(sa.select(Case).where(col(Case.number) == bench.packing)).one())


def _wanted(shop: Shop, case: Case) -> Mapping[str, int]:
    """The pieces by article that are to be sent for a case now; of such as came back undelivered all over again."""
    due = replacements_of(shop, case, ReplacementState.DUE)
    wanted: dict[str, int] = {}
    for goods in due or replacements_of(shop, case, ReplacementState.CAME_BACK):
        wanted[goods.sku] = wanted.get(goods.sku, 0) + goods.quantity
    return wanted


def _remark(dossier: Dossier) -> str:
    """The buyer's remark on the order, as it may be shown."""
    return hiding(dossier.order)(dossier.order.buyer_remark)
