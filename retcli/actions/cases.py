"""Opening cases and deciding them."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions import finding_cases, judging
from retcli.actions.judging import judgement_of
from retcli.actions.standing import accepted, axes_of, case_lines, paid_by_line, payouts_of, view_of
from retcli.errors import NotFound, Overdrawn, Refused, WrongCommand
from retcli.language import _, mark
from retcli.models import Case, CaseLine, Draw, Evidence, Order, OrderLine, PlatformAction, Replacement, Waiver
from retcli.rules import stages
from retcli.rules.amounts import Amount
from retcli.rules.cases import WAIVABLE, Judgement
from retcli.rules.events import fingerprint
from retcli.rules.findings import Answer
from retcli.rules.lifecycles import (
    DECISION,
    FILING,
    GOING_OUT,
    MAY_APPROVE_MONEY,
    MAY_DECIDE,
    PLATFORM_ACTION,
    REPLACEMENT,
    ActionState,
    Decision,
    Filing,
    Kind,
    PayoutState,
    ReplacementState,
)
from retcli.rules.money import Money
from retcli.shop import Shop
from retcli.views.base import money_text
from retcli.views.cases import CasesView, CaseView, ExplainView
from retcli.views.findings import sentence
from retcli.views.words import word

_DECIDE = mark("decide cases")
_CLICK = {
    Kind.REFUND_ONLY: "agree_refund",
    Kind.ALLOWANCE: "agree_refund",
    Kind.RETURN: "agree_return",
    Kind.EXCHANGE: "agree_exchange",
    Kind.RESEND: "agree_resend",
}


def open_case(
    shop: Shop,
    order_ref: str,
    *,
    kind: Kind,
    reason: str,
    lines: Sequence[str] = (),
    channel: str = "",
    note: str = "",
    want: str = "",
    amount: int | None = None,
) -> CaseView:
    """Opens a case by hand on an order; all lines when none is named (``SKU``, ``SKU=2`` or a line's number).

    `amount` in minor units is a lower amount than the lines are worth, or the price cut asked for.
    """
    shop.may(MAY_DECIDE, _DECIDE)
    order = finding_cases.order_of(shop, order_ref)
    case = Case(
        number=shop.number("RC"),
        order_id=order.id or 0,
        platform=order.platform,
        kind=kind,
        decision=Decision.REQUESTED,
        filing=Filing.OPEN,
        reason_stated=reason,
        channel=channel,
        note=note,
        want_sku=want,
        asked=amount,
        owner=shop.operator.name,
        applied_at=shop.now,
        opened_at=shop.now,
        policy=shop.policy.version,
    )
    enter(shop, case, order, _chosen(shop, order, kind, lines))
    return view_of(shop, case)


def enter(shop: Shop, case: Case, order: Order, pieces: Sequence[tuple[OrderLine, int]]) -> None:
    """Puts a new case with its pieces into the books; the pieces are drawn on at once."""
    shop.add(case)
    shop.session.add_all(
        [CaseLine(case_id=case.id or 0, line_id=line.id or 0, quantity=quantity) for line, quantity in pieces]
    )
    shop.session.flush()
    draw_units(shop, case, order)
    shop.born(case.number, DECISION, case.decision, kind=case.kind, order=order.number, reason=case.reason_stated)


def _chosen(shop: Shop, order: Order, kind: Kind, wanted: Sequence[str]) -> list[tuple[OrderLine, int]]:
    """The lines and pieces that were named, each line once; what is still open of all lines when none was, and all of
    them for a price cut, which takes no pieces.
    """
    lines = judging.lines_of(shop, order)
    drawn = judging.draws_of_others(shop, order, None)
    open_units = {line.id: line.quantity - sum(d.units for d in drawn.get(line.id, [])) for line in lines}
    if not wanted and kind == Kind.ALLOWANCE:
        return [(line, line.quantity) for line in lines]
    if not wanted:
        left = [(line, open_units[line.id]) for line in lines if open_units[line.id]]
        if not left:
            earlier = ", ".join(sorted({d.case for each in drawn.values() for d in each}))
            message = _("Nothing of order {order} is still open; drawn on before by {earlier}")
            raise Overdrawn(message.format(order=order.number, earlier=earlier), f"retcli order show {order.number}")
        return left
    chosen: dict[int, tuple[OrderLine, int]] = {}
    for text in wanted:
        line, count = _one_line(lines, text)
        before = chosen.get(line.id or 0, (line, 0))[1]
        chosen[line.id or 0] = (line, before + (count or open_units[line.id] or line.quantity))
    return list(chosen.values())


def _one_line(lines: Sequence[OrderLine], text: str) -> tuple[OrderLine, int]:
    name, _sep, count = text.strip().rpartition("=") if "=" in text else (text.strip(), "", "")
    if count and not (count.isascii() and count.isdigit() and int(count) > 0):
        raise WrongCommand(_("{text} names no number of pieces").format(text=text), "--line SKU=2")
    fits = [line for line in lines if name in {line.number, line.sku} and name]
    if not fits:
        offered = "、".join(line.sku or line.number for line in lines)
        raise NotFound(_("The order has no line {name}").format(name=name), _("It has: {all}").format(all=offered))
    if len(fits) > 1:
        offered = "、".join(line.number for line in fits)
        message = _("Several lines have {name}: name the line's number").format(name=name)
        raise WrongCommand(message, offered)
    return fits[0], int(count) if count else 0


def draw_units(shop: Shop, case: Case, order: Order) -> None:
    """Takes a case's pieces from its lines. Raises Overdrawn naming who drew before."""
    if case.kind == Kind.ALLOWANCE:
        return
    drawn = judging.draws_of_others(shop, order, case.id)
    for line, on in case_lines(shop, case):
        others = drawn.get(on.id, [])
        left = on.quantity - sum(d.units for d in others)
        if line.quantity > left:
            earlier = ", ".join(d.case for d in others if d.units)
            message = _("{sku}: {wanted} wanted, {open} still open; drawn on before by {earlier}")
            message = message if earlier else _("{sku}: {wanted} wanted, only {open} were bought")
            text = message.format(sku=on.sku or on.number, wanted=line.quantity, open=left, earlier=earlier)
            raise Overdrawn(text, f"retcli order show {order.number}", case=earlier)
        shop.add(Draw(order_id=on.order_id, line_id=on.id, case_id=case.id or 0, units=line.quantity, at=shop.now))


def release(shop: Shop, case: Case, *, units_only: bool = False) -> None:
    """Gives back what a case has drawn, all of it or its pieces only."""
    sums = [sa.cast(sa.func.sum(column), sa.BigInteger) for column in (Draw.units, Draw.share, Draw.cash)]
    rows = shop.session.execute(
        sa.select(col(Draw.line_id), *sums).where(col(Draw.case_id) == case.id).group_by(col(Draw.line_id))
    ).all()
    for line, units, share, cash in rows:
        back = (int(units), 0, 0) if units_only else (int(units), int(share), int(cash))
        if any(back):
            given = Draw(order_id=case.order_id, line_id=line, case_id=case.id or 0, at=shop.now)
            given.units, given.share, given.cash = (-value for value in back)
            shop.add(given)


def approve(
    shop: Shop, ref: str, *, amount: int | None = None, waive: Sequence[str] = (), because: str = ""
) -> CaseView:
    """Agrees to a case; `amount` (minor units) fixes less than is due. Waived rules overrule their findings."""
    shop.may(MAY_DECIDE, _DECIDE)
    case = finding_cases.case_of(shop, ref)
    refuse_finished(case)
    shop.allow(case, case.number, DECISION, "approve")
    waive_rules(shop, case, waive, because, WAIVABLE)
    if amount is not None and case.kind in {Kind.EXCHANGE, Kind.RESEND, Kind.REPAIR}:
        raise Refused(_("A case of kind {kind} pays no amount of its own").format(kind=word(case.kind)))
    shop.hold(shop.session.get_one(Order, case.order_id))
    judged = judgement_of(shop, case, asked=amount)
    refuse_no(case, judged)
    _refuse_more(case, judged, amount if amount is not None else case.asked)
    case.asked = amount if amount is not None else case.asked
    if case.decision == Decision.REJECTED:
        draw_units(shop, case, shop.session.get_one(Order, case.order_id))
    agree(shop, case, judged.amount, because)
    return view_of(shop, case)


def agree(shop: Shop, case: Case, due: Amount, because: str = "") -> None:
    """Writes an approval down: the draw on the lines, the decision, the click on the platform, goods to be sent."""
    reserve(shop, case, due)
    shop.move(case, case.number, DECISION, "approve", decided_at=shop.now, because=because)
    tell_platform(shop, case, due.due)
    if case.kind in GOING_OUT:
        for line, on in case_lines(shop, case):
            sku = (case.want_sku if case.kind == Kind.EXCHANGE else "") or on.sku or on.number
            row = Replacement(case_id=case.id or 0, sku=sku, quantity=line.quantity, state=ReplacementState.DUE)
            shop.add(row)
            shop.born(f"{case.number}/{row.id}", REPLACEMENT, row.state, sku=sku, quantity=line.quantity)


def tell_platform(shop: Shop, case: Case, minor: int) -> None:
    """An approval that the platform must hear of becomes a click on its list."""
    if case.platform_number and case.kind in _CLICK:
        ask_click(shop, case, _CLICK[Kind(case.kind)], minor)


def reserve(shop: Shop, case: Case, due: Amount) -> None:
    """Draws the money of an approval; pieces that stay with the buyer are given back to the line."""
    by_number = {on.number: (line, on) for line, on in case_lines(shop, case)}
    for part in due.lines:
        line, on = by_number[part.number]
        given_back = 0 if part.units or case.kind == Kind.ALLOWANCE else -line.quantity
        if given_back or part.share or part.cash:
            row = Draw(order_id=on.order_id, line_id=on.id, case_id=case.id or 0, at=shop.now)
            row.units, row.share, row.cash = given_back, part.share, part.cash
            shop.add(row)
        line.due = part.cash
    if due.freight:
        shop.add(Draw(order_id=case.order_id, line_id=None, case_id=case.id or 0, cash=due.freight, at=shop.now))
    case.freight_due = due.freight
    shop.session.flush()


def reserve_more(shop: Shop, case: Case, raised: Amount) -> None:
    """Draws what an approval was raised by, since the platform paid more than was agreed here."""
    by_number = {on.number: (line, on) for line, on in case_lines(shop, case)}
    for part in raised.lines:
        line, on = by_number[part.number]
        if part.cash > line.due:
            more = part.cash - line.due
            shop.add(Draw(order_id=on.order_id, line_id=on.id, case_id=case.id or 0, cash=more, at=shop.now))
            line.due = part.cash
    if raised.freight > case.freight_due:
        more = raised.freight - case.freight_due
        shop.add(Draw(order_id=case.order_id, line_id=None, case_id=case.id or 0, cash=more, at=shop.now))
        case.freight_due = raised.freight
    shop.session.flush()


def refuse_no(case: Case, judged: Judgement) -> None:
    """Stops where a rule says no and nobody waived it."""
    against = [f for f in judged.findings if f.answer == Answer.NO and not f.waived_by]
    if not against:
        return
    text = "；".join(f"{sentence(f.text, f.facts)}（{_(f.basis)}）" for f in against)
    if all(f.waivable for f in against):
        rules = " ".join(f"--waive {f.rule}" for f in against)
        hint = _("A manager may overrule it: retcli case approve {case} {rules} --because …")
        raise Refused(text, hint.format(case=case.number, rules=rules), case=case.number)
    raise Overdrawn(text, f"retcli case explain {case.number}", case=case.number)


def _refuse_more(case: Case, judged: Judgement, wanted: int | None) -> None:
    due = judged.amount.due
    if wanted is None and case.kind == Kind.ALLOWANCE:
        hint = f"retcli case approve {case.number} --amount 12.00"
        raise WrongCommand(_("A price cut needs its amount"), hint)
    if wanted is not None and wanted > due and case.kind not in GOING_OUT:
        message = _("{wanted} is more than the {due} that is due").format(wanted=Money(wanted), due=Money(due))
        hint = f"retcli case explain {case.number}"
        raise Overdrawn(message, hint, case=case.number)


def waive_rules(shop: Shop, case: Case, rules: Iterable[str], because: str, among: Iterable[str]) -> None:
    """Overrules findings, on record; needs a manager or the owner, a reason, and a rule that may be overruled here."""
    possible = list(among)
    for rule in rules:
        if rule not in possible:
            message = _("{rule} is no rule that can be overruled here").format(rule=rule)
            raise WrongCommand(message, _("Choose one of: {all}").format(all="、".join(possible)))
        shop.may(MAY_APPROVE_MONEY, mark("waive a rule"))
        if not because:
            raise WrongCommand(_("A waiver needs a reason"), "--because …")
        row = {"case_id": case.id, "rule": rule, "because": because, "by": shop.operator.name, "at": shop.now}
        shop.session.execute(shop.insert(Waiver).values(**row).on_conflict_do_nothing())
        shop.record(case.number, "waive", rule=rule)


def reject(shop: Shop, ref: str, *, because: str) -> CaseView:
    """Refuses a case and gives back what it drew; the platform must hear of it."""
    shop.may(MAY_DECIDE, _DECIDE)
    case = finding_cases.case_of(shop, ref)
    refuse_finished(case)
    if not because.strip():
        raise WrongCommand(_("A refusal needs a reason that the buyer can be told"), "--because …")
    turn_away(shop, case, "reject", because)
    if case.platform_number:
        ask_click(shop, case, "refuse", 0)
    return view_of(shop, case)


def withdraw(shop: Shop, ref: str, *, because: str = "") -> CaseView:
    """The buyer takes the case back: everything it drew is free again."""
    shop.may(MAY_DECIDE, _DECIDE)
    case = finding_cases.case_of(shop, ref)
    refuse_finished(case)
    turn_away(shop, case, "withdraw", because)
    return view_of(shop, case)


def turn_away(shop: Shop, case: Case, move: str, because: str) -> None:
    """Rejects or withdraws, as long as no money is out and no goods went out again."""
    live = money_out(shop, case)
    if live:
        message = _("Money is out for {case}: {payouts}").format(case=case.number, payouts=", ".join(live))
        raise Refused(message, _("Fail or reverse it first: retcli pay fail / retcli pay reverse"), case=case.number)
    shipped = shop.session.scalar(
        sa.select(sa.func.count()).where(
            col(Replacement.case_id) == case.id, col(Replacement.state).in_(["shipped", "delivered"])
        )
    )
    if shipped:
        raise Refused(_("Goods were sent again for {case} already").format(case=case.number), case=case.number)
    shop.move(case, case.number, DECISION, move, decided_at=shop.now, because=because, freight_due=0)
    release(shop, case)
    for line, _on in case_lines(shop, case):
        line.due = 0
    _drop_open(shop, case)


def money_out(shop: Shop, case: Case) -> list[str]:
    """The payouts that a case cannot be turned away with: any not settled, and refunds that arrived; amends that
    arrived stay the buyer's.
    """
    on_the_way = {PayoutState.WAITING, PayoutState.DUE, PayoutState.SENT, PayoutState.UNKNOWN}
    return [
        p.number
        for p in payouts_of(shop, case)
        if p.state in on_the_way or (p.kind == "refund" and p.state == PayoutState.CONFIRMED and p.minor > 0)
    ]


def refuse_finished(case: Case) -> None:
    """Nothing new begins on a finished case: it would be open again without anybody seeing it."""
    if case.filing == Filing.FINISHED:
        message = _("{case} is finished").format(case=case.number)
        raise Refused(message, f"retcli case reopen {case.number}", case=case.number)


def _drop_open(shop: Shop, case: Case) -> None:
    """Clicks and goods to be sent that are no longer wanted."""
    for action in clicks(shop, case, ActionState.TODO, ActionState.DONE):
        shop.move(action, f"{case.number}/{action.action}", PLATFORM_ACTION, "drop")
    rows = shop.session.scalars(
        sa.select(Replacement).where(col(Replacement.case_id) == case.id, col(Replacement.state) == "due")
    )
    for row in rows:
        shop.move(row, f"{case.number}/{row.id}", REPLACEMENT, "cancel")


def reapply(shop: Shop, case: Case) -> None:
    """The buyer asks again: the case is open and undecided, and draws its pieces again."""
    if case.filing == Filing.FINISHED:
        shop.move(case, case.number, FILING, "reopen", finished_at=None)
    shop.move(case, case.number, DECISION, "reapply", decided_at=None, because="")
    draw_units(shop, case, shop.session.get_one(Order, case.order_id))


def finish(shop: Shop, ref: str, *, because: str = "") -> CaseView:
    """Closes a case with nothing open; a manager may give up goods that never came and money not due for them, with
    the reason.
    """
    shop.may(MAY_DECIDE, _DECIDE)
    case = finding_cases.case_of(shop, ref)
    left = stages.still_open(axes_of(shop, case))
    if left and because and set(left) <= _GIVEN_UP:
        shop.may(MAY_APPROVE_MONEY, mark("close a case with goods outstanding"))
        _give_up_rest(shop, case, because)
        left = []
    if left:
        words = "、".join(word(name) for name in left)
        message = _("{case} still has something open: {what}").format(case=case.number, what=words)
        raise Refused(message, view_of(shop, case).next_step, case=case.number)
    close(shop, case)
    return view_of(shop, case)


_GIVEN_UP = frozenset({"awaiting_goods", "to_pay"})


def _give_up_rest(shop: Shop, case: Case, because: str) -> None:
    """What was approved and not paid is free again on its lines; pieces that never came back too."""
    paid, came = paid_by_line(shop, case), accepted(shop, case)
    for line, on in case_lines(shop, case):
        missing = line.quantity - came.get(line.id or 0, (0, 0))[1] if case.kind == Kind.RETURN else 0
        rest = line.due - paid.get(on.id, 0)
        if rest or missing:
            back = Draw(order_id=on.order_id, line_id=on.id, case_id=case.id or 0, at=shop.now)
            back.units, back.share, back.cash = -missing, -min(rest, share_drawn(shop, case, on)), -rest
            shop.add(back)
        line.due, line.quantity = line.due - rest, line.quantity - missing
    freight = case.freight_due - paid.get(None, 0)
    if freight:
        shop.add(Draw(order_id=case.order_id, line_id=None, case_id=case.id or 0, cash=-freight, at=shop.now))
        case.freight_due -= freight
    shop.record(case.number, "give_up", because=fingerprint(because))
    case.note = f"{case.note}\n{shop.operator.name}: {because}".strip()
    shop.session.flush()


def share_drawn(shop: Shop, case: Case, on: OrderLine) -> int:
    """What the pieces of a case on a line were worth when they were drawn."""
    query = sa.select(sa.cast(sa.func.sum(Draw.share), sa.BigInteger))
    return int(shop.session.scalar(query.where(col(Draw.case_id) == case.id, col(Draw.line_id) == on.id)) or 0)


def close(shop: Shop, case: Case) -> None:
    """Marks a case finished; pieces that were replaced are the buyer's again and may come back another time."""
    shop.move(case, case.number, FILING, "finish", finished_at=shop.now)
    if case.decision == Decision.APPROVED and case.kind in GOING_OUT:
        release(shop, case, units_only=True)


def reopen(shop: Shop, ref: str) -> CaseView:
    """Opens a finished case again; pieces of an exchange are drawn again."""
    shop.may(MAY_DECIDE, _DECIDE)
    case = finding_cases.case_of(shop, ref)
    shop.move(case, case.number, FILING, "reopen", finished_at=None)
    if case.decision == Decision.APPROVED and case.kind in GOING_OUT:
        draw_units(shop, case, shop.session.get_one(Order, case.order_id))
    return view_of(shop, case)


def finish_if_done(shop: Shop, case: Case) -> None:
    """Finishes a case by itself once nothing is open."""
    if case.filing == Filing.OPEN and not stages.still_open(axes_of(shop, case)):
        close(shop, case)


def ask_click(shop: Shop, case: Case, action: str, minor: int) -> None:
    """Puts a click on the platform's to-do list, once while it is open."""
    if any(click.action == action for click in clicks(shop, case, ActionState.TODO, ActionState.DONE)):
        return
    row = PlatformAction(
        case_id=case.id or 0,
        action=action,
        state=ActionState.TODO,
        money=minor,
        due_at=case.platform_due_at,
        created_at=shop.now,
    )
    shop.add(row)
    shop.born(f"{case.number}/{action}", PLATFORM_ACTION, row.state)


def clicks(shop: Shop, case: Case, *states: ActionState) -> list[PlatformAction]:
    """The platform actions of a case in some states."""
    query = sa.select(PlatformAction).where(col(PlatformAction.case_id) == case.id)
    return list(
        shop.session.scalars(query.where(col(PlatformAction.state).in_(states)).order_by(col(PlatformAction.id)))
    )


def note(shop: Shop, ref: str, text: str, *, reason: str = "") -> CaseView:
    """Adds a note, and sets the real reason where one is given (only before the decision)."""
    case = finding_cases.case_of(shop, ref)
    if reason:
        shop.may(MAY_DECIDE, _DECIDE)
        if case.decision != Decision.REQUESTED:
            raise Refused(_("The reason can be set only before the decision"), case=case.number)
        case.reason_set = reason
    if text:
        who = f"{shop.operator.name}: {text}"
        case.note = f"{case.note}\n{who}" if case.note else who
    shop.record(case.number, "note", reason=reason)
    shop.session.flush()
    return view_of(shop, case)


def attach(shop: Shop, ref: str, path: Path, *, kind: str) -> CaseView:
    """Registers a photo, video, chat or report by its content's hash; the file stays where it is."""
    case = finding_cases.case_of(shop, ref)
    try:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as missing:
        raise NotFound(_("There is no file {path}").format(path=path), _("Check the name"), file=path) from missing
    row = {"case_id": case.id, "kind": kind, "sha256": content, "path": str(path), "by": shop.operator.name}
    shop.session.execute(shop.insert(Evidence).values(**row, at=shop.now).on_conflict_do_nothing())
    shop.record(case.number, "attach", kind=kind, sha256=content)
    return view_of(shop, case)


def ship(shop: Shop, ref: str, *, waybill: str, carrier: str = "") -> CaseView:
    """Notes that the goods of an exchange or resend left, with their waybill."""
    case = finding_cases.case_of(shop, ref)
    rows = shop.session.scalars(
        sa.select(Replacement).where(col(Replacement.case_id) == case.id, col(Replacement.state) == "due")
    ).all()
    if not rows:
        raise Refused(_("Nothing of {case} is to be sent").format(case=case.number), case=case.number)
    if stages.goods(axes_of(shop, case)) not in {"none", "inspected"}:
        shop.may(MAY_APPROVE_MONEY, mark("send before the goods are back"))
    for row in rows:
        sent = {"waybill": waybill, "carrier": carrier, "shipped_at": shop.now}
        shop.move(row, f"{case.number}/{row.id}", REPLACEMENT, "ship", **sent)
    if case.platform_number:
        ask_click(shop, case, "enter_waybill", 0)
    return view_of(shop, case)


def show(shop: Shop, ref: str) -> CaseView:
    """A case with everything that matters for it."""
    return view_of(shop, finding_cases.case_of(shop, ref))


def explain(shop: Shop, ref: str) -> ExplainView:
    """Why this verdict and this amount."""
    case = finding_cases.case_of(shop, ref)
    order = shop.session.get_one(Order, case.order_id)
    decided = ""
    if case.decision != Decision.REQUESTED:
        text = _("Decided: {decision}; {due} fixed then")
        due = sum(line.due for line, _on in case_lines(shop, case)) + case.freight_due
        decided = text.format(decision=word(case.decision), due=money_text(Money(due, order.currency)))
    return ExplainView(case.number, judgement_of(shop, case, asked=case.asked), order.currency, decided)


def list_cases(
    shop: Shop, *, stage: str = "", kind: str = "", overdue: bool = False, at: datetime | None = None
) -> CasesView:
    """Open cases (or those of a stage), the most urgent first."""
    query = sa.select(Case).order_by(col(Case.id))
    if stage not in {"finished"}:
        query = query.where(col(Case.filing) == Filing.OPEN)
    if kind:
        query = query.where(col(Case.kind) == kind)
    views = [view_of(shop, case) for case in shop.session.scalars(query)]
    chosen = [view for view in views if not stage or view.stage == stage]
    if overdue:
        moment = at or shop.now
        chosen = [view for view in chosen if view.clocks and view.clocks[0].due_at <= moment]
    late = datetime.max.replace(tzinfo=shop.now.tzinfo)
    return CasesView(tuple(sorted(chosen, key=lambda view: view.clocks[0].due_at if view.clocks else late)))
