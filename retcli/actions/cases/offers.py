"""Offers to the buyer, rung by rung of the ladder: what is advised for a case, what is offered, what was answered."""

from collections.abc import Sequence

from retcli.actions.casefile import amends, lookup
from retcli.actions.casefile.filing import refuse_finished
from retcli.actions.casefile.judgement import judgement
from retcli.actions.casefile.next_steps import payout_step
from retcli.actions.casefile.records import offer_records
from retcli.actions.casefile.records.dossiers import Dossier, dossier_of
from retcli.actions.casefile.records.payout_parts import Part
from retcli.actions.casefile.waivers import waive_rules
from retcli.actions.money import amends_ceiling, outgoing
from retcli.actions.orderfile import typed_amounts
from retcli.errors import Refused, RetcliError, WrongCommand
from retcli.language import _, mark
from retcli.models import Case, Offer, Product, Waiver
from retcli.rules.cases.remedies import GIVEN, INTERCEPT, UNDER_WAY, Range, Rung, above_postage, advised, allowed
from retcli.rules.lifecycles import MAY_DECIDE, OFFER, Decision, Kind, OfferState
from retcli.rules.money.amends import BEYOND_PRICE
from retcli.rules.money.minor_units import Money, Typed
from retcli.rules.money.minor_units import text as money_in_words
from retcli.rules.money.payouts import AMENDS, Door
from retcli.rules.policy.policy import Remedy
from retcli.shellwords import either
from retcli.shop import Shop
from retcli.views.base import money_text
from retcli.views.cases.offers import AboveFreight, AdviceLine, AdviceView, OfferView, accepted_offer
from retcli.words import word

_OFFER = mark("make offers")
_METHOD = {Rung.COUPON: "coupon", Rung.COMPENSATION: "transfer"}


def advise(shop: Shop, ref: str) -> AdviceView:
    """What to offer on a case, by its goods' category and its reason, and what its offers have saved so far."""
    dossier = dossier_of(shop, lookup.case_shown(shop, ref))
    case, order = dossier.case, dossier.order
    categories = sorted({product.category for product in _products(dossier) if product.category})
    remedies = advised(case.reason, categories, own=shop.policy.remedies, abroad=order.currency != "CNY")
    chosen = [UNDER_WAY] if _under_way(shop, dossier) else list(remedies)
    lines = [_advice(dossier, each) for each in chosen]
    limits = allowed(shop.operator.role, shop.policy, order.currency)
    offers = offer_records.of_case(shop, case)
    saved = sum(
        offer_records.saving(offer, case, dossier.due) for offer in offers if offer_records.stands(offer, dossier)
    )
    return AdviceView(
        case=case.number,
        reason=case.reason,
        categories=tuple(categories),
        remedies=tuple(lines),
        due=Money(_due(shop, dossier), order.currency),
        least=limits.least,
        most=limits.most,
        offers=tuple(offer_records.line_of(offer, dossier) for offer in offers),
        saved=Money(saved, order.currency),
    )


def _advice(dossier: Dossier, remedy: Remedy) -> AdviceLine:
    """A remedy with the command of each of its rungs; without those that give something where all that was paid goes
    back already.
    """
    whole = amends.room(dossier) <= 0
    rungs = tuple(what for what in remedy.then if not (whole and what in GIVEN))
    return AdviceLine(rungs, remedy.why, tuple(_command(dossier.case, what) for what in rungs))


def _products(dossier: Dossier) -> list[Product]:
    """The products that the case is about."""
    skus = {order_line.sku for _line, order_line in dossier.lines}
    return [product for sku, product in dossier.products.items() if sku in skus]


def _under_way(shop: Shop, dossier: Dossier) -> bool:
    """Whether goods are on their way to the buyer and the findings want them intercepted before anything is
    refunded.
    """
    ways = (way for finding in judgement(shop, dossier).findings for way in finding.ways)
    return any(way.startswith("retcli parcel intercept") for way in ways)


def _command(case: Case, what: str) -> str:
    """The command that does what is advised (a rung, a kind, or the interception); "" where it is done on the
    platform.
    """
    if what in set(Rung):
        return f"{_given(case, Rung(what))}{' --amount AMOUNT' if what in GIVEN else ''}"
    if what == INTERCEPT:
        return f"retcli parcel intercept {case.number}"
    if what in set(Kind):
        same = f"retcli case approve {case.number}"
        return same if case.kind == what else f"retcli case change {case.number} --kind {what} --because TEXT"
    return ""


def _due(shop: Shop, dossier: Dossier) -> int:
    """What a case would still cost as it stands, in minor units; zero where the buyer accepted something else
    instead.
    """
    if any(rung != Rung.RETURN for rung in offer_records.standing(dossier)):
        return 0
    if dossier.case.decision == Decision.APPROVED:
        return max(dossier.due - sum(dossier.paid.values()), 0)
    return judgement(shop, dossier, asked=dossier.case.asked).amount.due


def offer(
    shop: Shop,
    ref: str,
    rung: str,
    *,
    amount: int | Typed | None = None,
    note: str = "",
    waive: Sequence[str] = (),
    because: str = "",
) -> OfferView:
    """Writes down an offer to the buyer, `amount` in the currency of the order; an earlier one that waits lapses.
    Raises WrongCommand where the amount is missing or not wanted, Refused where the operator may not offer so much
    alone, or it is more than is left of what was paid.
    """
    shop.may(MAY_DECIDE, _OFFER)
    case = _open_case(shop, ref)
    dossier = dossier_of(shop, case)
    step, cost = Rung(rung), _cost(shop, dossier, Rung(rung), amount)
    _waive(shop, case, step, cost, waive, because)
    if step == Rung.COMPENSATION:
        money = Money(cost, dossier.order.currency)
        command = f"{_given(case, step)} --amount {money_in_words(cost, money.currency)}"
        amends_ceiling.refuse_beyond_price(shop, case, money, command)
    offer_records.lapse(shop, case)
    row = Offer(case_id=case.id or 0, rung=step, amount=cost, due=_due(shop, dossier), note=note.strip(),
                state=OfferState.MADE, by=shop.operator.name, at=shop.now)  # fmt: skip
    shop.add(row)
    shop.born(offer_records.subject_of(case, row), OFFER, row.state, rung=step, amount=cost, due=row.due)
    command = either(f"retcli case offer {case.number} --accepted", f"retcli case offer {case.number} --declined")
    return _view(dossier, row, command, _above_freight(shop, dossier, step, cost))


def _given(case: Case, rung: Rung) -> str:
    """The command that offers something of an amount, which is still to be added."""
    return f"retcli case offer {case.number} --rung {rung}"


def _waive(shop: Shop, case: Case, rung: str, cost: int, waive: Sequence[str], because: str) -> None:
    """Writes down that a compensation (minor units) may exceed what was paid, where it does."""
    beyond = amends_ceiling.excess(shop, case, cost) if waive and rung == Rung.COMPENSATION else 0
    asked = [rule for rule in waive if rule != BEYOND_PRICE or beyond > 0]
    waive_rules(shop, case, asked, because, (BEYOND_PRICE,), beyond=beyond)


def _above_freight(shop: Shop, dossier: Dossier, rung: Rung, cost: int) -> AboveFreight | None:
    """The remark that a compensation (minor units) exceeds the freight; None where it does not, and for other rungs."""
    order = dossier.order
    rules = shop.policy.in_currency(order.currency)
    if rung != Rung.COMPENSATION or not above_postage(cost, order.freight, rules):
        return None
    freight = Money(max(order.freight, rules.freight_fee), order.currency)
    return AboveFreight(Money(cost, order.currency), freight)


def _open_case(shop: Shop, ref: str) -> Case:
    """The case on which something may be offered. Raises Refused where it was withdrawn or is finished."""
    case = lookup.case_of(shop, ref)
    refuse_finished(case)
    if case.decision == Decision.WITHDRAWN:
        message = _("The buyer took {case} back: nothing is offered any more").format(case=case.number)
        raise Refused(message, f"retcli case reopen {case.number}", case=case.number)
    return case


def _cost(shop: Shop, dossier: Dossier, rung: Rung, amount: int | Typed | None) -> int:
    """What a rung costs, in minor units; only a coupon and a compensation have an amount. Raises WrongCommand where the
    amount is lacking or not wanted, Refused where it is not what the operator may give alone.
    """
    currency = dossier.order.currency
    if rung not in GIVEN:
        if amount is not None:
            raise WrongCommand(_("{rung} has no amount").format(rung=word(rung)), "--rung coupon --amount 5.00")
        return 0
    if amount is None:
        raise WrongCommand(_("Say how much is offered"), "--amount 5.00")
    promised = Money(typed_amounts.in_currency(amount, currency), currency)
    limits = allowed(shop.operator.role, shop.policy, currency)
    if not limits.holds(promised):
        raise _outside_limits(shop, dossier, rung, promised, limits)
    return promised.minor


def _outside_limits(shop: Shop, dossier: Dossier, rung: Rung, promised: Money, limits: Range) -> RetcliError:
    """The error for an amount that the operator may not offer alone."""
    if limits.most is None:
        return WrongCommand(_("The amount must be more than nothing"), "--amount 5.00")
    message = _("{who} ({role}) offers from {least} to {most}, not {amount}")
    text = message.format(
        who=shop.operator.name,
        role=word(shop.operator.role),
        least=money_text(limits.least),
        most=money_text(limits.most),
        amount=money_text(promised),
    )
    nearest = limits.least if promised.minor < limits.least.minor else limits.most
    return Refused(text, _way_out(dossier, rung, nearest))


def _way_out(dossier: Dossier, rung: Rung, nearest: Money) -> str:
    """The hint with the nearest offer that the operator may make, and the command that hands the case to a manager."""
    to_manager = f"retcli case assign {dossier.case.number} --to NAME"
    if nearest.currency != dossier.order.currency:
        return _("Ask the manager: {command}").format(command=to_manager)
    hint = _("{command}; or leave it to the manager: {to_manager}")
    amount = money_in_words(nearest.minor, nearest.currency)
    command = f"retcli case offer {dossier.case.number} --rung {rung} --amount {amount}"
    return hint.format(command=command, to_manager=to_manager)


def answer(shop: Shop, ref: str, *, accepted: bool, waive: Sequence[str] = (), because: str = "") -> OfferView:
    """Writes down the buyer's answer to the offer that waits; an accepted coupon or compensation is paid out at once.
    Raises Refused where no offer waits, the payout's limits say no, or more than was paid would leave.
    """
    shop.may(MAY_DECIDE, _OFFER)
    case = _open_case(shop, ref)
    row = next((offer for offer in offer_records.of_case(shop, case) if offer.state == OfferState.MADE), None)
    if row is None:
        message = _("Nothing is offered on {case} that waits for an answer").format(case=case.number)
        raise Refused(message, f"retcli case offer {case.number} --rung RUNG", case=case.number)
    if accepted:
        _waive(shop, case, row.rung, row.amount, waive, because)
    columns = {"answered_by": shop.operator.name, "answered_at": shop.now}
    shop.move(row, offer_records.subject_of(case, row), OFFER, "accept" if accepted else "decline", **columns)
    if not accepted:
        return _view(dossier_of(shop, case), row, _next_rung(case, Rung(row.rung)))
    if row.rung in GIVEN:
        then = _pay(shop, case, row)
        return _view(dossier_of(shop, case), row, then)  # read with what was just given
    commands = {
        Rung.EXPLAIN: f"retcli case withdraw {case.number}",
        Rung.EXCHANGE: f"retcli case change {case.number} --kind exchange --want SKU --because TEXT",
        Rung.RETURN: f"retcli case change {case.number} --kind return --because TEXT",
    }
    same = case.kind == row.rung and case.decision == Decision.REQUESTED
    then = f"retcli case approve {case.number}" if same else commands[Rung(row.rung)]
    return _view(dossier_of(shop, case), row, then)


def _pay(shop: Shop, case: Case, row: Offer) -> str:
    """Lets the payout of an accepted coupon or compensation go; the command of its next step. No payout is without an
    approved case or a waiver: where the case is not approved, the agreement with the buyer is written as a waiver by
    who made the offer.
    """
    if case.decision != Decision.APPROVED:
        because = accepted_offer(row.rung, Money(row.amount, outgoing.currency_of(shop, case)))
        waiver = {"case_id": case.id, "rule": "approval", "because": because, "by": row.by, "at": shop.now}
        # one waiver a rule: whoever overruled it before stays on record
        shop.session.execute(shop.insert(Waiver).values(**waiver).on_conflict_do_nothing())
        shop.record(case.number, "waive", rule="approval")
    parts = [Part(AMENDS, None, row.amount)]
    payment = outgoing.Payment("compensation", _METHOD[Rung(row.rung)], parts, because=row.note)
    payout = outgoing.let_go(shop, case, Door.OFFER, payment)
    return payout_step(payout)


def _next_rung(case: Case, rung: Rung) -> str:
    """The command that offers the next rung up, or, above the last one, those that decide the case."""
    ladder = list(Rung)
    if rung == ladder[-1]:
        return either(f"retcli case approve {case.number}", f"retcli case reject {case.number} --because TEXT")
    return _command(case, ladder[ladder.index(rung) + 1])


def _view(dossier: Dossier, row: Offer, command: str, dear: AboveFreight | None = None) -> OfferView:
    line = offer_records.line_of(row, dossier)
    return OfferView(dossier.case.number, line, command, dear)
