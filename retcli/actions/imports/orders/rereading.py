"""Puts right orders of which an older retcli took what was left after refunds for what was paid, by a newer report."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.order_facts import lines_of
from retcli.actions.casefile.records.dossiers import dossier_of
from retcli.actions.casefile.records.one_case import payouts_of
from retcli.actions.casefile.records.payout_parts import Part
from retcli.actions.imports.merge_step import IN_STEP, Step
from retcli.actions.imports.merging import Source
from retcli.actions.money.beyond import agree_more, make_room
from retcli.actions.money.outgoing import PLATFORM, Payment, write_down
from retcli.models import Case, Draw, Order, OrderLine
from retcli.models.imports import Import, ImportQuestion
from retcli.platforms.taobao import ORDERS
from retcli.rules.imports.orders import LineCash, line_cash
from retcli.rules.lifecycles import Decision, PayoutState
from retcli.rules.money.minor_units import parse, text
from retcli.rules.money.payouts import FREIGHT, GOODS
from retcli.shop import Shop

_SHORT = ("refund_above_paid", "platform_paid")
"""Fields of questions about a refund whose money is not wholly in the books."""
COUNTED = 1000
"""Orders that are counted one by one; that there are more is all that anybody needs to know."""
_UNDONE = frozenset({PayoutState.FAILED, PayoutState.REVERSED})


@dataclass(frozen=True)
class Said:
    """The amounts of an order in an order report, in minor units: what is left of it, what was paid, the freight in
    that.
    """

    net: int
    paid: int
    freight: int


def mend(shop: Shop, source: Source, order: Order, file: Said) -> bool:
    """Puts an order right whose `paid` in the books is what was left after some of its refunds, and shares it out over
    its lines again; whether it was so and could be done. It cannot where a line would get less than cases draw on it.
    """
    # what is left by now, or what was left after fewer refunds when an earlier file was made
    if not file.net <= order.paid < file.paid:
        return False
    lines, was = lines_of(shop, order), order.paid
    freight = min(file.freight, file.paid)
    stated, vouchers = [line.stated for line in lines], [line.platform_share for line in lines]
    worth = line_cash(file.paid, freight, stated, [line.price * line.quantity for line in lines], vouchers)
    drawn = _drawn(shop, order)
    if any(cash < drawn.get(line.id, 0) for line, cash in zip(lines, worth.cash, strict=True)):
        return False
    order.paid, order.freight = file.paid, freight
    _share_out(lines, worth)
    shop.session.flush()
    facts = {"was": was, "paid": file.paid, "net": file.net, "currency": order.currency}
    shop.record(f"order/{order.number}", "reread", imported=source.import_id, lines=list(worth.cash), **facts)
    _answer(shop, _open_about(shop, order.number, ("paid", "lines_sum") if not worth.gap else ("paid",)), "taken")
    _write_down_rest(shop, order)
    make_room(shop, order.id or 0)
    return True


def _write_down_rest(shop: Shop, order: Order) -> None:
    """Writes down what the platform paid on cases of an order and what the order's lesser `paid` had no room for;
    closes the questions about it.
    """
    query = (
        sa.select(ImportQuestion, Case)
        .join(Case, col(Case.platform_number) == col(ImportQuestion.subject))
        .where(col(Case.order_id) == order.id, col(Case.decision) == Decision.APPROVED)
        .where(col(ImportQuestion.state) == "open", col(ImportQuestion.field).in_(_SHORT))
        .order_by(col(ImportQuestion.id))
    )
    for question, case in shop.session.execute(query).all():
        if _written_down(shop, order, case, parse(question.found)):
            _answer(shop, [question], "taken")


def _written_down(shop: Shop, order: Order, case: Case, minor: int) -> bool:
    """Writes down what is missing of a refund that the platform paid (`minor`, minor units); whether all of it stands
    in the books then.
    """
    live = [p for p in payouts_of(shop, case) if p.kind == "refund" and p.state not in _UNDONE and not p.reverses_id]
    missing = minor - sum(payout.minor for payout in live)
    if missing <= 0 or any(payout.origin != PLATFORM for payout in live):
        return not missing
    agree_more(shop, case, minor)
    dossier = dossier_of(shop, case)
    parts = [
        Part(GOODS, order_line.id, line.due - dossier.paid.get(order_line.id, 0)) for line, order_line in dossier.lines
    ]
    parts.append(Part(FREIGHT, None, case.freight_due - dossier.paid.get(None, 0)))
    parts = [part for part in parts if part.minor > 0]
    if sum(part.minor for part in parts) != missing:
        return False
    request = f"{order.platform}:{case.platform_number}" + (":rest" if live else "")
    payment = Payment("refund", "original", parts, request=request)
    write_down(shop, case, payment, case.platform_succeeded_at or shop.now)
    return True


def unread(shop: Shop) -> tuple[int, list[str], int]:
    """How many paid orders may still stand with what was left of them after refunds, since no newer report of theirs
    came, up to one more than `COUNTED`; the numbers of the five newest of them; and how many orders were put right.
    """
    test = (
        col(Order.platform) == sa.literal_column(f"'{ORDERS.platform}'"),  # as the index of these orders has it
        col(Order.refunded_there).is_(None),
        sa.or_(col(Order.paid_at).is_not(None), col(Order.paid) > 0),
    )
    some = sa.select(col(Order.id)).where(*test).limit(COUNTED + 1).subquery()
    number = shop.session.scalar(sa.select(sa.func.count()).select_from(some)) or 0
    first = shop.session.scalars(sa.select(col(Order.number)).where(*test).order_by(col(Order.id).desc()).limit(5))
    mended = shop.session.scalar(sa.select(sa.cast(sa.func.sum(Import.mended), sa.BigInteger))) or 0
    return number, list(first), int(mended)


def _drawn(shop: Shop, order: Order) -> dict[int | None, int]:
    """What cases draw of each line, in minor units."""
    query = sa.select(col(Draw.line_id), sa.cast(sa.func.sum(Draw.cash), sa.BigInteger))
    rows = shop.session.execute(query.where(col(Draw.order_id) == order.id).group_by(col(Draw.line_id)))
    return {line: int(cash) for line, cash in rows}


def _share_out(lines: Sequence[OrderLine], worth: LineCash) -> None:
    for line, cash, share in zip(lines, worth.cash, worth.vouchers, strict=True):
        line.cash, line.cash_source, line.platform_share = cash, worth.source, share


def _open_about(shop: Shop, number: str, fields: Sequence[str]) -> Sequence[ImportQuestion]:
    query = sa.select(ImportQuestion).where(col(ImportQuestion.subject) == number, col(ImportQuestion.state) == "open")
    return shop.session.scalars(query.where(col(ImportQuestion.field).in_(fields))).all()


def _answer(shop: Shop, questions: Sequence[ImportQuestion], state: str) -> None:
    """Closes questions that the newer report itself has answered; each leaves an event."""
    for question in questions:
        question.state = state
        facts = {name: getattr(question, name) for name in ("field", "known", "found")}
        shop.record(f"question/{question.id}", state, about=question.subject, **facts, because="reread")
    shop.session.flush()


def answer_old_questions(step: Step) -> None:
    """Closes questions in which what was left after refunds was taken for another payment, where the report of this
    step confirms the books.
    """
    rows = step.run(
        "SELECT q.id, q.known, q.found, o.paid, r.net FROM import_questions q"
        f" JOIN {step.heads} r ON r.target = q.subject JOIN orders o ON o.platform = :platform AND o.number = r.target"
        f" WHERE q.state = 'open' AND q.field = 'paid' AND {IN_STEP} AND r.net < o.paid AND r.paid = o.paid"
    ).all()
    settled = [number for number, known, found, paid, net in rows if _was_net(known, found, paid, net)]
    if settled:
        query = sa.select(ImportQuestion).where(col(ImportQuestion.id).in_(settled))
        _answer(step.shop, step.shop.session.scalars(query).all(), "kept")


def _was_net(known: str, found: str, paid: int, net: int) -> bool:
    """Whether a question compares what was left after some refunds with what was paid."""
    return known == text(paid) and net <= parse(found) < paid
