"""Payouts that an import failed, since the platform closed a refund or paid otherwise: told in the import's answer."""

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.case_view import view_of
from retcli.language import _
from retcli.models import Case, Payout
from retcli.models.books import Event
from retcli.rules.lifecycles import PayoutState
from retcli.rules.money.minor_units import Money
from retcli.shop import Shop

NAMED = 6
"""So many are named one by one; the others are counted."""


def remarks(shop: Shop, import_id: int) -> tuple[str, ...]:
    """What an import failed, each with its amount and the command that takes its case on."""
    failed = [*_told(shop, import_id), *_untold(shop, import_id)]
    if not failed:
        return ()
    query = sa.select(Payout, Case).join(Case, col(Case.id) == col(Payout.case_id))
    rows = shop.session.execute(query.where(col(Payout.number).in_(failed)).order_by(col(Payout.id))).all()
    text = _("{payout} of {case} failed: {amount} did not leave; next: {command}")
    lines = []
    for payout, case in rows[:NAMED]:
        command = view_of(shop, case).next.partition("\n")[0] or f"retcli case show {case.number}"
        amount = Money(payout.minor, payout.currency)
        lines.append(text.format(payout=payout.number, case=case.number, amount=amount, command=command))
    if len(rows) > NAMED:
        more = _("… and {n} payouts more failed: retcli pay list --state failed")
        lines.append(more.format(n=len(rows) - NAMED))
    return tuple(lines)


def _told(shop: Shop, import_id: int) -> list[str]:
    """The payouts that an import failed, by the events of the history."""
    query = sa.select(col(Payout.number)).join(Event, col(Event.subject) == col(Payout.number))
    query = query.where(col(Payout.state) == PayoutState.FAILED, col(Event.action) == "fail")
    return list(shop.session.scalars(query.where(col(Event.payload).contains(f'"imported":{import_id},'))))


def _untold(shop: Shop, import_id: int) -> list[str]:
    """The same of this piece of work, whose events are written at its end."""
    mine = (event for event in shop.events if event["action"] == "fail")
    return [event["subject"] for event in mine if event["payload"].get("imported") == import_id]
