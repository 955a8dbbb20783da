"""Money to the buyer: decided, countersigned, on its way, arrived, taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions import currencies, finding_cases
from retcli.actions.cases import finish_if_done, refuse_finished, waive_rules
from retcli.actions.clicking import ask_click
from retcli.actions.dossiers import AMENDS, FREIGHT, GOODS, WAY_BACK, Dossier, dossier_of
from retcli.actions.judging import lines_of, way_back
from retcli.actions.refunded_there import refuse_gone
from retcli.errors import NotFound, Overdrawn, Refused, WrongCommand
from retcli.language import _, mark
from retcli.models import Case, Order, Payout, PayoutPart
from retcli.rules import money as split_rules
from retcli.rules import payouts as rules
from retcli.rules.findings import Answer, waived
from retcli.rules.lifecycles import MAY_APPROVE_MONEY, MAY_PAY, PAYOUT, Decision, Kind, PayoutState
from retcli.rules.money import POINTS, Money, Typed
from retcli.rules.parcels import normalised
from retcli.rules.reasons import Fault
from retcli.shop import SYSTEM, Shop
from retcli.views.base import money_text
from retcli.views.findings import sentence
from retcli.views.payouts import PayoutsView, PayoutView

_PAY = mark("pay")
OWN, PLATFORM = "own", "platform"


@dataclass(frozen=True)
class Part:
    """What of a payout stands for what: purpose, order line (None for freight and amends), minor units."""

    purpose: str
    line_id: int | None
    minor: int


def refund(
    shop: Shop, ref: str, *, amount: int | Typed | None = None, waive: Sequence[str] = (), because: str = ""
) -> PayoutView:
    """Decides a refund of what is due on a case now, or of less; for a return only what came back is due."""
    shop.may(MAY_PAY, _PAY)
    case = finding_cases.case_of(shop, ref)
    less = currencies.of_case(shop, case, amount)
    waive_rules(shop, case, waive, because, ("approval", "goods_first"))
    parts, ahead = _payable(shop, case)
    left = sum(part.minor for part in parts)
    if left <= 0:
        raise Refused(_("Nothing is due on {case} now").format(case=case.number), _hint(case), case=case.number)
    if less is not None:
        parts = _less(parts, less, Money(left, currency_of(shop, case)), case)
    order = shop.session.get_one(Order, case.order_id)
    refuse_gone(shop, order, lines_of(shop, order), sum(part.minor for part in parts))
    payout = enter(shop, case, "refund", parts, method="original" if case.platform_number else "transfer")
    _tell_platform(shop, case, payout)
    if ahead:
        shop.record(payout.number, "ahead_of_goods", case=case.number)
    return view_of(shop, payout)


def currency_of(shop: Shop, case: Case) -> str:
    """The currency of a case's order."""
    return shop.session.get_one(Order, case.order_id).currency


def _hint(case: Case) -> str:
    return f"retcli case show {case.number}"


def _overrule(command: str) -> str:
    return _("A manager may overrule it: retcli {command} --because …").format(command=command)


def _payable(shop: Shop, case: Case) -> tuple[list[Part], bool]:
    """What may be paid now, line by line, and whether it runs ahead of the goods. Raises Refused with the rule."""
    held = dossier_of(shop, case)
    ready = {
        on.id or 0: rules.LineReady(line.due, held.paid.get(on.id, 0), line.quantity, held.accepted(line))
        for line, on in held.lines
    }
    kind = Kind(case.kind)
    found = waived(rules.findings(kind, Decision(case.decision), ready.values()), held.waivers)
    partly = [f for f in found if f.rule == "goods_first" and not f.waived_by]
    strict = bool(partly) and any(line.accepted for line in ready.values())
    against = [f for f in found if f.answer == Answer.NO and not f.waived_by and not (strict and f in partly)]
    if against:
        text = "；".join(f"{sentence(f.text, f.facts)}（{_(f.basis)}）" for f in against)
        rules_ = " ".join(f"--waive {f.rule}" for f in against)
        hint = _overrule(f"pay refund {case.number} {rules_}")
        raise Refused(text, hint, case=case.number)
    parts = [Part(GOODS, key, rules.payable(kind, line, goods_first=strict)) for key, line in ready.items()]
    rest = case.freight_due - held.paid.get(None, 0)
    everything = all(part.minor + ready[part.line_id or 0].paid >= ready[part.line_id or 0].cash for part in parts)
    if rest > 0 and everything:
        parts.append(Part(FREIGHT, None, rest))
    return [part for part in parts if part.minor > 0], any(f.rule == "goods_first" and f.waived_by for f in found)


def _less(parts: Sequence[Part], amount: int, left: Money, case: Case) -> list[Part]:
    if _positive(amount) > left.minor:
        message = _("{wanted} is more than the {due} that may be paid now")
        wanted = money_text(Money(amount, left.currency))
        raise Overdrawn(message.format(wanted=wanted, due=money_text(left)), _hint(case), case=case.number)
    shares = split_rules.split(amount, [part.minor for part in parts])
    return [Part(p.purpose, p.line_id, minor) for p, minor in zip(parts, shares, strict=True) if minor]


def freight_back(
    shop: Shop, ref: str, amount: int | Typed, *, waive: Sequence[str] = (), because: str = ""
) -> PayoutView:
    """Repays the return freight that the buyer advanced, apart from the refund (消法 §24 ¶2)."""
    shop.may(MAY_PAY, _PAY)
    case = finding_cases.case_of(shop, ref)
    currency = currency_of(shop, case)
    advanced = Money(_positive(currencies.in_currency(amount, currency)), currency)
    waive_rules(shop, case, waive, because, ("approval", "freight"))
    held = dossier_of(shop, case)
    _need_approval(held)
    if way_back(shop, held) != Fault.MERCHANT and "freight" not in held.waivers:
        message = _("The way back of {case} is not the shop's to pay").format(case=case.number)
        raise Refused(message, _overrule(f"pay freight {case.number} --amount {advanced} --waive freight"))
    undone = {PayoutState.FAILED, PayoutState.REVERSED}
    if any(p.kind == "freight" and p.state not in undone and p.minor > 0 for p in held.payouts):
        raise Overdrawn(_("The way back of {case} was repaid already").format(case=case.number), _hint(case))
    payout = enter(shop, case, "freight", [Part(WAY_BACK, None, advanced.minor)], method="transfer")
    return view_of(shop, payout)


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
    """Gives a coupon, points, or cash on top of what is due; it never lowers a refund."""
    shop.may(MAY_PAY, _PAY)
    case = finding_cases.case_of(shop, ref)
    waive_rules(shop, case, waive, because, ("approval",))
    _need_approval(dossier_of(shop, case))
    given = [(method, n) for method, n in (("coupon", coupon), ("points", points), ("transfer", cash)) if n is not None]
    if len(given) != 1:
        raise WrongCommand(_("Name one of --coupon, --points and --cash"), "retcli pay compensate … --coupon 5.00")
    method, amount = given[0]
    currency = POINTS if method == "points" else currency_of(shop, case)
    parts = [Part(AMENDS, None, _positive(currencies.in_currency(amount, currency)))]
    payout = enter(shop, case, "compensation", parts, method=method, currency=currency, because=because)
    return view_of(shop, payout)


def _positive(minor: int) -> int:
    if minor <= 0:
        raise WrongCommand(_("The amount must be more than nothing"), "--amount 12.00")
    return minor


def _need_approval(held: Dossier) -> None:
    case = held.case
    refuse_finished(case)
    if case.decision != Decision.APPROVED and "approval" not in held.waivers:
        message = _("{case} is not approved: nothing leaves without it").format(case=case.number)
        hint = f"retcli case approve {case.number}"
        raise Refused(message, hint, case=case.number)


def enter(
    shop: Shop,
    case: Case,
    kind: str,
    parts: Sequence[Part],
    *,
    method: str,
    currency: str = "",
    because: str = "",
    request: str = "",
    settled_at: datetime | None = None,
    reverses: Payout | None = None,
) -> Payout:
    """Writes a payout with its parts; above the operator's limit it waits for a second person.

    With `settled_at` it has been paid already, by the platform or as a reversal.
    """
    by_platform = bool(request) and reverses is None
    payout = Payout(
        number=shop.number("PO"),
        request=request or _request(shop, case),
        case_id=case.id or 0,
        order_id=case.order_id,
        kind=kind,
        method=method,
        minor=sum(part.minor for part in parts),
        currency=currency or currency_of(shop, case),
        origin=PLATFORM if by_platform else OWN,
        state=PayoutState.CONFIRMED,
        decided_by=SYSTEM if by_platform else shop.operator.name,
        decided_at=shop.now,
        settled_at=settled_at,
        because=because,
        reverses_id=reverses.id if reverses else None,
    )
    if not settled_at:
        payout.state = _first_state(shop, case, Money(payout.minor, payout.currency))
    _write(shop, case, payout, parts)
    return payout


def _write(shop: Shop, case: Case, payout: Payout, parts: Sequence[Part]) -> None:
    shop.add(payout)
    for part in parts:
        row = PayoutPart(payout_id=payout.id or 0, order_id=case.order_id, purpose=part.purpose, minor=part.minor)
        row.line_id = part.line_id
        shop.add(row)
    facts = {"kind": payout.kind, "minor": payout.minor, "currency": payout.currency, "role": shop.operator.role}
    shop.born(payout.number, PAYOUT, payout.state, case=case.number, **facts)


def _first_state(shop: Shop, case: Case, amount: Money) -> PayoutState:
    """The limit counts all that one person lets go on an order, so that it is not got round by splitting. Points count
    like fen: a hundred to the yuan; another currency than the limit's is nothing to let go alone.
    """
    alone = sa.select(sa.cast(sa.func.sum(Payout.minor), sa.BigInteger)).where(
        col(Payout.order_id) == case.order_id,
        col(Payout.decided_by) == shop.operator.name,
        col(Payout.approved_by).is_(None),
        col(Payout.state).not_in([PayoutState.WAITING, PayoutState.FAILED, PayoutState.REVERSED]),
        col(Payout.reverses_id).is_(None),
        col(Payout.currency).in_(rules.LIMITED),
    )
    before = int(shop.session.scalar(alone) or 0)
    together = Money(amount.minor + before, amount.currency) if amount.currency in rules.LIMITED else amount
    within = rules.within_limit(shop.operator.role, together, shop.policy)
    return PayoutState.DUE if within else PayoutState.WAITING


def _request(shop: Shop, case: Case) -> str:
    """The payment's own number, once for ever: the case and a sequence."""
    count = shop.session.scalar(sa.select(sa.func.count()).where(col(Payout.case_id) == case.id)) or 0
    return f"{case.number}-{count + 1}"


def _tell_platform(shop: Shop, case: Case, payout: Payout) -> None:
    """A refund by the original route leaves by a click in the platform's back-end."""
    if payout.method == "original" and payout.state == PayoutState.DUE and case.kind == Kind.RETURN:
        ask_click(shop, case, "confirm_receipt", payout.minor)


def countersign(shop: Shop, ref: str) -> PayoutView:
    """A second person with the manager's role lets a waiting payout go; never one's own."""
    shop.may(MAY_APPROVE_MONEY, mark("approve payouts"))
    payout = payout_of(shop, ref)
    if payout.decided_by == shop.operator.name:
        raise Refused(_("Nobody approves their own payout"), _("Ask another manager"), payout=payout.number)
    shop.move(payout, payout.number, PAYOUT, "approve", approved_by=shop.operator.name)
    case = shop.hold(shop.session.get_one(Case, payout.case_id))
    _tell_platform(shop, case, payout)
    return view_of(shop, payout)


def step(shop: Shop, ref: str, move: str, *, because: str = "") -> PayoutView:
    """Takes a payout on: ``send``, ``confirm``, ``fail`` or ``lose`` (nobody knows what became of it)."""
    shop.may(MAY_PAY, _PAY)
    payout = payout_of(shop, ref)
    if move == "fail" and not because:
        raise WrongCommand(_("Say why it failed"), "--because …")
    take(shop, payout, move, because=because)
    return view_of(shop, payout)


def take(shop: Shop, payout: Payout, move: str, *, because: str = "", at: datetime | None = None) -> None:
    """One step of a payout; a confirmed one may finish its case."""
    columns: dict[str, object] = {"because": because or payout.because}
    if move == "confirm":
        columns["settled_at"] = at or shop.now
    shop.move(payout, payout.number, PAYOUT, move, **columns)
    if move == "confirm":
        case = shop.hold(shop.session.get_one(Case, payout.case_id))
        if payout.kind == "refund":
            finish_if_done(shop, case)


def reverse(shop: Shop, ref: str, *, because: str) -> PayoutView:
    """Takes a confirmed payout back by its negative; the money is due again as long as the case is approved."""
    shop.may(MAY_APPROVE_MONEY, mark("reverse payouts"))
    payout = payout_of(shop, ref)
    if not because:
        raise WrongCommand(_("Say why it is reversed"), "--because …")
    if payout.minor < 0:
        raise Refused(_("A reversal is not reversed again"), payout=payout.number)
    case = shop.hold(shop.session.get_one(Case, payout.case_id))
    refuse_finished(case)
    rows = shop.session.scalars(sa.select(PayoutPart).where(col(PayoutPart.payout_id) == payout.id))
    parts = [Part(row.purpose, row.line_id, -row.minor) for row in rows]
    back = enter(
        shop,
        case,
        payout.kind,
        parts,
        method=payout.method,
        currency=payout.currency,
        because=because,
        request=f"{payout.request}-R",
        settled_at=shop.now,
        reverses=payout,
    )
    shop.move(payout, payout.number, PAYOUT, "reverse")
    return view_of(shop, back)


def list_payouts(shop: Shop, *, state: str = "") -> PayoutsView:
    """Payouts with something open, or those of a state."""
    wanted = [state] if state else [PayoutState.WAITING, PayoutState.DUE, PayoutState.SENT, PayoutState.UNKNOWN]
    query = sa.select(Payout).where(col(Payout.state).in_(wanted)).order_by(col(Payout.id))
    return PayoutsView(tuple(view_of(shop, payout) for payout in shop.session.scalars(query)))


def payout_of(shop: Shop, ref: str) -> Payout:
    """The payout of a number, of its last digits, or of its request number."""
    wanted = normalised(ref)
    request = sa.func.upper(sa.func.replace(col(Payout.request), " ", ""))
    query = sa.select(Payout).where(sa.or_(col(Payout.number) == wanted, request == wanted))
    found = list(shop.session.scalars(query))
    if not found and wanted.isdigit():
        tail = sa.select(Payout).where(col(Payout.number).endswith(wanted, autoescape=True))
        found = list(shop.session.scalars(tail.limit(9)))
    if not found:
        raise NotFound(_("There is no payout {number}").format(number=ref), "retcli pay list")
    if len(found) > 1:
        message = _("{number} names several payouts").format(number=ref)
        raise WrongCommand(message, "、".join(payout.number for payout in found))
    return found[0]


def view_of(shop: Shop, payout: Payout) -> PayoutView:
    """A payout as it is shown."""
    case = shop.session.get_one(Case, payout.case_id)
    return PayoutView(
        number=payout.number,
        case=case.number,
        kind=payout.kind,
        method=payout.method,
        payee=payout.payee,
        money=Money(payout.minor, payout.currency),
        state=payout.state,
        request=payout.request,
        decided_by=payout.decided_by,
        approved_by=payout.approved_by or "",
        origin=payout.origin,
    )
