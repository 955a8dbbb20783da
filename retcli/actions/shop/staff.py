"""The staff list: who works here, in which role."""

from dataclasses import replace

import sqlalchemy as sa
from sqlmodel import col

from retcli.errors import NotFound, Refused, WrongCommand
from retcli.language import _, mark
from retcli.models import Case, Payout, Staff
from retcli.rules.lifecycles import Filing, PayoutState, Role
from retcli.rules.roles import OWNER
from retcli.shellwords import quoted
from retcli.shop import SYSTEM, Shop
from retcli.views.shop.staff import StaffChange, StaffView

CHANGE = mark("change the staff list")


def add(shop: Shop, name: str, role: Role) -> StaffView:
    """Adds somebody, or gives them another role. Raises Refused for anybody but the owner, and for the last owner's own
    role.
    """
    shop.may(OWNER, CHANGE)
    trimmed = _as_name(name, "retcli staff add 小美 --role agent")
    member = shop.session.scalars(sa.select(Staff).where(col(Staff.name) == trimmed)).first()
    change = StaffChange("role" if member else "added", trimmed, role)
    if member is None:
        shop.add(Staff(name=trimmed, role=role, created_at=shop.now))
    else:
        if role != Role.OWNER:
            _refuse_last_owner(shop, member)
        member.role = role
        shop.session.flush()
    shop.record("staff", "role", name=trimmed, role=str(role))
    return replace(list_staff(shop), change=change)


def rename(shop: Shop, name: str, new_name: str) -> StaffView:
    """Gives somebody another name, in their open cases too; what they did before stays under the old one. Raises
    Refused where the name is taken, or a payout that they let go still waits: under a new name they could countersign
    it.
    """
    shop.may(OWNER, CHANGE)
    member, other = member_of(shop, name), _as_name(new_name, f"retcli staff rename {quoted(name)} 小美")
    was = member.name
    if shop.session.scalar(sa.select(col(Staff.id)).where(col(Staff.name) == other)) is not None:
        raise Refused(_("There is a {who} on the staff list already").format(who=other), "retcli staff list")
    waits = sa.select(col(Payout.number)).where(col(Payout.decided_by) == was, col(Payout.state) == PayoutState.WAITING)
    payout = shop.session.scalars(waits.order_by(col(Payout.id))).first()
    if payout is not None:
        message = _("{payout}, which {who} let go, still waits for a second person").format(payout=payout, who=was)
        raise Refused(message, f"retcli pay approve {payout}", payout=payout)
    member.name = other
    for column in (Case.owner, Case.decided_by):
        theirs = sa.update(Case).where(col(column) == was, col(Case.filing) == Filing.OPEN)
        # the version too: who looks at such a case now is told that it was changed
        shop.session.execute(theirs.values({col(column): other, col(Case.version): col(Case.version) + 1}))
    shop.session.flush()
    shop.record("staff", "rename", was=was, now=other)
    return replace(list_staff(shop), change=StaffChange("renamed", was, new_name=other))


def leave(shop: Shop, name: str) -> StaffView:
    """Takes somebody off the list, who can do nothing from then on; what they did stays under their name. Raises
    Refused for the last owner, and while open cases are theirs.
    """
    shop.may(OWNER, CHANGE)
    member = member_of(shop, name)
    _refuse_last_owner(shop, member)
    theirs = sa.select(sa.func.count()).where(col(Case.owner) == member.name, col(Case.filing) == Filing.OPEN)
    number = shop.session.scalar(theirs) or 0
    if number:
        message = _("{who} still has {n} open cases").format(who=member.name, n=number)
        raise Refused(message, _("retcli case assign --from {who} --to NAME").format(who=quoted(member.name)))
    shop.record("staff", "leave", name=member.name, role=member.role)
    shop.session.delete(member)
    shop.session.flush()
    return replace(list_staff(shop), change=StaffChange("left", member.name))


def member_of(shop: Shop, name: str) -> Staff:
    """A member of staff by name. Raises NotFound."""
    member = shop.session.scalars(sa.select(Staff).where(col(Staff.name) == name.strip())).first()
    if member is None:
        raise NotFound(_("{who} is not on the staff list of these books").format(who=name), "retcli staff list")
    return member


def _as_name(text: str, hint: str) -> str:
    """A person's name without blanks around it. Raises WrongCommand for an empty one, the program's own, or one with
    control characters.
    """
    name = text.strip()
    if not name or not name.isprintable() or name == SYSTEM:
        raise WrongCommand(_("{text} is no name").format(text=text), hint)
    return name


def _refuse_last_owner(shop: Shop, member: Staff) -> None:
    owners = shop.session.scalar(sa.select(sa.func.count()).where(col(Staff.role) == Role.OWNER)) or 0
    if member.role == Role.OWNER and owners == 1:
        raise Refused(_("The books need an owner"), _("Make somebody else owner first"))


def list_staff(shop: Shop) -> StaffView:
    """Everybody with their role."""
    rows = shop.session.scalars(sa.select(Staff).order_by(col(Staff.id)))
    return StaffView(tuple({"name": row.name, "role": row.role} for row in rows))
