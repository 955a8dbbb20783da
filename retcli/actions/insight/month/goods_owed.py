"""Refunded returns whose pieces are not in: what was paid in a month for goods that were not accepted by its end."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.insight.month.booked import booked_cases, whole
from retcli.actions.insight.month.moneyless_gaps import moneyless_gap
from retcli.actions.insight.month.refunded_returns import refunded_returns
from retcli.models import Case, CaseLine, Inspection, Order, Payout, PayoutPart
from retcli.rules.lifecycles import Grade
from retcli.rules.money.minor_units import Money
from retcli.rules.money.payouts import goods_owed as worth_owed
from retcli.rules.periods import Period
from retcli.sheets.month import Gap
from retcli.shop import Shop


def goods_owed(shop: Shop, period: Period) -> dict[int, Gap]:
    """Refunded returns booked in a period whose pieces were not accepted by its end, by case id, as rows of the month's
    differences; refunds from before the books are left out, since nobody here had their goods in hand.
    """
    accepted = _accepted(shop, period)
    query = sa.select(Case, Order, CaseLine, whole(PayoutPart.minor), sa.func.max(col(Payout.settled_at)))
    query = refunded_returns(query.select_from(Case), period).group_by(col(Case.id), col(Order.id), col(CaseLine.id))
    rows = shop.session.execute(query.order_by(col(CaseLine.id)))
    by_case: dict[int, list[Any]] = defaultdict(list)
    for case, order, line, paid, at in rows:
        good, so_far = accepted.get(line.id, (0, 0))
        owed = worth_owed(int(paid), line.due, line.quantity, good)
        if owed:
            is_in = so_far >= line.quantity > good
            by_case[case.id].append((case, order, owed, line.quantity - good, at, is_in))
    return {case_id: _owed(lines) for case_id, lines in by_case.items()}


def _owed(lines: Sequence[Any]) -> Gap:
    """One row for the lines of a case of which goods are owed: case, order, minor units, pieces, when paid, whether
    they are in since.
    """
    case, order, _money, _pieces, at, _is_in = lines[0]
    pieces, minor = sum(line[3] for line in lines), sum(line[2] for line in lines)
    owed = Money(minor, order.currency)
    goods: dict[str, Any] = {
        "pieces_owed": pieces,
        "goods_owed": owed,
        "goods_in_since": all(line[5] for line in lines),
    }
    return moneyless_gap(case, order, at, label="", **goods, count=0)


def _accepted(shop: Shop, period: Period) -> dict[int, tuple[int, int]]:
    """Pieces accepted (not of grade X) by the period's end, and by now, by case line, of the cases booked in it."""
    by_its_end = sa.case((col(Inspection.at) < period.end, col(Inspection.quantity)), else_=0)
    rows = shop.session.execute(
        sa.select(col(Inspection.case_line_id), whole(by_its_end), whole(Inspection.quantity))
        .join(CaseLine, col(CaseLine.id) == col(Inspection.case_line_id))
        .where(col(Inspection.grade) != Grade.X)
        .where(col(CaseLine.case_id).in_(booked_cases(period)))
        .group_by(col(Inspection.case_line_id))
    )
    return {line: (int(by_then), int(pieces)) for line, by_then, pieces in rows}
