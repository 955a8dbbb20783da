"""A payout's way once it is decided: countersigned, sent, confirmed, failed, lost, reversed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile import case_view, payable
from retcli.actions.casefile.filing import finish_if_done, open_if_undone
from retcli.actions.casefile.next_steps import after_fallen, payout_step
from retcli.actions.casefile.owed_beside import FREIGHT_BACK, OwedBeside, owed_beside
from retcli.actions.casefile.records import stopping
from retcli.actions.casefile.records.clicked_payouts import (
    clicked_once,
    failing,
    may_have_left_there,
    spent_there,
)
from retcli.actions.casefile.records.dossiers import dossier_of
from retcli.actions.casefile.records.payout_parts import Part
from retcli.actions.casefile.records.platform_clicks import mark_clicked
from retcli.actions.casefile.records.unready_clicks import refuse_unready
from retcli.actions.casefile.waivers import refuse_unknown, waive_rules
from retcli.actions.casefile.went_back import WENT_BACK, refuse_doubtful
from retcli.actions.money import amends_ceiling, outgoing
from retcli.actions.money.beyond import make_room
from retcli.actions.money.outgoing import Payment
from retcli.actions.money.payouts import PAY, answer_of, payout_of
from retcli.actions.money.room_again import due_again
from retcli.actions.money.taken_back import fall_back
from retcli.errors import Refused, WrongCommand
from retcli.language import _, mark
from retcli.models import Case, Payout, PayoutPart
from retcli.rules.lifecycles import LEFT, MAY_APPROVE_MONEY, MAY_PAY, PAYING_CLICKS, PAYOUT, PayoutState
from retcli.rules.money.minor_units import Money
from retcli.rules.money.payouts import CLICKED_THERE
from retcli.shop import Shop
from retcli.views.money.payouts import PayoutView

_LEAVING = {"send": "sent", "confirm": "confirm"}
"""The moves by which a payout leaves, each with the command that makes it."""


def countersign(shop: Shop, ref: str, *, waive: Sequence[str] = (), because: str = "") -> PayoutView:
    """Lets a waiting payout go as the second person. Raises Refused for one's own, or where it may no longer leave."""
    shop.may(MAY_APPROVE_MONEY, mark("approve payouts"))
    payout = payout_of(shop, ref)
    if payout.decided_by == shop.operator.name:
        raise Refused(_("Nobody approves their own payout"), _("Ask another manager"), payout=payout.number)
    case = shop.hold(shop.session.get_one(Case, payout.case_id))
    amends_ceiling.waive_leaving(shop, case, waive, because, (WENT_BACK,))
    _refuse_leaving(shop, case, payout, "approve")
    _refuse_off_route(shop, case, payout)
    shop.move(payout, payout.number, PAYOUT, "approve", approved_by=shop.operator.name)
    outgoing.click_for(shop, case)
    return shop.shown(answer_of, payout)


def _refuse_off_route(shop: Shop, case: Case, payout: Payout) -> None:
    """Raises Refused where a payout cannot leave by its route: the platform's refund is over, or its click was made."""
    if payable.off_route(case, payout):
        message = _("The refund of {case} is finished on the platform: {payout} cannot leave by it any more")
        hint = f"retcli pay fail {payout.number} --because TEXT"
        raise Refused(message.format(case=case.number, payout=payout.number), hint, payout=payout.number)
    if payable.by_route(payout) and spent_there(dossier_of(shop, case)):
        raise Refused(*clicked_once(case), payout=payout.number)


def _refuse_leaving(shop: Shop, case: Case, payout: Payout, command: str) -> None:
    """Raises Refused or Overdrawn where a payout may not leave any more, before a `command` brings it nearer to that:
    files and answers may have come since it was let go.
    """
    stopping.refuse_stopped(shop, case)
    payable.refuse_overdrawn(shop, payout)
    if payout.kind == "refund":
        payable.refuse_foreign(shop, case)
    amends_ceiling.refuse_leaving_beyond(shop, case, payout, f"retcli pay {command} {payout.number}")
    refuse_doubtful(shop, case, payout, f"retcli pay {command} {payout.number}")


def _refuse_unpaid(shop: Shop, case: Case, payout: Payout) -> None:
    """Raises Refused where the platform's report disproves that a payout left by its refund, which was closed there, or
    turned down after it was said to have left.
    """
    if payable.unpaid_there(shop, case, payout):
        message = _("The platform closed the refund of {case}: {payout} did not leave by it")
        if case.platform_state != "closed":
            message = _("The refund of {case} was turned down on the platform: {payout} did not leave by it")
        hint = f"retcli pay fail {payout.number} --because TEXT"
        raise Refused(message.format(case=case.number, payout=payout.number), hint, payout=payout.number)


def _refuse_by_click(shop: Shop, case: Case, payout: Payout) -> None:
    """Raises Refused where a payout would leave by a click that sends another sum than was let go
    (`unready_clicks`).
    """
    if payable.by_route(payout) and not spent_there(dossier_of(shop, case)):
        refuse_unready(shop, case)


def _refuse_clicked(shop: Shop, case: Case, payout: Payout, waive: Sequence[str], because: str) -> None:
    """Raises Refused for a failure that nobody can know of: the refund was clicked on the platform, which has not said
    that it did not pay it, and no manager says so now.
    """
    clicked = dossier_of(shop, case).clicked
    doubtful = may_have_left_there(payout, clicked) and not payable.failed_there(shop, case, payout)
    waive_rules(shop, case, waive, because, (CLICKED_THERE,), standing={CLICKED_THERE} if doubtful else ())
    if doubtful and CLICKED_THERE not in waive:
        message = _(
            "{payout} was clicked on the platform, which may have paid it: only its report says that it did not"
        )
        hint = _("First the report: retcli import FILE; a manager who saw there that it failed: {command}")
        command = failing(payout, clicked)
        raise Refused(message.format(payout=payout.number), hint.format(command=command), payout=payout.number)


def step(shop: Shop, ref: str, move: str, *, waive: Sequence[str] = (), because: str = "") -> PayoutView:
    """Moves a payout by ``send``, ``confirm``, ``fail`` or ``lose`` (nobody knows what became of it). Limits are asked
    again only of what has not left: that money which left has arrived is a fact. What was clicked on the platform fails
    only by its word, or with a manager's waiver. Raises Refused, Overdrawn, or WrongCommand for a failure without its
    reason.
    """
    shop.may(MAY_PAY, PAY)
    payout = payout_of(shop, ref)
    if move == "fail":
        refuse_unknown(waive, (CLICKED_THERE,))
    if move == "fail" and not because:
        raise WrongCommand(_("Say why it failed"), "--because TEXT")
    case = shop.session.get_one(Case, payout.case_id)
    if move == "fail":
        _refuse_clicked(shop, case, payout, waive, because)
    if move in _LEAVING and payout.minor > 0:
        amends_ceiling.waive_leaving(shop, case, waive, because, (WENT_BACK,))
        _refuse_unpaid(shop, case, payout)
        if payout.state not in LEFT:
            _refuse_leaving(shop, case, payout, _LEAVING[move])
            _refuse_by_click(shop, case, payout)
    take(shop, payout, move, because=because)
    return shop.shown(_view_after, payout)


def _view_after(shop: Shop, payout: Payout) -> PayoutView:
    """The view of a payout that was just moved, with what comes after it and where its case stands now."""
    case = shop.session.get_one(Case, payout.case_id)
    view = case_view.view_of(shop, case)
    return replace(answer_of(shop, payout), next=_next(shop, payout, case, view.next), stage=view.stage)


def _next(shop: Shop, payout: Payout, case: Case, step: str) -> str:
    """What comes after a step of a payout: its own next one; the same again where it failed or was taken back; else the
    `step` of its case.
    """
    if payout.state in {PayoutState.SENT, PayoutState.UNKNOWN}:
        return payout_step(payout, reported=payable.by_route(payout))
    fell = payout.state == PayoutState.FAILED or payout.reverses_id is not None
    if payout.kind == "refund":
        return after_fallen(shop, dossier_of(shop, case), payout, step) if fell else step
    if payout.reverses_id is None:
        again = OwedBeside(payout.kind, payout.method, Money(payout.minor, payout.currency))
        return again.command(case.number) if fell else step
    owed = owed_beside(dossier_of(shop, case)) if payout.kind == FREIGHT_BACK else None
    return owed.command(case.number) if owed else f"retcli case show {case.number}"


def take(
    shop: Shop, payout: Payout, move: str, *, because: str = "", at: datetime | None = None, finish: bool = True
) -> None:
    """Makes one move of a payout with all that follows: its click, room for what was over, the end of its case (unless
    `finish` is False). `at` is when it arrived, where that was not now.
    """
    columns: dict[str, object] = {"because": because or payout.because}
    if move == "confirm":
        columns["settled_at"] = at or shop.now
    shop.move(payout, payout.number, PAYOUT, move, **columns)
    case = shop.hold(shop.session.get_one(Case, payout.case_id))
    if payout.kind == "refund":
        _with_click(shop, case, payout)
    if payout.state == PayoutState.FAILED:
        make_room(shop, payout.order_id)
        due_again(shop, payout.order_id)
    if finish and move == "confirm" and payout.kind == "refund":
        finish_if_done(shop, case)


def _with_click(shop: Shop, case: Case, payout: Payout) -> None:
    """Corrects the click of a case after a refund's move: dropped or lowered where it failed or left another way,
    marked as made where it left by the platform's refund.
    """
    if payout.state == PayoutState.FAILED or payout.method != "original":
        outgoing.unclick(shop, case)
    elif payout.state in {PayoutState.SENT, PayoutState.CONFIRMED}:
        mark_clicked(shop, case, *PAYING_CLICKS)


def reverse(shop: Shop, ref: str, *, because: str) -> PayoutView:
    """Takes a confirmed payout back by a payout of its negative amount. What was agreed to here is due again while the
    case is approved, and a finished case is opened again. Raises Refused for a reversal, or one that was reversed
    already.
    """
    shop.may(MAY_APPROVE_MONEY, mark("reverse payouts"))
    payout = payout_of(shop, ref)
    if not because:
        raise WrongCommand(_("Say why it is reversed"), "--because TEXT")
    if payout.minor < 0:
        raise Refused(_("A reversal is not reversed again"), payout=payout.number)
    _refuse_reversed(shop, payout)
    case = shop.hold(shop.session.get_one(Case, payout.case_id))
    parts = _taken_back(shop, payout)
    payment = Payment(payout.kind, payout.method, parts, payout.currency, because, request=f"{payout.request}-R")
    back = outgoing.write_down(shop, case, payment, shop.now, reverses=payout)
    shop.move(payout, payout.number, PAYOUT, "reverse")
    # before room is made: what is due no more is free for what was over
    fall_back(shop, case, back, parts)
    make_room(shop, payout.order_id)
    due_again(shop, payout.order_id)
    open_if_undone(shop, case)
    return shop.shown(_view_after, back)


def _taken_back(shop: Shop, payout: Payout) -> list[Part]:
    """The parts that take a payout back: what it pays for by now, since what was over may have moved into its order."""
    rows = shop.session.scalars(sa.select(PayoutPart).where(col(PayoutPart.payout_id) == payout.id))
    sums: dict[tuple[str, int | None], int] = defaultdict(int)
    for row in rows:
        sums[row.purpose, row.line_id] -= row.minor
    return [Part(purpose, line, minor) for (purpose, line), minor in sums.items() if minor]


def _refuse_reversed(shop: Shop, payout: Payout) -> None:
    """Raises Refused for a payout that was reversed already."""
    back = shop.session.scalar(sa.select(col(Payout.number)).where(col(Payout.reverses_id) == payout.id))
    if back:
        message = _("{payout} was reversed by {back} already").format(payout=payout.number, back=back)
        raise Refused(message, "retcli pay list", payout=payout.number)
