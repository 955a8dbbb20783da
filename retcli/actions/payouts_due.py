"""Money that was let go and that nobody has sent yet."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.calendars import ShopCalendar
from retcli.models import Payout
from retcli.models.books import Event
from retcli.rules.lifecycles import PayoutState
from retcli.rules.money import Money
from retcli.rules.workdays import workdays_after
from retcli.shop import Shop
from retcli.views.queue import sums
from retcli.views.today import PayoutsDue


def payouts_due(shop: Shop) -> PayoutsDue:
    """The payouts that are due and not sent: how many, their sums by currency, since when the oldest is due, and how
    many have been due for longer than the working day after.
    """
    waiting = sa.select(Payout).where(col(Payout.state) == PayoutState.DUE).order_by(col(Payout.id))
    due = list(shop.session.scalars(waiting))
    countersigned = _countersigned(shop) if any(payout.approved_by for payout in due) else {}
    since = [countersigned.get(payout.number, payout.decided_at) for payout in due]
    calendar = ShopCalendar(shop.policy.holidays)
    return PayoutsDue(
        count=len(due),
        sums=sums(Money(payout.minor, payout.currency) for payout in due),
        oldest=min(since, default=None),
        overdue=sum(workdays_after(at, 1, calendar).at <= shop.now for at in since),
    )


def _countersigned(shop: Shop) -> dict[str, datetime]:
    """When a second person let each payout go that is due now, by its number."""
    rows = shop.session.execute(
        sa.select(col(Event.subject), col(Event.at))
        .join(Payout, col(Payout.number) == col(Event.subject))
        .where(col(Event.action) == "approve", col(Payout.state) == PayoutState.DUE)
    )
    return {number: datetime.fromisoformat(at) for number, at in rows}
