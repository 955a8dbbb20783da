"""Deadlines of a case: the statutory window, the platform's limits, the buyer's patience, the shop's own targets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from retcli.rules.lifecycles import COMING_BACK, REFUNDING, Decision, Kind
from retcli.rules.policy.policy import Limits, Policy
from retcli.rules.zone import SHANGHAI, midnight

SOON = timedelta(hours=4)
"""What is due within this presses today."""


class Source(StrEnum):
    """Who set a clock; an imported platform deadline beats every computed one."""

    PLATFORM = "platform"
    STATUTE = "statute"
    PATIENCE = "patience"
    OWN = "own"


@dataclass(frozen=True)
class Clock:
    """A deadline as an exclusive instant in UTC: the first that is too late. `estimated` where the platform named none
    and a usual one is taken; `unverified` where the click that meets it was made and no import has shown that the
    platform took it.
    """

    name: str
    due_at: datetime
    source: Source
    estimated: bool = False
    unverified: bool = False

    @property
    def binding(self) -> bool:
        """Whether the platform or the law set it, not the shop or the usual patience of buyers."""
        return self.source in {Source.PLATFORM, Source.STATUTE}

    def past(self, at: datetime) -> bool:
        """Whether it is missed at an instant; one whose click was made and is not verified yet is not."""
        return not self.unverified and self.due_at <= at


EVIDENCE = "evidence"
"""Name of the clock by which the platform wants evidence after it stepped in."""


FIRST_REPLY = "own_reply"
"""Name of the clock by which the shop itself wants to have answered the buyer."""


def window_closes(signed_at: datetime, days: int = 7) -> datetime:
    """The exclusive end of a window of so many days in UTC: counted from the midnight after the signature in Shanghai,
    the seven days are 168 hours (暂行办法 §10; signature is delivery, 电子商务法 §51).
    """
    day = signed_at.astimezone(SHANGHAI).date() + timedelta(days=1)
    return midnight(day) + timedelta(days=days)


def days_since(signed_at: datetime, at: datetime) -> int:
    """Whole calendar days in Shanghai from the day of signature to the day of the instant."""
    return (at.astimezone(SHANGHAI).date() - signed_at.astimezone(SHANGHAI).date()).days


@dataclass(frozen=True)
class Times:
    """The instants of a case that its clocks run from (UTC), and what stops or starts them."""

    applied_at: datetime
    decided_at: datetime | None = None
    received_at: datetime | None = None
    platform_due_at: datetime | None = None  # the deadline that the platform's own list names
    returning: bool = False  # a parcel of the buyer's is announced
    extended: timedelta = timedelta()  # days more that the shop gave the buyer to send the goods
    spoken_at: datetime | None = None  # when somebody last spoke to the buyer
    replied: bool = False  # the buyer has heard from the shop at all
    offered: bool = False  # an offer waits for the buyer's answer
    asked: bool = False  # by its last list the platform waits for the shop's answer to the request
    clicked: bool = False  # a click was made there since the decision, and no import has verified it
    ended: bool = False  # the refund is over on the platform
    evidence_due_at: datetime | None = None  # by when the platform wants evidence, where it stepped in
    evidence_estimated: bool = False  # that deadline is the usual one: nobody named one


def clocks(kind: Kind, decision: Decision, times: Times, policy: Policy, platform: str = "") -> list[Clock]:
    """The clocks that run on an open case, the nearest first, those that wait only to be verified last (`docs/rules.md`
    §0.11, §2.2).

    The platform's clock runs until the click is made there, whatever was decided here. The buyer's patience does not
    run while the shop waits for the buyer to send the goods; the shop reminds the buyer after two days of silence. The
    target of a first reply is met once the shop spoke to the buyer or offered something; the target of an agreement
    rests while an offer waits for the buyer.
    """
    running = list(_platform(kind, decision, times, policy.limits_on(platform)))
    if decision == Decision.REQUESTED and not times.replied:
        running.append(Clock(FIRST_REPLY, times.applied_at + policy.own_reply, Source.OWN))
    if decision == Decision.REQUESTED and not times.offered:
        running.append(Clock("own_agreement", times.applied_at + policy.own_agreement, Source.OWN))
        running.append(Clock("escalation", times.applied_at + policy.escalation, Source.OWN))
    if decision in {Decision.REQUESTED, Decision.APPROVED} and not _waits_for_buyer(kind, decision, times):
        running.append(Clock("patience", times.applied_at + policy.patience + _waited(kind, times), Source.PATIENCE))
    if _waits_for_buyer(kind, decision, times) and times.decided_at is not None:
        asked = max(times.decided_at, times.spoken_at or times.decided_at)
        running.append(Clock("ask_again", asked + policy.ask_again, Source.OWN))
    if decision == Decision.APPROVED and kind in REFUNDING and times.received_at is not None:
        running.append(Clock("pay_after_receipt", times.received_at + policy.pay_after_receipt, Source.STATUTE))
    return sorted(running, key=lambda clock: (clock.unverified, clock.due_at, clock.name))


def counting(running: Sequence[Clock]) -> Clock | None:
    """The one clock, of those that run in their order, that a case is shown with and sorted by: the nearest of the
    platform or the law, unless only the buyer is to act by it; else the nearest of the shop's own; else one whose click
    is not verified.
    """
    # A missed target of our own must not hide the platform's deadline, after which the platform decides by itself.
    for_shop = [clock for clock in running if not clock.unverified and clock.name != "buyer_returns"]
    binding = [clock for clock in for_shop if clock.binding]
    return next(iter([*binding, *for_shop, *running]), None)


def pressing(clock: Clock | None, now: datetime) -> str:
    """How urgent a case is by its clock (``overdue``, ``soon``, ``target``, ``later``): only the platform's and the
    law's are ever overdue; a target of the shop's own that is past is a `target` missed.
    """
    left = clock.due_at - now if clock and not clock.unverified else None
    if clock is None or left is None or left > SOON:
        return "later"
    if left > timedelta():
        return "soon"
    return "overdue" if clock.binding else "target"


def _waits_for_buyer(kind: Kind, decision: Decision, times: Times) -> bool:
    """Whether the buyer is to send the goods now."""
    # until the agreement is clicked on the platform, the buyer does not know of it
    if times.asked and not times.clicked:
        return False
    nothing_came = times.received_at is None and not times.returning
    return decision == Decision.APPROVED and kind in COMING_BACK and nothing_came


def _waited(kind: Kind, times: Times) -> timedelta:
    """How long the goods took to come back after the approval: not the shop's time, so the patience grows by it."""
    if kind not in COMING_BACK or times.received_at is None or times.decided_at is None:
        return timedelta()
    return max(times.received_at - times.decided_at, timedelta())


def _platform(kind: Kind, decision: Decision, times: Times, limits: Limits) -> Iterator[Clock]:
    """The platform's clocks: until when it wants evidence; as long as its refund is open, what it said itself, else the
    time for the answer while it is not known to have it; and the buyer's time to send the goods.
    """
    if times.evidence_due_at is not None:
        yield Clock(EVIDENCE, times.evidence_due_at, Source.PLATFORM, estimated=times.evidence_estimated)
    if times.ended:
        return
    undecided = decision == Decision.REQUESTED
    # a deadline that the platform states beats every computed one (`docs/rules.md` §0.11)
    by_its_file, unverified = times.platform_due_at, times.clicked and not undecided
    if by_its_file is not None:
        yield Clock("first_reply" if undecided else "platform", by_its_file, Source.PLATFORM, unverified=unverified)
    elif undecided or times.asked:
        due_at = times.applied_at + limits.first_reply
        yield Clock("first_reply", due_at, Source.PLATFORM, estimated=True, unverified=unverified)
    if (by_its_file is None or unverified) and times.decided_at is not None and _waits_for_buyer(kind, decision, times):
        due_at = times.decided_at + limits.buyer_returns + times.extended
        yield Clock("buyer_returns", due_at, Source.PLATFORM, estimated=True)
