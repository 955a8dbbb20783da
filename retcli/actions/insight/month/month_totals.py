"""The totals of a month as the database sums them: money by currency, control totals, points, pieces."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.platform_payments import payments
from retcli.actions.insight.month import owed
from retcli.actions.insight.month.booked import booked, whole, within
from retcli.actions.insight.month.movements import Matter
from retcli.actions.insight.month.payout_progress import on_the_way
from retcli.actions.insight.month.sums import summed
from retcli.models import Case, Inspection, Order, Payout
from retcli.rules.money.minor_units import POINTS, in_order
from retcli.rules.money.reconciliation import MATCHED, Control, control, entries
from retcli.rules.periods import Period
from retcli.rules.policy.policy import OWN_CURRENCY
from retcli.sheets.month import AGREED, AWAITS_GOODS, Block
from retcli.shop import Shop

_SUMS = ("paid", "compensation", "over", "noted", "own", "platform", "before", "there_alone", "waits_for_order")


def blocks(shop: Shop, period: Period, matters: Mapping[int, Matter]) -> list[Block]:
    """The totals of a month in each of its currencies, the shop's own first; amounts in minor units."""
    sums = {name: summed(shop, name, period) for name in _SUMS}
    payouts, refunds = _payout_counts(shop, period), _refund_counts(shop, period)
    unpaid, sent, waits = _unpaid(shop, period), _sent(shop, period), _waiting(shop, period)
    coupons = _by_currency(shop, _counted(*booked(period), col(Payout.method) == "coupon"))
    agreed, awaits = (_agreed(shop, period, name) for name in (AGREED, AWAITS_GOODS))
    concerned = (matter.currency for matter in matters.values())
    # a month in which nothing happened still has its totals, in the shop's own currency: zeros, not a blank sheet
    currencies = {
        *payouts,
        *refunds,
        *unpaid,
        *sent,
        *waits,
        *concerned,
        *agreed,
        *awaits,
        *sums["there_alone"],
        *sums["waits_for_order"],
    } or {OWN_CURRENCY}
    in_turn = []
    for currency in sorted(currencies, key=in_order):
        mine = [matter for matter in matters.values() if matter.currency == currency]
        of_books: dict[str, Any] = {name: by_currency.get(currency, 0) for name, by_currency in sums.items()}
        block = Block(
            currency=currency,
            payouts=payouts.get(currency, 0),
            platform_count=refunds.get(currency, 0),
            unpaid=unpaid.get(currency, (0, 0)),
            sent=sent.get(currency, (0, 0)),
            waiting=waits.get(currency, (0, 0)),
            coupons=coupons.get(currency, (0, 0)),
            agreed=agreed.get(currency, (0, 0)),
            awaits_goods=awaits.get(currency, (0, 0)),
            **of_books,
            **_of_matters(mine, period),
        )
        in_turn.append(block)
    return in_turn


def _of_matters(matters: Sequence[Matter], period: Period) -> dict[str, Any]:
    """The fields of a month's block that come from the refunds of its currency: counts, and sums in minor units."""
    agreed = [matter.refunded - matter.over for matter in matters if matter.label == MATCHED and matter.refunded]
    return {
        "before_count": sum(1 for matter in matters if matter.from_before),
        "matched": sum(agreed),
        "matched_count": len(agreed),
        "control": _control(matters, period),
        "afterwards": _afterwards(matters),
    }


def _control(matters: Iterable[Matter], period: Period) -> dict[str, Control]:
    """The control totals (opening + new = matched + closing) of either side."""
    all_entries = [entry for matter in matters for entry in entries(matter.ours, matter.theirs)]
    return {side: control((e for e in all_entries if e.side == side), period) for side in ("ours", "platform")}


def _payout_counts(shop: Shop, period: Period) -> dict[str, int]:
    """Payouts booked in the period, by currency; points are none."""
    query = sa.select(col(Payout.currency), sa.func.count()).where(*booked(period), col(Payout.currency) != POINTS)
    return {row[0]: row[1] for row in shop.session.execute(query.group_by(col(Payout.currency)))}


def _refund_counts(shop: Shop, period: Period) -> dict[str, int]:
    """Refunds with money that succeeded on the platforms in the period, or that they closed in it, by currency."""
    paid = payments()
    moved = sa.select(paid.c.case_id).where(within(paid.c.at, period)).group_by(paid.c.case_id)
    refunds = moved.having(sa.func.sum(paid.c.minor) != 0).subquery()
    query = sa.select(col(Order.currency), sa.func.count()).select_from(refunds)
    query = query.join(Case, col(Case.id) == refunds.c.case_id).join(Order, col(Order.id) == col(Case.order_id))
    return {row[0]: row[1] for row in shop.session.execute(query.group_by(col(Order.currency)))}


def points(shop: Shop, period: Period) -> int:
    """The points given in the period, less those taken back."""
    query = sa.select(whole(Payout.minor)).where(*booked(period), col(Payout.currency) == POINTS)
    return int(shop.session.scalar(query) or 0)


def points_payouts(shop: Shop, period: Period) -> int:
    """How many payouts of points are booked in the period; they are none of money."""
    query = sa.select(sa.func.count()).select_from(Payout).where(*booked(period), col(Payout.currency) == POINTS)
    return int(shop.session.scalar(query) or 0)


def pieces_in(shop: Shop, period: Period) -> int:
    """The pieces inspected in the period."""
    return int(shop.session.scalar(sa.select(whole(Inspection.quantity)).where(within(Inspection.at, period))) or 0)


def _afterwards(matters: Iterable[Matter]) -> dict[tuple[str, bool], tuple[int, int]]:
    """How many refunds were written down as the platforms had paid them, and their sum without what exceeds orders, by
    class of difference and whether a refund of ours had been let go before.
    """
    sums: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for matter in matters:
        if matter.afterwards:
            sums[matter.label, matter.let_go_at is not None].append(matter.afterwards)
    return {sort: (len(some), sum(some)) for sort, some in sorted(sums.items()) if sum(some)}


def _counted(*which: Any) -> Any:
    """A query of count and sum of some payouts, by currency."""
    query = sa.select(col(Payout.currency), sa.func.count(), whole(Payout.minor))
    return query.join(Case, col(Case.id) == col(Payout.case_id)).where(*which).group_by(col(Payout.currency))


def _by_currency(shop: Shop, query: Any) -> dict[str, tuple[int, int]]:
    """The count and the sum in minor units of a query, by currency."""
    return {currency: (count, int(minor)) for currency, count, minor in shop.session.execute(query)}


def _unpaid(shop: Shop, period: Period) -> dict[str, tuple[int, int]]:
    """Count and sum of money decided and not sent by the period's end, apart from platform refunds, by currency."""
    return _by_currency(shop, _counted(*owed.not_sent(period)))


def _sent(shop: Shop, period: Period) -> dict[str, tuple[int, int]]:
    """Count and sum of money sent and not known to be out at the period's end, apart from platform refunds, by
    currency.
    """
    return _by_currency(shop, _counted(*on_the_way(period)))


def _waiting(shop: Shop, period: Period) -> dict[str, tuple[int, int]]:
    """Count and sum of what waited for a second person at the period's end, by currency."""
    return _by_currency(shop, _counted(*owed.waiting(period)))


def _agreed(shop: Shop, period: Period, name: str) -> dict[str, tuple[int, int]]:
    """Count and sum of a column of `owed.agreed_open`, what was agreed to with what is owed again, by currency."""
    left, again = owed.agreed_open(period), owed.owed_again(period)
    rows = sa.select(left.c.currency.label("currency"), left.c[name].label("minor")).where(left.c[name] > 0)
    both = sa.union_all(rows, *([sa.select(again.c.currency, again.c.minor)] if name == AGREED else [])).subquery()
    query = sa.select(both.c.currency, sa.func.count(), whole(both.c.minor))
    return _by_currency(shop, query.group_by(both.c.currency))
