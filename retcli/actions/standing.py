"""Where cases stand: their axes read from the books, and the view made of them."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from retcli.actions.judging import judgement_of
from retcli.language import _
from retcli.models import (
    Case,
    CaseLine,
    Inspection,
    Order,
    OrderLine,
    Parcel,
    ParcelCase,
    ParcelCount,
    Payout,
    PayoutPart,
    PlatformAction,
    Replacement,
)
from retcli.rules import stages
from retcli.rules.clocks import Times, clocks
from retcli.rules.freight import freight
from retcli.rules.lifecycles import (
    ActionState,
    Decision,
    Filing,
    Grade,
    Kind,
    ParcelState,
    PayoutState,
    ReplacementState,
)
from retcli.rules.money import Money
from retcli.rules.reasons import REASONS, Fault
from retcli.shop import Shop
from retcli.views import masking
from retcli.views.base import money, when
from retcli.views.cases import CaseLineView, CaseView
from retcli.views.words import word

GOODS, FREIGHT, WAY_BACK, AMENDS = "goods", "freight", "way_back", "amends"


def case_lines(shop: Shop, case: Case) -> list[tuple[CaseLine, OrderLine]]:
    """A case's lines with the order lines they stand on."""
    rows = shop.session.execute(
        select(CaseLine, OrderLine)
        .join(OrderLine, col(OrderLine.id) == col(CaseLine.line_id))
        .where(col(CaseLine.case_id) == case.id)
        .order_by(col(OrderLine.position))
    )
    return [(line, order_line) for line, order_line in rows]


def accepted(shop: Shop, case: Case) -> dict[int, tuple[int, int]]:
    """Pieces inspected and pieces accepted (not of grade X) by case line."""
    good = sa.case((col(Inspection.grade) != Grade.X, col(Inspection.quantity)), else_=0)
    sums = (sa.cast(sa.func.sum(Inspection.quantity), sa.BigInteger), sa.cast(sa.func.sum(good), sa.BigInteger))
    rows = shop.session.execute(
        sa.select(col(Inspection.case_line_id), *sums)
        .join(CaseLine, col(CaseLine.id) == col(Inspection.case_line_id))
        .where(col(CaseLine.case_id) == case.id)
        .group_by(col(Inspection.case_line_id))
    )
    return {line: (int(all_), int(fine)) for line, all_, fine in rows}


def payouts_of(shop: Shop, case: Case) -> list[Payout]:
    """The payouts of a case, oldest first."""
    query = sa.select(Payout).where(col(Payout.case_id) == case.id).order_by(col(Payout.id))
    return list(shop.session.scalars(query))


def paid_by_line(shop: Shop, case: Case) -> dict[int | None, int]:
    """What live payouts of a case give for each order line (under None: freight of the way out), in minor units."""
    rows = shop.session.execute(
        sa.select(col(PayoutPart.line_id), sa.cast(sa.func.sum(PayoutPart.minor), sa.BigInteger))
        .join(Payout, col(Payout.id) == col(PayoutPart.payout_id))
        .where(
            col(Payout.case_id) == case.id,
            col(Payout.state) != PayoutState.FAILED,
            col(PayoutPart.purpose).in_([GOODS, FREIGHT]),
        )
        .group_by(col(PayoutPart.line_id))
    )
    return {line: int(minor) for line, minor in rows}


def parcels_of(shop: Shop, case: Case) -> list[Parcel]:
    """The parcels that belong to a case."""
    query = sa.select(Parcel).join(ParcelCase, col(ParcelCase.parcel_id) == col(Parcel.id))
    return list(shop.session.scalars(query.where(col(ParcelCase.case_id) == case.id).order_by(col(Parcel.id))))


def axes_of(shop: Shop, case: Case) -> stages.Axes:
    """A case's axes as the books stand."""
    lines = case_lines(shop, case)
    seen = accepted(shop, case)
    parcels = parcels_of(shop, case)
    payouts = payouts_of(shop, case)
    outgoing = shop.session.scalars(sa.select(col(Replacement.state)).where(col(Replacement.case_id) == case.id))
    clicks = shop.session.scalars(sa.select(col(PlatformAction.state)).where(col(PlatformAction.case_id) == case.id))
    inspected = sum(all_ for all_, _good in seen.values())
    return stages.Axes(
        kind=Kind(case.kind),
        decision=Decision(case.decision),
        filing=Filing(case.filing),
        pieces=sum(line.quantity for line, _order_line in lines),
        counted=inspected + _uninspected(shop, parcels),
        inspected=inspected,
        accepted=sum(good for _all, good in seen.values()),
        on_the_way=bool(parcels),
        settled_there=case.platform_succeeded_at is not None,
        arrived=any(parcel.state != ParcelState.EXPECTED for parcel in parcels),
        due=sum(line.due for line, _order_line in lines) + case.freight_due,
        paid=sum(paid_by_line(shop, case).values()),
        payouts=[PayoutState(p.state) for p in payouts if p.kind == "refund"],
        beside=[PayoutState(p.state) for p in payouts if p.kind != "refund"],
        replacements=[ReplacementState(state) for state in outgoing],
        actions=[ActionState(state) for state in clicks],
    )


def _uninspected(shop: Shop, parcels: Sequence[Parcel]) -> int:
    """Pieces counted but not inspected yet in parcels that serve the case."""
    query = sa.select(sa.cast(sa.func.sum(ParcelCount.counted - ParcelCount.inspected), sa.BigInteger))
    left = shop.session.scalar(query.where(col(ParcelCount.parcel_id).in_([parcel.id for parcel in parcels])))
    return int(left or 0)


def view_of(shop: Shop, case: Case) -> CaseView:
    """The whole view of a case."""
    order = shop.session.get_one(Order, case.order_id)
    axes, judged = axes_of(shop, case), judgement_of(shop, case)
    lines, seen = case_lines(shop, case), accepted(shop, case)
    parcels = parcels_of(shop, case)
    due = judged.amount.due if case.decision == Decision.REQUESTED else axes.due
    return CaseView(
        number=case.number,
        order=order.number,
        kind=case.kind,
        stated=case.reason_stated,
        set_reason=case.reason_set,
        verified=case.reason_verified,
        fault=str(REASONS[case.reason].fault),
        owner=case.owner,
        decision=case.decision,
        goods=stages.goods(axes),
        money_axis=stages.money(axes),
        replacement=stages.replacement(axes),
        platform_action=stages.platform_action(axes),
        platform_status=case.platform_status,
        platform_number=case.platform_number or "",
        stage=stages.stage(axes),
        version=case.version,
        applied_at=case.applied_at,
        lines=tuple(_line_view(line, on, seen, order.currency) for line, on in lines),
        due=Money(due, order.currency),
        paid=Money(axes.paid, order.currency),
        judgement=judged,
        clocks=tuple(_clocks(shop, case, axes, parcels)),
        payouts=tuple(payout_facts(payout) for payout in payouts_of(shop, case)),
        parcels=tuple(parcel.waybill for parcel in parcels),
        earlier=_earlier(shop, case),
        order_facts=_order_facts(order),
        note=masking.free_text(case.note),
        proposal=_proposal(shop, case, axes, order),
        next_step=next_step(case, axes),
    )


def _line_view(line: CaseLine, on: OrderLine, seen: Mapping[int, tuple[int, int]], currency: str) -> CaseLineView:
    received, good = seen.get(line.id or 0, (0, 0))
    sku = on.sku or on.number
    return CaseLineView(on.number, sku, on.title, line.quantity, received, good, Money(line.due, currency))


def _clocks(shop: Shop, case: Case, axes: stages.Axes, parcels: Sequence[Parcel]) -> list[Any]:
    if axes.filing == Filing.FINISHED:
        return []
    arrived = [parcel.received_at for parcel in parcels if parcel.received_at]
    times = Times(
        applied_at=case.applied_at,
        decided_at=case.decided_at,
        received_at=min(arrived) if arrived else None,
        platform_due_at=case.platform_due_at,
        returning=axes.on_the_way,
    )
    paid_up = (
        axes.decision == Decision.APPROVED and axes.due <= axes.paid and axes.kind in {Kind.RETURN, Kind.REFUND_ONLY}
    )
    return [] if paid_up else clocks(axes.kind, axes.decision, times, shop.policy)


def payout_facts(payout: Payout) -> dict[str, Any]:
    """A payout as it stands inside a case's document."""
    return {
        "number": payout.number,
        "kind": payout.kind,
        "method": payout.method,
        "money": money(Money(payout.minor, payout.currency)),
        "state": payout.state,
        "request": payout.request,
    }


def _earlier(shop: Shop, case: Case) -> tuple[str, ...]:
    """Other cases of the same order, or of the same buyer where the name is known and not masked."""
    order = shop.session.get_one(Order, case.order_id)
    same = [col(Case.order_id) == case.order_id]
    if order.buyer and "*" not in order.buyer:
        same.append(col(Case.order_id).in_(sa.select(col(Order.id)).where(col(Order.buyer) == order.buyer)))
    query = sa.select(col(Case.number)).where(sa.or_(*same), col(Case.id) < case.id).order_by(col(Case.id).desc())
    return tuple(shop.session.scalars(query.limit(9)))


def _order_facts(order: Order) -> dict[str, str]:
    signed = when(order.signed_at)
    if order.signed_at and order.signed_by == "confirmed":
        signed += "（" + _("by the buyer's confirmation") + "）"
    sent = f"{when(order.shipped_at)} {order.carrier} {order.waybill}".replace("- ", "").strip()
    paid = Money(order.paid, order.currency)
    return {
        "paid": _("{at}, {paid} with freight {freight}").format(
            at=when(order.paid_at), paid=paid, freight=Money(order.freight, order.currency)
        ),
        "sent": sent,
        "signed": signed if order.signed_at else "",
    }


def _proposal(shop: Shop, case: Case, axes: stages.Axes, order: Order) -> str:
    """What the shop might offer: compensation where the fault is its own, and the freight that the buyer advanced."""
    if axes.filing == Filing.FINISHED or axes.decision in {Decision.REJECTED, Decision.WITHDRAWN}:
        return ""
    offers = []
    own = REASONS[case.reason].fault == Fault.MERCHANT
    payouts = payouts_of(shop, case)
    if own and not any(payout.kind == "compensation" for payout in payouts):
        text = _("compensation of {amount}: retcli pay compensate {case} --coupon {amount}")
        offers.append(text.format(amount=Money(shop.policy.compensation), case=case.number))
    back = freight(Kind(case.kind), case.reason, shipped=bool(order.waybill), whole=False).back
    if back == Fault.MERCHANT and not any(payout.kind == "freight" for payout in payouts):
        text = _("repay the way back once the buyer names it: retcli pay freight {case} --amount A")
        offers.append(text.format(case=case.number))
    return "；".join(offers)


_COMMANDS = {
    "to_decide": "retcli case approve {case} / retcli case reject {case} --because …",
    "to_click": "retcli platform todo",
    "in_transit": "retcli scan",
    "to_inspect": "retcli parcel inspect {case} --item SKU=N:A",
    "to_ship": "retcli case ship {case} --waybill …",
    "to_pay": "retcli pay refund {case}",
    "to_countersign": "retcli pay list / retcli pay approve …",
    "paying": "retcli import … / retcli pay confirm …",
    "to_find_out": "retcli pay confirm … / retcli pay fail …",
    "to_finish": "retcli case finish {case}",
    "rejected": "retcli case finish {case}",
    "withdrawn": "retcli case finish {case}",
}


def next_step(case: Case, axes: stages.Axes) -> str:
    """The command that takes a case on; empty where the next step is the buyer's."""
    return _COMMANDS.get(stages.stage(axes), "").format(case=case.number)


def stage_word(shop: Shop, case: Case) -> str:
    """The stage of a case as a word."""
    return word(stages.stage(axes_of(shop, case)))
