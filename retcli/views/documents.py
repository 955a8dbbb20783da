"""Makes JSON documents from the frozen dataclasses of views, by one rule for each kind of value."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any, ClassVar

from retcli.rules.money.minor_units import POINTS, Money, text
from retcli.rules.zone import SHANGHAI


class Documented:
    """A dataclass that has a JSON document.

    `KEYS` names the fields and properties of the document in their order; without it, all fields are in it. ``**name``
    puts in the keys of that value instead of the value itself, none where it is None. An attribute whose name ends in
    ``_``, since Python has that word, stands under the key without it.
    """

    KEYS: ClassVar[tuple[str, ...]] = ()

    def document(self) -> dict[str, Any]:
        """The JSON document."""
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
    """The names of what is in the document of a dataclass. Raises TypeError where it is none."""
    if isinstance(shown, Documented) and shown.KEYS:
        yield from shown.KEYS
    elif is_dataclass(shown) and not isinstance(shown, type):
        yield from (field.name for field in fields(shown))
    else:
        raise TypeError(f"{type(shown).__name__} has no document")


def as_json(value: object) -> Any:
    """A value for JSON: amounts with currency and text, instants in Shanghai's time, codes as texts. Raises TypeError
    for a value that has no form in JSON.
    """
    # a StrEnum is a str too: the order of the cases matters
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
    """An amount for JSON: currency, minor units and their text; points as a number alone."""
    # points are no money: a script that sums amounts must not find them among them
    if amount.currency == POINTS:
        return {"points": amount.minor}
    return {"currency": amount.currency, "minor": amount.minor, "text": text(amount.minor, amount.currency)}


def instant(at: datetime | None) -> str | None:
    """An instant for JSON, as ISO 8601 in Shanghai's time to the second; None for none."""
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds") if at else None


def amounts(sums: Mapping[str, int]) -> tuple[Money, ...]:
    """Sums by currency, in minor units, as amounts."""
    return tuple(Money(minor, currency) for currency, minor in sums.items())
