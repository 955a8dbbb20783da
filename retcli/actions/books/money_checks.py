"""Checks of the books about money, pieces and stock: nothing exceeds what there is, parts add up, limits hold. The
numbers in docstrings are those of `docs/architecture.md` §5.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.models import Case, CaseLine, Draw, Inspection, Order, OrderLine, Payout, PayoutPart, Replacement, Waiver
from retcli.models.books import Event
from retcli.models.stock import StockBalance, StockMove, StockOrder
from retcli.rules.lifecycles import Bucket, Decision, PayoutState, Role
from retcli.rules.money.minor_units import Money
from retcli.rules.money.payouts import LIMITED
from retcli.rules.warehouse.causes import WITH_FINDING, WITH_ORDER, WITH_SENDING, Cause
from retcli.shop import Shop
from retcli.views.books import breaches
from retcli.views.books.check import Problem


def _sum(column: Any) -> Any:
    """A sum in SQL as a whole number, 0 of nothing; PostgreSQL sums whole numbers to a decimal one."""
    return sa.func.coalesce(sa.cast(sa.func.sum(column), sa.BigInteger), 0)


def _parts_paid(*purposes: str) -> Any:
    """Parts, for some purposes, of payouts that did not fail: a subquery."""
    live = sa.select(col(Payout.id)).where(col(Payout.state) != PayoutState.FAILED)
    return (
        sa.select(PayoutPart)
        .where(col(PayoutPart.payout_id).in_(live), col(PayoutPart.purpose).in_(purposes))
        .subquery()
    )


def line_money(shop: Shop) -> Iterator[Problem]:
    """1: goods paid out of a line, and cash drawn on it, lie between nothing and its cash."""
    for drawn, query in enumerate(_overdrawn_lines()):
        for number, currency, cash, total in shop.session.execute(query):
            breach = breaches.LineOverdrawn(Money(int(total), currency), Money(cash, currency), bool(drawn))
            yield Problem(1, number, breach)


@cache
def _overdrawn_lines() -> tuple[sa.Executable, sa.Executable]:
    """Lines of which more was paid out, and more was drawn, than their cash, or less than nothing."""

    def beyond(line_id: Any, amount: Any) -> sa.Select[Any]:
        return (
            sa.select(col(OrderLine.number), col(Order.currency), col(OrderLine.cash), _sum(amount))
            .join(OrderLine, col(OrderLine.id) == line_id)
            .join(Order, col(Order.id) == col(OrderLine.order_id))
            .group_by(col(OrderLine.id), col(OrderLine.number), col(Order.currency), col(OrderLine.cash))
            .having(sa.or_(_sum(amount) > col(OrderLine.cash), _sum(amount) < 0))
        )

    paid = _parts_paid("goods")
    return beyond(paid.c.line_id, paid.c.minor), beyond(Draw.line_id, Draw.cash)


def order_money(shop: Shop) -> Iterator[Problem]:
    """1: goods and freight that went back of an order, by the platform's order file or paid out here, are not more than
    was paid.
    """
    by_order_file, paid_out = _overpaid_orders()
    for query, by_file in ((by_order_file, True), (paid_out, False)):
        for number, currency, limit, total in shop.session.execute(query):
            breach = breaches.OrderOverpaid(Money(int(total), currency), Money(limit, currency), by_file)
            yield Problem(1, number, breach)


@cache
def _overpaid_orders() -> tuple[sa.Executable, sa.Executable]:
    """Orders of which more went back than was paid: by the platform's order file, and paid out here."""
    there = sa.select(col(Order.number), col(Order.currency), col(Order.paid), col(Order.refunded_there))
    paid = _parts_paid("goods", "freight")
    paid_out = (
        sa.select(col(Order.number), col(Order.currency), col(Order.paid), _sum(paid.c.minor))
        .join(Order, col(Order.id) == paid.c.order_id)
        .group_by(col(Order.id), col(Order.number), col(Order.currency), col(Order.paid))
        .having(_sum(paid.c.minor) > col(Order.paid))
    )
    return there.where(col(Order.refunded_there) > col(Order.paid)), paid_out


def units(shop: Shop) -> Iterator[Problem]:
    """2: pieces in live or finished documents are not more than were bought."""
    for number, bought, in_cases in shop.session.execute(_lines_with_too_many_pieces()):
        yield Problem(2, number, breaches.TooManyPieces(in_cases, bought))


@cache
def _lines_with_too_many_pieces() -> sa.Executable:
    return (
        sa.select(col(OrderLine.number), col(OrderLine.quantity), _sum(Draw.units))
        .join(OrderLine, col(OrderLine.id) == col(Draw.line_id))
        .group_by(col(OrderLine.id), col(OrderLine.number), col(OrderLine.quantity))
        .having(sa.or_(_sum(Draw.units) > col(OrderLine.quantity), _sum(Draw.units) < 0))
    )


def splits(shop: Shop) -> Iterator[Problem]:
    """3: parts sum to the whole: lines to the goods paid, parts to the payout."""
    lines, parts = _wrong_sums()
    for number, currency, whole, total in (*shop.session.execute(lines), *shop.session.execute(parts)):
        yield Problem(3, number, breaches.PartsDiffer(Money(int(total or 0), currency), Money(int(whole), currency)))


@cache
def _wrong_sums() -> tuple[sa.Executable, sa.Executable]:
    """Orders and payouts that are another amount than their parts together."""
    # summed in the index's own sequence: to group by what stands in the order would sort every line in memory
    cash = sa.select(col(OrderLine.order_id).label("order_id"), _sum(OrderLine.cash).label("cash"))
    each = cash.group_by(col(OrderLine.order_id)).subquery()
    lines = (
        sa.select(col(Order.number), col(Order.currency), col(Order.paid) - col(Order.freight), each.c.cash)
        .select_from(each)
        .join(Order, col(Order.id) == each.c.order_id)
        .where(each.c.cash != col(Order.paid) - col(Order.freight))
    )
    parts = (
        sa.select(col(Payout.number), col(Payout.currency), col(Payout.minor), _sum(PayoutPart.minor))
        .outerjoin(PayoutPart, col(PayoutPart.payout_id) == col(Payout.id))
        .group_by(col(Payout.id), col(Payout.number), col(Payout.currency), col(Payout.minor))
        .having(_sum(PayoutPart.minor) != col(Payout.minor))
    )
    return lines, parts


def approvals(shop: Shop) -> Iterator[Problem]:
    """3: what a case's lines are due is what it has drawn."""
    for number, currency, approved, in_draws in shop.session.execute(_cases_drawn_otherwise()):
        breach = breaches.ApprovedNotDrawn(Money(int(approved), currency), Money(int(in_draws), currency))
        yield Problem(3, number, breach)


@cache
def _cases_drawn_otherwise() -> sa.Executable:
    """Cases that are due another amount than they have drawn."""
    due = sa.select(col(CaseLine.case_id), _sum(CaseLine.due).label("due")).group_by(col(CaseLine.case_id)).subquery()
    drawn = sa.select(col(Draw.case_id), _sum(Draw.cash).label("cash")).group_by(col(Draw.case_id)).subquery()
    have, want = sa.func.coalesce(drawn.c.cash, 0), sa.func.coalesce(due.c.due, 0) + col(Case.freight_due)
    return (
        sa.select(col(Case.number), col(Order.currency), want, have)
        .join(Order, col(Order.id) == col(Case.order_id))
        .outerjoin(due, due.c.case_id == col(Case.id))
        .outerjoin(drawn, drawn.c.case_id == col(Case.id))
        .where(want != have)
    )


def stock(shop: Shop) -> Iterator[Problem]:
    """4: the moves of a product and bucket add up to its balance."""
    sums: dict[tuple[str, str], int] = {}
    for column, sign in ((StockMove.target, 1), (StockMove.source, -1)):
        keys = (col(StockMove.sku), col(column))
        rows = shop.session.execute(sa.select(*keys, _sum(StockMove.quantity)).group_by(*keys))
        for sku, bucket, pieces in rows:
            if bucket:
                sums[sku, bucket] = sums.get((sku, bucket), 0) + sign * int(pieces)
    balances = {(b.sku, b.bucket): b.quantity for b in shop.session.scalars(sa.select(StockBalance))}
    for key in sorted({*sums, *balances}):
        moves, balance = sums.get(key, 0), balances.get(key, 0)
        if moves != balance or moves < 0:
            yield Problem(4, "/".join(key), breaches.StockDiffers(moves, balance))


def causes(shop: Shop) -> Iterator[Problem]:
    """4: each movement in stock has a cause; one by a finding is of the same parcel and product."""
    finding = sa.and_(col(Inspection.id) == col(StockMove.cause_id), col(StockMove.cause).in_(WITH_FINDING))
    others = sa.or_(col(Inspection.parcel_id) != col(StockMove.parcel_id), col(Inspection.sku) != col(StockMove.sku))
    missing = sa.and_(col(StockMove.cause).in_(WITH_FINDING), col(StockMove.cause_id).is_not(None))
    wrong = sa.or_(col(StockMove.cause).not_in(list(Cause)), others, sa.and_(missing, col(Inspection.id).is_(None)))
    query = sa.select(StockMove).outerjoin(Inspection, finding).where(wrong).order_by(col(StockMove.id))
    for move in shop.session.scalars(query):
        known = move.cause if move.cause in list(Cause) else ""
        yield Problem(4, f"{move.sku}/{move.id}", breaches.MovedWithoutCause(known, move.quantity))


def stock_orders(shop: Shop) -> Iterator[Problem]:
    """4: what somebody moved or disposed of by command is as many pieces of that product as was written down."""
    of_order = col(StockOrder.id) == col(StockMove.cause_id)
    others = sa.or_(col(StockOrder.sku) != col(StockMove.sku), col(StockOrder.pieces) != col(StockMove.quantity))
    query = sa.select(StockMove).outerjoin(StockOrder, of_order).where(col(StockMove.cause).in_(WITH_ORDER))
    for move in shop.session.scalars(query.where(sa.or_(col(StockOrder.id).is_(None), others))):
        yield Problem(4, f"{move.sku}/{move.id}", breaches.MovedWithoutCause(move.cause, move.quantity))


def outgoing(shop: Shop) -> Iterator[Problem]:
    """12: of a product no more pieces are kept than can be sold; what left with goods left the stock by moves of
    theirs.
    """
    kept = sa.cast(sa.func.sum(Replacement.reserved), sa.BigInteger)
    here = sa.and_(col(StockBalance.sku) == col(Replacement.sku), col(StockBalance.bucket) == Bucket.SELLABLE)
    query = sa.select(col(Replacement.sku), kept, sa.func.coalesce(sa.func.max(StockBalance.quantity), 0))
    query = query.outerjoin(StockBalance, here).where(sa.text("reserved > 0")).group_by(col(Replacement.sku))
    for sku, pieces, in_stock in shop.session.execute(query):
        if pieces > in_stock:
            yield Problem(12, sku, breaches.KeptBeyondStock(int(pieces), int(in_stock)))
    yield from _left_otherwise(shop)


def _left_otherwise(shop: Shop) -> Iterator[Problem]:
    """Goods of which other pieces left the stock than is written down of them, and moves that name no such goods."""
    out = sa.case((col(StockMove.cause) == Cause.SHIPPED, col(StockMove.quantity)), else_=-col(StockMove.quantity))
    told: tuple[Any, ...] = (
        col(StockMove.cause_id).label("goods"),
        col(StockMove.sku),
        sa.func.sum(out).label("pieces"),
    )
    moved: sa.Select[Any] = sa.select(*told)
    moved = moved.where(col(StockMove.cause).in_(WITH_SENDING)).group_by(col(StockMove.cause_id), col(StockMove.sku))
    each = moved.subquery()
    same = sa.and_(col(Replacement.id) == each.c.goods, col(Replacement.sku) == each.c.sku)
    query = sa.select(each.c.sku, each.c.goods, each.c.pieces, col(Replacement.taken))
    wrong = sa.func.coalesce(Replacement.taken, -1) != each.c.pieces
    for sku, goods, pieces, taken in shop.session.execute(query.outerjoin(Replacement, same).where(wrong)):
        yield Problem(12, f"{sku}/{goods}", breaches.LeftOtherwise(int(pieces), int(taken or 0)))
    untold = sa.select(Replacement).where(col(Replacement.taken) > 0)
    untold = untold.where(col(Replacement.id).not_in(sa.select(each.c.goods).where(each.c.goods.is_not(None))))
    for row in shop.session.scalars(untold.order_by(col(Replacement.id))):
        yield Problem(12, f"{row.sku}/{row.id}", breaches.LeftOtherwise(0, row.taken))


def payouts(shop: Shop) -> Iterator[Problem]:
    """6: no payout without an approved case or a waiver, none above a limit without a second person."""
    yield from _without_approval(shop)
    yield from _above_limit(shop)


def _without_approval(shop: Shop) -> Iterator[Problem]:
    """Payouts of cases that are neither approved nor waived. Amends that were let go while the case was approved stay,
    also where the platform ended it later, or the buyer applied anew.
    """
    for number, case in shop.session.execute(_payouts_without_approval()):
        yield Problem(6, number, breaches.CaseNotApproved(case))


@cache
def _payouts_without_approval() -> sa.Executable:
    waived = sa.select(col(Waiver.case_id)).where(col(Waiver.rule) == "approval")
    agreed = sa.select(col(Event.seq)).where(col(Event.subject) == col(Case.number), col(Event.action) == "approve")
    kept = sa.and_(col(Payout.kind) != "refund", agreed.exists())
    return (
        sa.select(col(Payout.number), col(Case.number))
        .join(Case, col(Case.id) == col(Payout.case_id))
        .where(col(Payout.state).not_in([PayoutState.FAILED, PayoutState.REVERSED]), col(Payout.minor) > 0)
        .where(col(Case.decision) != Decision.APPROVED, col(Case.id).not_in(waived), sa.not_(kept))
    )


def _above_limit(shop: Shop) -> Iterator[Problem]:
    """Payouts that passed without a second person though they needed one: what their agent let go alone on the order
    until then exceeds the limit of that day, their currency has no limit, or they waited for somebody.
    """
    alone: dict[tuple[int, str], int] = defaultdict(int)
    for number, order_id, agent, minor, currency, payload, at in shop.session.execute(_passed_alone()):
        # summed over the order in the sequence of the payouts: many small ones would else stay below the limit
        opened = json.loads(payload)
        unlimited_currency = False
        if opened.get("role") == Role.AGENT:
            unlimited_currency = currency not in LIMITED
            alone[order_id, agent] += 0 if unlimited_currency else minor
        waited = opened["now"] == PayoutState.WAITING
        if waited or unlimited_currency or alone[order_id, agent] > _limit(shop, at):
            yield Problem(6, number, breaches.Breach.ABOVE_LIMIT_ALONE)


@cache
def _passed_alone() -> sa.Select[Any]:
    """The shop's own payouts that went through without a second person, in the order in which they were made, each with
    the event that opened it.
    """
    passed = (PayoutState.DUE, PayoutState.SENT, PayoutState.CONFIRMED, PayoutState.UNKNOWN)
    opening = sa.select(Event).where(col(Event.action) == "open", col(Event.subject).startswith("PO")).subquery()
    payout: Any = Payout
    facts = (payout.number, payout.order_id, payout.decided_by, payout.minor, payout.currency)
    query: sa.Select[Any] = sa.select(*facts, opening.c.payload, opening.c.at)
    return (
        query.join(opening, opening.c.subject == col(Payout.number))
        .where(col(Payout.state).in_(passed), col(Payout.minor) > 0, col(Payout.origin) == "own")
        .where(col(Payout.approved_by).is_(None))
        .order_by(col(Payout.id))
    )


def _limit(shop: Shop, at: str) -> int:
    """What one agent could let go alone at an instant (ISO text), in minor units."""
    return shop.policy_at(datetime.fromisoformat(at)).agent_limit
