"""Takes back the last thing that the operator did, by a reversing entry, while nothing stands on it."""

import json
from collections.abc import Callable
from datetime import UTC, timedelta
from itertools import takewhile

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.filing import open_if_undone
from retcli.actions.casefile.records import acts
from retcli.actions.cases import changes, taking_back
from retcli.actions.warehouse import stock_orders, undone_acts
from retcli.actions.warehouse.deliveries import handovers
from retcli.actions.warehouse.pieces.undone_pieces import pieces_of, taken_of
from retcli.actions.warehouse.shipments import sent_goods
from retcli.actions.warehouse.stocktakes import posting, takes
from retcli.errors import NotFound, Refused
from retcli.language import _, mark
from retcli.models import Case, PlatformAction
from retcli.models.acts import Act
from retcli.models.books import Event
from retcli.rules.lifecycles import MAY_SCAN, PLATFORM_ACTION, ActionState
from retcli.shellwords import quoted
from retcli.shop import BOOKS, Shop
from retcli.views.base import when
from retcli.views.cases.undone import UndoneView
from retcli.words import name_of, word

AT_MOST = timedelta(minutes=10)
"""How long one's own notes, clicks, inspections and approvals can be taken back: later others have seen them."""
_SOON_ONLY = frozenset({"note", "flag", "contact", "assign", "click", "approve", "inspect", "empty"})
_CHANGED_SOMETHING = (
    col(Event.subject).not_in((BOOKS, "export")),
    col(Event.action).not_in(("export", "reveal")),
)
"""What sets an event apart from those of books founded or copied, of workbooks written and of addresses looked at."""
_LOOKED_BACK = 200
"""Events of the operator that are looked through for what they did since."""


def undo(shop: Shop) -> UndoneView:
    """Takes back the last thing that the operator did and nobody took back. Raises NotFound where there is nothing,
    Refused where it is too long ago, was followed by something that cannot be taken back, or something stands on it.
    """
    shop.may(MAY_SCAN, mark("take back what was done"))
    act = acts.last_of(shop)
    if act is None:
        raise NotFound(_("You did nothing here that could be taken back"), "retcli today")
    _refuse_followed(shop, act)
    _refuse_late(shop, act)
    if act.kind in undone_acts.KINDS:
        undone_acts.take_back(shop, act)
    elif act.kind in handovers.KINDS:
        handovers.take_back(shop, act)
    elif act.kind in _OF_STOCK:
        _OF_STOCK[act.kind](shop, act)
    else:
        _BACK[act.kind](shop, act, shop.hold(shop.session.get_one(Case, act.case_id)))
        acts.reverse(shop, act)
    case = shop.session.get(Case, act.case_id or 0)
    then = f"retcli case show {case.number}" if case else _look_at(act)
    return UndoneView(act.kind, act.subject, act.at, pieces_of(act), then, taken_of(act))


def _refuse_late(shop: Shop, act: Act) -> None:
    """Raises Refused for what can be taken back at once only."""
    if act.kind in _SOON_ONLY and shop.now - act.at > AT_MOST:
        message = _("{what} of {subject}: done at {at}, and can be taken back within {n} minutes only")
        words = {"what": word(act.kind, "act"), "subject": act.subject, "at": when(act.at)}
        text = message.format(n=AT_MOST.seconds // 60, **words)
        raise Refused(text, _look_at(act), subject=act.subject)


def _refuse_followed(shop: Shop, act: Act) -> None:
    """Raises Refused where the operator did something after an act that is not taken back by this command: they mean
    that.
    """
    since = act.at.astimezone(UTC).isoformat()
    query = sa.select(Event).where(col(Event.operator) == shop.operator.name, *_CHANGED_SOMETHING)
    newest_first = shop.session.scalars(query.order_by(col(Event.seq).desc()).limit(_LOOKED_BACK))
    # in the order of the entries, until the act's own: a clock that was set back dates later ones before it
    later = list(takewhile(lambda event: event.at != since, newest_first))
    moments = sa.select(col(Act.at)).where(col(Act.by) == shop.operator.name, col(Act.id) > act.id)
    known = {at.astimezone(UTC).isoformat() for at in shop.session.scalars(moments)} if later else set()
    other = next((event for event in later if event.at not in known), None)
    if other is not None:
        message = _("The last that you did is {subject}: {what}; that is not taken back by this command")
        number = other.subject.partition("/")[0]
        case = shop.session.scalar(sa.select(col(Case.number)).where(col(Case.number) == number))
        hint = f"retcli case show {case}" if case else "retcli today"
        raise Refused(message.format(subject=number, what=_action(other)), hint, subject=number)


def _action(event: Event) -> str:
    """The word for what an event says was done; something that began its lifecycle is told by its kind."""
    axis = str(json.loads(event.payload).get("axis", "")) if event.action == "open" else ""
    return _(name_of(axis or event.action, "event"))


def _refuse_changed(shop: Shop, act: Act, case: Case) -> None:
    """Raises Refused where something was done with a case after an act, and names it."""
    query = sa.select(Event).where(col(Event.subject) == case.number).order_by(col(Event.seq).desc()).limit(1)
    last = shop.session.scalars(query).one()
    message = _("{subject}: {who} did something after it ({what}, {at})")
    words = {"who": last.operator, "what": _action(last), "at": when(act.at)}
    raise Refused(message.format(subject=case.number, **words), _look_at(act), case=case.number)


def _look_at(act: Act) -> str:
    """The command that shows what an act is about."""
    case = act.subject.partition("/")[0]
    if act.kind in handovers.KINDS:
        return f"retcli parcel deliveries {quoted(act.subject)}"
    if act.kind in _OF_STOCK:
        return "retcli stock moves" if act.kind in {"stock_order", "approve_order"} else "retcli stock count"
    return "retcli parcel list" if act.kind in undone_acts.KINDS else f"retcli case show {case}"


def _note(shop: Shop, act: Act, case: Case) -> None:
    """A note counts no more; the reason that was set with it is what it was before."""
    did = acts.what(act)
    if "reason" not in did:
        return
    if case.reason_set != did["reason"]:
        _refuse_changed(shop, act, case)
    case.reason_set = did["was"]
    shop.session.flush()


def _flag(shop: Shop, act: Act, case: Case) -> None:
    did = acts.what(act)
    if case.flag != did["now"]:
        _refuse_changed(shop, act, case)
    case.flag = did["was"]
    shop.session.flush()
    shop.record(case.number, "flag", colour=case.flag or "none")


def _contact(_shop: Shop, _act: Act, _case: Case) -> None:
    """Nothing but its row, which counts no more."""


def _assign(shop: Shop, act: Act, case: Case) -> None:
    did = acts.what(act)
    if case.owner != did["now"]:
        _refuse_changed(shop, act, case)
    changes.give(shop, case, did["was"])


def _click(shop: Shop, act: Act, case: Case) -> None:
    """A click waits to be made again, unless an import told of it since."""
    click = shop.hold(shop.session.get_one(PlatformAction, act.row_id))
    if click.state != ActionState.DONE:
        message = _("{case}: the platform's list told of the click since ({state})")
        state = word(click.state, "platform_action")
        raise Refused(message.format(case=case.number, state=state), _look_at(act), case=case.number)
    shop.move(click, f"{case.number}/{click.action}", PLATFORM_ACTION, "unclick", done_at=None)
    open_if_undone(shop, case)


def _approve(shop: Shop, act: Act, case: Case) -> None:
    did = acts.what(act)
    if case.version != did["version"]:
        _refuse_changed(shop, act, case)
    taking_back.undecide(shop, case, amount_named=did["amount_named"])


_OF_STOCK: dict[str, Callable[[Shop, Act], None]] = {
    "tally": takes.take_back,
    "stocktake": posting.take_back,
    "drop_take": takes.resume,
    "stock_order": stock_orders.take_back,
    "approve_order": stock_orders.take_back,
}
_BACK: dict[str, Callable[[Shop, Act, Case], None]] = {
    "note": _note,
    "flag": _flag,
    "contact": _contact,
    "assign": _assign,
    "click": _click,
    "approve": _approve,
    "ship": sent_goods.undo,
}
