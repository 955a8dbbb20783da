"""A platform's refund as it stood at a month's end: what later lists told of it, more or that it is closed, is none of
that month's.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from retcli.actions.casefile.records.platform_payments import parts
from retcli.rules.money.reconciliation import PlatformRefund
from retcli.rules.periods import Period
from retcli.shop import Shop


def earlier_parts(shop: Shop, concerned: Any) -> Mapping[int, list[tuple[int, datetime]]]:
    """What was paid and closed of the refunds of some cases (a subquery of their ids) beside what the last list tells
    as paid: minor units (negative for a closing) and time, by case id.
    """
    rows = parts()
    query = sa.select(rows.c.case_id, rows.c.minor, rows.c.at).where(rows.c.case_id.in_(sa.select(concerned.c[0])))
    by_case: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    for case_id, minor, at in shop.session.execute(query.order_by(rows.c.at)):
        by_case[case_id].append((int(minor), at))
    return by_case


def as_of(theirs: PlatformRefund, parts: list[tuple[int, datetime]], period: Period) -> PlatformRefund:
    """A platform's refund as it stood at a period's end, given its parts beside the last one (minor units, when)."""
    if not parts:
        return theirs
    last = theirs.minor - sum(minor for minor, _at in parts)
    paid = tuple(sorted([*parts, *([(last, theirs.succeeded_at)] if theirs.succeeded_at else [])], key=_when))
    by_then = [payment for payment in paid if payment[1] < period.end]
    standing = sum(minor for minor, _at in by_then)
    if by_then and not standing:
        return replace(theirs, succeeded_at=None, closed=True, payments=paid)
    told = [at for minor, at in by_then or paid if minor > 0]
    succeeded_at = told[-1] if by_then else told[0]
    return replace(theirs, minor=standing or theirs.minor, succeeded_at=succeeded_at, closed=False, payments=paid)


def _when(payment: tuple[int, datetime]) -> datetime:
    return payment[1]
