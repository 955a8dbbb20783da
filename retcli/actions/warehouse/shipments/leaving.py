"""Goods of a case leave in a box: what must be so before, and what follows from it."""

from typing import Any

from retcli.actions.casefile.axes import axes_of
from retcli.actions.casefile.records import acts
from retcli.actions.casefile.records.entitlements import free_sent_again
from retcli.actions.casefile.records.one_case import replacements_of
from retcli.actions.casefile.records.platform_clicks import ask_click
from retcli.actions.warehouse import named_waybills
from retcli.actions.warehouse.pieces import senders
from retcli.actions.warehouse.shipments import sending
from retcli.errors import Refused
from retcli.language import _, mark
from retcli.models import Case, Replacement
from retcli.rules.casefile import stages
from retcli.rules.lifecycles import MAY_APPROVE_MONEY, REPLACEMENT, ReplacementState
from retcli.shop import Shop


def leave(shop: Shop, case: Case, *, waybill: str, carrier: str = "", session: str = "") -> list[Replacement]:
    """Notes that the goods of a case left under a waybill, at a bench in a round of that name (`session`); the goods.
    Raises Refused where nothing is to be sent, or too few are left, what was typed is no waybill, or that of another
    box, or somebody but a manager sends before the goods are back.
    """
    hint = _("The waybill is the number on the carrier's label")
    waybill = named_waybills.one_waybill(shop, waybill, hint)
    senders.refuse_coming_back(shop, waybill, case, hint)
    to_send = _goods_to_send(shop, case)
    if not stages.may_leave(axes_of(shop, case)):
        shop.may(MAY_APPROVE_MONEY, mark("send before the goods are back"))
    sending.send(shop, case, to_send, waybill=waybill, carrier=carrier)
    free_sent_again(shop, case)
    if case.platform_number:
        ask_click(shop, case, "enter_waybill", 0)
    goods_sent = [goods.id for goods in to_send]
    acts.note(shop, "ship", case.number, case=case, session=session, goods=goods_sent, waybill=waybill)
    return to_send


def _goods_to_send(shop: Shop, case: Case) -> list[Replacement]:
    """The goods that are to be sent for a case, also such as came back undelivered. Raises Refused where there are
    none, or nobody said which.
    """
    to_send = replacements_of(shop, case, ReplacementState.DUE)
    if not to_send:
        to_send = [_once_more(shop, case, goods) for goods in replacements_of(shop, case, ReplacementState.CAME_BACK)]
    if not to_send:
        raise Refused(_("Nothing of {case} is to be sent").format(case=case.number), case=case.number)
    if any(not goods.sku for goods in to_send):
        message = _("What is to be sent for {case} is not said yet").format(case=case.number)
        raise Refused(message, f"retcli case change {case.number} --want SKU --because TEXT", case=case.number)
    return to_send


def _once_more(shop: Shop, case: Case, came_back: Replacement) -> Replacement:
    """The same goods to be sent again; the sending that came back is cancelled."""
    shop.move(came_back, f"{case.number}/{came_back.id}", REPLACEMENT, "cancel")
    facts: dict[str, Any] = {"sku": came_back.sku, "quantity": came_back.quantity}
    goods = Replacement(case_id=case.id or 0, state=ReplacementState.DUE, **facts)
    shop.add(goods)
    shop.born(f"{case.number}/{goods.id}", REPLACEMENT, goods.state, **facts)
    return goods
