"""Writes down facts about the goods and the buyer of a case that its verdict asks for."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile import lookup
from retcli.actions.casefile.case_view import view_of
from retcli.actions.casefile.filing import refuse_finished
from retcli.actions.casefile.records.one_case import case_lines
from retcli.errors import Refused, WrongCommand
from retcli.language import _, mark, series
from retcli.models import Case, OrderLine
from retcli.rules.lifecycles import MAY_DECIDE, Decision
from retcli.shop import Shop
from retcli.views.casefile.cases import CaseView
from retcli.words import word

_YES = {"yes": True, "no": False, "是": True, "否": False}


def learn(shop: Shop, ref: str, facts: Sequence[str]) -> CaseView:
    """Writes down facts, each as ``name=value``: ``opened=yes|no``, ``misused=yes|no``, ``confirmed=SKU`` (the buyer
    confirmed at the purchase that it cannot be returned), ``unconfirmed=SKU``, ``tier=NAME`` (``none`` for none),
    ``detail=CODE`` or its name. Raises Refused once it is approved, withdrawn or finished.
    """
    shop.may(MAY_DECIDE, mark("decide cases"))
    case = lookup.case_of(shop, ref)
    refuse_finished(case)
    if case.decision not in {Decision.REQUESTED, Decision.REJECTED}:
        raise Refused(_("{case} is decided: its facts stay as they were").format(case=case.number), case=case.number)
    told = []
    for fact in facts:
        name, _sign, value = fact.partition("=")
        code = _NAMES.get(name.strip(), name.strip())
        write_down = _FACTS.get(code)
        if write_down is None or not value.strip():
            message = _("{text} is no fact that can be written down").format(text=fact)
            raise WrongCommand(message, _("opened=yes misused=no confirmed=SKU unconfirmed=SKU tier=NAME detail=NAME"))
        write_down(shop, case, value.strip())
        shop.record(case.number, "learn", fact=name.strip())
        told.append(_told(code, value.strip()))
    shop.session.flush()
    return shop.shown(view_of, case, about=series(told))


def _told(code: str, value: str) -> str:
    """A fact that was written down, in the reader's language."""
    text = _TOLD_NO.get(code, "") if not _YES.get(value.lower(), True) else ""
    return _(text or _TOLD[code]).format(value=value)


def _yes(value: str) -> bool:
    """Whether somebody wrote yes, in either language. Raises WrongCommand for anything but yes and no."""
    if value.lower() not in _YES:
        raise WrongCommand(_("{text} is neither yes nor no").format(text=value), "opened=yes")
    return _YES[value.lower()]


def _opened(shop: Shop, case: Case, value: str) -> None:
    case.opened = _yes(value)


def _misused(shop: Shop, case: Case, value: str) -> None:
    case.misused = _yes(value)


def _tier(shop: Shop, case: Case, value: str) -> None:
    case.tier = "" if value in {"none", "无"} else value


def _confirmed(shop: Shop, case: Case, value: str) -> None:
    """The buyer confirmed at this purchase that the goods are without the seven days (暂行办法 §7, §20)."""
    _confirm(shop, case, value, True)


def _unconfirmed(shop: Shop, case: Case, value: str) -> None:
    """Takes back that the buyer confirmed a line."""
    _confirm(shop, case, value, False)


def _confirm(shop: Shop, case: Case, value: str, confirmed: bool) -> None:
    """Writes on the order lines of an article whether the buyer confirmed it. Raises WrongCommand where none has it."""
    lines = [
        order_line.id for _line, order_line in case_lines(shop, case) if value in {order_line.sku, order_line.number}
    ]
    if not lines:
        message = _("{case} has no line {sku}").format(case=case.number, sku=value)
        raise WrongCommand(message, f"retcli case show {case.number}")
    shop.session.execute(sa.update(OrderLine).where(col(OrderLine.id).in_(lines)).values(confirmed=confirmed))
    shop.session.expire_all()  # the session did not see the update: lines that were read are read again


def _detail(shop: Shop, case: Case, value: str) -> None:
    """Sets the shop's own sub-reason, by its code or name. Raises WrongCommand where the reason has no such one."""
    own_reasons = [own for own in shop.policy.reasons if own.parent == case.reason]
    own_reason = next((own for own in own_reasons if value in {own.code, own.name}), None)
    if own_reason is None:
        message = _("{text} is no sub-reason of {reason} in the shop's rules")
        offered = series(f"{own.code} {own.name}" for own in own_reasons) or "retcli policy show"
        raise WrongCommand(message.format(text=value, reason=word(case.reason)), offered)
    case.detail = own_reason.code


_FACTS: dict[str, Callable[[Shop, Case, str], Any]] = {
    "opened": _opened,
    "misused": _misused,
    "confirmed": _confirmed,
    "unconfirmed": _unconfirmed,
    "tier": _tier,
    "detail": _detail,
}
_NAMES = {
    "拆封": "opened",
    "人为": "misused",
    "已确认": "confirmed",
    "未确认": "unconfirmed",
    "会员": "tier",
    "细分": "detail",
}
_TOLD = {
    "opened": mark("the buyer opened it"),
    "misused": mark("the buyer damaged it"),
    "confirmed": mark("{value}: the buyer confirmed it to be without return"),
    "unconfirmed": mark("{value}: the buyer did not confirm it to be without return"),
    "tier": mark("member: {value}"),
    "detail": mark("sub-reason: {value}"),
}
_TOLD_NO = {"opened": mark("the buyer did not open it"), "misused": mark("the buyer did not damage it")}
"""What is said of a fact once it is written down, and of one that is answered by no."""
