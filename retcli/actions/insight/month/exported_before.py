"""Compares a month's workbook with the one that was made of the same month before, by the event of it."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.models.books import Event
from retcli.rules.money.minor_units import Money
from retcli.shop import Shop
from retcli.views.insight.exported_before import APART, PAID, PLATFORM, ExportedBefore, Moved
from retcli.views.insight.exports import Workbook

_SUMS = (PAID, PLATFORM, APART)


def exported_before(shop: Shop, about: Mapping[str, Any]) -> Iterator[ExportedBefore]:
    """The remark that the month of a workbook was exported before and has changed since; `about` are the facts that its
    own event will have. Nothing where it was not, or stands as it did.
    """
    query = sa.select(col(Event.at), col(Event.payload)).where(
        col(Event.subject) == "export",
        col(Event.action) == str(Workbook.RECONCILIATION),
        col(Event.payload).contains(f'"month":"{about["month"]}"', autoescape=True),
    )
    last = shop.session.execute(query.order_by(col(Event.seq).desc()).limit(1)).first()
    if last is None:
        return
    before = json.loads(last.payload)
    moved, named = list(_moved(before, about)), (int(before["gaps"]), int(about["gaps"]))
    if moved or named[0] != named[1]:
        yield ExportedBefore(datetime.fromisoformat(last.at), moved, named)


def _moved(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Moved]:
    """The sums that differ, currency by currency; events of an earlier program name fewer of them."""
    then = {currency: sums for currency, *sums in before["money"]}
    today = {currency: sums for currency, *sums in now["money"]}
    for currency in dict.fromkeys([*today, *then]):
        new = today.get(currency, [0] * len(_SUMS))
        old = then.get(currency, [0] * len(_SUMS))
        for what, was, is_now in zip(_SUMS, old, new, strict=False):
            if was != is_now:
                yield Moved(what, Money(was, currency), Money(is_now, currency))
