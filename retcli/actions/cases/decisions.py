"""Opening cases and deciding them."""

from collections.abc import Mapping, Sequence
from typing import Any

from retcli.actions.casefile import lookup, offer_records, went_back
from retcli.actions.casefile.case_view import axes_of, decided_of, money_so_far, view_of
from retcli.actions.casefile.dossiers import case_lines, dossier_of, payouts_of, replacements_of
from retcli.actions.casefile.entitlements import (
    draw_lacking,
    draw_units,
    free_sent_again,
    give_up_rest,
    release,
    reserve,
)
from retcli.actions.casefile.filing import close, open_again, refuse_finished, refuse_unsettled
from retcli.actions.casefile.judgement import judgement, judgement_of, lines_of, wish_of
from retcli.actions.casefile.platform_clicks import ask_click, drop_clicks, tell_platform
from retcli.actions.casefile.waivers import overrule, waive_rules
from retcli.actions.money import outgoing
from retcli.actions.orderfile import typed_amounts
from retcli.errors import Overdrawn, Refused, WrongCommand
from retcli.language import _, mark
from retcli.models import Case, CaseLine, Order, OrderLine, Replacement
from retcli.rules.casefile import stages
from retcli.rules.casefile.amounts import Amount
from retcli.rules.casefile.findings import Answer
from retcli.rules.casefile.verdict import WAIVABLE, Judgement, unsaid
from retcli.rules.events import Actor, fingerprint
from retcli.rules.lifecycles import (
    DECIDED_THERE,
    DECISION,
    FILING,
    GOING_OUT,
    MAY_APPROVE_MONEY,
    MAY_DECIDE,
    REFUNDING,
    REPLACEMENT,
    TAKES_NO_PIECES,
    Decision,
    Filing,
    Kind,
    PayoutState,
    ReplacementState,
)
from retcli.rules.money.minor_units import Money, Typed
from retcli.rules.money.minor_units import text as money_in_words
from retcli.rules.money.payouts import Door
from retcli.rules.warehouse.ids import normalised
from retcli.shellwords import quoted
from retcli.shop import Shop
from retcli.views.base import money_text
from retcli.views.casefile.cases import CaseView, ExplainView
from retcli.views.casefile.findings import sentence
from retcli.words import word

_DECIDE = mark("decide cases")


def open_case(
    shop: Shop,
    order_ref: str,
    *,
    kind: Kind,
    reason: str,
    lines: Sequence[str] = (),
    channel: str = "",
    note: str = "",
    want: Sequence[str] = (),
    amount: int | Typed | None = None,
) -> CaseView:
    """Opens a case by hand on an order; all lines when none is named (``SKU``, ``SKU=2`` or a line's number), `want`
    what an exchange is to bring for them (``SKU=TARGET``, or ``TARGET`` for a single line).

    `amount` in the currency of the order is a lower amount than the lines are worth, or the price cut asked for.
    """
    shop.may(MAY_DECIDE, _DECIDE)
    order = lookup.order_of(shop, order_ref)
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
        asked=None if amount is None else typed_amounts.in_currency(amount, order.currency),
        owner=shop.operator.name,
        applied_at=shop.now,
        opened_at=shop.now,
        policy=shop.policy_at(shop.now).version,
    )
    pieces = lookup.lines_meant(shop, order, kind, lines)
    if want and kind != Kind.EXCHANGE:
        raise WrongCommand(_("Only an exchange brings other goods"), "--kind exchange --want SKU")
    enter(shop, case, order, pieces, lookup.targets_meant(shop, [line for line, _n in pieces], want))
    return shop.shown(view_of, case)


def enter(
    shop: Shop,
    case: Case,
    order: Order,
    pieces: Sequence[tuple[OrderLine, int]],
    targets: Mapping[int | None, str] | None = None,
) -> None:
    """Puts a new case with its pieces into the books, the pieces drawn on at once; `targets` is what an exchange is to
    bring, by order line.
    """
    shop.add(case)
    for line, quantity in pieces:
        row = CaseLine(case_id=case.id or 0, line_id=line.id or 0, quantity=quantity)
        row.want_sku = (targets or {}).get(line.id, "")
        shop.add(row)
    draw_units(shop, case, order)
    facts: dict[str, Any] = {"kind": case.kind, "order": order.number, "reason": case.reason_stated}
    if case.asked is not None and case.platform_state != "succeeded":
        facts["asked"] = case.asked
    if targets:
        facts["want"] = {line.number: targets[line.id] for line, _n in pieces if line.id in targets}
    shop.born(case.number, DECISION, case.decision, **facts)


def approve(
    shop: Shop, ref: str, *, amount: int | Typed | None = None, waive: Sequence[str] = (), because: str = ""
) -> CaseView:
    """Agrees to a case; `amount` in the currency of its order fixes less than is due. Waived rules overrule their
    findings.
    """
    shop.may(MAY_DECIDE, _DECIDE)
    case = lookup.case_of(shop, ref)
    refuse_finished(case)
    shop.allow(case, case.number, DECISION, "approve")
    wanted = typed_amounts.of_case(shop, case, amount)
    waive_rules(shop, case, waive, because, WAIVABLE, standing=_against(shop, case, wanted) if waive else ())
    if wanted is not None and case.kind in {Kind.EXCHANGE, Kind.RESEND, Kind.REPAIR}:
        raise Refused(_("A case of kind {kind} pays no amount of its own").format(kind=word(case.kind)))
    order = shop.hold(shop.session.get_one(Order, case.order_id))
    judged = judgement_of(shop, case, asked=wanted)
    refuse_no(shop, case, judged)
    _refuse_more(shop, case, judged, wanted if wanted is not None else case.asked)
    case.asked = wanted if wanted is not None else case.asked
    if case.decision == Decision.REJECTED:
        draw_units(shop, case, order)
    agree(shop, case, judged.amount, because)
    return shop.shown(view_of, case)


def agree(shop: Shop, case: Case, due: Amount, because: str = "") -> None:
    """Writes an approval down: the draw on the lines, the decision, what the platform must hear, the payout where
    nothing is to come back, goods to be sent.
    """
    reserve(shop, case, due)
    offer_records.lapse(shop, case)
    told = {"decided_at": shop.now, "because": because, **decider(shop, case)}
    against = {"against": case.overruled} if case.overruled and told["decided_as"] == "platform" else {}
    shop.move(case, case.number, DECISION, "approve", facts=_agreed(shop, case) | against, **told)
    tell_platform(shop, case)
    outgoing.go_by_itself(shop, case, Door.APPROVAL)
    if case.kind in GOING_OUT:
        put_out(shop, case)


def put_out(shop: Shop, case: Case) -> None:
    """Notes which goods are to be sent for a case, line by line; what nobody named yet has no SKU and waits for it."""
    wish = wish_of(case, shop.session.get_one(Order, case.order_id), None)
    for line, on in case_lines(shop, case):
        if line.quantity:
            sku = line.want_sku if case.kind == Kind.EXCHANGE else ""
            same = "" if unsaid(wish, line.quantity, line.want_sku) else on.sku or on.number
            row = Replacement(case_id=case.id or 0, sku=sku or same, quantity=line.quantity, state=ReplacementState.DUE)
            shop.add(row)
            shop.born(f"{case.number}/{row.id}", REPLACEMENT, row.state, sku=row.sku, quantity=line.quantity)


def _agreed(shop: Shop, case: Case) -> dict[str, Any]:
    """What an approval fixes, for its event: minor units in all, by line, and of the freight; who decided; and what had
    gone back by then.
    """
    lines = {on.number: line.agreed for line, on in case_lines(shop, case) if line.agreed}
    due = sum(line.agreed or 0 for line, _on in case_lines(shop, case)) + case.freight_due
    order = shop.session.get_one(Order, case.order_id)
    money = {"due": due, "currency": order.currency, "lines": lines, "freight": case.freight_due}
    return money | decider(shop, case) | went_back.known(shop, order, lines_of(shop, order))


def decider(shop: Shop, case: Case) -> dict[str, str]:
    """The columns that say who decides a case: the operator, the rules of its version, or its platform."""
    who = {
        Actor.PERSON: (shop.operator.name, "person"),
        Actor.RULE: (case.policy, "rule"),
        Actor.IMPORT: (case.platform, "platform"),
    }
    name, kind = who[shop.actor]
    return {"decided_by": name, "decided_as": kind}


_NOT_OVERRULED = {"overruled": "", "overruled_by": "", "overruled_at": None, "overruled_because": ""}
_NOBODY = {
    **_NOT_OVERRULED, "decided_at": None, "because": "", "decided_by": "", "decided_as": "", "freight_agreed": None
}  # fmt: skip
"""The columns of a decision that is undone."""


def _against(shop: Shop, case: Case, amount: int | None) -> set[str]:
    """The rules that there is something to overrule in: what does not say yes, and who pays the way back."""
    judged = judgement_of(shop, case, asked=amount)
    return {finding.rule for finding in judged.findings if finding.answer != Answer.YES} | {"freight"}


def refuse_no(shop: Shop, case: Case, judged: Judgement) -> None:
    """Stops where a rule says no and nobody waived it."""
    against = [f for f in judged.findings if f.answer == Answer.NO and not f.waived_by]
    if not against:
        return
    text = "；".join(f"{sentence(f.text, f.facts)}（{_(f.basis)}）" for f in against)
    if all(f.waivable for f in against):
        rules = " ".join(f"--waive {f.rule}" for f in against)
        hint = _("A manager may overrule it: retcli case approve {case} {rules} --because TEXT")
        raise Refused(text, hint.format(case=case.number, rules=rules), case=case.number)
    raise Overdrawn(text, _at_most(shop, case, judged), case=case.number)


def _at_most(shop: Shop, case: Case, judged: Judgement) -> str:
    """The command that agrees to as much as may be given; where that is nothing, the one that explains why."""
    left = next((f.facts["left"] for f in judged.findings if f.rule == "money" and "left" in f.facts), None)
    most = judged.amount.due
    if isinstance(left, Money):
        most = judgement_of(shop, case, asked=left.minor).amount.due
    if not most:
        return f"retcli case explain {case.number}"
    currency = shop.session.get_one(Order, case.order_id).currency
    return f"retcli case approve {case.number} --amount {money_in_words(most, currency)}"


def _refuse_more(shop: Shop, case: Case, judged: Judgement, wanted: int | None) -> None:
    due = judged.amount.due
    if wanted is None and case.kind == Kind.ALLOWANCE and not due:
        raise WrongCommand(_("A price cut needs its amount"), f"retcli case approve {case.number} --amount AMOUNT")
    if wanted is not None and wanted > due and case.kind not in GOING_OUT:
        currency = shop.session.get_one(Order, case.order_id).currency
        amounts = {"wanted": money_text(Money(wanted, currency)), "due": money_text(Money(due, currency))}
        message = _("{wanted} is more than the {due} that is due").format(**amounts)
        raise Overdrawn(message, _at_most(shop, case, judged), case=case.number)


def reject(shop: Shop, ref: str, *, because: str) -> CaseView:
    """Refuses a case and gives back what it drew; the platform must hear of it. One that every finding says yes to is
    on record as overruled.
    """
    shop.may(MAY_DECIDE, _DECIDE)
    case = lookup.case_of(shop, ref)
    refuse_finished(case)
    if not because.strip():
        raise WrongCommand(_("A refusal needs a reason that the buyer can be told"), "--because TEXT")
    if case.decision == Decision.REQUESTED and judgement_of(shop, case).verdict == Answer.YES:
        overrule(shop, case, "verdict", because)
    turn_away(shop, case, "reject", because)
    if case.platform_number:
        ask_click(shop, case, "refuse", 0)
    return shop.shown(view_of, case)


def withdraw(shop: Shop, ref: str, *, because: str = "") -> CaseView:
    """The buyer takes the case back: everything it drew is free again."""
    shop.may(MAY_DECIDE, _DECIDE)
    case = lookup.case_of(shop, ref)
    refuse_finished(case)
    turn_away(shop, case, "withdraw", because)
    return shop.shown(view_of, case)


def turn_away(shop: Shop, case: Case, move: str, because: str = "") -> None:
    """Rejects or withdraws, as long as no money is out and no goods went out again."""
    outgoing.call_off(shop, case, because, there=shop.actor == Actor.IMPORT)
    refuse_gone(shop, case)
    told = {"decided_at": shop.now, "because": because, **decider(shop, case)}
    shop.move(case, case.number, DECISION, move, freight_due=0, freight_agreed=None, **told)
    _give_back(shop, case)
    draw_lacking(shop, case)


def reconsider(shop: Shop, case: Case) -> None:
    """Makes an approved or rejected case undecided again, as long as no money is out and no goods went out: what the
    goods to be sent were agreed for is no longer wanted. It draws nothing afterwards; what it leaves to other cases is
    for the caller to say, once it has drawn what it asks for now.
    """
    outgoing.call_off(shop, case)
    refuse_gone(shop, case)
    shop.move(case, case.number, DECISION, "reconsider", freight_due=0, **_NOBODY)
    _give_back(shop, case)


def _give_back(shop: Shop, case: Case) -> None:
    """What an undone decision had drawn and set going."""
    release(shop, case)
    for line, _on in case_lines(shop, case):
        line.due, line.agreed = 0, None
    _drop_open(shop, case)


def refuse_gone(shop: Shop, case: Case, *, money: bool = True) -> None:
    """Nothing is undone once money is out (unless `money` does not matter) or goods went out again."""
    live = money_out(shop, case) if money else []
    if live:
        message = _("Money is out for {case}: {payouts}").format(case=case.number, payouts=", ".join(live))
        raise Refused(message, _undone_by(shop, case, live[0]), case=case.number)
    if replacements_of(shop, case, ReplacementState.SHIPPED, ReplacementState.DELIVERED):
        raise Refused(_("Goods were sent again for {case} already").format(case=case.number), case=case.number)


def _undone_by(shop: Shop, case: Case, number: str) -> str:
    """The command that takes a payout of a case back: the first of those that are out."""
    arrived = any(p.number == number and p.state == PayoutState.CONFIRMED for p in payouts_of(shop, case))
    return f"retcli pay {'reverse' if arrived else 'fail'} {number} --because TEXT"


def money_out(shop: Shop, case: Case) -> list[str]:
    """The payouts that a case cannot be turned away with: any not settled that may have left, and refunds that arrived;
    amends that arrived stay the buyer's.
    """
    there = shop.actor == Actor.IMPORT
    still_here = {payout.number for payout in outgoing.unsent(shop, case, there=there)}
    return [
        p.number
        for p in payouts_of(shop, case)
        if (p.state in stages.UNSETTLED and p.number not in still_here)
        or (p.kind == "refund" and p.state == PayoutState.CONFIRMED and p.minor > 0)
    ]


def _drop_open(shop: Shop, case: Case) -> None:
    """Clicks and goods to be sent that are no longer wanted."""
    drop_clicks(shop, case)
    cancel_due(shop, case)


def cancel_due(shop: Shop, case: Case) -> None:
    """Cancels the goods to be sent that did not go out yet."""
    for row in replacements_of(shop, case, ReplacementState.DUE):
        shop.move(row, f"{case.number}/{row.id}", REPLACEMENT, "cancel")


def reapply(shop: Shop, case: Case, *, overruling: bool = False) -> None:
    """The buyer asks again: the case is open and undecided, and draws its pieces again. Where the platform decides
    against what a person decided here (`overruling`), that decision stays beside it.
    """
    ours: dict[str, Any] = {}
    if overruling and case.decided_as == "person":
        names = {"by": case.decided_by, "at": case.decided_at, "because": case.because}
        ours = {"overruled": case.decision} | {f"overruled_{name}": value for name, value in names.items()}
    if case.filing == Filing.FINISHED:
        shop.move(case, case.number, FILING, "reopen", finished_at=None)
    shop.move(case, case.number, DECISION, "reapply", **(_NOBODY | ours))
    draw_units(shop, case, shop.session.get_one(Order, case.order_id))


def finish(shop: Shop, ref: str, *, because: str = "") -> CaseView:
    """Closes a case with nothing open; a manager may give up goods that never came and money that no payout was made
    for, with the reason. An inquiry is answered by it.
    """
    shop.may(MAY_DECIDE, _DECIDE)
    case = lookup.case_of(shop, ref)
    if case.kind == Kind.INQUIRY and case.decision == Decision.REQUESTED:
        agree(shop, case, judgement_of(shop, case).amount, because)
    left = stages.still_open(axes_of(shop, case))
    if left and because:
        refuse_unsettled(shop, case)
    if left and because and set(left) <= _GIVEN_UP:
        shop.may(MAY_APPROVE_MONEY, mark("close a case with goods outstanding"))
        rest = give_up_rest(shop, case)
        shop.record(case.number, "give_up", **rest, because=fingerprint(because))
        case.note = f"{case.note}\n{shop.operator.name}: {because}".strip()
        shop.session.flush()
        left = []
    if left:
        words = "、".join(word(name) for name in left)
        message = _("{case} still has something open: {what}").format(case=case.number, what=words)
        raise Refused(message, view_of(shop, case).next, case=case.number)
    close(shop, case)
    return shop.shown(view_of, case)


_GIVEN_UP = frozenset({"awaiting_goods", "to_pay", "lost_there"})


def reopen(shop: Shop, ref: str, *, because: str = "") -> CaseView:
    """Opens a finished case again; pieces of an exchange are drawn again. One that was withdrawn, finished or not, is
    undecided again and draws what it is about. Raises Overdrawn where another case has that by now, Refused where the
    platform closed it and its pieces are no longer known.
    """
    shop.may(MAY_DECIDE, _DECIDE)
    case = lookup.case_of(shop, ref)
    if case.decision == Decision.WITHDRAWN:
        _refuse_without_pieces(shop, case)
        reapply(shop, case)
    else:
        open_again(shop, case)
    if because:
        case.note = f"{case.note}\n{shop.operator.name}: {because}".strip()
        shop.session.flush()
    return shop.shown(view_of, case)


def _refuse_without_pieces(shop: Shop, case: Case) -> None:
    """A refund that was closed on its platform is not taken up without the pieces that it was about."""
    lines = case_lines(shop, case)
    whole = any(line.quantity for line, _on in lines) and not any(line.wanted for line, _on in lines)
    if case.platform_state != "closed" or whole or case.kind in TAKES_NO_PIECES:
        return
    order = shop.session.get_one(Order, case.order_id)
    anew = f"retcli case open {quoted(order.number)} --kind {case.kind} --reason {case.reason}"
    for _line, on in lines:
        anew += f" --line {quoted(on.sku or on.number)}"
    if case.asked is not None and case.kind in REFUNDING:
        anew += f" --amount {money_in_words(case.asked, order.currency)}"
    message = _("{case} was closed on the platform: the buyer applies anew there, and the next import takes it up")
    raise Refused(message.format(case=case.number), _("Or a case of its own: {command}").format(command=anew))


def ship(shop: Shop, ref: str, *, waybill: str, carrier: str = "") -> CaseView:
    """Notes that the goods of an exchange or resend left, with their waybill."""
    case = lookup.case_of(shop, ref)
    rows = replacements_of(shop, case, ReplacementState.DUE)
    if not rows:
        raise Refused(_("Nothing of {case} is to be sent").format(case=case.number), case=case.number)
    if any(not row.sku for row in rows):
        message = _("What is to be sent for {case} is not said yet").format(case=case.number)
        raise Refused(message, f"retcli case change {case.number} --want SKU --because TEXT", case=case.number)
    if stages.goods(axes_of(shop, case)) not in {"none", "inspected"}:
        shop.may(MAY_APPROVE_MONEY, mark("send before the goods are back"))
    for row in rows:
        sent = {"waybill": normalised(waybill), "carrier": carrier, "shipped_at": shop.now}
        shop.move(row, f"{case.number}/{row.id}", REPLACEMENT, "ship", **sent)
    free_sent_again(shop, case)
    if case.platform_number:
        ask_click(shop, case, "enter_waybill", 0)
    return shop.shown(view_of, case)


def show(shop: Shop, ref: str) -> CaseView:
    """A case with everything that matters for it."""
    return view_of(shop, lookup.case_of(shop, ref), whole=True)


def explain(shop: Shop, ref: str) -> ExplainView:
    """Why this verdict and this amount."""
    held = dossier_of(shop, lookup.case_of(shop, ref))
    case, currency, decided = held.case, held.order.currency, ""
    if case.decision != Decision.REQUESTED:
        text = _("Decided: {decision}; {due} fixed then")
        if case.decided_as in DECIDED_THERE:
            text = _("Decided on the platform: {decision}; {due} due by it (nobody here had agreed)")
        decided = text.format(decision=word(case.decision), due=money_text(Money(held.due, currency)))
    if (ours := decided_of(held)) and ours.against:
        decided = _("Decided: {ours}").format(ours=ours.sentence())
    judged = judgement(shop, held, asked=case.asked)
    return ExplainView(case.number, judged, currency, money_so_far(held, judged), decided, case.policy)
