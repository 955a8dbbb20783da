"""The rows of a month's workbook: every payout booked in it, and every piece inspected."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from retcli.actions.derivations import derivations
from retcli.actions.persons import hiding
from retcli.language import _
from retcli.models import Case, CaseLine, Inspection, Order, OrderLine, Parcel, ParcelCase, Payout, PayoutPart, Product
from retcli.rules.amounts import Step
from retcli.rules.analysis import Period
from retcli.rules.lifecycles import PayoutState
from retcli.rules.money import Money
from retcli.rules.payouts import OwnPayout, PlatformRefund
from retcli.rules.policy import OWN_CURRENCY
from retcli.rules.reasons import REASONS
from retcli.sheets.month import GoodsIn, Movement
from retcli.shop import Shop

REFUND, COMPENSATION, PLATFORM = "refund", "compensation", "platform"

Original = aliased(Payout)
booked_at = sa.func.coalesce(
    col(Payout.settled_at), sa.case((col(Payout.kind) == REFUND, col(Case.platform_succeeded_at)))
)
"""When a payout counts as paid: its own time, else the platform's where that paid while ours was still open."""


@dataclass
class Matter:
    """One refund through the platform on both sides: the case, ours and theirs; its class at the end of a period, and
    what was booked in the period on our side and refunded on the platform's (minor units).
    """

    case: str
    bill: str
    order: str
    shop: str
    currency: str
    theirs: PlatformRefund | None
    ours: list[OwnPayout] = field(default_factory=list)
    label: str = ""
    booked: int = 0
    refunded: int = 0


@dataclass
class Parts:
    """What a payout stands for: minor units by purpose, and pieces of the case by product."""

    purposes: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    pieces: dict[str, int] = field(default_factory=dict)


def booked(period: Period) -> tuple[Any, ...]:
    """That a payout was booked in the period; the query joins Case."""
    return within(booked_at, period), col(Payout.state) != PayoutState.FAILED


def within(column: Any, period: Period) -> Any:
    """That an instant lies in the period."""
    return sa.and_(column >= period.start, column < period.end)


def booked_cases(period: Period) -> Any:
    """The cases with money booked in the period, as a query of their ids."""
    query = sa.select(col(Payout.case_id)).join(Case, col(Case.id) == col(Payout.case_id))
    return query.where(*booked(period))


def movements(shop: Shop, period: Period, matters: Mapping[int, Matter]) -> list[Movement]:
    """Every payout booked in the period, oldest first; what the platform says stands on a refund's first."""
    rows = shop.session.execute(
        sa.select(Payout, Case, Order, booked_at, col(Original.number))
        .join(Case, col(Case.id) == col(Payout.case_id))
        .join(Order, col(Order.id) == col(Payout.order_id))
        .outerjoin(Original, col(Original.id) == col(Payout.reverses_id))
        .where(*booked(period))
        .order_by(booked_at, col(Payout.id))
    ).all()
    refunds = {case.id: case for payout, case, *_rest in rows if payout.kind == REFUND}
    steps = derivations(shop, list(refunds.values()))
    received, parts = _received(shop, period), _parts(shop, period)
    told: set[int] = set()
    made = []
    for payout, case, order, at, original in rows:
        refund = payout.kind == REFUND
        matter = matters.get(case.id) if refund else None
        first = matter is not None and case.id not in told
        told |= {case.id} if first else set()
        shown = steps.get(case.id, ()) if refund and original is None else ()
        remark = _remark(payout, hiding(order)(payout.because), original, shown)
        facts = _Facts(at, received.get(case.id), parts[payout.id], matter, first, shown, remark)
        made.append(_movement(payout, case, order, facts))
    return made


@dataclass(frozen=True)
class _Facts:
    """What is known of a payout beside its own row."""

    at: datetime
    received_at: datetime | None
    parts: Parts
    matter: Matter | None
    first: bool
    steps: tuple[Step, ...]
    remark: str


def _movement(payout: Payout, case: Case, order: Order, known: _Facts) -> Movement:
    matter = known.matter
    telling = matter if known.first else None
    return Movement(
        case=case.number,
        bill=case.platform_number or "",
        order=order.number,
        shop=order.shop,
        platform=order.platform,
        skus=tuple(known.parts.pieces),
        pieces=sum(known.parts.pieces.values()) if payout.reverses_id is None else 0,
        kind=payout.kind,
        case_kind=case.kind,
        reason=case.reason,
        fault=str(REASONS[case.reason].fault),
        applied_at=case.applied_at,
        agreed_at=_agreed(case, known.at),
        received_at=known.received_at,
        booked_at=known.at,
        money=Money(payout.minor, payout.currency),
        parts=known.parts.purposes,
        method=payout.method,
        number=payout.number,
        request=payout.request,
        state=payout.state,
        refunded=Money(telling.refunded, order.currency) if telling and telling.refunded else None,
        matching=matter.label if matter else "",
        gap=Money(telling.booked - telling.refunded, order.currency) if telling else None,
        decided_by=payout.decided_by,
        approved_by=payout.approved_by or "",
        steps=known.steps,
        remark=known.remark,
    )


def _agreed(case: Case, booked_at: datetime) -> datetime | None:
    """When the case was agreed to; what was agreed on the platform is known only by the later import."""
    return case.decided_at if case.decided_at and case.decided_at <= booked_at else None


def _remark(payout: Payout, because: str, original: str | None, steps: Sequence[Step]) -> str:
    """What the derivation does not say: a part of what is due, a reversal, why compensation was given."""
    if original is not None:
        return _("Takes back {payout}: {why}").format(payout=original, why=because)
    if steps and payout.minor != steps[-1].money:
        return _("now {amount} of it").format(amount=Money(payout.minor, payout.currency))
    return _("Freight of the way back that the buyer advanced") if payout.kind == "freight" else because


def _received(shop: Shop, period: Period) -> dict[int, datetime]:
    """When the first parcel of a case arrived, of the cases with money booked in the period."""
    rows = shop.session.execute(
        sa.select(col(ParcelCase.case_id), sa.func.min(Parcel.received_at))
        .join(Parcel, col(Parcel.id) == col(ParcelCase.parcel_id))
        .where(col(ParcelCase.case_id).in_(booked_cases(period)), col(Parcel.received_at).is_not(None))
        .group_by(col(ParcelCase.case_id))
    )
    return {row[0]: row[1] for row in rows}


def _parts(shop: Shop, period: Period) -> dict[int, Parts]:
    """What each payout booked in the period stands for."""
    rows = shop.session.execute(
        sa.select(col(PayoutPart.payout_id), col(PayoutPart.purpose), col(PayoutPart.minor))
        .add_columns(col(OrderLine.sku), col(OrderLine.number), col(CaseLine.quantity))
        .join(Payout, col(Payout.id) == col(PayoutPart.payout_id))
        .join(Case, col(Case.id) == col(Payout.case_id))
        .outerjoin(OrderLine, col(OrderLine.id) == col(PayoutPart.line_id))
        .outerjoin(CaseLine, sa.and_(col(CaseLine.case_id) == Case.id, col(CaseLine.line_id) == OrderLine.id))
        .where(*booked(period))
        .order_by(col(PayoutPart.id))
    )
    found: dict[int, Parts] = defaultdict(Parts)
    for payout_id, purpose, minor, sku, number, quantity in rows:
        found[payout_id].purposes[purpose] += minor
        if number is not None:
            name = sku or number
            found[payout_id].pieces[name] = found[payout_id].pieces.get(name, 0) + (quantity or 0)
    return found


def goods_in(shop: Shop, period: Period) -> list[GoodsIn]:
    """Every piece inspected in the period, oldest first, with its cost in minor units of CNY."""
    rows = shop.session.execute(
        sa.select(Inspection, col(Parcel.number), col(Parcel.waybill), col(Case.number), col(Order.number))
        .add_columns(col(Product.name), col(Product.cost))
        .join(Parcel, col(Parcel.id) == col(Inspection.parcel_id))
        .outerjoin(CaseLine, col(CaseLine.id) == col(Inspection.case_line_id))
        .outerjoin(Case, col(Case.id) == col(CaseLine.case_id))
        .outerjoin(Order, col(Order.id) == col(Case.order_id))
        .outerjoin(Product, col(Product.sku) == col(Inspection.sku))
        .where(within(Inspection.at, period))
        .order_by(col(Inspection.id))
    )
    return [
        GoodsIn(
            parcel=parcel,
            waybill=waybill,
            case=case or "",
            order=order or "",
            sku=seen.sku,
            name=name or "",
            pieces=seen.quantity,
            grade=seen.grade,
            disposition=seen.disposition,
            at=seen.at,
            by=seen.by,
            cost=None if cost is None else Money(cost * seen.quantity, OWN_CURRENCY),
        )
        for seen, parcel, waybill, case, order, name, cost in rows
    ]
