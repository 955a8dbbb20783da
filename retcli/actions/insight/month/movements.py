"""The rows of a month's workbook: every payout booked in it, every refund of the platforms, every piece inspected."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.derivations import decided_otherwise, derivations
from retcli.actions.casefile.records.platform_payments import PLATFORM
from retcli.actions.insight.month.booked import Original, booked, booked_cases, off_route, whole, within
from retcli.actions.orderfile.persons import hiding
from retcli.models import (
    Case,
    CaseLine,
    Inspection,
    Order,
    OrderLine,
    Parcel,
    ParcelCase,
    Payout,
    PayoutPart,
    Product,
)
from retcli.rules.casefile.amounts import Step
from retcli.rules.casefile.reasons import REASONS
from retcli.rules.lifecycles import COMING_BACK, PayoutState
from retcli.rules.money.agreed_there import AgreedThere, By
from retcli.rules.money.minor_units import POINTS, Money, in_order
from retcli.rules.money.payouts import AMENDS, COMPENSATION, OVER, REFUND, money_kind
from retcli.rules.money.reconciliation import BEFORE, BEYOND, OwnPayout, PlatformRefund
from retcli.rules.periods import Period
from retcli.rules.policy.policy import OWN_CURRENCY
from retcli.sheets.month import GoodsIn, Movement, Remark, RemarkKind
from retcli.sheets.paid_at_once import PaidAtOnce
from retcli.shop import Shop
from retcli.views import masking
from retcli.words import word


@dataclass
class Matter:
    """One refund through a platform, on both sides: our payouts and the platform's refund; who agreed there; whether it
    is a price `protection` (价保) of the platform's; `label`, its class of difference at a period's end ("" for none).
    In minor units: what was `booked` in the period on our side and `refunded` on the platform's (`refunded_at` the last
    time; what it closed takes off), `over` of it beyond the order (a class of its own), what of it was written down
    `afterwards` as the platform paid it, and what was paid another way `beside` it by the time of the export;
    `gave_way_at` is when a refund of ours was let go that gave way to what the platform paid, `agreed_before` what had
    been agreed to here on an earlier application.
    """

    case: str
    bill: str
    order: str
    shop: str
    platform: str
    currency: str
    theirs: PlatformRefund | None
    agreed_there: AgreedThere
    ours: list[OwnPayout] = field(default_factory=list)
    label: str = ""
    booked: int = 0
    refunded: int = 0
    refunded_at: datetime | None = None
    over: int = 0
    afterwards: int = 0
    beside: int = 0
    gave_way_at: datetime | None = None
    agreed_before: Money | None = None
    protection: bool = False

    @property
    def let_go_at(self) -> datetime | None:
        """When a refund of ours was first let go, where that was before the platform paid; None where it was not."""
        paid_at = self.theirs.succeeded_at if self.theirs else None
        ours = [p.decided_at for p in self.ours if p.own and p.minor > 0] + (
            [self.gave_way_at] if self.gave_way_at else []
        )
        return min(ours) if ours and paid_at and min(ours) <= paid_at else None

    @property
    def from_before(self) -> int:
        """What was refunded in the period and is from before the books, without what exceeds its order; minor units."""
        return self.refunded - self.over if self.label == BEFORE or self.closed_from_before else 0

    @property
    def closed_from_before(self) -> bool:
        """Whether it is from before the books and was closed since: in no difference, but to be taken back here."""
        return bool(self.theirs and self.theirs.from_before and self.theirs.closed and self.theirs.was_closed)

    @property
    def gap(self) -> int:
        """Our side in the period less the platform's, without what is from before the books; minor units."""
        return self.booked - self.refunded + self.from_before

    @property
    def labels(self) -> tuple[str, ...]:
        """Its classes of difference: of what its order had, and of what exceeds the order."""
        return tuple(label for label in (self.label, BEYOND if self.over else "") if label)


@dataclass
class Parts:
    """What a payout pays for: minor units by purpose, and by line its product and the case's pieces of it."""

    purposes: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    lines: dict[int, tuple[str, int]] = field(default_factory=dict)

    @property
    def skus(self) -> tuple[str, ...]:
        """Its products, each once."""
        return tuple(dict.fromkeys(sku for sku, _pieces in self.lines.values()))

    @property
    def pieces(self) -> int:
        """The case's pieces of its lines, each line once however many parts it has."""
        return sum(pieces for _sku, pieces in self.lines.values())


def movements(shop: Shop, period: Period, matters: Mapping[int, Matter]) -> list[Movement]:
    """A row for every payout booked in a period, and for every refund of a platform that has none in it, by currency
    and time. What the platform says stands on the first row of a refund only, so that each column adds up.
    """
    rows = _payouts_booked(shop, period)
    refunds = {case.id: case for payout, case, *_rest in rows if payout.kind == REFUND}
    earlier = decided_otherwise(shop, [(payout, case) for payout, case, *_rest in rows if payout.kind == REFUND])
    amounts = defaultdict[int, set[int]](set)
    for payout, case, *_rest in rows:
        amounts[case.id] |= {earlier[payout.id]} if payout.id in earlier else set()
    steps = derivations(shop, list(refunds.values()), amounts)
    received, parts, agreed = _received(shop, period), _parts(shop, period), _agreed_on_lines(shop, period)
    on_a_row: set[int] = set()
    movements = []
    for payout, case, order, original, beside in rows:
        refund = payout.kind == REFUND
        # money that went another way is on neither side of what is matched: it has a row and no class
        matter = matters.get(case.id) if refund and not beside else None
        first = matter is not None and case.id not in on_a_row
        on_a_row |= {case.id} if first else set()
        beside_ours = payout.origin == PLATFORM and original is None and matter is not None and _agreed_part(matter)
        explained = refund and original is None and not beside_ours
        derivation = steps.get((case.id, earlier.get(payout.id)), ()) if explained else ()
        remark = _remark(payout, hiding(order)(payout.because), original, derivation)
        if matter is not None and beside_ours:
            remark = _paid_there_beside(payout, matter, agreed.get(case.id, 0) + (case.freight_agreed or 0))
        arrived = received.get(case.id)
        at_once = _at_once(case, matter, payout.settled_at, arrived) if original is None else None
        facts = _Facts(payout.settled_at, arrived, parts[payout.id], matter, first, derivation, remark, at_once)
        movements.append(_movement(payout, case, order, facts))
    alone = {key for key, matter in matters.items() if matter.refunded} - on_a_row
    movements += _of_the_platform(shop, {key: matters[key] for key in alone})
    return sorted(movements, key=lambda row: (in_order(row.currency), row.booked_at))


def _agreed_part(matter: Matter) -> bool:
    """Whether what was agreed to on a refund is a payout of its own, so that its calculation does not explain what the
    platform paid above it.
    """
    return any(payout.own for payout in matter.ours)


def _agreed_on_lines(shop: Shop, period: Period) -> dict[int | None, int]:
    """What was agreed to on the lines of the cases with money booked in the period, in minor units by case id."""
    agreed = sa.select(col(CaseLine.case_id), whole(CaseLine.agreed)).where(
        col(CaseLine.case_id).in_(booked_cases(period))
    )
    return {case_id: int(minor or 0) for case_id, minor in shop.session.execute(agreed.group_by(col(CaseLine.case_id)))}


def _paid_there_beside(payout: Payout, matter: Matter, agreed: int) -> Remark:
    """The remark on what a platform paid by itself beside a refund of ours: what of it exceeds all that was `agreed` to
    (minor units); money that merely left before its goods were in does not.
    """
    # by numbers, which rise: what was paid later exceeds by itself
    before = [p for p in matter.ours if p.minor > 0 and p.number < payout.number and p.state != PayoutState.REVERSED]
    paid = sum(p.within for p in before) + matter.beside + payout.minor
    above, amount = min(max(paid - agreed, 0), payout.minor), Money(payout.minor, payout.currency)
    if not above:
        return Remark(RemarkKind.REST_PAID_THERE, amount)
    if above == payout.minor:
        return Remark(RemarkKind.ABOVE_AGREED, amount)
    return Remark(RemarkKind.PARTLY_ABOVE, amount, above=Money(above, payout.currency))


def _payouts_booked(shop: Shop, period: Period) -> Sequence[Any]:
    """The payouts booked in a period, in the order in which they were settled: payout, case, order, number of the
    payout that it reverses, and whether it is a refund by another way than the platform's.
    """
    return shop.session.execute(
        sa.select(Payout, Case, Order, col(Original.number), off_route())
        .join(Case, col(Case.id) == col(Payout.case_id))
        .join(Order, col(Order.id) == col(Payout.order_id))
        .outerjoin(Original, col(Original.id) == col(Payout.reverses_id))
        .where(*booked(period))
        .order_by(col(Payout.settled_at), col(Payout.id))
    ).all()


def _of_the_platform(shop: Shop, matters: Mapping[int, Matter]) -> list[Movement]:
    """Refunds that succeeded on the platform without money of ours booked beside them."""
    query = sa.select(Case, Order).join(Order, col(Order.id) == col(Case.order_id)).where(col(Case.id).in_(matters))
    movements = []
    for case, order in shop.session.execute(query.order_by(col(Case.id))):
        matter = matters[case.id or 0]
        if matter.refunded_at is not None:
            facts = _Facts(matter.refunded_at, None, Parts(), matter, True, (), None)
            movements.append(_movement(None, case, order, facts))
    return sorted(movements, key=lambda row: row.booked_at)


@dataclass(frozen=True)
class _Facts:
    """The facts of a row beside its payout, case and order; `first` marks the first row of a refund, which has its
    sums.
    """

    at: datetime
    received_at: datetime | None
    parts: Parts
    matter: Matter | None
    first: bool
    steps: tuple[Step, ...]
    remark: Remark | None
    at_once: PaidAtOnce | None = None


def _movement(payout: Payout | None, case: Case, order: Order, facts: _Facts) -> Movement:
    """The row of a payout, or, without one, of a refund that the platform made alone."""
    matter = facts.matter
    sums = matter if facts.first else None
    return Movement(
        case=case.number,
        bill=case.platform_number or "",
        order=order.number,
        shop=order.shop,
        platform=order.platform,
        # points are no currency of a sheet: their row stands among those of the order's
        currency=payout.currency if payout and payout.currency != POINTS else order.currency,
        skus=facts.parts.skus,
        pieces=facts.parts.pieces if payout and payout.reverses_id is None else 0,
        kind=_money_kind(payout, case, facts.parts),
        case_kind=case.kind,
        reason=case.reason,
        fault=str(REASONS[case.reason].fault),
        applied_at=case.last_applied_at,
        agreed_at=_agreed(case, facts.at),
        received_at=facts.received_at,
        booked_at=facts.at,
        money=Money(payout.minor, payout.currency) if payout else None,
        parts=_purposes(payout, case, facts.parts),
        method=payout.method if payout else "",
        number=payout.number if payout else "",
        request=payout.request if payout else "",
        state=payout.state if payout else "",
        refunded=Money(sums.refunded, order.currency) if sums and sums.refunded else None,
        matching=matter.labels if matter else (),
        own=Money(sums.booked, order.currency) if sums and sums.booked else None,
        gap=Money(sums.gap, order.currency) if sums else None,
        decided_by=payout.decided_by if payout else "",
        approved_by=(payout.approved_by or "") if payout else "",
        steps=facts.steps,
        remark=facts.remark,
        at_once=facts.at_once,
        why=_why(payout, case, hiding(order)),
        payment=case.payment_number or order.payment_number,
    )


def _money_kind(payout: Payout | None, case: Case, parts: Parts) -> str:
    """The kind of a row: that of its payout, or a refund where the platform paid alone."""
    if payout is None:
        return money_kind(REFUND, case.kind, 0, 0, protection=True) if case.is_protection else REFUND
    over = parts.purposes.get(OVER, 0)
    return money_kind(payout.kind, case.kind, payout.minor, over, protection=case.is_protection)


def _purposes(payout: Payout | None, case: Case, parts: Parts) -> dict[str, int]:
    """What a payout pays for, in minor units by purpose; a compensation is all amends but for what exceeds the
    order.
    """
    if _money_kind(payout, case, parts) != COMPENSATION:
        return parts.purposes
    over = parts.purposes.get(OVER, 0)
    return {AMENDS: sum(parts.purposes.values()) - over, OVER: over}


def _agreed(case: Case, booked_at: datetime) -> datetime | None:
    """When a case was agreed to; None where it was only written down after the money was booked, by a later import."""
    # an import that finds a refund paid decides its case only then: that instant says nothing of the shop's pace
    return case.decided_at if case.decided_at and case.decided_at <= booked_at else None


def _remark(payout: Payout, because: str, original: str | None, steps: Sequence[Step]) -> Remark | None:
    """What the calculation of a payout does not tell: that it is a part of what is due, a reversal, why it was
    given.
    """
    amount = Money(payout.minor, payout.currency)
    if original is not None:
        return Remark(RemarkKind.TAKES_BACK, amount, payout=original, why=because)
    if steps and payout.origin == PLATFORM:
        return None if payout.minor == steps[-1].money else Remark(RemarkKind.PAID_BY_PLATFORM, amount)
    if steps and payout.minor != steps[-1].money:
        return Remark(RemarkKind.PART_OF_DUE, amount)
    if payout.kind == "freight":
        return Remark(RemarkKind.FREIGHT_ADVANCED, amount)
    return Remark(RemarkKind.AS_WRITTEN, amount, why=because)


def _at_once(case: Case, matter: Matter | None, paid_at: datetime, came_at: datetime | None) -> PaidAtOnce | None:
    """What is to be known of a refund for which the platform answered at once; None of any other."""
    if matter is None or matter.agreed_there.by != By.AT_ONCE:
        return None
    return PaidAtOnce(paid_at, case.kind in COMING_BACK, came_at)


def _why(payout: Payout | None, case: Case, hide: Callable[[str], str]) -> str:
    """Why money was given: what was written with the payout, else with the decision, else the case's reason."""
    written = (payout.because if payout else "") or case.because
    return hide(written) if written else word(case.reason)


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
        .add_columns(col(PayoutPart.line_id), col(OrderLine.sku), col(OrderLine.number), col(CaseLine.quantity))
        .join(Payout, col(Payout.id) == col(PayoutPart.payout_id))
        .join(Case, col(Case.id) == col(Payout.case_id))
        .outerjoin(OrderLine, col(OrderLine.id) == col(PayoutPart.line_id))
        .outerjoin(CaseLine, sa.and_(col(CaseLine.case_id) == Case.id, col(CaseLine.line_id) == OrderLine.id))
        .where(*booked(period))
        .order_by(col(PayoutPart.id))
    )
    parts: dict[int, Parts] = defaultdict(Parts)
    # the outer joins: freight and amends stand for no line, and of a line the case may have no pieces
    for payout_id, purpose, minor, line_id, sku, number, quantity in rows:
        parts[payout_id].purposes[purpose] += minor
        if number is not None:
            parts[payout_id].lines[line_id] = sku or number, quantity or 0
    return parts


def goods_in(shop: Shop, period: Period) -> list[GoodsIn]:
    """The inspections of a period, oldest first, with the cost of their pieces in the shop's own currency."""
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
            waybill=masking.waybill(waybill),
            case=case or "",
            order=order or "",
            sku=inspection.sku,
            name=name or "",
            pieces=inspection.quantity,
            grade=inspection.grade,
            disposition=inspection.disposition,
            at=inspection.at,
            by=inspection.by,
            cost=None if cost is None else Money(cost * inspection.quantity, OWN_CURRENCY),
        )
        for inspection, parcel, waybill, case, order, name, cost in rows
    ]
