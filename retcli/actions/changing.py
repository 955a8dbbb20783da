"""Changing on record what a case is about, and whose it is."""

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions import currencies, finding_cases
from retcli.actions.cases import reapply, reconsider, refuse_finished
from retcli.actions.clicking import drop_clicks
from retcli.actions.dossiers import case_lines
from retcli.actions.drawing import draw_units, release
from retcli.actions.standing import view_of
from retcli.errors import NotFound, Refused, WrongCommand
from retcli.language import _, mark
from retcli.models import Case, CaseLine, Order, OrderLine, Staff
from retcli.models.books import Event
from retcli.rules.events import fingerprint
from retcli.rules.lifecycles import (
    GOING_OUT,
    MAY_DECIDE,
    REFUNDING,
    TAKES_NO_PIECES,
    Decision,
    Filing,
    Kind,
    Role,
)
from retcli.rules.money import Typed
from retcli.shop import Shop
from retcli.views.cases import CasesView, CaseView
from retcli.views.words import word

_WITH_AMOUNT = REFUNDING | {Kind.ALLOWANCE}


def change(
    shop: Shop,
    ref: str,
    *,
    kind: str = "",
    reason: str = "",
    want: str = "",
    amount: int | Typed | None = None,
    because: str = "",
) -> CaseView:
    """Changes kind, reason, wish or amount (minor units) while nothing is decided, or after a rejection; goods that
    were agreed to and did not go out yet can become another kind (an exchange a refund). The case is undecided then;
    what it draws is given back and taken anew.
    """
    shop.may(MAY_DECIDE, mark("change cases"))
    case = finding_cases.case_of(shop, ref)
    asked = currencies.of_case(shop, case, amount)
    _refuse_decided(case, kind)
    if not (kind or reason or want or amount is not None):
        raise WrongCommand(_("Say what is to change"), "--kind, --reason, --want, --amount")
    if not because.strip():
        raise WrongCommand(_("A change needs its reason"), "--because …")
    if case.decision == Decision.APPROVED:
        reconsider(shop, case)
    columns = _columns(case, Kind(kind or case.kind), want, asked)
    if reason:
        columns["reason_set"] = reason
    _rewrite(shop, case, Kind(kind or case.kind), {**columns, "note": _noted(shop, case, because)})
    facts = {name: value for name, value in columns.items() if value not in {None, ""}}
    shop.record(case.number, "change", **facts, because=fingerprint(because))
    return view_of(shop, case)


def changed_on_record(shop: Shop, case: Case) -> bool:
    """Whether somebody here changed what the case is about; a report's own changes have no reason."""
    query = sa.select(col(Event.payload)).where(col(Event.subject) == case.number, col(Event.action) == "change")
    return any("because" in json.loads(payload) for payload in shop.session.scalars(query))


def _refuse_decided(case: Case, kind: str) -> None:
    if case.decision != Decision.REJECTED:
        refuse_finished(case)
    turned = case.kind in GOING_OUT and kind not in {"", case.kind}
    if case.decision == Decision.WITHDRAWN or (case.decision == Decision.APPROVED and not turned):
        message = _("{case} is {decision}: it is changed before the decision, or after a rejection")
        hint = f"retcli case reject {case.number} --because TEXT / retcli case open ORDER"
        raise Refused(message.format(case=case.number, decision=word(case.decision)), hint, case=case.number)


def _columns(case: Case, kind: Kind, want: str, amount: int | None) -> dict[str, Any]:
    """The wish as it is to be; a wish that the kind cannot have is refused."""
    if amount is not None and kind not in _WITH_AMOUNT:
        raise Refused(_("A case of kind {kind} pays no amount of its own").format(kind=word(kind)), case=case.number)
    if want and kind != Kind.EXCHANGE:
        raise WrongCommand(_("Only an exchange brings other goods"), "--kind exchange --want SKU")
    kept = case.asked if kind == case.kind or {kind, case.kind} <= REFUNDING else None
    return {
        "kind": kind,
        "want_sku": (want or case.want_sku) if kind == Kind.EXCHANGE else "",
        "asked": amount if amount is not None else kept,
    }


def _noted(shop: Shop, case: Case, because: str) -> str:
    return f"{case.note}\n{shop.operator.name}: {because}".strip()


def _rewrite(shop: Shop, case: Case, kind: Kind, columns: dict[str, Any]) -> None:
    """The case as it is to be, its pieces drawn anew."""
    order = shop.session.get_one(Order, case.order_id)
    rejected, was = case.decision == Decision.REJECTED, Kind(case.kind)
    release(shop, case)
    pieces = _pieces(shop, case, order, was, kind)
    put(shop, case, **columns)
    for line, quantity in pieces:
        line.quantity, line.due = quantity, 0
    shop.session.flush()
    if rejected:
        drop_clicks(shop, case)
        reapply(shop, case)
    else:
        draw_units(shop, case, order)


def _pieces(shop: Shop, case: Case, order: Order, was: Kind, kind: Kind) -> list[tuple[CaseLine, int]]:
    """How many pieces of each line of the case: none for an inquiry, what is open where none were taken before."""
    mine = case_lines(shop, case)
    if kind == Kind.INQUIRY:
        return [(line, 0) for line, _on in mine]
    if kind == Kind.ALLOWANCE:
        return [(line, on.quantity) for line, on in mine]
    if was not in TAKES_NO_PIECES and any(line.quantity for line, _on in mine):
        return [(line, line.quantity) for line, _on in mine]
    left = _open(shop, order, kind)
    found = [(line, left.get(on.id, 0)) for line, on in mine]
    return found if any(n for _line, n in found) else [(line, on.quantity) for line, on in mine]


def _open(shop: Shop, order: Order, kind: Kind) -> dict[int | None, int]:
    meant: list[tuple[OrderLine, int]] = finding_cases.lines_meant(shop, order, kind, [])
    return {on.id: n for on, n in meant}


def put(shop: Shop, case: Case, **columns: Any) -> None:
    """Writes columns of a case by one guarded update; refused where somebody else changed it since it was read."""
    shop.session.flush()
    table = Case.__table__  # type: ignore[attr-defined]
    seen = case.version
    changed = shop.session.execute(
        sa.update(table)
        .where(table.c.id == case.id, table.c.version == seen, table.c.decision == case.decision)
        .values(version=seen + 1, **columns)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        message = _("{subject} was changed by somebody else a moment ago").format(subject=case.number)
        raise Refused(message, _("Look at it again, then decide"), subject=case.number)
    shop.session.refresh(case)


def assign(shop: Shop, refs: Sequence[str], *, to: str) -> CaseView | CasesView:
    """Gives open cases to a colleague who may decide them; one case, or several."""
    shop.may(MAY_DECIDE, mark("assign cases"))
    name = _decider(shop, to)
    held = [finding_cases.case_of(shop, ref) for ref in refs]
    for case in held:
        refuse_finished(case)
        give(shop, case, name)
    views = [view_of(shop, case) for case in held]
    return views[0] if len(views) == 1 else CasesView(tuple(views))


def hand_over(shop: Shop, *, giver: str, to: str) -> CasesView:
    """Gives all open cases of one colleague to another, at the change of shifts."""
    shop.may(MAY_DECIDE, mark("assign cases"))
    name = _decider(shop, to)
    query = sa.select(Case).where(col(Case.owner) == _member(shop, giver).name, col(Case.filing) == Filing.OPEN)
    held = [shop.hold(case) for case in shop.session.scalars(query.order_by(col(Case.id))).all()]
    for case in held:
        give(shop, case, name)
    return CasesView(tuple(view_of(shop, case) for case in held))


def give(shop: Shop, case: Case, name: str) -> None:
    """Makes somebody the owner of a case; the same owner again is no change."""
    was = case.owner
    if was != name:
        put(shop, case, owner=name)
        shop.record(case.number, "assign", was=was, now=name)


def _member(shop: Shop, name: str) -> Staff:
    found = shop.session.scalars(sa.select(Staff).where(col(Staff.name) == name.strip())).first()
    if found is None:
        raise NotFound(_("{who} is not on the staff list of these books").format(who=name), "retcli staff list")
    return found


def _decider(shop: Shop, name: str) -> str:
    """The name of a member of staff who may decide cases."""
    found = _member(shop, name)
    if Role(found.role) not in MAY_DECIDE:
        message = _("{who} ({role}) decides no cases").format(who=found.name, role=word(found.role))
        raise Refused(message, "retcli staff list")
    return found.name
