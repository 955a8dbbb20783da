"""What a row of a platform's refund report says by itself: its status, its instants, the currency of its amount."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from retcli.rules.money.channels import ABROAD
from retcli.rules.money.minor_units import OWN
from retcli.rules.names import PLATFORMS

SUCCEEDED = "succeeded"
IN_YUAN = frozenset(PLATFORMS) - ABROAD
"""Platforms whose refund reports are in yuan. Any other's names no currency: that is its order's."""


def status_of(values: Mapping[str, Any]) -> str:
    """The status of a row's refund; without one it has succeeded where a time of its end and an amount stand there."""
    if values.get("status"):
        return str(values["status"])
    return SUCCEEDED if values.get("finished_at") and values.get("amount") else "requested"


def instant_said(values: Mapping[str, Any], name: str) -> datetime | None:
    """An instant of a row by our word, in UTC; None where it has none."""
    return datetime.fromisoformat(values[name]) if values.get(name) else None


def currency_said(platform: str) -> str:
    """The currency of the amounts in a platform's refund report; "" where only their orders tell it."""
    return OWN if platform in IN_YUAN else ""
