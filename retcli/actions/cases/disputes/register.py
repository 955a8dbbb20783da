"""The register of interventions by the platform and of complaints: entered, answered, ended, each with its deadline."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile import lookup
from retcli.actions.casefile.case_view import view_of
from retcli.actions.casefile.records.written_beside import entry_line
from retcli.actions.cases.disputes import bad_reviews
from retcli.actions.orderfile import step_memory
from retcli.actions.orderfile.holidays import ShopCalendar
from retcli.actions.orderfile.persons import hiding
from retcli.errors import NotFound, Refused, WrongCommand
from retcli.language import _, mark, series
from retcli.models import Case, Order
from retcli.models.register import Escalation
from retcli.platforms.interventions import stepped_in
from retcli.rules.cases.register import Entry, wanted
from retcli.rules.lifecycles import ESCALATION, MAY_DECIDE, EscalationState, Filing
from retcli.shellwords import quoted
from retcli.shop import SYSTEM, Shop
from retcli.views.casefile.cases import CaseView
from retcli.views.cases.register import RegisterView
from retcli.words import word

_KEEP = mark("keep the register")
_LIVE = (EscalationState.OPEN, EscalationState.ANSWERED)
_PLACES: Mapping[str, int] = {"open": 0, "to_follow_up": 1, "answered": 2, "contacted": 2}
"""The place of each state in the list: what is to be answered first, what is ended last."""
VERDICTS = {"won": "win", "lost": "fall", "settled": "settle"}


def escalate(
    shop: Shop, ref: str, *, kind: Entry, due: datetime | None = None, authority: bool = False, note: str = ""
) -> CaseView:
    """Enters into the register that the platform stepped in or that somebody complained; `due` is the deadline for
    evidence, `authority` marks a market regulator's complaint. Raises WrongCommand for a bad review, which is an
    order's, Refused where the case has an entry of the kind that is not ended.
    """
    shop.may(MAY_DECIDE, _KEEP)
    case = lookup.case_of(shop, ref)
    if kind == Entry.BAD_REVIEW:
        hint = _("retcli case escalate {order} --kind bad_review").format(order=quoted(ref))
        raise WrongCommand(_("Nothing is due for a bad review"), hint)
    if authority and kind != Entry.COMPLAINT:
        raise WrongCommand(_("A market regulator sends complaints only"), "--kind complaint --authority")
    if due is not None and due <= shop.now:
        raise WrongCommand(_("This deadline is over already"), "--due 2026-11-12")
    if live := [entry for entry in entries_of(shop, case, *_LIVE) if entry.kind == kind]:
        message = _("{case} has an entry of this kind already: {state}")
        state = word(live[0].state, "escalation")
        hint = f"retcli case answer {case.number}"
        raise Refused(message.format(case=case.number, state=state), hint, case=case.number)
    entry = _enter(shop, case, kind, due=due, authority=authority, note=note.strip(), by=shop.operator.name)
    return shop.shown(view_of, case, whole=True, about=_subject(case, entry))


def _enter(
    shop: Shop, case: Case, kind: Entry, *, due: datetime | None, by: str, authority: bool = False, note: str = ""
) -> Escalation:
    """The entry, written down; `due` is the deadline that somebody named, None where it is to be computed."""
    until = wanted(shop.now, ShopCalendar(shop.policy.holidays), named=due, authority=authority)
    entry = Escalation(
        case_id=case.id or 0,
        kind=kind,
        state=EscalationState.OPEN,
        authority=authority,
        due_at=until.due_at,
        estimated=until.estimated,
        note=note,
        by=by,
        opened_at=shop.now,
    )
    shop.add(entry)
    shop.born(_subject(case, entry), ESCALATION, entry.state, kind=str(kind))
    return entry


def _subject(case: Case, entry: Escalation) -> str:
    return f"{case.number}/E{entry.id}"


def answer(shop: Shop, ref: str, *, kind: str = "") -> CaseView:
    """Writes down that evidence or an answer was sent for an entry of a case. Raises NotFound where none is open."""
    shop.may(MAY_DECIDE, _KEEP)
    case = lookup.case_of(shop, ref)
    entry = _entry_named(shop, case, kind, EscalationState.OPEN)
    shop.move(entry, _subject(case, entry), ESCALATION, "answer", answered_at=shop.now)
    return shop.shown(view_of, case, whole=True, about=_subject(case, entry))


def verdict(shop: Shop, ref: str, *, outcome: str, because: str, kind: str = "") -> CaseView:
    """Writes down how an entry ended: ``won``, ``lost`` or ``settled``, and why."""
    shop.may(MAY_DECIDE, _KEEP)
    case = lookup.case_of(shop, ref)
    if not because.strip():
        raise WrongCommand(_("A verdict needs what was said"), "--because TEXT")
    entry = _entry_named(shop, case, kind, *_LIVE)
    columns = {"closed_at": shop.now, "because": because.strip()}
    shop.move(entry, _subject(case, entry), ESCALATION, VERDICTS[outcome], **columns)
    return shop.shown(view_of, case, whole=True, about=_subject(case, entry))


def _entry_named(shop: Shop, case: Case, kind: str, *states: EscalationState) -> Escalation:
    """The entry of a case that is meant: the only one in some states, or the one of a kind. Raises NotFound where there
    is none, WrongCommand where there are several.
    """
    entries = [entry for entry in entries_of(shop, case, *states) if not kind or entry.kind == kind]
    if not entries:
        message = _("{case} has nothing of this kind in the register that is open").format(case=case.number)
        raise NotFound(message, f"retcli case show {case.number}")
    if len(entries) > 1:
        kinds = series(f"--kind {entry.kind}" for entry in entries)
        raise WrongCommand(_("{case} has several entries: say which").format(case=case.number), kinds)
    return entries[0]


def entries_of(shop: Shop, case: Case, *states: EscalationState) -> list[Escalation]:
    """The entries of a case in some states, oldest first."""
    opened = step_memory.hanging(shop, Escalation, case)
    if opened is not None:
        return [entry for entry in opened if entry.state in states]
    query = sa.select(Escalation).where(col(Escalation.case_id) == case.id, col(Escalation.state).in_(states))
    return list(shop.session.scalars(query.order_by(col(Escalation.id))))


def listed(shop: Shop, *, live: bool = False, kind: str = "") -> RegisterView:
    """The entries of all cases and the bad reviews of all orders, those to be answered first, by their deadline;
    `live` leaves out what is ended.
    """
    query = sa.select(Escalation, Case, Order).join(Case, col(Case.id) == col(Escalation.case_id)).join(Order)
    if live:
        query = query.where(col(Escalation.state).in_(_LIVE))
    if kind:
        query = query.where(col(Escalation.kind) == kind)
    escalations = shop.session.execute(query).all()
    rows = [(case.number, entry_line(case.number, entry, hiding(order))) for entry, case, order in escalations]
    if kind in {"", Entry.BAD_REVIEW}:
        rows += bad_reviews.listed(shop, live=live)
    rows.sort(key=lambda row: (_PLACES.get(row[1].state, 3), row[1].due_at or row[1].opened_at, row[1].entry))
    return RegisterView(shop.now, tuple(rows))


def waiting(shop: Shop, *, owner: str = "") -> tuple[int, int]:
    """How many entries wait for an answer, and how many of these are past their deadline; of one `owner`'s cases where
    one is named.
    """
    query = sa.select(col(Escalation.due_at)).where(col(Escalation.state) == EscalationState.OPEN)
    if owner:
        query = query.where(col(Escalation.case_id).in_(sa.select(col(Case.id)).where(col(Case.owner) == owner)))
    due_times = list(shop.session.scalars(query))
    return len(due_times), sum(due_at <= shop.now for due_at in due_times)


def follow(shop: Shop, case: Case, values: Mapping[str, Any]) -> bool:
    """Takes over what a platform's report (`values` of its row) says of an intervention: enters it once for a case, and
    takes its deadline while nothing was answered; whether anything changed.
    """
    if case.filing != Filing.OPEN or not stepped_in(str(values.get("intervention") or "")):
        return False
    due_at = datetime.fromisoformat(values["evidence_due_at"]) if values.get("evidence_due_at") else None
    entries = [entry for entry in entries_of(shop, case, *EscalationState) if entry.kind == Entry.INTERVENTION]
    if not entries:
        _enter(shop, case, Entry.INTERVENTION, due=due_at, by=SYSTEM)
        return True
    last = entries[-1]
    if due_at is None or last.state != EscalationState.OPEN or last.due_at == due_at:
        return False
    last.due_at, last.estimated = due_at, False
    shop.record(case.number, "evidence_due", entry=_subject(case, last))
    shop.session.flush()
    return True
