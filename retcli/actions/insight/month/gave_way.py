"""What had been let go or agreed to here and gave way: to another sum that the platform paid on the same refund, or to
the buyer's new application.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.agreed_before import agreed_before
from retcli.actions.insight.month.booked import WAS_WAITING, failed, made_since, off_route
from retcli.actions.insight.month.movements import Matter
from retcli.actions.insight.month.payout_progress import signed_at
from retcli.models import Case, Payout
from retcli.rules.lifecycles import PayoutState
from retcli.shop import Shop


def tell_earlier(shop: Shop, matters: Mapping[int, Matter], concerned: Any) -> None:
    """Writes on the refunds of a month when one was let go that gave way, and what had been agreed to on an earlier
    application; `concerned` is a subquery of their cases' ids.
    """
    for case_id, at in gave_way(shop, concerned).items():
        if case_id in matters:
            matters[case_id].gave_way_at = at
    before = agreed_before(shop, col(Case.id).in_(sa.select(concerned.c[0])))
    for matter in matters.values():
        matter.agreed_before = before[matter.case].money if matter.case in before else None


def gave_way(shop: Shop, concerned: Any) -> Mapping[int, datetime]:
    """The first instant at which a refund by the original route was let go on each of some cases (a subquery of their
    ids) that an import failed since the decision: by the second person where one had to.
    """
    query = sa.select(col(Payout.case_id), col(Payout.decided_at), signed_at())
    query = query.join(Case, col(Case.id) == col(Payout.case_id)).where(made_since(Payout), sa.not_(off_route()))
    by_import = failed(Payout, '"actor":"import"'), sa.not_(failed(Payout, WAS_WAITING))
    query = query.where(col(Payout.state) == PayoutState.FAILED, *by_import)
    query = query.where(col(Payout.case_id).in_(sa.select(concerned.c[0])))
    let_go: dict[int, datetime] = {}
    for case_id, decided, signed in shop.session.execute(query.order_by(col(Payout.id))):
        let_go.setdefault(case_id, datetime.fromisoformat(signed) if signed else decided)
    return let_go
