"""Reveals a buyer's data: only to who may see them, with a reason, and never without an event."""

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.orderfile.persons import person_of
from retcli.errors import Refused, WrongCommand
from retcli.language import _
from retcli.models import Case, Order
from retcli.rules.roles import may_reveal
from retcli.shop import Shop
from retcli.words import word


def reveal(shop: Shop, order: Order, subject: str, *, what: str, because: str) -> None:
    """Notes the event that the operator sees the data of an order's buyer (`what` shows them); the reason is kept with
    the person taken out.

    Raises Refused for who may not see them, WrongCommand without a reason.
    """
    own_cases = sa.select(col(Case.id)).where(col(Case.order_id) == order.id, col(Case.owner) == shop.operator.name)
    if not may_reveal(shop.operator.role, own_case=shop.session.scalars(own_cases).first() is not None):
        message = _("{who} ({role}) may not see this buyer's data")
        hint = _("Managers and owners may, and an agent on their own cases: retcli case assign CASE --to NAME")
        raise Refused(message.format(who=shop.operator.name, role=word(shop.operator.role)), hint)
    if not because.strip():
        raise WrongCommand(_("Say why the buyer's data are needed"), "--reveal --because TEXT")
    shop.record(subject, "reveal", what=what, because=person_of(order).hide(because.strip()))
