"""Writes down beside a case: contacts with the buyer, more time for the buyer, notes, flags."""

from typing import Any

from retcli.actions.casefile import lookup
from retcli.actions.casefile.case_view import view_of
from retcli.actions.casefile.filing import refuse_finished
from retcli.actions.casefile.records import acts
from retcli.actions.casefile.records.one_case import case_lines
from retcli.actions.orderfile import typed_amounts
from retcli.errors import Refused, WrongCommand
from retcli.language import _, mark
from retcli.models import Case
from retcli.models.register import Contact, Extension, Note
from retcli.rules.lifecycles import MAY_DECIDE, Decision
from retcli.rules.money.minor_units import Typed
from retcli.shop import Shop
from retcli.views.casefile.cases import CaseView

_DECIDE = mark("decide cases")
WAYS = ("phone", "chat", "sms")
RESULTS = ("reached", "no_answer", "agreed", "refused")
FLAGS = ("red", "yellow", "green", "blue", "purple")
MOST_DAYS = 90
"""Days that can be given at once; more is taken for a slip of the fingers."""


def contact(shop: Shop, ref: str, *, way: str, result: str, note: str = "") -> CaseView:
    """Writes down that the buyer was spoken to, or that somebody tried."""
    shop.may(MAY_DECIDE, mark("speak to buyers"))
    case = lookup.case_of(shop, ref)
    row = Contact(case_id=case.id or 0, way=way, result=result, note=note.strip(), by=shop.operator.name, at=shop.now)
    shop.add(row)
    shop.record(case.number, "contact", way=way, result=result)
    acts.note(shop, "contact", case.number, case=case, row=row.id)
    return shop.shown(view_of, case, whole=True)


def extend(shop: Shop, ref: str, *, days: int, because: str) -> CaseView:
    """Gives the buyer so many days more to send the goods back, such as for customs; on record, with the reason."""
    shop.may(MAY_DECIDE, _DECIDE)
    case = lookup.case_of(shop, ref)
    refuse_finished(case)
    if not 1 <= days <= MOST_DAYS:
        raise WrongCommand(_("Between 1 and {most} days can be given").format(most=MOST_DAYS), "--days 7")
    if not because.strip():
        raise WrongCommand(_("Time extended needs its reason"), "--because TEXT")
    if case.decision not in {Decision.REQUESTED, Decision.APPROVED}:
        raise Refused(_("{case} waits for nothing that could take longer").format(case=case.number), case=case.number)
    row = Extension(case_id=case.id or 0, days=days, because=because.strip(), by=shop.operator.name, at=shop.now)
    shop.add(row)
    shop.record(case.number, "extend", days=days)
    return shop.shown(view_of, case, whole=True)


def note(
    shop: Shop, ref: str, text: str, *, reason: str = "", amount: int | Typed | None = None, sku: str = ""
) -> CaseView:
    """Adds a note, with an amount in minor units or an article of the case where it is about one, and sets the real
    reason where one is given (only before the decision).
    """
    shop.may(MAY_DECIDE, mark("write notes on cases"))
    case = lookup.case_of(shop, ref)
    about = typed_amounts.of_case(shop, case, amount)
    if not text.strip() and (amount is not None or sku):
        raise WrongCommand(_("A note needs its text"), f"retcli case note {case.number} TEXT")
    _about(shop, case, sku)
    set_before: dict[str, Any] = {}
    if reason:
        if case.decision != Decision.REQUESTED:
            raise Refused(_("The reason can be set only before the decision"), case=case.number)
        set_before = {"reason": reason, "was": case.reason_set}
        case.reason_set = reason
    row = _write(shop, case, text, amount=about, sku=sku) if text.strip() else None
    shop.record(case.number, "note", reason=reason)
    shop.session.flush()
    acts.note(shop, "note", case.number, case=case, row=row, **set_before)
    return shop.shown(view_of, case, whole=True)


def _write(
    shop: Shop, case: Case, text: str, *, amount: int | None = None, sku: str = "", flag: str = ""
) -> int | None:
    """Writes a note, and gives the id of its row."""
    by, at = shop.operator.name, shop.now
    row = Note(case_id=case.id or 0, text=text.strip(), amount=amount, sku=sku, flag=flag, by=by, at=at)
    shop.add(row)
    return row.id


def _about(shop: Shop, case: Case, sku: str) -> None:
    """Raises WrongCommand for an article that no line of the case has."""
    if sku and sku not in {
        name for _line, order_line in case_lines(shop, case) for name in (order_line.sku, order_line.number)
    }:
        message = _("{case} has no line {sku}").format(case=case.number, sku=sku)
        raise WrongCommand(message, f"retcli case show {case.number}")


def flag(shop: Shop, ref: str, colour: str, *, because: str = "") -> CaseView:
    """Sets a case's flag (``none`` takes it away), with who, when and why."""
    shop.may(MAY_DECIDE, mark("set flags"))
    case = lookup.case_of(shop, ref)
    was, case.flag = case.flag, None if colour == "none" else colour
    row = _write(shop, case, because, flag=colour) if because.strip() else None
    shop.record(case.number, "flag", colour=colour)
    shop.session.flush()
    acts.note(shop, "flag", case.number, case=case, row=row, was=was, now=case.flag)
    return shop.shown(view_of, case, whole=True)
