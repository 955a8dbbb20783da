"""Writes down each code that was read at a bench, and what was done by it, so that it can be taken back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from retcli.actions.casefile.records import acts
from retcli.actions.warehouse import parcels
from retcli.actions.warehouse.bench.benches import Bench
from retcli.actions.warehouse.deliveries import handovers
from retcli.actions.warehouse.pieces import undone_pieces
from retcli.models.acts import Act, Scan
from retcli.rules.lifecycles import LEFT_THE_DOOR, ParcelState
from retcli.shop import Shop
from retcli.views.warehouse.scans import ScanView, shown

_WRITTEN = frozenset({"label", "turn_away"})
"""Actions of events that are written down as acts where they are done."""
_OF_NO_PARCEL = frozenset({"undo", "tally", "ship"})
"""Actions of events that are written down where they are done, and that name no parcel."""
Events = Sequence[Mapping[str, Any]]
_BY_EVENT = {
    **{"open": "register", "receive": "receive", "attach": "slip", "box": "box", "empty": "empty"},
    **{"shelf": "shelf", "weight": "weight", "serial": "serial", "count_in": "count_in"},
}
_TAKEN_IN = frozenset({"register", "receive", "box", "count_in", "count_in_box"})
"""The kinds of acts that count against a driver's number."""
"""The kind of an act by the first of these events that tells of its parcel; any other is about pieces."""


def note(shop: Shop, bench: Bench, view: ScanView, events: Events, read_at: datetime | None) -> None:
    """Writes down a code with what came of it; `events` are those that it wrote, `read_at` when it was read (UTC; None
    for now).
    """
    on_table = parcels.numbered(shop, bench.parcel) if bench.parcel else None
    act = _act(shop, bench, view, events)
    at = read_at or shop.now
    scan = Scan(session=bench.session, mode=bench.mode, code=shown(view.full_code), meaning=view.meaning,
                outcome=view.outcome, grade=bench.grade or "", locked=bench.locked, filmed=bench.filmed,
                by=shop.operator.name, at=at, parcel_id=on_table.id if on_table else None,
                act_id=act.id if act else None)  # fmt: skip
    shop.add(scan)


def _act(shop: Shop, bench: Bench, view: ScanView, events: Events) -> Act | None:
    """What a code did with its parcel, written down; None where it did nothing."""
    mine = [event for event in events if event["subject"] == view.parcel]
    told = any(event["action"] in _OF_NO_PARCEL for event in events)
    if told and not _of_load_that_goes_on(mine, events):
        return acts.newest(shop)
    if not view.parcel or not mine:
        return None
    if any(event["action"] in _WRITTEN for event in mine):
        return acts.newest(shop)
    parcel = parcels.numbered(shop, view.parcel)
    kind = next((_BY_EVENT[event["action"]] for event in mine if event["action"] in _BY_EVENT), "pieces")
    if kind == "receive" and any(event["payload"].get("was") in {ParcelState.VOID, *LEFT_THE_DOOR} for event in mine):
        kind = "register"
    did = _did(kind, mine, events)
    kind = "count_in_box" if did.get("further") else kind
    if kind == "pieces" and not did["steps"]:
        return None
    delivery = bench.delivery if kind in _TAKEN_IN and bench.delivery else None
    return acts.note(shop, kind, parcel.number, parcel=parcel, session=bench.session, delivery=delivery, **did)


def _of_load_that_goes_on(mine: Events, events: Events) -> bool:
    """Whether a parcel was taken in (`mine` are its events) with a driver's load whose end was taken back for it."""
    back = {event["payload"]["act"] for event in events if event["action"] == "undo"}
    taken_in = any(_BY_EVENT.get(event["action"]) in _TAKEN_IN for event in mine)
    return taken_in and bool(back) and back <= handovers.KINDS


def _did(kind: str, mine: Events, events: Events) -> dict[str, Any]:
    """What the reversal of an act needs to know, from the events that it wrote of its parcel (`mine`) and of others."""
    if kind == "pieces":
        return {"steps": undone_pieces.steps_of(mine, mine[0]["subject"])}
    if kind == "empty":
        return {"received": False, "reasons": {}}
    if kind == "count_in":
        return {name: value for name, value in _facts(mine, kind).items() if name in {"box", "further"}}
    if kind == "box":
        return {"box": next(event["payload"]["box"] for event in mine if event["action"] == "box")}
    if kind == "serial":
        return dict(_facts(mine, kind))
    if kind in {"shelf", "weight"}:
        return {"was": next(event["payload"]["was"] for event in mine if event["action"] == kind)}
    attached = [event["payload"]["case"] for event in mine if event["action"] == "attach"]
    if kind != "register":
        return {"attached": attached}
    came: Mapping[str, Any] = next((event["payload"] for event in mine if event["action"] == "receive"), {})
    before = {name: came[name] for name in ("was", "received_at", "received_by") if name in came}
    return {"attached": attached, "called_back": _called_back(events), **before}


def _facts(mine: Events, action: str) -> Mapping[str, Any]:
    """The facts of the first event of an action."""
    return next(dict(event["payload"]) for event in mine if event["action"] == action)


def _called_back(events: Events) -> bool:
    """Whether with a parcel's coming back a sending was taken back, or a click dropped."""
    return any(event["action"] in {"come_back", "drop"} for event in events)
