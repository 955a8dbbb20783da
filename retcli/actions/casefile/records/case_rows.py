"""Reads the rows that hang on cases, in as many statements for two thousand cases as for one."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from retcli.actions.casefile.records import given_amends, parcel_pieces
from retcli.actions.casefile.records import sent_back as sendings
from retcli.actions.casefile.records.ledger import LedgerEntry, entries
from retcli.actions.casefile.records.noted_beside import Written, written_beside
from retcli.actions.casefile.records.stopping import Stop, stops_of
from retcli.actions.orderfile import step_memory
from retcli.actions.orderfile.questioned_paid import Questioned, questioned
from retcli.actions.orderfile.refunded_on_platform import gone_of
from retcli.actions.orderfile.sent_orders import lost_orders, orders_out, waybills_of_each
from retcli.actions.orderfile.until_answered import claims_of
from retcli.models import (
    Case,
    CaseLine,
    Inspection,
    Offer,
    Order,
    OrderLine,
    Parcel,
    ParcelCase,
    ParcelCount,
    Payout,
    PayoutPart,
    PlatformAction,
    Product,
    Replacement,
)
from retcli.models.base import instant_of
from retcli.models.register import Escalation
from retcli.models.tracking import Movement
from retcli.rules.casefile.reasons import breach
from retcli.rules.lifecycles import Decision, Filing, Grade, Kind, ReplacementState
from retcli.rules.money.amends import Given, Leave
from retcli.rules.money.lesser_paid import Claim
from retcli.shop import Shop

EARLIER_SHOWN = 9
"""Earlier cases that are named at most."""
_IDS: sa.BindParameter[int] = sa.bindparam("ids", expanding=True)


@dataclass
class CaseRows:
    """The rows of some cases by case id. `bought`: the order with each of its lines, the case's line on it and the
    product; `paid`: payouts, oldest first, with each part (purpose, order line, minor units); `parcels`: each with its
    pieces that are counted and not inspected; `grades`: inspected pieces by case line (not by case); `renewed_at`: when
    the buyer got other pieces for these in an earlier exchange.
    """

    bought: Mapping[int, Sequence[Any]]
    paid: Mapping[int, Sequence[Any]]
    parcels: Mapping[int, Sequence[Any]]
    grades: Mapping[int, Mapping[Grade, int]]
    written: Mapping[int, Written]
    renewed_at: Mapping[int, datetime | None]


def rows_of(shop: Shop, cases: Sequence[Case]) -> CaseRows:
    """Reads the rows of some cases; of one that an import has opened a moment ago they come from the step's memory."""
    if len(cases) == 1 and step_memory.hanging(shop, CaseLine, cases[0]) is not None:
        return _opened_rows(shop, cases[0])
    ids = [case.id or 0 for case in cases]
    # an earlier exchange matters only where the shop, its supplier or the carrier answers for the reason
    renewable = [case.id or 0 for case in cases if breach(case.reason) and not _is_alone(shop, case)]
    return CaseRows(
        bought=_by_case(shop.session.execute(_BOUGHT, {"ids": ids})),
        paid=_by_case(shop.session.execute(_PAID, {"ids": ids})),
        parcels=_by_case(shop.session.execute(_PARCELS, {"ids": ids})),
        grades=_grades(shop, ids),
        written=written_beside(shop, cases),
        renewed_at=_renewed_at(shop, renewable) if renewable else {},
    )


def _opened_rows(shop: Shop, case: Case) -> CaseRows:
    """The rows of a case that an import has opened a moment ago, without a question to the database: nobody can have
    waived, proved, noted or inspected anything yet.
    """
    memory, key = step_memory.of(shop), case.id or 0
    case_lines = {line.line_id: line for line in step_memory.hanging(shop, CaseLine, case) or []}
    order, lines = step_memory.order_of(shop, case), memory.lines[case.order_id]
    bought: list[Any] = [(order, line, case_lines.get(line.id or 0), memory.products.get(line.sku)) for line in lines]
    bought = bought or [(order, None, None, None)]
    payouts, parts = step_memory.hanging(shop, Payout, case) or [], step_memory.hanging(shop, PayoutPart, case) or []
    paid = [
        (payout, part.purpose, part.line_id, part.minor)
        for payout in payouts
        for part in parts
        if part.payout_id == payout.id
    ]
    renewable = [key] if breach(case.reason) and not _is_alone(shop, case) else []
    return CaseRows(
        bought={key: bought},
        paid={key: paid},
        parcels={key: [(parcel, 0) for parcel in step_memory.hanging(shop, Parcel, case) or []]},
        grades={},
        written={key: _opened_written(shop, case)},
        renewed_at=_renewed_at(shop, renewable) if renewable else {},
    )


def _is_alone(shop: Shop, case: Case) -> bool:
    """Whether certainly no other case is on the order, by the memory of the import's step."""
    return step_memory.alone(shop, case.order_id, case.id)


def _opened_written(shop: Shop, case: Case) -> Written:
    """What stands beside a case that was opened a moment ago, as `written_beside` gives it for many."""
    written = defaultdict[str, list[tuple[str, str]]](list)
    written["replacement"] = [(row.state, row.sku) for row in step_memory.hanging(shop, Replacement, case) or []]
    written["action"] = [(row.state, row.action) for row in step_memory.hanging(shop, PlatformAction, case) or []]
    written["offer"] = [(row.state, row.rung) for row in step_memory.hanging(shop, Offer, case) or []]
    entries = step_memory.hanging(shop, Escalation, case) or []
    written["entry"] = [
        (f"{entry.state}|{entry.due_at.isoformat()}|{int(entry.estimated)}", entry.kind) for entry in entries
    ]
    return written


def _by_case(rows: Any) -> dict[int, list[Any]]:
    """Rows by their first column, the id of a case, which is left out of them."""
    by_case: dict[int, list[Any]] = defaultdict(list)
    for case_id, *columns in rows:
        by_case[case_id].append(columns)
    return by_case


# outer joins: an order may have no line yet, a line no part in the case, an article no product sheet
_BOUGHT = (
    sa.select(col(Case.id), Order, OrderLine, CaseLine, Product)
    .join(Order, col(Order.id) == col(Case.order_id))
    .outerjoin(OrderLine, col(OrderLine.order_id) == col(Order.id))
    .outerjoin(CaseLine, sa.and_(col(CaseLine.line_id) == col(OrderLine.id), col(CaseLine.case_id) == col(Case.id)))
    .outerjoin(Product, col(Product.sku) == col(OrderLine.sku))
    .where(col(Case.id).in_(_IDS))
    .order_by(col(OrderLine.position))
)
_PAID = (
    sa.select(col(Payout.case_id), Payout, col(PayoutPart.purpose), col(PayoutPart.line_id), col(PayoutPart.minor))
    .outerjoin(PayoutPart, col(PayoutPart.payout_id) == col(Payout.id))
    .where(col(Payout.case_id).in_(_IDS))
    .order_by(col(Payout.id))
)
_PARCELS = (
    sa.select(
        col(ParcelCase.case_id),
        Parcel,
        sa.cast(sa.func.sum(ParcelCount.counted - ParcelCount.inspected), sa.BigInteger),  # else PostgreSQL's Decimal
    )
    .join(ParcelCase, col(ParcelCase.parcel_id) == col(Parcel.id))
    .outerjoin(ParcelCount, col(ParcelCount.parcel_id) == col(Parcel.id))
    .where(col(ParcelCase.case_id).in_(_IDS))
    .group_by(col(ParcelCase.case_id), col(Parcel.id))
    .order_by(col(Parcel.id))
)
_GRADES = (
    sa.select(col(CaseLine.id), col(Inspection.grade), sa.cast(sa.func.sum(Inspection.quantity), sa.BigInteger))
    .join(Inspection, col(Inspection.case_line_id) == col(CaseLine.id))
    .where(col(CaseLine.case_id).in_(_IDS))
    .group_by(col(CaseLine.id), col(Inspection.grade))
)


def _grades(shop: Shop, ids: Sequence[int]) -> dict[int, dict[Grade, int]]:
    """Pieces inspected of some cases, by case line and grade."""
    by_line: dict[int, dict[Grade, int]] = defaultdict(dict)
    for line, grade, pieces in shop.session.execute(_GRADES, {"ids": ids}):
        if pieces:  # else all of it was taken back
            by_line[line][Grade(grade)] = int(pieces)
    return by_line


_Mine: Any = aliased(CaseLine)
_My: Any = aliased(Case)
_SAME_LINES = (
    sa.select(_Mine.case_id)
    .join(CaseLine, col(CaseLine.line_id) == _Mine.line_id)
    .join(Case, col(Case.id) == col(CaseLine.case_id))
    .where(_Mine.case_id.in_(_IDS), col(Case.id) != _Mine.case_id)
    .group_by(_Mine.case_id)
)
"""A query with a row for each case that asks, over the other cases on the same order lines; what is counted of these is
added as a column.
"""
_SIGNED = sa.select(sa.func.max(Movement.at)).where(
    col(Movement.waybill) == col(Replacement.waybill), col(Movement.status) == "signed"
)
_RENEWED = (
    _SAME_LINES.join(_My, _My.id == _Mine.case_id)
    .join(Replacement, col(Replacement.case_id) == col(Case.id))
    .where(
        col(Case.kind) == Kind.EXCHANGE,
        col(Replacement.shipped_at) < sa.func.coalesce(_My.applied_anew_at, _My.applied_at),
    )
    .add_columns(
        sa.func.max(
            sa.func.coalesce(
                _SIGNED.scalar_subquery(),
                sa.case((col(Replacement.state) == ReplacementState.DELIVERED, col(Replacement.shipped_at))),
            )
        )
    )
)
_REPAIRS = _SAME_LINES.where(
    col(Case.kind) == Kind.REPAIR,
    col(Case.decision) == Decision.APPROVED,
    col(Case.filing) == Filing.FINISHED,
).add_columns(sa.func.count(sa.distinct(col(Case.id))))


def _renewed_at(shop: Shop, ids: Sequence[int]) -> dict[int, datetime | None]:
    """When the buyer got the pieces of an earlier exchange of the same lines, by case id: by the carrier's signature,
    or when they were sent where only the platform says that they arrived.
    """
    return {case_id: instant_of(at) for case_id, at in shop.session.execute(_RENEWED, {"ids": ids})}


@dataclass(frozen=True)
class Together:
    """Cases that are read together. What only some uses of them ask (what other cases drew, what left of the orders) is
    read for all of them when it is first asked of one: who pays or moves a case does not need all of it.
    """

    shop: Shop
    cases: Sequence[Case]
    orders: Sequence[Order]
    wanted: Sequence[str] = field(default=())

    @cached_property
    def ledgers(self) -> Mapping[int | None, Sequence[LedgerEntry]]:
        """The entries of the ledger, by order."""
        return entries(self.shop, [order.id for order in self.orders])

    @cached_property
    def stops(self) -> Mapping[int, Sequence[Stop]]:
        """The open questions that stop money, by order."""
        return stops_of(self.shop, [order.id or 0 for order in self.orders])

    @cached_property
    def gone(self) -> Mapping[int, int]:
        """What has left of each order by the platform and by ourselves, in minor units, by order."""
        return gone_of(self.shop, [order.id or 0 for order in self.orders])

    @cached_property
    def questioned(self) -> Mapping[int, Questioned]:
        """The lesser payment that a file tells of an order, while nobody has answered that, by order."""
        keys, memory = [order.id or 0 for order in self.orders], step_memory.of(self.shop)
        if keys and all(key in memory.lines for key in keys):
            return {key: memory.questioned[key] for key in keys if key in memory.questioned}
        return questioned(self.shop, keys)

    @cached_property
    def claims(self) -> Mapping[int, Sequence[Claim]]:
        """The payouts that were let go on the orders of which a file says that less was paid, by order."""
        return claims_of(self.shop, list(self.questioned)) if self.questioned else {}

    @cached_property
    def amends(self) -> Mapping[int, Sequence[Given]]:
        """The amends in money that were let go on cases of the orders, by order."""
        return given_amends.of_orders(self.shop, [order.id or 0 for order in self.orders])

    @cached_property
    def leaves(self) -> Mapping[int, Sequence[Leave]]:
        """By how much managers let what leaves on the cases of an order exceed what was paid, by order."""
        return given_amends.leaves_of(self.shop, [order.id or 0 for order in self.orders])

    @cached_property
    def repairs(self) -> Mapping[int, int]:
        """How often the pieces of a case were repaired before: repairs agreed to and finished, by case."""
        ids = [case.id for case in self.cases if case.kind == Kind.EXCHANGE and not _is_alone(self.shop, case)]
        counted = self.shop.session.execute(_REPAIRS, {"ids": ids}) if ids else ()
        return {case_id: int(times) for case_id, times in counted}

    @cached_property
    def sent(self) -> Mapping[int | None, Sequence[str]]:
        """The waybills under which orders went out, in the comparable form; orders without one are left out."""
        memory = step_memory.of(self.shop)
        to_read = [order for order in self.orders if order.waybill and order.id not in memory.lines]
        by_heart = {order.id: memory.sent[order.id] for order in self.orders if order.id in memory.sent}
        return by_heart | waybills_of_each(self.shop, to_read)

    @cached_property
    def lost(self) -> frozenset[int | None]:
        """The orders that nobody signed for, and all of whose parcels the carriers reported last as lost."""
        memory = step_memory.of(self.shop)
        unsigned = {order.id for order in self.orders if order.waybill and order.signed_at is None}
        to_read = {order: waybills for order, waybills in self.sent.items() if order in unsigned - set(memory.lines)}
        return frozenset((unsigned & memory.lost) | lost_orders(self.shop, to_read))

    @cached_property
    def out(self) -> frozenset[int | None]:
        """The orders of which a parcel is still out: neither reported returned or lost, nor scanned here."""
        return frozenset(orders_out(self.shop, self.sent))

    @cached_property
    def prices(self) -> Mapping[str, int | None]:
        """The prices (minor units of the shop's own currency) of what exchanges are to bring, by article."""
        query = sa.select(col(Product.sku), col(Product.price)).where(col(Product.sku).in_(self.wanted))
        return {str(sku): price for sku, price in self.shop.session.execute(query)} if self.wanted else {}

    @cached_property
    def found_for_nobody(self) -> Mapping[int, Mapping[str, int]]:
        """How many right pieces of each article lie in the parcels of a case and count for no line, by case."""
        return parcel_pieces.found_for_nobody(self.shop, [case.id or 0 for case in self.cases])

    @cached_property
    def held_for_nobody(self) -> Mapping[int, Mapping[str, int]]:
        """How many pieces of each article are held for nobody in the parcels of a case, by case."""
        return parcel_pieces.held_for_nobody(self.shop, [case.id or 0 for case in self.cases])

    @cached_property
    def found_until_turned_down(self) -> Mapping[int, Mapping[Grade, int]]:
        """How many pieces of each grade were found for the lines of cases that were turned down since, by case line."""
        turned_down = {Decision.REJECTED, Decision.WITHDRAWN}
        ids = [case.id or 0 for case in self.cases if case.decision in turned_down]
        return parcel_pieces.found_until_turned_down(self.shop, ids) if ids else {}

    @cached_property
    def waiting(self) -> Mapping[int, Mapping[str, Mapping[str, int]]]:
        """The pieces that are counted and not inspected, by case, by the number of their parcel, and by article."""
        return parcel_pieces.waiting(self.shop, [case.id or 0 for case in self.cases])

    @cached_property
    def sent_back(self) -> Mapping[int, Sequence[sendings.SentBack]]:
        """The parcels of goods sent again that came back undelivered, by case."""
        return sendings.sent_back(self.shop, [case.id or 0 for case in self.cases])

    @cached_property
    def offers(self) -> Mapping[int, Sequence[Offer]]:
        """What was offered, oldest first, by case."""
        ids = [case.id for case in self.cases]
        by_case: dict[int, list[Offer]] = defaultdict(list)
        query = sa.select(Offer).where(col(Offer.case_id).in_(ids)).order_by(col(Offer.id))
        for offer in self.shop.session.scalars(query):
            by_case[offer.case_id].append(offer)
        return by_case

    @cached_property
    def earlier(self) -> Mapping[int, tuple[str, ...]]:
        """The last other cases of the same order, or of the same buyer where the name is known and not masked, before
        each case, latest first.
        """
        buyers = {order.buyer for order in self.orders if order.buyer and "*" not in order.buyer}
        places = [col(Case.order_id).in_([order.id for order in self.orders])]
        places += [col(Order.buyer).in_(buyers)] if buyers else []
        query = sa.select(col(Case.id), col(Case.number), col(Case.order_id), col(Order.buyer))
        query = query.join(Order, col(Order.id) == col(Case.order_id)).where(sa.or_(*places))
        others: dict[object, list[tuple[int, str]]] = defaultdict(list)
        for case_id, number, order_id, buyer in self.shop.session.execute(query.order_by(col(Case.id).desc())):
            # under the order's id, an int, and under the buyer's name, a text: the two never meet
            others[order_id].append((case_id, number))
            others[buyer if buyer in buyers else None].append((case_id, number))
        buyer_of = {order.id: order.buyer if order.buyer in buyers else "" for order in self.orders}
        return {case.id or 0: _before(case, others[case.order_id], others[buyer_of[case.order_id]])
                for case in self.cases}  # fmt: skip


def _before(case: Case, *lists: Sequence[tuple[int, str]]) -> tuple[str, ...]:
    """The numbers of the cases before one, latest first, each once, nine at most; each of the lists begins with its
    latest.
    """
    older: dict[int, str] = {}
    for others in lists:
        first = bisect_right(others, -(case.id or 0), key=lambda other: -other[0])
        older |= others[first : first + EARLIER_SHOWN]
    return tuple(older[other] for other in sorted(older, reverse=True)[:EARLIER_SHOWN])
