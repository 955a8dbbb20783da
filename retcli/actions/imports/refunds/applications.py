"""Takes over what the buyer applies for on the platform: kind, amount and pieces of a case as the list has them, drawn
as far as no other case has them.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.decision_record import APPLIED_ANEW
from retcli.actions.casefile.records.entitlements import close_questions, draw_lacking, draw_units, release
from retcli.actions.casefile.records.ledger import draws_of_others
from retcli.actions.casefile.records.one_case import case_lines, parcels_of, payouts_of
from retcli.actions.casefile.records.platform_clicks import clicks, drop_clicks
from retcli.actions.cases.undone_decisions import reapply, reconsider
from retcli.actions.money.payout_steps import take
from retcli.language import _
from retcli.models import Case, CaseLine, Inspection, Order, OrderLine, Replacement
from retcli.rules.lifecycles import (
    AT_THE_DOOR,
    TAKES_NO_PIECES,
    ActionState,
    Decision,
    Kind,
    PayoutState,
    ReplacementState,
)
from retcli.shop import Shop

Pieces = Sequence[tuple[OrderLine, int]]
_NOT_LEFT = frozenset({PayoutState.WAITING, PayoutState.DUE, PayoutState.FAILED, PayoutState.REVERSED})


def nothing_left(shop: Shop, case: Case) -> bool:
    """Whether neither money nor goods have left the shop for a case, whose decision so can still be undone."""
    out = [p for p in payouts_of(shop, case) if p.kind == "refund" and p.reverses_id is None]
    sent = sa.select(sa.func.count()).where(
        col(Replacement.case_id) == case.id,
        col(Replacement.state).in_([ReplacementState.SHIPPED, ReplacementState.DELIVERED]),
    )
    return all(payout.state in _NOT_LEFT for payout in out) and not shop.session.scalar(sent)


def came_back(shop: Shop, case: Case) -> bool:
    """Whether goods of a case that is agreed to are back here, so that it is no more undone by a list alone."""
    here = any(parcel.state in AT_THE_DOOR for parcel in parcels_of(shop, case))
    return case.decision == Decision.APPROVED and here


def apply_anew(
    shop: Shop, case: Case, refund: str, *, kind: Kind, asked: int | None, pieces: Pieces, reason: str, there: str,
    at: datetime,
) -> None:  # fmt: skip
    """Takes over a new application, made `at` an instant, under the number of one that was decided: the case is
    undecided again, with kind, pieces and amount (minor units) of the platform's list; the old decision, its clicks
    and unsent money are undone.
    """
    was = as_it_stands(shop, case) | ({"clicked": True} if _clicked(shop, case) else {})
    # unsent money first: no decision is undone while a payout of it stands
    for payout in payouts_of(shop, case):
        if payout.kind == "refund" and payout.state in {PayoutState.WAITING, PayoutState.DUE}:
            take(shop, payout, "fail", because=_("The buyer applied for something else"))
    drop_clicks(shop, case)
    turned_away = case.decision != Decision.APPROVED
    if not turned_away:
        reconsider(shop, case)
    if reason != case.reason_stated:
        case.reason_stated, case.reason_set = reason, ""
    for line, _on in case_lines(shop, case):
        line.want_sku = ""
    _put_lines(shop, case, kind=kind, asked=asked, pieces=pieces)
    if turned_away:
        reapply(shop, case)
    else:
        _draw(shop, case)
    draw_lacking(shop, case)
    close_questions(shop, refund, "kind", "asked", "pieces")
    note_applied(shop, case, was, there=there, at=at)


def _clicked(shop: Shop, case: Case) -> bool:
    """Whether somebody said that the approval of a case, which still stands, was clicked on its platform."""
    if case.decision != Decision.APPROVED or case.decided_at is None:
        return False
    made = clicks(shop, case, ActionState.DONE, ActionState.VERIFIED)
    return any(click.done_at is not None and click.done_at >= case.decided_at for click in made)


def as_it_stands(shop: Shop, case: Case) -> dict[str, Any]:
    """Kind, amount (minor units), pieces and decision of a case, as events tell them of an application."""
    pieces = sum(line.quantity for line, _on in case_lines(shop, case))
    return {"kind": case.kind, "asked": case.asked, "pieces": pieces, "decision": case.decision}


def note_applied(shop: Shop, case: Case, was: Mapping[str, Any], *, there: str, at: datetime) -> None:
    """Notes on a case that the buyer applied anew `at` an instant, and how it stood before (`was`). Where that was
    closed or withdrawn, its notice counts no more.
    """
    case.applied_anew_at = at
    if was["decision"] == Decision.WITHDRAWN:
        case.noticed_at = at
    now = as_it_stands(shop, case)
    told = {name: now[name] for name in ("kind", "asked", "pieces")}
    told |= {f"was_{name}": value for name, value in was.items()}
    told |= {"imported": shop.imported} if shop.imported is not None else {}
    shop.record(case.number, APPLIED_ANEW, **told, there=there, applied_at=at.astimezone(UTC).isoformat())


def change_wish(shop: Shop, case: Case, *, kind: Kind, asked: int | None, pieces: Pieces, there: str) -> None:
    """Takes over a changed application while nothing is decided (`asked` in minor units). `there` is the platform's
    state, for the event: the list of a refund that succeeded names what was paid, not what was asked for.
    """
    _put_lines(shop, case, kind=kind, asked=asked, pieces=pieces)
    _draw(shop, case)
    draw_lacking(shop, case)
    shop.record(case.number, "change", kind=kind, asked=asked, there=there)


def _put_lines(shop: Shop, case: Case, *, kind: Kind, asked: int | None, pieces: Pieces) -> None:
    """Writes kind, amount and lines of a case; a line that was inspected stays, without pieces where it is not
    wanted.
    """
    release(shop, case)
    case.kind, case.asked = kind, asked
    order = shop.session.get_one(Order, case.order_id)
    case_line_of = {order_line.id: line for line, order_line in case_lines(shop, case)}
    meant = {order_line.id or 0: (order_line, wanted) for order_line, wanted in pieces}
    for key, line in case_line_of.items():
        if key not in meant:
            line.quantity, line.due, line.wanted = 0, 0, None
    for order_line, wanted in meant.values():
        new_line = CaseLine(case_id=case.id or 0, line_id=order_line.id or 0, quantity=0)
        line = case_line_of.get(order_line.id) or new_line
        line.quantity, line.wanted = within_open(shop, case, order, order_line, wanted)
        line.due = 0
        shop.session.add(line)
    shop.session.flush()
    for key, line in case_line_of.items():
        if key not in meant and not shop.session.scalar(_inspected(line)):
            shop.session.delete(line)
    shop.session.flush()


def _inspected(line: CaseLine) -> Any:
    return sa.select(sa.select(col(Inspection.id)).where(col(Inspection.case_line_id) == line.id).exists())


def within_open(shop: Shop, case: Case, order: Order, order_line: OrderLine, wanted: int) -> tuple[int, int | None]:
    """How many of the pieces wanted of a line no other case has, and, where these are fewer, how many were wanted."""
    if case.kind in TAKES_NO_PIECES:
        return wanted, None
    others = draws_of_others(shop, order, case.id).get(order_line.id, [])
    left = max(min(wanted, order_line.quantity - sum(d.units for d in others)), 0)
    return left, wanted if left < wanted else None


def note_wanted(shop: Shop, case: Case, meant: Pieces) -> None:
    """Writes on the lines of a new case how many pieces were applied for, where it could draw fewer."""
    wanted = {order_line.id: n for order_line, n in meant}
    for line, order_line in case_lines(shop, case):
        if case.kind not in TAKES_NO_PIECES and line.quantity < wanted.get(order_line.id, 0):
            line.wanted = wanted[order_line.id]
    shop.flush()


def _draw(shop: Shop, case: Case) -> None:
    draw_units(shop, case, shop.session.get_one(Order, case.order_id))
