"""When refunds were let go here that gave way, since the platform had paid another sum on the same refund."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.insight.booked import WAS_WAITING, failed, made_since, off_route, signed_at
from retcli.models import Case, Payout
from retcli.rules.lifecycles import PayoutState
from retcli.shop import Shop


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
