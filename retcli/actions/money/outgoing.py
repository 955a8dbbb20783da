"""The one door for money: payouts are written here and nowhere else, their limits are asked here, and the click that
pays one is asked for here.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.judgement import awaits_intercepted, came_back_undelivered, judgement
from retcli.actions.casefile.order_facts import lines_of
from retcli.actions.casefile.payable import ahead_of_goods, by_route, ended_there, payable, refuse_unpayable
from retcli.actions.casefile.records.clicked_payouts import spent_there
from retcli.actions.casefile.records.dossiers import Dossier, dossier_of
from retcli.actions.casefile.records.one_case import payouts_of
from retcli.actions.casefile.records.payout_parts import Part
from retcli.actions.casefile.records.platform_clicks import ask_click, clicks, drop_clicks
from retcli.actions.casefile.records.stopping import refuse_stopped, stopped
from retcli.actions.casefile.went_back import refuse_undecided, since_decided
from retcli.actions.money.amends_ceiling import refuse_beyond_price
from retcli.actions.orderfile import step_memory
from retcli.actions.orderfile.until_answered import refuse_until_answered
from retcli.errors import Overdrawn
from retcli.language import mark
from retcli.models import Case, Order, Payout, PayoutPart, Staff
from retcli.rules.casefile.findings import Answer
from retcli.rules.lifecycles import (
    BY_ITSELF,
    LEFT,
    PAYING_CLICKS,
    PAYOUT,
    UNSENT,
    ActionState,
    Decision,
    Filing,
    Kind,
    PayoutState,
    Role,
)
from retcli.rules.money import payouts as rules
from retcli.rules.money.minor_units import Money
from retcli.rules.money.minor_units import text as money_in_words
from retcli.shop import PAYOUT_SERIES, SYSTEM, TRIED, Shop

OWN, PLATFORM = "own", "platform"
AWAITS_GOODS = mark("its goods come back undelivered: it waits for them")


@dataclass(frozen=True)
class Decider:
    """Who lets money go: a person with the role that limits them, or the shop's rules by the name of their version,
    with what a rule may let go at most (`leave`, minor units; None for people).
    """

    name: str
    role: str
    leave: int | None = None


@dataclass(frozen=True)
class Payment:
    """A payout to be written: kind, method, parts, why; its currency is the order's where none is named, its payment
    number (`request`) the next one.
    """

    kind: str
    method: str
    parts: Sequence[Part]
    currency: str = ""
    because: str = ""
    request: str = field(default="", kw_only=True)


def currency_of(shop: Shop, case: Case) -> str:
    """The currency of a case's order."""
    return step_memory.order_of(shop, case).currency


def operator_of(shop: Shop) -> Decider:
    """The operator as the one who lets money go."""
    return Decider(shop.operator.name, shop.operator.role)


def decider_of(shop: Shop, case: Case) -> Decider:
    """Who approved a case, as the one who lets its money go: a person in today's role (none where they left), or a rule
    with what it may let go.
    """
    if case.decided_as == "rule":
        # which of the rules agreed is not kept with the case: the most that any of them allows
        leaves = [rule.most for rule in shop.policy_named(case.policy).automatic if case.kind in rule.kinds]
        return Decider(case.decided_by, "rule", max(leaves, default=0))
    role = shop.session.scalar(sa.select(col(Staff.role)).where(col(Staff.name) == case.decided_by))
    return Decider(case.decided_by, role or "")


def let_go(
    shop: Shop, case: Case, door: rules.Door, payment: Payment, by: Decider | None = None, *, command: str = ""
) -> Payout:
    """Writes a payout that a decision (`door`) lets go: due within the limit of who decided, else waiting for a second
    person; asks for its click where it is due by the original route. Raises Refused or Overdrawn where the order has no
    money for it, amends exceed what was paid, something stops it, or it may have been made on the platform already;
    the way out is the `command` that was typed, where one was, with a waiver.
    """
    # Held first of all, whatever is given: what the order gave so far is summed for the limit below, and nobody may
    # give more of it in between. The lock on payouts' numbers does not do: each day has its own.
    order = shop.hold(shop.session.get_one(Order, case.order_id))
    refuse_stopped(shop, case)
    if payment.kind == "refund":
        refuse_unpayable(shop, case, payment.parts)
        refuse_undecided(shop, case, payment.parts, command)
    elif payment.method not in rules.NO_MONEY:
        refuse_until_answered(shop, order, sum(part.minor for part in payment.parts))
    if payment.kind == "compensation" and payment.method not in rules.NO_MONEY:
        amount, gives = _amends(case, door, payment, order.currency)
        refuse_beyond_price(shop, case, amount, command or gives)
    who = by or operator_of(shop)
    payout = _payout(shop, case, payment)
    payout.decided_by, payout.origin = who.name, OWN
    payout.state = _first_state(shop, case, Money(payout.minor, payout.currency), who)
    _write(shop, case, payout, payment.parts, role=who.role, door=door)
    # only now: one click pays all that is due of a case, this payout among it
    click_for(shop, case)
    return payout


def _amends(case: Case, door: rules.Door, payment: Payment, currency: str) -> tuple[Money, str]:
    """Amends in money, and the command that gives them."""
    minor = sum(part.minor for part in payment.parts)
    if door == rules.Door.OFFER:
        return Money(minor, currency), f"retcli case offer {case.number} --accepted"
    return Money(minor, currency), f"retcli pay compensate {case.number} --cash {money_in_words(minor, currency)}"


def write_down(
    shop: Shop, case: Case, payment: Payment, settled_at: datetime, *, reverses: Payout | None = None
) -> Payout:
    """Writes a confirmed payout of what has happened already: paid by the platform, or one of ours taken back
    (`reverses`). No limit is asked: it is a fact.
    """
    payout = _payout(shop, case, payment)
    payout.origin = PLATFORM if reverses is None else OWN
    payout.decided_by = SYSTEM if reverses is None else shop.operator.name
    payout.state, payout.settled_at = PayoutState.CONFIRMED, settled_at
    payout.reverses_id = reverses.id if reverses else None
    more = {"reverses": reverses.number} if reverses else {}
    _write(shop, case, payout, payment.parts, role="" if reverses is None else shop.operator.role, **more)
    return payout


def _payout(shop: Shop, case: Case, payment: Payment) -> Payout:
    """A payout row that is not added yet, waiting and decided by nobody, with its numbers."""
    return Payout(
        number=shop.number(PAYOUT_SERIES),
        request=payment.request or _request(shop, case),
        case_id=case.id or 0,
        order_id=case.order_id,
        kind=payment.kind,
        method=payment.method,
        minor=sum(part.minor for part in payment.parts),
        currency=payment.currency or currency_of(shop, case),
        origin=OWN,
        state=PayoutState.WAITING,
        decided_by="",
        decided_at=shop.now,
        because=payment.because,
    )


def _write(shop: Shop, case: Case, payout: Payout, parts: Sequence[Part], **more: str) -> None:
    """Adds a payout and its parts, and notes the event with all of their facts, order lines by their number."""
    shop.add(payout)
    for part in parts:
        row = PayoutPart(payout_id=payout.id or 0, order_id=case.order_id, purpose=part.purpose, minor=part.minor)
        row.line_id = part.line_id
        shop.add(row)
    names = ("kind", "method", "payee", "minor", "currency", "origin", "decided_by", "request")
    facts = {name: getattr(payout, name) for name in names}
    lines = {line.id: line.number for line in lines_of(shop, step_memory.order_of(shop, case))}
    written_parts = [
        {"purpose": part.purpose, "line": lines.get(part.line_id, ""), "minor": part.minor} for part in parts
    ]
    shop.born(payout.number, PAYOUT, payout.state, case=case.number, parts=written_parts, **facts, **more)


def _first_state(shop: Shop, case: Case, amount: Money, who: Decider) -> PayoutState:
    """The state in which a payout begins: due, or waiting for a second person. The limit counts all that was let go on
    the order without one, so that neither splitting nor sharing gets round it. A point counts as a fen; money in any
    other currency than the limit's always waits.
    """
    before = _let_go_alone(shop, case, who)
    together = Money(amount.minor + before, amount.currency) if amount.currency in rules.LIMITED else amount
    if who.leave is not None:
        within = amount.currency in rules.LIMITED and together.minor <= who.leave
    else:
        within = who.role in set(Role) and rules.within_limit(Role(who.role), together, shop.policy)
    return PayoutState.DUE if within else PayoutState.WAITING


def _let_go_alone(shop: Shop, case: Case, who: Decider) -> int:
    """What was let go on a case's order so far without a second person, with what still waits for one, in minor units:
    of a rule what that version's rules let go, of a person what all let go whom a limit holds.
    """
    if step_memory.is_unpaid(shop, step_memory.order_of(shop, case)):
        return 0
    # cast, else it is a Decimal on PostgreSQL
    alone = sa.select(sa.cast(sa.func.sum(Payout.minor), sa.BigInteger)).where(
        col(Payout.order_id) == case.order_id,
        _deciders(who),
        col(Payout.origin) == OWN,
        col(Payout.approved_by).is_(None),
        col(Payout.state).not_in([PayoutState.FAILED, PayoutState.REVERSED]),
        col(Payout.reverses_id).is_(None),
        col(Payout.currency).in_(rules.LIMITED),
    )
    return int(shop.session.scalar(alone) or 0)


def _deciders(who: Decider) -> sa.ColumnElement[bool]:
    """The condition in SQL which payouts count against a decider's limit."""
    if who.leave is not None:
        return col(Payout.decided_by) == who.name
    limited = sa.select(col(Staff.name)).where(col(Staff.role).not_in(rules.UNLIMITED))
    return sa.or_(col(Payout.decided_by) == who.name, col(Payout.decided_by).in_(limited))


def _request(shop: Shop, case: Case) -> str:
    """A new payment's number, never given twice: ``<case>-<n>``, n one more than the case's payouts so far."""
    # no payout is ever deleted, so that their count never comes back to a number
    trial = TRIED if shop.dry_run else ""
    return f"{case.number}-{trial}{len(payouts_of(shop, case)) + 1}"


def paying_click(case: Case) -> str:
    """The click on the platform that pays the refund of a case."""
    return "confirm_receipt" if case.kind == Kind.RETURN else "agree_refund"


def click_for(shop: Shop, case: Case) -> None:
    """Asks for the click that pays all that is due of a case by the original route: one for the sum, since the platform
    pays a refund once.
    """
    due = sum(payout.minor for payout in _by_route(shop, case) if payout.state == PayoutState.DUE)
    if due:
        ask_click(shop, case, paying_click(case), due)


def unclick(shop: Shop, case: Case) -> None:
    """Corrects the paying click of a case after a refund failed or left another way: it pays what is still due, or is
    dropped where no refund by the original route stands.
    """
    if any(payout.state == PayoutState.DUE or payout.state in LEFT for payout in _by_route(shop, case)):
        click_for(shop, case)
    else:
        drop_clicks(shop, case, *PAYING_CLICKS)


def _by_route(shop: Shop, case: Case) -> list[Payout]:
    """The refunds of a case by the original route, without reversals."""
    refunds = [payout for payout in payouts_of(shop, case) if payout.kind == "refund" and payout.reverses_id is None]
    return [payout for payout in refunds if payout.method == "original"]


def go_by_itself(shop: Shop, case: Case, door: rules.Door) -> None:
    """Lets the refund of an approved case go by the original route, where nothing stands against it: at once where
    nothing is to come back, else when the goods were inspected and are as agreed. It is decided by who approved the
    case. Nothing is done where the platform approved it, or its click was made: its report tells what it paid.
    """
    decided_here = case.decided_as in {"person", "rule"} and case.decision == Decision.APPROVED
    may_go = decided_here and case.kind in BY_ITSELF and case.filing == Filing.OPEN
    if not (case.platform_number and may_go) or ended_there(case):
        return
    # held before it is asked what may leave: else two of its cases would each be paid the rest
    shop.hold(shop.session.get_one(Order, case.order_id))
    if stopped(shop, case):
        return
    dossier = dossier_of(shop, case)
    if spent_there(dossier) or _awaits_goods(dossier):
        return
    # an inspection sets only returns and turned-round parcels going: anything else went at its approval, or waits
    # for somebody
    awaited = case.kind == Kind.RETURN or came_back_undelivered(dossier) or dossier.sent_back
    if door == rules.Door.INSPECTION and not awaited:
        return
    ready = payable(dossier)
    if not ready.parts or ready.against or (door == rules.Door.INSPECTION and goods_in_doubt(shop, dossier)):
        return
    if since_decided(shop, case, ready.parts, written=False):
        return
    with suppress(Overdrawn):  # it went back by the order file already: a person sees it where they pay
        let_go(shop, case, door, Payment("refund", "original", ready.parts), decider_of(shop, case))


def _awaits_goods(dossier: Dossier) -> bool:
    """Whether the money of a case waits, since not all pieces of a return, or of what was turned round on its way to
    the buyer, are back, or some are of another order.
    """
    if dossier.pays_before_goods:
        return False
    return awaits_intercepted(dossier) or (dossier.case.kind == Kind.RETURN and not dossier.all_accepted)


def goods_in_doubt(shop: Shop, dossier: Dossier) -> bool:
    """Whether inspection found goods that somebody must look at before they are paid: the finding ``goods`` is not yes,
    and nobody waived it.
    """
    findings = judgement(shop, dossier, asked=dossier.case.asked).findings
    return any(
        finding.rule == "goods" and finding.answer != Answer.YES and not finding.waived_by for finding in findings
    )


def call_off(shop: Shop, case: Case, because: str = "", *, there: bool = False) -> None:
    """Fails the unsent refunds of a case by the original route: those that were not clicked, or with `there`, where the
    platform says that it never paid, all. Money that may be on its way stays.
    """
    for payout in unsent(shop, case, there=there):
        fail(shop, case, payout, because)


def hold_back(shop: Shop, case: Case) -> None:
    """Fails the unsent refunds of a case, by whichever way, while it waits for the order's own parcels to be inspected,
    unless they are for the pieces that are back. What was clicked stays, and all of it where somebody waived that goods
    come first.
    """
    if case.kind != Kind.REFUND_ONLY or shop.pending is not None:
        return
    # held before its money is read: else an approval beside this would still let it go
    shop.hold(shop.session.get_one(Order, case.order_id))
    dossier = dossier_of(shop, case)
    if "goods_first" in dossier.waivers or not awaits_intercepted(dossier) or not ahead_of_goods(dossier):
        return
    refunds = [payout for payout in dossier.payouts if payout.kind == "refund" and payout.state in UNSENT]
    by_hand = [payout for payout in refunds if not by_route(payout) and payout.reverses_id is None]
    for payout in [*unsent(shop, case), *by_hand]:
        fail(shop, case, payout, AWAITS_GOODS)


def fail(shop: Shop, case: Case, payout: Payout, because: str = "") -> None:
    """Fails a refund and corrects its case's click. The event says by which import, or that it was called off where it
    had not left and a person's act took it back.
    """
    facts: dict[str, int | bool] = {} if shop.imported is None else {"imported": shop.imported}
    if shop.imported is None and payout.state in UNSENT:
        facts["called_off"] = True
    shop.move(payout, payout.number, PAYOUT, "fail", facts, because=because or payout.because)
    unclick(shop, case)


def unsent(shop: Shop, case: Case, *, there: bool = False) -> list[Payout]:
    """The refunds of a case by the original route that have not left; none once their click was made, unless the
    platform says (`there`) that it did not pay.
    """
    clicked = any(click.action in PAYING_CLICKS for click in clicks(shop, case, ActionState.DONE))
    if clicked and not there:
        return []
    return [payout for payout in _by_route(shop, case) if payout.state in UNSENT]
