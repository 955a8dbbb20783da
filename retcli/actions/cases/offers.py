"""The ladder: what is advised for a case, what was offered on it, and what the buyer answered."""

from retcli.actions.casefile import lookup, offer_records
from retcli.actions.casefile.dossiers import Dossier, Part, dossier_of
from retcli.actions.casefile.filing import refuse_finished
from retcli.actions.casefile.judgement import judgement
from retcli.actions.casefile.next_steps import payout_step
from retcli.actions.money import outgoing
from retcli.actions.orderfile import typed_amounts
from retcli.errors import Refused, WrongCommand
from retcli.language import _, mark
from retcli.models import Case, Offer, Product, Waiver
from retcli.rules.cases.remedies import GIVEN, INTERCEPT, UNDER_WAY, Rung, above_postage, advised, allowed
from retcli.rules.lifecycles import MAY_DECIDE, OFFER, Decision, Kind, OfferState
from retcli.rules.money.minor_units import Money, Typed
from retcli.rules.money.minor_units import text as money_in_words
from retcli.rules.money.payouts import AMENDS, Door
from retcli.shellwords import either
from retcli.shop import Shop
from retcli.views.base import money_text
from retcli.views.cases.offers import AdviceLine, AdviceView, OfferView
from retcli.words import word

_OFFER = mark("make offers")
_METHOD = {Rung.COUPON: "coupon", Rung.COMPENSATION: "transfer"}


def advise(shop: Shop, ref: str) -> AdviceView:
    """What to offer on a case, by the kind of goods and the reason, and what its offers saved so far."""
    held = dossier_of(shop, lookup.case_of(shop, ref))
    case, order = held.case, held.order
    categories = sorted({product.category for product in _products(held) if product.category})
    remedies = advised(case.reason, categories, own=shop.policy.remedies, abroad=order.currency != "CNY")
    chosen = [UNDER_WAY] if _under_way(shop, held) else list(remedies)
    lines = [AdviceLine(each.then, each.why, tuple(_command(case, what) for what in each.then)) for each in chosen]
    may = allowed(shop.operator.role, shop.policy, order.currency)
    made = offer_records.of_case(shop, case)
    won = sum(offer_records.saving(offer, case, held.due) for offer in made)
    return AdviceView(
        case=case.number,
        reason=case.reason,
        categories=tuple(categories),
        remedies=tuple(lines),
        due=Money(_due(shop, held), order.currency),
        least=may.least,
        most=may.most,
        offers=tuple(offer_records.line_of(offer, order, case, held.due) for offer in made),
        saved=Money(won, order.currency),
    )


def _products(held: Dossier) -> list[Product]:
    wanted = {on.sku for _line, on in held.lines}
    return [product for sku, product in held.products.items() if sku in wanted]


def _under_way(shop: Shop, held: Dossier) -> bool:
    """Whether the findings want goods that are on their way to the buyer intercepted before anything is refunded."""
    ways = (way for finding in judgement(shop, held).findings for way in finding.ways)
    return any(way.startswith("retcli parcel intercept") for way in ways)


def _command(case: Case, what: str) -> str:
    """The command that does what is advised; empty where it is done on the platform."""
    if what in set(Rung):
        amount = " --amount AMOUNT" if what in GIVEN else ""
        return f"retcli case offer {case.number} --rung {what}{amount}"
    if what == INTERCEPT:
        return f"retcli parcel intercept {case.number}"
    if what in set(Kind):
        same = f"retcli case approve {case.number}"
        return same if case.kind == what else f"retcli case change {case.number} --kind {what} --because TEXT"
    return ""


def _due(shop: Shop, held: Dossier) -> int:
    """What the case would cost as it stands, in minor units: nothing more where the buyer took something instead."""
    if any(state == OfferState.ACCEPTED and rung != Rung.RETURN for state, rung in held.offers):
        return 0
    if held.case.decision == Decision.APPROVED:
        return max(held.due - sum(held.paid.values()), 0)
    return judgement(shop, held, asked=held.case.asked).amount.due


def offer(shop: Shop, ref: str, rung: str, *, amount: int | Typed | None = None, note: str = "") -> OfferView:
    """Notes an offer to the buyer, `amount` in the currency of the order; the one that waits lapses."""
    shop.may(MAY_DECIDE, _OFFER)
    case = _open_case(shop, ref)
    held = dossier_of(shop, case)
    step, cost = Rung(rung), _cost(shop, held, Rung(rung), amount)
    offer_records.lapse(shop, case)
    row = Offer(case_id=case.id or 0, rung=step, amount=cost, due=_due(shop, held), note=note.strip(),
                state=OfferState.MADE, by=shop.operator.name, at=shop.now)  # fmt: skip
    shop.add(row)
    shop.born(offer_records.subject_of(case, row), OFFER, row.state, rung=step, amount=cost, due=row.due)
    rules = shop.policy.in_currency(held.order.currency)
    dear = step == Rung.COMPENSATION and above_postage(cost, held.order.freight, rules)
    warning = _("{amount} is more than the freight of {freight}: compensation normally stays within it")
    freight = Money(max(held.order.freight, rules.freight_fee), held.order.currency)
    text = warning.format(amount=money_text(Money(cost, held.order.currency)), freight=money_text(freight))
    command = either(f"retcli case offer {case.number} --accepted", f"retcli case offer {case.number} --declined")
    return _view(held, row, command, text if dear else "")


def _open_case(shop: Shop, ref: str) -> Case:
    case = lookup.case_of(shop, ref)
    refuse_finished(case)
    if case.decision == Decision.WITHDRAWN:
        message = _("The buyer took {case} back: nothing is offered any more").format(case=case.number)
        raise Refused(message, f"retcli case reopen {case.number}", case=case.number)
    return case


def _cost(shop: Shop, held: Dossier, rung: Rung, amount: int | Typed | None) -> int:
    """What a rung costs; only a coupon and a compensation have an amount, within what the operator may give."""
    currency = held.order.currency
    if rung not in GIVEN:
        if amount is not None:
            raise WrongCommand(_("{rung} has no amount").format(rung=word(rung)), "--rung coupon --amount 5.00")
        return 0
    if amount is None:
        raise WrongCommand(_("Say how much is offered"), "--amount 5.00")
    promised = Money(typed_amounts.in_currency(amount, currency), currency)
    may = allowed(shop.operator.role, shop.policy, currency)
    if not may.holds(promised):
        if may.most is None:
            raise WrongCommand(_("The amount must be more than nothing"), "--amount 5.00")
        message = _("{who} ({role}) offers from {least} to {most}, not {amount}")
        limits = {"least": money_text(may.least), "most": money_text(may.most), "amount": money_text(promised)}
        text = message.format(who=shop.operator.name, role=word(shop.operator.role), **limits)
        raise Refused(text, _within(held, rung, may.least if promised.minor < may.least.minor else may.most))
    return promised.minor


def _within(held: Dossier, rung: Rung, most: Money) -> str:
    """The offer that the operator may make, and whom to ask for more."""
    to_manager = f"retcli case assign {held.case.number} --to NAME"
    if most.currency != held.order.currency:
        return _("Ask the manager: {command}").format(command=to_manager)
    hint = _("{command}; or leave it to the manager: {to_manager}")
    amount = money_in_words(most.minor, most.currency)
    command = f"retcli case offer {held.case.number} --rung {rung} --amount {amount}"
    return hint.format(command=command, to_manager=to_manager)


def answer(shop: Shop, ref: str, *, accepted: bool) -> OfferView:
    """Notes what the buyer said to the offer that waits; an accepted coupon or compensation is paid out at once."""
    shop.may(MAY_DECIDE, _OFFER)
    case = _open_case(shop, ref)
    row = next((offer for offer in offer_records.of_case(shop, case) if offer.state == OfferState.MADE), None)
    if row is None:
        message = _("Nothing is offered on {case} that waits for an answer").format(case=case.number)
        raise Refused(message, f"retcli case offer {case.number} --rung RUNG", case=case.number)
    held = dossier_of(shop, case)
    said = {"answered_by": shop.operator.name, "answered_at": shop.now}
    shop.move(row, offer_records.subject_of(case, row), OFFER, "accept" if accepted else "decline", **said)
    if not accepted:
        return _view(held, row, _next_rung(case, Rung(row.rung)))
    if row.rung in GIVEN:
        return _view(held, row, _pay(shop, case, row))
    commands = {
        Rung.EXPLAIN: f"retcli case withdraw {case.number}",
        Rung.EXCHANGE: f"retcli case change {case.number} --kind exchange --want SKU --because TEXT",
        Rung.RETURN: f"retcli case change {case.number} --kind return --because TEXT",
    }
    same = case.kind == row.rung and case.decision == Decision.REQUESTED
    return _view(held, row, f"retcli case approve {case.number}" if same else commands[Rung(row.rung)])


def _pay(shop: Shop, case: Case, row: Offer) -> str:
    """Pays an accepted coupon or compensation; without an approval the agreement with the buyer stands in for it, as a
    waiver of whoever offered it. The command that follows.
    """
    if case.decision != Decision.APPROVED:
        given = money_text(Money(row.amount, outgoing.currency_of(shop, case)))
        because = _("offer accepted: {rung} {amount}").format(rung=word(row.rung), amount=given)
        waiver = {"case_id": case.id, "rule": "approval", "because": because, "by": row.by, "at": shop.now}
        shop.session.execute(shop.insert(Waiver).values(**waiver).on_conflict_do_nothing())
        shop.record(case.number, "waive", rule="approval")
    parts = [Part(AMENDS, None, row.amount)]
    payment = outgoing.Payment("compensation", _METHOD[Rung(row.rung)], parts, because=row.note)
    payout = outgoing.let_go(shop, case, Door.OFFER, payment)
    return payout_step(payout)


def _next_rung(case: Case, rung: Rung) -> str:
    """The next rung up, or the decision where there is none."""
    ladder = list(Rung)
    if rung == ladder[-1]:
        return either(f"retcli case approve {case.number}", f"retcli case reject {case.number} --because TEXT")
    return _command(case, ladder[ladder.index(rung) + 1])


def _view(held: Dossier, row: Offer, command: str, warning: str = "") -> OfferView:
    return OfferView(held.case.number, offer_records.line_of(row, held.order, held.case, held.due), command, warning)
