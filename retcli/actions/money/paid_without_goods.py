"""Money that left for goods which were to come back and did not: of which nothing came, or pieces lack in what came."""

from collections.abc import Iterator
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.left_for_goods import ARRIVED, LEFT_FOR_GOODS, left_for_goods
from retcli.actions.casefile.records.dossiers import dossiers_of
from retcli.actions.orderfile.openings import OPENED, opened_for
from retcli.models import Case, CaseLine, Inspection, Order, Payout
from retcli.models.books import Event
from retcli.rules.lifecycles import COMING_BACK, Decision, Grade, PayoutState
from retcli.rules.money.minor_units import Money
from retcli.rules.periods import month_of
from retcli.shop import Shop
from retcli.views.money.case_sums import CaseSums
from retcli.views.money.lacking_goods import LackingGoods
from retcli.views.sums import sums

LOOKED_BACK = timedelta(days=90)
"""What was agreed to longer ago neither the buyer nor a carrier still knows anything about."""


def paid_without_goods(shop: Shop) -> CaseSums:
    """How many cases, finished ones too, and what left on them in each currency for pieces that are not here."""
    left = [lacking.left for lacking in each(shop).values()]
    return CaseSums(len(left), sums(left))


def each(shop: Shop) -> dict[str, LackingGoods]:
    """Those cases by number, each with what left on it."""
    return dict(_lacking(shop))


def _lacking(shop: Shop) -> Iterator[tuple[str, LackingGoods]]:
    """The cases on which money left for pieces that are not here, each with what left for these."""
    cases = sa.select(Case).join(Order, col(Order.id) == col(Case.order_id)).outerjoin(OPENED, opened_for())
    cases = cases.where(_lacks(), _was_paid(), *_looked_at(shop)).order_by(col(Case.id))
    for dossier in dossiers_of(shop, list(shop.session.scalars(cases))):
        if minor := left_for_goods(dossier):
            currency, arrived = dossier.order.currency, left_for_goods(dossier, ARRIVED)
            settled = (p.settled_at for p in dossier.payouts if p.kind == "refund" and p.state == PayoutState.CONFIRMED)
            last = max(filter(None, settled), default=None)
            money = Money(minor, currency), Money(arrived, currency)
            yield dossier.case.number, LackingGoods(*money, month_of(last) if last else "")


def _was_paid() -> sa.ColumnElement[bool]:
    """That a refund of a case left."""
    paid = sa.select(col(Payout.id)).where(col(Payout.case_id) == col(Case.id), col(Payout.kind) == "refund")
    return paid.where(col(Payout.state).in_(LEFT_FOR_GOODS), col(Payout.reverses_id).is_(None)).exists()


def _lacks() -> sa.ColumnElement[bool]:
    """That of a line of a case fewer pieces were inspected as goods of its order than it is about."""
    right = sa.select(sa.func.coalesce(sa.func.sum(Inspection.quantity), 0))
    right = right.where(col(Inspection.case_line_id) == col(CaseLine.id), col(Inspection.grade) != Grade.X)
    lines = sa.select(col(CaseLine.id)).where(col(CaseLine.case_id) == col(Case.id))
    return lines.where(col(CaseLine.quantity) > right.scalar_subquery()).exists()


def _looked_at(shop: Shop) -> tuple[sa.ColumnElement[bool], ...]:
    """That goods were to come back on a case agreed to lately, and nobody gave it up. A refund that was over on its
    platform before the first file of its shop came tells nothing of goods, since nobody here had them in hand.
    """
    given_up = sa.select(col(Event.seq)).where(col(Event.subject) == col(Case.number), col(Event.action) == "give_up")
    # where a list gives no time of success, what its first run brought was over before
    listed = sa.and_(col(Case.platform_estimated).is_(True), col(Case.platform_succeeded_at) <= OPENED.c.listed_at)
    before = sa.or_(col(Case.platform_succeeded_at) < OPENED.c.at, sa.func.coalesce(listed, sa.false()))
    known = col(Case.opened_at) < col(Case.platform_succeeded_at)
    return (
        col(Case.decision) == Decision.APPROVED,
        col(Case.kind).in_([str(kind) for kind in COMING_BACK]),
        col(Case.decided_at) >= shop.now - LOOKED_BACK,
        sa.or_(col(Case.platform_succeeded_at).is_(None), known, sa.not_(sa.func.coalesce(before, sa.true()))),
        ~given_up.exists(),
    )
