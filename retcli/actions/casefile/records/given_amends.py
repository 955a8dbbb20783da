"""Reads the amends in money that were let go on cases, for any number of orders at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlmodel import col

from retcli.models import CaseLine, Payout
from retcli.rules.lifecycles import PayoutState
from retcli.rules.money.amends import Given
from retcli.rules.money.payouts import NO_MONEY
from retcli.shop import Shop

_GIVEN = (
    # cast, else it is a Decimal on PostgreSQL
    sa.select(
        col(Payout.order_id),
        col(Payout.case_id),
        col(CaseLine.line_id),
        sa.cast(sa.func.sum(Payout.minor), sa.BigInteger),
    )
    .outerjoin(CaseLine, col(CaseLine.case_id) == col(Payout.case_id))
    .where(col(Payout.order_id).in_(sa.bindparam("ids", expanding=True)))
    .where(col(Payout.kind) == "compensation", col(Payout.method).not_in(NO_MONEY))
    .where(col(Payout.state) != PayoutState.FAILED)
    .group_by(col(Payout.order_id), col(Payout.case_id), col(CaseLine.line_id))
)


def of_orders(shop: Shop, orders: Sequence[int]) -> Mapping[int, Sequence[Given]]:
    """The amends in money of each case, by order; what failed is left out, what was taken back adds up to nothing."""
    lines: dict[tuple[int, int], set[int]] = defaultdict(set)
    sums: dict[tuple[int, int], int] = {}
    for order_id, case_id, line_id, minor in shop.session.execute(_GIVEN, {"ids": list(orders)}):
        # each line's row has the sum of the case anew
        sums[order_id, case_id] = int(minor)
        lines[order_id, case_id].update([line_id] if line_id is not None else [])
    by_order: dict[int, list[Given]] = defaultdict(list)
    for (order_id, case_id), minor in sums.items():
        by_order[order_id].append(Given(case_id, frozenset(lines[order_id, case_id]), minor))
    return by_order
