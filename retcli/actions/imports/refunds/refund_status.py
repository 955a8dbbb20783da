"""What a refund's status on its platform does to its case: decided, turned away, taken up again, clicks verified."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from retcli.actions.casefile.filing import finish_if_done
from retcli.actions.casefile.judgement import judgement_of
from retcli.actions.casefile.records.entitlements import free_sent_again
from retcli.actions.casefile.records.ledger import draws_of_others
from retcli.actions.casefile.records.one_case import case_lines, payouts_of, replacements_of
from retcli.actions.casefile.records.platform_clicks import clicks, tell_platform
from retcli.actions.casefile.records.stopping import ASKS_OF_CLOSING, ASKS_OF_REFUSAL
from retcli.actions.cases.agreement import agree
from retcli.actions.cases.undone_decisions import goods_gone, money_out, reapply, turn_away
from retcli.actions.imports.merging import Source, ask_money, open_questions, resolve
from retcli.actions.imports.refunds import goods_questions
from retcli.actions.imports.refunds.applications import as_it_stands, note_applied
from retcli.actions.imports.refunds.paid_on_platform import (
    agreed_here,
    arrived_by_route,
    close_questions,
    is_live,
    settled_by_us,
    stays_taken_back,
    take_over,
    unsettled_of,
)
from retcli.actions.imports.refunds.refund_facts import News, applied_again_at, ended_at
from retcli.actions.money.beyond import NO_MONEY, make_room, raised
from retcli.actions.money.making_way import make_way
from retcli.actions.money.outgoing import currency_of
from retcli.actions.warehouse.pieces import corrected_findings
from retcli.actions.warehouse.shipments import keeping, sending
from retcli.database.staging.stages import StagedRow
from retcli.models import Case, Order, PlatformAction
from retcli.models.books import CLOSED_AFTER_CLICK, REFUSED_AFTER_CLICK
from retcli.platforms import awaits_receipt
from retcli.rules.lifecycles import (
    GOING_OUT,
    PAYING_CLICKS,
    PLATFORM_ACTION,
    REPLACEMENT,
    ActionState,
    Decision,
    Filing,
    PayoutState,
    ReplacementState,
)
from retcli.rules.money.minor_units import Money
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


def follow(shop: Shop, source: Source, row: StagedRow, case: Case, status: str, *, news: News = News.CHANGED) -> None:
    """Brings a case to a refund's status on its platform, by the lifecycles' own steps."""
    goods_questions.forget_sent(shop, source, case, status)
    steps: dict[str, Callable[[], None]] = {
        "requested": lambda: _requested(shop, source, row, case, news=news),
        "refused": lambda: _refused(shop, source, row, case, news=news),
        "closed": lambda: _closed(shop, source, row, case, news=news),
        "replacement_sent": lambda: _sent_again(shop, case),
        "succeeded": lambda: _succeeded(shop, source, row, case, news=news),
    }
    steps.get(status, lambda: _agreed(shop, case))()
    # after the step: a click that pays is proved by what the report did to its money
    if _verify(shop, case, status):
        make_room(shop, case.order_id)
        corrected_findings.call_off_wrong(shop, case)  # its money is still here, as if nobody had clicked
    if status not in {"closed", "succeeded"} or case.paid_against:
        return
    if not goods_questions.keeps_open(shop, source, row, case, status):
        finish_if_done(shop, case)


def _requested(shop: Shop, source: Source, row: StagedRow, case: Case, *, news: News) -> None:
    """Follows a refund that still waits for the shop: a case that was turned away is taken up again, since the buyer
    applied once more, unless that was not told to the platform yet; an approval that was made while it was closed there
    is told now.
    """
    unclicked = clicks(shop, case, ActionState.TODO, ActionState.DONE)
    if case.decision == Decision.WITHDRAWN or (case.decision == Decision.REJECTED and not unclicked):
        was = as_it_stands(shop, case)
        _take_up_again(shop, case)
        note_applied(shop, case, was, there="requested", at=applied_again_at(shop, source, case, row.values))
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
    """Follows a refund that was turned down there. What a person took up anew since, and nobody clicked, stays while
    the list says the same; where it was turned down there once more, what was agreed to is asked about.
    """
    if case.decision not in {Decision.REQUESTED, Decision.APPROVED}:
        return
    since = news in {News.NOTHING, News.REFUSED_AGAIN} and not (_said_to_have_left(shop, case) or money_out(shop, case))
    if not since:
        _ended_unpaid(shop, source, row, case, _REFUSED, news=news)
    elif news and case.decision == Decision.APPROVED:
        agreed = agreed_here(shop, case)
        ask_money(shop, source, row.number, row.values["refund"], ASKS_OF_REFUSAL, agreed, 0)


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
        out = [p.minor for p in payouts_of(shop, case) if p.kind == "refund" and is_live(p)]
        asked = Money(sum(out), currency_of(shop, case))
    elif not goods:
        turn_away(shop, case, end.move)
        make_room(shop, case.order_id)
    if left:
        at = ended_at(shop, source, case, row.values).isoformat()
        shop.record(case.number, end.after_click, minor=left.minor, currency=left.currency, ended_at=at)
    if asked:
        ask_money(shop, source, row.number, row.values["refund"], end.question, asked, 0)


def _said_to_have_left(shop: Shop, case: Case) -> Money:
    """What of a case is said here to have left by the platform's refund (clicked, or sent) and is not known to have
    arrived.
    """
    unsettled = unsettled_of(p for p in payouts_of(shop, case) if settled_by_us(p))
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
    if not stays_taken_back(refunds, news, case):
        _agreed_by_paying(shop, case, minor, arrived_by_route(refunds))
    if row.values.get("kind", case.kind) in GOING_OUT:
        _goods_arrived_there(shop, case)
    if minor:
        take_over(shop, source, row, case, minor, news=news)
        if case.paid_against:
            ask_money(shop, source, row.number, row.values["refund"], "platform_paid", agreed_here(shop, case), minor)
        close_questions(shop, source, case, minor)


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


def _goods_arrived_there(shop: Shop, case: Case) -> None:
    """Marks the goods of a case as sent and arrived, since the platform finished its exchange or resend."""
    _take_replacements(shop, case, ReplacementState.DUE, "ship")
    _take_replacements(shop, case, ReplacementState.SHIPPED, "deliver")


def _take_replacements(shop: Shop, case: Case, state: ReplacementState, move: str, **columns: datetime) -> None:
    """Has the goods of a case in a state take a step by the platform's word. What was kept here leaves the stock;
    anything else counts as sent since the count, as an order's goods do.
    """
    rows = sorted(replacements_of(shop, case, state), key=lambda row: row.sku)  # in the order of `sending.send`
    kept = [row for row in rows if row.reserved and keeping.keep(shop, case, row)]
    if kept:
        sending.send(shop, case, kept, waybill="", carrier="")
    for row in [row for row in rows if row not in kept]:
        shop.move(row, f"{case.number}/{row.id}", REPLACEMENT, move, **columns)
    sending.follow(shop, rows, move)
    free_sent_again(shop, case)


def _verify(shop: Shop, case: Case, status: str) -> bool:
    """Compares the clicks of a case with the platform's status: verified, dropped, or missed where it did not happen.
    One that pays is verified only once its money arrived. Whether a paying one was said to be made and was not.
    """
    waiting = clicks(shop, case, ActionState.TODO, ActionState.DONE)
    unpaid = unsettled_of(p for p in payouts_of(shop, case) if settled_by_us(p)) if waiting else []
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
