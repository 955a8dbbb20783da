"""Money that left for goods which were to come back and did not: of which nothing came, or pieces lack in what came."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.payable import ahead_of_goods
from retcli.actions.casefile.records.dossiers import dossiers_of
from retcli.models import Case, CaseLine, Inspection, Parcel, ParcelCase, Payout
from retcli.models.books import Event
from retcli.rules.lifecycles import AT_THE_DOOR, COMING_BACK, Decision, Grade, PayoutState
from retcli.rules.money.minor_units import Money
from retcli.shop import Shop
from retcli.views.cases.queue import sums
from retcli.views.money.case_sums import CaseSums

LOOKED_BACK = timedelta(days=90)
"""What was agreed to longer ago neither the buyer nor a carrier still knows anything about."""
_LEFT = (PayoutState.SENT, PayoutState.CONFIRMED)


def paid_without_goods(shop: Shop) -> CaseSums:
    """How many cases, finished ones too, and what left on them in each currency for pieces that are not here."""
    nothing_came = shop.session.execute(_left_on(shop, ~_arrived()))
    left = [Money(int(minor), currency) for _case, minor, currency in nothing_came]
    left += [money for _case, money in _short(shop)]
    return CaseSums(len(left), sums(left))


def those_of(shop: Shop) -> sa.ColumnElement[bool]:
    """The condition in SQL, for a query on cases, that one is among those."""
    nothing_came = sa.select(_left_on(shop, ~_arrived()).subquery().c.case_id)
    return sa.or_(col(Case.id).in_(nothing_came), col(Case.id).in_([case for case, _money in _short(shop)]))


def _short(shop: Shop) -> Iterator[tuple[int | None, Money]]:
    """The cases of which parcels are here and pieces lack in them, each with what left for these; a box in which
    counted pieces wait for their grade tells nothing yet.
    """
    left = {case: int(minor) for case, minor, _currency in shop.session.execute(_left_on(shop, _arrived()))}
    cases = list(shop.session.scalars(sa.select(Case).where(col(Case.id).in_(left)).order_by(col(Case.id))))
    for dossier in dossiers_of(shop, cases):
        case = dossier.case.id or 0
        accepted = any(dossier.accepted(line) for line, _order_line in dossier.lines)
        minor = min(ahead_of_goods(dossier), left[case]) if accepted else left[case]
        if minor and not dossier.uninspected:
            yield case, Money(minor, dossier.order.currency)


def _left_on(shop: Shop, goods: sa.ColumnElement[bool]) -> Any:
    """Those cases whose `goods` are as a condition says, each with what left on it, less what was taken back, in minor
    units, and its currency.
    """
    left = sa.cast(sa.func.sum(Payout.minor), sa.BigInteger)
    keys = (col(Payout.case_id), col(Payout.currency))
    query = sa.select(keys[0], left, keys[1]).join(Case, col(Case.id) == col(Payout.case_id))
    query = query.where(goods, _lacks(), *_looked_at(shop), col(Payout.kind) == "refund", col(Payout.state).in_(_LEFT))
    return query.group_by(*keys).having(left > 0)


def _arrived() -> sa.ColumnElement[bool]:
    """That a parcel of a case is at the door."""
    arrived = sa.select(col(ParcelCase.id)).join(Parcel, col(Parcel.id) == col(ParcelCase.parcel_id))
    here = col(Parcel.state).in_(AT_THE_DOOR)
    return arrived.where(col(ParcelCase.case_id) == col(Case.id), here).exists()


def _lacks() -> sa.ColumnElement[bool]:
    """That of a line of a case fewer pieces were inspected as goods of its order than it is about."""
    right = sa.select(sa.func.coalesce(sa.func.sum(Inspection.quantity), 0))
    right = right.where(col(Inspection.case_line_id) == col(CaseLine.id), col(Inspection.grade) != Grade.X)
    lines = sa.select(col(CaseLine.id)).where(col(CaseLine.case_id) == col(Case.id))
    return lines.where(col(CaseLine.quantity) > right.scalar_subquery()).exists()


def _looked_at(shop: Shop) -> tuple[sa.ColumnElement[bool], ...]:
    """That goods were to come back on a case agreed to lately, and nobody gave it up. A refund that was over on its
    platform before the books knew of it tells nothing of goods.
    """
    given_up = sa.select(col(Event.seq)).where(col(Event.subject) == col(Case.number), col(Event.action) == "give_up")
    return (
        col(Case.decision) == Decision.APPROVED,
        col(Case.kind).in_([str(kind) for kind in COMING_BACK]),
        col(Case.decided_at) >= shop.now - LOOKED_BACK,
        sa.or_(col(Case.platform_succeeded_at).is_(None), col(Case.opened_at) < col(Case.platform_succeeded_at)),
        ~given_up.exists(),
    )
