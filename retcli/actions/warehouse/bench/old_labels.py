"""Labels under which the shop sent goods: the box may have been used again for a return, or got a new label from the
carrier. They are asked about before a parcel is made of them, and written down as the old label of the box on the
bench where somebody says so.
"""

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.warehouse import named_waybills, parcels
from retcli.actions.warehouse.bench.benches import Bench
from retcli.actions.warehouse.code_facts import Code, code_of, numbers_of
from retcli.actions.warehouse.pieces import awaited_pieces, contents
from retcli.actions.warehouse.strangers import labels, read_labels
from retcli.language import _
from retcli.models import Case, Parcel, ParcelCase, ParcelLabel
from retcli.rules.lifecycles import AT_THE_DOOR, COMING_BACK, Decision, Filing, ParcelState
from retcli.rules.warehouse.codes import Meaning
from retcli.rules.warehouse.ids import COMMAND
from retcli.shop import Shop
from retcli.views.warehouse import scanned_parcels, stranger_results
from retcli.views.warehouse.scan_notes import ScanNote
from retcli.views.warehouse.scans import ScanOutcome, ScanView

OLD = f"{COMMAND}OLD"
"""The command by which what was asked about, or the next line, is an old label on the box on the bench."""
_NO_LABEL = frozenset(
    {Meaning.ARTICLE, Meaning.ARTICLES, Meaning.BARCODE, Meaning.PHONE, Meaning.TAIL, Meaning.COMMAND}
)
"""What is never an old label."""


def question(shop: Shop, bench: Bench, code: Code, had_by_buyer: bool) -> ScanView | None:
    """The question whether a label of our own is only an old one on the box: the buyer had its goods, or sends goods of
    the same order back under another label. None where nothing says so, or the label was read once more, as the answer
    that it stands for a parcel of its own.
    """
    if bench.asked == code.text:
        bench.asked = ""
        return None
    awaited, laid = _awaited(shop, bench, code), _unopened(shop, bench)
    strange = laid is not None and laid.apart and bench.asks
    if not (had_by_buyer or awaited or strange):
        return None
    bench.asked = bench.old_label = code.text
    if not bench.parcel:  # beside a box a yes would not say which of the two it is
        bench.stop(code.text)
    on_table = laid.waybill if laid else ""
    orders = tuple(order.number for order in code.facts.sent)
    since = next((order.signed_at for order in code.facts.sent if order.signed_at is not None), None)
    question = scanned_parcels.OldLabel(orders, since, code.facts.replaced, on_table, tuple(awaited))
    return ScanView(code.text, ScanOutcome.STOP, question, bench.parcel)


def _unopened(shop: Shop, bench: Bench) -> Parcel | None:
    """The parcel on the bench, where no piece of it was counted; else None."""
    laid = parcels.numbered(shop, bench.parcel) if bench.parcel else None
    return laid if laid and not contents.tallies(shop, laid) else None


def told(shop: Shop, bench: Bench, typed: str) -> ScanView:
    """Writes a waybill down as that of an old label on the box of the parcel on the bench, which so may go to its case.
    Raises Refused for what is no waybill.
    """
    parcel, code = shop.hold(parcels.numbered(shop, bench.parcel)), code_of(shop, typed, None)
    if code.read.meaning in _NO_LABEL:
        return ScanView(code.text, ScanOutcome.UNKNOWN, ScanNote.NO_OLD_LABEL, parcel.number)
    known = parcels.numbered(shop, code.read.parcel) if code.read.parcel else None
    if known is not None and (against := _against(shop, code, known)):
        return ScanView(code.text, ScanOutcome.STOP, against, parcel.number)
    waybill = named_waybills.one_waybill(shop, code.text, _("Read the number of the earlier label once more"))
    fitted = labels.note(shop, parcel, read_labels.Said(old_waybill=waybill), bench.session)
    result = stranger_results.OldNoted(waybill, parcel.number, fitted)
    outcome, cases = (ScanOutcome.RECEIVED, fitted.cases) if fitted else (ScanOutcome.COMMAND, ())
    return ScanView(waybill, outcome, result, parcel.number, cases)


def _against(shop: Shop, code: Code, known: Parcel) -> stranger_results.IsAParcel | stranger_results.IsAwaited | None:
    """Why the waybill of a parcel that the books know is no old label; None where it may be. What we sent may come back
    under another label while it is awaited under its own.
    """
    if known.state in AT_THE_DOOR:
        return stranger_results.IsAParcel(known.number)
    if known.state == ParcelState.EXPECTED and not (code.facts.sent or code.facts.replaced):
        return stranger_results.IsAwaited(known.number, numbers_of(awaited_pieces.cases_of(shop, known)))
    return None


def same_box(shop: Shop, bench: Bench, code: Code) -> ScanView | None:
    """The answer to a label that is written down as the old one on the box of a parcel that is here: that lies on the
    bench again, and no second parcel is made of it. None for any other label.
    """
    query = sa.select(Parcel).join(ParcelLabel, col(ParcelLabel.parcel_id) == col(Parcel.id)).distinct()
    query = query.where(col(ParcelLabel.old_waybill) == code.text, col(Parcel.state).in_(AT_THE_DOOR))
    for parcel in shop.session.scalars(query.order_by(col(Parcel.id))):
        if read_labels.last(shop, parcel).old_waybill == code.text:
            bench.lay(parcel.number, contents.tallies(shop, parcel))
            return ScanView(code.text, ScanOutcome.DUPLICATE, stranger_results.OldLabelOf(parcel.number), parcel.number)
    return None


def _awaited(shop: Shop, bench: Bench, code: Code) -> list[str]:
    """The waybills of parcels in which goods of the orders of a label come back, and which are on their way, or on the
    bench without a counted piece.
    """
    again = sa.select(col(Case.order_id)).where(col(Case.number) == code.facts.replaced)
    query = sa.select(Parcel).join(ParcelCase, col(ParcelCase.parcel_id) == col(Parcel.id))
    query = query.join(Case, col(Case.id) == col(ParcelCase.case_id)).distinct().order_by(col(Parcel.id))
    query = query.where(
        sa.or_(col(Case.order_id).in_([order.id for order in code.facts.sent]), col(Case.order_id).in_(again)),
        col(Case.kind).in_(COMING_BACK),
        col(Case.filing) == Filing.OPEN,
        col(Case.decision).in_([Decision.REQUESTED, Decision.APPROVED]),
        col(Parcel.waybill) != code.text,
    )
    return [
        parcel.waybill
        for parcel in shop.session.scalars(query)
        if parcel.state == ParcelState.EXPECTED
        or (parcel.number == bench.parcel and not contents.tallies(shop, parcel))
    ]
