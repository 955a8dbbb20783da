"""Takes one refund of a platform's list into its case, which is opened, adopted (where somebody opened it by hand) or
brought up to date.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.dossiers import agreed_on, dossier_of
from retcli.actions.casefile.records.ledger import draws_of_others
from retcli.actions.casefile.records.one_case import parcels_of, payouts_of
from retcli.actions.casefile.records.platform_clicks import tell_platform
from retcli.actions.casefile.records.platform_payments import paid_on
from retcli.actions.cases import automatic_approval
from retcli.actions.cases.changes import changed_on_record
from retcli.actions.cases.decisions import enter
from retcli.actions.cases.disputes import register
from retcli.actions.imports.merging import Source, ask, ask_money
from retcli.actions.imports.refunds import applied_again, closed_payments, paid_and_closed, refund_status
from retcli.actions.imports.refunds.applications import apply_anew, came_back, change_wish, note_wanted, nothing_left
from retcli.actions.imports.refunds.refund_facts import (
    News,
    Wish,
    applied_again_at,
    kind_said,
    overtaken,
    refresh,
    wish_there,
)
from retcli.actions.imports.refunds.refund_targets import Unclear, target
from retcli.actions.money import outgoing
from retcli.actions.orderfile import step_memory
from retcli.actions.shop import reasons
from retcli.actions.warehouse import detaching, parcels
from retcli.actions.warehouse.pieces import senders
from retcli.database.staging.stages import StagedRow
from retcli.language import mark
from retcli.models import Case, CaseLine, Order, OrderLine
from retcli.reading.waybills import with_carriers
from retcli.rules.imports.refund_rows import instant_said, status_of
from retcli.rules.lifecycles import COMING_BACK, LEFT, REFUNDING, WITH_AMOUNT, Decision, Filing, Kind, PayoutState
from retcli.rules.money.minor_units import Money
from retcli.rules.money.payouts import Door
from retcli.rules.money.refunded_pieces import FINAL
from retcli.rules.warehouse.ids import normalised, order_key
from retcli.shop import Shop

OVERTAKEN = "overtaken"
"""How a row fared that is of an older list than one its case has seen."""


def order_of(shop: Shop, platform: str, number: str) -> Order | None:
    """The order of an order's or a sub-order's number, since reports print either; None where the books lack it."""
    read_before = step_memory.of(shop).orders.get(number)
    if read_before is not None:
        return read_before
    query = sa.select(Order).where(col(Order.platform) == platform, col(Order.number_key) == order_key(number))
    orders = list(shop.session.scalars(query))
    if orders:
        return next((order for order in orders if order.number == number), orders[0] if len(orders) == 1 else None)
    by_line = sa.select(Order).join(OrderLine, col(OrderLine.order_id) == col(Order.id))
    by_line = by_line.where(col(OrderLine.number_key) == normalised(number), col(Order.platform) == platform)
    return shop.session.scalars(by_line).first()


def take(shop: Shop, source: Source, row: StagedRow) -> str:
    """Takes one refund into its case: ``added``, ``changed``, ``unchanged``, or `OVERTAKEN` by a newer list. Raises
    Unclear where the row does not tell enough, a RetcliError where the books refuse it.
    """
    row = _with_amount(row)
    case = None if shop.pending is not None else _case_of(shop, source, row)
    status = status_of(row.values)
    if case is None:
        with step_memory.opening(shop):
            case = _adopted(shop, source, row, status) or _open(shop, source, row, status)
            if status != "closed":
                parcels.claim_own(shop, case)  # scanned before the list came: a fact of what is decided now
            refund_status.follow(shop, source, row, case, status)
            register.follow(shop, case, row.values)
            if status == "requested":
                automatic_approval.agree_by_rule(shop, case)
        return "added"
    if not paid_and_closed.is_untold(shop, case, row, status):
        if overtaken(case, source, status):
            news = applied_again.asked_after_paying(shop, source, row, case, status)
            news |= closed_payments.note_late(shop, source, row, case, status)
            return "changed" if news else OVERTAKEN
        return _brought_up(shop, source, row, case, status)
    seen, closing = case.platform_seen_at, paid_and_closed.closing_that_stands(shop, source, case, row)
    fared = _brought_up(shop, source, row, case, status)
    if closing is not None:
        paid_and_closed.keep_closing(shop, source, row, case, closing)
    case.platform_seen_at = max((at for at in (seen, case.platform_seen_at) if at is not None), default=None)
    return fared


def _brought_up(shop: Shop, source: Source, row: StagedRow, case: Case, status: str) -> str:
    """Brings a case to what a row tells of its refund: ``changed`` or ``unchanged``."""
    # what the last list told, before `refresh` puts this one's word in its place
    before, paid_before = wish_there(case), (case.platform_state, case.platform_amount)
    paid = paid_on(shop, case) if status == "closed" and paid_before[0] == "succeeded" else ()
    estimated = case.platform_estimated
    version, changed = case.version, refresh(shop, source, case, row.values)
    if paid:
        at = closed_payments.ended(shop, source, row, paid)
        closed_payments.note(shop, case, paid, at, estimated=estimated)
    anew = paid_before[0] == "closed" and status not in FINAL and case.decision == Decision.WITHDRAWN
    changed |= _changed_wish(shop, source, row, case, status, before, fresh=changed, anew=anew)
    if row.values.get("waybill"):
        changed |= _expect(shop, source, row, case)
    if status != "closed":
        parcels.claim_own(shop, case)
    news = News.between(paid_before, (case.platform_state, case.platform_amount))
    refund_status.follow(shop, source, row, case, status, news=news)
    changed |= register.follow(shop, case, row.values)
    return "changed" if changed or case.version != version else "unchanged"


def _case_of(shop: Shop, source: Source, row: StagedRow) -> Case | None:
    """The case of a row's refund; None where it has none yet."""
    refund = row.values["refund"]
    query = sa.select(Case).where(col(Case.platform) == source.platform, col(Case.platform_number) == refund)
    return shop.session.scalars(query).first()


def _with_amount(row: StagedRow) -> StagedRow:
    """A row with its amount: zero for kinds that only send goods again, None where nobody has named one yet. Raises
    Unclear where the refund is finished without an amount.
    """
    if row.values.get("amount") is not None:
        return row
    if row.values.get("kind") in {Kind.EXCHANGE, Kind.RESEND, Kind.REPAIR}:
        return replace(row, values=row.values | {"amount": 0})
    if row.values.get("finished_at") or row.values.get("status") == "succeeded":
        raise Unclear(
            mark(
                "finished there, and the file does not say how much was refunded: export it with that column, or where"
                " the platform has none, open it by hand with retcli case open"
            )
        )
    return replace(row, values=row.values | {"amount": None})


def _opened_by_hand(shop: Shop, order: Order, values: dict[str, Any], status: str) -> list[Case]:
    """The open cases of an order that have no platform's number and are about the kind and lines of a refund's row."""
    kind, pieces = _kind_and_pieces(shop, order, values, status, adopting=True)
    lines = [line.id for line, _n in pieces]
    query = (
        sa.select(Case)
        .where(col(Case.order_id) == order.id, col(Case.platform_number).is_(None), col(Case.kind) == kind)
        .where(col(Case.filing) == Filing.OPEN, col(Case.decision).in_([Decision.REQUESTED, Decision.APPROVED]))
        .where(col(Case.id).in_(sa.select(col(CaseLine.case_id)).where(col(CaseLine.line_id).in_(lines))))
    )
    cases = list(shop.session.scalars(query))
    return [case for case in cases if kind != Kind.ALLOWANCE or _may_be_this_cut(shop, case, values["amount"])]


def _may_be_this_cut(shop: Shop, case: Case, minor: int) -> bool:
    """Whether a price cut that was opened by hand may be the one that a platform's list tells of, of so much: nothing
    of it has left by ourselves, and it is about the same sum. What was paid here is other money than what is paid
    there.
    """
    gone = LEFT - {PayoutState.REVERSED}
    if any(p.kind == "refund" and p.reverses_id is None and p.state in gone for p in payouts_of(shop, case)):
        return False
    wanted = agreed_on(dossier_of(shop, case)) if case.decision == Decision.APPROVED else case.asked
    return wanted in {None, minor}


def _adopted(shop: Shop, source: Source, row: StagedRow, status: str) -> Case | None:
    """The one case that was opened by hand for the same matter, with the platform's number from now on, so that nothing
    is paid on both ways; None where there is none, or several.
    """
    order = order_of(shop, source.platform, row.values["order"])
    if order is None or status == "closed" or step_memory.alone(shop, order.id, None):
        return None
    cases = _opened_by_hand(shop, order, row.values, status)
    if len(cases) != 1:
        return None
    case = shop.hold(cases[0])
    case.platform_number = row.values["refund"]
    refresh(shop, source, case, row.values)
    wish = {} if status == "succeeded" or case.platform_amount is None else {"asked": case.platform_amount}
    told = applied_again.told(row.values)
    shop.record(case.number, applied_again.ADOPTED, refund=row.values["refund"], **wish, **told)
    if row.values.get("waybill"):
        _expect(shop, source, row, case)
    # while the case had no number there, nothing of its approval could be told or paid there
    if case.decision == Decision.APPROVED:
        tell_platform(shop, case)
        outgoing.go_by_itself(shop, case, Door.APPROVAL)
    return case


def _changed_wish(
    shop: Shop, source: Source, row: StagedRow, case: Case, status: str, before: Wish, *, fresh: bool, anew: bool
) -> bool:
    """Takes over a changed kind or amount under the same number, or a closed refund opened `anew`: at once while
    nothing is decided, as a new application where it was decided and nothing has left (also where only the instant of
    the application is a later one), else as a question. Where the report tells nothing new (not `fresh`), what somebody
    changed here stays. Whether anything changed.
    """
    amount, values = row.values["amount"], row.values
    if case.decision != Decision.REQUESTED:
        if not anew and _asks_as_agreed(shop, case, values, before):
            return _taken_as_agreed(shop, case, values)
        again = applied_again.since_decided(shop, source, case, values, status)
        other = bool(anew or again or before.changed(values, status))
        back = came_back(shop, case)
        if other and not back and nothing_left(shop, case):
            _apply_anew(shop, source, case, values, status)
            return True
        if other and back and status not in FINAL:
            again = again or applied_again_at(shop, source, case, values)
        if again:
            applied_again.ask_of_it(shop, source, row, case, again)
        if status not in FINAL and amount is not None and amount != before.amount:
            shop.record(case.number, "apply_more", asked=amount)
        _ask_wish(shop, source, row, case, status, before)
        return False
    same_kind = not values.get("kind") or kind_said(values) == case.kind or case.kind == Kind.ALLOWANCE
    if status == "closed" or (same_kind and (amount is None or case.asked in {None, amount})):
        return False
    if not fresh and changed_on_record(shop, case):
        return False
    kind, pieces = _kind_and_pieces(shop, shop.session.get_one(Order, case.order_id), values, status, released=case)
    wished = case.asked if amount is None else amount
    change_wish(shop, case, kind=kind, asked=wished if kind in WITH_AMOUNT else None, pieces=pieces, there=status)
    return True


def _asks_as_agreed(shop: Shop, case: Case, values: dict[str, Any], before: Wish) -> bool:
    """Whether the buyer now applies for just the amount that was agreed to here, after another one."""
    if case.decision != Decision.APPROVED or case.decided_as not in {"person", "rule"} or not case.platform_amount:
        return False
    same_kind = not values.get("kind") or kind_said(values) == before.kind
    changed = status_of(values) == "requested" and values["amount"] not in {None, before.amount}
    return same_kind and changed and values["amount"] == agreed_on(dossier_of(shop, case))


def _taken_as_agreed(shop: Shop, case: Case, values: dict[str, Any]) -> bool:
    """Keeps an approval, since the buyer changed the application to its amount; always True: changed."""
    case.asked = values["amount"] if case.asked is not None else None
    shop.record(case.number, applied_again.AS_AGREED, asked=values["amount"], **applied_again.told(values))
    return True


def _apply_anew(shop: Shop, source: Source, case: Case, values: dict[str, Any], status: str) -> None:
    order = shop.session.get_one(Order, case.order_id)
    kind, pieces = _kind_and_pieces(shop, order, values, status, released=case)
    wished = case.asked if values["amount"] is None else values["amount"]
    apply_anew(
        shop,
        case,
        values["refund"],
        kind=kind,
        asked=wished if kind in WITH_AMOUNT else None,
        pieces=pieces,
        reason=_reason(shop, values),
        there=status,
        at=applied_again_at(shop, source, case, values),
    )


def _ask_wish(shop: Shop, source: Source, row: StagedRow, case: Case, status: str, before: Wish) -> None:
    """Asks about a kind that changed, or an amount that rose beyond what the list named `before`, after the case was
    decided and money or goods have left. Less may be agreed to than was applied for: that is no news of the list's.
    """
    amount, refund = row.values["amount"], row.values["refund"]
    rose = amount is not None and amount != before.amount
    if rose and status not in FINAL and case.asked is not None and case.asked < amount:
        ask_money(
            shop, source, row.number, refund, "asked", Money(case.asked, outgoing.currency_of(shop, case)), amount
        )
    kinds = {kind_said(row.values), Kind(case.kind)} if row.values.get("kind") else set()
    if len(kinds) == 2 and kinds & COMING_BACK:
        ask(shop, source, row.number, refund, "kind", case.kind, kind_said(row.values))


def _new_case(shop: Shop, source: Source, order: Order, values: dict[str, Any], kind: Kind) -> Case:
    """A new case for a refund's row, not added yet; it is judged by the rules of the day it was applied for."""
    applied_at = instant_said(values, "applied_at") or instant_said(values, "finished_at") or shop.now
    return Case(
        number=shop.number("RC"),
        order_id=order.id or 0,
        platform=source.platform,
        kind=kind,
        decision=Decision.REQUESTED,
        filing=Filing.OPEN,
        reason_stated=_reason(shop, values),
        channel="platform",
        asked=values["amount"] if kind in WITH_AMOUNT else None,
        applied_at=applied_at,
        opened_at=shop.now,
        policy=shop.policy_at(applied_at).version,
        platform_number=values["refund"],
    )


def _open(shop: Shop, source: Source, row: StagedRow, status: str) -> Case:
    """Opens the case of a refund's row, with the pieces that no other case has; asks where these are fewer."""
    values = row.values
    order = order_of(shop, source.platform, values["order"])
    if order is None:
        raise Unclear(values["order"])
    kind, meant = _kind_and_pieces(shop, order, values, status)
    pieces = [(line, 0) for line, _n in meant] if status == "closed" else _within_open(shop, order, meant)
    if status not in FINAL and pieces != meant:
        within_open, refunded = sum(n for _line, n in pieces), sum(n for _line, n in meant)
        ask(shop, source, row.number, values["refund"], "pieces", within_open, refunded)
    case = _new_case(shop, source, order, values, kind)
    refresh(shop, source, case, values)
    step_memory.opens(shop, case)  # before it is added, so that all that hangs on it is remembered
    enter(shop, case, order, pieces)
    if status not in FINAL:
        note_wanted(shop, case, meant)
    if values.get("waybill"):
        _expect(shop, source, row, case)
    return case


def _kind_and_pieces(
    shop: Shop,
    order: Order,
    values: dict[str, Any],
    status: str,
    *,
    adopting: bool = False,
    released: Case | None = None,
) -> tuple[Kind, list[tuple[OrderLine, int]]]:
    """The kind of a refund and its pieces; a refund of which no pieces are left is a price cut. What the case
    `released` draws counts as open, since it is about to draw anew.
    """
    kind = kind_said(values)
    pieces = list(target(shop, order, values, kind).pieces)
    own = released.id if released else None
    left = _within_open(shop, order, pieces, own) if status == "succeeded" and not adopting else pieces
    if kind in REFUNDING and not any(n for _line, n in left):
        return Kind.ALLOWANCE, left
    return kind, left


def _within_open(
    shop: Shop, order: Order, pieces: Iterable[tuple[OrderLine, int]], case_id: int | None = None
) -> list[tuple[OrderLine, int]]:
    """Some pieces, as far as cases but one leave them; a line stays with no piece, since a refund is never dropped for
    want of them.
    """
    drawn = draws_of_others(shop, order, case_id)
    return [(line, min(n, line.quantity - sum(d.units for d in drawn.get(line.id, [])))) for line, n in pieces]


def _reason(shop: Shop, values: dict[str, Any]) -> str:
    """The reason that a row states; the shop's own mapping is asked for words that nothing else knows."""
    if values.get("kind") == "freight":
        return "I_FREIGHT"
    reason = values.get("reason") or reasons.UNMAPPED
    if reason == reasons.UNMAPPED and values.get("reason_words"):
        return reasons.mapped_words(shop).get(values["reason_words"].strip(), reason)
    return str(reason)


def _expect(shop: Shop, source: Source, row: StagedRow, case: Case) -> bool:
    """Has a case await a parcel for each of the buyer's waybills in a row; whether one is new."""
    if case.kind not in COMING_BACK:
        return False
    expected = {parcel.waybill for parcel in parcels_of(shop, case)}
    each = with_carriers(row.values["waybill"].split(), row.values.get("carrier") or "")
    newly_expected = [_expect_one(shop, source, row, case, named) for named in each if named[0] not in expected]
    return any(newly_expected)


def _expect_one(shop: Shop, source: Source, row: StagedRow, case: Case, named: tuple[str, str]) -> bool:
    """Has a case await the parcel of a waybill (with its carrier), or asks, where another order's goods went out under
    it; whether it is awaited. What a person took off the case stays off, whatever the list repeats.
    """
    waybill, carrier = named
    if shop.pending is None and detaching.taken_off(shop, case, waybill):
        return False
    owners = senders.of_others(shop, waybill, case) if shop.pending is None else ()
    if owners:
        ask(shop, source, row.number, row.values["refund"], "waybill", "、".join(owners), waybill)
        return False
    parcels.expect(shop, case, waybill, carrier)
    return True
