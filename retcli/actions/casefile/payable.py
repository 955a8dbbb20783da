"""The part of a case's money that may leave now, by line, and the limits that stop a payout."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.amends import against_agreed
from retcli.actions.casefile.judgement import awaits_intercepted, is_foreign
from retcli.actions.casefile.order_facts import lines_of
from retcli.actions.casefile.records.clicked_payouts import by_click, failing
from retcli.actions.casefile.records.dossiers import Dossier, dossier_of
from retcli.actions.casefile.records.one_case import payouts_of
from retcli.actions.casefile.records.payout_parts import Part
from retcli.actions.casefile.records.sent_back import missing
from retcli.actions.orderfile.refunded_on_platform import (
    LIVE,
    REFUNDED,
    is_beyond,
    refuse_beyond,
    refuse_gone,
    unbooked_of,
)
from retcli.actions.orderfile.until_answered import refuse_until_answered
from retcli.errors import Overdrawn, Refused
from retcli.language import _
from retcli.models import Case, Order, Payout, PayoutPart
from retcli.models.books import REFUSED_AFTER_CLICK, Event
from retcli.rules.casefile.findings import Answer, Finding, waived
from retcli.rules.lifecycles import LEFT, REFUNDING, UNSENT, Decision, Kind, ParcelState, PayoutState, ReplacementState
from retcli.rules.money import payouts as rules
from retcli.rules.money.lesser_paid import may_still_leave
from retcli.rules.money.minor_units import Money
from retcli.rules.money.minor_units import text as money_in_words
from retcli.rules.money.payouts import CLOSED_THERE, FREIGHT, GOODS, NO_MONEY, PAID_THERE
from retcli.rules.money.refunded_on_platform import REPORTING
from retcli.rules.money.refunded_pieces import FINAL, UNPAID
from retcli.shellwords import quoted
from retcli.shop import Shop


@dataclass(frozen=True)
class Payable:
    """The parts of a case that may be paid now, the findings that stand against paying, and whether a rule that wants
    the goods first was waived.
    """

    parts: tuple[Part, ...]
    against: tuple[Finding, ...] = ()
    in_the_way: tuple[Finding, ...] = ()  # what stands against paying all of it, in part or wholly
    goods_first_waived: bool = False

    @property
    def minor(self) -> int:
        """The sum of the parts in minor units."""
        return sum(part.minor for part in self.parts)


def payable(dossier: Dossier) -> Payable:
    """What may be paid on a case now, line by line. Where it waits for goods and some came back, only the lines of
    these, with nothing else against them.
    """
    ready = _lines_ready(dossier)
    findings = _findings(dossier, ready.values())
    goods_first = [each for each in findings if each.rule == "goods_first"]
    waits = any(not each.waived_by for each in goods_first)
    partly = waits and any(line.accepted for line in ready.values())
    against = in_the_way = [each for each in findings if each.answer == Answer.NO and not each.waived_by]
    # some of the goods are here: these are paid, and that others are missing or foreign does not speak against it
    if partly:
        against = [each for each in against if each.rule not in {"goods_first", "goods"}]
    parts = _parts(dossier, ready, partly=partly)
    beforehand = any(each.waived_by for each in goods_first)
    return Payable(tuple(parts), tuple(against), tuple(in_the_way), goods_first_waived=beforehand)


def _lines_ready(dossier: Dossier) -> dict[int, rules.LineReady]:
    """How far each line of a case is, by the id of its order line."""
    return {
        order_line.id or 0: rules.LineReady(
            line.due, dossier.paid.get(order_line.id, 0), line.quantity, dossier.accepted(line)
        )
        for line, order_line in dossier.lines
    }


def _findings(dossier: Dossier, lines: Collection[rules.LineReady]) -> list[Finding]:
    """The findings for and against paying a case now, with its waivers laid over them."""
    findings = rules.findings(
        Kind(dossier.case.kind),
        Decision(dossier.case.decision),
        lines,
        intercepted=_turned_round(dossier),
        ended_there=against_there(dossier),
        came_back=ReplacementState.CAME_BACK in dossier.replacements,
        sent_back=_sent_back(dossier),
        foreign=_foreign(dossier),
    )
    beyond = against_agreed(dossier)
    return [*waived(findings, dossier.waivers), *([beyond] if beyond else [])]


def _foreign(dossier: Dossier) -> rules.Foreign | None:
    """The goods of another order that came back in place of a case's pieces; None where none did."""
    if not is_foreign(dossier):
        return None
    return rules.Foreign(dossier.missing, dossier.right_pieces, dossier.foreign_pieces)


def _turned_round(dossier: Dossier) -> rules.TurnedRound | None:
    """The order's own parcels that a case's money waits for; None where it waits for none."""
    if not awaits_intercepted(dossier):
        return None
    awaited = any(parcel.state == ParcelState.EXPECTED for parcel in dossier.turned_round)
    return rules.TurnedRound(awaited, dossier.missing)


def _sent_back(dossier: Dossier) -> rules.SentBack:
    """What inspection found of goods sent again for a case that came back, in whose place its money is paid."""
    parcels = dossier.sent_back
    return rules.SentBack(all(parcel.inspected for parcel in parcels), missing(parcels))


def _parts(dossier: Dossier, ready: Mapping[int, rules.LineReady], *, partly: bool) -> list[Part]:
    """The parts that may be paid, line by line; the freight is paid with the last of the goods."""
    kind = Kind(dossier.case.kind)
    parts = [Part(GOODS, key, rules.payable(kind, line, goods_first=partly)) for key, line in ready.items()]
    freight = dossier.case.freight_due - dossier.paid.get(None, 0)
    everything = all(part.minor + line.paid >= line.cash for part, line in zip(parts, ready.values(), strict=True))
    if freight > 0 and everything:
        parts.append(Part(FREIGHT, None, freight))
    return [part for part in parts if part.minor > 0]


def awaits_goods(dossier: Dossier) -> int:
    """What of a case's money is due only once its goods are in, in minor units; its freight with the last of them."""
    if dossier.case.kind not in rules.GOODS_FIRST or "goods_first" in dossier.waivers:
        return 0
    ready = _lines_ready(dossier).values()
    awaited = sum(rules.goods_owed(line.cash, line.cash, line.units, line.accepted) for line in ready if line.units)
    return awaited + (0 if dossier.all_accepted else dossier.case.freight_due)


def ahead_of_goods(dossier: Dossier) -> int:
    """What was let go on the lines of a case beyond the worth of its accepted pieces, in minor units."""
    ready = _lines_ready(dossier).values()
    return sum(
        rules.goods_owed(line.paid, line.cash, line.units, line.accepted) if line.units else line.paid for line in ready
    )


def refuse_foreign(shop: Shop, case: Case) -> None:
    """Raises Refused where money of a case is about to leave beyond what came back for it, goods of another order came
    in place of the rest, and nobody waived that.
    """
    dossier = dossier_of(shop, case)
    beyond = ahead_of_goods(dossier) if is_foreign(dossier) and "goods" not in dossier.waivers else 0
    unsent = [payout for payout in dossier.payouts if payout.kind == "refund" and payout.state in UNSENT]
    if not (beyond and unsent):
        return
    message = _("What came back for {case} is not all of this order: {money} stands for pieces that are not back")
    text = message.format(case=case.number, money=Money(beyond, dossier.order.currency))
    raise Refused(text, failing(unsent[0], dossier.clicked), case=case.number)


def _may_owe(dossier: Dossier, *, unsent: bool) -> bool:
    """Whether inspection tells that money of a refund which left stands for nothing: before a piece is back it tells
    nothing, but of a return that was paid for its pieces.
    """
    if dossier.pays_before_goods:
        return not unsent and bool(dossier.missing) and is_foreign(dossier) and "goods" not in dossier.waivers
    return dossier.case.kind == Kind.RETURN or (dossier.opened and bool(dossier.missing))


def _lacks_in_opened(dossier: Dossier) -> bool:
    """Whether all parcels of a return are here, were opened, and pieces lack in them."""
    return dossier.case.kind == Kind.RETURN and dossier.opened and bool(dossier.missing)


def owed_back(dossier: Dossier, *, unsent: bool = False) -> int:
    """What left of a case by our own payouts, or was clicked, beyond the worth of the pieces that inspection accepts
    (minor units), with `unsent` also what has not left. Of a refund whose goods turned round on their way only once all
    that came is inspected; where somebody let the money go before the goods only for goods of another order. What the
    platform paid of a return by itself counts once its parcels are here, opened, and pieces lack in them.
    """
    case = dossier.case
    if case.decision != Decision.APPROVED or case.kind not in REFUNDING or not _may_owe(dossier, unsent=unsent):
        return 0
    origins = {"own", "platform"} if _lacks_in_opened(dossier) else {"own"}
    paid: dict[int | None, int] = defaultdict(int)
    for payout in dossier.payouts:
        gone = payout.state in LEFT or by_click(payout, dossier.clicked) or (unsent and payout.state in UNSENT)
        for part in dossier.parts[payout.id] if gone and payout.kind == "refund" and payout.origin in origins else ():
            paid[part.line_id] += part.minor if part.purpose == GOODS else 0
    return sum(
        rules.goods_owed(paid[order_line.id], line.due, line.quantity, dossier.accepted(line))
        for line, order_line in dossier.lines
        if line.quantity
    )


def ended_there(case: Case) -> bool:
    """Whether the platform's refund of a case is over: by it nothing more leaves, and nothing is to be clicked."""
    return case.platform_state in FINAL


def against_there(dossier: Dossier) -> str:
    """The rule by which the platform's refund stands against paying what is agreed to and not paid: it was closed
    there, and its payment failed or was taken back, or the case was taken up again here; or it was taken back here
    while the platform says that it paid. Whether it is paid all the same only a person knows. "" where none does.
    """
    if sum(dossier.paid.values()) >= dossier.due:
        return ""
    if dossier.case.platform_state == "closed":
        return CLOSED_THERE
    return PAID_THERE if _taken_back_here(dossier) else ""


def _taken_back_here(dossier: Dossier) -> bool:
    """Whether of what a platform says that it paid on a case something was taken back here, and less of it stands."""
    case, by_it = dossier.case, [payout for payout in dossier.payouts if by_route(payout)]
    if case.platform_state != "succeeded" or not any(payout.state == PayoutState.REVERSED for payout in by_it):
        return False
    dead = {PayoutState.FAILED, PayoutState.REVERSED}
    standing = sum(payout.minor for payout in by_it if payout.state not in dead and payout.reverses_id is None)
    return case.platform_amount is None or standing < case.platform_amount


def rests(dossier: Dossier) -> str:
    """The rule by which nothing more of a case is due (`against_there`); "" once somebody has waived it to pay it all
    the same.
    """
    rule = against_there(dossier)
    return "" if rule in dossier.waivers else rule


def by_route(payout: Payout) -> bool:
    """Whether a payout is a refund by the original route: the platform pays it."""
    return payout.kind == "refund" and payout.method == "original"


def unpaid_there(shop: Shop, case: Case, payout: Payout) -> bool:
    """Whether the platform's report disproves a refund by the original route: it was closed there, or turned down there
    after somebody said here that it had left.
    """
    if not by_route(payout) or case.platform_state not in UNPAID:
        return False
    if case.platform_state == "closed":
        return True
    refused = sa.select(sa.func.max(Event.at)).where(
        col(Event.subject) == case.number, col(Event.action) == REFUSED_AFTER_CLICK
    )
    at = shop.session.scalar(refused)
    return at is not None and datetime.fromisoformat(at) >= payout.decided_at


def failed_there(shop: Shop, case: Case, payout: Payout) -> bool:
    """Whether the platform's own word lets a refund by the original route be marked as failed: its refund is over, or
    disproves that it left.
    """
    return ended_there(case) or unpaid_there(shop, case, payout)


def off_route(case: Case, payout: Payout) -> bool:
    """Whether a payout has not left and cannot any more by its route, since the platform's refund is over."""
    return by_route(payout) and payout.state in UNSENT and ended_there(case)


def refuse_unpayable(shop: Shop, case: Case, parts: Sequence[Part]) -> None:
    """Raises Overdrawn for a new refund of these parts that the order has no money for any more, by what went back of
    it, or only once somebody has answered what it was paid.
    """
    order = shop.session.get_one(Order, case.order_id)
    refuse_gone(shop, order, lines_of(shop, order), sum(part.minor for part in parts))
    counted = sum(part.minor for part in parts if part.purpose in REFUNDED)

    def rest(left: int) -> str:
        less = f"retcli pay refund {case.number} --amount {money_in_words(left, order.currency)}"
        return less if left else f"retcli order show {quoted(order.number)}"

    refuse_beyond(shop, order, counted, rest)
    refuse_until_answered(shop, order, counted)


def refuse_overdrawn(shop: Shop, payout: Payout) -> None:
    """Raises Overdrawn where the order's limit is used up for a payout that has not left yet. It is asked again at each
    step of the payout, since what a platform paid meanwhile may have used it up; no confirmation makes more of it.
    """
    if payout.state not in UNSENT:
        return
    query = sa.select(sa.cast(sa.func.sum(PayoutPart.minor), sa.BigInteger))
    query = query.where(col(PayoutPart.payout_id) == payout.id, col(PayoutPart.purpose).in_(REFUNDED))
    order, minor = shop.session.get_one(Order, payout.order_id), int(shop.session.scalar(query) or 0)
    hint = f"retcli pay fail {payout.number} --because TEXT"
    # where the platform has a refund report, that may explain what went back: importing it comes before calling off
    first = "" if by_route(payout) and order.platform in REPORTING else hint
    refuse_gone(shop, order, lines_of(shop, order), minor, first, LEFT)
    refuse_beyond(shop, order, minor, lambda _left: hint)
    if payout.method not in NO_MONEY:
        beside = _with_one_click(payout, payouts_of(shop, shop.session.get_one(Case, payout.case_id)))
        due = [each.id for each in beside if each.state == PayoutState.DUE]
        refuse_until_answered(shop, order, sum(each.minor for each in beside), due)


def _with_one_click(payout: Payout, of_case: Sequence[Payout]) -> list[Payout]:
    """A payout with those of its case that leave with it, since the platform pays all that is due by one click."""
    if not by_route(payout) or payout.state != PayoutState.DUE:
        return [payout]
    return [each for each in of_case if by_route(each) and each.state == PayoutState.DUE]


def would_overdraw(shop: Shop, dossier: Dossier, parts: Sequence[Part], beside: Collection[PayoutState] = LIVE) -> bool:
    """Whether a refund of these parts, with the order's refunds in the states `beside`, exceeds what the order of a
    case that was read still has. For views: it raises nothing, and what left is read for all their cases at once.
    """
    counted = sum(part.minor for part in parts if part.purpose in REFUNDED)
    try:
        refuse_gone(shop, dossier.order, dossier.order_lines, sum(part.minor for part in parts), beside=beside)
    except Overdrawn:
        return True
    return is_beyond(dossier.order, dossier.together.gone.get(dossier.order.id or 0, 0), counted)


def awaits_answer(dossier: Dossier, minor: int, due: Collection[int | None] = ()) -> bool:
    """Whether so much (minor units) of a case that was read may only leave once somebody has answered what its order
    was paid; `due` are the ids of payouts that this money is, where they were let go already.
    """
    order, together = dossier.order.id or 0, dossier.together
    less = together.questioned.get(order)
    return less is not None and minor > may_still_leave(less.paid, together.claims.get(order, ()), due)


def left_of_lesser(dossier: Dossier) -> int | None:
    """What of a case that was read may leave before somebody has answered what its order was paid, in minor units; None
    where no file says less than the books.
    """
    order, together = dossier.order.id or 0, dossier.together
    less = together.questioned.get(order)
    if less is None:
        return None
    due = [payout.id for payout in dossier.payouts if payout.state == PayoutState.DUE]
    return may_still_leave(less.paid, together.claims.get(order, ()), due)


def payout_awaits_answer(dossier: Dossier, payout: Payout) -> bool:
    """Whether a payout of a case that was read has not left, and may only once somebody has answered what its order was
    paid.
    """
    if payout.state not in UNSENT or payout.method in NO_MONEY:
        return False
    beside = _with_one_click(payout, dossier.payouts)
    due = [each.id for each in beside if each.state == PayoutState.DUE]
    return awaits_answer(dossier, sum(each.minor for each in beside), due)


def may_be_reported(shop: Shop, order: Order, payout: Payout) -> bool:
    """Whether money that went back of an order by its file alone may be this very refund, which the platform's refund
    report will confirm.
    """
    if not by_route(payout) or order.platform not in REPORTING:
        return False
    return unbooked_of(shop, order, lines_of(shop, order)).total > 0


def overdrawn(shop: Shop, payout: Payout) -> bool:
    """Whether the order's limit is used up for a payout that has not left."""
    try:
        refuse_overdrawn(shop, payout)
    except Overdrawn:
        return True
    return False
