"""What the sheets of shops abroad share: amounts that are minor units only together with the row's currency."""

from collections.abc import Iterable
from typing import Any

from retcli.platforms.cells import Unreadable, minor
from retcli.platforms.dialect import Fault, Row

WHOLE = ("paid", "freight", "price", "stated")
"""The words of a sale that are amounts."""


def in_minor(row: Row, currency: str, names: Iterable[str] = WHOLE) -> Row | Fault:
    """The row with its amounts in minor units of its currency, or the fault that one of them is."""
    values: dict[str, Any] = dict(row.values)
    for name in names:
        if name not in values:
            continue
        try:
            values[name] = minor(values[name], currency)
        except Unreadable as wrong:
            return Fault(row.number, name, values[name], str(wrong), values.get("order", ""))
    return Row(row.number, {**values, "currency": currency} if currency else values)
