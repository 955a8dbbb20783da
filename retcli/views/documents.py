"""JSON documents, made from the frozen dataclasses that are shown: one rule for each kind of value."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any, ClassVar

from retcli.rules.money.minor_units import POINTS, Money, text
from retcli.rules.zone import SHANGHAI


class Documented:
    """A dataclass that says what its JSON document holds.

    `KEYS` names, in the document's order, the fields and properties that stand in it; all fields where it is empty.
    ``**name`` puts the keys of that value there instead of the value itself, and none where it is None. An attribute
    that ends in ``_``, since its key is a word of Python, stands under the key without it.
    """

    KEYS: ClassVar[tuple[str, ...]] = ()

    def document(self) -> dict[str, Any]:
        """The JSON document of the contract."""
        return document_of(self)


def document_of(shown: object) -> dict[str, Any]:
    """The JSON document of a dataclass. Raises TypeError for anything else, and where a value has no form in JSON."""
    document: dict[str, Any] = {}
    for key in _keys(shown):
        if key.startswith("**"):
            spread = getattr(shown, key[2:])
            document |= {} if spread is None else as_json(spread)
        else:
            document[key.rstrip("_")] = as_json(getattr(shown, key))
    return document


def _keys(shown: object) -> Iterator[str]:
    """What stands in the document of a dataclass, in its order."""
    if isinstance(shown, Documented) and shown.KEYS:
        yield from shown.KEYS
    elif is_dataclass(shown) and not isinstance(shown, type):
        yield from (field.name for field in fields(shown))
    else:
        raise TypeError(f"{type(shown).__name__} has no document")


def as_json(value: object) -> Any:
    """A value as the contract has it: amounts with currency and text, instants in Shanghai's time, codes as texts."""
    match value:
        case None | bool() | int():
            return value
        case Enum():
            return value.value
        case str() | float():
            return value
        case Money():
            return money(value)
        case datetime():
            return instant(value)
        case date() | Path():
            return str(value)
        case Mapping():
            return {key: as_json(each) for key, each in value.items()}
        case tuple() | list():
            return [as_json(each) for each in value]
    return document_of(value)


def money(amount: Money) -> dict[str, Any]:
    """An amount as the contract has it: minor units with the currency and their text; points as a number alone."""
    if amount.currency == POINTS:
        return {"points": amount.minor}
    return {"currency": amount.currency, "minor": amount.minor, "text": text(amount.minor, amount.currency)}


def instant(at: datetime | None) -> str | None:
    """An instant as ISO 8601 in Shanghai's time, None where there is none."""
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds") if at else None


def amounts(sums: Mapping[str, int]) -> tuple[Money, ...]:
    """Sums by currency, in minor units, as one amount a currency."""
    return tuple(Money(minor, currency) for currency, minor in sums.items())
