"""Where cases stand: their axes read from the books, and the view made of them."""

from collections.abc import Sequence
from datetime import timedelta

from retcli.actions.casefile import offer_records
from retcli.actions.casefile.clicked_payouts import by_click
from retcli.actions.casefile.dossiers import Dossier, agreed_on, dossier_of, dossiers_of
from retcli.actions.casefile.highlights import highlights
from retcli.actions.casefile.judgement import is_own, judgement, way_back, wish_of
from retcli.actions.casefile.next_steps import next_step
from retcli.actions.casefile.payable import ended_there
from retcli.actions.casefile.written_beside import beside
from retcli.actions.orderfile.order_standing import was_shipped
from retcli.actions.orderfile.persons import Hide, hiding
from retcli.language import _
from retcli.models import Case, CaseLine, Order, OrderLine, Parcel, Payout
from retcli.rules.casefile import stages
from retcli.rules.casefile.clocks import EVIDENCE, Clock, Source, Times, clocks
from retcli.rules.casefile.reasons import REASONS, Fault
from retcli.rules.casefile.verdict import Judgement, unsaid
from retcli.rules.imports.orders import DONE
from retcli.rules.lifecycles import (
    BY_ITSELF,
    COMING_BACK,
    DECIDED_THERE,
    LEFT,
    PAYING_CLICKS,
    Decision,
    EscalationState,
    Filing,
    Kind,
    OfferState,
    ParcelState,
    PayoutState,
)
from retcli.rules.money.minor_units import Money
from retcli.rules.policy.policy import OWN_CURRENCY
from retcli.shop import Shop
from retcli.views import masking
from retcli.views.base import when
from retcli.views.casefile.case_money import Beside, CaseMoney
from retcli.views.casefile.case_offers import CasePayout
from retcli.views.casefile.cases import CaseLineView, CaseReason, CaseView
from retcli.views.casefile.decided import Decided, PaidAgainst


def axes_of(shop: Shop, case: Case) -> stages.Axes:
    """A case's axes as the books stand."""
    return axes(dossier_of(shop, case))


def axes(dossier: Dossier) -> stages.Axes:
    """The axes of a case that was read already."""
    case = dossier.case
    inspected = sum(dossier.inspected(line) for line, _order_line in dossier.lines)
    awaited = _awaited(dossier)
    return stages.Axes(
        kind=Kind(case.kind),
        decision=Decision(case.decision),
        filing=Filing(case.filing),
        pieces=sum(line.quantity for line, _order_line in dossier.lines),
        counted=inspected + dossier.uninspected,
        inspected=inspected,
        accepted=sum(dossier.accepted(line) for line, _order_line in dossier.lines),
        on_the_way=bool(awaited),
        settled_there=case.platform_succeeded_at is not None,
        ahead="goods_first" in dossier.waivers or (case.kind == Kind.REFUND_ONLY and "goods_back" in dossier.waivers),
        paying_click=bool(PAYING_CLICKS & dossier.to_click),
        clicked=bool(PAYING_CLICKS & dossier.clicked),
        arrived=_arrived(case, awaited),
        due=dossier.due,
        paid=sum(dossier.paid.values()),
        payouts=[PayoutState(p.state) for p in dossier.payouts if p.kind == "refund"],
        beside=[PayoutState(p.state) for p in dossier.payouts if p.kind != "refund"],
        replacements=dossier.replacements,
        actions=dossier.actions,
        intervention=dossier.intervention.state if dossier.intervention else "",
        open_there=bool(case.platform_number) and not ended_there(case),
    )


def _awaited(dossier: Dossier) -> list[Parcel]:
    """The parcels that a case waits for: where nothing is to come back, only the order's own that was intercepted."""
    if dossier.case.kind in COMING_BACK:
        return list(dossier.parcels)
    return [parcel for parcel in dossier.parcels if is_own(dossier, parcel)]


def _arrived(case: Case, awaited: Sequence[Parcel]) -> bool:
    """Whether what a case waits for is at the door: any parcel of a return, every one that was to be intercepted."""
    scanned = [parcel.state != ParcelState.EXPECTED for parcel in awaited]
    return any(scanned) if case.kind in COMING_BACK else bool(scanned) and all(scanned)


def view_of(shop: Shop, case: Case, *, whole: bool = False) -> CaseView:
    """The view of a case; `whole` with the facts that matter for its reason, for somebody who looks at it alone."""
    return _view(shop, dossier_of(shop, case), whole=whole)


def views_of(shop: Shop, cases: Sequence[Case]) -> list[CaseView]:
    """The views of many cases, read together."""
    return [_view(shop, dossier) for dossier in dossiers_of(shop, cases)]


def _view(shop: Shop, dossier: Dossier, *, whole: bool = False) -> CaseView:
    case = dossier.case
    order, judged, stand = dossier.order, judgement(shop, dossier), axes(dossier)
    running, hide = tuple(_clocks(shop, dossier)), hiding(order)
    return CaseView(
        number=case.number,
        order=order.number,
        kind=case.kind,
        reason=_reason(shop, case),
        owner=case.owner,
        decision=case.overruled if case.paid_against else case.decision,
        goods=stages.goods(stand),
        money=stages.money(stand),
        replacement=stages.replacement(stand),
        platform_action=stages.platform_action(stand),
        platform_status=hide(case.platform_status),
        platform_number=case.platform_number or "",
        stage=stages.stage(stand),
        version=case.version,
        applied_at=case.applied_at,
        lines=tuple(_line_view(dossier, line, order_line, judged, hide) for line, order_line in dossier.lines),
        so_far=money_so_far(dossier, judged),
        judgement=judged,
        clocks=running,
        payouts=tuple(_payout_of(payout, clicked=by_click(payout, dossier.clicked)) for payout in dossier.payouts),
        parcels=tuple(masking.waybill(parcel.waybill, hide) for parcel in dossier.parcels),
        earlier=dossier.together.earlier[case.id or 0],
        stands_out=tuple(hide(text) for text in highlights(shop, dossier)) if whole else (),
        policy=case.policy,
        order_facts=_order_facts(dossier),
        note=hide(_notes(dossier)),
        flag=case.flag or "",
        contacts=len(dossier.contacts),
        extended_days=dossier.extended,
        written_beside=beside(shop, case) if whole else None,
        proposal=_proposal(shop, dossier),
        next=next_step(shop, dossier, stand, judged, silent=_silent(shop, running)),
        return_address=return_address(shop, case, order) if stages.goods(stand) == "awaited" else "",
        decided=decided_of(dossier),
        open_there_until=next(
            (x.due_at for x in running if x.source == Source.PLATFORM and not x.past(shop.now)), None
        ),
        as_there=_as_there(case),
        there={name: hide(text) for name, text in _there(dossier).items()},
        at_stake=_at_stake(dossier, stand, judged),
        offers=tuple(
            offer_records.line_of(x, order, case, dossier.due) for x in dossier.together.offers.get(case.id or 0, [])
        ),
    )


def money_so_far(dossier: Dossier, judged: Judgement) -> CaseMoney:
    """How far the money of a case has come; what is due by the findings while nothing is decided."""
    case, currency = dossier.case, dossier.order.currency
    due = judged.amount.due if case.decision == Decision.REQUESTED else dossier.due
    clicked = sum(payout.minor for payout in dossier.payouts if by_click(payout, dossier.clicked))
    return CaseMoney(
        due=Money(due, currency),
        agreed_here=_agreed(dossier),
        waiting=Money(_refunds(dossier, PayoutState.WAITING), currency),
        to_send=Money(_refunds(dossier, PayoutState.DUE) - clicked, currency),
        clicked=Money(clicked, currency),
        sent=Money(_refunds(dossier, PayoutState.SENT, PayoutState.UNKNOWN), currency),
        paid=Money(_refunds(dossier, PayoutState.CONFIRMED, PayoutState.REVERSED), currency),
        beside=tuple(
            Beside(
                payout.kind, payout.method, Money(payout.minor, payout.currency), payout.state, dossier.order.platform
            )
            for payout in dossier.payouts
            if payout.kind != "refund" and payout.state != PayoutState.FAILED
        ),
    )


def _as_there(case: Case) -> bool:
    """Whether a case asks for just what its platform's last list says that the buyer applies for."""
    same_amount = None in (case.asked, case.platform_amount) or case.asked == case.platform_amount
    return case.platform_kind in {"", case.kind} and same_amount


def _agreed(dossier: Dossier) -> Money | None:
    """What was agreed to, None where nobody here has; nothing where the platform paid against our decision."""
    there = dossier.case.decided_as in DECIDED_THERE and not dossier.case.paid_against
    if dossier.case.decision != Decision.APPROVED or there:
        return None
    return Money(0 if dossier.case.paid_against else agreed_on(dossier), dossier.order.currency)


def _at_stake(dossier: Dossier, stand: stages.Axes, judged: Judgement) -> Money | None:
    """What a refused case may still cost because the platform stepped in: what was asked for there, else what the
    findings say; None where it did not.
    """
    if not stages.contested(stand):
        return None
    asked = dossier.case.platform_amount or dossier.case.asked or judged.amount.due
    return Money(asked, dossier.order.currency)


def _refunds(dossier: Dossier, *states: PayoutState) -> int:
    """The refunds of a case in some states, in minor units; what was reversed and its reversal cancel out."""
    return sum(p.minor for p in dossier.payouts if p.kind == "refund" and p.state in states)


def _there(dossier: Dossier) -> dict[str, str]:
    """What the platform's lists tell beside: the payment's number, by the refund or else by its order, who agreed and
    refunded there, and how.
    """
    case = dossier.case
    facts = {
        "payment_number": case.payment_number or dossier.order.payment_number,
        "way": case.platform_way,
        "reviewed_by": case.platform_reviewed_by,
        "refunded_by": case.platform_refunded_by,
        "at_once": case.platform_instant,
        "time": "estimated" if case.platform_estimated else "",
    }
    return {name: value for name, value in facts.items() if value}


def decided_of(dossier: Dossier) -> Decided | None:
    """Who decided a case, None while nobody has; with what the platform paid against what was decided here."""
    case, hide = dossier.case, hiding(dossier.order)
    if case.decided_at is None:
        return None
    if case.paid_against:
        paid = Money(_refunds(dossier, PayoutState.CONFIRMED), dossier.order.currency)
        against, at = PaidAgainst(case.platform, case.decided_at, paid), case.overruled_at or case.decided_at
        return Decided(case.overruled_by, "person", at, hide(case.overruled_because), case.overruled, against)
    return Decided(case.decided_by, case.decided_as, case.decided_at, hide(case.because))


def _notes(dossier: Dossier) -> str:
    """What was noted, oldest first, each with who noted it."""
    return "\n".join([dossier.case.note, *(f"{by}: {text}" for by, text in dossier.notes)]).strip()


def _line_view(dossier: Dossier, line: CaseLine, order_line: OrderLine, judged: Judgement, hide: Hide) -> CaseLineView:
    """A line of a case; what is due on it is what was approved, and before that what the rules say."""
    by_rules = {each.number: each.cash for each in judged.amount.lines}
    due = by_rules.get(order_line.number, 0) if dossier.case.decision == Decision.REQUESTED else line.due
    return CaseLineView(
        line=order_line.number,
        sku=order_line.sku or order_line.number,
        title=hide(order_line.title),
        quantity=line.quantity,
        received=dossier.inspected(line),
        accepted=dossier.accepted(line),
        due=Money(due, dossier.order.currency),
        want=_target(dossier, line, order_line),
    )


def _target(dossier: Dossier, line: CaseLine, order_line: OrderLine) -> str | None:
    """What an exchange is to bring for a line, the same goods where nothing is against it; empty where nobody said."""
    if dossier.case.kind != Kind.EXCHANGE:
        return None
    same = (
        ""
        if unsaid(wish_of(dossier.case, dossier.order, None), line.quantity, line.want_sku)
        else order_line.sku or order_line.number
    )
    return line.want_sku or same


def _clocks(shop: Shop, dossier: Dossier) -> list[Clock]:
    """The clocks of a case as it stands. Once all of its money left only the platform's counts, as long as something is
    to be clicked there or its word on what was clicked is awaited.
    """
    case = dossier.case
    if case.filing == Filing.FINISHED:
        return []
    kind, decision, rules = Kind(case.kind), Decision(case.decision), shop.policy_named(case.policy)
    running = clocks(kind, decision, _times(dossier), rules, case.platform)
    if not _all_left(dossier):
        return running
    there = [clock for clock in running if clock.source == Source.PLATFORM]
    return [clock for clock in there if dossier.to_click or clock.unverified]


def _all_left(dossier: Dossier) -> bool:
    """Whether all money of an approved case that is about money alone has left: sent, or clicked on the platform. What
    waits for a second person or is to be sent has not.
    """
    if dossier.case.decision != Decision.APPROVED or dossier.case.kind not in BY_ITSELF:
        return False
    left = [
        p.minor for p in dossier.payouts if p.kind == "refund" and (p.state in LEFT or by_click(p, dossier.clicked))
    ]
    return dossier.due <= sum(left)


def _asked_there(dossier: Dossier) -> bool:
    """Whether the platform's last word is that it waits for the shop's answer to what was decided here."""
    case, clicks = dossier.case, dossier.to_click | dossier.clicked
    if not case.platform_number or case.platform_state not in {"", "requested"}:
        return False
    return bool(clicks) or (case.platform_state == "requested" and case.decision == Decision.APPROVED)


def _times(dossier: Dossier) -> Times:
    case, arrived = dossier.case, [parcel.received_at for parcel in dossier.parcels if parcel.received_at]
    evidence = dossier.intervention
    return Times(
        applied_at=case.applied_at,
        decided_at=case.decided_at,
        received_at=min(arrived) if arrived else None,
        platform_due_at=case.platform_due_at,
        returning=bool(_awaited(dossier)),
        extended=timedelta(days=dossier.extended),
        spoken_at=max(dossier.contacts, default=None),
        replied=bool(dossier.contacts or dossier.offers),
        offered=any(state == OfferState.MADE for state, _rung in dossier.offers),
        asked=_asked_there(dossier),
        clicked=bool(dossier.clicked),
        ended=ended_there(case),
        evidence_due_at=evidence.due_at if evidence and evidence.state == EscalationState.OPEN else None,
        evidence_estimated=bool(evidence and evidence.estimated),
    )


def platform_clock(shop: Shop, case: Case) -> Clock | None:
    """The platform's own clock on a click of a case; None where none is known."""
    running = _clocks(shop, dossier_of(shop, case))
    return next((x for x in running if x.source == Source.PLATFORM and x.name != EVIDENCE), None)


def return_address(shop: Shop, case: Case, order: Order) -> str:
    """Where the buyer sends the goods, by the shop's rules: the order's shop's address, or the only one there is."""
    known = shop.policy_named(case.policy).addresses
    return known.get(order.shop) or (next(iter(known.values())) if len(known) == 1 else "")


def _reason(shop: Shop, case: Case) -> CaseReason:
    """Why a case was opened; the shop's own sub-reason by its name, by its code where the rules know it no longer."""
    names = {own.code: own.name for own in shop.policy.reasons}
    return CaseReason(
        stated=case.reason_stated,
        set=case.reason_set,
        verified=case.reason_verified,
        fault=str(REASONS[case.reason].fault),
        detail=names.get(case.detail, case.detail) if case.detail else "",
    )


def _silent(shop: Shop, running: Sequence[Clock]) -> bool:
    """Whether it is time to ask the buyer again for what was agreed to and not sent."""
    return any(clock.name == "ask_again" and clock.past(shop.now) for clock in running)


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


def _order_facts(dossier: Dossier) -> dict[str, str]:
    order = dossier.order
    signed = when(order.signed_at)
    if order.signed_at and order.signed_by == "confirmed":
        signed += "（" + _("by the buyer's confirmation") + "）"
    at = when(order.shipped_at) if order.shipped_at else _("time unknown") if was_shipped(order) else ""
    sent = f"{at} {order.carrier} {dossier.waybills}".replace("  ", " ").strip()
    if not order.signed_at and order.status == DONE:
        signed = _("time unknown")
    paid = Money(order.paid, order.currency)
    return {
        "paid": _("{at}, {paid} with freight {freight}").format(
            at=when(order.paid_at), paid=paid, freight=Money(order.freight, order.currency)
        ),
        "sent": sent,
        "signed": signed if order.signed_at or order.status == DONE else "",
    }


def _proposal(shop: Shop, dossier: Dossier) -> str:
    """What the shop might offer: compensation where the fault is its own and the case is not about just that, and the
    freight that the buyer advanced.
    """
    case, currency = dossier.case, dossier.order.currency
    if case.filing == Filing.FINISHED or case.decision in {Decision.REJECTED, Decision.WITHDRAWN}:
        return ""
    offers, given, agreed = [], {payout.kind for payout in dossier.payouts}, case.decision == Decision.APPROVED
    amends = REASONS[case.reason].fault == Fault.MERCHANT and case.kind != Kind.ALLOWANCE and not case.misused
    if amends and "compensation" not in given:
        text = _("compensation of {amount}: retcli pay compensate {case} --coupon {amount}")
        if not agreed:
            text = _("a coupon of {amount}: retcli case offer {case} --rung coupon --amount {amount}")
        usual = str(Money(shop.policy.compensation, OWN_CURRENCY)) if currency == OWN_CURRENCY else _("‹amount›")
        offers.append(text.format(amount=usual, case=case.number))
    if agreed and way_back(shop, dossier) == Fault.MERCHANT and "freight" not in given:
        text = _("repay the way back once the buyer names it: retcli pay freight {case} --amount AMOUNT")
        offers.append(text.format(case=case.number))
    return "；".join(offers)
