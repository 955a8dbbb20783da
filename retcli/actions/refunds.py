"""The platform's refund report: cases opened and followed, clicks verified, payouts confirmed."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions import automatic, judging, outgoing, parcels, reasons, register, settling
from retcli.actions.cases import enter
from retcli.actions.changing import changed_on_record
from retcli.actions.clicking import tell_platform
from retcli.actions.dossiers import case_lines, parcels_of
from retcli.actions.drawing import draw_units, draws_of_others, release
from retcli.actions.merging import Source, Tally, ask, ask_money, save_faults, wait, waiting
from retcli.database.stages import StagedFault, StagedRow
from retcli.errors import RetcliError
from retcli.language import mark
from retcli.models import Case, CaseLine, Order, OrderLine
from retcli.models.imports import Import, WaitingRow
from retcli.rules.events import Actor
from retcli.rules.lifecycles import COMING_BACK, REFUNDING, Decision, Filing, Kind
from retcli.rules.payouts import Door
from retcli.rules.refunds import units_for
from retcli.shop import Shop

REFUNDS = "refunds"
_FACTS = (
    "platform_status",
    "platform_state",
    "platform_amount",
    "platform_due_at",
    "platform_succeeded_at",
    "buyer_words",
)


@dataclass(frozen=True)
class Target:
    """What a refund is about: the order, and the pieces of its lines."""

    order: Order
    pieces: tuple[tuple[OrderLine, int], ...]


class Unclear(Exception):
    """A refund that does not say which line it is about; the message id tells why."""


def merge(shop: Shop, source: Source, rows: Sequence[StagedRow]) -> Tally:
    """Takes in rows of a refund report, each wholly or not at all; those of unknown orders wait for them."""
    tally = Tally()
    for row in rows:
        if order_of(shop, source.platform, row.values["order"]) is None:
            waits = waiting(shop, source, REFUNDS, [row.order])
            more = wait(shop, source, REFUNDS, [row], waits)
            tally.added, tally.changed = tally.added + more.added, tally.changed + more.changed
            tally.unchanged += more.unchanged
            continue
        problem, fared = _tried(shop, source, row)
        if problem:
            tally.faults.append(StagedFault(row.number, "", row.values["refund"], problem))
        else:
            tally.count(fared)
    return tally


def _tried(shop: Shop, source: Source, row: StagedRow) -> tuple[str, str]:
    """One refund wholly taken in, or nothing of it: the problem if there is one, and how it fared."""
    before = len(shop.events)
    try:
        with shop.session.begin_nested(), shop.acting(Actor.IMPORT):
            return "", _take(shop, source, row)
    except Unclear as unclear:
        problem = str(unclear)
    except RetcliError as refused:
        problem = refused.message
    except sa.exc.IntegrityError:
        problem = mark("the books refuse it: more than the order has, or written down before")
    del shop.events[before:]
    return problem, ""


def take_waiting(shop: Shop, source: Source) -> int:
    """Takes in refunds that waited for their order; those that cannot be taken become faults of their own import.
    Returns how many those are.
    """
    known = sa.select(col(Order.id)).where(col(Order.platform) == source.platform)
    known = known.where(col(Order.number) == col(WaitingRow.order_number)).correlate(WaitingRow)
    rows = shop.session.scalars(
        sa.select(WaitingRow)
        .where(col(WaitingRow.platform) == source.platform, col(WaitingRow.holds) == REFUNDS)
        .where(known.exists())
        .order_by(col(WaitingRow.id))
    ).all()
    given_up = 0
    for row in rows:
        staged = StagedRow(row.row, row.order_number, row.line_number, json.loads(row.payload))
        problem, _fared = _tried(shop, Source(row.import_id, source.platform, source.shop), staged)
        if problem:
            _give_up(shop, row, staged.values["refund"], problem)
            given_up += 1
        shop.session.delete(row)
    shop.session.flush()
    return given_up


def _give_up(shop: Shop, row: WaitingRow, refund: str, problem: str) -> None:
    imported = shop.session.get_one(Import, row.import_id)
    imported.added -= 1
    imported.refused += 1
    save_faults(shop, imported, [StagedFault(row.row, "", refund, problem)])


def order_of(shop: Shop, platform: str, number: str) -> Order | None:
    """The order of an order number, or of a sub-order's: the report prints either."""
    query = sa.select(Order).where(col(Order.platform) == platform, col(Order.number) == number)
    found = shop.session.scalars(query).first()
    if found:
        return found
    by_line = sa.select(Order).join(OrderLine, col(OrderLine.order_id) == col(Order.id))
    return shop.session.scalars(by_line.where(col(OrderLine.number) == number, col(Order.platform) == platform)).first()


def _take(shop: Shop, source: Source, row: StagedRow) -> str:
    """One refund into its case; whether that was added, changed or unchanged."""
    row = _with_amount(row)
    query = sa.select(Case).where(
        col(Case.platform) == source.platform, col(Case.platform_number) == row.values["refund"]
    )
    case = shop.session.scalars(query).first()
    status = status_of(row.values)
    if case is None:
        case = _adopted(shop, source, row, status) or _open(shop, source, row, status)
        settling.settle(shop, source, row, case, status)
        register.follow(shop, case, row.values)
        if status == "requested":
            automatic.agree_by_rule(shop, case)
        return "added"
    if case.platform_succeeded_at is not None and status not in {"succeeded", "closed"}:
        return "unchanged"  # an older export: what succeeded does not begin anew under its number
    version, changed = case.version, _refresh(case, row.values)
    changed |= _changed_wish(shop, source, row, case, status, told=changed)
    if row.values.get("waybill"):
        changed |= _expect(shop, case, row.values)
    settling.settle(shop, source, row, case, status)
    changed |= register.follow(shop, case, row.values)
    return "changed" if changed or case.version != version else "unchanged"


def _with_amount(row: StagedRow) -> StagedRow:
    """The row with an amount: what only sends goods out again moves no money; None is what nobody has said yet. Raises
    Unclear where the money has moved.
    """
    if row.values.get("amount") is not None:
        return row
    if row.values.get("kind") in {Kind.EXCHANGE, Kind.RESEND, Kind.REPAIR}:
        return replace(row, values=row.values | {"amount": 0})
    if row.values.get("finished_at") or row.values.get("status") == "succeeded":
        raise Unclear(mark("the file does not say how much was refunded: export it with the refund amount"))
    return replace(row, values=row.values | {"amount": None})


def _adopted(shop: Shop, source: Source, row: StagedRow, status: str) -> Case | None:
    """The case that was opened by hand for the same matter, where there is just one: it takes the platform's number,
    so that nothing is paid on both ways.
    """
    order = order_of(shop, source.platform, row.values["order"])
    if order is None or status == "closed":
        return None
    kind, pieces = _meant(shop, order, row.values, status, adopting=True)
    lines = [line.id for line, _n in pieces]
    query = (
        sa.select(Case)
        .where(col(Case.order_id) == order.id, col(Case.platform_number).is_(None), col(Case.kind) == kind)
        .where(col(Case.filing) == Filing.OPEN, col(Case.decision).in_([Decision.REQUESTED, Decision.APPROVED]))
        .where(col(Case.id).in_(sa.select(col(CaseLine.case_id)).where(col(CaseLine.line_id).in_(lines))))
    )
    found = list(shop.session.scalars(query))
    if len(found) != 1:
        return None
    case = shop.hold(found[0])
    case.platform_number = row.values["refund"]
    _refresh(case, row.values)
    shop.record(case.number, "adopt", refund=row.values["refund"])
    if row.values.get("waybill"):
        _expect(shop, case, row.values)
    if case.decision == Decision.APPROVED:
        tell_platform(shop, case)
        outgoing.go_by_itself(shop, case, Door.APPROVAL)
    return case


def _changed_wish(shop: Shop, source: Source, row: StagedRow, case: Case, status: str, *, told: bool) -> bool:
    """The buyer changed kind or amount under the same number: taken while nothing is decided, else asked about. Where
    the report tells nothing new (not `told`), what was changed on record here stays.
    """
    order = shop.session.get_one(Order, case.order_id)
    amount = row.values["amount"]
    if case.decision != Decision.REQUESTED:
        over = status in {"succeeded", "closed"}
        if not over and case.asked is not None and amount is not None and case.asked < amount:
            ask_money(shop, source, row.number, row.values["refund"], "asked", case.asked, amount)
        kinds = {_kind(row.values), Kind(case.kind)} if row.values.get("kind") else set()
        if len(kinds) == 2 and kinds & COMING_BACK:
            ask(shop, source, row.number, row.values["refund"], "kind", case.kind, _kind(row.values))
        return False
    same_kind = not row.values.get("kind") or _kind(row.values) == case.kind or case.kind == Kind.ALLOWANCE
    if status == "closed" or (same_kind and (amount is None or case.asked in {None, amount})):
        return False
    if not told and changed_on_record(shop, case):
        return False
    release(shop, case)
    for line, _on in case_lines(shop, case):
        shop.session.delete(line)
    shop.session.flush()
    kind, pieces = _meant(shop, order, row.values, status)
    wished = case.asked if amount is None else amount
    case.kind, case.asked = kind, wished if kind in _WITH_AMOUNT else None
    shop.session.add_all([CaseLine(case_id=case.id or 0, line_id=x.id or 0, quantity=n) for x, n in pieces])
    shop.session.flush()
    draw_units(shop, case, order)
    shop.record(case.number, "change", kind=kind, asked=amount)
    return True


_WITH_AMOUNT = frozenset({Kind.ALLOWANCE, Kind.REFUND_ONLY, Kind.RETURN})


def status_of(values: dict[str, Any]) -> str:
    """The refund's status; layouts without one list finished refunds, or mark the end by its time."""
    if values.get("status"):
        return str(values["status"])
    return "succeeded" if values.get("finished_at") and values["amount"] else "requested"


def _open(shop: Shop, source: Source, row: StagedRow, status: str) -> Case:
    values = row.values
    order = order_of(shop, source.platform, values["order"])
    if order is None:
        raise Unclear(values["order"])
    kind, meant = _meant(shop, order, values, status)
    pieces = [(line, 0) for line, _n in meant] if status == "closed" else _within_open(shop, order, meant)
    if status not in {"closed", "succeeded"} and pieces != meant:
        known, found = sum(n for _line, n in pieces), sum(n for _line, n in meant)
        ask(shop, source, row.number, values["refund"], "pieces", known, found)
    applied_at = _at(values, "applied_at") or _at(values, "finished_at") or shop.now
    case = Case(
        number=shop.number("RC"),
        order_id=order.id or 0,
        platform=source.platform,
        kind=kind,
        decision=Decision.REQUESTED,
        filing=Filing.OPEN,
        reason_stated=_reason(shop, values),
        channel="platform",
        asked=values["amount"] if kind in _WITH_AMOUNT else None,
        applied_at=applied_at,
        opened_at=shop.now,
        policy=shop.policy_at(applied_at).version,
        platform_number=values["refund"],
    )
    _refresh(case, values)
    enter(shop, case, order, pieces)
    if values.get("waybill"):
        _expect(shop, case, values)
    return case


def _meant(
    shop: Shop, order: Order, values: dict[str, Any], status: str, *, adopting: bool = False
) -> tuple[Kind, list[tuple[OrderLine, int]]]:
    """The kind that a refund really is, and its pieces: money without pieces is a price cut."""
    kind = _kind(values)
    pieces = list(_target(shop, order, values, kind).pieces)
    left = _within_open(shop, order, pieces) if status == "succeeded" and not adopting else pieces
    if kind in REFUNDING and not any(n for _line, n in left):
        return Kind.ALLOWANCE, left
    return kind, left


def _within_open(shop: Shop, order: Order, pieces: Iterable[tuple[OrderLine, int]]) -> list[tuple[OrderLine, int]]:
    """The pieces still open, none where none is: a refund is never dropped for want of them."""
    drawn = draws_of_others(shop, order, None)
    return [(line, min(n, line.quantity - sum(d.units for d in drawn.get(line.id, [])))) for line, n in pieces]


def _kind(values: dict[str, Any]) -> Kind:
    found = values.get("kind") or ("return" if values.get("waybill") else "refund-only")
    return Kind.ALLOWANCE if found == "freight" else Kind(found)


def _reason(shop: Shop, values: dict[str, Any]) -> str:
    """The reason stated; the shop's own mapping knows words that the platforms' usual ones do not."""
    if values.get("kind") == "freight":
        return "I_FREIGHT"
    found = values.get("reason") or reasons.UNMAPPED
    if found == reasons.UNMAPPED and values.get("reason_words"):
        return reasons.mapped_words(shop).get(values["reason_words"].strip(), found)
    return str(found)


def _target(shop: Shop, order: Order, values: dict[str, Any], kind: Kind) -> Target:
    """The lines and pieces that a refund is about: by sub-order, merchant code, title, or because it is all of it.

    Raises Unclear where several lines fit.
    """
    lines = judging.lines_of(shop, order)
    amount, returning = values["amount"], kind in COMING_BACK
    fits = _fitting(lines, values)
    if len(fits) == 1:
        line = fits[0]
        worth = line.cash + (order.freight if len(lines) == 1 else 0)
        if kind == Kind.ALLOWANCE:
            return Target(order, ((line, 0),))
        if kind in {Kind.EXCHANGE, Kind.RESEND, Kind.REPAIR}:
            return Target(order, ((line, _open_units(shop, order, line)),))
        if amount is None or (values.get("quantity") and not amount):
            return Target(order, ((line, _pieces_named(line, values)),))
        quantity = (
            line.quantity if amount >= worth else units_for(line.cash, line.quantity, amount, returning=returning)
        )
        return Target(order, ((line, quantity),))
    if kind not in {Kind.REFUND_ONLY, Kind.RETURN} or (amount or 0) >= order.paid - order.freight:
        return Target(order, tuple((line, line.quantity) for line in lines))
    raise Unclear(mark("several lines of the order fit this refund: open it by hand with retcli case open"))


def _pieces_named(line: OrderLine, values: dict[str, Any]) -> int:
    """How many pieces a refund is about that names no amount. Raises Unclear where the file does not say."""
    if values.get("quantity") or line.quantity == 1:
        return min(values.get("quantity") or 1, line.quantity)
    raise Unclear(mark("the file says neither how much nor how many pieces: open it by hand with retcli case open"))


def _open_units(shop: Shop, order: Order, line: OrderLine) -> int:
    others = draws_of_others(shop, order, None).get(line.id, [])
    return max(line.quantity - sum(d.units for d in others), 1)


def _fitting(lines: Sequence[OrderLine], values: dict[str, Any]) -> list[OrderLine]:
    """The lines that a refund may mean, by the surest sign that singles one out."""
    if len(lines) == 1:
        return list(lines)
    whole = not values.get("sku") and (values["amount"] or 0) >= sum(line.cash for line in lines)
    if whole:
        return []
    signs = (
        ("number", values.get("line")),
        ("number", values["order"]),
        ("sku", values.get("sku")),
        ("title", values.get("title")),
    )
    for name, wanted in signs:
        fits = [line for line in lines if wanted and getattr(line, name) == wanted]
        if len(fits) == 1:
            return fits
    same = [line for line in lines if line.cash == values["amount"]]
    return same if len(same) == 1 else []


def _at(values: dict[str, Any], name: str) -> datetime | None:
    return datetime.fromisoformat(values[name]) if values.get(name) else None


def _refresh(case: Case, values: dict[str, Any]) -> bool:
    """The platform's own facts about a refund, taken as they are; whether any changed."""
    words = "：".join(part for part in (values.get("reason_words"), values.get("explanation")) if part)
    succeeded = _at(values, "finished_at") if status_of(values) == "succeeded" else None
    amount = case.platform_amount if values["amount"] is None else values["amount"]
    facts = (values.get("platform_status", ""), status_of(values), amount, _at(values, "due_at"), succeeded, words)
    before = tuple(getattr(case, name) for name in _FACTS)
    for name, value in zip(_FACTS, facts, strict=True):
        setattr(case, name, value)
    return before != facts


def _expect(shop: Shop, case: Case, values: dict[str, Any]) -> bool:
    """The buyer's waybill makes a parcel to wait for."""
    if case.kind not in COMING_BACK:
        return False
    known = {parcel.waybill for parcel in parcels_of(shop, case)}
    if values["waybill"] in known:
        return False
    parcels.expect(shop, case, values["waybill"], values.get("carrier", ""))
    return True
