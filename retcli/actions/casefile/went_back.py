"""Money that went back on the platform after a case was decided here and that nothing in the books explains. It may be
the very refund that is to leave here, so that this stops until somebody has confirmed that it is another payment.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.order_facts import lines_of
from retcli.actions.casefile.records.decision_record import APPLIED_ANEW
from retcli.actions.orderfile.refunded_on_platform import by_files, unbooked_of, unmeasured
from retcli.errors import Refused
from retcli.language import _
from retcli.models import Case, Order, OrderLine, Payout, PayoutPart, Waiver
from retcli.models.books import Event
from retcli.models.register import Note
from retcli.rules.lifecycles import PayoutState
from retcli.rules.money.minor_units import Money
from retcli.rules.money.payouts import FREIGHT, GOODS
from retcli.rules.money.refunded_on_platform import NOTHING_UNBOOKED, REPORTING, Unbooked
from retcli.shop import Shop

WENT_BACK = "went_back"
"""The rule whose waiver confirms that our refund is paid beside what went back there; a waiver counts for what had gone
back by then, and no more.
"""
_TELLING = ("approve", "waive")
"""The events of a case that hold what had gone back by the platform's files when somebody agreed or confirmed."""


_UNMEASURED = "unmeasured"
"""The key in a confirmation's event for that no file said how much had gone back."""


@dataclass(frozen=True)
class WentBack:
    """What went back of an order on its platform and may be the very money of our refund: how much is `gone` by its
    files, or, where no file says how much, only its `word` for it.
    """

    gone: Unbooked
    word: str = ""


class Share(Protocol):
    """A part of a payment, for one line of the order or for none: a payout's part that is written or to be written."""

    @property
    def line_id(self) -> int | None:
        """The id of the order's line; None for freight and amends."""

    @property
    def minor(self) -> int:
        """The amount in minor units."""


def gone_by_files(shop: Shop, order: Order, lines: Sequence[OrderLine]) -> dict[str, int]:
    """The fact for the event of an agreement: what had gone back by the platform's files (``there``, minor units); none
    where they say nothing.
    """
    there = by_files(order, lines)
    return {"there": there} if there else {}


def since_decided(
    shop: Shop, case: Case, shares: Sequence[Share], *, written: bool, lines: Sequence[OrderLine] | None = None
) -> WentBack | None:
    """What went back of an order since its case was agreed to, and can be the very money of these shares, or makes them
    too much; None where nothing is to be confirmed. Where no file says how much went back, when it did does not matter.
    `written`: the shares stand in a payout already; the order's `lines` are read where they are not given.
    """
    order = shop.session.get_one(Order, case.order_id)
    lines, asked = lines_of(shop, order) if lines is None else lines, {share.line_id for share in shares}
    word = unmeasured(shop, order, lines, asked)
    if word and not any(_UNMEASURED in payload for payload in _facts_by_then(shop, case)):
        return WentBack(NOTHING_UNBOOKED, word)
    gone = unbooked_of(shop, order, lines)
    if not gone.total or (by_files(order, lines) or 0) <= _known_before(shop, case):
        return None
    # the very money: what is known of these lines, or of no line in particular
    very = gone.loose + sum(gone.lines.get(line, 0) for line in asked)
    more = 0 if written else sum(share.minor for share in shares)
    too_much = _live(shop, order) + more + gone.total > order.paid
    return WentBack(gone) if very or too_much else None


def _known_before(shop: Shop, case: Case) -> int:
    """What had gone back by the platform's files when a case was agreed to or last confirmed, in minor units."""
    return max((payload.get("there", 0) for payload in _facts_by_then(shop, case)), default=0)


def _facts_by_then(shop: Shop, case: Case) -> list[dict[str, Any]]:
    """The payloads of a case's agreements and confirmations since its last application, with those of this piece of
    work, which are written only at its end.
    """
    telling = (*_TELLING, APPLIED_ANEW)
    query = sa.select(col(Event.action), col(Event.payload))
    query = query.where(col(Event.subject) == case.number, col(Event.action).in_(telling)).order_by(col(Event.seq))
    told: list[tuple[str, dict[str, Any]]] = [(name, json.loads(text)) for name, text in shop.session.execute(query)]
    mine = [event for event in shop.events if event["subject"] == case.number and event["action"] in telling]
    told += [(event["action"], event["payload"]) for event in mine]
    since = max((place for place, (name, _payload) in enumerate(told, 1) if name == APPLIED_ANEW), default=0)
    return [payload for _name, payload in told[since:]]


def _live(shop: Shop, order: Order) -> int:
    """The sum of an order's payouts for goods and freight that did not fail, in minor units."""
    query = sa.select(sa.cast(sa.func.sum(PayoutPart.minor), sa.BigInteger))
    query = query.join(Payout, col(Payout.id) == col(PayoutPart.payout_id)).where(col(Payout.order_id) == order.id)
    query = query.where(col(Payout.state) != PayoutState.FAILED, col(PayoutPart.purpose).in_([GOODS, FREIGHT]))
    return int(shop.session.scalar(query) or 0)


def of_payout(shop: Shop, case: Case, payout: Payout) -> WentBack | None:
    """What `since_decided` gives for a refund that has not left yet, whose parts are read; None for any other
    payout.
    """
    rows = shop.session.scalars(sa.select(PayoutPart).where(col(PayoutPart.payout_id) == payout.id))
    return of_open(shop, case, payout, list(rows))


def of_open(
    shop: Shop, case: Case, payout: Payout, shares: Sequence[Share], lines: Sequence[OrderLine] | None = None
) -> WentBack | None:
    """What `since_decided` gives for a refund that has not left yet, whose `shares` were read already, and maybe its
    order's `lines`; None for any other payout.
    """
    if payout.kind != "refund" or payout.minor <= 0 or payout.state not in {PayoutState.WAITING, PayoutState.DUE}:
        return None
    return since_decided(shop, case, shares, written=True, lines=lines)


def refuse_doubtful(shop: Shop, case: Case, payout: Payout, command: str) -> None:
    """Raises Refused for a step of a refund that may have been made on the platform already; `command` is the one that
    takes the step once it is confirmed to be another payment.
    """
    gone = of_payout(shop, case, payout)
    if gone is not None:
        raise _refused(shop, case, gone, f"retcli pay fail {payout.number} --because TEXT", command)


def refuse_undecided(shop: Shop, case: Case, shares: Sequence[Share], command: str = "") -> None:
    """Raises Refused for a refund that is to be decided and may have been made on the platform already; `command` is
    the one that was typed, where one was.
    """
    gone = since_decided(shop, case, shares, written=False)
    if gone is not None:
        finish = f"retcli case finish {case.number} --because TEXT"
        raise _refused(shop, case, gone, finish, command or f"retcli pay refund {case.number}")


def confirmed(command: str) -> str:
    """A command with the options that confirm that it is another payment."""
    return f"{command} --waive {WENT_BACK} --because TEXT"


def _refused(shop: Shop, case: Case, back: WentBack, very: str, command: str) -> Refused:
    """The error that asks whether what went back is the very money, with a command for each answer: `very` where it is,
    `command` with its confirmation where it is another payment.
    """
    order = shop.session.get_one(Order, case.order_id)
    hint = _("If it is: {very}; if it is another payment, a manager confirms that: {command}")
    ways = hint.format(very=very, command=confirmed(command))
    if back.word:
        message = _(
            "By the platform's own order file ({status}) money of order {order} went back, and no file says how much"
        )
        report = _how_to_measure(order)
        return Refused(message.format(status=back.word, order=order.number), f"{report}\n{ways}", case=case.number)
    message = _(
        "By the platform's order file {there} of order {order} went back since this was decided, {booked} of it stands"
        " in these books: look whether it is this very money"
    )
    gone = back.gone
    amounts = {"there": Money(gone.there, gone.currency), "booked": Money(gone.booked, gone.currency)}
    return Refused(message.format(order=order.number, **amounts), ways, case=case.number)


def _how_to_measure(order: Order) -> str:
    """The hint which file may tell how much went back of an order on its platform."""
    if order.platform in REPORTING:
        return _("Import the refund report of those days first: it says how much, and nothing is paid twice")
    return _("Look there how much it was: that platform has no refund report")


def facts_of_waiver(shop: Shop, case: Case, rule: str) -> dict[str, int]:
    """The facts for the event of a waiver: of `WENT_BACK` what had gone back by then (minor units), or that no file
    said how much; of any other rule none.
    """
    if rule != WENT_BACK:
        return {}
    order = shop.session.get_one(Order, case.order_id)
    lines = lines_of(shop, order)
    return {_UNMEASURED: 1} if unmeasured(shop, order, lines) else gone_by_files(shop, order, lines)


def note_again(shop: Shop, case: Case, rule: str, because: str) -> None:
    """Writes the reason of a second waiver of a rule as a note: the row holds the first."""
    query = sa.select(col(Waiver.because)).where(col(Waiver.case_id) == case.id, col(Waiver.rule) == rule)
    if shop.session.scalar(query) != because:
        shop.add(Note(case_id=case.id or 0, text=because, by=shop.operator.name, at=shop.now))
