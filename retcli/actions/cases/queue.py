"""The queue of cases: lists of them, undecided ones looked at one by one and decided as they were seen, and groups."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile import lookup
from retcli.actions.casefile.case_view import view_of, views_of
from retcli.actions.casefile.judgement import judgement_of
from retcli.actions.casefile.order_facts import lines_of
from retcli.actions.casefile.records.agreed_before import fallen_agreements
from retcli.actions.cases import changes, contacts, decisions, offers
from retcli.actions.cases.urgency import item_of, urgency
from retcli.actions.money import making_way, paid_without_goods
from retcli.actions.orderfile import typed_amounts
from retcli.actions.orderfile.persons import hiding
from retcli.actions.warehouse import parcels
from retcli.errors import Changed, NotFound, Refused, WrongCommand
from retcli.language import _, mark
from retcli.models import Case, Order, Parcel, Payout, Staff
from retcli.rules.casefile.findings import Answer
from retcli.rules.lifecycles import MAY_APPROVE_MONEY, MAY_DECIDE, Decision, Filing, Kind, PayoutState
from retcli.rules.money.minor_units import Money, Typed
from retcli.rules.money.payouts import UNLIMITED
from retcli.rules.policy.policy import OWN_CURRENCY
from retcli.rules.warehouse.ids import normalised
from retcli.shop import Shop
from retcli.views.casefile.cases import CasesView, CaseView
from retcli.views.cases.offers import OfferView
from retcli.views.cases.queue import BossesView, Bought, CardView, GroupView, QueueView, Seen, Stopped
from retcli.views.money.lacking_goods import LackingGoods, LackingSums
from retcli.views.warehouse.parcels import ParcelView

_REVIEW = mark("decide cases")


def list_cases(
    shop: Shop,
    *,
    stage: str = "",
    kind: str = "",
    overdue: bool = False,
    mine: bool = False,
    gave_way: int | None = None,
    without_goods: bool = False,
    applied_anew: bool = False,
    at: datetime | None = None,
) -> CasesView:
    """Open cases (or those of a stage, or the operator's own, or all that `gave_way` in an import, or all that were
    paid and whose goods never came, or undecided ones that had been agreed to before the buyer `applied_anew`), the
    most urgent first.
    """
    query, lacking = sa.select(Case).order_by(col(Case.id)), dict[str, LackingGoods]()
    fell = fallen_agreements(shop) if applied_anew else None
    if fell is not None:
        query = query.where(col(Case.number).in_([fallen.case for fallen in fell.each]))
    elif gave_way is not None:
        query = query.where(col(Case.number).in_(making_way.those_of(shop, gave_way)))
    elif without_goods:
        lacking = paid_without_goods.each(shop)
        query = query.where(col(Case.number).in_(list(lacking)))
    elif stage not in {"finished"}:
        query = query.where(col(Case.filing) == Filing.OPEN)
    if kind:
        query = query.where(col(Case.kind) == kind)
    if mine:
        query = query.where(col(Case.owner) == shop.operator.name)
    views = views_of(shop, list(shop.session.scalars(query)))
    chosen = [view for view in views if not stage or view.stage == stage]
    if overdue:
        moment = at or shop.now
        chosen = [view for view in chosen if view.clock and view.clock.binding and view.clock.past(moment)]
    cases = tuple(sorted(chosen, key=_by_deadline))
    return CasesView(cases, _lacking_sums(cases, lacking) if without_goods and cases else None, fell)


def _lacking_sums(cases: Sequence[CaseView], lacking: Mapping[str, LackingGoods]) -> LackingSums:
    """What left on the listed cases for goods that never came."""
    column = [case.so_far.paid for case in cases if case.so_far.paid]
    return LackingSums([lacking[case.number] for case in cases], column, whole=len(cases) == len(lacking))


def _by_deadline(view: CaseView) -> tuple[bool, bool, float]:
    """The key that sorts by deadline: the nearest first, behind them clicks that are not verified, then no deadline."""
    clock = view.clock
    return (clock is None, clock.unverified, clock.due_at.timestamp()) if clock else (True, False, 0)


def waiting(shop: Shop) -> QueueView:
    """The numbers of the undecided cases, the most urgent first as in the day's list; what was handed up to a manager
    waits for one and is only counted for others.
    """
    shop.may(MAY_DECIDE, _REVIEW)
    rows = _undecided(shop)
    above = set() if shop.operator.role in MAY_APPROVE_MONEY else set(_bosses(shop))
    to_decide = [case for case in rows if case.owner not in above]
    numbers = [view.number for view in _by_urgency(shop, to_decide)]
    return QueueView(tuple(numbers), len(rows) - len(to_decide))


def _undecided(shop: Shop) -> list[Case]:
    query = sa.select(Case).where(col(Case.filing) == Filing.OPEN, col(Case.decision) == Decision.REQUESTED)
    return list(shop.session.scalars(query.order_by(col(Case.id))))


def _by_urgency(shop: Shop, rows: Sequence[Case]) -> list[CaseView]:
    return sorted(views_of(shop, rows), key=lambda view: urgency(item_of(shop, view)))


def _bosses(shop: Shop) -> list[str]:
    """The names of managers and owners."""
    roles = [str(role) for role in MAY_APPROVE_MONEY]
    query = sa.select(col(Staff.name)).where(col(Staff.role).in_(roles)).order_by(col(Staff.role), col(Staff.id))
    return list(shop.session.scalars(query))


def bosses(shop: Shop) -> BossesView:
    """Who may be asked: managers and owners but the operator."""
    return BossesView(tuple(name for name in _bosses(shop) if name != shop.operator.name))


def card(shop: Shop, number: str) -> CardView | None:
    """All that matters for deciding an undecided case; None where it was decided or finished meanwhile."""
    case = _numbered(shop, number)
    if case.decision != Decision.REQUESTED or case.filing != Filing.OPEN:
        return None
    view, order = view_of(shop, case), shop.session.get_one(Order, case.order_id)
    hide = hiding(order)
    return CardView(
        case=view,
        seen=Seen(case.number, case.version, view.due),
        bought=tuple(
            Bought(line.sku or line.number, hide(line.title), line.quantity, Money(line.cash, order.currency))
            for line in lines_of(shop, order)
        ),
        needs_amount=case.kind == Kind.ALLOWANCE and case.asked is None,
    )


def parcel_or_case(shop: Shop, code: str) -> ParcelView | CaseView | None:
    """The parcel of a scanned waybill, or the one case of a scanned order or refund number; None where the code names
    neither. Nothing is received by this.
    """
    parcel = shop.session.scalars(sa.select(Parcel).where(col(Parcel.waybill) == normalised(code))).first()
    if parcel is not None:
        return parcels.view_of(shop, parcel)
    try:
        return view_of(shop, lookup.case_of(shop, code))
    except (NotFound, WrongCommand):
        return None


def _numbered(shop: Shop, number: str) -> Case:
    """The case of a whole number, locked where something is to be written."""
    return shop.hold(shop.session.scalars(sa.select(Case).where(col(Case.number) == number)).one())


def approve_seen(shop: Shop, seen: Seen, *, plain: bool = False, amount: int | Typed | None = None) -> CaseView:
    """Approves a case as somebody saw it; an inquiry counts as answered and is finished. Raises Changed where the case
    was changed or is worth another amount by now, with `plain` also where its verdict is no longer yes.
    """
    return _approved(shop, seen, plain=plain, amount=amount)


def _approved(shop: Shop, seen: Seen, *, plain: bool, amount: int | Typed | None = None) -> CaseView:
    """What `approve_seen` does, and the trial of a group before it."""
    case = _unchanged(shop, seen)
    judged = judgement_of(shop, case)
    worth = Money(judged.amount.due, seen.due.currency)
    if worth != seen.due or (plain and judged.verdict != Answer.YES):
        text = _("{case} is judged otherwise by now: {due} due").format(case=case.number, due=worth)
        raise Changed(text, f"retcli case explain {case.number}", case=case.number)
    if case.kind == Kind.INQUIRY:
        return decisions.finish(shop, case.number)
    return decisions.approve(shop, case.number, amount=amount)


def _unchanged(shop: Shop, seen: Seen) -> Case:
    """The case that was seen, locked. Raises Changed where somebody changed or decided it since."""
    case = _numbered(shop, seen.number)
    if case.version != seen.version or case.decision != Decision.REQUESTED:
        raise shop.changed_meanwhile(case, case.number)
    return case


def reject_seen(shop: Shop, seen: Seen, because: str) -> CaseView:
    """Rejects a case as somebody saw it. Raises Changed where it was changed or decided since."""
    return decisions.reject(shop, _unchanged(shop, seen).number, because=because)


def offer_seen(shop: Shop, seen: Seen, rung: str, amount: int | Typed | None = None) -> OfferView:
    """Offers a rung of the ladder on a case as somebody saw it, `amount` in the currency of its order. Raises Changed
    where the case was changed or decided since.
    """
    return offers.offer(shop, _unchanged(shop, seen).number, rung, amount=amount)


def hand_up(shop: Shop, seen: Seen, to: str, note: str = "") -> CaseView:
    """Leaves a case as somebody saw it to a manager or owner, with a note what they are asked."""
    case = _unchanged(shop, seen)
    if to not in bosses(shop).names:
        raise WrongCommand(_("{who} is no manager who could be asked").format(who=to), "retcli staff list")
    if note:
        contacts.note(shop, case.number, note)
    changes.give(shop, case, to)
    return view_of(shop, case)


def at_their_turn(shop: Shop, group: GroupView) -> GroupView:
    """A group without those cases whose approval would be refused at its turn, which stand beside it as `stopped`, and
    with what will wait for a second person. Tried in turn are the cases that share an order with another of the group,
    since one takes what the next asks for, and all where the operator has a limit; all of it is undone again.
    """
    of_order = Counter(view.order for view in group.cases)
    tried = [view for view in group.cases if group.limited or of_order[view.order] > 1]
    stopped: list[Stopped] = []
    with shop.trial():
        for view in tried:
            before, seen = len(shop.events), Seen(view.number, view.version, view.due)
            try:
                with shop.session.begin_nested():
                    _approved(shop, seen, plain=True)
            except Refused as why:
                del shop.events[before:]  # the rollback of the savepoint does not reach them
                stopped.append(Stopped(seen.number, seen.due, why.message, why.hint))
        waits = _waiting_of(shop, tried)
    names = {each.case for each in stopped}
    cases = tuple(view for view in group.cases if view.number not in names)
    return replace(group, cases=cases, stopped=tuple(stopped), waits=waits)


def _waiting_of(shop: Shop, cases: Sequence[CaseView]) -> tuple[Money, ...]:
    """The payouts of some cases that wait for a second person."""
    numbers = [case.number for case in cases]
    query = sa.select(col(Payout.minor), col(Payout.currency)).join(Case, col(Case.id) == col(Payout.case_id))
    query = query.where(col(Case.number).in_(numbers), col(Payout.state) == PayoutState.WAITING)
    return tuple(Money(*row) for row in shop.session.execute(query.order_by(col(Payout.id))))


def plain_ones(shop: Shop, *, kind: str = "", most: int | Typed | None = None) -> GroupView:
    """The undecided cases whose verdict is yes, of a kind, and due at most `most` in the shop's own currency; with such
    a limit cases in another currency are left out, since no rate is known.
    """
    shop.may(MAY_DECIDE, _REVIEW)
    rows = [case for case in _undecided(shop) if not kind or case.kind == kind]
    views = [view for view in _by_urgency(shop, rows) if view.judgement.verdict == Answer.YES]
    if most is not None:
        limit = Money(typed_amounts.in_currency(most, OWN_CURRENCY), OWN_CURRENCY)
        views = [view for view in views if view.due.currency == limit.currency and view.due <= limit]
    return GroupView(shop.now, tuple(views), limited=shop.operator.role not in UNLIMITED)
