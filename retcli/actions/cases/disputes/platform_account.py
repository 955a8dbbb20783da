"""Gathers the account of a case for the platform when it steps in: what was bought, decided, found, paid."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.judgement import is_own
from retcli.actions.casefile.records.application_record import application_of
from retcli.actions.casefile.records.decision_record import moves_of
from retcli.actions.casefile.records.dossiers import Dossier
from retcli.actions.casefile.records.written_beside import beside
from retcli.actions.cases.disputes.account_amounts import agreed, agreed_there, amounts, arrived, called
from retcli.actions.cases.disputes.left_out import is_own_fault, withheld
from retcli.actions.warehouse import detaching
from retcli.actions.warehouse.pieces import held_pieces
from retcli.models import Case, CaseLine, Inspection, Parcel, Replacement
from retcli.models.books import Event
from retcli.rules.casefile.findings import Answer
from retcli.rules.casefile.verdict import Judgement
from retcli.rules.lifecycles import COMING_BACK, Decision, Grade
from retcli.rules.money.channels import channel
from retcli.rules.money.minor_units import Money
from retcli.shop import Shop
from retcli.views import masking
from retcli.views.cases.account import (
    Account,
    Applied,
    DecisionMade,
    Goods,
    Graded,
    Lacking,
    OrderTold,
    Paid,
    Reasons,
    Returned,
    SentAgain,
    StandingDecision,
    TurnedBack,
)


def account(shop: Shop, dossier: Dossier, judged: Judgement, *, reveal: bool, everything: bool = False) -> Account:
    """The account of a case with its judgement. It holds what serves the shop; the shop's own doubts and what its
    people noted for each other only with `everything`. `reveal` names the buyer and the receiver.
    """
    case, application = dossier.case, application_of(shop, dossier.case)
    inspected = _inspected(shop, case)
    return Account(
        case=case.number,
        platform=case.platform,
        platform_number=case.platform_number or "",
        kind=case.kind,
        order=_order(dossier, reveal=reveal),
        goods=[
            Goods(order_line.title, order_line.variant, order_line.sku, line.quantity)
            for line, order_line in dossier.lines
        ],
        applied=Applied(case.applied_at, application.kind, application.words, application.noted),
        turned_at=application.turned_at,
        beside=beside(shop, case, reveal=True),
        decisions=list(_decisions_made(shop, case, everything=everything)),
        parcels=[_parcel(shop, dossier, parcel) for parcel in dossier.parcels],
        inspected=inspected,
        lacking=_lacking(dossier, inspected) if inspected else None,
        sent_again=_sent_again(shop, case),
        paid=list(_paid(dossier)),
        reasons=_reasons(case, everything=everything),
        decision=_standing_decision(dossier, judged),
        findings=[finding for finding in judged.findings if everything or not withheld(case, finding)],
        amounts=amounts(shop, dossier, application.asked, judged, derived=everything),
        everything=everything,
    )


def _order(dossier: Dossier, *, reveal: bool) -> OrderTold:
    order = dossier.order
    return OrderTold(
        number=order.number,
        shop=order.shop,
        buyer=order.buyer if reveal else masking.name(order.buyer),
        receiver=(order.receiver, order.phone, order.address) if reveal else (),
        paid=Money(order.paid, order.currency),
        ordered_at=order.ordered_at,
        paid_at=order.paid_at,
        shipped_at=order.shipped_at,
        signed_at=order.signed_at,
        receipt_confirmed=order.signed_by == "confirmed",
        carrier=order.carrier,
        waybills=tuple(dossier.sent_under),
    )


def _decisions_made(shop: Shop, case: Case, *, everything: bool) -> Iterator[DecisionMade]:
    """The decisions on a case. The reason of a rejection is told, since the buyer was told it too; any other one only
    with `everything`.
    """
    for move in moves_of(shop, case, everything=everything):
        # the case holds the reason of its last decision only
        may_tell = move.at == case.decided_at and (everything or move.name == "reject")
        yield DecisionMade(move.at, move.name, move.there, case.because if may_tell else "")


def _parcel(shop: Shop, dossier: Dossier, parcel: Parcel) -> Returned | TurnedBack:
    """A parcel of the case: the buyer's, or the order's own that turned round on its way."""
    if not is_own(dossier, parcel):
        return Returned(parcel.received_at, parcel.carrier, parcel.waybill)
    waybill = f"{parcel.carrier} {parcel.waybill}".strip()
    return TurnedBack(waybill, tuple(_intercepted(shop, dossier.case, parcel)), parcel.received_at)


def _intercepted(shop: Shop, case: Case, parcel: Parcel) -> Iterator[datetime]:
    """The instants at which somebody asked for a parcel to be intercepted for a case, and did not take it back."""
    told = col(Event.action).in_(["intercept", detaching.UNDONE_ATTACH])
    query = sa.select(Event).where(col(Event.subject) == parcel.number, told)
    asked: list[datetime] = []
    for event in shop.session.scalars(query.order_by(col(Event.seq))):
        if json.loads(event.payload).get("case") == case.number:
            asked = [*asked, datetime.fromisoformat(event.at)] if event.action == "intercept" else []
    yield from asked


def _inspected(shop: Shop, case: Case) -> list[Graded]:
    """The inspections of a case that stand, oldest first; one that was taken back is left out with its reversal. Those
    that a rejection stands on are told, though their pieces are held for the buyer since.
    """
    lines = sa.select(col(CaseLine.id)).where(col(CaseLine.case_id) == case.id)
    query = sa.select(Inspection).where(col(Inspection.case_line_id).in_(lines)).order_by(col(Inspection.id))
    rows = list(shop.session.scalars(query))
    taken_back = {row.reverses_id for row in rows} - _held_since(shop, case)
    standing = (row for row in rows if row.reverses_id is None and row.id not in taken_back)
    return [Graded(row.at, row.sku, row.quantity, row.grade, row.serial or "") for row in standing]


def _held_since(shop: Shop, case: Case) -> frozenset[int]:
    """The findings that counted for a case until it was rejected; none for any other."""
    return held_pieces.found_until_turned_down(shop, case) if case.decision == Decision.REJECTED else frozenset()


def _lacking(dossier: Dossier, inspected: Sequence[Graded]) -> Lacking | None:
    """How many pieces are to come back and how many of the order were inspected; None where none lack."""
    to_come_back = sum(line.quantity for line, _order_line in dossier.lines)
    accepted = sum(each.quantity for each in inspected if each.grade != Grade.X)
    if dossier.case.kind not in COMING_BACK or accepted >= to_come_back:
        return None
    return Lacking(to_come_back, accepted)


def _sent_again(shop: Shop, case: Case) -> list[SentAgain]:
    """Goods that go out or went out for a case, oldest first."""
    query = sa.select(Replacement).where(col(Replacement.case_id) == case.id).order_by(col(Replacement.id))
    return [
        SentAgain(goods.shipped_at, goods.sku, goods.quantity, goods.carrier, goods.waybill)
        for goods in shop.session.scalars(query)
    ]


def _paid(dossier: Dossier) -> Iterator[Paid]:
    """The payouts that reached the buyer, oldest first."""
    for payout in arrived(dossier.payouts):
        if payout.settled_at:
            way = channel(payout.method, dossier.order.platform, payout.currency)
            yield Paid(payout.settled_at, called(dossier, payout), Money(payout.minor, payout.currency), way)


def _reasons(case: Case, *, everything: bool) -> Reasons:
    """The reasons that the shop set and verified; one that is its own fault only in the account for itself."""
    codes = ["" if is_own_fault(code) and not everything else code for code in (case.reason_set, case.reason_verified)]
    return Reasons(*codes)


def _standing_decision(dossier: Dossier, judged: Judgement) -> StandingDecision | None:
    """The decision as it stands; None while there is none, or where the buyer withdrew the application."""
    case = dossier.case
    if case.decided_at is None or case.decision not in {Decision.APPROVED, Decision.REJECTED}:
        return None
    if case.decision == Decision.APPROVED:
        return StandingDecision(case.decided_at, agreed=True, there=agreed_there(case), amount=agreed(dossier))
    grounds = [each for each in judged.findings if each.answer == Answer.NO and not each.waived_by]
    return StandingDecision(
        case.decided_at, agreed=False, there=agreed_there(case), because=case.because, grounds=grounds
    )
