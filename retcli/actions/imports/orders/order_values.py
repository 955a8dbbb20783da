"""Takes a file's values of an order and its lines into the books, as the answer to a question: only while no case draws
on the order, or, where they say that less was paid, while what its cases hold fits into that.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.order_facts import lines_of
from retcli.actions.imports.orders.lesser_taken import GivesBack, give_back_for, held_of, left_of, room_for
from retcli.actions.orderfile.persons import hiding
from retcli.errors import Refused
from retcli.language import _, series
from retcli.models import Case, Draw, Order, OrderLine, Payout
from retcli.models.imports import Import, ImportQuestion
from retcli.rules.imports.orders import at_least, line_cash, whole_of
from retcli.rules.imports.questions import KEEP, MONEY, OF_LINE, OF_ORDER, SEEN, TAKEABLE, says_less
from retcli.rules.lifecycles import PayoutState
from retcli.rules.money.minor_units import Money, parse_named
from retcli.shop import Shop
from retcli.views.imports.import_questions import LineChange


@dataclass(frozen=True)
class Takeable:
    """An order, locked, whose values of a file may be taken, and what its cases give back for that."""

    order: Order
    gives_back: tuple[GivesBack, ...] = ()


@dataclass(frozen=True)
class _About:
    """The order that a question is about, and its line where it is about one."""

    order: Order
    line: OrderLine | None


def take(shop: Shop, change: Sequence[ImportQuestion]) -> tuple[LineChange, ...]:
    """Takes the file's values of a change into the books, and shares what was paid for goods out again; the lines whose
    cash changed. Where less was paid, cases first give back what exceeds it. Raises Refused as `takeable` does.
    """
    may = takeable(shop, change)
    order = may.order
    give_back_for(shop, may.gives_back, change[0].id or 0)
    for question in change:
        if question.field in TAKEABLE:
            about = _about(shop, question)
            value = _value(question, order.currency)
            setattr(about.line or order, OF_LINE.get(question.field) or OF_ORDER[question.field], value)
    return _shared_out(shop, order)


def tell_anew(shop: Shop, answered: Sequence[ImportQuestion]) -> None:
    """Brings the other open questions about an order to what the books say, now that one was answered."""
    number = answered[0].subject.partition("/")[0]
    of_order = sa.or_(
        col(ImportQuestion.subject) == number, col(ImportQuestion.subject).startswith(f"{number}/", autoescape=True)
    )
    query = sa.select(ImportQuestion).where(col(ImportQuestion.state) == "open", of_order)
    for question in shop.session.scalars(query.where(col(ImportQuestion.field).in_(TAKEABLE))).all():
        with suppress(Refused):  # its line is gone: it can only be seen
            question.known = _shown_now(question, _about(shop, question))
    shop.session.flush()


def _shown_now(question: ImportQuestion, about: _About) -> str:
    """The value in the books, in the form in which a question has it."""
    if about.line is None:
        now: Any = getattr(about.order, OF_ORDER[question.field])
    else:
        now = getattr(about.line, OF_LINE[question.field])
    return str(Money(now or 0, about.order.currency)) if question.field in MONEY else str(now)


def _value(question: ImportQuestion, currency: str) -> int | str:
    """The value of the file, as its column in the books holds it: money in minor units of the order's currency."""
    if question.field in MONEY:
        written = whole_of(question.found) if question.field == "paid_total" else question.found
        return parse_named(written, currency)
    return int(question.found) if question.field == "quantity" else question.found


def takeable(shop: Shop, change: Sequence[ImportQuestion]) -> Takeable:
    """The order of a change whose file's values may be taken. Raises Refused where the books changed since; where a
    case draws on the order, or, for a lesser sum paid, where more than that left or is held; or where the freight would
    exceed what was paid.
    """
    values = [question for question in change if question.field in TAKEABLE]
    order = _about(shop, values[0]).order
    less = _is_of_less(values)
    if not less:
        _untouched(shop, order, _instead(shop, values))
    for question in values:
        _still(question, _about(shop, question), _instead(shop, values))
    amounts: dict[str, Any] = {"freight": order.freight, "paid": order.paid}
    amounts |= {OF_ORDER[q.field]: _value(q, order.currency) for q in values if q.field in OF_ORDER}
    if amounts["freight"] > amounts["paid"]:
        message = _("The freight {freight} would be more than the {paid} paid")
        shown = {name: Money(amount, order.currency) for name, amount in amounts.items()}
        raise Refused(message.format(**shown), _instead(shop, values))
    if not less:
        return Takeable(order)
    worth = _worth_by_then(shop, order, values, amounts["paid"], amounts["freight"])
    return Takeable(order, room_for(shop, order, amounts["paid"], amounts["freight"], worth, _instead(shop, values)))


def _worth_by_then(
    shop: Shop, order: Order, values: Sequence[ImportQuestion], paid: int, freight: int
) -> dict[int | None, int]:
    """What each line of an order, by its id, is worth once the file's values and so much paid and freight (minor units)
    are taken.
    """
    lines = lines_of(shop, order)
    told: dict[tuple[str, str], Any] = {
        (q.subject.partition("/")[2], OF_LINE[q.field]): _value(q, order.currency) for q in values if q.field in OF_LINE
    }
    stated = [told.get((line.number, "stated"), line.stated) for line in lines]
    weights = [told.get((line.number, "price"), line.price) * line.quantity for line in lines]
    worth = line_cash(paid, freight, stated, weights, [line.platform_share for line in lines])
    return {line.id: cash for line, cash in zip(lines, worth.cash, strict=True)}


def lifts_a_limit(shop: Shop, change: Sequence[ImportQuestion]) -> bool:
    """Whether answering a change lifts a limit on what may leave of an order: a file says that less was paid than the
    books do.
    """
    for question in change:
        if OF_ORDER.get(question.field) == "paid":
            order = order_of(shop, question)
            if order and says_less(question.field, str(Money(order.paid, order.currency)), question.found):
                return True
    return False


def _is_of_less(values: Sequence[ImportQuestion]) -> bool:
    """Whether a change is about money alone, and says that less was paid."""
    only_money = all(question.field in MONEY for question in values)
    return only_money and any(says_less(q.field, q.known, q.found) for q in values)


def _instead(shop: Shop, change: Sequence[ImportQuestion]) -> str:
    """The command that leaves the books as they are: ``--keep`` where that lifts a limit, else ``--seen``."""
    return f"retcli imports answer {change[0].id} --{KEEP if lifts_a_limit(shop, change) else SEEN}"


def order_of(shop: Shop, question: ImportQuestion) -> Order | None:
    """The order that a question is about; None where the books no longer have it."""
    platform = sa.select(col(Import.platform)).where(col(Import.id) == question.import_id).scalar_subquery()
    number = question.subject.partition("/")[0]
    query = sa.select(Order).where(col(Order.number) == number, col(Order.platform) == platform)
    return shop.session.scalars(query).first()


def _about(shop: Shop, question: ImportQuestion) -> _About:
    """The order, locked, and the line of a question. Raises Refused where the books no longer have them."""
    order, line_number = order_of(shop, question), question.subject.partition("/")[2]
    lines = lines_of(shop, shop.hold(order)) if order else []
    line = next((line for line in lines if line.number == line_number), None)
    if order is None or (question.field in OF_LINE and line is None):
        message = _("{subject} is not in the books any more").format(subject=question.subject)
        raise Refused(message, f"retcli imports answer {question.id} --seen")
    return _About(order, line)


def _still(question: ImportQuestion, about: _About, instead: str) -> None:
    """Raises Refused where the books have another value by now than the question names; `instead` is the command that
    closes it.
    """
    shown = _shown_now(question, about)
    if shown != question.known:
        message = _("The books say {now} by now, the question was about {known}")
        hint = _("Import the file again, which asks anew; close this one: {command}")
        hide = hiding(about.order)
        raise Refused(message.format(now=hide(shown), known=hide(question.known)), hint.format(command=instead))


def _untouched(shop: Shop, order: Order, instead: str) -> None:
    """Raises Refused, with the cases, where one draws on an order or money went out of it; `instead` is the command
    that leaves the books as they are.
    """
    drawn = (
        sa.select(col(Case.number))
        .join(Draw, col(Draw.case_id) == col(Case.id))
        .where(col(Draw.order_id) == order.id)
        .group_by(col(Case.number))
        .having(sa.or_(*(sa.func.sum(column) != 0 for column in (col(Draw.units), col(Draw.share), col(Draw.cash)))))
    )
    paid = (
        sa.select(col(Case.number))
        .join(Payout, col(Payout.case_id) == col(Case.id))
        .where(col(Payout.order_id) == order.id, col(Payout.state) != PayoutState.FAILED)
    )
    cases = sorted({*shop.session.scalars(drawn), *shop.session.scalars(paid)})
    if cases:
        message = _("Case {case} draws on order {order}: its amounts and goods stand").format(
            case=series(cases), order=order.number
        )
        hint = _("To leave the books as they are: {command}")
        if not left_of(shop, order):
            hint = _("Withdraw the case first, or leave the books as they are: {command}")
        raise Refused(message, hint.format(command=instead), case=cases[0])


def _shared_out(shop: Shop, order: Order) -> tuple[LineChange, ...]:
    """Shares what was paid for goods out over an order's lines by the rule, none of which gets less than is drawn on
    it; the lines whose cash changed.
    """
    shop.session.flush()
    lines = lines_of(shop, order)
    stated, vouchers = [line.stated for line in lines], [line.platform_share for line in lines]
    weights = [line.price * line.quantity for line in lines]
    worth = line_cash(order.paid, order.freight, stated, weights, vouchers)
    drawn = held_of(shop, order).lines
    kept = at_least(worth.cash, [drawn.get(line.id, 0) for line in lines])
    # an amount that was raised to what is drawn on its line is no longer the file's own
    source = worth.source if kept == worth.cash else "split"
    changes = []
    for line, cash in zip(lines, kept, strict=True):
        if line.cash != cash:
            changes.append(
                LineChange(line.number, line.sku, Money(line.cash, order.currency), Money(cash, order.currency))
            )
        line.cash, line.cash_source = cash, source
    shop.session.flush()
    return tuple(changes)
