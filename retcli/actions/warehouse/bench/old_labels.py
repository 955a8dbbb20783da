"""Labels under which the shop sent goods that the buyer had since: the box may have been used again for a return, which
has a label of its own. They are asked about before a parcel is made of them.
"""

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.warehouse import parcels
from retcli.actions.warehouse.bench.benches import Bench
from retcli.actions.warehouse.code_facts import Code
from retcli.actions.warehouse.pieces import contents
from retcli.models import Case, Parcel, ParcelCase
from retcli.rules.lifecycles import COMING_BACK, Decision, Filing, ParcelState
from retcli.shop import Shop
from retcli.views.warehouse import scanned_parcels
from retcli.views.warehouse.scans import ScanOutcome, ScanView


def question(shop: Shop, bench: Bench, code: Code, had_by_buyer: bool) -> ScanView | None:
    """The question whether a label of our own is only an old one on the box: the buyer had its goods, or sends goods of
    the same order back under another label. None where nothing says so, or the label was read once more, as the answer
    that it stands for a parcel of its own.
    """
    if bench.asked == code.text or bench.sure:
        bench.asked = ""
        return None
    awaited = _awaited(shop, bench, code)
    if not (had_by_buyer or awaited):
        return None
    bench.asked = code.text
    bench.stop(code.text)
    laid = parcels.numbered(shop, bench.parcel) if bench.parcel else None
    on_table = laid.waybill if laid and not contents.tallies(shop, laid) else ""
    orders = tuple(order.number for order in code.facts.sent)
    since = next((order.signed_at for order in code.facts.sent if order.signed_at is not None), None)
    question = scanned_parcels.OldLabel(orders, since, code.facts.replaced, on_table, tuple(awaited))
    return ScanView(code.text, ScanOutcome.STOP, question, bench.parcel)


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
