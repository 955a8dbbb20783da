"""Makes due again what cases gave up for a payment of their platform (`making_way`), once it was taken back and the
order has room.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.filing import open_if_undone
from retcli.actions.casefile.order_facts import lines_of
from retcli.actions.casefile.records.entitlements import take_up
from retcli.actions.casefile.records.ledger import draws_of_others
from retcli.actions.casefile.records.one_case import case_lines
from retcli.models import Case, Order
from retcli.models.books import Event
from retcli.rules.lifecycles import Decision
from retcli.shop import Shop

DUE_AGAIN = "due_again"
_GIVEN = {"make_way": 1, DUE_AGAIN: -1}
_ENDS = frozenset({"give_up", "approve", "reconsider", "reject", "withdraw"})
"""Events after which a case waits for nothing that it gave up before."""


def due_again(shop: Shop, order_id: int) -> None:
    """Raises what approved cases of an order are due by what they gave up for others, the oldest case first, as far as
    the lines and the freight have room; a case that was finished by that is open again.
    """
    query = sa.select(Case).where(col(Case.order_id) == order_id, col(Case.decision) == Decision.APPROVED)
    for case in shop.session.scalars(query.order_by(col(Case.id))):
        given = _given_up(shop, case)
        if given:
            _raise(shop, case, given)


def _raise(shop: Shop, case: Case, given: Mapping[str, int]) -> None:
    """Makes due again what a case gave up (minor units by the number of the line, "" for the freight)."""
    order = shop.hold(shop.session.get_one(Order, case.order_id))
    numbers = {order_line.id: order_line.number for _line, order_line in case_lines(shop, case)} | {None: ""}
    drawn = draws_of_others(shop, order, None)
    paid = {line.id: line.cash for line in lines_of(shop, order)} | {None: order.freight}
    room = {key: paid[key] - sum(draw.cash for draw in drawn.get(key, [])) for key in numbers}
    more = {key: min(given.get(number, 0), room[key]) for key, number in numbers.items()}
    more = {key: minor for key, minor in more.items() if minor > 0}
    if not more:
        return
    shop.hold(case)
    take_up(shop, case, more)
    lines = {numbers[key]: minor for key, minor in more.items() if key is not None}
    facts = {"minor": sum(more.values()), "currency": order.currency, "lines": lines, "freight": more.get(None, 0)}
    shop.record(case.number, DUE_AGAIN, **facts)
    open_if_undone(shop, case)


def _given_up(shop: Shop, case: Case) -> Counter[str]:
    """What a case gave up for others and is not due again, in minor units by line number; "" for the freight."""
    given = Counter[str]()
    for action, payload in _events(shop, case):
        if action in _ENDS:
            given.clear()
        else:
            for number, minor in {**payload["lines"], "": payload["freight"]}.items():
                given[number] += _GIVEN[action] * int(minor)
    return Counter({number: minor for number, minor in given.items() if minor > 0})


def _events(shop: Shop, case: Case) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What happened to a case that tells what it gave up, in turn: what is saved, then this piece of work's own."""
    told = [*_GIVEN, *_ENDS]
    query = sa.select(col(Event.action), col(Event.payload)).where(col(Event.subject) == case.number)
    for action, payload in shop.session.execute(query.where(col(Event.action).in_(told)).order_by(col(Event.seq))):
        yield action, json.loads(payload)
    for event in shop.events:
        if event["subject"] == case.number and event["action"] in told:
            yield event["action"], event["payload"]
