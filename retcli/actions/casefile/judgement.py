"""Gathers the facts of a case from the books, and has the rules judge them: verdict, findings, amount."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from retcli.actions.casefile.amends import beside_amends
from retcli.actions.casefile.order_facts import facts_of_line, facts_of_order, sale_of
from retcli.actions.casefile.records import offer_records
from retcli.actions.casefile.records.dossiers import Dossier, dossier_of
from retcli.actions.casefile.records.ledger import DrawnOn
from retcli.actions.orderfile.holidays import ShopCalendar
from retcli.actions.orderfile.order_standing import refunded_there, was_shipped
from retcli.actions.orderfile.persons import hiding
from retcli.actions.orderfile.refunded_on_platform import by_files, unbooked_of
from retcli.models import Case, Order, Parcel
from retcli.rules.casefile import freight
from retcli.rules.casefile.amount_facts import LineFacts, OrderFacts, Wish
from retcli.rules.casefile.facts import Facts, Intercept, LessPaid
from retcli.rules.casefile.reasons import Fault
from retcli.rules.casefile.verdict import Judgement, judge
from retcli.rules.cases.remedies import Rung
from retcli.rules.imports.orders import UNPAID
from retcli.rules.lifecycles import Decision, Grade, Kind, OfferState, ParcelState
from retcli.rules.money.amends import goods_room
from retcli.rules.money.lesser_paid import may_still_leave
from retcli.rules.money.refunded_on_platform import NOTHING_UNBOOKED, REPORTING, Unbooked, cut
from retcli.rules.policy.policy import OWN_CURRENCY, Policy, Terms
from retcli.shop import Shop


def judgement_of(shop: Shop, case: Case, *, asked: int | None = None, by_report: bool = False) -> Judgement:
    """The judgement on a case as the books stand. `asked` (minor units) takes the place of the amount asked for;
    `by_report`: the platform's own report of this refund is being written down.
    """
    return judgement(shop, dossier_of(shop, case), asked=asked, by_report=by_report)


def judgement(shop: Shop, dossier: Dossier, *, asked: int | None = None, by_report: bool = False) -> Judgement:
    """The judgement on a case that was read; `asked` and `by_report` as for `judgement_of`."""
    rules = shop.policy_named(dossier.case.policy).in_currency(dossier.order.currency)
    facts = facts_of(shop, dossier, asked=asked, by_report=by_report)
    judged = judge(facts, rules, dossier.waivers, most=dossier.waived_most, lapsed=dossier.lapsed)
    if not any(finding.ways for finding in judged.findings):
        return judged
    # their ways out are commands, in which the case is named
    findings = tuple(replace(each, case=dossier.case.number) if each.ways else each for each in judged.findings)
    return replace(judged, findings=findings)


def facts_of(
    shop: Shop,
    dossier: Dossier,
    *,
    asked: int | None = None,
    policy: Policy | None = None,
    by_report: bool = False,
) -> Facts:
    """Everything that the rules ask about a case, by the policy it was opened under or another one (`policy`).

    What went back by the platform's order file lowers what is open of lines and freight, since no case here explains
    it. Not so where it may be the refund of this very case: its report is being written down (`by_report`), the
    platform knows that it was agreed to, or more was agreed than is left beside it.
    """
    case, order, lines = dossier.case, dossier.order, dossier.order_lines
    rules = (policy or shop.policy_named(case.policy)).in_currency(order.currency)
    drawn, wanted = dossier.drawn_by_others(), _wanted(dossier)
    gone = NOTHING_UNBOOKED if by_report or _agreed_there(case) else unbooked_of(shop, order, lines)
    may_be_agreed = bool(gone.total) and _is_more_than_left(dossier, gone, drawn)
    line_facts, freight_gone = _all_lines(dossier, rules, drawn, wanted), 0
    if gone.total and not may_be_agreed:
        line_facts, freight_gone = _lowered(gone, line_facts, order, drawn, wanted)
    line_facts = _as_they_stand(dossier, line_facts, drawn)
    of_order = facts_of_order(rules, order, lines, line_facts, drawn, wanted, case)
    if freight_gone:  # lowered here, since `facts_of_order` goes by the ledger alone
        of_order = replace(of_order, freight_open=of_order.freight_open - freight_gone)
    wanted_lines = tuple(line_facts[line.id] for line in lines if line.id in wanted)
    wish = wish_of(case, order, asked)
    return _facts(dossier, rules, wish, of_order, wanted_lines, gone, may_be_agreed=may_be_agreed)


def _facts(
    dossier: Dossier,
    rules: Policy,
    wish: Wish,
    of_order: OrderFacts,
    lines: tuple[LineFacts, ...],
    gone: Unbooked,
    *,
    may_be_agreed: bool,
) -> Facts:
    """Puts together what the amount follows from with all else that the rules ask: instants, proofs, goods, offers."""
    case, order, together = dossier.case, dossier.order, dossier.together
    amends = beside_amends(dossier)
    return Facts(
        wish=wish,
        order=replace(of_order, goods_room=goods_room(amends)),
        lines=lines,
        applied_at=case.noticed_at or case.applied_at,
        # pieces of an earlier exchange have their own days, counted from when the buyer got them
        signed_at=dossier.renewed_at or order.signed_at,
        signed_by="carrier" if dossier.renewed_at else order.signed_by,
        paid=order.paid_at is not None or order.paid > 0,  # some platforms' files have no time of payment
        evidence=bool(dossier.proofs),
        grades=_grades(dossier, sum(line.wanted for line in lines)),
        opened=case.opened,
        misused=bool(case.misused),
        repairs=together.repairs.get(case.id or 0, 0),
        proofs=dossier.proofs,
        intercept=_intercept(dossier),
        lost=order.id in together.lost,
        deposit=order.status == UNPAID and order.paid > 0,  # of a presale, of which the rest is still to be paid
        bought_at=order.paid_at or order.ordered_at,
        accepted=_offered(dossier, OfferState.ACCEPTED),
        offered=_offered(dossier, OfferState.MADE),
        calendar=ShopCalendar(rules.holidays),
        unbooked=gone,
        without_return=case.platform_kind == Kind.REFUND_ONLY and was_shipped(order),
        by_platform=_is_by_platform(case),
        pieces_unsaid=_is_by_platform(case) and case.decision == Decision.REQUESTED,
        reported=order.platform in REPORTING,
        may_be_agreed=may_be_agreed,
        less_paid=less_paid(dossier),
        uncounted=dossier.uncounted and not dossier.pays_before_goods,
        looked_into=dossier.looked_into,
        missing=dossier.missing,
        right_pieces=dossier.right_pieces if dossier.grades or dossier.has_arrived else 0,
        foreign_pieces=dossier.foreign_pieces if dossier.grades or dossier.has_arrived else 0,
        amends=amends,
        agreed=dossier.due if case.decision == Decision.APPROVED else None,
    )


def less_paid(dossier: Dossier) -> LessPaid | None:
    """The lesser amount that a file says was paid on a case's order, while nobody has answered that, with what the
    payouts of other cases leave of it; None where no file says so.
    """
    order, own = dossier.order, {payout.id for payout in dossier.payouts}
    less = dossier.together.questioned.get(order.id or 0)
    if less is None:
        return None
    others = [claim for claim in dossier.together.claims.get(order.id or 0, ()) if claim.payout not in own]
    return LessPaid(less.paid, order.paid, may_still_leave(less.paid, others))


def _is_by_platform(case: Case) -> bool:
    return case.platform_number is not None


def _agreed_there(case: Case) -> bool:
    """Whether a case was agreed to that the platform knows: what went back there is the refund of this very case."""
    return case.decision == Decision.APPROVED and _is_by_platform(case)


def _is_more_than_left(dossier: Dossier, gone: Unbooked, drawn: DrawnOn) -> bool:
    """Whether a case was agreed to for more than what went back by the order file and other cases leave."""
    left = dossier.order.paid - gone.total - _drawn(drawn)
    return dossier.case.decision == Decision.APPROVED and dossier.due > left


def _all_lines(
    dossier: Dossier, rules: Policy, drawn: DrawnOn, wanted: Mapping[int, int]
) -> dict[int | None, LineFacts]:
    """Every line of the order, by its id, with the pieces that the case wants of it."""
    sale = sale_of(dossier.case, dossier.order)
    bound = {
        line.line_id: line.wanted - line.quantity for line, _order_line in dossier.lines if line.wanted is not None
    }
    facts = {}
    for order_line in dossier.order_lines:
        key = order_line.id or 0
        pieces, more = wanted.get(key, 0), bound.get(key, 0)
        facts[order_line.id] = facts_of_line(rules, sale, order_line, pieces, drawn, dossier.products, more)
    return facts


def _as_they_stand(
    dossier: Dossier, facts: Mapping[int | None, LineFacts], drawn: DrawnOn
) -> dict[int | None, LineFacts]:
    """The lines with what the platform's words say of their refund, without prices of product sheets where the order is
    in another currency, with what an exchange is to bring, and with titles that name no person.
    """
    order, lines = dossier.order, dict(facts)
    # the platform's word alone, where no file says how much: of lines on which no case draws, since a case may be it
    if not _is_by_platform(dossier.case) and not by_files(order, dossier.order_lines):
        undrawn = [order_line for order_line in dossier.order_lines if not drawn.get(order_line.id)]
        for order_line in undrawn:
            there = refunded_there(order, order_line)
            if there:
                lines[order_line.id] = replace(lines[order_line.id], refunded_there=there)
    if order.currency != OWN_CURRENCY:
        lines = {key: replace(line, price_now=None) for key, line in lines.items()}
    lines |= _targets(dossier, lines)
    hide = hiding(order)
    titles = {key: hide(line.title) for key, line in lines.items()}
    return {key: line if line.title == titles[key] else replace(line, title=titles[key]) for key, line in lines.items()}


def _drawn(drawn: DrawnOn) -> int:
    """The sum of what other cases draw on an order, in minor units."""
    return sum(each.cash for draws in drawn.values() for each in draws)


def _lowered(
    gone: Unbooked,
    facts: Mapping[int | None, LineFacts],
    order: Order,
    drawn: DrawnOn,
    wanted: Mapping[int, int],
) -> tuple[dict[int | None, LineFacts], int]:
    """The lines, lowered by what went back of them by the order file, and what did of the freight (minor units)."""
    open_freight = order.freight - sum(draw.cash for draw in drawn.get(None, []))
    taken_off = cut(gone, {key: line.cash_open for key, line in facts.items()}, open_freight, list(wanted))
    lines = {
        key: replace(line, cash_open=line.cash_open - taken_off.lines[key], gone=taken_off.lines[key])
        for key, line in facts.items()
    }
    return lines, taken_off.freight


def _offered(dossier: Dossier, state: OfferState) -> Rung | None:
    """The rung of the last offer in a state, of accepted ones of the last that stands; None once the case is decided,
    which answers all offers.
    """
    if dossier.case.decision != Decision.REQUESTED:
        return None
    if state == OfferState.ACCEPTED:
        return next(reversed(offer_records.standing(dossier)), None)
    return next((Rung(rung) for offered, rung in reversed(dossier.offers) if offered == state), None)


def is_own(dossier: Dossier, parcel: Parcel) -> bool:
    """Whether a parcel is the order's own, turned round on its way to the buyer."""
    return dossier.is_own(parcel)


def _intercept(dossier: Dossier) -> Intercept | None:
    """How far the order's own parcels, turned round on their way to the buyer, came back for a case; None where none
    was asked for. Only inspected pieces count as back, since a box does not say what is in it.
    """
    states = {parcel.state for parcel in dossier.turned_round}
    if not states:
        return None
    if dossier.lines and dossier.all_accepted:
        return Intercept.BACK
    if ParcelState.EXPECTED in states:
        return Intercept.ASKED
    return Intercept.AT_THE_DOOR if dossier.all_turned_round else None


def came_back_undelivered(dossier: Dossier) -> bool:
    """Whether the pieces of a case, turned round on their way to the buyer, are back and inspected."""
    return _intercept(dossier) == Intercept.BACK


def awaits_intercepted(dossier: Dossier) -> bool:
    """Whether a refund waits for the order's own parcels until its pieces are back and inspected. Not where somebody
    waived that, nor where the buyer signed for the order and no carrier was asked to turn it round.
    """
    if dossier.case.kind != Kind.REFUND_ONLY or "goods_back" in dossier.waivers:
        return False
    intercept = _intercept(dossier)
    if intercept is None:
        return dossier.order.signed_at is None and bool(dossier.turned_round)
    return intercept != Intercept.BACK


def is_foreign(dossier: Dossier) -> bool:
    """Whether goods of another order came back in place of pieces that a case is about."""
    return Grade.X in _grades(dossier, sum(_wanted(dossier).values()))


def way_back(shop: Shop, dossier: Dossier) -> Fault | None:
    """Who pays the way back of a case by the rules it was opened under; None where nothing comes back."""
    case, shipped = dossier.case, was_shipped(dossier.order)
    terms = _terms(shop.policy_named(case.policy), dossier)
    back = freight.way_back(Kind(case.kind), case.reason, shipped=shipped, misused=bool(case.misused), terms=terms)
    return back.payer if back else None


def _terms(policy: Policy, dossier: Dossier) -> Iterator[Terms]:
    """The terms of a policy for each line of a case."""
    sale = sale_of(dossier.case, dossier.order)
    for _line, order_line in dossier.lines:
        product = dossier.products.get(order_line.sku)
        yield policy.terms_for(replace(sale, category=product.category if product else ""))


def _wanted(dossier: Dossier) -> dict[int, int]:
    """The pieces that a case takes of each of its order lines, by line id; a price cut takes none."""
    none = dossier.case.kind == Kind.ALLOWANCE
    return {line.line_id: 0 if none else line.quantity for line, _order_line in dossier.lines}


def wish_of(case: Case, order: Order, asked: int | None) -> Wish:
    """What a case asks for; `asked` (minor units) takes the place of the case's own amount. Of the buyer's words only
    those behind the colon count: before it stands the platform's own label of the reason.
    """
    words = hiding(order)(case.buyer_words.partition("：")[2].strip())
    return Wish(Kind(case.kind), case.reason, asked if asked is not None else case.asked, words)


def _targets(dossier: Dossier, facts: Mapping[int | None, LineFacts]) -> dict[int | None, LineFacts]:
    """The lines of an exchange for which goods were named, with these and their price. Product sheets are in the shop's
    own currency: where the order is in another one, the price of other goods is not known.
    """
    if dossier.case.kind != Kind.EXCHANGE:
        return {}
    targets = {line.line_id: line.want_sku for line, _order_line in dossier.lines if line.want_sku}
    priced = dossier.order.currency == OWN_CURRENCY
    prices = dossier.together.prices if priced else {}
    return {line: replace(facts[line], want=sku, new_price=prices.get(sku)) for line, sku in targets.items()}


def _grades(dossier: Dossier, wanted: int) -> frozenset[Grade]:
    """The grades that inspection found; X (goods of another order) is left out once all the right pieces are there."""
    complete = dossier.right_pieces >= wanted
    grades = {grade for line, _order_line in dossier.lines for grade in dossier.found(line)}
    if not complete and dossier.strange_articles:
        grades.add(Grade.X)
    return frozenset(grade for grade in grades if grade != Grade.X or not complete)
