"""What the buyer applies for on the platform: the wish of a case as the list says it, taken anew where it changed under
the same number, and its pieces drawn as far as no other case has them.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.dossiers import case_lines, payouts_of
from retcli.actions.casefile.records.entitlements import close_questions, draw_lacking, draw_units, release
from retcli.actions.casefile.records.ledger import draws_of_others
from retcli.actions.casefile.records.platform_clicks import drop_clicks
from retcli.actions.cases.undone_decisions import reapply, reconsider
from retcli.actions.money.payouts import take
from retcli.language import _
from retcli.models import Case, CaseLine, Inspection, Order, OrderLine, Replacement
from retcli.rules.lifecycles import TAKES_NO_PIECES, Decision, Kind, PayoutState, ReplacementState
from retcli.shop import Shop

Pieces = Sequence[tuple[OrderLine, int]]
_NOT_LEFT = frozenset({PayoutState.WAITING, PayoutState.DUE, PayoutState.FAILED, PayoutState.REVERSED})


def nothing_left(shop: Shop, case: Case) -> bool:
    """Whether neither money nor goods have left the shop for a case: then its decision can still be undone."""
    out = [p for p in payouts_of(shop, case) if p.kind == "refund" and p.reverses_id is None]
    sent = sa.select(sa.func.count()).where(
        col(Replacement.case_id) == case.id,
        col(Replacement.state).in_([ReplacementState.SHIPPED, ReplacementState.DELIVERED]),
    )
    return all(payout.state in _NOT_LEFT for payout in out) and not shop.session.scalar(sent)


def apply_anew(
    shop: Shop, case: Case, refund: str, *, kind: Kind, asked: int | None, pieces: Pieces, reason: str, there: str
) -> None:
    """The buyer's new wish after the old one was decided: undecided, with kind, pieces and amount (minor units) as the
    platform's list says; what was decided on the old wish, its clicks and its money not yet sent are called off.
    """
    was = {"was_kind": case.kind, "was_asked": case.asked, "was_decision": case.decision}
    was |= {"was_pieces": sum(line.quantity for line, _on in case_lines(shop, case))}
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
    now = {"kind": case.kind, "asked": case.asked, "pieces": sum(line.quantity for line, _on in case_lines(shop, case))}
    shop.record(case.number, "apply_anew", **was, **now, there=there)


def change_wish(shop: Shop, case: Case, *, kind: Kind, asked: int | None, pieces: Pieces, there: str) -> None:
    """The buyer's changed wish while nothing was decided (`asked` in minor units); `there` is the platform's state,
    since the list of a refund that succeeded names what was paid.
    """
    _put_lines(shop, case, kind=kind, asked=asked, pieces=pieces)
    _draw(shop, case)
    draw_lacking(shop, case)
    shop.record(case.number, "change", kind=kind, asked=asked, there=there)


def _put_lines(shop: Shop, case: Case, *, kind: Kind, asked: int | None, pieces: Pieces) -> None:
    """The case's wish and lines; a line that was inspected stays, without pieces where the wish is not about it."""
    release(shop, case)
    case.kind, case.asked = kind, asked
    order = shop.session.get_one(Order, case.order_id)
    case_line_of = {on.id: line for line, on in case_lines(shop, case)}
    meant = {on.id or 0: (on, wanted) for on, wanted in pieces}
    for key, line in case_line_of.items():
        if key not in meant:
            line.quantity, line.due, line.wanted = 0, 0, None
    for on, wanted in meant.values():
        line = case_line_of.get(on.id) or CaseLine(case_id=case.id or 0, line_id=on.id or 0, quantity=0)
        line.quantity, line.wanted = within_open(shop, case, order, on, wanted)
        line.due = 0
        shop.session.add(line)
    shop.session.flush()
    for key, line in case_line_of.items():
        if key not in meant and not shop.session.scalar(_inspected(line)):
            shop.session.delete(line)
    shop.session.flush()


def _inspected(line: CaseLine) -> Any:
    return sa.select(sa.select(col(Inspection.id)).where(col(Inspection.case_line_id) == line.id).exists())


def within_open(shop: Shop, case: Case, order: Order, on: OrderLine, wanted: int) -> tuple[int, int | None]:
    """How many of the pieces wanted of a line no other case has, and how many were wanted where that is fewer."""
    if case.kind in TAKES_NO_PIECES:
        return wanted, None
    others = draws_of_others(shop, order, case.id).get(on.id, [])
    left = max(min(wanted, on.quantity - sum(d.units for d in others)), 0)
    return left, wanted if left < wanted else None


def note_wanted(shop: Shop, case: Case, meant: Pieces) -> None:
    """Notes on a new case how many pieces were applied for, where it could draw fewer."""
    wanted = {on.id: n for on, n in meant}
    for line, on in case_lines(shop, case):
        if case.kind not in TAKES_NO_PIECES and line.quantity < wanted.get(on.id, 0):
            line.wanted = wanted[on.id]
    shop.flush()


def _draw(shop: Shop, case: Case) -> None:
    draw_units(shop, case, shop.session.get_one(Order, case.order_id))
