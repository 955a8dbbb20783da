"""Payouts by hand: a refund, freight of the way back, or compensation decided; all of them listed."""

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile import lookup, payable
from retcli.actions.casefile.judgement import way_back
from retcli.actions.casefile.records.clicked_payouts import is_clicked, refuse_unverified, spent_there, was_clicked
from retcli.actions.casefile.records.dossiers import Dossier, dossier_of
from retcli.actions.casefile.records.payout_parts import Part
from retcli.actions.casefile.records.voided_payouts import called_off
from retcli.actions.casefile.typed_again import typed_again, waiving
from retcli.actions.casefile.waivers import waive_rules
from retcli.actions.casefile.went_back import WENT_BACK
from retcli.actions.money import amends_ceiling, outgoing
from retcli.actions.money.outgoing import Payment, currency_of
from retcli.actions.money.unapproved import refuse_unapproved
from retcli.actions.orderfile import typed_amounts
from retcli.actions.orderfile.open_questions import changes_about
from retcli.errors import Ambiguous, NotFound, Overdrawn, Refused, WrongCommand
from retcli.language import _, mark
from retcli.models import Case, Order, Payout, PayoutPart
from retcli.rules.casefile.reasons import Fault
from retcli.rules.lifecycles import BY_ITSELF, CLICKED, MAY_PAY, Decision, PayoutState
from retcli.rules.money import minor_units as split_rules
from retcli.rules.money import payouts as rules
from retcli.rules.money.amends import BEYOND_PRICE
from retcli.rules.money.minor_units import POINTS, Money, Typed
from retcli.rules.money.minor_units import text as money_in_words
from retcli.rules.money.payouts import AMENDS, OVER, WAY_BACK, money_kind
from retcli.rules.warehouse.ids import normalised
from retcli.shop import TRIED, Shop
from retcli.views.base import money_text
from retcli.views.casefile.findings import sentences
from retcli.views.money.payouts import AskedOf, PayoutsView, PayoutView

PAY = mark("pay")


def refund(
    shop: Shop, ref: str, *, amount: int | Typed | None = None, waive: Sequence[str] = (), because: str = ""
) -> PayoutView:
    """Pays what is due on a case now, or less (`amount`, in the currency of the order); of a return only what came back
    is due. Raises Refused where nothing is due or something stands against it, Overdrawn where the order has no money.
    """
    shop.may(MAY_PAY, PAY)
    case = lookup.case_of(shop, ref)
    less = typed_amounts.of_case(shop, case, amount)
    amends_ceiling.waive_leaving(shop, case, waive, because, _waivable(shop, case, waive))
    dossier = dossier_of(shop, case)
    ready = payable.payable(dossier)
    command = typed_again(f"retcli pay refund {case.number}", _named(shop, case, less), waive)
    refuse_against(case, ready, command)
    refuse_unverified(dossier)
    parts, left = ready.parts, ready.minor
    if left <= 0:
        raise Refused(_("Nothing is due on {case} now").format(case=case.number), _hint(case), case=case.number)
    if less is not None:
        parts = _part_payment(parts, less, Money(left, currency_of(shop, case)), case, waive)
    payment = Payment("refund", method_of(dossier), parts)
    payout = outgoing.let_go(shop, case, rules.Door.REFUND, payment, command=command)
    if ready.goods_first_waived:
        shop.record(payout.number, "ahead_of_goods", case=case.number)
    return shop.shown(_part_of_view, payout, later=dossier.due - sum(dossier.paid.values()) - payout.minor)


def _named(shop: Shop, case: Case, minor: int | None) -> Money | None:
    """An amount that was typed, in the currency of a case's order; None where none was."""
    return None if minor is None else Money(minor, currency_of(shop, case))


def _waivable(shop: Shop, case: Case, waive: Sequence[str]) -> tuple[str, ...]:
    """The rules that may be waived for a refund; that it is paid though the platform closed or paid it only where that
    stands against it.
    """
    asked = {rules.CLOSED_THERE, rules.PAID_THERE} & set(waive)
    stands = payable.against_there(dossier_of(shop, case)) if asked else ""
    return ("approval", "goods_first", "goods", "sent_back", WENT_BACK, *([stands] if stands else []))


def _part_of_view(shop: Shop, payout: Payout, *, later: int) -> PayoutView:
    """The view of a refund that was just decided, with what of its case is paid later (`later`, minor units)."""
    return replace(answer_of(shop, payout), rest=Money(later, payout.currency))


def method_of(dossier: Dossier) -> str:
    """The method by which a refund of a case leaves: the original route where the platform has the case, and its refund
    there is neither over nor clicked; else a transfer.
    """
    case = dossier.case
    by_route = case.platform_number and case.kind in BY_ITSELF
    return "original" if by_route and not payable.ended_there(case) and not spent_there(dossier) else "transfer"


def _hint(case: Case) -> str:
    return f"retcli case show {case.number}"


def _overrule(command: str) -> str:
    return _("A manager may overrule it: {command} --because TEXT").format(command=command)


def refuse_against(case: Case, ready: payable.Payable, command: str) -> None:
    """Raises Refused where a rule stands against paying and nobody waived it, with the waiver where one is possible;
    `command` is the one that was typed.
    """
    if ready.against:
        text = sentences(ready.against)
        if ready.minor <= 0 or not all(finding.waivable for finding in ready.against):
            hint = f"retcli case approve {case.number}" if case.decision == Decision.REQUESTED else _hint(case)
            raise Refused(text, hint, case=case.number)
        command = waiving(command, (finding.rule for finding in ready.against))
        if any(finding.rule == BEYOND_PRICE for finding in ready.against):
            raise Refused(text, amends_ceiling.way_out(command), case=case.number)
        raise Refused(text, _overrule(command), case=case.number)


def _part_payment(
    parts: Sequence[Part], amount: int, left: Money, case: Case, waive: Sequence[str]
) -> tuple[Part, ...]:
    """The parts of a smaller payment (minor units), split over `parts` by largest remainder. Raises Overdrawn where it
    exceeds what may be paid now (`left`).
    """
    if _positive(amount) > left.minor:
        message = _("{wanted} is more than the {due} that may be paid now")
        wanted = money_text(Money(amount, left.currency))
        hint = typed_again(f"retcli pay refund {case.number}", left, waive)
        hint += " --because TEXT" if waive else ""
        raise Overdrawn(message.format(wanted=wanted, due=money_text(left)), hint, case=case.number)
    shares = split_rules.split(amount, [part.minor for part in parts])
    return tuple(Part(part.purpose, part.line_id, minor) for part, minor in zip(parts, shares, strict=True) if minor)


def freight_back(
    shop: Shop, ref: str, amount: int | Typed, *, waive: Sequence[str] = (), because: str = ""
) -> PayoutView:
    """Repays the freight of the way back that the buyer advanced, apart from the refund (消法 §24 ¶2); once a case.
    Raises Refused where it is not the shop's to pay, Overdrawn where it was repaid already.
    """
    shop.may(MAY_PAY, PAY)
    case = lookup.case_of(shop, ref)
    currency = currency_of(shop, case)
    advanced = Money(_positive(typed_amounts.in_currency(amount, currency)), currency)
    written = money_in_words(advanced.minor, currency)
    waive_rules(shop, case, waive, because, ("approval", "freight"))
    dossier = dossier_of(shop, case)
    typed = typed_again(f"retcli pay freight {case.number} --amount {written}", waive=waive)
    refuse_unapproved(shop, dossier, typed)
    if way_back(shop, dossier) != Fault.MERCHANT and "freight" not in dossier.waivers:
        message = _("The way back of {case} is not the shop's to pay").format(case=case.number)
        raise Refused(message, _overrule(f"retcli pay freight {case.number} --amount {written} --waive freight"))
    undone = {PayoutState.FAILED, PayoutState.REVERSED}
    if any(payout.kind == "freight" and payout.state not in undone and payout.minor > 0 for payout in dossier.payouts):
        raise Overdrawn(_("The way back of {case} was repaid already").format(case=case.number), _hint(case))
    payment = Payment("freight", "transfer", [Part(WAY_BACK, None, advanced.minor)])
    payout = outgoing.let_go(shop, case, rules.Door.FREIGHT, payment)
    return shop.shown(answer_of, payout)


def compensate(
    shop: Shop,
    ref: str,
    *,
    coupon: int | Typed | None = None,
    points: int | None = None,
    cash: int | Typed | None = None,
    waive: Sequence[str] = (),
    because: str = "",
) -> PayoutView:
    """Gives one of coupon, points, or cash on top of what is due; it never lowers a refund. Raises WrongCommand unless
    just one is named, Refused where the case is not approved, or cash exceeds what was paid for its goods.
    """
    shop.may(MAY_PAY, PAY)
    case = lookup.case_of(shop, ref)
    beyond = 0 if cash is None else amends_ceiling.excess(shop, case, typed_amounts.of_case(shop, case, cash) or 0)
    # a waiver of what says yes today would silently overrule a later no
    asked = [rule for rule in waive if rule != BEYOND_PRICE or beyond > 0]
    waive_rules(shop, case, asked, because, ("approval", BEYOND_PRICE), beyond=beyond)
    given = [(method, n) for method, n in (("coupon", coupon), ("points", points), ("transfer", cash)) if n is not None]
    command = _compensating(shop, case, given)
    refuse_unapproved(shop, dossier_of(shop, case), typed_again(command, waive=waive), _one_given(shop, case, given))
    if len(given) != 1:
        raise WrongCommand(
            _("Name one of --coupon, --points and --cash"), f"retcli pay compensate {case.number} --coupon 5.00"
        )
    method, amount = given[0]
    currency = POINTS if method == "points" else currency_of(shop, case)
    option = {"points": "--points 100", "transfer": "--cash 12.00"}.get(method, "--coupon 12.00")
    parts = [Part(AMENDS, None, _positive(typed_amounts.in_currency(amount, currency), option))]
    payment = Payment("compensation", method, parts, currency, because)
    payout = outgoing.let_go(shop, case, rules.Door.COMPENSATION, payment, command=typed_again(command, waive=waive))
    return shop.shown(answer_of, payout)


def _compensating(shop: Shop, case: Case, given: Sequence[tuple[str, int | Typed]]) -> str:
    """The command that gives what was typed (method and amount) on a case; with a word for the amount where not just
    one was.
    """
    command = f"retcli pay compensate {case.number}"
    if len(given) != 1:
        return f"{command} --cash AMOUNT"
    method, amount = given[0]
    currency = POINTS if method == "points" else currency_of(shop, case)
    option = {"points": "--points", "transfer": "--cash"}.get(method, "--coupon")
    minor = typed_amounts.in_currency(amount, currency)
    return f"{command} {option} {minor if method == 'points' else money_in_words(minor, currency)}"


def _one_given(shop: Shop, case: Case, given: Sequence[tuple[str, int | Typed]]) -> tuple[str, Money] | None:
    """Method and amount of what was typed; None where not just one was."""
    if len(given) != 1:
        return None
    method, amount = given[0]
    currency = POINTS if method == "points" else currency_of(shop, case)
    return method, Money(typed_amounts.in_currency(amount, currency), currency)


def _positive(minor: int, instead: str = "--amount 12.00") -> int:
    """An amount in minor units. Raises WrongCommand for zero or less, with an example of the option (`instead`)."""
    if minor <= 0:
        raise WrongCommand(_("The amount must be more than nothing"), instead)
    return minor


def list_payouts(shop: Shop, *, state: str = "") -> PayoutsView:
    """The payouts that are not settled, or those of a state. `CLICKED` (clicked on the platform and not verified)
    counts as a state here, and such a payout is not listed as due.
    """
    wanted = [state] if state else [PayoutState.WAITING, PayoutState.DUE, PayoutState.SENT, PayoutState.UNKNOWN]
    test = was_clicked() if state == CLICKED else col(Payout.state).in_(wanted)
    if state == PayoutState.DUE:
        test = sa.and_(test, sa.not_(was_clicked()))
    query = sa.select(Payout).where(test).order_by(col(Payout.id))
    return PayoutsView(tuple(view_of(shop, payout) for payout in shop.session.scalars(query)))


def payout_of(shop: Shop, ref: str) -> Payout:
    """The payout that is meant by its number, the last group of it, or its payment number. Raises NotFound, or
    Ambiguous.
    """
    wanted = normalised(ref)
    request = sa.func.upper(sa.func.replace(col(Payout.request), " ", ""))
    query = sa.select(Payout).where(sa.or_(col(Payout.number) == wanted, request == wanted))
    payouts = list(shop.session.scalars(query))
    if not payouts and (ending := lookup.last_group(wanted)):
        tail = sa.select(Payout).where(col(Payout.number).endswith(ending, autoescape=True))
        payouts = list(shop.session.scalars(tail.limit(9)))  # as many as an error can name
    if not payouts:
        raise NotFound(_("There is no payout {number}").format(number=ref), "retcli pay list")
    if len(payouts) > 1:
        message = _("{number} names several payouts").format(number=ref)
        raise Ambiguous(message, ref, [payout.number for payout in payouts])
    return payouts[0]


def view_of(shop: Shop, payout: Payout) -> PayoutView:
    """A payout as it is shown."""
    case = shop.session.get_one(Case, payout.case_id)
    return PayoutView(
        number=payout.number,
        case=case.number,
        kind=payout.kind,
        money_kind=money_kind(payout.kind, case.kind, payout.minor, _over(shop, payout), protection=case.is_protection),
        method=payout.method,
        payee=payout.payee,
        money=Money(payout.minor, payout.currency),
        state=payout.state,
        request=payout.request,
        decided_by=payout.decided_by,
        approved_by=payout.approved_by or None,
        origin=payout.origin,
        clicked=is_clicked(shop, payout),
        platform=shop.session.get_one(Order, payout.order_id).platform,
        called_off=_is_called_off(shop, payout),
        awaits_goods=payout.because == outgoing.AWAITS_GOODS,
        tried=f"-{TRIED}" in payout.number,
        reverses=shop.session.get_one(Payout, payout.reverses_id).number if payout.reverses_id else "",
    )


def answer_of(shop: Shop, payout: Payout) -> PayoutView:
    """A payout as the answer to what was just done with it: with the questions that are open about its order."""
    order = shop.session.get_one(Order, payout.order_id)
    about = [change[0] for change in changes_about(shop, order)]
    return replace(view_of(shop, payout), questions=tuple(AskedOf(row.id, row.subject, row.field) for row in about))


def _over(shop: Shop, payout: Payout) -> int:
    """What of a payout exceeds its order, in minor units; only of what a platform paid, or its reversal, is there
    any.
    """
    if payout.origin != outgoing.PLATFORM and payout.reverses_id is None:
        return 0
    parts = sa.select(sa.func.sum(PayoutPart.minor)).where(col(PayoutPart.payout_id) == payout.id)
    return int(shop.session.scalar(parts.where(col(PayoutPart.purpose) == OVER)) or 0)


def _is_called_off(shop: Shop, payout: Payout) -> bool:
    """Whether a failed payout was called off before it left, since what it was for was taken back or waits for
    goods.
    """
    if payout.state != PayoutState.FAILED:
        return False
    return payout.because == outgoing.AWAITS_GOODS or payout.number in called_off(shop, {payout.number})
