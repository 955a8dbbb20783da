"""The day's list: what waits for the shop now, the most urgent first, and what else needs a look."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.books import backups
from retcli.actions.casefile.case_view import briefs_of
from retcli.actions.casefile.records.agreed_before import fallen_agreements
from retcli.actions.cases import platform_list
from retcli.actions.cases.disputes import bad_reviews, register
from retcli.actions.cases.urgency import item_of, urgency
from retcli.actions.imports import open_faults, runs
from retcli.actions.imports.orders import halves
from retcli.actions.insight import freshness
from retcli.actions.money import open_payouts
from retcli.actions.money.paid_without_goods import LOOKED_BACK, paid_without_goods
from retcli.actions.orderfile import open_questions
from retcli.actions.orderfile.waiting_refunds import waiting_refunds
from retcli.actions.warehouse import stalled_parcels, stock_alerts
from retcli.actions.warehouse.deliveries import waiting as parcels_waiting
from retcli.actions.warehouse.pieces import held_pieces, senders
from retcli.actions.warehouse.strangers import fitting
from retcli.database import engine, locks
from retcli.models import Case, Parcel, ParcelCase
from retcli.models.imports import Import
from retcli.rules.casefile.clocks import FIRST_REPLY
from retcli.rules.lifecycles import AT_THE_DOOR, IN_CHARGE_OF_GOODS, Filing
from retcli.rules.money.minor_units import Money
from retcli.shop import Shop
from retcli.views.casefile.cases import CaseInBrief
from retcli.views.imports.waiting_refunds import RefundsWaiting
from retcli.views.insight.today import RegisterCount, TodayView
from retcli.views.money.case_sums import CaseSums, RestSums
from retcli.views.sums import sums


def today(shop: Shop, *, mine: bool = False, overdue: bool = False) -> TodayView:
    """Every open case that waits for the shop, or those of the operator, each with whether its next step is for the
    operator's role: overdue first, then due within 4 hours, then by money at risk; `overdue` keeps only what is past a
    deadline; payouts that have waited for a second person or been due for longer than a working day are overdue too,
    with `mine` those of the operator's cases. What stands beside the list is always the shop's.
    """
    query = sa.select(Case).where(col(Case.filing) == Filing.OPEN).order_by(col(Case.id))
    views = briefs_of(shop, list(shop.session.scalars(query)))
    items = [item_of(shop, view) for view in views if not mine or view.owner == shop.operator.name]
    # a case without a next step of ours waits for the buyer: it is listed only where its deadline presses
    waiting = [item for item in items if item.action or item.urgency != "later"]
    if overdue:
        waiting = [item for item in waiting if item.urgency == "overdue"]
    return TodayView(
        at=shop.now,
        items=tuple(sorted(waiting, key=urgency)),
        files=tuple(freshness.reports(shop)),
        night=runs.heartbeat(shop),
        backup=backups.state(shop),
        unclaimed=_unclaimed(shop),
        matched=fitting.fitted_since(shop, shop.now - timedelta(days=1)),
        clicks=platform_list.clicks_waiting(shop),
        questions=open_questions.count(shop),
        unfinished=_unfinished(shop),
        misfits=len(halves.misfits(shop)),
        halves=sum(halves.alone(shop)),
        refused_rows=open_faults.open_faults(shop),
        unanswered=_unanswered(views, shop.now),
        refunds_waiting=RefundsWaiting.of(waiting_refunds(shop)),
        only_overdue=overdue,
        register=RegisterCount(*register.waiting(shop)),
        bad_reviews=bad_reviews.waiting(shop),
        held=_held(shop),
        stalled=len(stalled_parcels.stalled(shop).parcels),
        unopened=parcels_waiting.unopened(shop),
        never_scanned=parcels_waiting.never_scanned(shop),
        deliveries=parcels_waiting.not_ended(shop),
        short_deliveries=parcels_waiting.short(shop),
        stock=stock_alerts.pressing(shop) if shop.operator.role in IN_CHARGE_OF_GOODS else 0,
        payouts=open_payouts.open_payouts(shop),
        agreed_unpaid=_unpaid([view for view in views if view.stage == "to_pay"]),
        rests_unpaid=tuple(_rests(views)),
        without_goods=paid_without_goods(shop),
        fell=fallen_agreements(shop),
        role=str(shop.operator.role),
        who=shop.operator.name,
        late_beside=overdue and _late_beside(shop, shop.operator.name if mine else ""),
    )


def _unpaid(views: Sequence[CaseInBrief]) -> CaseSums:
    """How many of some cases have money to be paid for which no payout stands yet, and its sum in each currency;
    freight of the way back that was taken back counts too.
    """
    refunds = {view.number: [Money(view.unpaid, view.due.currency)] if view.unpaid else [] for view in views}
    unpaid = [[*refunds[view.number], *view.owed_beside] for view in views]
    return CaseSums(sum(map(bool, unpaid)), sums(money for of_case in unpaid for money in of_case))


def _rests(views: Sequence[CaseInBrief]) -> Iterator[RestSums]:
    """The same of cases of which a part is under way, by their stage."""
    for stage in ("paying", "to_find_out", "to_countersign"):
        if (unpaid := _unpaid([view for view in views if view.stage == stage])).count:
            yield RestSums(stage, unpaid)


def _unanswered(views: Sequence[CaseInBrief], now: datetime) -> int:
    """How many cases nobody has answered within the shop's own time; the deadline that a case is shown with is mostly
    another one.
    """
    clocks = (clock for view in views for clock in view.clocks)
    return sum(clock.name == FIRST_REPLY and clock.past(now) for clock in clocks)


def _late_beside(shop: Shop, owner: str) -> bool:
    """Whether any payouts or entries of the register are overdue; of one owner's cases where one is named."""
    return bool(open_payouts.open_payouts(shop, owner=owner).overdue or register.waiting(shop, owner=owner)[1])


def _unfinished(shop: Shop) -> int:
    """How many imports were cut off; one that runs right now is not counted."""
    cut_off = _count(shop, Import.state != "done")
    return cut_off if cut_off and not locks.taken(engine.address(shop.session.get_bind().engine)) else 0


def _unclaimed(shop: Shop) -> int:
    """How many parcels arrived and belong to no case."""
    claimed = sa.select(col(ParcelCase.parcel_id))
    query = sa.select(sa.func.count()).where(col(Parcel.state).in_(AT_THE_DOOR), col(Parcel.id).not_in(claimed))
    query = query.where(senders.no_sending())
    return shop.session.scalar(query) or 0


def _held(shop: Shop) -> int:
    """How many parcels hold pieces for nobody, of which no open case tells; a list of its own has older ones too."""
    return _count(shop, held_pieces.left_over(shop.now - LOOKED_BACK))


def _count(shop: Shop, test: Any) -> int:
    """How many rows meet a condition on their table."""
    return shop.session.scalar(sa.select(sa.func.count()).where(test)) or 0
