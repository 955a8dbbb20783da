"""Checking everything that must always be true (`docs/architecture.md` §5)."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.books import history, history_clock, outdated, refunded_twice
from retcli.database import eventlog
from retcli.database.facts import ACTION as ROWS_TOLD
from retcli.language import _
from retcli.models import (
    Case,
    CaseLine,
    Draw,
    Offer,
    Order,
    OrderLine,
    Parcel,
    Payout,
    PayoutPart,
    PlatformAction,
    Replacement,
    Waiver,
)
from retcli.models.books import Anchor, Event
from retcli.models.imports import Import
from retcli.models.register import BadReview, Escalation
from retcli.models.stock import StockBalance, StockMove
from retcli.rules.events import FIELDS, GENESIS, Broken, last_link
from retcli.rules.lifecycles import (
    FILING,
    LIFECYCLES,
    ActionState,
    Decision,
    Filing,
    OfferState,
    PayoutState,
    ReplacementState,
    Role,
)
from retcli.rules.money.minor_units import Money
from retcli.rules.money.payouts import LIMITED
from retcli.shop import Shop
from retcli.views.books.check import CheckView, Problem
from retcli.words import word

_OPEN_PAYOUTS = (PayoutState.WAITING, PayoutState.DUE, PayoutState.SENT, PayoutState.UNKNOWN)


def check(shop: Shop, anchors: Sequence[str] = ()) -> CheckView:
    """Every invariant that applies, over everything; each breach is named with its place. `anchors` are last events of
    these books that were kept elsewhere, or workbooks that name one.
    """
    checks = (
        _line_money,
        _order_money,
        refunded_twice.problems,
        _units,
        _splits,
        _approvals,
        _stock,
        _payouts,
        outdated.problems,
        _finished,
        _history,
        history_clock.problems,
        history.compared,
        history.of_copies,
        partial(history.of_anchors, written=anchors),
        _imports,
    )
    problems = [problem for look in checks for problem in _looked(shop, look)]
    counted = {"orders": Order, "cases": Case, "payouts": Payout, "parcels": Parcel, "events": Event}
    sizes = {n: shop.session.scalar(sa.select(sa.func.count()).select_from(t)) or 0 for n, t in counted.items()}
    return CheckView(sizes, tuple(problems), history.since(shop), tuple(history_clock.remarks(shop)))


def _looked(shop: Shop, look: Callable[[Shop], Iterator[Problem]]) -> list[Problem]:
    """What a look finds; what the books hold may be so that it cannot be read, which is a problem too."""
    try:
        return list(look(shop))
    except ValueError as unreadable:
        text_, why = _("what the books hold here cannot be read: {why}"), str(unreadable)
        if isinstance(unreadable, json.JSONDecodeError):
            why = _("no JSON from character {n} on").format(n=unreadable.pos + 1)
        return [Problem(8, getattr(look, "__name__", "").strip("_"), text_.format(why=why))]


def _sum(column: Any) -> Any:
    return sa.func.coalesce(sa.cast(sa.func.sum(column), sa.BigInteger), 0)


def _paid(*purposes: str) -> Any:
    """Parts of payouts that count, of some purposes."""
    live = sa.select(col(Payout.id)).where(col(Payout.state) != PayoutState.FAILED)
    return (
        sa.select(PayoutPart)
        .where(col(PayoutPart.payout_id).in_(live), col(PayoutPart.purpose).in_(purposes))
        .subquery()
    )


def _amounts(currency: str, **minor: int) -> dict[str, Money]:
    """Amounts of one currency by name, from minor units."""
    return {name: Money(int(each), currency) for name, each in minor.items()}


def _line_money(shop: Shop) -> Iterator[Problem]:
    """1: goods paid out of a line, and cash drawn on it, lie between nothing and its cash."""
    paid = _paid("goods")
    sources = ((paid.c.line_id, paid.c.minor, _("paid out")), (Draw.line_id, Draw.cash, _("drawn")))
    for line_id, amount, what in sources:
        rows = shop.session.execute(
            sa.select(col(OrderLine.number), col(Order.currency), col(OrderLine.cash), _sum(amount))
            .join(OrderLine, col(OrderLine.id) == line_id)
            .join(Order, col(Order.id) == col(OrderLine.order_id))
            .group_by(col(OrderLine.id), col(OrderLine.number), col(Order.currency), col(OrderLine.cash))
            .having(sa.or_(_sum(amount) > col(OrderLine.cash), _sum(amount) < 0))
        )
        for number, currency, cash, total in rows:
            message = _("{total} {what}, the line has {cash}")
            amounts = _amounts(currency, total=total, cash=cash)
            yield Problem(1, number, message.format(what=what, **amounts))


def _order_money(shop: Shop) -> Iterator[Problem]:
    """1: goods and freight paid out of an order are not more than was paid."""
    paid = _paid("goods", "freight")
    rows = shop.session.execute(
        sa.select(col(Order.number), col(Order.currency), col(Order.paid), _sum(paid.c.minor))
        .join(Order, col(Order.id) == paid.c.order_id)
        .group_by(col(Order.id), col(Order.number), col(Order.currency), col(Order.paid))
        .having(_sum(paid.c.minor) > col(Order.paid))
    )
    there = sa.select(col(Order.number), col(Order.currency), col(Order.paid), col(Order.refunded_there))
    gone = _("{total} went back by the platform's order file, {paid} was paid")
    beyond = shop.session.execute(there.where(col(Order.refunded_there) > col(Order.paid)))
    left = _("{total} paid out, {paid} was paid")
    for message, found in ((gone, beyond), (left, rows)):
        for number, currency, limit, total in found:
            yield Problem(1, number, message.format(**_amounts(currency, total=total, paid=limit)))


def _units(shop: Shop) -> Iterator[Problem]:
    """2: pieces in live or finished documents are not more than were bought."""
    rows = shop.session.execute(
        sa.select(col(OrderLine.number), col(OrderLine.quantity), _sum(Draw.units))
        .join(OrderLine, col(OrderLine.id) == col(Draw.line_id))
        .group_by(col(OrderLine.id), col(OrderLine.number), col(OrderLine.quantity))
        .having(sa.or_(_sum(Draw.units) > col(OrderLine.quantity), _sum(Draw.units) < 0))
    )
    for number, quantity, units in rows:
        yield Problem(2, number, _("{units} pieces in cases, {bought} bought").format(units=units, bought=quantity))


def _splits(shop: Shop) -> Iterator[Problem]:
    """3: parts sum to the whole: lines to the goods paid, parts to the payout."""
    # summed in the index's own sequence: to group by what stands in the order would sort every line in memory
    cash = sa.select(col(OrderLine.order_id).label("order_id"), _sum(OrderLine.cash).label("cash"))
    each = cash.group_by(col(OrderLine.order_id)).subquery()
    lines = shop.session.execute(
        sa.select(col(Order.number), col(Order.currency), col(Order.paid) - col(Order.freight), each.c.cash)
        .select_from(each)
        .join(Order, col(Order.id) == each.c.order_id)
        .where(each.c.cash != col(Order.paid) - col(Order.freight))
    )
    parts = shop.session.execute(
        sa.select(col(Payout.number), col(Payout.currency), col(Payout.minor), _sum(PayoutPart.minor))
        .outerjoin(PayoutPart, col(PayoutPart.payout_id) == col(Payout.id))
        .group_by(col(Payout.id), col(Payout.number), col(Payout.currency), col(Payout.minor))
        .having(_sum(PayoutPart.minor) != col(Payout.minor))
    )
    for number, currency, whole, total in (*lines, *parts):
        message = _("the parts add up to {total}, the whole is {whole}")
        yield Problem(3, number, message.format(**_amounts(currency, total=total or 0, whole=whole)))


def _approvals(shop: Shop) -> Iterator[Problem]:
    """3: what a case's lines are due is what it has drawn."""
    due = sa.select(col(CaseLine.case_id), _sum(CaseLine.due).label("due")).group_by(col(CaseLine.case_id)).subquery()
    drawn = sa.select(col(Draw.case_id), _sum(Draw.cash).label("cash")).group_by(col(Draw.case_id)).subquery()
    have, want = sa.func.coalesce(drawn.c.cash, 0), sa.func.coalesce(due.c.due, 0) + col(Case.freight_due)
    rows = shop.session.execute(
        sa.select(col(Case.number), col(Order.currency), want, have)
        .join(Order, col(Order.id) == col(Case.order_id))
        .outerjoin(due, due.c.case_id == col(Case.id))
        .outerjoin(drawn, drawn.c.case_id == col(Case.id))
        .where(want != have)
    )
    for number, currency, wanted, held in rows:
        message = _("{due} approved, {drawn} drawn").format(**_amounts(currency, due=wanted, drawn=held))
        yield Problem(3, number, message)


def _stock(shop: Shop) -> Iterator[Problem]:
    """4: the moves of a product and bucket add up to its balance."""
    sums: dict[tuple[str, str], int] = {}
    for column, sign in ((StockMove.target, 1), (StockMove.source, -1)):
        keys = (col(StockMove.sku), col(column))
        rows = shop.session.execute(sa.select(*keys, _sum(StockMove.quantity)).group_by(*keys))
        for sku, bucket, pieces in rows:
            if bucket:
                sums[sku, bucket] = sums.get((sku, bucket), 0) + sign * int(pieces)
    balances = {(b.sku, b.bucket): b.quantity for b in shop.session.scalars(sa.select(StockBalance))}
    for key in sorted({*sums, *balances}):
        if sums.get(key, 0) != balances.get(key, 0) or sums.get(key, 0) < 0:
            message = _("moves give {moves}, the balance says {balance}")
            text_ = message.format(moves=sums.get(key, 0), balance=balances.get(key, 0))
            yield Problem(4, "/".join(key), text_)


def _payouts(shop: Shop) -> Iterator[Problem]:
    """6: no payout without an approved case or a waiver, none above a limit without a second person. Amends that
    arrived while the case was approved stay, also where it was turned away later.
    """
    waived = sa.select(col(Waiver.case_id)).where(col(Waiver.rule) == "approval")
    agreed = sa.select(col(Event.seq)).where(col(Event.subject) == col(Case.number), col(Event.action) == "approve")
    kept = sa.and_(col(Payout.kind) != "refund", col(Payout.state) == PayoutState.CONFIRMED, agreed.exists())
    rows = shop.session.execute(
        sa.select(col(Payout.number), col(Case.number))
        .join(Case, col(Case.id) == col(Payout.case_id))
        .where(col(Payout.state).not_in([PayoutState.FAILED, PayoutState.REVERSED]), col(Payout.minor) > 0)
        .where(col(Case.decision) != Decision.APPROVED, col(Case.id).not_in(waived), sa.not_(kept))
    )
    for number, case in rows:
        yield Problem(6, number, _("{case} is not approved").format(case=case))
    passed = (PayoutState.DUE, PayoutState.SENT, PayoutState.CONFIRMED, PayoutState.UNKNOWN)
    born = sa.select(Event).where(col(Event.action) == "open", col(Event.subject).startswith("PO")).subquery()
    rows = shop.session.execute(
        sa.select(
            col(Payout.number),
            col(Payout.order_id),
            col(Payout.decided_by),
            col(Payout.minor),
            col(Payout.currency),
            born.c.payload,
            born.c.at,
        )
        .join(born, born.c.subject == col(Payout.number))
        .where(col(Payout.state).in_(passed), col(Payout.minor) > 0, col(Payout.origin) == "own")
        .where(col(Payout.approved_by).is_(None))
        .order_by(col(Payout.id))
    )
    alone: dict[tuple[int, str], int] = defaultdict(int)
    for number, order_id, who, minor, currency, payload, at in rows:
        start = json.loads(payload)
        foreign = False
        if start.get("role") == Role.AGENT:
            foreign = currency not in LIMITED
            alone[order_id, who] += 0 if foreign else minor
        if start["now"] == PayoutState.WAITING or foreign or alone[order_id, who] > _limit(shop, at):
            yield Problem(6, number, _("it left above the limit without a second person"))


def _limit(shop: Shop, at: str) -> int:
    """What one agent could let go alone at an instant (minor units)."""
    return shop.policy_at(datetime.fromisoformat(at)).agent_limit


def _finished(shop: Shop) -> Iterator[Problem]:
    """7: a finished case has nothing open."""
    done = sa.select(col(Case.id)).where(col(Case.filing) == Filing.FINISHED)
    tables: tuple[tuple[Any, tuple[str, ...]], ...] = (
        (Payout, _OPEN_PAYOUTS),
        (PlatformAction, (ActionState.TODO,)),
        (Replacement, (ReplacementState.DUE,)),
        (Offer, (OfferState.MADE,)),
    )
    for table, states in tables:
        rows = shop.session.execute(
            sa.select(col(Case.number), table.state)
            .join(table, table.case_id == col(Case.id))
            .where(table.case_id.in_(done), table.state.in_(states))
        )
        for number, state in rows:
            yield Problem(7, number, _("finished, but something is {state}").format(state=word(state)))
    query = sa.select(col(Case.number)).where(col(Case.id).in_(done), col(Case.decision) == Decision.REQUESTED)
    for number in shop.session.scalars(query):
        yield Problem(7, number, _("finished without a decision"))


def _history(shop: Shop) -> Iterator[Problem]:
    """5 and 8: the chain verifies up to its anchor, and every status follows from its events through the table."""
    head, last, now = GENESIS, 0, dict[tuple[str, str], str]()
    for event in eventlog.events(shop.session.connection()):
        try:
            last, head = last_link([event], last, head)
        except Broken as broken:
            yield Problem(8, str(broken.seq), _("the history was changed here"))
            return
        yield from _replayed(dict(zip(FIELDS, event, strict=False)), now)
    anchors = [tuple(row) for row in shop.session.execute(sa.select(col(Anchor.seq), col(Anchor.hash)))]
    if anchors != [(last, head)]:
        yield Problem(8, str(anchors[0][0] if anchors else 0), _("the end of the history is missing"))
    yield from _compared(shop, now)


def _replayed(event: Mapping[str, Any], now: dict[tuple[str, str], str]) -> Iterator[Problem]:
    action, subject = event["action"], event["subject"]
    if action == ROWS_TOLD:
        return
    payload = json.loads(event["payload"])
    axis = payload.get("axis")
    if axis is None:
        return
    cycle, key = LIFECYCLES[axis], (subject, axis)
    if action != "open":
        before = now.get(key, FILING.start if axis == FILING.axis else "")
        if before != payload["was"] or cycle.after(before, action) != payload["now"]:
            message = _("event {seq} jumps from {was} to {now}")
            text_ = message.format(seq=event["seq"], was=word(before, axis) or "-", now=word(payload["now"], axis))
            yield Problem(5, subject, text_)
    now[key] = payload["now"]


def _compared(shop: Shop, now: dict[tuple[str, str], str]) -> Iterator[Problem]:
    for subject, axis, status in _statuses(shop):
        told = now.get((subject, axis), FILING.start if axis == FILING.axis else "")
        if told != status:
            message = _("{axis} is {status}, its events say {told}")
            yield Problem(
                5, subject, message.format(axis=word(axis), status=word(status, axis), told=word(told, axis) or "-")
            )


def _statuses(shop: Shop) -> Iterator[tuple[str, str, str]]:
    """Every stored status with its subject and axis; of several clicks of one kind only the last."""
    session = shop.session
    for number, decision, filing in session.execute(sa.select(col(Case.number), col(Case.decision), col(Case.filing))):
        yield number, "decision", decision
        yield number, "filing", filing
    for axis, table in (("payout", Payout), ("parcel", Parcel)):
        for number, state in session.execute(sa.select(col(table.number), col(table.state))):
            yield number, axis, state
    rows = session.execute(
        sa.select(col(Case.number), col(Replacement.id), col(Replacement.state)).join(
            Case, col(Case.id) == col(Replacement.case_id)
        )
    )
    for number, key, state in rows:
        yield f"{number}/{key}", "replacement", state
    offers = sa.select(col(Case.number), col(Offer.id), col(Offer.state)).join(
        Offer, col(Offer.case_id) == col(Case.id)
    )
    for number, key, state in session.execute(offers):
        yield f"{number}/offer-{key}", "offer", state
    clicks = session.execute(
        sa.select(col(Case.number), col(PlatformAction.action), col(PlatformAction.state))
        .join(Case, col(Case.id) == col(PlatformAction.case_id))
        .order_by(col(PlatformAction.id))
    )
    last = {f"{number}/{action}": state for number, action, state in clicks}
    for subject, state in last.items():
        yield subject, "platform_action", state
    entries = session.execute(
        sa.select(col(Case.number), col(Escalation.id), col(Escalation.state)).join(
            Case, col(Case.id) == col(Escalation.case_id)
        )
    )
    for number, key, state in entries:
        yield f"{number}/E{key}", "escalation", state
    reviews = sa.select(col(Order.number), col(BadReview.id), col(BadReview.state))
    for number, key, state in session.execute(reviews.join(BadReview, col(BadReview.order_id) == col(Order.id))):
        yield f"{number}/V{key}", "bad_review", state


def _imports(shop: Shop) -> Iterator[Problem]:
    """9: of a file taken in, added + changed + unchanged + refused = rows read."""
    total = col(Import.added) + col(Import.changed) + col(Import.unchanged) + col(Import.refused)
    rows = shop.session.scalars(sa.select(Import).where(col(Import.state) == "done", total != col(Import.rows)))
    for imported in rows:
        yield Problem(9, imported.name, _("the counts do not add up to the rows"))
