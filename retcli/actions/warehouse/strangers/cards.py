"""All that is known of one parcel."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.warehouse import weights
from retcli.actions.warehouse.parcels import parcel_of, view_of
from retcli.actions.warehouse.pieces import contents
from retcli.actions.warehouse.strangers import read_labels
from retcli.models import Parcel
from retcli.models.books import Event
from retcli.rules.events import actor_of
from retcli.rules.lifecycles import LEFT_THE_DOOR
from retcli.shop import Shop
from retcli.views.casefile.case_history import HistoryLine
from retcli.views.freetext import Person
from retcli.views.warehouse.parcel_cards import Label, ParcelCard


def show(shop: Shop, ref: str) -> ParcelCard:
    """All that is known of a parcel: what its label says, where it lies, what was found in it, its history."""
    parcel = parcel_of(shop, ref)
    said = [
        Label(row.sender, row.phone_tail, row.old_waybill, row.city, row.by, row.at, row.note)
        for row in read_labels.all_said(shop, parcel)
    ]
    events, senders = list(_events(shop, parcel)), _persons(said)
    said = [replace(each, note=senders.hide(each.note)) for each in said]
    found = [
        {"sku": each.sku, "pieces": each.quantity, "grade": each.grade, "to": each.disposition}
        | ({"missing": senders.hide(each.missing)} if each.missing else {})
        for each in reversed(contents.findings(shop, parcel))
    ]
    return ParcelCard(
        parcel=view_of(shop, parcel),
        label=said[-1] if said else None,
        earlier=tuple(said[:-1]),
        weight=weights.of(shop, parcel),
        found=tuple(found),
        returned=(parcel.returned_carrier, parcel.returned_waybill),
        because=senders.hide(parcel.left_because) if parcel.state in {"void", *LEFT_THE_DOOR} else "",
        held=_held(events) if parcel.state in LEFT_THE_DOOR else (),
        history=tuple(_line(event) for event in events),
    )


def _persons(said: Sequence[Label]) -> Person:
    """Who sent a parcel, as its label was read; they are not shown in the words about it."""
    *others, last = ["", *(label.full_sender for label in said if label.full_sender)]
    return Person(receiver=last, others=tuple(filter(None, others)))


def _events(shop: Shop, parcel: Parcel) -> Any:
    query = sa.select(Event).where(col(Event.subject) == parcel.number).order_by(col(Event.seq))
    return shop.session.scalars(query)


def _held(events: list[Event]) -> tuple[Mapping[str, Any], ...]:
    """The pieces that lay in a parcel when it left."""
    left = [json.loads(event.payload) for event in events if event.action in {"send_back", "dispose"}]
    told = [facts["held"] for facts in left if "held" in facts]  # not where it is only gone again as before
    return tuple(told[-1]) if told else ()


def _line(event: Event) -> HistoryLine:
    facts = json.loads(event.payload)
    axis = facts.get("axis", "")
    return HistoryLine(
        at=datetime.fromisoformat(event.at),
        by=event.operator,
        actor=str(actor_of(facts)),
        subject=str(facts.get("case", "")),
        action="match" if event.action == "attach" else event.action,
        axis=axis,
        now=facts["now"] if axis else "",
        points=facts.get("points", ""),
        money=None,
    )
