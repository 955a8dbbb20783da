"""Takes back what the operator just did with a case, by a reversing entry, while nothing stands on it."""

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.case_view import view_of
from retcli.actions.casefile.records import acts, offer_records
from retcli.actions.casefile.records.entitlements import draw_units
from retcli.actions.casefile.records.platform_clicks import clicks, drop_clicks
from retcli.actions.cases import changes, contacts
from retcli.actions.cases.undone_decisions import reconsider
from retcli.errors import Refused
from retcli.language import _, mark
from retcli.models import Case, Order
from retcli.rules.lifecycles import FILING, MAY_DECIDE, ActionState, Decision, Filing
from retcli.shop import Shop
from retcli.views.casefile.cases import CaseView

_TAKE_BACK = mark("take decisions back")


def decision(shop: Shop, number: str, version: int, *, amount_named: bool = False) -> CaseView:
    """Makes a decided case undecided again. `version` is the case's version after the decision; with `amount_named` the
    decision also named the amount, which goes too. Raises Refused where money or goods are out, where it was clicked on
    the platform already, or where somebody changed the case since.
    """
    case = _as_left(shop, number, version)
    undecide(shop, case, amount_named=amount_named)
    approval = acts.standing_of(shop, case, "approve")
    if approval is not None:
        acts.reverse(shop, approval)
    return shop.shown(view_of, case)


def undecide(shop: Shop, case: Case, *, amount_named: bool) -> None:
    """Makes a decided case undecided again, with `amount_named` also without the amount that its decision named. Raises
    Refused where money or goods are out, or it was clicked on the platform already.
    """
    _refuse_clicked(shop, case)
    if case.filing == Filing.FINISHED:
        shop.move(case, case.number, FILING, "reopen", finished_at=None)
    rejected = case.decision == Decision.REJECTED
    reconsider(shop, case)
    if rejected:
        drop_clicks(shop, case)
    if amount_named:
        changes.put(shop, case, asked=None)
        shop.record(case.number, "change", asked=None)
    draw_units(shop, case, shop.session.get_one(Order, case.order_id))


def offer(shop: Shop, number: str, version: int) -> CaseView:
    """Takes back the offer that waits on a case: it lapses."""
    case = _as_left(shop, number, version)
    offer_records.lapse(shop, case)
    return shop.shown(view_of, case)


def hand_over(shop: Shop, number: str, version: int, owner: str) -> CaseView:
    """Gives a case that was left to a manager back to its former `owner`; the note to the manager stays."""
    case = _as_left(shop, number, version)
    changes.give(shop, case, owner)
    contacts.note(shop, case.number, _("taken back from the manager"))
    return shop.shown(view_of, case)


def _as_left(shop: Shop, number: str, version: int) -> Case:
    """The case of a whole number, locked, in the version that the act to be taken back left behind. Raises Changed
    where somebody changed it since.
    """
    shop.may(MAY_DECIDE, _TAKE_BACK)
    case = shop.hold(shop.session.scalars(sa.select(Case).where(col(Case.number) == number)).one())
    if case.version != version:
        raise shop.changed_meanwhile(case, case.number)
    return case


def _refuse_clicked(shop: Shop, case: Case) -> None:
    """Raises Refused where a click of the case was made: what the platform heard of is not taken back here alone."""
    if clicks(shop, case, ActionState.DONE, ActionState.VERIFIED):
        message = _("{case} was clicked on the platform already").format(case=case.number)
        raise Refused(message, _("Undo it there first, then change or reject the case"), case=case.number)
