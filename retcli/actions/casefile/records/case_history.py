"""What was done to a case, its payouts and its parcels, as the chain of events has it."""

import json
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.dossiers import Dossier
from retcli.actions.casefile.records.voided_payouts import never_left
from retcli.models.books import Event
from retcli.rules.events import actor_of
from retcli.rules.money.minor_units import Money
from retcli.shop import Shop
from retcli.views.casefile.case_history import HistoryLine


def history(shop: Shop, dossier: Dossier) -> tuple[HistoryLine, ...]:
    """Every event of a case, of its payouts and of its parcels, oldest first."""
    case = dossier.case
    of_goods_and_money = [payout.number for payout in dossier.payouts] + [parcel.number for parcel in dossier.parcels]
    numbers = [case.number, *of_goods_and_money]
    events = sa.select(Event).where(col(Event.subject).in_(numbers)).order_by(col(Event.seq))
    return tuple(_line(event, case.number, dossier.order.currency) for event in shop.session.scalars(events))


def _line(event: Event, case: str, currency: str) -> HistoryLine:
    payload = json.loads(event.payload)
    minor = payload.get("minor", payload.get("due") or None)  # what a decision fixed, where it fixed an amount
    return HistoryLine(
        at=datetime.fromisoformat(event.at),
        by=event.operator,
        actor=str(actor_of(payload)),
        subject="" if event.subject == case else event.subject,
        action="match" if event.action == "attach" and event.subject != case else event.action,
        axis=payload.get("axis", ""),
        now=payload.get("now") if payload.get("axis") else "",
        called_off=event.action == "fail" and never_left(payload),
        points=payload.get("points", ""),
        money=Money(minor, payload.get("currency") or currency) if isinstance(minor, int) else None,
    )
