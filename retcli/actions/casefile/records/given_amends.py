"""Reads the amends in money that were let go on cases, and what managers let go beyond the price, for any number of
orders at once.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.decision_record import APPLIED_ANEW
from retcli.models import Case, CaseLine, Payout
from retcli.models.books import Event
from retcli.rules.lifecycles import PayoutState
from retcli.rules.money.amends import BEYOND_PRICE, Given, Leave
from retcli.rules.money.payouts import NO_MONEY
from retcli.shop import Shop

_GIVEN = (
    # cast, else it is a Decimal on PostgreSQL
    sa.select(
        col(Payout.order_id),
        col(Payout.case_id),
        col(CaseLine.line_id),
        sa.cast(sa.func.sum(Payout.minor), sa.BigInteger),
    )
    .outerjoin(CaseLine, col(CaseLine.case_id) == col(Payout.case_id))
    .where(col(Payout.order_id).in_(sa.bindparam("ids", expanding=True)))
    .where(col(Payout.kind) == "compensation", col(Payout.method).not_in(NO_MONEY))
    .where(col(Payout.state) != PayoutState.FAILED)
    .group_by(col(Payout.order_id), col(Payout.case_id), col(CaseLine.line_id))
)


def of_orders(shop: Shop, orders: Sequence[int]) -> Mapping[int, Sequence[Given]]:
    """The amends in money of each case, by order; what failed is left out, what was taken back adds up to nothing."""
    lines: dict[tuple[int, int], set[int]] = defaultdict(set)
    sums: dict[tuple[int, int], int] = {}
    for order_id, case_id, line_id, minor in shop.session.execute(_GIVEN, {"ids": list(orders)}):
        # each line's row has the sum of the case anew
        sums[order_id, case_id] = int(minor)
        lines[order_id, case_id].update([line_id] if line_id is not None else [])
    by_order: dict[int, list[Given]] = defaultdict(list)
    for (order_id, case_id), minor in sums.items():
        by_order[order_id].append(Given(case_id, frozenset(lines[order_id, case_id]), minor))
    return by_order


def leaves_of(shop: Shop, orders: Sequence[int]) -> Mapping[int, Sequence[Leave]]:
    """By how much managers let what leaves on the cases of some orders exceed what was paid, by order, oldest first."""
    query = sa.select(col(Case.number), col(Case.id), col(Case.order_id), col(CaseLine.line_id))
    query = query.outerjoin(CaseLine, col(CaseLine.case_id) == col(Case.id)).where(col(Case.order_id).in_(orders))
    lines: dict[str, set[int]] = defaultdict(set)
    cases: dict[str, tuple[int, int]] = {}
    for number, case_id, order_id, line_id in shop.session.execute(query):
        cases[number] = case_id, order_id
        lines[number].update([line_id] if line_id is not None else [])
    by_case: dict[str, list[Leave]] = defaultdict(list)
    for number, action, facts, by in _told(shop, list(cases)):
        if action == APPLIED_ANEW:
            by_case[number] = [replace(each, earlier=True) for each in by_case[number]]
        elif facts.get("rule") == BEYOND_PRICE:
            leave = Leave(cases[number][0], frozenset(lines[number]), facts.get("beyond", 0), by)
            by_case[number].append(leave)
    by_order: dict[int, list[Leave]] = defaultdict(list)
    for number, leaves in by_case.items():
        by_order[cases[number][1]].extend(leaves)
    return by_order


def _told(shop: Shop, numbers: Sequence[str]) -> Iterator[tuple[str, str, Mapping[str, Any], str]]:
    """The waivers on some cases and their new applications as events tell them, in turn: case, action, facts, who."""
    telling = ("waive", APPLIED_ANEW)
    query = sa.select(col(Event.subject), col(Event.action), col(Event.payload), col(Event.operator))
    query = query.where(col(Event.subject).in_(numbers), col(Event.action).in_(telling)).order_by(col(Event.seq))
    for subject, action, payload, by in shop.session.execute(query):
        yield subject, action, json.loads(payload), by
    # what this piece of work did stands in the history only at its end
    for event in shop.events:
        if event["subject"] in numbers and event["action"] in telling:
            yield event["subject"], event["action"], event["payload"], shop.operator.name
