"""Checks of the books about statuses: each follows from its events, a finished case has nothing open, the chain of
events holds.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.database.history import eventlog
from retcli.database.history.facts import ACTION as ROWS_TOLD
from retcli.models import Case, Delivery, Offer, Order, Parcel, Payout, PlatformAction, Replacement, Shipment
from retcli.models.books import Anchor
from retcli.models.register import BadReview, Escalation
from retcli.models.stock import StockOrder, Stocktake
from retcli.rules.events import FIELDS, GENESIS, Broken, last_link
from retcli.rules.lifecycles import (
    FILING,
    LIFECYCLES,
    ActionState,
    Decision,
    Filing,
    OfferState,
    PayoutState,
    ReplacementState,
    ShipmentState,
)
from retcli.shop import Shop
from retcli.views.books import breaches
from retcli.views.books.check import Problem

_OPEN: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Payout, (PayoutState.WAITING, PayoutState.DUE, PayoutState.SENT, PayoutState.UNKNOWN)),
    (PlatformAction, (ActionState.TODO,)),
    (Replacement, (ReplacementState.DUE, ReplacementState.CAME_BACK)),
    (Offer, (OfferState.MADE,)),
    (Shipment, (ShipmentState.PREPARED,)),
)
"""What may hang on a case, with the states in which it is open."""


def finished(shop: Shop) -> Iterator[Problem]:
    """7: a finished case has nothing open."""
    still_open, undecided = _finished_with_open()
    for query in still_open:
        for number, state in shop.session.execute(query):
            yield Problem(7, number, breaches.FinishedWithOpen(state))
    for number in shop.session.scalars(undecided):
        yield Problem(7, number, breaches.Breach.FINISHED_UNDECIDED)


@cache
def _finished_with_open() -> tuple[list[sa.Executable], sa.Executable]:
    """What is open of finished cases, a query for each kind of it; and those that nobody decided."""
    done = sa.select(col(Case.id)).where(col(Case.filing) == Filing.FINISHED)
    still_open: list[sa.Executable] = [
        sa.select(col(Case.number), table.state)
        .join(table, table.case_id == col(Case.id))
        .where(table.case_id.in_(done), table.state.in_(states))
        for table, states in _OPEN
    ]
    undecided = sa.select(col(Case.number)).where(col(Case.id).in_(done), col(Case.decision) == Decision.REQUESTED)
    return still_open, undecided


_Statuses = dict[tuple[str, str], str]
"""The status of each subject on each axis."""


def history(shop: Shop) -> Iterator[Problem]:
    """5 and 8: the chain verifies up to its anchor, and every status follows from its events through the table."""
    head, last, statuses = GENESIS, 0, _Statuses()
    for event in eventlog.events(shop.session.connection()):
        try:
            # link by link, so that chain and statuses need one way through the history
            last, head = last_link([event], last, head)
        except Broken as broken:
            yield Problem(8, str(broken.seq), breaches.Breach.HISTORY_CHANGED)
            return
        yield from _replay(dict(zip(FIELDS, event, strict=False)), statuses)
    anchors = [tuple(row) for row in shop.session.execute(sa.select(col(Anchor.seq), col(Anchor.hash)))]
    if anchors != [(last, head)]:
        yield Problem(8, str(anchors[0][0] if anchors else 0), breaches.Breach.HISTORY_CUT_OFF)
    yield from _compare(shop, statuses)


def _replay(event: Mapping[str, Any], statuses: _Statuses) -> Iterator[Problem]:
    """Sets the status that an event tells in `statuses`, and names a move that its lifecycle does not have."""
    action, subject = event["action"], event["subject"]
    if action == ROWS_TOLD:
        return
    payload = json.loads(event["payload"])
    axis = payload.get("axis")
    if axis is None:
        return
    if action != "open":
        before = statuses.get((subject, axis), _start(axis))
        if before != payload["was"] or LIFECYCLES[axis].after(before, action) != payload["now"]:
            yield Problem(5, subject, breaches.StatusJumps(event["seq"], axis, before, payload["now"]))
    statuses[subject, axis] = payload["now"]


def _start(axis: str) -> str:
    """The status on an axis before any event: a case is open (not finished) without an event that says so."""
    return FILING.start if axis == FILING.axis else ""


def _compare(shop: Shop, statuses: _Statuses) -> Iterator[Problem]:
    """Every stored status that is another than its events lead to."""
    for subject, axis, stored in _stored_statuses(shop):
        from_events = statuses.get((subject, axis), _start(axis))
        if from_events != stored:
            yield Problem(5, subject, breaches.StatusDiffers(axis, stored, from_events))


def _stored_statuses(shop: Shop) -> Iterator[tuple[str, str, str]]:
    """Every stored status: its subject as events name it, its axis, the status. Of several clicks of one kind only the
    last counts.
    """
    session = shop.session
    for number, decision, filing in session.execute(sa.select(col(Case.number), col(Case.decision), col(Case.filing))):
        yield number, "decision", decision
        yield number, "filing", filing
    tables = (("payout", Payout), ("parcel", Parcel), ("delivery", Delivery), ("stocktake", Stocktake))
    for axis, table in (*tables, ("stock_order", StockOrder), ("shipment", Shipment)):
        for number, state in session.execute(sa.select(col(table.number), col(table.state))):
            yield number, axis, state
    for number, key, state in session.execute(_of_cases(Replacement)):
        yield f"{number}/{key}", "replacement", state
    for number, key, state in session.execute(_of_cases(Offer)):
        yield f"{number}/offer-{key}", "offer", state
    clicks = sa.select(col(Case.number), col(PlatformAction.action), col(PlatformAction.state))
    clicks = clicks.join(Case, col(Case.id) == col(PlatformAction.case_id)).order_by(col(PlatformAction.id))
    last = {f"{number}/{action}": state for number, action, state in session.execute(clicks)}
    for subject, state in last.items():
        yield subject, "platform_action", state
    for number, key, state in session.execute(_of_cases(Escalation)):
        yield f"{number}/E{key}", "escalation", state
    reviews = sa.select(col(Order.number), col(BadReview.id), col(BadReview.state))
    for number, key, state in session.execute(reviews.join(BadReview, col(BadReview.order_id) == col(Order.id))):
        yield f"{number}/V{key}", "bad_review", state


@cache
def _of_cases(table: Any) -> sa.Select[Any]:
    """The rows of a table that hang on cases: the case's number, the row's id, its state."""
    query = sa.select(col(Case.number), col(table.id), col(table.state))
    return query.join(Case, col(Case.id) == col(table.case_id))
