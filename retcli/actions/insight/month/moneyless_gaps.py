"""Rows of a month's differences about a case on which neither side has any money."""

from datetime import datetime
from typing import Any

from retcli.models import Case, Order
from retcli.rules.money.minor_units import Money
from retcli.sheets.month import Gap


def moneyless_gap(case: Case, order: Order, since: datetime, *, label: str, **facts: Any) -> Gap:
    """A row about a case of a class of difference (`label`, "" for none), with every sum zero; `facts` are further
    fields of the row.
    """
    nothing = Money(0, order.currency)
    return Gap(
        label=label,
        carried=False,
        case=case.number,
        bill=case.platform_number or "",
        order=order.number,
        shop=order.shop,
        platform_name=order.platform,
        since=since,
        ours=nothing,
        platform=nothing,
        open_ours=nothing,
        open_platform=nothing,
        **facts,
    )
