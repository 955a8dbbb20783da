"""Whether and how much may be paid now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from retcli.language import mark
from retcli.rules import money
from retcli.rules.findings import Answer, Finding
from retcli.rules.lifecycles import Decision, Kind, Role
from retcli.rules.policy import Policy

UNLIMITED = frozenset({Role.OWNER, Role.MANAGER})


@dataclass(frozen=True)
class LineReady:
    """A case's line for payment: cash approved, cash paid (minor units), pieces of the case, pieces accepted."""

    cash: int
    paid: int
    units: int
    accepted: int


def payable(kind: Kind, line: LineReady, *, goods_first: bool) -> int:
    """What may be paid on a line now: for a return only what the accepted pieces are worth, unless money may run
    ahead of goods (极速退款).
    """
    if kind != Kind.RETURN or not goods_first:
        return max(line.cash - line.paid, 0)
    return max(money.up_to(line.cash, min(line.accepted, line.units), line.units) - line.paid, 0)


def findings(kind: Kind, decision: Decision, lines: Iterable[LineReady]) -> list[Finding]:
    """What stands in the way of paying a case: no approval, or goods that have not come back."""
    found = []
    if decision != Decision.APPROVED:
        found.append(Finding("approval", Answer.NO, mark("contract"), mark("The case is not approved")))
    if kind == Kind.RETURN and any(line.accepted < line.units for line in lines):
        text = mark("Not all pieces have come back and been inspected")
        found.append(Finding("goods_first", Answer.NO, "消法 §25", text))
    return found


def within_limit(role: Role, minor: int, policy: Policy) -> bool:
    """Whether one person may let this much leave alone."""
    if role in UNLIMITED:
        return True
    return role == Role.AGENT and minor <= policy.agent_limit


@dataclass(frozen=True)
class PlatformRefund:
    """A refund as the platform's report has it (minor units); `succeeded_at` None while it is open."""

    number: str
    order: str
    minor: int
    succeeded_at: datetime | None
    closed: bool


@dataclass(frozen=True)
class OwnPayout:
    """A payout of ours against the platform's refund (minor units, signed); `own` is False where the platform paid
    before we had decided.
    """

    number: str
    case: str
    minor: int
    state: str
    at: datetime
    own: bool


def difference(ours: OwnPayout | None, theirs: PlatformRefund | None, *, same_month: bool) -> str:
    """The class of the difference between a payout of ours and the platform's refund (`rules.md` §8.3), or
    ``matched``.
    """
    if ours is None or not ours.own:
        return "D2"
    if theirs is None or (theirs.succeeded_at is None and not theirs.closed):
        return "D1"
    if theirs.closed:
        return "D7"
    if theirs.minor != ours.minor:
        return "D3"
    if ours.state not in {"confirmed", "sent"}:
        return "D7"
    return "matched" if same_month else "D5"
