"""Refunds of the platforms' reports whose order has not come in: no cases yet, but with number, amount, deadline."""

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.models.imports import Import, WaitingRow
from retcli.rules.imports.refund_rows import SUCCEEDED, currency_said, instant_said, status_of
from retcli.rules.lifecycles import Kind
from retcli.shop import Shop
from retcli.views.imports.waiting_refunds import WaitingRefund

REFUNDS = "refunds"


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
