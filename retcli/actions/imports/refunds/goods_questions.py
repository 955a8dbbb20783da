"""Questions about goods where the platform ends a refund: goods sent again for it, or goods it was to wait for."""

from collections.abc import Sequence

from retcli.actions.casefile.judgement import awaits_intercepted
from retcli.actions.casefile.records.dossiers import Dossier, dossier_of
from retcli.actions.casefile.records.one_case import parcels_of
from retcli.actions.casefile.records.stopping import ASKS_OF_GOODS, ASKS_OF_RETURNS
from retcli.actions.cases.undone_decisions import goods_gone
from retcli.actions.imports.merging import Source, ask, open_questions, resolve
from retcli.actions.money.outgoing import currency_of
from retcli.actions.orderfile import step_memory
from retcli.database.staging.stages import StagedRow
from retcli.models import Case, Replacement
from retcli.rules.lifecycles import GOING_OUT, REFUNDING, Decision, Filing, Kind
from retcli.rules.money.minor_units import Money
from retcli.rules.money.refunded_pieces import UNPAID
from retcli.shop import Shop


def ask_of_sent(shop: Shop, source: Source, row: StagedRow, goods: Sequence[Replacement]) -> None:
    """Asks what becomes of goods that were sent again for a refund which its platform ended."""
    by = dict.fromkeys(each.waybill or f"{each.sku}×{each.quantity}" for each in goods)
    ask(shop, source, row.number, row.values["refund"], ASKS_OF_GOODS, " ".join(by), row.values["status"])


def forget_sent(shop: Shop, source: Source, case: Case, status: str) -> None:
    """Closes the questions about goods sent again, once the platform's refund goes on."""
    if case.kind in GOING_OUT and status not in UNPAID:
        _resolve(shop, source, case, ASKS_OF_GOODS)


def keeps_open(shop: Shop, source: Source, row: StagedRow, case: Case, status: str) -> bool:
    """Whether somebody must look at the goods of a case before it is finished with the platform's refund. Where the
    platform paid what was to wait for goods that turned round, or for a return whose parcel is here, that is asked, and
    asked anew only where other pieces are back by then.
    """
    if status == "closed":
        return case.decision == Decision.APPROVED and bool(goods_gone(shop, case))
    if case.kind not in REFUNDING or case.filing == Filing.FINISHED or not parcels_of(shop, case):
        return False
    if step_memory.unasked(shop, case):
        return False
    dossier = dossier_of(shop, case)
    if not _lacks_goods(dossier):
        _resolve(shop, source, case, ASKS_OF_RETURNS)
        return False
    back = sum(dossier.accepted(line) for line, _order_line in dossier.lines)
    pieces = sum(line.quantity for line, _order_line in dossier.lines)
    paid = Money(row.values["amount"] or 0, currency_of(shop, case))
    ask(shop, source, row.number, row.values["refund"], ASKS_OF_RETURNS, f"{back}/{pieces}", paid)
    return bool(open_questions(shop, source, case.platform_number or "", ASKS_OF_RETURNS))


def _lacks_goods(dossier: Dossier) -> bool:
    """Whether the goods of a refund were to be back before it was paid, and are not: what turned round on its way to
    the buyer, or of a return, of which a parcel came, the pieces that inspection accepts.
    """
    if dossier.case.kind == Kind.REFUND_ONLY:
        return awaits_intercepted(dossier)
    return dossier.has_arrived and not (dossier.all_accepted or dossier.pays_before_goods)


def _resolve(shop: Shop, source: Source, case: Case, field: str) -> None:
    for question in open_questions(shop, source, case.platform_number or "", field):
        resolve(shop, source, question)
