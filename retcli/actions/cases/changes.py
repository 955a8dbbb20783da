"""Changes, with the reason on record, what a case is about; and hands cases from one colleague to another."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile import lookup
from retcli.actions.casefile.case_view import view_of, views_of
from retcli.actions.casefile.filing import refuse_finished
from retcli.actions.casefile.judgement import judgement_of
from retcli.actions.casefile.order_facts import lines_of
from retcli.actions.casefile.records import acts
from retcli.actions.casefile.records.dossiers import dossier_of
from retcli.actions.casefile.records.entitlements import draw_lacking, draw_units, release
from retcli.actions.casefile.records.one_case import case_lines
from retcli.actions.casefile.records.platform_clicks import drop_clicks
from retcli.actions.cases.agreement import put_out
from retcli.actions.cases.undone_decisions import cancel_due, reapply, reconsider, refuse_gone
from retcli.actions.orderfile import typed_amounts
from retcli.actions.shop.staff import member_of
from retcli.actions.warehouse import parcels
from retcli.actions.warehouse.pieces import held_pieces
from retcli.errors import Refused, WrongCommand
from retcli.language import _, mark, series
from retcli.models import Case, CaseLine, Order, OrderLine
from retcli.models.books import Event
from retcli.rules.events import fingerprint
from retcli.rules.lifecycles import (
    GOING_OUT,
    MAY_DECIDE,
    REFUNDING,
    TAKES_NO_PIECES,
    WITH_AMOUNT,
    Decision,
    Filing,
    Kind,
    Role,
)
from retcli.rules.money.minor_units import Money, Typed
from retcli.shop import Shop
from retcli.views.base import money_text
from retcli.views.casefile.cases import CasesView, CaseView
from retcli.words import word


def change(
    shop: Shop,
    ref: str,
    *,
    kind: str = "",
    reason: str = "",
    want: Sequence[str] = (),
    lines: Sequence[str] = (),
    amount: int | Typed | None = None,
    because: str = "",
) -> CaseView:
    """Changes kind, reason, pieces (``SKU=1``), goods to be sent (``SKU=TARGET``) or amount of a case that is undecided
    or rejected. One that was approved may change its pieces and goods while neither money nor goods went out: it is
    undecided then and draws anew, unless other goods of the same price only take the place of those to be sent.

    Raises WrongCommand where nothing is to change or the reason is missing, Refused where it may not change any more.
    """
    shop.may(MAY_DECIDE, mark("change cases"))
    case = lookup.case_of(shop, ref)
    _refuse_settled(case, kind, pieces=bool(lines), want=bool(want))
    asked, was = typed_amounts.of_case(shop, case, amount), case.kind
    other_wish = bool(kind or reason or lines) or asked is not None
    if not (other_wish or want):
        raise WrongCommand(_("Say what is to change"), f"retcli case change {case.number} --kind KIND --because TEXT")
    if not because.strip():
        raise WrongCommand(_("A change needs its reason"), "--because TEXT")
    columns = _columns(case, Kind(kind or case.kind), want, asked) | {"note": _with_note(shop, case, because)}
    if reason:
        columns["reason_set"] = reason
    pieces = _pieces_named(shop, case, lines)
    targets = lookup.targets_meant(shop, _lines_with(shop, case, pieces), want)
    if case.decision == Decision.APPROVED and not other_wish:
        changed = _retarget(shop, case, targets, columns)
    else:
        changed = _rewrite(shop, case, columns, pieces, targets)
        parcels.claim_own(shop, case)
    facts = {name: value for name, value in columns.items() if value not in {None, ""} and name != "note"}
    shop.record(case.number, "change", **facts, **changed, because=fingerprint(because))
    return shop.shown(view_of, case, about=_told(shop, case, was, reason, asked))


def _told(shop: Shop, case: Case, was: str, reason: str, asked: int | None) -> str:
    """What of a case was changed, in the reader's language; its goods are told by the view."""
    kind = f"{word(was)} → {word(case.kind)}" if was != case.kind else ""
    currency = shop.session.get_one(Order, case.order_id).currency
    amount = money_text(Money(asked, currency)) if asked is not None else ""
    return series(filter(None, (kind, word(reason) if reason else "", amount)))


def _pieces_named(shop: Shop, case: Case, lines: Sequence[str]) -> dict[int | None, int]:
    """The pieces that some order lines are to have in a case, by the line's id; ``SKU=0`` takes a line out. Raises
    Refused where more came back already, or no piece would be left.
    """
    order = shop.session.get_one(Order, case.order_id)
    taken_out = [text.removesuffix("=0") for text in lines if text.endswith("=0")]
    kept = [text for text in lines if not text.endswith("=0")]
    named: dict[int | None, int] = {line.id: 0 for line, _n in _lines_named(shop, order, taken_out)}
    named |= {line.id: n for line, n in _lines_named(shop, order, kept)}
    dossier = dossier_of(shop, case)
    for line, order_line in dossier.lines:
        came_back = dossier.accepted(line)  # goods of another order are none of its pieces
        if order_line.id in named and named[order_line.id] < came_back:
            message = _("{sku}: {n} pieces came back already")
            message = message.format(sku=order_line.sku or order_line.number, n=came_back)
            raise Refused(message, f"retcli case show {case.number}", case=case.number)
    pieces_then = {order_line.id: line.quantity for line, order_line in dossier.lines} | named
    if lines and not any(pieces_then.values()):
        message = _("No piece would be left of {case}").format(case=case.number)
        raise Refused(message, f"retcli case withdraw {case.number}")
    return named


def _lines_named(shop: Shop, order: Order, texts: Sequence[str]) -> list[tuple[OrderLine, int]]:
    return lookup.lines_meant(shop, order, Kind.RETURN, texts) if texts else []


def _lines_with(shop: Shop, case: Case, pieces: Mapping[int | None, int]) -> list[OrderLine]:
    """The order lines that a case will have once `pieces` (by line id) take the place of those that it has."""
    order = shop.session.get_one(Order, case.order_id)
    then = {order_line.id: line.quantity for line, order_line in case_lines(shop, case)} | dict(pieces)
    return [line for line in lines_of(shop, order) if then.get(line.id)]


def _retarget(shop: Shop, case: Case, targets: Mapping[int | None, str], columns: Mapping[str, Any]) -> dict[str, Any]:
    """Names other goods for an approved exchange: of the same price they take the place of those to be sent, else the
    case is undecided again. For the event what was and is to be sent.
    """
    refuse_gone(shop, case, money=False)
    # judged before and after: only goods of the same price are exchanged without a new decision
    before = judgement_of(shop, case).amount
    changed = _put_targets(shop, case, targets)
    after = judgement_of(shop, case).amount
    put(shop, case, **columns)
    if (before.due, before.collect) == (after.due, after.collect):
        cancel_due(shop, case)
        put_out(shop, case)
    else:
        reconsider(shop, case)
        draw_units(shop, case, shop.session.get_one(Order, case.order_id))
    return changed


def _put_targets(shop: Shop, case: Case, targets: Mapping[int | None, str]) -> dict[str, Any]:
    """Writes what an exchange is to bring for each line; for the event which SKU it was and is, by line."""
    changed = {}
    for line, order_line in case_lines(shop, case):
        target = targets.get(order_line.id, line.want_sku) if case.kind == Kind.EXCHANGE else ""
        if target != line.want_sku:
            changed[order_line.number] = [line.want_sku, target]
            line.want_sku = target
    shop.session.flush()
    return {"want": changed} if changed else {}


def changed_on_record(shop: Shop, case: Case) -> bool:
    """Whether a person changed what a case is about; changes by a platform's list have no reason in their event."""
    query = sa.select(col(Event.payload)).where(col(Event.subject) == case.number, col(Event.action) == "change")
    return any("because" in json.loads(payload) for payload in shop.session.scalars(query))


def _refuse_settled(case: Case, kind: str, *, pieces: bool, want: bool) -> None:
    """Raises Refused where a change comes too late: the decision stands, or the case is finished."""
    if case.decision != Decision.REJECTED:
        refuse_finished(case)
    may_change = pieces or want or (case.kind in GOING_OUT and kind not in {"", case.kind})
    if case.decision == Decision.WITHDRAWN or (case.decision == Decision.APPROVED and not may_change):
        message = _("{case} is {decision}: it is changed before the decision, or after a rejection")
        hint = f"retcli case reject {case.number} --because TEXT"
        if case.decision == Decision.WITHDRAWN:
            hint = f"retcli case reopen {case.number}"
        raise Refused(message.format(case=case.number, decision=word(case.decision)), hint, case=case.number)


def _columns(case: Case, kind: Kind, want: Sequence[str], amount: int | None) -> dict[str, Any]:
    """The columns of a case's new kind and amount. Raises Refused or WrongCommand for what the kind cannot have. An
    amount that was asked for stays only between kinds that refund.
    """
    if amount is not None and kind not in WITH_AMOUNT:
        raise Refused(_("A case of kind {kind} pays no amount of its own").format(kind=word(kind)), case=case.number)
    if want and kind != Kind.EXCHANGE:
        raise WrongCommand(_("Only an exchange brings other goods"), "--kind exchange --want SKU")
    kept = case.asked if kind == case.kind or {kind, case.kind} <= REFUNDING else None
    return {
        "kind": kind,
        "asked": amount if amount is not None else kept,
    }


def _with_note(shop: Shop, case: Case, because: str) -> str:
    return f"{case.note}\n{shop.operator.name}: {because}".strip()


def _rewrite(
    shop: Shop,
    case: Case,
    columns: Mapping[str, Any],
    named: Mapping[int | None, int],
    targets: Mapping[int | None, str],
) -> dict[str, Any]:
    """Writes a case as it is to be, undecided, with its pieces drawn anew; for the event which pieces and goods to be
    sent it had and has.
    """
    if case.decision == Decision.APPROVED:
        reconsider(shop, case)
    order = shop.session.get_one(Order, case.order_id)
    rejected, kind_before = case.decision == Decision.REJECTED, Kind(case.kind)
    # given back before anything is counted: what the case drew itself is open to it again
    release(shop, case)
    for line_id in named.keys() - {order_line.id for _line, order_line in case_lines(shop, case)}:
        shop.add(CaseLine(case_id=case.id or 0, line_id=line_id or 0, quantity=0))
    pieces = _pieces(shop, case, order, kind_before, columns["kind"])
    put(shop, case, **columns)
    _refuse_uncounted(shop, case, kind_before, pieces, named)
    facts = _put_pieces(shop, pieces, named) | _put_targets(shop, case, targets)
    if rejected:
        drop_clicks(shop, case)  # a rejection that nobody clicked yet is not to be told any more
        reapply(shop, case)
    else:
        draw_units(shop, case, order)
    draw_lacking(shop, case)
    held_pieces.settle(shop, case)
    return facts


def _put_pieces(shop: Shop, pieces: Sequence[tuple[CaseLine, int]], named: Mapping[int | None, int]) -> dict[str, Any]:
    """Writes how many pieces of each line a case is about: those that were `named`, else the usual ones; for the event
    how many they were and are, by line.
    """
    changed = {}
    for line, usual in pieces:
        quantity = named.get(line.line_id, usual)
        if quantity != line.quantity:
            changed[shop.session.get_one(OrderLine, line.line_id).number] = [line.quantity, quantity]
        line.quantity, line.due = quantity, 0
        if line.line_id in named:
            line.wanted = None
    return {"pieces": changed} if changed else {}


def _pieces(shop: Shop, case: Case, order: Order, was: Kind, kind: Kind) -> list[tuple[CaseLine, int]]:
    """The pieces that each line of a case has when its kind changes: none for an inquiry, all for a price cut, as many
    as before where there were some, else what is open of the line, or all where nothing is open of any.
    """
    lines = case_lines(shop, case)
    if kind == Kind.INQUIRY:
        return [(line, 0) for line, _order_line in lines]
    if kind == Kind.ALLOWANCE:
        return [(line, order_line.quantity) for line, order_line in lines]
    if was not in TAKES_NO_PIECES and any(line.quantity for line, _order_line in lines):
        return [(line, line.quantity) for line, _order_line in lines]
    # with the pieces of a return: of a line that is named besides, they are not counted yet
    left = {order_line.id: n for order_line, n in lookup.lines_meant(shop, order, Kind.RETURN, [])}
    open_pieces = [(line, left.get(order_line.id, 0)) for line, order_line in lines]
    if any(pieces for _line, pieces in open_pieces):
        return open_pieces
    return [(line, order_line.quantity) for line, order_line in lines]


def _refuse_uncounted(
    shop: Shop, case: Case, was: Kind, pieces: Sequence[tuple[CaseLine, int]], named: Mapping[int | None, int]
) -> None:
    """Raises WrongCommand where a case without pieces becomes one whose goods are sent again, and nobody named how many
    of a line.
    """
    for line, usual in pieces if case.kind == Kind.RESEND and was in TAKES_NO_PIECES else ():
        if line.line_id not in named:
            lookup.refuse_uncounted(shop.session.get_one(OrderLine, line.line_id), usual, case.reason)


def put(shop: Shop, case: Case, **columns: Any) -> None:
    """Writes columns of a case by one guarded update. Raises Changed where somebody else changed the case since it was
    read.
    """
    shop.session.flush()  # what was changed of its object is written first: the update goes past the session
    table = Case.__table__  # type: ignore[attr-defined]
    seen = case.version
    changed = shop.session.execute(
        sa.update(table)
        .where(table.c.id == case.id, table.c.version == seen, table.c.decision == case.decision)
        .values(version=seen + 1, **columns)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise shop.changed_meanwhile(case, case.number)
    shop.session.refresh(case)


def assign(shop: Shop, refs: Sequence[str], *, to: str) -> CaseView | CasesView:
    """Gives open cases to a colleague who may decide them; the view of one case, or of several."""
    shop.may(MAY_DECIDE, mark("assign cases"))
    name = _decider(shop, to)
    cases = [lookup.case_of(shop, ref) for ref in refs]
    for case in cases:
        refuse_finished(case)
        was = case.owner
        give(shop, case, name)
        acts.note(shop, "assign", case.number, case=case, was=was, now=name)
    views = views_of(shop, cases)
    return views[0] if len(views) == 1 else CasesView(tuple(views))


def hand_over(shop: Shop, *, giver: str, to: str) -> CasesView:
    """Gives all open cases of one colleague to another who may decide them, at the change of shifts."""
    shop.may(MAY_DECIDE, mark("assign cases"))
    name = _decider(shop, to)
    query = sa.select(Case).where(col(Case.owner) == member_of(shop, giver).name, col(Case.filing) == Filing.OPEN)
    cases = [shop.hold(case) for case in shop.session.scalars(query.order_by(col(Case.id))).all()]
    for case in cases:
        give(shop, case, name)
    return CasesView(tuple(views_of(shop, cases)))


def give(shop: Shop, case: Case, name: str) -> None:
    """Makes somebody the owner of a case; the same owner again is no change."""
    was = case.owner
    if was != name:
        put(shop, case, owner=name)
        shop.record(case.number, "assign", was=was, now=name)


def _decider(shop: Shop, name: str) -> str:
    """The name of a member of staff as the list has it. Raises Refused for somebody who may not decide cases."""
    member = member_of(shop, name)
    if Role(member.role) not in MAY_DECIDE:
        message = _("{who} ({role}) decides no cases").format(who=member.name, role=word(member.role))
        raise Refused(message, "retcli staff list")
    return member.name
