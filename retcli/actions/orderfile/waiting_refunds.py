"""Refunds of the platforms' reports whose order has not come in: no cases yet, but with number, amount, deadline."""

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.models.imports import Import
from retcli.models.waiting import WaitingRow
from retcli.rules.imports.refund_rows import SUCCEEDED, currency_said, instant_said, status_of
from retcli.rules.lifecycles import Kind
from retcli.rules.warehouse.ids import normalised
from retcli.shop import Shop
from retcli.views.imports.waiting_refunds import WaitingRefund, WaitingRefundsView

REFUNDS = "refunds"
AT_MOST = 20
TAIL = 6
"""The last characters of a number that tell it from the others: as many as people quote."""


def waiting_list(shop: Shop) -> WaitingRefundsView:
    """All refunds that wait for their order, the first deadline of an open one first."""
    refunds = waiting_refunds(shop)
    in_turn = sorted(refunds, key=lambda each: (each.open_until is None, each.open_until or shop.now))
    return WaitingRefundsView(tuple(in_turn), shop.now)


def called(shop: Shop, typed: str) -> tuple[WaitingRefund, ...]:
    """The waiting refunds with a number, or whose order has it, or of which either ends with these six or more
    characters; twenty at most.
    """
    wanted = normalised(typed)
    numbers = {wanted, wanted.lower(), typed.strip()} - {""}
    names = col(WaitingRow.line_number), col(WaitingRow.order_number)
    tests: list[sa.ColumnElement[bool]] = [name.in_(numbers) for name in names]
    if len(wanted) >= TAIL:
        tests += [name.endswith(wanted, autoescape=True) for name in names]
    return waiting_refunds(shop, sa.or_(*tests))[:AT_MOST] if numbers else ()


def waiting_refunds(shop: Shop, *which: sa.ColumnElement[bool]) -> tuple[WaitingRefund, ...]:
    """The refunds that wait for their order, all or those that meet some conditions; as they came."""
    nearest = sa.func.coalesce(col(Import.exported_at), col(Import.started_at))
    query = sa.select(col(WaitingRow.platform), col(WaitingRow.shop), col(WaitingRow.payload), nearest)
    query = query.join(Import, col(Import.id) == col(WaitingRow.import_id))
    query = query.where(col(WaitingRow.holds) == REFUNDS, *which).order_by(col(WaitingRow.id))
    rows = shop.session.execute(query)
    return tuple(_waiting(platform, name, json.loads(payload), at) for platform, name, payload, at in rows)


def _waiting(platform: str, name: str, values: dict[str, Any], nearest: datetime) -> WaitingRefund:
    """A waiting row by what it says; `nearest` is when its list was made, or taken in."""
    state = status_of(values)
    ended = instant_said(values, "finished_at") or instant_said(values, "processed_at") or nearest
    return WaitingRefund(
        refund=values["refund"],
        order=values["order"],
        platform=platform,
        shop=name,
        minor=_minor(values),
        currency=currency_said(platform),
        state=state,
        status=values.get("platform_status") or "",
        due_at=instant_said(values, "due_at"),
        succeeded_at=ended if state == SUCCEEDED else None,
    )


def _minor(values: dict[str, Any]) -> int | None:
    """The amount of a row; nothing for kinds that only send goods again, None where nobody has named one yet."""
    amount: int | None = values.get("amount")
    return 0 if amount is None and values.get("kind") in {Kind.EXCHANGE, Kind.RESEND, Kind.REPAIR} else amount
