"""What a bench writes on the cases of the parcel there: that pieces were not in it, that somebody must look at it."""

from collections.abc import Mapping

from sqlmodel import col

from retcli.actions.casefile.records import acts
from retcli.actions.warehouse import parcels
from retcli.actions.warehouse.bench.benches import Bench
from retcli.actions.warehouse.code_facts import Code, numbers_of
from retcli.actions.warehouse.pieces import awaited_pieces, contents, gifts
from retcli.language import _
from retcli.models import Case, Parcel
from retcli.models.acts import Act
from retcli.models.register import Note
from retcli.rules.warehouse.ids import COMMAND
from retcli.shop import Shop
from retcli.views.warehouse import bench_results as results
from retcli.views.warehouse.scan_notes import ScanNote
from retcli.views.warehouse.scans import ScanOutcome, ScanView

SHORT, HOLD = f"{COMMAND}SHORT", f"{COMMAND}HOLD"
_FLAG = "red"
"""The flag of a case whose parcel was put aside."""


def lacking(shop: Shop, parcel: Parcel, expected: Mapping[str, int] | None = None) -> dict[str, int]:
    """The pieces by product that are still to come in a parcel, of those that are `expected` in it."""
    if expected is None:
        expected = awaited_pieces.expected_pieces(shop, parcel)
    rooms = {sku: awaited_pieces.room(shop, parcel, sku) for sku in expected}
    return {sku: pieces for sku, pieces in rooms.items() if pieces}


def short_of(shop: Shop, parcel: Parcel) -> dict[str, int]:
    """The pieces by product that are missing in a parcel of which others were counted; nothing where that was noted."""
    missing = lacking(shop, parcel) if contents.tallies(shop, parcel) else {}
    return {} if missing and _noted_short(shop, parcel) else missing


def _noted_short(shop: Shop, parcel: Parcel) -> bool:
    """Whether a note stands on a case of a parcel that the rest is not in it."""
    query = acts.standing().where(
        col(Act.case_id).in_([case.id for case in awaited_pieces.cases_of(shop, parcel)]), col(Act.kind) == "note"
    )
    return any(acts.what(act).get("short") == parcel.number for act in shop.session.scalars(query))


def write(shop: Shop, case: Case, text: str, session: str, short: str = "") -> None:
    """Writes a note on a case; `short` is the parcel (its number) that it says pieces are missing in."""
    row = _row(shop, case, text)
    shop.record(case.number, "note", reason="")
    shop.session.flush()
    acts.note(shop, "note", case.number, case=case, row=row.id, session=session, short=short)


def _row(shop: Shop, case: Case, text: str, flag: str = "") -> Note:
    row = Note(case_id=case.id or 0, text=text, flag=flag, by=shop.operator.name, at=shop.now)
    shop.add(row)
    shop.session.flush()
    return row


def short(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Notes on the cases of an opened parcel which pieces were not in it."""
    if not bench.parcel:
        return ScanView(code.text, ScanOutcome.UNKNOWN, ScanNote.NO_PARCEL_ON_TABLE)
    parcel = shop.hold(parcels.numbered(shop, bench.parcel))
    cases = awaited_pieces.cases_of(shop, parcel)
    missing = lacking(shop, parcel) if cases else {}
    if not missing or not contents.tallies(shop, parcel):
        note = ScanNote.NOTHING_COUNTED if missing else ScanNote.NOTHING_LACKS
        return ScanView(code.text, ScanOutcome.UNKNOWN, note, parcel.number, numbers_of(cases))
    result = results.NotInIt(numbers_of(cases), missing, gifts.worth(shop, cases, missing))
    text = _("{parcel}: not in it: {pieces}").format(parcel=parcel.number, pieces=result.told())
    for case in cases:
        write(shop, case, text, bench.session, short=parcel.number)
    return ScanView(code.text, ScanOutcome.COMMAND, result, parcel.number, numbers_of(cases))


def hold(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Puts the parcel on the bench aside: its cases get a red flag, so that somebody looks."""
    if not bench.parcel:
        return ScanView(code.text, ScanOutcome.UNKNOWN, ScanNote.NO_PARCEL_ON_TABLE)
    parcel = shop.hold(parcels.numbered(shop, bench.parcel))
    cases = [shop.hold(case) for case in awaited_pieces.cases_of(shop, parcel)]
    if not cases:
        return ScanView(code.text, ScanOutcome.UNKNOWN, ScanNote.NO_CASE_FOR_NOTE, parcel.number)
    text = _("{parcel} was put aside at the table: somebody must look at it").format(parcel=parcel.number)
    for case in cases:
        was, case.flag = case.flag, _FLAG
        row = _row(shop, case, text, _FLAG)
        shop.record(case.number, "flag", colour=_FLAG)
        acts.note(shop, "flag", case.number, case=case, row=row.id, session=bench.session, was=was, now=_FLAG)
    return ScanView(
        code.text, ScanOutcome.COMMAND, results.PutAside(numbers_of(cases)), parcel.number, numbers_of(cases)
    )


def take_back(shop: Shop, act: Act) -> None:
    """Has a note count no more; a flag that nobody changed since is what it was before."""
    did = acts.what(act)
    case = shop.hold(shop.session.get_one(Case, act.case_id))
    if act.kind == "flag" and case.flag == did["now"]:
        case.flag = did["was"]
        shop.session.flush()
        shop.record(case.number, "flag", colour=case.flag or "none")
    acts.reverse(shop, act)
