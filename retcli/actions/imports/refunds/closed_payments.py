"""Keeps what a list told as paid on a refund and a later one closed, with the instant of either."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.imports.merging import Source
from retcli.database.staging.stages import StagedRow
from retcli.models import Case, ClosedPayment
from retcli.rules.imports.refund_rows import SUCCEEDED, instant_said
from retcli.shop import Shop

Paid = Iterable[tuple[int, datetime]]
"""What was told as paid on a refund, part by part: minor units and when."""


def note(shop: Shop, case: Case, paid: Paid, closed_at: datetime, *, estimated: bool = False) -> None:
    """Writes down that what was `paid` on a case was closed at an instant, or when it was paid where that came later;
    `estimated`: the list of the payment had no time of success.
    """
    for minor, at in paid:
        row = ClosedPayment(
            case_id=case.id or 0, minor=minor, paid_at=at, closed_at=max(closed_at, at), estimated=estimated
        )
        shop.add(row)


def ended(shop: Shop, source: Source, row: StagedRow, paid: Paid) -> datetime:
    """When a row's refund was closed that had been `paid`: the row's own time where it is later than that, since some
    lists go on showing the time of success; else when its list was exported, and never later than now.
    """
    last = max(at for _minor, at in paid)
    for name in ("finished_at", "processed_at"):
        said = instant_said(row.values, name)
        if said is not None and said > last:
            return said
    return max(min(source.exported_at or shop.now, shop.now), last)


def note_late(shop: Shop, source: Source, row: StagedRow, case: Case, status: str) -> bool:
    """Writes down what an older list than the one that closed a refund told as paid, where the books know of that by
    nobody's list; whether it did.
    """
    closed_at, minor = case.platform_closed_at or case.platform_seen_at, row.values["amount"]
    paid_at = instant_said(row.values, "finished_at") or source.exported_at
    if case.platform_state != "closed" or status != SUCCEEDED or not minor or closed_at is None or paid_at is None:
        return False
    told = sa.select(sa.func.coalesce(sa.func.sum(ClosedPayment.minor), 0)).where(col(ClosedPayment.case_id) == case.id)
    left = int(minor) - int(shop.session.scalar(told) or 0)
    if left > 0:
        note(shop, case, [(left, paid_at)], closed_at)
    return left > 0
