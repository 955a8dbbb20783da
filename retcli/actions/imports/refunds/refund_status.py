"""What a refund's status on its platform does to its case: decisions, clicks verified, money that moved there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from retcli.actions.casefile.filing import finish_if_done
from retcli.actions.casefile.judgement import judgement_of
from retcli.actions.casefile.records.dossiers import (
    Dossier,
    case_lines,
    dossier_of,
    payouts_of,
    replacements_of,
)
from retcli.actions.casefile.records.entitlements import free_sent_again
from retcli.actions.casefile.records.ledger import draws_of_others
from retcli.actions.casefile.records.platform_clicks import clicks, tell_platform
from retcli.actions.casefile.records.stopping import ASKS_OF_CLOSING, ASKS_OF_REFUSAL
from retcli.actions.casefile.records.voided_payouts import agreed_and_let_go
from retcli.actions.cases.agreement import agree
from retcli.actions.cases.undone_decisions import goods_gone, money_out, reapply, turn_away
from retcli.actions.imports.merging import Source, ask_money, open_questions, resolve
from retcli.actions.imports.refunds import goods_questions
from retcli.actions.imports.refunds.refund_facts import ended_at
from retcli.actions.money.beyond import NO_MONEY, agree_more, make_room, parts_of, raised
from retcli.actions.money.making_way import make_way
from retcli.actions.money.outgoing import PLATFORM, Payment, currency_of, fail, write_down
from retcli.actions.money.payout_steps import take
from retcli.actions.orderfile import step_memory
from retcli.database.staging.stages import StagedRow
from retcli.models import Case, Order, Payout, PlatformAction
from retcli.models.books import CLOSED_AFTER_CLICK, REFUSED_AFTER_CLICK
from retcli.platforms import awaits_receipt
from retcli.rules.lifecycles import (
    GOING_OUT,
    PAYING_CLICKS,
    PAYOUT,
    PLATFORM_ACTION,
    REPLACEMENT,
    UNSENT,
    ActionState,
    Decision,
    Filing,
    PayoutState,
    ReplacementState,
)
from retcli.rules.money.minor_units import Money
from retcli.rules.money.payouts import OVER
from retcli.shop import Shop

_DONE_AT = {
    "awaiting_goods": {"agree_return", "agree_exchange"},
    "goods_sent": {"agree_return", "agree_exchange"},
    "replacement_sent": {"agree_exchange", "agree_resend", "enter_waybill"},
    "refused": {"refuse"},
}
"""The clicks that a refund's status on the platform proves to have been made."""


@dataclass(frozen=True)
class _End:
    """How a platform ends a refund without paying it: the move of the case, the event and the question where something
    had left here already, and the question that this one replaces.
    """

    move: str
    after_click: str
    question: str
    instead_of: str


_CLOSED = _End("withdraw", CLOSED_AFTER_CLICK, ASKS_OF_CLOSING, ASKS_OF_REFUSAL)
_REFUSED = _End("reject", REFUSED_AFTER_CLICK, ASKS_OF_REFUSAL, ASKS_OF_CLOSING)


class News(IntEnum):
    """What a list brings about a refund beyond the last one: nothing, another state or amount, or that a closed one is
    open or paid again.
    """

    NOTHING = 0
    CHANGED = 1
    AFTER_CLOSING = 2

    @classmethod
    def between(cls, before: tuple[str, int | None], now: tuple[str, int | None]) -> "News":
        """The news between two lists, each given by the refund's state and amount (minor units)."""
        if before == now:
            return cls.NOTHING
        return cls.AFTER_CLOSING if before[0] == "closed" != now[0] else cls.CHANGED


def follow(shop: Shop, source: Source, row: StagedRow, case: Case, status: str, *, news: News = News.CHANGED) -> None:
    """Brings a case to a refund's status on its platform, by the lifecycles' own steps."""
    goods_questions.forget_sent(shop, source, case, status)
    steps: dict[str, Callable[[], None]] = {
        "requested": lambda: _requested(shop, case, news=news),
        "refused": lambda: _refused(shop, source, row, case, news=news),
        "closed": lambda: _closed(shop, source, row, case, news=news),
        "replacement_sent": lambda: _sent_again(shop, case),
        "succeeded": lambda: _succeeded(shop, source, row, case, news=news),
    }
    steps.get(status, lambda: _agreed(shop, case))()
    # after the step: a click that pays is proved by what the report did to its money
    if _verify(shop, case, status):
        make_room(shop, case.order_id)
    if status not in {"closed", "succeeded"} or case.paid_against:
        return
    if not goods_questions.keeps_open(shop, source, row, case, status):
        finish_if_done(shop, case)


def _requested(shop: Shop, case: Case, *, news: News) -> None:
    """Follows a refund that still waits for the shop: a case that was turned away is taken up again, unless that was
    not told to the platform yet; an approval that was made while it was closed there is told now.
    """
    unclicked = clicks(shop, case, ActionState.TODO, ActionState.DONE)
    if case.decision == Decision.WITHDRAWN or (case.decision == Decision.REJECTED and not unclicked):
        _take_up_again(shop, case)
    elif news == News.AFTER_CLOSING and case.decision == Decision.APPROVED:
        tell_platform(shop, case)


def _agreed(shop: Shop, case: Case) -> None:
    """Follows a refund that is under way there, so that the platform or somebody in its back-end has agreed."""
    if case.decision in {Decision.REQUESTED, Decision.REJECTED}:
        agree_there(shop, case, case.platform_amount)


def _sent_again(shop: Shop, case: Case) -> None:
    """Follows a refund whose new goods left by the platform's word, so that nobody here sends them a second time."""
    _agreed(shop, case)
    _take_replacements(shop, case, ReplacementState.DUE, "ship", shipped_at=shop.now)


def _refused(shop: Shop, source: Source, row: StagedRow, case: Case, *, news: News) -> None:
    if case.decision in {Decision.REQUESTED, Decision.APPROVED}:
        _ended_unpaid(shop, source, row, case, _REFUSED, news=news)


def _closed(shop: Shop, source: Source, row: StagedRow, case: Case, *, news: News) -> None:
    if case.decision != Decision.WITHDRAWN:
        _ended_unpaid(shop, source, row, case, _CLOSED, news=news)


def _ended_unpaid(shop: Shop, source: Source, row: StagedRow, case: Case, end: _End, *, news: News) -> None:
    """Turns a case away whose refund the platform closed or turned down, and asks about what was clicked, sent or paid
    here against that; with money or goods out the case stays as it is.
    """
    for question in open_questions(shop, source, case.platform_number or "", "platform_paid", end.instead_of):
        resolve(shop, source, question)
    left = _said_to_have_left(shop, case)  # before the case is turned away, which fails these payouts
    goods = goods_gone(shop, case)
    if goods:
        goods_questions.ask_of_sent(shop, source, row, goods)
    asked = left
    if money_out(shop, case):
        if not news:  # asked about when the list told it first
            return
        out = [p.minor for p in payouts_of(shop, case) if p.kind == "refund" and _counts(p)]
        asked = Money(sum(out), currency_of(shop, case))
    elif not goods:
        turn_away(shop, case, end.move)
        make_room(shop, case.order_id)
    if left:
        at = ended_at(shop, source, row.values).isoformat()
        shop.record(case.number, end.after_click, minor=left.minor, currency=left.currency, ended_at=at)
    if asked:
        ask_money(shop, source, row.number, row.values["refund"], end.question, asked, 0)


def _said_to_have_left(shop: Shop, case: Case) -> Money:
    """What of a case is said here to have left by the platform's refund (clicked, or sent) and is not known to have
    arrived.
    """
    unsettled = _unsettled(p for p in payouts_of(shop, case) if _settled_by_us(p))
    clicked = any(click.action in PAYING_CLICKS for click in clicks(shop, case, ActionState.DONE))
    gone = {PayoutState.SENT, PayoutState.UNKNOWN} | ({PayoutState.DUE} if clicked else set())
    return Money(sum(p.minor for p in unsettled if p.state in gone), currency_of(shop, case))


def agree_there(shop: Shop, case: Case, minor: int | None) -> None:
    """Approves a case since the platform, or somebody in its back-end, agreed: with the platform's amount (minor
    units), or, where that is not known (None), with what is due by our rules.
    """
    if case.decision == Decision.REJECTED:
        _take_up_again(shop, case, overruling=True)
    due = judgement_of(shop, case, asked=minor if case.kind not in NO_MONEY else None, by_report=True).amount
    agree(shop, case, due if minor is None else raised(shop, case, due, minor))
    for click in clicks(shop, case, ActionState.TODO):
        shop.move(click, f"{case.number}/{click.action}", PLATFORM_ACTION, "verify")


def _succeeded(shop: Shop, source: Source, row: StagedRow, case: Case, *, news: News) -> None:
    """Follows a refund that was paid: our payout of it is confirmed, or the platform's payment is written down."""
    minor = row.values["amount"]
    refunds = [p for p in payouts_of(shop, case) if p.kind == "refund"]
    # what was decided here since it was taken back stands against a list that tells nothing new
    if not _stays_taken_back(refunds, news):
        _agreed_by_paying(shop, case, minor, _arrived_by_route(refunds))
    if row.values.get("kind", case.kind) in GOING_OUT:
        _goods_arrived_there(shop, case)
    if minor:
        _paid_there(shop, source, row, case, minor, news=news)
        if case.paid_against:
            ask_money(shop, source, row.number, row.values["refund"], "platform_paid", _agreed_here(shop, case), minor)
        _resolve(shop, source, case, minor)


def _agreed_by_paying(shop: Shop, case: Case, minor: int | None, arrived: int) -> None:
    """Approves a case since the platform paid it (`minor` units, of which so many have `arrived` in the books), also
    against what was decided here.
    """
    if case.decision in {Decision.WITHDRAWN, Decision.REJECTED}:
        _take_up_again(shop, case, overruling=True)
    # room first: the approval below draws on the order what the platform paid
    if minor and minor != arrived:
        make_way(shop, case, minor)
    if case.decision == Decision.REQUESTED:
        agree_there(shop, case, minor)


def _resolve(shop: Shop, source: Source, case: Case, minor: int) -> None:
    """Closes the questions of earlier files about a refund that was paid with so many minor units in the end: about
    another amount, or its being closed or turned down; and about this amount, once it is what was agreed to and what
    stands in the books.
    """
    if step_memory.unasked(shop, case):
        return
    of_end = (ASKS_OF_CLOSING, ASKS_OF_REFUSAL)
    asked = open_questions(shop, source, case.platform_number or "", "platform_paid", *of_end)
    if not asked:
        return
    dossier, now = dossier_of(shop, case), str(Money(minor, currency_of(shop, case)))
    fits = _agreed_here(shop, case, dossier).minor == minor == _arrived_by_route(dossier.payouts)
    for question in asked:
        if fits or question.field in of_end or question.found != now:
            resolve(shop, source, question)


def _paid_there(shop: Shop, source: Source, row: StagedRow, case: Case, minor: int, *, news: News) -> None:
    """Takes over in full what the platform says that it paid. Our payout of just that amount by the original route is
    confirmed; any other amount is written down as it says, in place of what we had not paid yet, and the difference is
    asked about. Where the books have the amount already, what is to leave beside it stays, unless the list brings news.
    """
    refunds = [p for p in payouts_of(shop, case) if p.kind == "refund"]
    by_route = [p for p in refunds if _settled_by_us(p)]
    let_go = [p for p in by_route if p.state != PayoutState.WAITING]
    if _arrived_by_route(refunds) == minor:
        for payout in _unsettled(by_route) if news else ():
            fail(shop, case, payout)
    elif _stays_taken_back(refunds, news):
        _ask_taken_back(shop, source, row, case, minor, sum(p.minor for p in by_route))
    elif let_go and sum(payout.minor for payout in let_go) == minor:
        for payout in _unsettled(let_go):
            # whether the case is over is asked last of all: its goods may be asked about first
            take(shop, payout, "confirm", at=case.platform_succeeded_at, finish=False)
        for payout in by_route:
            if payout.state == PayoutState.WAITING:
                fail(shop, case, payout)
    else:
        _write_down(shop, source, row, case, minor)


def _stays_taken_back(refunds: Iterable[Payout], news: News) -> bool:
    """Whether what a list says was paid stays as it was taken back here: it tells nothing that came after."""
    if news == News.AFTER_CLOSING:
        return False
    return any(p.state == PayoutState.REVERSED and (p.origin == PLATFORM or not news) for p in refunds)


def _agreed_here(shop: Shop, case: Case, dossier: Dossier | None = None) -> Money:
    """What was agreed to on a case and let go; zero where the platform decided against what was decided here."""
    minor = 0 if case.paid_against else agreed_and_let_go(shop, dossier or dossier_of(shop, case))
    return Money(minor, currency_of(shop, case))


def _arrived_by_route(payouts: Iterable[Payout]) -> int:
    """The sum of those payouts that arrived by the original route and were not taken back, in minor units."""
    return sum(p.minor for p in payouts if _settled_by_us(p) and p.state == PayoutState.CONFIRMED)


def _unsettled(payouts: Iterable[Payout]) -> list[Payout]:
    """Those of some payouts whose money is not known to have arrived."""
    return [payout for payout in payouts if payout.state != PayoutState.CONFIRMED]


def _ask_taken_back(shop: Shop, source: Source, row: StagedRow, case: Case, minor: int, booked: int) -> None:
    """Asks about a refund that was taken back here while the platform still says that it paid, where what is booked by
    the original route differs from that (both in minor units).
    """
    if booked != minor:
        in_books = Money(booked, currency_of(shop, case))
        ask_money(shop, source, row.number, row.values["refund"], "platform_paid", in_books, minor)


def _request(source: Source, refund: str, written: int) -> str:
    """The payment number of what a platform paid on a refund; a further part of it, told later, is numbered from 2
    on.
    """
    return f"{source.platform}:{refund}" + (f"#{written + 1}" if written else "")


def _take_up_again(shop: Shop, case: Case, *, overruling: bool = False) -> None:
    """Opens a case again that was turned away, with the pieces that no other case took since. `overruling`: the
    platform decides against what a person decided here.
    """
    drawn = draws_of_others(shop, shop.session.get_one(Order, case.order_id), case.id)
    for line, order_line in case_lines(shop, case):
        left = order_line.quantity - sum(d.units for d in drawn.get(order_line.id, []))
        line.quantity = min(line.quantity, left)
    shop.session.flush()
    reapply(shop, case, overruling=overruling)


def _counts(payout: Payout) -> bool:
    return payout.state not in {PayoutState.FAILED, PayoutState.REVERSED} and payout.reverses_id is None


def _write_down(shop: Shop, source: Source, row: StagedRow, case: Case, minor: int) -> None:
    """Writes a refund down as the platform paid it (minor units): on what lines and freight still have, and beyond that
    as what the order never had (``over``), which stops all unsettled money of the order. Asks where it is not what was
    agreed to.
    """
    _give_way(shop, case, minor)
    make_room(shop, case.order_id)
    before = dossier_of(shop, case)
    ours = sum(p.minor for p in before.payouts if _settled_by_us(p))
    left, refund, currency = minor - ours, row.values["refund"], currency_of(shop, case)
    if left > 0:
        agree_more(shop, case, sum(before.paid.values()) + left)
        parts = parts_of(dossier_of(shop, case), left)
        at = case.platform_succeeded_at or shop.now
        written = sum(p.origin == PLATFORM for p in before.payouts)
        payment = Payment("refund", "original", parts, request=_request(source, refund, written))
        write_down(shop, case, payment, at)
        over = sum(part.minor for part in parts if part.purpose == OVER)
        if over:
            ask_money(shop, source, row.number, refund, "over", Money(minor - over, currency), minor)
            return
    agreed = _agreed_here(shop, case, before)
    if left <= 0 or agreed.minor != minor:
        in_books = Money(ours, currency) if left <= 0 and not case.paid_against else agreed
        ask_money(shop, source, row.number, refund, "platform_paid", in_books, minor)


def _settled_by_us(payout: Payout) -> bool:
    """Whether a payout is a live refund by the original route: the same money that the platform reports."""
    return _counts(payout) and payout.kind == "refund" and payout.method == "original"


def _give_way(shop: Shop, case: Case, minor: int) -> None:
    """Settles our own refunds of a case by what the platform paid (minor units). Those by the original route arrived
    with it where it paid as much or more; where it paid less, or a second person had not agreed, they did not. Unsent
    ones by another way fail where the platform paid more, or together with them more than is due.
    """
    refunds = [p for p in payouts_of(shop, case) if p.kind == "refund" and _counts(p)]
    ours = [p for p in refunds if _settled_by_us(p)]
    went = sum(p.minor for p in ours if p.state != PayoutState.WAITING) <= minor
    beside = sum(p.minor for p in refunds if p not in ours)
    if beside + minor > dossier_of(shop, case).due or (ours and sum(p.minor for p in ours) < minor):
        for payout in refunds:
            if payout not in ours and payout.state in UNSENT:
                fail(shop, case, payout)
    for payout in ours:
        if payout.state == PayoutState.WAITING or (payout.state != PayoutState.CONFIRMED and not went):
            fail(shop, case, payout)
        elif payout.state != PayoutState.CONFIRMED:
            settled_at = case.platform_succeeded_at or shop.now
            shop.move(payout, payout.number, PAYOUT, "confirm", settled_at=settled_at)


def _goods_arrived_there(shop: Shop, case: Case) -> None:
    """Marks the goods of a case as sent and arrived, since the platform finished its exchange or resend."""
    _take_replacements(shop, case, ReplacementState.DUE, "ship")
    _take_replacements(shop, case, ReplacementState.SHIPPED, "deliver")


def _take_replacements(shop: Shop, case: Case, state: ReplacementState, move: str, **columns: datetime) -> None:
    for row in replacements_of(shop, case, state):
        shop.move(row, f"{case.number}/{row.id}", REPLACEMENT, move, **columns)
    free_sent_again(shop, case)


def _verify(shop: Shop, case: Case, status: str) -> bool:
    """Compares the clicks of a case with the platform's status: verified, dropped, or missed where it did not happen.
    One that pays is verified only once its money arrived. Whether a paying one was said to be made and was not.
    """
    waiting = clicks(shop, case, ActionState.TODO, ActionState.DONE)
    unpaid = _unsettled(p for p in payouts_of(shop, case) if _settled_by_us(p)) if waiting else []
    disproved = False
    for click in waiting:
        subject, before, pays = f"{case.number}/{click.action}", click.state, click.action in PAYING_CLICKS
        if status == "succeeded" and unpaid and pays:
            continue
        if status == "succeeded" or click.action in _DONE_AT.get(status, set()):
            shop.move(click, subject, PLATFORM_ACTION, "verify")
        elif status == "closed" or (status == "refused" and pays):
            shop.move(click, subject, PLATFORM_ACTION, "drop")
        elif click.state == ActionState.DONE and _still_waits(case, click, status) and case.filing == Filing.OPEN:
            shop.move(click, subject, PLATFORM_ACTION, "miss", missed=click.missed + 1)
        disproved |= pays and before == ActionState.DONE and click.state in {ActionState.TODO, ActionState.DROPPED}
    return disproved


def _still_waits(case: Case, click: PlatformAction, status: str) -> bool:
    """Whether the platform waits for a click, though somebody said here that it was made: for any while nobody agreed
    there, for one that pays also while it waits for the goods or for the shop to confirm them.
    """
    if status == "requested" or click.action not in PAYING_CLICKS:
        return status == "requested"
    # a refund alone is agreed to before its goods are refused at the door: only a receipt is confirmed after they came
    if status == "awaiting_goods":
        return click.action == "confirm_receipt"
    return status == "goods_sent" and awaits_receipt(case.platform, case.platform_status)
