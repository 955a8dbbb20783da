"""Who works here, and what they may do."""

import sqlalchemy as sa
from sqlmodel import col

from retcli.errors import Refused, WrongCommand
from retcli.language import _, mark
from retcli.models import Staff
from retcli.rules.lifecycles import Role
from retcli.shop import SYSTEM, Shop
from retcli.views.shop.staff import StaffView


def add(shop: Shop, name: str, role: Role) -> StaffView:
    """Adds somebody, or gives them another role; only the owner may, and one owner always stays."""
    shop.may(frozenset({Role.OWNER}), mark("change the staff list"))
    trimmed = name.strip()
    if not trimmed or not trimmed.isprintable() or trimmed == SYSTEM:
        raise WrongCommand(_("{text} is no name").format(text=name), "retcli staff add 小美 --role agent")
    member = shop.session.scalars(sa.select(Staff).where(col(Staff.name) == trimmed)).first()
    if member is None:
        shop.add(Staff(name=trimmed, role=role, created_at=shop.now))
    else:
        owners = shop.session.scalar(sa.select(sa.func.count()).where(col(Staff.role) == Role.OWNER)) or 0
        if member.role == Role.OWNER and role != Role.OWNER and owners == 1:
            raise Refused(_("The books need an owner"), _("Make somebody else owner first"))
        member.role = role
        shop.session.flush()
    shop.record("staff", "role", name=trimmed, role=str(role))
    return list_staff(shop)


def list_staff(shop: Shop) -> StaffView:
    """Everybody with their role."""
    rows = shop.session.scalars(sa.select(Staff).order_by(col(Staff.id)))
    return StaffView(tuple({"name": row.name, "role": row.role} for row in rows))
