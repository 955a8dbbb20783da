"""The money's day: the exercises of finance, and how each is looked through."""

import json
from collections.abc import Iterator, Mapping

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions import demo
from retcli.actions.practice.state import Rule, State, lacks, yuan
from retcli.models import Payout
from retcli.models.books import Event
from retcli.models.imports import ImportQuestion
from retcli.models.register import Escalation
from retcli.rules.lifecycles import EscalationState, PayoutState
from retcli.shellwords import quoted
from retcli.views.base import money_text
from retcli.views.practice.lacks import Lack, Missing
from retcli.views.practice.tasks import Task

PROMISED, ARRIVED, BOUNCED = 5000, 800, 600
"""What was promised in amends, in fen: above the agent's limit, and twice below it."""
RULED = "260000249352635075"
"""The refund that the shop refused and the platform paid."""
RULED_AMOUNT = 9187
MONTH = "2026-11"
_AS_MANAGER = f"retcli --operator {quoted(demo.MANAGER)}"


def _payout(state: State, refund: str, minor: int) -> Payout:
    """The amends of a case over an amount in fen, which was made with the shop."""
    payout = state.payout(refund, minor)
    if payout is None:  # pragma: no cover - payouts are never deleted
        raise LookupError(minor)
    return payout


def _signature(state: State) -> Iterator[Missing]:
    payout = _payout(state, demo.QUALITY, PROMISED)
    if payout.state == PayoutState.WAITING:
        yield lacks(Lack.NOT_SIGNED, f"{_AS_MANAGER} pay approve {payout.number}", payout=payout.number)
    if payout.state == PayoutState.FAILED:
        number = state.case(demo.QUALITY).number
        command = f"retcli pay compensate {number} --cash {yuan(PROMISED)}"
        yield lacks(Lack.STRUCK_OUT, command, payout=payout.number)


def _arrived(state: State) -> Iterator[Missing]:
    payout = _payout(state, demo.SEVEN_DAY, ARRIVED)
    number = payout.number
    if payout.state == PayoutState.WAITING:
        yield lacks(Lack.NOT_SIGNED, f"{_AS_MANAGER} pay approve {number}", payout=number)
    elif payout.state == PayoutState.DUE:
        yield lacks(Lack.NOT_SENT, f"retcli pay sent {number}", payout=number)
    elif payout.state == PayoutState.SENT:
        yield lacks(Lack.NOT_CONFIRMED, f"retcli pay confirm {number}", payout=number)
    elif payout.state == PayoutState.UNKNOWN:
        yield lacks(Lack.NOT_LEFT, f"retcli pay confirm {number}", payout=number)
    elif payout.state != PayoutState.CONFIRMED:
        case = state.case(demo.SEVEN_DAY).number
        yield lacks(Lack.NOT_LEFT, f"retcli pay compensate {case} --cash {yuan(ARRIVED)}", payout=number)


def _bounced(state: State) -> Iterator[Missing]:
    payout = _payout(state, demo.MIXED, BOUNCED)
    number = payout.number
    if payout.state == PayoutState.CONFIRMED:
        command = f"{_AS_MANAGER} pay reverse {number} --because TEXT"
        yield lacks(Lack.CONFIRMED, command, payout=number)
    elif payout.state not in {PayoutState.FAILED, PayoutState.REVERSED}:
        yield lacks(Lack.NOT_FAILED, f"retcli pay fail {number} --because TEXT", payout=number)


def _ruled(state: State) -> Iterator[Missing]:
    case = state.case(RULED)
    query = sa.select(Escalation).where(col(Escalation.case_id) == case.id).order_by(col(Escalation.id).desc())
    entry = state.shop.session.scalars(query).first()
    command = f"{_AS_MANAGER} case verdict {case.number} --lost --because TEXT"
    if entry is None or entry.state in {EscalationState.OPEN, EscalationState.ANSWERED}:
        yield lacks(Lack.NOT_CLOSED, command, case=case.number)
    elif entry.state != EscalationState.LOST:
        yield lacks(Lack.VERDICT, "", case=case.number)


def _questions(state: State) -> Iterator[Missing]:
    query = sa.select(col(ImportQuestion.id)).where(col(ImportQuestion.state) == "open")
    left = list(state.shop.session.scalars(query.order_by(col(ImportQuestion.id))))
    if left:
        # money that has left is answered one by one
        yield lacks(Lack.QUESTIONS, f"{_AS_MANAGER} imports answer {left[0]} --seen", n=len(left))


def _month(state: State) -> Iterator[Missing]:
    command = f"retcli export reconciliation --month {MONTH}"
    query = sa.select(col(Event.seq), col(Event.payload)).where(col(Event.subject) == "export")
    query = query.where(col(Event.action) == "reconciliation").order_by(col(Event.seq))
    written = [(seq, json.loads(payload)["month"]) for seq, payload in state.shop.session.execute(query)]
    of_month = [seq for seq, month in written if month == MONTH]
    if not of_month:
        yield lacks(Lack.OTHER_MONTH if written else Lack.NO_WORKBOOK, command, month=MONTH)
        return
    paid = sa.select(sa.func.max(col(Event.seq))).where(col(Event.subject).like("PO%"))
    if (state.shop.session.scalar(paid) or 0) > of_month[-1]:
        yield lacks(Lack.OUTDATED, command)


def _about(minor: int) -> Mapping[str, str]:
    return {"amount": money_text(yuan(minor)), "agent": demo.AGENT, "manager": demo.MANAGER}


RULES = (
    Rule(Task.SIGNATURE, lambda _state: _about(PROMISED), _signature),
    Rule(Task.ARRIVED, lambda _state: _about(ARRIVED), _arrived),
    Rule(Task.BOUNCED, lambda _state: _about(BOUNCED), _bounced),
    Rule(Task.RULED, lambda state: {**_about(RULED_AMOUNT), "order": state.order(RULED).number}, _ruled),
    Rule(Task.QUESTIONS, lambda _state: _about(0), _questions),
    Rule(Task.MONTH, lambda _state: {}, _month),
)
"""The exercises of finance, in their order."""
