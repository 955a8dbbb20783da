"""The view of a case, as people and scripts see it, put together from what the books hold."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.amends import room
from retcli.actions.casefile.applied_for import applied_for
from retcli.actions.casefile.axes import axes, stage_of
from retcli.actions.casefile.case_clocks import clocks_of
from retcli.actions.casefile.case_money import at_stake, money_so_far, refunds
from retcli.actions.casefile.highlights import highlights
from retcli.actions.casefile.judgement import judgement, way_back, wish_of
from retcli.actions.casefile.next_steps import next_step
from retcli.actions.casefile.payable import awaits_goods, rests
from retcli.actions.casefile.records import offer_records
from retcli.actions.casefile.records.case_history import history as history_of
from retcli.actions.casefile.records.clicked_payouts import by_click
from retcli.actions.casefile.records.dossiers import Dossier, dossier_of, dossiers_of
from retcli.actions.casefile.records.written_beside import beside
from retcli.actions.orderfile.order_standing import was_shipped
from retcli.actions.orderfile.persons import Hide, hiding
from retcli.models import Case, CaseLine, Offer, Order, OrderLine, Payout, Replacement, Shipment
from retcli.rules.casefile import stages
from retcli.rules.casefile.clocks import Clock, Source
from retcli.rules.casefile.reasons import REASONS, Fault
from retcli.rules.casefile.verdict import Judgement, unsaid
from retcli.rules.cases.remedies import GIVEN
from retcli.rules.imports.orders import DONE
from retcli.rules.lifecycles import (
    Decision,
    Filing,
    Kind,
    OfferState,
    PayoutState,
)
from retcli.rules.money.minor_units import Money
from retcli.rules.policy.policy import OWN_CURRENCY
from retcli.shop import Shop
from retcli.views import masking
from retcli.views.casefile.case_offers import CasePayout
from retcli.views.casefile.case_standing import AtTheDesk, GoodsMoving, OnPlatform, SentForCase, Standing
from retcli.views.casefile.cases import Buyer, CaseInBrief, CaseLineView, CaseReason, CaseView
from retcli.views.casefile.decided import Decided, PaidAgainst
from retcli.views.casefile.order_progress import OrderProgress
from retcli.views.casefile.proposals import Amends, WayBack
from retcli.views.casefile.sent_back import ParcelSentBack


def view_of(shop: Shop, case: Case, *, whole: bool = False, history: bool = False, about: str = "") -> CaseView:
    """The view of a case; `whole` with the facts that matter for its reason, for somebody who looks at it alone, and
    with its `history`; `about` as in `CaseView`.
    """
    dossier = dossier_of(shop, case)
    view = replace(_view(shop, dossier, whole=whole), about=about)
    return replace(view, history=history_of(shop, dossier)) if history else view


def views_of(shop: Shop, cases: Sequence[Case]) -> list[CaseView]:
    """The views of many cases, read together."""
    return [_view(shop, dossier) for dossier in dossiers_of(shop, cases)]


def briefs_of(shop: Shop, cases: Sequence[Case]) -> list[CaseInBrief]:
    """What the day's list has of many cases, read together: of a thousand, the rest of each costs a fifth more."""
    return [_brief(shop, dossier, axes(dossier)) for dossier in dossiers_of(shop, cases)]


def _brief(shop: Shop, dossier: Dossier, stand: stages.Axes) -> CaseInBrief:
    """Where one case stands, what is next, by when, and its money."""
    case, order, hide = dossier.case, dossier.order, hiding(dossier.order)
    judged, running = judgement(shop, dossier), tuple(clocks_of(shop, dossier))
    return CaseInBrief(
        number=case.number,
        order=order.number,
        kind=case.kind,
        owner=case.owner,
        standing=_standing(dossier, stand),
        lines=tuple(_line_view(dossier, line, order_line, judged, hide) for line, order_line in dossier.lines),
        so_far=money_so_far(dossier, judged),
        judgement=judged,
        clocks=running,
        seen_at=shop.now,
        buyer=_buyer(order, case, hide),
        next=next_step(shop, dossier, stand, judged, silent=_is_time_to_ask_again(shop, running)),
        at_stake=at_stake(dossier, stand, judged),
        awaits_goods=awaits_goods(dossier),
        protection=case.is_protection,
    )


def _view(shop: Shop, dossier: Dossier, *, whole: bool = False) -> CaseView:
    """One case with all that is computed from it; `whole` as in `view_of`."""
    case, hide, stand = dossier.case, hiding(dossier.order), axes(dossier)
    brief = _brief(shop, dossier, stand)
    return CaseView(
        **vars(brief),
        reason=_reason(shop, case),
        # what was decided here, also where the platform paid against it: the row itself is approved by then
        decision=case.overruled if case.paid_against else case.decision,
        on_platform=_on_platform(shop, dossier, brief.clocks, hide),
        goods_moving=_goods_moving(shop, dossier, stand, hide, whole=whole),
        at_the_desk=_at_the_desk(dossier, hide),
        version=case.version,
        applied_at=case.applied_at,
        applied_anew_at=case.applied_anew_at,
        payouts=tuple(_payout_of(payout, clicked=by_click(payout, dossier.clicked)) for payout in dossier.payouts),
        earlier=dossier.together.earlier[case.id or 0],
        highlights=highlights(shop, dossier) if whole else None,
        policy=case.policy,
        order_progress=_order_progress(dossier),
        words=hide(case.buyer_words),
        applied_for=applied_for(dossier, brief.judgement),
        written_beside=beside(shop, case) if whole else None,
        proposals=tuple(_proposals(shop, dossier)),
        decided=decided_of(dossier),
        offers=tuple(offer_records.line_of(offer, dossier) for offer in _offers(dossier)),
    )


def _standing(dossier: Dossier, stand: stages.Axes) -> Standing:
    """Where a case stands on each axis, and the stage that people are shown."""
    return Standing(
        goods=stages.goods(stand),
        money=stages.money(stand),
        replacement=stages.replacement(stand),
        platform_action=stages.platform_action(stand),
        stage=stage_of(dossier, stand),
    )


def _on_platform(shop: Shop, dossier: Dossier, running: Sequence[Clock], hide: Hide) -> OnPlatform:
    """What the platform's lists tell of a case."""
    case = dossier.case
    return OnPlatform(
        platform_status=hide(case.platform_status),
        platform_number=case.platform_number or "",
        there={name: hide(text) for name, text in _there(dossier).items()},
        open_until=_open_there_until(shop, running),
        as_there=_as_there(case),
    )


def _goods_moving(shop: Shop, dossier: Dossier, stand: stages.Axes, hide: Hide, *, whole: bool) -> GoodsMoving:
    """Goods under way for a case; what leaves for it only where somebody looks at the `whole` of it alone."""
    case = dossier.case
    return GoodsMoving(
        parcels=tuple(masking.waybill(parcel.waybill, hide) for parcel in dossier.parcels),
        sent_for=_sent_for(shop, case, hide) if whole else (),
        sent_back=tuple(
            ParcelSentBack(masking.waybill(parcel.waybill, hide), parcel.inspected, parcel.sent, parcel.accepted)
            for parcel in dossier.sent_back
        ),
        return_address=return_address(shop, case, dossier.order) if stages.goods(stand) == "awaited" else "",
    )


def _at_the_desk(dossier: Dossier, hide: Hide) -> AtTheDesk:
    """What the desk keeps beside a case: its notes, flag, contacts, days more."""
    return AtTheDesk(
        note=hide(_notes(dossier)),
        first_note=hide(dossier.case.note),
        flag=dossier.case.flag or "",
        contacts=len(dossier.contacts),
        extended_days=dossier.extended,
    )


def _buyer(order: Order, case: Case, hide: Hide) -> Buyer:
    """Who the buyer is, masked, and by which channel they came."""
    names = masking.name(order.buyer), masking.name(order.receiver)
    return Buyer(*names, masking.phone(order.phone), hide(case.channel))


def _sent_for(shop: Shop, case: Case, hide: Hide) -> tuple[SentForCase, ...]:
    """What leaves on a case for what the buyer gives back or never got."""
    rows = sa.select(Replacement, col(Shipment.number)).where(col(Replacement.case_id) == case.id)
    rows = rows.outerjoin(Shipment, col(Shipment.id) == col(Replacement.shipment_id)).order_by(col(Replacement.id))
    return tuple(
        SentForCase(
            *(row.sku, row.quantity, row.state, row.carrier, masking.waybill(row.waybill, hide), row.shipped_at),
            shipment=number or "",
        )
        for row, number in shop.session.execute(rows)
    )


def _offers(dossier: Dossier) -> Sequence[Offer]:
    return dossier.together.offers.get(dossier.case.id or 0, [])


def _open_there_until(shop: Shop, running: Sequence[Clock]) -> datetime | None:
    """The platform's deadline on a case that is not over yet; None where it waits for nothing, or nobody knows."""
    there = (clock.due_at for clock in running if clock.source == Source.PLATFORM and not clock.past(shop.now))
    return next(there, None)


def _as_there(case: Case) -> bool:
    """Whether a case asks for just what its platform's last list says that the buyer applies for."""
    same_amount = None in (case.asked, case.platform_amount) or case.asked == case.platform_amount
    return case.platform_kind in {"", case.kind} and same_amount


def _there(dossier: Dossier) -> dict[str, str]:
    """What else the platform's lists tell of a case, by name: the payment's number (of the refund, else of the order),
    who agreed there, and once it refunded, who did and how; without what they do not tell.
    """
    case = dossier.case
    refunded = case.platform_state == "succeeded"
    facts = {
        "payment_number": case.payment_number or dossier.order.payment_number,
        "way": case.platform_way if refunded else "",  # a list fills it in for every row, also for one that waits
        "reviewed_by": case.platform_reviewed_by,
        "refunded_by": case.platform_refunded_by,
        "at_once": case.platform_instant if refunded else "",
        "time": "estimated" if case.platform_estimated else "",
    }
    return {name: value for name, value in facts.items() if value}


def decided_of(dossier: Dossier) -> Decided | None:
    """Who decided a case, when and why; where the platform paid against that, with what it paid. None while nobody has
    decided.
    """
    case, hide = dossier.case, hiding(dossier.order)
    if case.decided_at is None:
        return None
    if case.paid_against:
        # what it paid, also where that was taken back since: a reversal is no payment of the platform's
        paid = refunds(dossier, PayoutState.CONFIRMED, PayoutState.REVERSED, reversals=False)
        money, at = Money(paid, dossier.order.currency), case.overruled_at or case.decided_at
        against = PaidAgainst(case.platform, case.decided_at, money)
        return Decided(case.overruled_by, "person", at, hide(case.overruled_because), case.overruled, against)
    return Decided(case.decided_by, case.decided_as, case.decided_at, hide(case.because))


def _notes(dossier: Dossier) -> str:
    """The notes on a case, oldest first, each line with who wrote it."""
    return "\n".join([dossier.case.note, *(f"{by}: {text}" for by, text in dossier.notes)]).strip()


def _line_view(dossier: Dossier, line: CaseLine, order_line: OrderLine, judged: Judgement, hide: Hide) -> CaseLineView:
    """A line of a case. `due` is what was approved, before that what the rules give, and where the platform closed the
    refund only what was paid.
    """
    by_rules = {each.number: each.cash for each in judged.amount.lines}
    due = by_rules.get(order_line.number, 0) if dossier.case.decision == Decision.REQUESTED else line.due
    if dossier.case.decision == Decision.APPROVED and rests(dossier):
        due = dossier.paid.get(order_line.id, 0)
    return CaseLineView(
        line=order_line.number,
        sku=order_line.sku or order_line.number,
        title=hide(order_line.title),
        quantity=line.quantity,
        received=sum(dossier.found(line).values()),
        accepted=dossier.found_right(line),
        due=Money(due, dossier.order.currency),
        want=_target(dossier, line, order_line),
    )


def _target(dossier: Dossier, line: CaseLine, order_line: OrderLine) -> str | None:
    """The SKU that an exchange is to bring for a line: the one that was named, else the same goods, or "" where the
    buyer's wish needs another one that nobody named; None for any other kind.
    """
    if dossier.case.kind != Kind.EXCHANGE:
        return None
    wish = wish_of(dossier.case, dossier.order, None)
    same = "" if unsaid(wish, line.quantity, line.want_sku) else order_line.sku or order_line.number
    return line.want_sku or same


def return_address(shop: Shop, case: Case, order: Order) -> str:
    """The address to which the buyer sends goods: by the shop's rules that of the order's shop, or the only one; ""
    where none is known.
    """
    addresses = shop.policy_named(case.policy).addresses
    return addresses.get(order.shop) or (next(iter(addresses.values())) if len(addresses) == 1 else "")


def _reason(shop: Shop, case: Case) -> CaseReason:
    """The three reasons of a case and whose fault it is; the shop's own sub-reason by its name, or by its code where
    today's rules no longer know it.
    """
    names = {own.code: own.name for own in shop.policy.reasons}
    return CaseReason(
        stated=case.reason_stated,
        set=case.reason_set,
        verified=case.reason_verified,
        fault=str(REASONS[case.reason].fault),
        detail=names.get(case.detail, case.detail) if case.detail else "",
    )


def _payout_of(payout: Payout, *, clicked: bool) -> CasePayout:
    return CasePayout(
        number=payout.number,
        kind=payout.kind,
        method=payout.method,
        money=Money(payout.minor, payout.currency),
        state=payout.state,
        clicked=clicked,
        request=payout.request,
    )


def _is_time_to_ask_again(shop: Shop, running: Sequence[Clock]) -> bool:
    """Whether it is time to ask the buyer again for goods that were agreed to be sent and were not."""
    return any(clock.name == "ask_again" and clock.past(shop.now) for clock in running)


def _order_progress(dossier: Dossier) -> OrderProgress:
    order = dossier.order
    return OrderProgress(
        paid_at=order.paid_at,
        paid=Money(order.paid, order.currency),
        freight=Money(order.freight, order.currency),
        sent=was_shipped(order),
        sent_at=order.shipped_at,
        carrier=order.carrier,
        waybills=tuple(dossier.sent_under),
        arrived=bool(order.signed_at) or order.status == DONE,
        signed_at=order.signed_at,
        confirmed=order.signed_by == "confirmed",
    )


def _proposals(shop: Shop, dossier: Dossier) -> Iterator[Amends | WayBack]:
    """What the shop might give beside the refund: compensation where the fault is its own, the case is not about that
    itself, what was paid leaves room for it, and no offer waits for the buyer; and the freight of the way back that
    the buyer advanced; each only once.
    """
    case, agreed = dossier.case, dossier.case.decision == Decision.APPROVED
    if case.filing == Filing.FINISHED or case.decision in {Decision.REJECTED, Decision.WITHDRAWN}:
        return
    given = {payout.kind for payout in dossier.payouts}
    owes_amends = REASONS[case.reason].fault == Fault.MERCHANT and case.kind != Kind.ALLOWANCE and not case.misused
    waits = any(state == OfferState.MADE and rung in GIVEN for state, rung in dossier.offers)
    if owes_amends and "compensation" not in given and not waits and room(dossier) >= shop.policy.compensation:
        usual = Money(shop.policy.compensation, OWN_CURRENCY) if dossier.order.currency == OWN_CURRENCY else None
        yield Amends(case.number, usual, agreed)
    if agreed and way_back(shop, dossier) == Fault.MERCHANT and "freight" not in given:
        yield WayBack(case.number)
