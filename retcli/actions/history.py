"""The history read beside the tables: what its events told last of each row, and whether the row still says so."""

import json
from collections.abc import Iterator

import sqlalchemy as sa
from sqlmodel import col

from retcli.database import facts
from retcli.language import _
from retcli.models.books import Event
from retcli.shop import BOOKS, Shop
from retcli.views.books import Problem

SHOWN = 3
"""So many columns of a row are named."""


def since(shop: Shop) -> int:
    """The event from which on the history tells every row: 1 where it does so from the founding on."""
    query = sa.select(col(Event.seq)).where(col(Event.subject) == BOOKS, col(Event.action) == "upgrade")
    first = query.where(col(Event.payload).contains('"first":true')).order_by(col(Event.seq)).limit(1)
    return shop.session.scalar(first) or 1


def compared(shop: Shop) -> Iterator[Problem]:
    """13: every row of money, decisions, staff, rules, goods and evidence is as its events tell it, and every such row
    that they tell of is there.
    """
    history = facts.History()
    telling = sa.select(col(Event.payload)).where(col(Event.subject) == BOOKS, col(Event.action) == facts.ACTION)
    every = telling.order_by(col(Event.seq)).execution_options(yield_per=100)
    for payload in shop.session.scalars(every):
        history.take(json.loads(payload))
    for difference in history.differences(shop.session):
        where = f"{difference.table}/{difference.key} {difference.number}".rstrip()
        yield Problem(13, where, _sentence(difference))


def _sentence(difference: facts.Difference) -> str:
    if difference.what == "untold":
        return _("it stands there, but no event tells of it")
    if difference.what == "gone":
        return _("it is gone, but its events tell of it")
    named = [_column(name, told, now) for name, told, now in difference.columns[:SHOWN]]
    return "；".join(named)


def _column(name: str, told: object, now: object) -> str:
    """A column that differs; of what people typed only that it does."""
    if str(told).startswith("#") or str(now).startswith("#"):
        return _("{column} is not what its events tell").format(column=name)
    text = _("{column} is {now}, its events tell {told}")
    return text.format(column=name, now=_shown(now), told=_shown(told))


def _shown(value: object) -> str:
    return "-" if value in (None, "") else str(value)
