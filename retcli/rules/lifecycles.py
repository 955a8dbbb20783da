"""The lifecycles: what may ever follow what. Whether it may today is a rule's answer, not a step's."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a case asks for."""

    REFUND_ONLY = "refund-only"
    RETURN = "return"
    EXCHANGE = "exchange"
    RESEND = "resend"
    REPAIR = "repair"
    ALLOWANCE = "allowance"
    INQUIRY = "inquiry"


TAKES_NO_PIECES = frozenset({Kind.ALLOWANCE, Kind.INQUIRY})
"""Kinds that draw on no units of an order."""
BY_ITSELF = frozenset({Kind.REFUND_ONLY, Kind.ALLOWANCE, Kind.RETURN})
"""Kinds whose money leaves by a click on the platform, so that an approval makes its payout by itself."""
REFUNDING = frozenset({Kind.REFUND_ONLY, Kind.RETURN})
"""Kinds whose units are paid back."""
WITH_AMOUNT = REFUNDING | {Kind.ALLOWANCE}
"""Kinds that pay an amount which somebody may name."""
COMING_BACK = frozenset({Kind.RETURN, Kind.EXCHANGE, Kind.REPAIR})
"""Kinds whose goods come to the warehouse."""
GOING_OUT = frozenset({Kind.EXCHANGE, Kind.RESEND, Kind.REPAIR})
"""Kinds that end with goods sent to the buyer."""


class Decision(StrEnum):
    """What was decided on a case."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Filing(StrEnum):
    """Whether anything of a case is still open."""

    OPEN = "open"
    FINISHED = "finished"


class PayoutState(StrEnum):
    """Where a payout stands."""

    WAITING = "waiting"
    DUE = "due"
    SENT = "sent"
    CONFIRMED = "confirmed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    REVERSED = "reversed"


UNSENT = frozenset({PayoutState.WAITING, PayoutState.DUE})
"""The states of a payout of which nothing has left yet."""
LEFT = frozenset({PayoutState.SENT, PayoutState.UNKNOWN, PayoutState.CONFIRMED, PayoutState.REVERSED})
"""The states of a payout that left; one that was reversed and its reversal cancel out."""
CLICKED = "clicked"
"""Where a payout that is due stands once the click that pays it was made: nobody has verified that it left."""


class ParcelState(StrEnum):
    """Where a returning parcel stands."""

    EXPECTED = "expected"
    RECEIVED = "received"
    INSPECTED = "inspected"


class ReplacementState(StrEnum):
    """Where goods going out again stand."""

    DUE = "due"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CAME_BACK = "came_back"
    CANCELLED = "cancelled"


class ActionState(StrEnum):
    """Where a click in the platform's back-end stands."""

    TODO = "todo"
    DONE = "done"
    VERIFIED = "verified"
    DROPPED = "dropped"


DECIDED_THERE = frozenset({"import", "platform"})
"""Who decided a case that nobody here had: the platform or somebody in its back-end, as its report told."""
PAYING_CLICKS = frozenset({"agree_refund", "confirm_receipt"})
"""The clicks that let money go on the platform: each stands for one payout that is due."""


class OfferState(StrEnum):
    """Where an offer to the buyer stands."""

    MADE = "made"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"


class EscalationState(StrEnum):
    """Where an intervention of the platform or a complaint stands in the register."""

    OPEN = "open"
    ANSWERED = "answered"
    WON = "won"
    LOST = "lost"
    SETTLED = "settled"


class ReviewState(StrEnum):
    """Where a bad review stands: nobody wrote to the buyer yet, somebody did, or how it ended."""

    TO_FOLLOW_UP = "to_follow_up"
    CONTACTED = "contacted"
    CHANGED = "changed"
    ADDED_TO = "added_to"
    GIVEN_UP = "given_up"


@dataclass(frozen=True)
class Step:
    """One arrow of a lifecycle: from a status, by a move, to a status."""

    status: str
    move: str
    then: str


@dataclass(frozen=True)
class Lifecycle:
    """One axis: its name, the status everything starts in, and its steps."""

    axis: str
    start: str
    steps: tuple[Step, ...]

    def after(self, status: str, move: str) -> str | None:
        """The status that a move leads to, or None where it never may."""
        return next((step.then for step in self.steps if (step.status, step.move) == (status, move)), None)

    def moves(self, status: str) -> tuple[str, ...]:
        """What may ever follow a status."""
        return tuple(step.move for step in self.steps if step.status == status)

    @property
    def statuses(self) -> tuple[str, ...]:
        """Every status of the axis, the first one first."""
        return tuple(dict.fromkeys([self.start, *(s for step in self.steps for s in (step.status, step.then))]))

    @property
    def all_moves(self) -> tuple[str, ...]:
        """Every move of the axis."""
        return tuple(dict.fromkeys(step.move for step in self.steps))


def _lifecycle(axis: str, start: str, steps: Iterable[tuple[str, str, str]]) -> Lifecycle:
    return Lifecycle(axis, start, tuple(Step(str(a), move, str(b)) for a, move, b in steps))


_D, _P, _A, _R, _O, _E = Decision, PayoutState, ActionState, ReplacementState, OfferState, EscalationState
_B = ReviewState

DECISION = _lifecycle(
    "decision",
    _D.REQUESTED,
    (
        (_D.REQUESTED, "approve", _D.APPROVED),
        (_D.REQUESTED, "reject", _D.REJECTED),
        (_D.REQUESTED, "withdraw", _D.WITHDRAWN),
        (_D.APPROVED, "reject", _D.REJECTED),
        (_D.APPROVED, "withdraw", _D.WITHDRAWN),
        (_D.APPROVED, "reconsider", _D.REQUESTED),
        (_D.REJECTED, "approve", _D.APPROVED),
        (_D.REJECTED, "withdraw", _D.WITHDRAWN),
        (_D.REJECTED, "reconsider", _D.REQUESTED),
        (_D.REJECTED, "reapply", _D.REQUESTED),
        (_D.WITHDRAWN, "reapply", _D.REQUESTED),
    ),
)
FILING = _lifecycle(
    "filing", Filing.OPEN, ((Filing.OPEN, "finish", Filing.FINISHED), (Filing.FINISHED, "reopen", Filing.OPEN))
)
PAYOUT = _lifecycle(
    "payout",
    _P.WAITING,
    (
        (_P.WAITING, "approve", _P.DUE),
        (_P.WAITING, "fail", _P.FAILED),
        (_P.DUE, "send", _P.SENT),
        (_P.DUE, "confirm", _P.CONFIRMED),
        (_P.DUE, "fail", _P.FAILED),
        (_P.SENT, "confirm", _P.CONFIRMED),
        (_P.SENT, "lose", _P.UNKNOWN),
        (_P.SENT, "fail", _P.FAILED),
        (_P.UNKNOWN, "confirm", _P.CONFIRMED),
        (_P.UNKNOWN, "fail", _P.FAILED),
        (_P.CONFIRMED, "reverse", _P.REVERSED),
    ),
)
PARCEL = _lifecycle(
    "parcel",
    ParcelState.EXPECTED,
    (
        (ParcelState.EXPECTED, "receive", ParcelState.RECEIVED),
        (ParcelState.RECEIVED, "inspect", ParcelState.INSPECTED),
        (ParcelState.INSPECTED, "inspect", ParcelState.INSPECTED),
    ),
)
REPLACEMENT = _lifecycle(
    "replacement",
    _R.DUE,
    (
        (_R.DUE, "ship", _R.SHIPPED),
        (_R.DUE, "cancel", _R.CANCELLED),
        (_R.SHIPPED, "deliver", _R.DELIVERED),
        (_R.SHIPPED, "come_back", _R.CAME_BACK),
        (_R.CAME_BACK, "cancel", _R.CANCELLED),
    ),
)
PLATFORM_ACTION = _lifecycle(
    "platform_action",
    _A.TODO,
    (
        (_A.TODO, "click", _A.DONE),
        (_A.TODO, "verify", _A.VERIFIED),
        (_A.TODO, "drop", _A.DROPPED),
        (_A.DONE, "verify", _A.VERIFIED),
        (_A.DONE, "miss", _A.TODO),
        (_A.DONE, "drop", _A.DROPPED),
        (_A.VERIFIED, "disprove", _A.DROPPED),
    ),
)
OFFER = _lifecycle(
    "offer",
    _O.MADE,
    ((_O.MADE, "accept", _O.ACCEPTED), (_O.MADE, "decline", _O.DECLINED), (_O.MADE, "lapse", _O.LAPSED)),
)
ESCALATION = _lifecycle(
    "escalation",
    _E.OPEN,
    (
        (_E.OPEN, "answer", _E.ANSWERED),
        (_E.OPEN, "win", _E.WON),
        (_E.OPEN, "fall", _E.LOST),
        (_E.OPEN, "settle", _E.SETTLED),
        (_E.ANSWERED, "win", _E.WON),
        (_E.ANSWERED, "fall", _E.LOST),
        (_E.ANSWERED, "settle", _E.SETTLED),
    ),
)
BAD_REVIEW = _lifecycle(
    "bad_review",
    _B.TO_FOLLOW_UP,
    (
        (_B.TO_FOLLOW_UP, "contact", _B.CONTACTED),
        (_B.TO_FOLLOW_UP, "change", _B.CHANGED),
        (_B.TO_FOLLOW_UP, "add_to", _B.ADDED_TO),
        (_B.TO_FOLLOW_UP, "give_up", _B.GIVEN_UP),
        (_B.CONTACTED, "change", _B.CHANGED),
        (_B.CONTACTED, "add_to", _B.ADDED_TO),
        (_B.CONTACTED, "give_up", _B.GIVEN_UP),
    ),
)
LIFECYCLES = {
    cycle.axis: cycle
    for cycle in (DECISION, FILING, PAYOUT, PARCEL, REPLACEMENT, PLATFORM_ACTION, OFFER, ESCALATION, BAD_REVIEW)
}


class Grade(StrEnum):
    """What inspection found of a piece (`docs/rules.md` §5)."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    X = "X"


class Bucket(StrEnum):
    """Where a piece counts."""

    PENDING = "pending"
    SELLABLE = "sellable"
    DEFECTIVE = "defective"
    REPAIR = "repair"
    SCRAPPED = "scrapped"
    HELD = "held"


BY_GRADE = {
    Grade.A: Bucket.SELLABLE,
    Grade.B: Bucket.DEFECTIVE,
    Grade.C: Bucket.DEFECTIVE,
    Grade.D: Bucket.SCRAPPED,
    Grade.X: Bucket.HELD,
}
"""Where a piece goes when nobody says otherwise: only as-new goods may be sold as new (暂行办法 §25)."""

ALLOWED = {
    Grade.A: frozenset({Bucket.SELLABLE, Bucket.DEFECTIVE, Bucket.HELD}),
    Grade.B: frozenset({Bucket.DEFECTIVE, Bucket.REPAIR, Bucket.SCRAPPED, Bucket.HELD}),
    Grade.C: frozenset({Bucket.DEFECTIVE, Bucket.REPAIR, Bucket.SCRAPPED, Bucket.HELD}),
    Grade.D: frozenset({Bucket.SCRAPPED, Bucket.HELD}),
    Grade.X: frozenset({Bucket.HELD}),
}


class Role(StrEnum):
    """What a member of staff may do."""

    OWNER = "owner"
    MANAGER = "manager"
    AGENT = "agent"
    WAREHOUSE = "warehouse"
    FINANCE = "finance"


MAY_APPROVE_MONEY = frozenset({Role.OWNER, Role.MANAGER})
MAY_DECIDE = frozenset({Role.OWNER, Role.MANAGER, Role.AGENT})
MAY_PAY = frozenset({Role.OWNER, Role.MANAGER, Role.AGENT, Role.FINANCE})
MAY_SCAN = frozenset({Role.OWNER, Role.MANAGER, Role.AGENT, Role.WAREHOUSE})
