"""Lifecycles as tables: which state may ever follow which. Whether a step may be taken today is a rule's answer.

`docs/words.md` draws these tables. Kinds, grades, buckets and roles, which the tables speak of, stand here too.
"""

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
"""Kinds that draw no pieces of an order."""
BY_ITSELF = frozenset({Kind.REFUND_ONLY, Kind.ALLOWANCE, Kind.RETURN})
"""Kinds whose money leaves by a click on the platform, so that an approval makes its payout by itself."""
REFUNDING = frozenset({Kind.REFUND_ONLY, Kind.RETURN})
"""Kinds whose units are paid back."""
WITH_AMOUNT = REFUNDING | {Kind.ALLOWANCE}
"""Kinds that pay an amount, which somebody may name."""
COMING_BACK = frozenset({Kind.RETURN, Kind.EXCHANGE, Kind.REPAIR})
"""Kinds whose goods come to the warehouse."""
GOING_OUT = frozenset({Kind.EXCHANGE, Kind.RESEND, Kind.REPAIR})
"""Kinds that end with goods sent to the buyer."""


class Decision(StrEnum):
    """The decision on a case."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Filing(StrEnum):
    """Whether a case is open or finished (完结), with nothing left to do."""

    OPEN = "open"
    FINISHED = "finished"


class PayoutState(StrEnum):
    """The state of a payout: it waits for a second person, is due, was sent, arrived, or never left."""

    WAITING = "waiting"
    DUE = "due"
    SENT = "sent"
    CONFIRMED = "confirmed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    REVERSED = "reversed"


UNSENT = frozenset({PayoutState.WAITING, PayoutState.DUE})
"""The states of a payout that may still leave and has not."""
LEFT = frozenset({PayoutState.SENT, PayoutState.UNKNOWN, PayoutState.CONFIRMED, PayoutState.REVERSED})
"""The states of a payout that left or may have left; a reversed one counts here too, since its reversal, a payout of
its own, takes the money off again.
"""
CALLED_OFF = "called_off"
"""Shown for a payout that failed though it never left, since what it was for was taken back or ended otherwise."""
CLICKED = "clicked"
"""Shown for a payout that is due once the click that pays it was made and no import has verified that it left."""


class ParcelState(StrEnum):
    """The state of a parcel that comes back."""

    EXPECTED = "expected"
    RECEIVED = "received"
    INSPECTED = "inspected"
    SENT_BACK = "sent_back"
    DISPOSED = "disposed"
    TURNED_AWAY = "turned_away"
    VOID = "void"


AT_THE_DOOR = frozenset({ParcelState.RECEIVED, ParcelState.INSPECTED})
"""The states of a parcel that came: one that is expected, or was written down by mistake, is not here."""
LEFT_THE_DOOR = frozenset({ParcelState.SENT_BACK, ParcelState.DISPOSED, ParcelState.TURNED_AWAY})
"""The states of a parcel that was here without anybody knowing whose it is, and is no more."""


class DeliveryState(StrEnum):
    """The state of a load of parcels that a driver hands over at once."""

    COUNTING = "counting"
    COUNTED = "counted"
    SHORT = "short"  # ended with fewer parcels than the driver said, and nobody has said why
    SETTLED = "settled"  # somebody has
    CALLED_OFF = "called_off"


class ReplacementState(StrEnum):
    """The state of goods that go out again in exchange, resend or repair."""

    DUE = "due"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CAME_BACK = "came_back"
    CANCELLED = "cancelled"


class ShipmentState(StrEnum):
    """The state of a box that goes out."""

    PREPARED = "prepared"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CAME_BACK = "came_back"
    CALLED_OFF = "called_off"


class ActionState(StrEnum):
    """The state of a click in the platform's back-end (平台操作): a person makes it, the next import verifies it."""

    TODO = "todo"
    DONE = "done"
    VERIFIED = "verified"
    DROPPED = "dropped"


DECIDED_THERE = frozenset({"import", "platform"})
"""Values of `decided_as` of a case that was decided on the platform, not here, as its list told."""
PAYING_CLICKS = frozenset({"agree_refund", "confirm_receipt"})
"""Clicks by which money leaves on the platform: each stands for one payout that is due."""


class OfferState(StrEnum):
    """The state of an offer to the buyer."""

    MADE = "made"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"


class EscalationState(StrEnum):
    """The state of a platform's intervention or of a complaint in the register."""

    OPEN = "open"
    ANSWERED = "answered"
    WON = "won"
    LOST = "lost"
    SETTLED = "settled"


class OrderState(StrEnum):
    """The state of what somebody has done with pieces in stock: it waits for a second person, is done, or undone."""

    WAITING = "waiting"
    DONE = "done"
    TAKEN_BACK = "taken_back"


class TakeState(StrEnum):
    """The state of a stocktake: it is being counted, its differences are in the books, or it came to nothing."""

    OPEN = "open"
    POSTED = "posted"
    DROPPED = "dropped"


class ReviewState(StrEnum):
    """The state of a bad review: nobody spoke to the buyer yet, somebody did, or how it ended."""

    TO_FOLLOW_UP = "to_follow_up"
    CONTACTED = "contacted"
    CHANGED = "changed"
    ADDED_TO = "added_to"
    GIVEN_UP = "given_up"


@dataclass(frozen=True)
class Step:
    """One arrow of a lifecycle: the status before, the move, the status after it."""

    status: str
    move: str
    then: str


@dataclass(frozen=True)
class Lifecycle:
    """The lifecycle of one axis: its name, the status that everything starts in, and its steps."""

    axis: str
    start: str
    steps: tuple[Step, ...]

    def after(self, status: str, move: str) -> str | None:
        """The status that a move leads to; None where the move never follows the status."""
        return next((step.then for step in self.steps if (step.status, step.move) == (status, move)), None)

    def moves(self, status: str) -> tuple[str, ...]:
        """The moves that may ever follow a status."""
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
    """A lifecycle from rows of status, move, status after it. Each table spells out every arrow, also where two
    statuses have the same ones: diagrams, help and tests are made of the rows.
    """
    return Lifecycle(axis, start, tuple(Step(str(a), move, str(b)) for a, move, b in steps))


DECISION = _lifecycle(
    "decision",
    Decision.REQUESTED,
    (
        (Decision.REQUESTED, "approve", Decision.APPROVED),
        (Decision.REQUESTED, "reject", Decision.REJECTED),
        (Decision.REQUESTED, "withdraw", Decision.WITHDRAWN),
        (Decision.APPROVED, "reject", Decision.REJECTED),
        (Decision.APPROVED, "withdraw", Decision.WITHDRAWN),
        # a person here takes the decision back, as long as nothing was clicked, paid or shipped on it
        (Decision.APPROVED, "reconsider", Decision.REQUESTED),
        # agreed to after all, here or on the platform: the earlier no stays in the history
        (Decision.REJECTED, "approve", Decision.APPROVED),
        (Decision.REJECTED, "withdraw", Decision.WITHDRAWN),
        (Decision.REJECTED, "reconsider", Decision.REQUESTED),
        # the buyer asks again: here, or on the platform as an import tells
        (Decision.REJECTED, "reapply", Decision.REQUESTED),
        (Decision.WITHDRAWN, "reapply", Decision.REQUESTED),
    ),
)
FILING = _lifecycle(
    "filing", Filing.OPEN, ((Filing.OPEN, "finish", Filing.FINISHED), (Filing.FINISHED, "reopen", Filing.OPEN))
)
PAYOUT = _lifecycle(
    "payout",
    PayoutState.WAITING,
    (
        (PayoutState.WAITING, "approve", PayoutState.DUE),
        (PayoutState.WAITING, "fail", PayoutState.FAILED),
        (PayoutState.DUE, "send", PayoutState.SENT),
        # the platform's report shows the money, or a person saw it arrive; nobody had noted that it was sent
        (PayoutState.DUE, "confirm", PayoutState.CONFIRMED),
        (PayoutState.DUE, "fail", PayoutState.FAILED),
        (PayoutState.SENT, "confirm", PayoutState.CONFIRMED),
        # whether it arrived is not known: it may not be paid again before somebody found out
        (PayoutState.SENT, "lose", PayoutState.UNKNOWN),
        (PayoutState.SENT, "fail", PayoutState.FAILED),
        (PayoutState.UNKNOWN, "confirm", PayoutState.CONFIRMED),
        (PayoutState.UNKNOWN, "fail", PayoutState.FAILED),
        (PayoutState.CONFIRMED, "reverse", PayoutState.REVERSED),
    ),
)
PARCEL = _lifecycle(
    "parcel",
    ParcelState.EXPECTED,
    (
        (ParcelState.EXPECTED, "receive", ParcelState.RECEIVED),
        (ParcelState.RECEIVED, "inspect", ParcelState.INSPECTED),
        # one piece after the other
        (ParcelState.INSPECTED, "inspect", ParcelState.INSPECTED),
        # what was scanned or typed by mistake is taken back
        (ParcelState.INSPECTED, "uninspect", ParcelState.RECEIVED),
        (ParcelState.RECEIVED, "unreceive", ParcelState.EXPECTED),
        (ParcelState.EXPECTED, "take_out", ParcelState.VOID),
        (ParcelState.RECEIVED, "take_out", ParcelState.VOID),
        # an empty box of nobody's
        (ParcelState.INSPECTED, "take_out", ParcelState.VOID),
        # and comes, or is awaited, after all
        (ParcelState.VOID, "receive", ParcelState.RECEIVED),
        (ParcelState.VOID, "expect", ParcelState.EXPECTED),
        # nobody knows whose it is: it goes back to who sent it, is disposed of, or is not even taken in
        (ParcelState.RECEIVED, "send_back", ParcelState.SENT_BACK),
        (ParcelState.RECEIVED, "dispose", ParcelState.DISPOSED),
        (ParcelState.INSPECTED, "send_back", ParcelState.SENT_BACK),
        (ParcelState.INSPECTED, "dispose", ParcelState.DISPOSED),
        (ParcelState.RECEIVED, "turn_away", ParcelState.TURNED_AWAY),
        # that was a mistake, or it comes once more
        (ParcelState.SENT_BACK, "receive", ParcelState.RECEIVED),
        (ParcelState.DISPOSED, "receive", ParcelState.RECEIVED),
        (ParcelState.TURNED_AWAY, "receive", ParcelState.RECEIVED),
        (ParcelState.SENT_BACK, "expect", ParcelState.EXPECTED),
        (ParcelState.DISPOSED, "expect", ParcelState.EXPECTED),
        (ParcelState.TURNED_AWAY, "expect", ParcelState.EXPECTED),
        # awaited again by mistake: it is gone as before
        (ParcelState.EXPECTED, "send_back", ParcelState.SENT_BACK),
        (ParcelState.EXPECTED, "dispose", ParcelState.DISPOSED),
        (ParcelState.EXPECTED, "turn_away", ParcelState.TURNED_AWAY),
    ),
)
DELIVERY = _lifecycle(
    "delivery",
    DeliveryState.COUNTING,
    (
        (DeliveryState.COUNTING, "count_off", DeliveryState.COUNTED),
        (DeliveryState.COUNTING, "end_short", DeliveryState.SHORT),
        (DeliveryState.SHORT, "say_why", DeliveryState.SETTLED),
        # ended too early, the missing came, or begun by mistake
        (DeliveryState.COUNTED, "count_on", DeliveryState.COUNTING),
        (DeliveryState.SHORT, "count_on", DeliveryState.COUNTING),
        (DeliveryState.SETTLED, "unsay_why", DeliveryState.SHORT),
        # a parcel of it was taken back, or is here after all
        (DeliveryState.COUNTED, "fall_short", DeliveryState.SHORT),
        (DeliveryState.SHORT, "complete", DeliveryState.COUNTED),
        (DeliveryState.COUNTING, "call_off", DeliveryState.CALLED_OFF),
    ),
)
REPLACEMENT = _lifecycle(
    "replacement",
    ReplacementState.DUE,
    (
        (ReplacementState.DUE, "ship", ReplacementState.SHIPPED),
        (ReplacementState.DUE, "cancel", ReplacementState.CANCELLED),
        (ReplacementState.SHIPPED, "deliver", ReplacementState.DELIVERED),
        # said to have left by mistake
        (ReplacementState.SHIPPED, "unship", ReplacementState.DUE),
        # undelivered: a person says whether they go out once more, which is a sending of its own
        (ReplacementState.SHIPPED, "come_back", ReplacementState.CAME_BACK),
        (ReplacementState.CAME_BACK, "cancel", ReplacementState.CANCELLED),
    ),
)
SHIPMENT = _lifecycle(
    "shipment",
    ShipmentState.PREPARED,
    (
        (ShipmentState.PREPARED, "ship", ShipmentState.SHIPPED),
        # noted by mistake: it is still here
        (ShipmentState.SHIPPED, "unship", ShipmentState.PREPARED),
        (ShipmentState.PREPARED, "call_off", ShipmentState.CALLED_OFF),
        (ShipmentState.SHIPPED, "deliver", ShipmentState.DELIVERED),
        (ShipmentState.SHIPPED, "come_back", ShipmentState.CAME_BACK),
    ),
)
PLATFORM_ACTION = _lifecycle(
    "platform_action",
    ActionState.TODO,
    (
        (ActionState.TODO, "click", ActionState.DONE),
        # clicked without a word here: the platform's list shows what it did
        (ActionState.TODO, "verify", ActionState.VERIFIED),
        (ActionState.TODO, "drop", ActionState.DROPPED),
        (ActionState.DONE, "verify", ActionState.VERIFIED),
        # said to be made by mistake
        (ActionState.DONE, "unclick", ActionState.TODO),
        # said to be made, and the platform still waits for it
        (ActionState.DONE, "miss", ActionState.TODO),
        (ActionState.DONE, "drop", ActionState.DROPPED),
        # books of an earlier program, which took a click for seen whose payout failed: `retcli books mend`
        (ActionState.VERIFIED, "disprove", ActionState.DROPPED),
    ),
)
OFFER = _lifecycle(
    "offer",
    OfferState.MADE,
    (
        (OfferState.MADE, "accept", OfferState.ACCEPTED),
        (OfferState.MADE, "decline", OfferState.DECLINED),
        (OfferState.MADE, "lapse", OfferState.LAPSED),
    ),
)
ESCALATION = _lifecycle(
    "escalation",
    EscalationState.OPEN,
    (
        (EscalationState.OPEN, "answer", EscalationState.ANSWERED),
        (EscalationState.OPEN, "win", EscalationState.WON),
        (EscalationState.OPEN, "fall", EscalationState.LOST),
        (EscalationState.OPEN, "settle", EscalationState.SETTLED),
        (EscalationState.ANSWERED, "win", EscalationState.WON),
        (EscalationState.ANSWERED, "fall", EscalationState.LOST),
        (EscalationState.ANSWERED, "settle", EscalationState.SETTLED),
    ),
)
BAD_REVIEW = _lifecycle(
    "bad_review",
    ReviewState.TO_FOLLOW_UP,
    (
        (ReviewState.TO_FOLLOW_UP, "contact", ReviewState.CONTACTED),
        (ReviewState.TO_FOLLOW_UP, "change", ReviewState.CHANGED),
        (ReviewState.TO_FOLLOW_UP, "add_to", ReviewState.ADDED_TO),
        (ReviewState.TO_FOLLOW_UP, "give_up", ReviewState.GIVEN_UP),
        (ReviewState.CONTACTED, "change", ReviewState.CHANGED),
        (ReviewState.CONTACTED, "add_to", ReviewState.ADDED_TO),
        (ReviewState.CONTACTED, "give_up", ReviewState.GIVEN_UP),
    ),
)
STOCKTAKE = _lifecycle(
    "stocktake",
    TakeState.OPEN,
    (
        (TakeState.OPEN, "post", TakeState.POSTED),
        (TakeState.OPEN, "drop", TakeState.DROPPED),
        (TakeState.POSTED, "unpost", TakeState.OPEN),
        (TakeState.DROPPED, "resume", TakeState.OPEN),
    ),
)
STOCK_ORDER = _lifecycle(
    "stock_order",
    OrderState.WAITING,
    (
        (OrderState.WAITING, "carry_out", OrderState.DONE),
        (OrderState.WAITING, "take_back", OrderState.TAKEN_BACK),
        (OrderState.DONE, "take_back", OrderState.TAKEN_BACK),
        # the second person takes their word back
        (OrderState.DONE, "wait", OrderState.WAITING),
    ),
)
LIFECYCLES = {
    cycle.axis: cycle
    for cycle in (
        *(DECISION, FILING, PAYOUT, PARCEL, DELIVERY, REPLACEMENT, PLATFORM_ACTION, OFFER, ESCALATION, BAD_REVIEW),
        *(SHIPMENT, STOCKTAKE, STOCK_ORDER),
    )
}


class Grade(StrEnum):
    """The grade that inspection gave a piece: A 良品, B 拆封, C 次品, D 报废, X 非本单 (`docs/rules.md` §5)."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    X = "X"


class Bucket(StrEnum):
    """The stock in which a returned piece counts."""

    PENDING = "pending"
    SELLABLE = "sellable"
    DEFECTIVE = "defective"
    REPAIR = "repair"
    SCRAPPED = "scrapped"
    HELD = "held"
    UNCLAIMED = "unclaimed"


OF_GOODS = tuple(bucket for bucket in Bucket if bucket != Bucket.UNCLAIMED)
"""The stocks of goods that are ours or a case's: pieces that nobody claims are in none of them."""

BY_GRADE = {
    Grade.A: Bucket.SELLABLE,
    Grade.B: Bucket.DEFECTIVE,
    Grade.C: Bucket.DEFECTIVE,
    Grade.D: Bucket.SCRAPPED,
    Grade.X: Bucket.HELD,
}
"""The stock a piece goes to by its grade when nobody says otherwise: only what is wholly as it was may be sold as new
(暂行办法 §25).
"""

ALLOWED = {
    Grade.A: frozenset({Bucket.SELLABLE, Bucket.DEFECTIVE, Bucket.HELD}),
    Grade.B: frozenset({Bucket.DEFECTIVE, Bucket.REPAIR, Bucket.SCRAPPED, Bucket.HELD}),
    Grade.C: frozenset({Bucket.DEFECTIVE, Bucket.REPAIR, Bucket.SCRAPPED, Bucket.HELD}),
    Grade.D: frozenset({Bucket.SCRAPPED, Bucket.HELD}),
    Grade.X: frozenset({Bucket.HELD}),
}


class Role(StrEnum):
    """The role of a member of staff, which says what they may do (`roles.py`)."""

    OWNER = "owner"
    MANAGER = "manager"
    AGENT = "agent"
    WAREHOUSE = "warehouse"
    FINANCE = "finance"


MAY_APPROVE_MONEY = frozenset({Role.OWNER, Role.MANAGER})
MAY_DECIDE = frozenset({Role.OWNER, Role.MANAGER, Role.AGENT})
MAY_PAY = frozenset({Role.OWNER, Role.MANAGER, Role.AGENT, Role.FINANCE})
MAY_SCAN = frozenset({Role.OWNER, Role.MANAGER, Role.AGENT, Role.WAREHOUSE})
IN_CHARGE_OF_GOODS = MAY_SCAN - {Role.AGENT}
