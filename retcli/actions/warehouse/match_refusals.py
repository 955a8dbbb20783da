"""The refusals of matching a parcel with a case: it went out for that very case, holds nothing that it waits for, or
the case waits for nothing any more.
"""

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.one_case import case_lines
from retcli.actions.warehouse.pieces import awaited_pieces, contents, gifts, held_pieces, senders
from retcli.errors import Refused
from retcli.language import _, series
from retcli.models import Case, Order, Parcel, Replacement
from retcli.rules.lifecycles import GOING_OUT, LEFT_THE_DOOR, Filing, ParcelState
from retcli.shop import Shop
from retcli.words import word


def refuse_own(shop: Shop, parcel: Parcel, case: Case) -> None:
    """Raises Refused where a parcel is what was sent again for the case itself, which does not wait for it."""
    query = sa.select(col(Replacement.id)).where(
        col(Replacement.case_id) == case.id, col(Replacement.waybill) == parcel.waybill
    )
    if parcel.waybill and case.kind in GOING_OUT and shop.session.scalar(query.limit(1)) is not None:
        message = _("{parcel} is what was sent again for {case}: the case knows of it, and waits for no such parcel")
        text = message.format(parcel=parcel.number, case=case.number)
        raise Refused(text, f"retcli case show {case.number}", case=case.number)


def refuse_gone(parcel: Parcel, case: Case) -> None:
    """Raises Refused where a parcel was here and is no more: nothing in it can be the case's."""
    if parcel.state in {ParcelState.VOID, *LEFT_THE_DOOR}:
        message = _("{parcel} is not here: {state}").format(parcel=parcel.number, state=word(parcel.state))
        raise Refused(message, f"retcli parcel show {parcel.number}", case=case.number)


def refuse_over(parcel: Parcel, case: Case) -> None:
    """Raises Refused where a case waits for no goods any more: it was turned down, withdrawn, or is finished."""
    if case.filing == Filing.FINISHED:
        message = _("{case} is finished: it waits for no goods")
    elif not awaited_pieces.waits(case):
        message = _("{case} was turned down or withdrawn: it waits for no goods")
    else:
        return
    text = message.format(case=case.number)
    raise Refused(text, f"retcli parcel match {parcel.number} {case.number} --because TEXT", case=case.number)


def holds_for(shop: Shop, parcel: Parcel, case: Case) -> bool:
    """Whether a piece is held in a parcel, for want of a case that waits for it, and the case does."""
    return bool(_awaited(shop, case) & held_pieces.for_nobody(shop, parcel).keys())


def _awaited(shop: Shop, case: Case) -> set[str]:
    """The products that may come back for a case; a line without a code by its number."""
    awaited = {line.sku or line.number for _line, line in case_lines(shop, case)}
    return awaited | gifts.gifts(shop, [case]).may_come.keys()


def refuse_misfit(shop: Shop, parcel: Parcel, case: Case) -> None:
    """Raises Refused where pieces were counted in a parcel, and none that counts for nobody yet is what the case waits
    for; never for a parcel that went out for the case's own order, whatever lies in it.
    """
    counted = contents.tallies(shop, parcel)
    if not counted or case.order_id in {order.id for order in senders.sent_under(shop, parcel.waybill)}:
        return
    awaited = _awaited(shop, case)
    nobodys = {inspection.sku for inspection in contents.findings(shop, parcel, for_nobody=True)}
    if awaited & (nobodys | contents.tallies(shop, parcel, waiting=True).keys()):
        return
    message = _("Nothing in {parcel} is what {case} waits for ({awaited}): it holds {counted}")
    if awaited & counted.keys():
        message = _("All of the {awaited} in {parcel} counts for another case already: nothing is left for {case}")
    orders = _orders_of_others(shop, parcel, case)
    if orders and not awaited & counted.keys():
        message = _(
            "Nothing in {parcel} is what {case} waits for ({awaited}): it holds {counted}, and is order {order}'s"
        )
    words = {"awaited": series(sorted(awaited)), "counted": series(counted), "order": orders}
    text = message.format(parcel=parcel.number, case=case.number, **words)
    raise Refused(text, f"retcli parcel match {parcel.number} {case.number} --because TEXT", case=case.number)


def _orders_of_others(shop: Shop, parcel: Parcel, case: Case) -> str:
    """The numbers of the other orders whose cases a parcel serves; "" for none."""
    ids = {served.order_id for served in awaited_pieces.cases_of(shop, parcel)} - {case.order_id}
    return series(
        shop.session.scalars(sa.select(col(Order.number)).where(col(Order.id).in_(ids)).order_by(col(Order.id)))
    )
