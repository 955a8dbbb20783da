"""Sums of payouts that are not known to have arrived: waiting, due, clicked, sent."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.clicked_payouts import was_clicked
from retcli.actions.orderfile.holidays import ShopCalendar
from retcli.models import Case, Payout
from retcli.models.books import Event
from retcli.rules.cases.workdays import workdays_after
from retcli.rules.lifecycles import PayoutState
from retcli.rules.money.minor_units import Money
from retcli.rules.money.payouts import REFUND, money_kind
from retcli.shop import Shop
from retcli.views.money.open_payouts import KindSum, OpenPayouts, PayoutSum
from retcli.views.sums import sums

_OPEN = (PayoutState.WAITING, PayoutState.DUE, PayoutState.SENT)


def open_payouts(shop: Shop, *, owner: str = "") -> OpenPayouts:
    """The sums of payouts that wait for a second person, are due and not sent, were clicked and are not verified, and
    were sent and are not confirmed; of one `owner`'s cases where one is named. What waits or is due after the next
    working day is overdue; what was clicked or sent is not, since the shop can no longer hurry it.
    """
    query = sa.select(Payout, was_clicked()).where(col(Payout.state).in_(_OPEN)).order_by(col(Payout.id))
    if owner:
        query = query.where(col(Payout.case_id).in_(sa.select(col(Case.id)).where(col(Case.owner) == owner)))
    rows = shop.session.execute(query).all()
    # the events are read only where any payout needed a second person
    countersigned = _since(shop, "approve", PayoutState.DUE) if any(each.approved_by for each, _made in rows) else {}
    waiting = [payout for payout, _made in rows if payout.state == PayoutState.WAITING]
    due = [payout for payout, is_clicked in rows if payout.state == PayoutState.DUE and not is_clicked]
    clicked = [payout for payout, is_clicked in rows if is_clicked]
    sent = [payout for payout, _made in rows if payout.state == PayoutState.SENT]
    return OpenPayouts(
        payouts_waiting=_summed(shop, waiting, countersigned),
        payouts_due=_summed(shop, due, countersigned),
        payouts_clicked=_summed(shop, clicked, countersigned, hurry=False),
        payouts_sent=_summed(shop, sent, _since(shop, "send", PayoutState.SENT) if sent else {}, hurry=False),
    )


def _summed(shop: Shop, payouts: Iterable[Payout], moved: dict[str, datetime], *, hurry: bool = True) -> PayoutSum:
    """How many payouts, their sums, since when the oldest is in its state (`moved`, by number), and with `hurry` how
    many are overdue.
    """
    each = list(payouts)
    kinds = _kinds(shop, each)
    since = [moved.get(payout.number, payout.decided_at) for payout in each]
    calendar = ShopCalendar(shop.policy.holidays)
    return PayoutSum(
        count=len(each),
        **_amounts(each),
        oldest=min(since, default=None),
        overdue=sum(workdays_after(at, 1, calendar).at <= shop.now for at in since) if hurry else 0,
        kinds=tuple(KindSum(kind, len(of), **_amounts(of)) for kind, of in sorted(kinds.items(), key=_refunds_first)),
    )


def _amounts(payouts: Sequence[Payout]) -> dict[str, dict[str, int]]:
    """The sums of some payouts by currency, coupons apart: the fields of a sum."""
    money = sums(Money(payout.minor, payout.currency) for payout in payouts if payout.method != "coupon")
    coupons = sums(Money(payout.minor, payout.currency) for payout in payouts if payout.method == "coupon")
    return {"sums": money, "coupon_sums": coupons}


def _kinds(shop: Shop, payouts: Sequence[Payout]) -> dict[str, list[Payout]]:
    """Some payouts, none of which has arrived, by what their money is called."""
    query = sa.select(Case).where(col(Case.id).in_({payout.case_id for payout in payouts}))
    cases = {case.id: case for case in shop.session.scalars(query)} if payouts else {}
    kinds: dict[str, list[Payout]] = defaultdict(list)
    for payout in payouts:
        case = cases[payout.case_id]
        # only what a platform paid may be beyond its order, and that has arrived
        kind = money_kind(payout.kind, case.kind, payout.minor, 0, protection=case.is_protection)
        kinds[kind].append(payout)
    return kinds


def _refunds_first(kind: tuple[str, list[Payout]]) -> tuple[bool, str]:
    return kind[0] != REFUND, kind[0]


def _since(shop: Shop, move: str, state: PayoutState) -> dict[str, datetime]:
    """The instant at which each payout that is in a state now was moved there, by its number."""
    rows = shop.session.execute(
        sa.select(col(Event.subject), col(Event.at))
        .join(Payout, col(Payout.number) == col(Event.subject))
        .where(col(Event.action) == move, col(Payout.state) == state)
    )
    return {number: datetime.fromisoformat(at) for number, at in rows}
