"""Deadlines: the statutory window, the platform's limits, the buyer's patience, the shop's own targets."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from retcli.rules.lifecycles import COMING_BACK, Decision, Kind
from retcli.rules.policy import Policy
from retcli.rules.zone import SHANGHAI

WINDOW_HOURS = 168


class Source(StrEnum):
    """Who set a clock; an imported platform deadline beats every computed one."""

    PLATFORM = "platform"
    STATUTE = "statute"
    PATIENCE = "patience"
    OWN = "own"


@dataclass(frozen=True)
class Clock:
    """A deadline as an exclusive instant in UTC; `estimated` where the platform's own was not known."""

    name: str
    due_at: datetime
    source: Source
    estimated: bool = False


def window_closes(signed_at: datetime) -> datetime:
    """The exclusive end of the seven-day window in UTC: counted from the midnight after the signature in Shanghai,
    168 hours (暂行办法 §10; signature is delivery, 电子商务法 §51).
    """
    day = signed_at.astimezone(SHANGHAI).date() + timedelta(days=1)
    start = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    return (start + timedelta(hours=WINDOW_HOURS)).astimezone(UTC)


def in_window(signed_at: datetime | None, applied_at: datetime) -> bool:
    """Whether the notice came in time; before the signature the window has not begun to run."""
    return signed_at is None or applied_at < window_closes(signed_at)


def days_since(signed_at: datetime, at: datetime) -> int:
    """Whole calendar days in Shanghai from the day of signature to the day of the instant."""
    return (at.astimezone(SHANGHAI).date() - signed_at.astimezone(SHANGHAI).date()).days


@dataclass(frozen=True)
class Times:
    """The instants of a case that its clocks run from (UTC)."""

    applied_at: datetime
    decided_at: datetime | None = None
    received_at: datetime | None = None
    platform_due_at: datetime | None = None
    returning: bool = False


def clocks(kind: Kind, decision: Decision, times: Times, policy: Policy) -> list[Clock]:
    """The clocks that run on an open case, the platform's first (`rules.md` §0.11, §2.2)."""
    running = [_platform(kind, decision, times, policy)]
    if decision == Decision.REQUESTED:
        running.append(Clock("own_reply", times.applied_at + policy.own_reply, Source.OWN))
        running.append(Clock("own_agreement", times.applied_at + policy.own_agreement, Source.OWN))
    if decision in {Decision.REQUESTED, Decision.APPROVED}:
        running.append(Clock("patience", times.applied_at + policy.patience, Source.PATIENCE))
    if decision == Decision.APPROVED and times.received_at is not None:
        running.append(Clock("pay_after_receipt", times.received_at + policy.pay_after_receipt, Source.STATUTE))
    return sorted((clock for clock in running if clock), key=lambda clock: (clock.due_at, clock.name))


def _platform(kind: Kind, decision: Decision, times: Times, policy: Policy) -> Clock | None:
    name = "first_reply" if decision == Decision.REQUESTED else "platform"
    if times.platform_due_at is not None:
        return Clock(name, times.platform_due_at, Source.PLATFORM)
    if decision == Decision.REQUESTED:
        return Clock(name, times.applied_at + policy.first_reply, Source.PLATFORM, estimated=True)
    waits = decision == Decision.APPROVED and kind in COMING_BACK and times.received_at is None and not times.returning
    if waits and times.decided_at is not None:
        return Clock("buyer_returns", times.decided_at + policy.buyer_returns, Source.PLATFORM, estimated=True)
    return None
