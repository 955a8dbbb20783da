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


def axes(held: Dossier) -> stages.Axes:
    """The axes of a case that was read already."""
    case = held.case
    inspected = sum(held.inspected(line) for line, _order_line in held.lines)
    awaited = _awaited(held)
    return stages.Axes(
        kind=Kind(case.kind),
        decision=Decision(case.decision),
        filing=Filing(case.filing),
        pieces=sum(line.quantity for line, _order_line in held.lines),
        counted=inspected + held.uninspected,
        inspected=inspected,
        accepted=sum(held.accepted(line) for line, _order_line in held.lines),
        on_the_way=bool(awaited),
        settled_there=case.platform_succeeded_at is not None,
        ahead="goods_first" in held.waivers or (case.kind == Kind.REFUND_ONLY and "goods_back" in held.waivers),
        paying_click=bool(PAYING_CLICKS & held.to_click),
        clicked=bool(PAYING_CLICKS & held.clicked),
        arrived=_arrived(case, awaited),
        due=held.due,
        paid=sum(held.paid.values()),
        payouts=[PayoutState(p.state) for p in held.payouts if p.kind == "refund"],
        beside=[PayoutState(p.state) for p in held.payouts if p.kind != "refund"],
        replacements=held.replacements,
        actions=held.actions,
        intervention=held.intervention.state if held.intervention else "",
        open_there=bool(case.platform_number) and not ended_there(case),
    )


def _awaited(held: Dossier) -> list[Parcel]:
    """The parcels that a case waits for: where nothing is to come back, only the order's own that was intercepted."""
    if held.case.kind in COMING_BACK:
        return list(held.parcels)
    return [parcel for parcel in held.parcels if is_own(held, parcel)]


def _arrived(case: Case, awaited: Sequence[Parcel]) -> bool:
    """Whether what a case waits for is at the door: any parcel of a return, every one that was to be intercepted."""
    scanned = [parcel.state != ParcelState.EXPECTED for parcel in awaited]
    return any(scanned) if case.kind in COMING_BACK else bool(scanned) and all(scanned)


def view_of(shop: Shop, case: Case, *, whole: bool = False) -> CaseView:
    """The view of a case; `whole` with the facts that matter for its reason, for somebody who looks at it alone."""
    return _view(shop, dossier_of(shop, case), whole=whole)


def views_of(shop: Shop, cases: Sequence[Case]) -> list[CaseView]:
    """The views of many cases, read together."""
    return [_view(shop, held) for held in dossiers_of(shop, cases)]


def _view(shop: Shop, held: Dossier, *, whole: bool = False) -> CaseView:
    case = held.case
    order, judged, stand = held.order, judgement(shop, held), axes(held)
    running, hide = tuple(_clocks(shop, held)), hiding(order)
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
        lines=tuple(_line_view(held, line, on, judged, hide) for line, on in held.lines),
        so_far=money_so_far(held, judged),
        judgement=judged,
        clocks=running,
        payouts=tuple(_payout_of(payout, clicked=by_click(payout, held.clicked)) for payout in held.payouts),
        parcels=tuple(masking.waybill(parcel.waybill, hide) for parcel in held.parcels),
        earlier=held.together.earlier[case.id or 0],
        stands_out=tuple(hide(text) for text in highlights(shop, held)) if whole else (),
        policy=case.policy,
        order_facts=_order_facts(held),
        note=hide(_notes(held)),
        flag=case.flag or "",
        contacts=len(held.contacts),
        extended_days=held.extended,
        written_beside=beside(shop, case) if whole else None,
        proposal=_proposal(shop, held),
        next=next_step(shop, held, stand, judged, silent=_silent(shop, running)),
        return_address=return_address(shop, case, order) if stages.goods(stand) == "awaited" else "",
        decided=decided_of(held),
        open_there_until=next(
            (x.due_at for x in running if x.source == Source.PLATFORM and not x.past(shop.now)), None
        ),
        as_there=_as_there(case),
        there={name: hide(text) for name, text in _there(held).items()},
        at_stake=_at_stake(held, stand, judged),
        offers=tuple(
            offer_records.line_of(x, order, case, held.due) for x in held.together.offers.get(case.id or 0, [])
        ),
    )


def money_so_far(held: Dossier, judged: Judgement) -> CaseMoney:
    """How far the money of a case has come; what is due by the findings while nothing is decided."""
    case, currency = held.case, held.order.currency
    due = judged.amount.due if case.decision == Decision.REQUESTED else held.due
    clicked = sum(payout.minor for payout in held.payouts if by_click(payout, held.clicked))
    return CaseMoney(
        due=Money(due, currency),
        agreed_here=_agreed(held),
        waiting=Money(_refunds(held, PayoutState.WAITING), currency),
        to_send=Money(_refunds(held, PayoutState.DUE) - clicked, currency),
        clicked=Money(clicked, currency),
        sent=Money(_refunds(held, PayoutState.SENT, PayoutState.UNKNOWN), currency),
        paid=Money(_refunds(held, PayoutState.CONFIRMED, PayoutState.REVERSED), currency),
        beside=tuple(
            Beside(payout.kind, payout.method, Money(payout.minor, payout.currency), payout.state, held.order.platform)
            for payout in held.payouts
            if payout.kind != "refund" and payout.state != PayoutState.FAILED
        ),
    )


def _as_there(case: Case) -> bool:
    """Whether a case asks for just what its platform's last list says that the buyer applies for."""
    same_amount = None in (case.asked, case.platform_amount) or case.asked == case.platform_amount
    return case.platform_kind in {"", case.kind} and same_amount


def _agreed(held: Dossier) -> Money | None:
    """What was agreed to, None where nobody here has; nothing where the platform paid against our decision."""
    there = held.case.decided_as in DECIDED_THERE and not held.case.paid_against
    if held.case.decision != Decision.APPROVED or there:
        return None
    return Money(0 if held.case.paid_against else agreed_on(held), held.order.currency)


def _at_stake(held: Dossier, stand: stages.Axes, judged: Judgement) -> Money | None:
    """What a refused case may still cost because the platform stepped in: what was asked for there, else what the
    findings say; None where it did not.
    """
    if not stages.contested(stand):
        return None
    asked = held.case.platform_amount or held.case.asked or judged.amount.due
    return Money(asked, held.order.currency)


def _refunds(held: Dossier, *states: PayoutState) -> int:
    """The refunds of a case in some states, in minor units; what was reversed and its reversal cancel out."""
    return sum(p.minor for p in held.payouts if p.kind == "refund" and p.state in states)


def _there(held: Dossier) -> dict[str, str]:
    """What the platform's lists tell beside: the payment's number, by the refund or else by its order, who agreed and
    refunded there, and how.
    """
    case = held.case
    facts = {
        "payment_number": case.payment_number or held.order.payment_number,
        "way": case.platform_way,
        "reviewed_by": case.platform_reviewed_by,
        "refunded_by": case.platform_refunded_by,
        "at_once": case.platform_instant,
        "time": "estimated" if case.platform_estimated else "",
    }
    return {name: value for name, value in facts.items() if value}


def decided_of(held: Dossier) -> Decided | None:
    """Who decided a case, None while nobody has; with what the platform paid against what was decided here."""
    case, hide = held.case, hiding(held.order)
    if case.decided_at is None:
        return None
    if case.paid_against:
        paid = Money(_refunds(held, PayoutState.CONFIRMED), held.order.currency)
        against, at = PaidAgainst(case.platform, case.decided_at, paid), case.overruled_at or case.decided_at
        return Decided(case.overruled_by, "person", at, hide(case.overruled_because), case.overruled, against)
    return Decided(case.decided_by, case.decided_as, case.decided_at, hide(case.because))


def _notes(held: Dossier) -> str:
    """What was noted, oldest first, each with who noted it."""
    return "\n".join([held.case.note, *(f"{by}: {text}" for by, text in held.notes)]).strip()


def _line_view(held: Dossier, line: CaseLine, on: OrderLine, judged: Judgement, hide: Hide) -> CaseLineView:
    """A line of a case; what is due on it is what was approved, and before that what the rules say."""
    by_rules = {each.number: each.cash for each in judged.amount.lines}
    due = by_rules.get(on.number, 0) if held.case.decision == Decision.REQUESTED else line.due
    return CaseLineView(
        line=on.number,
        sku=on.sku or on.number,
        title=hide(on.title),
        quantity=line.quantity,
        received=held.inspected(line),
        accepted=held.accepted(line),
        due=Money(due, held.order.currency),
        want=_target(held, line, on),
    )


def _target(held: Dossier, line: CaseLine, on: OrderLine) -> str | None:
    """What an exchange is to bring for a line, the same goods where nothing is against it; empty where nobody said."""
    if held.case.kind != Kind.EXCHANGE:
        return None
    same = "" if unsaid(wish_of(held.case, held.order, None), line.quantity, line.want_sku) else on.sku or on.number
    return line.want_sku or same


def _clocks(shop: Shop, held: Dossier) -> list[Clock]:
    """The clocks of a case as it stands. Once all of its money left only the platform's counts, as long as something is
    to be clicked there or its word on what was clicked is awaited.
    """
    case = held.case
    if case.filing == Filing.FINISHED:
        return []
    kind, decision, rules = Kind(case.kind), Decision(case.decision), shop.policy_named(case.policy)
    running = clocks(kind, decision, _times(held), rules, case.platform)
    if not _all_left(held):
        return running
    there = [clock for clock in running if clock.source == Source.PLATFORM]
    return [clock for clock in there if held.to_click or clock.unverified]


def _all_left(held: Dossier) -> bool:
    """Whether all money of an approved case that is about money alone has left: sent, or clicked on the platform. What
    waits for a second person or is to be sent has not.
    """
    if held.case.decision != Decision.APPROVED or held.case.kind not in BY_ITSELF:
        return False
    left = [p.minor for p in held.payouts if p.kind == "refund" and (p.state in LEFT or by_click(p, held.clicked))]
    return held.due <= sum(left)


def _asked_there(held: Dossier) -> bool:
    """Whether the platform's last word is that it waits for the shop's answer to what was decided here."""
    case, clicks = held.case, held.to_click | held.clicked
    if not case.platform_number or case.platform_state not in {"", "requested"}:
        return False
    return bool(clicks) or (case.platform_state == "requested" and case.decision == Decision.APPROVED)


def _times(held: Dossier) -> Times:
    case, arrived = held.case, [parcel.received_at for parcel in held.parcels if parcel.received_at]
    evidence = held.intervention
    return Times(
        applied_at=case.applied_at,
        decided_at=case.decided_at,
        received_at=min(arrived) if arrived else None,
        platform_due_at=case.platform_due_at,
        returning=bool(_awaited(held)),
        extended=timedelta(days=held.extended),
        spoken_at=max(held.contacts, default=None),
        replied=bool(held.contacts or held.offers),
        offered=any(state == OfferState.MADE for state, _rung in held.offers),
        asked=_asked_there(held),
        clicked=bool(held.clicked),
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


def _order_facts(held: Dossier) -> dict[str, str]:
    order = held.order
    signed = when(order.signed_at)
    if order.signed_at and order.signed_by == "confirmed":
        signed += "（" + _("by the buyer's confirmation") + "）"
    at = when(order.shipped_at) if order.shipped_at else _("time unknown") if was_shipped(order) else ""
    sent = f"{at} {order.carrier} {held.waybills}".replace("  ", " ").strip()
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


def _proposal(shop: Shop, held: Dossier) -> str:
    """What the shop might offer: compensation where the fault is its own and the case is not about just that, and the
    freight that the buyer advanced.
    """
    case, currency = held.case, held.order.currency
    if case.filing == Filing.FINISHED or case.decision in {Decision.REJECTED, Decision.WITHDRAWN}:
        return ""
    offers, given, agreed = [], {payout.kind for payout in held.payouts}, case.decision == Decision.APPROVED
    amends = REASONS[case.reason].fault == Fault.MERCHANT and case.kind != Kind.ALLOWANCE and not case.misused
    if amends and "compensation" not in given:
        text = _("compensation of {amount}: retcli pay compensate {case} --coupon {amount}")
        if not agreed:
            text = _("a coupon of {amount}: retcli case offer {case} --rung coupon --amount {amount}")
        usual = str(Money(shop.policy.compensation, OWN_CURRENCY)) if currency == OWN_CURRENCY else _("‹amount›")
        offers.append(text.format(amount=usual, case=case.number))
    if agreed and way_back(shop, held) == Fault.MERCHANT and "freight" not in given:
        text = _("repay the way back once the buyer names it: retcli pay freight {case} --amount AMOUNT")
        offers.append(text.format(case=case.number))
    return "；".join(offers)
