"""Goods said to have left for a case, by mistake or under a wrong waybill: taken back, or noted under another one."""

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile import lookup
from retcli.actions.casefile.case_view import view_of
from retcli.actions.casefile.filing import refuse_finished
from retcli.actions.casefile.records import acts
from retcli.actions.casefile.records.entitlements import draw_anew
from retcli.actions.casefile.records.one_case import replacements_of
from retcli.actions.casefile.records.platform_clicks import ask_click, clicks, drop_clicks, drop_waiting
from retcli.actions.warehouse import named_waybills
from retcli.actions.warehouse.pieces import senders
from retcli.actions.warehouse.shipments import sending
from retcli.errors import Refused, WrongCommand
from retcli.language import _, mark
from retcli.models import Case, Replacement
from retcli.models.acts import Act
from retcli.models.tracking import Movement
from retcli.rules.lifecycles import GOING_OUT, MAY_SCAN, ActionState, Kind, ReplacementState
from retcli.shellwords import quoted
from retcli.shop import Shop
from retcli.views.casefile.cases import CaseView
from retcli.words import word


def correct_waybill(shop: Shop, ref: str, *, waybill: str, carrier: str = "") -> CaseView:
    """Notes that the goods of a case left under another waybill than was written down. Raises Refused where nothing
    left, or the carrier has reported of it.
    """
    shop.may(MAY_SCAN, mark("send goods"))
    case = lookup.case_of(shop, ref)
    hint = _("The waybill is the number on the carrier's label")
    waybill = named_waybills.one_waybill(shop, waybill, hint)
    senders.refuse_coming_back(shop, waybill, case, hint)
    sent = _sent(shop, case)
    if all(goods.waybill == waybill for goods in sent):
        raise WrongCommand(_("{waybill} is written down already").format(waybill=waybill), "--waybill WAYBILL")
    told = _told_there(shop, case)
    carrier = carrier or sent[0].carrier
    act = acts.standing_of(shop, case, "ship")
    sending.note_waybill(shop, case, sent, waybill=waybill, carrier=carrier)
    if act is not None:
        acts.reverse(shop, act)
    if told:
        drop_clicks(shop, case, "enter_waybill")
        ask_click(shop, case, "enter_waybill", 0)
    acts.note(shop, "ship", case.number, case=case, goods=[goods.id for goods in sent], waybill=waybill)
    return shop.shown(view_of, case, about=waybill)


def take_sending_back(shop: Shop, ref: str) -> CaseView:
    """Notes that the goods of a case did not leave: they are still to be sent. Raises Refused where nothing left, the
    carrier has reported of it, or the platform was told.
    """
    shop.may(MAY_SCAN, mark("send goods"))
    case = lookup.case_of(shop, ref)
    sent = _sent(shop, case)
    _unsend(shop, case, sent)
    act = acts.standing_of(shop, case, "ship")
    if act is not None:
        acts.reverse(shop, act)
    return shop.shown(view_of, case)


def undo(shop: Shop, act: Act, case: Case) -> None:
    """Takes back the act that noted the goods of a case as sent. Raises Refused as `take_sending_back`."""
    refuse_finished(case, "retcli undo")
    sent = [shop.hold(shop.session.get_one(Replacement, ident)) for ident in acts.what(act)["goods"]]
    for goods in sent:
        if goods.state != ReplacementState.SHIPPED:
            message = _("{case}: the goods sent are {state} by now")
            state = word(goods.state, "replacement")
            raise Refused(message.format(case=case.number, state=state), _look_at(case), case=case.number)
    _unsend(shop, case, sent)


def _sent(shop: Shop, case: Case) -> list[Replacement]:
    """The goods of a case that are on their way. Raises Refused where there are none, or the carrier has them."""
    refuse_finished(case, f"retcli case reopen {case.number}")
    sent = [shop.hold(goods) for goods in replacements_of(shop, case, ReplacementState.SHIPPED)]
    if not sent:
        raise Refused(_("Nothing of {case} is on its way").format(case=case.number), _look_at(case), case=case.number)
    _refuse_moved(shop, case, {goods.waybill for goods in sent} - {""})
    return sent


def _unsend(shop: Shop, case: Case, sent: list[Replacement]) -> None:
    """Has goods be still to be sent. Raises Refused where the carrier has them, or the platform was told."""
    _refuse_moved(shop, case, {goods.waybill for goods in sent} - {""})
    if _told_there(shop, case):
        message = _("The waybill of {case} was entered on the platform already").format(case=case.number)
        raise Refused(message, _("Undo it there first, then change or reject the case"), case=case.number)
    sending.take_back(shop, case, sent)
    drop_waiting(shop, case, "enter_waybill")
    if Kind(case.kind) in GOING_OUT:
        draw_anew(shop, case)


def _refuse_moved(shop: Shop, case: Case, waybills: set[str]) -> None:
    """Raises Refused where the carrier has reported of what was sent under some waybills."""
    query = sa.select(sa.func.max(Movement.at)).where(col(Movement.waybill).in_(waybills))
    if shop.session.scalar(query) is not None:
        message = _("The carrier has the goods of {case}: its report tells of their waybill")
        raise Refused(message.format(case=case.number), _look_at(case), case=case.number)


def _told_there(shop: Shop, case: Case) -> bool:
    made = clicks(shop, case, ActionState.DONE, ActionState.VERIFIED)
    return any(click.action == "enter_waybill" for click in made)


def _look_at(case: Case) -> str:
    return f"retcli case show {quoted(case.number)}"
