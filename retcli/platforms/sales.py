"""Amounts of shops abroad: text until the row's currency is known, which says how many minor units it is."""

from collections.abc import Iterable, Mapping
from typing import Any

from retcli.reading.cells import Unreadable, minor
from retcli.reading.dialect import Fault, Row

WHOLE = ("paid", "freight", "price", "stated", "refunded_amount")
"""The words of a sale that are amounts."""


def currency_of(values: Mapping[str, Any]) -> str:
    """The code of a row's currency by its column, else by the letters before its price; "" for none."""
    code = str(values.get("currency") or values["price"][:3]).upper()
    return code if code.isalpha() and code.isascii() else ""


def in_minor(row: Row, currency: str, names: Iterable[str] = WHOLE) -> Row | Fault:
    """The row with the amounts under `names` in minor units of a currency; a fault where one cannot be read."""
    values: dict[str, Any] = dict(row.values)
    for name in names:
        if name not in values:
            continue
        try:
            values[name] = minor(values[name], currency)
        except Unreadable as wrong:
            return Fault(row.number, "", values[name], str(wrong), values.get("order", ""), name)
    return Row(row.number, {**values, "currency": currency})
