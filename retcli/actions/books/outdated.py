"""States of money that an earlier retcli left in books and this one never writes: found here, and put right by
`retcli books mend` (`actions.money.mending`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from retcli.actions.orderfile.refunded_on_platform import REFUNDED, STANDING
from retcli.models import Case, Order, Payout, PayoutPart, PlatformAction
from retcli.rules.lifecycles import PAYING_CLICKS, ActionState, PayoutState
from retcli.rules.money.minor_units import Money
from retcli.rules.money.payouts import OVER
from retcli.shop import Shop
from retcli.views.books.breaches import OldState, Outdated
from retcli.views.books.check import Problem


@dataclass(frozen=True)
class Disproved:
    """A click that counts as verified, though the payout that it was to pay has failed."""

    case: Case
    click: PlatformAction
    payout: Payout


def disproved_clicks(shop: Shop) -> list[Disproved]:
    """Paying clicks that count as verified, while the payout of their amount failed and no other one of it stands."""
    rows = shop.session.execute(_disproved())
    return list({click.id: Disproved(case, click, payout) for case, click, payout in rows}.values())


@cache
def _disproved() -> sa.Executable:
    """The query of `disproved_clicks`: a case, its click, and the payout that failed."""
    other: Any = aliased(Payout)
    went = sa.select(other.id).where(
        other.case_id == col(Payout.case_id), other.minor == col(Payout.minor), other.kind == "refund",
        other.state != PayoutState.FAILED,
    )  # fmt: skip
    return (
        sa.select(Case, PlatformAction, Payout)
        .join(PlatformAction, col(PlatformAction.case_id) == col(Case.id))
        .join(Payout, col(Payout.case_id) == col(Case.id))
        .where(col(PlatformAction.state) == ActionState.VERIFIED, col(PlatformAction.action).in_(PAYING_CLICKS))
        .where(col(Payout.state) == PayoutState.FAILED, *_by_route(), col(PlatformAction.money) == col(Payout.minor))
        .where(sa.not_(went.correlate(Payout).exists()))
        .order_by(col(PlatformAction.id), col(Payout.id))
    )


def _by_route() -> tuple[Any, ...]:
    """That a payout is a refund by the original route, and no reversal."""
    return col(Payout.kind) == "refund", col(Payout.method) == "original", col(Payout.reverses_id).is_(None)


def beside_clicks(shop: Shop) -> list[tuple[Case, Payout]]:
    """Refunds by the original route that are due beside a click which was made and does not pay them too: of each case
    those beyond the clicked amount, in the order in which they were made.
    """
    beside, sums = list[tuple[Case, Payout]](), dict[int | None, int]()
    for case, payout, minor in shop.session.execute(_due_beside_clicks()):
        sums[case.id] = sums.get(case.id, 0) + payout.minor
        if sums[case.id] > minor and sums[case.id] > payout.minor:  # the first one is what the click was made for
            beside.append((case, payout))
            sums[case.id] -= payout.minor
    return beside


@cache
def _due_beside_clicks() -> sa.Executable:
    """A case, its refund that is due by the original route, and the most that a click which was made pays of it."""
    clicks: Any = sa.select(
        col(PlatformAction.case_id).label("case_id"), sa.func.max(PlatformAction.money).label("minor")
    )
    clicks = clicks.where(col(PlatformAction.state) == ActionState.DONE, col(PlatformAction.action).in_(PAYING_CLICKS))
    clicked = clicks.where(col(PlatformAction.money) > 0).group_by(col(PlatformAction.case_id)).subquery()
    query = sa.select(Case, Payout, clicked.c.minor).join(Payout, col(Payout.case_id) == col(Case.id))
    query = query.join(clicked, clicked.c.case_id == col(Case.id))
    return query.where(col(Payout.state) == PayoutState.DUE, *_by_route()).order_by(col(Payout.id))


def orders_with_room(shop: Shop) -> list[tuple[Order, int]]:
    """Orders of which more money is recorded as beyond the payment (`over`) than really is, with the difference in
    minor units.
    """
    return [(order, int(minor)) for order, minor in shop.session.execute(_with_room())]


@cache
def _with_room() -> sa.Executable:
    """The query of `orders_with_room`: an order, and by how much its `over` exceeds what is beyond its payment."""
    over, gone = _left(OVER), _left(*REFUNDED)
    beyond = sa.case((gone > col(Order.paid), gone - col(Order.paid)), else_=0)
    some = sa.select(col(PayoutPart.order_id)).where(col(PayoutPart.purpose) == OVER)
    query = sa.select(Order, over - beyond).where(col(Order.id).in_(some), over > beyond)
    return query.order_by(col(Order.id))


def _left(*purposes: str) -> Any:
    """The sum in SQL of parts for some purposes that left the order in the query, or were clicked and not verified."""
    clicks = sa.select(col(PlatformAction.id)).where(col(PlatformAction.case_id) == col(Payout.case_id))
    clicks = clicks.where(col(PlatformAction.state) == ActionState.DONE, col(PlatformAction.action).in_(PAYING_CLICKS))
    clicked = sa.and_(col(Payout.state) == PayoutState.DUE, *_by_route(), clicks.correlate(Payout).exists())
    parts = sa.select(sa.cast(sa.func.sum(PayoutPart.minor), sa.BigInteger))
    parts = parts.join(Payout, col(Payout.id) == col(PayoutPart.payout_id)).where(
        col(Payout.order_id) == col(Order.id),
        col(PayoutPart.purpose).in_(purposes),
        col(Payout.reverses_id).is_(None),
        sa.or_(col(Payout.state).in_(STANDING), clicked),
    )
    return sa.func.coalesce(parts.correlate(Order).scalar_subquery(), 0)


def problems(shop: Shop) -> Iterator[Problem]:
    """1 and 6: the books hold none of these states."""
    for each in disproved_clicks(shop):
        amount = Money(each.payout.minor, each.payout.currency)
        yield Problem(6, each.case.number, Outdated(OldState.CLICK_DISPROVED, amount, each.payout.number))
    for case, payout in beside_clicks(shop):
        amount = Money(payout.minor, payout.currency)
        yield Problem(6, case.number, Outdated(OldState.PAYOUT_BESIDE_CLICK, amount, payout.number))
    for order, minor in orders_with_room(shop):
        yield Problem(1, order.number, Outdated(OldState.BEYOND_WITH_ROOM, Money(minor, order.currency)))
