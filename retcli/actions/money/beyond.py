"""Spreads what a platform paid over the lines of its order; what exceeds the order is recorded apart (``over``), and
moves into the order where room is found later.
"""

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.order_facts import lines_of
from retcli.actions.casefile.payable import by_route
from retcli.actions.casefile.records.dossiers import Dossier, dossier_of
from retcli.actions.casefile.records.entitlements import close_questions, reserve_more
from retcli.actions.casefile.records.ledger import draws_of_others
from retcli.actions.casefile.records.one_case import case_lines
from retcli.actions.casefile.records.payout_parts import Part
from retcli.actions.casefile.records.stopping import STOPS_ORDER
from retcli.actions.money.making_way import make_way
from retcli.actions.orderfile import step_memory
from retcli.models import Case, CaseLine, Order, OrderLine, Payout, PayoutPart
from retcli.rules.casefile.amounts import Amount, LineDue
from retcli.rules.lifecycles import Kind, PayoutState
from retcli.rules.money.payouts import FREIGHT, GOODS, OVER
from retcli.shop import Shop

NO_MONEY = frozenset({Kind.EXCHANGE, Kind.RESEND, Kind.REPAIR})
"""Kinds whose approval alone moves no money."""


def raised(shop: Shop, case: Case, due: Amount, minor: int) -> Amount:
    """An approval's amount raised to what the platform pays (minor units), as far as the case's lines and the freight
    still have it; unchanged for kinds that move no money.
    """
    return due if case.kind in NO_MONEY else _lifted(shop, case, due, minor)


def _lifted(shop: Shop, case: Case, due: Amount, minor: int) -> Amount:
    """An amount raised to a higher one (minor units), as far as the case's lines, the first one first, and then the
    freight still have it.
    """
    more = minor - due.due
    if more <= 0:
        return due
    order = step_memory.order_of(shop, case)
    drawn = draws_of_others(shop, order, case.id)
    open_cash = {
        order_line.number: order_line.cash - sum(draw.cash for draw in drawn.get(order_line.id, []))
        for order_line in lines_of(shop, order)
    }
    lines: list[LineDue] = []
    for line in due.lines:
        extra = max(0, min(more, open_cash[line.number] - line.cash))
        lines.append(replace(line, cash=line.cash + extra))
        more -= extra
    freight = min(more, order.freight - sum(draw.cash for draw in drawn.get(None, [])) - due.freight)
    total = sum(line.cash for line in lines) + due.freight + freight
    return replace(due, due=total, lines=tuple(lines), freight=due.freight + freight)


def agree_more(shop: Shop, case: Case, minor: int) -> None:
    """Raises an approval to what the platform really paid (minor units). The difference is drawn on the case's lines
    and the freight, then on the order's other lines, which come into the case without pieces. What exceeds the order is
    drawn on nothing.
    """
    due = tuple(LineDue(order_line.number, 1, 0, line.due) for line, order_line in case_lines(shop, case))
    before = Amount(sum(line.cash for line in due) + case.freight_due, due, case.freight_due, ())
    after = _lifted(shop, case, before, minor)
    reserve_more(shop, case, after)
    not_drawn = minor - after.due
    if not_drawn > 0:
        _draw_on_others(shop, case, after, not_drawn)


def _draw_on_others(shop: Shop, case: Case, due: Amount, minor: int) -> None:
    """Draws so much (minor units) as exceeds a case's own lines on the other lines of its order that have room."""
    own_lines = {order_line.id for _line, order_line in case_lines(shop, case)}
    order = step_memory.order_of(shop, case)
    drawn, left, parts = draws_of_others(shop, order, case.id), minor, list[tuple[OrderLine, int]]()
    for order_line in lines_of(shop, order):
        open_cash = order_line.cash - sum(draw.cash for draw in drawn.get(order_line.id, []))
        room = 0 if order_line.id in own_lines else open_cash
        if min(room, left) > 0:
            parts.append((order_line, min(room, left)))
            left -= parts[-1][1]
    for order_line, _minor in parts:
        shop.add(CaseLine(case_id=case.id or 0, line_id=order_line.id or 0, quantity=0))
    lines = (*due.lines, *(LineDue(order_line.number, 0, 0, cash) for order_line, cash in parts))
    if parts:
        reserve_more(shop, case, replace(due, due=due.due + minor - left, lines=lines))


def parts_of(dossier: Dossier, minor: int) -> list[Part]:
    """The parts of what a platform paid on a case (minor units): over its lines, then the freight, as far as they are
    due and not paid; what is left is ``over``.
    """
    parts = [
        Part(GOODS, order_line.id, line.due - dossier.paid.get(order_line.id, 0)) for line, order_line in dossier.lines
    ]
    parts.append(Part(FREIGHT, None, dossier.case.freight_due - dossier.paid.get(None, 0)))
    cut = _cut([part for part in parts if part.minor > 0], minor)
    over = minor - sum(part.minor for part in cut)
    return [*cut, Part(OVER, None, over)] if over else cut


def _cut(parts: Sequence[Part], minor: int) -> list[Part]:
    """The first of some parts, as far as an amount (minor units) goes; the last of them cut to it."""
    cut, left = [], minor
    for part in parts:
        share = min(part.minor, left)
        if share:
            cut.append(replace(part, minor=share))
        left -= share
    return cut


def make_room(shop: Shop, order_id: int) -> list[tuple[Case, int]]:
    """Moves what a platform paid beyond an order into it, the oldest payment first, after money of the order turned out
    not to have left; a question about it is closed where all of it found room. Each case with how much that was, in
    minor units.
    """
    beyond = [] if step_memory.of(shop).case is not None else _beyond(shop, order_id)
    if not beyond:
        return []
    shop.hold(shop.session.get_one(Order, order_id))
    moved = ((payout, _into_order(shop, payout, over)) for payout, over in beyond)
    return [(shop.session.get_one(Case, payout.case_id), minor) for payout, minor in moved if minor]


def _beyond(shop: Shop, order_id: int) -> list[tuple[Payout, int]]:
    """The confirmed payments on an order of which a part is ``over``, oldest first, with that part in minor units."""
    over = sa.cast(sa.func.sum(PayoutPart.minor), sa.BigInteger)
    query = sa.select(Payout, over).join(PayoutPart, col(PayoutPart.payout_id) == col(Payout.id))
    query = query.where(col(Payout.order_id) == order_id, col(PayoutPart.purpose) == OVER)
    query = query.where(col(Payout.state) == PayoutState.CONFIRMED, col(Payout.reverses_id).is_(None))
    rows = shop.session.execute(query.group_by(col(Payout.id)).having(over > 0).order_by(col(Payout.id)))
    return [(payout, int(minor)) for payout, minor in rows]


def _stands(payout: Payout) -> bool:
    """Whether a payout is a refund by the original route that the platform paid or is to pay."""
    gone = {PayoutState.FAILED, PayoutState.REVERSED}
    return by_route(payout) and payout.state not in gone and payout.reverses_id is None


def _into_order(shop: Shop, payout: Payout, over: int) -> int:
    """Moves what of a payment was ``over`` (minor units) to the lines and the freight that have room; how much found
    room.
    """
    case = shop.hold(shop.session.get_one(Case, payout.case_id))
    dossier = dossier_of(shop, case)
    # each step reads what the one before has written: others make way, then more is agreed to, then it finds its lines
    make_way(shop, case, sum(payout.minor for payout in dossier.payouts if _stands(payout)))
    agree_more(shop, case, sum(dossier.paid.values()) + over)
    parts = [part for part in parts_of(dossier_of(shop, case), over) if part.purpose != OVER]
    minor = sum(part.minor for part in parts)
    if not minor:
        return 0
    # parts are append-only: a negative one takes off what is no longer over
    for part in (Part(OVER, None, -minor), *parts):
        row = PayoutPart(payout_id=payout.id or 0, order_id=payout.order_id, purpose=part.purpose, minor=part.minor)
        row.line_id = part.line_id
        shop.add(row)
    numbers = {order_line.id: order_line.number for _line, order_line in case_lines(shop, case)}
    facts = [{"purpose": part.purpose, "line": numbers.get(part.line_id, ""), "minor": part.minor} for part in parts]
    shop.record(payout.number, "make_room", case=case.number, minor=minor, currency=payout.currency, parts=facts)
    if minor == over:
        close_questions(shop, case.platform_number or "", STOPS_ORDER)
    return minor
