"""What a platform paid on a refund, taken over: our payouts settled by it, or its own payment written down."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from retcli.actions.casefile.records.dossiers import Dossier, dossier_of
from retcli.actions.casefile.records.one_case import payouts_of
from retcli.actions.casefile.records.stopping import ASKS_OF_BOTH, ASKS_OF_CLOSING, ASKS_OF_REFUSAL
from retcli.actions.casefile.records.voided_payouts import agreed_and_let_go
from retcli.actions.imports.merging import Source, ask_anew, ask_money, open_questions, resolve
from retcli.actions.imports.refunds.refund_facts import News
from retcli.actions.money.beyond import agree_more, make_room, parts_of
from retcli.actions.money.outgoing import PLATFORM, Payment, currency_of, fail, write_down
from retcli.actions.money.payout_steps import take
from retcli.actions.orderfile import step_memory
from retcli.database.staging.stages import StagedRow
from retcli.models import Case, Payout
from retcli.rules.lifecycles import LEFT, PAYOUT, UNSENT, PayoutState
from retcli.rules.money.minor_units import Money
from retcli.rules.money.payouts import OVER
from retcli.shop import Shop


def take_over(shop: Shop, source: Source, row: StagedRow, case: Case, minor: int, *, news: News) -> None:
    """Takes over in full what the platform says that it paid. Our payout of just that amount by the original route is
    confirmed; any other amount is written down as it says, in place of what we had not paid yet, and the difference is
    asked about. Where the books have the amount already, what is to leave beside it stays, unless the list brings news.
    """
    refunds = [p for p in payouts_of(shop, case) if p.kind == "refund"]
    by_route = [p for p in refunds if settled_by_us(p)]
    let_go = [p for p in by_route if p.state != PayoutState.WAITING]
    if arrived_by_route(refunds) == minor:
        for payout in unsettled_of(by_route) if news else ():
            fail(shop, case, payout)
    elif stays_taken_back(refunds, news, case):
        _ask_taken_back(shop, source, row, case, minor, sum(p.minor for p in by_route))
    elif let_go and sum(payout.minor for payout in let_go) == minor:
        for payout in unsettled_of(let_go):
            # whether the case is over is asked last of all: its goods may be asked about first
            take(shop, payout, "confirm", at=case.platform_succeeded_at, finish=False)
        for payout in by_route:
            if payout.state == PayoutState.WAITING:
                fail(shop, case, payout)
    else:
        _write_down(shop, source, row, case, minor)


def stays_taken_back(refunds: Sequence[Payout], news: News, case: Case) -> bool:
    """Whether what a list says was paid stays as it was taken back here: it tells nothing that came after, also where
    the list is the first that tells of it.
    """
    if news == News.AFTER_CLOSING:
        return False
    back = {payout.reverses_id: payout.settled_at for payout in refunds}
    undone = [payout for payout in refunds if payout.state == PayoutState.REVERSED]
    return any(p.origin == PLATFORM or _is_the_same(case, p, back.get(p.id), told=not news) for p in undone)


def _is_the_same(case: Case, payout: Payout, undone_at: datetime | None, *, told: bool) -> bool:
    """Whether the platform's payment of a case is the one that a person took back at an instant, by what the list tells
    of its time; where that says nothing, it is what was `told` before.
    """
    if payout.method != "original" or undone_at is None or case.platform_succeeded_at is None:
        return told
    if case.platform_estimated:
        return True
    return case.platform_succeeded_at <= undone_at


def agreed_here(shop: Shop, case: Case, dossier: Dossier | None = None) -> Money:
    """What was agreed to on a case and let go; zero where the platform decided against what was decided here."""
    minor = 0 if case.paid_against else agreed_and_let_go(shop, dossier or dossier_of(shop, case))
    return Money(minor, currency_of(shop, case))


def left_to_it(shop: Shop, case: Case, dossier: Dossier) -> Money:
    """What of a case's `agreed_here` was left for its platform to pay: what left by ourselves another way stands for as
    much of it.
    """
    agreed = agreed_here(shop, case, dossier)
    beside = [p for p in dossier.payouts if p.kind == "refund" and is_live(p) and not settled_by_us(p)]
    return Money(max(agreed.minor - sum(p.minor for p in beside if p.state in LEFT), 0), agreed.currency)


def arrived_by_route(payouts: Iterable[Payout]) -> int:
    """The sum of those payouts that arrived by the original route and were not taken back, in minor units."""
    return sum(p.minor for p in payouts if settled_by_us(p) and p.state == PayoutState.CONFIRMED)


def unsettled_of(payouts: Iterable[Payout]) -> list[Payout]:
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


def is_live(payout: Payout) -> bool:
    """Whether a payout neither failed nor was taken back, and takes none back."""
    return payout.state not in {PayoutState.FAILED, PayoutState.REVERSED} and payout.reverses_id is None


def _write_down(shop: Shop, source: Source, row: StagedRow, case: Case, minor: int) -> None:
    """Writes a refund down as the platform paid it (minor units): on what lines and freight still have, and beyond that
    as what the order never had (``over``), which stops all unsettled money of the order. Asks where it is not what was
    agreed to.
    """
    _give_way(shop, case, minor)
    make_room(shop, case.order_id)
    before = dossier_of(shop, case)
    ours = sum(p.minor for p in before.payouts if settled_by_us(p))
    left, refund, currency = minor - ours, row.values["refund"], currency_of(shop, case)
    if left > 0:
        agree_more(shop, case, sum(before.paid.values()) + left)
        parts = parts_of(dossier_of(shop, case), left)
        at = case.platform_succeeded_at or shop.now
        written = sum(p.origin == PLATFORM for p in before.payouts)
        payment = Payment("refund", "original", parts, request=_request(source, refund, written))
        write_down(shop, case, payment, at)
        # what was answered about as much was about the payment that was taken back
        for name in ("over", "platform_paid") if any(p.state == PayoutState.REVERSED for p in before.payouts) else ():
            ask_anew(shop, source, refund, name, Money(minor, currency))
        over = sum(part.minor for part in parts if part.purpose == OVER)
        if over:
            ask_money(shop, source, row.number, refund, "over", Money(minor - over, currency), minor)
            return
    agreed = left_to_it(shop, case, before)
    if left <= 0 or agreed.minor != minor:
        in_books = Money(ours, currency) if left <= 0 and not case.paid_against else agreed
        ask_money(shop, source, row.number, refund, "platform_paid", in_books, minor)


def settled_by_us(payout: Payout) -> bool:
    """Whether a payout is a live refund by the original route: the same money that the platform reports."""
    return is_live(payout) and payout.kind == "refund" and payout.method == "original"


def _give_way(shop: Shop, case: Case, minor: int) -> None:
    """Settles our own refunds of a case by what the platform paid (minor units). Those by the original route arrived
    with it where it paid as much or more; where it paid less, or a second person had not agreed, they did not. Unsent
    ones by another way fail where the platform paid more, or together with them more than is due.
    """
    refunds = [p for p in payouts_of(shop, case) if p.kind == "refund" and is_live(p)]
    ours = [p for p in refunds if settled_by_us(p)]
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


def close_questions(shop: Shop, source: Source, case: Case, minor: int) -> None:
    """Closes the questions of earlier files about a refund that was paid with so many minor units in the end: about
    another amount, or its being closed or turned down; and about this amount, once it is what was agreed to and what
    stands in the books.
    """
    if step_memory.unasked(shop, case):
        return
    of_end = (ASKS_OF_CLOSING, ASKS_OF_REFUSAL, ASKS_OF_BOTH)
    asked = open_questions(shop, source, case.platform_number or "", "platform_paid", *of_end)
    if not asked:
        return
    dossier, now = dossier_of(shop, case), str(Money(minor, currency_of(shop, case)))
    fits = left_to_it(shop, case, dossier).minor == minor == arrived_by_route(dossier.payouts)
    for question in asked:
        if fits or question.field in of_end or question.found != now:
            resolve(shop, source, question)
