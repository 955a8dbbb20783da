"""Makes room on an order for what its platform paid: other cases give back what they were approved for and what has not
left. So only money that really left can exceed the order.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.filing import finish_if_done
from retcli.actions.casefile.payable import ended_there
from retcli.actions.casefile.records.clicked_payouts import by_click
from retcli.actions.casefile.records.dossiers import Dossier, dossier_of
from retcli.actions.casefile.records.entitlements import give_back
from retcli.actions.casefile.records.ledger import draws_of_others
from retcli.actions.money.outgoing import fail
from retcli.actions.orderfile import step_memory
from retcli.models import Case, Payout, PayoutPart
from retcli.models.books import MADE_WAY, Event
from retcli.rules.lifecycles import LEFT, UNSENT, Decision, PayoutState
from retcli.rules.money.minor_units import Money
from retcli.rules.money.payouts import FREIGHT, GOODS
from retcli.shop import Shop
from retcli.views.imports.gave_way import GaveWay
from retcli.views.sums import sums

Shares = dict[int | None, int]
"""Minor units by the id of the order line; under None those of the freight."""


def make_way(shop: Shop, case: Case, minor: int) -> None:
    """Frees room for a payment that a case's platform made (minor units), where its order has too little: other
    approved cases give back what has not left, the youngest case first, of the case's own lines before the others.
    """
    if step_memory.alone(shop, case.order_id, case.id):
        return
    dossier, short = dossier_of(shop, case), minor
    shop.hold(dossier.order)  # nobody draws on the order between this sum and what is given back
    room = _room(shop, dossier)
    short -= dossier.due - _beside(dossier) + sum(room.values())
    for other in _others(shop, case):
        if short <= 0:
            return
        short -= _give_way(shop, other, case, list(room), short)


def _room(shop: Shop, dossier: Dossier) -> Shares:
    """What no case has drawn on the lines of an order and on the freight: first the case's own lines and the
    freight.
    """
    drawn = draws_of_others(shop, dossier.order, None)
    whole: Shares = {order_line.id: order_line.cash for _line, order_line in dossier.lines} | {
        None: dossier.order.freight
    }
    whole |= {order_line.id: order_line.cash for order_line in dossier.order_lines if order_line.id not in whole}
    return {key: cash - sum(draw.cash for draw in drawn.get(key, [])) for key, cash in whole.items()}


def _beside(dossier: Dossier) -> int:
    """The sum of a case's refunds that go another way than the platform's own, in minor units."""
    dead = {PayoutState.FAILED, PayoutState.REVERSED}
    refunds = [
        payout
        for payout in dossier.payouts
        if payout.kind == "refund" and payout.method != "original" and payout.reverses_id is None
    ]
    return sum(payout.minor for payout in refunds if payout.state not in dead)


def _others(shop: Shop, case: Case) -> list[Case]:
    """The other approved cases of a case's order, the youngest first."""
    query = sa.select(Case).where(col(Case.order_id) == case.order_id, col(Case.id) != case.id)
    query = query.where(col(Case.decision) == Decision.APPROVED)
    return list(shop.session.scalars(query.order_by(col(Case.id).desc())))


def _give_way(shop: Shop, other: Case, case: Case, keys: Sequence[int | None], short: int) -> int:
    """Has another case give back at most what is `short` (minor units), of the lines `keys` in their sequence (None:
    the freight), with an event that says for which case; how much it gave back.
    """
    shop.hold(other)
    spare, given = not_left(shop, other), Shares()
    for key in [key for key in keys if key in spare]:
        given[key] = min(spare[key], short - sum(given.values()))
    if sum(given.values()) <= 0:
        return 0
    imported = {"imported": shop.imported} if shop.imported is not None else {}
    return give_up(shop, other, given, **imported, paid_on=case.number)


def not_left(shop: Shop, case: Case) -> Shares:
    """What of a case is agreed to and has neither left nor been clicked on the platform, by line; never below zero."""
    dossier = dossier_of(shop, case)
    gone = _gone(shop, dossier)
    return {key: max(minor - gone.get(key, 0), 0) for key, minor in _due(dossier).items()}


def _due(dossier: Dossier) -> Shares:
    """What a case is due, by line and of the freight."""
    return {order_line.id: line.due for line, order_line in dossier.lines} | {None: dossier.case.freight_due}


def give_up(shop: Shop, case: Case, given: Shares, **why: Any) -> int:
    """Takes so much (by line) off what a case is due, and fails those of its unsent refunds that exceed what it keeps;
    `why` goes into the event. How much it was in all, in minor units.
    """
    dossier = dossier_of(shop, case)
    _hold_back(shop, dossier, {key: minor - given.get(key, 0) for key, minor in _due(dossier).items()})
    give_back(shop, case, given)
    numbers = {
        order_line.number: given[order_line.id] for _line, order_line in dossier.lines if given.get(order_line.id)
    }
    minor = sum(given.values())
    facts = {"minor": minor, "currency": dossier.order.currency, "lines": numbers, "freight": given.get(None, 0)}
    shop.record(case.number, "make_way", **facts, **why)
    if any(_gone(shop, dossier).values()) and (case.platform_number is None or ended_there(case)):
        finish_if_done(shop, case)
    return minor


def _gone(shop: Shop, dossier: Dossier) -> Shares:
    """What of a case has left, or was clicked on the platform, which may have paid it by now; by line."""
    left = [payout.id for payout in dossier.payouts if payout.state in LEFT or by_click(payout, dossier.clicked)]
    return _given(shop, left)


def _given(shop: Shop, payouts: list[int | None]) -> Shares:
    """The sum of some payouts' parts for goods and freight, by line."""
    query = sa.select(col(PayoutPart.line_id), sa.cast(sa.func.sum(PayoutPart.minor), sa.BigInteger))
    query = query.where(col(PayoutPart.payout_id).in_(payouts), col(PayoutPart.purpose).in_([GOODS, FREIGHT]))
    return {key: int(minor) for key, minor in shop.session.execute(query.group_by(col(PayoutPart.line_id)))}


def _hold_back(shop: Shop, dossier: Dossier, keeps: Mapping[int | None, int]) -> None:
    """Fails unsent refunds of a case, the last one first, until no line is paid more than it `keeps`."""
    paid = dict(dossier.paid)
    for payout in reversed(dossier.payouts):
        if any(paid.get(key, 0) > minor for key, minor in keeps.items()) and _is_unsent(dossier, payout):
            for key, minor in _given(shop, [payout.id]).items():
                paid[key] -= minor
            fail(shop, dossier.case, payout)


def _is_unsent(dossier: Dossier, payout: Payout) -> bool:
    return payout.kind == "refund" and payout.state in UNSENT and not by_click(payout, dossier.clicked)


def gave_way(shop: Shop, import_id: int) -> GaveWay:
    """How many cases gave back money for what an import told of, and how much by currency."""
    events = _events_of(shop, import_id)
    amounts = (Money(int(payload["minor"]), str(payload["currency"])) for _number, payload in events)
    return GaveWay(len({number for number, _payload in events}), sums(amounts), import_id)


def those_of(shop: Shop, import_id: int) -> list[str]:
    """The numbers of the cases that gave back money for what an import told of."""
    return sorted({number for number, _payload in _events_of(shop, import_id)})


def _events_of(shop: Shop, import_id: int) -> list[tuple[str, Mapping[str, Any]]]:
    """Case number and facts of each event ``make_way`` of an import: those that are saved, and those of this piece of
    work, which are written at its end.
    """
    query = sa.select(col(Event.subject), col(Event.payload)).where(sa.text(MADE_WAY)).order_by(col(Event.seq))
    # with the comma behind it, so that import 1 is not found in 12; a key follows, since they are sorted
    rows = shop.session.execute(query.where(col(Event.payload).contains(f'"imported":{import_id},')))
    written = [(number, json.loads(payload)) for number, payload in rows]
    pending = [(event["subject"], event["payload"]) for event in shop.events if event["action"] == "make_way"]
    return written + [(number, payload) for number, payload in pending if payload.get("imported") == import_id]
