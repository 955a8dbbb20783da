"""Questions of an import answered: the books' value kept, or the file's taken while nothing is drawn on the order."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.judgement import lines_of
from retcli.actions.orderfile.persons import hiding_about
from retcli.errors import NotFound, Refused, WrongCommand
from retcli.language import _, mark
from retcli.models import Case, Draw, Order, OrderLine, Payout
from retcli.models.imports import Import, ImportQuestion
from retcli.rules.imports.orders import line_cash, whole_of
from retcli.rules.imports.questions import FIELDS, MONEY, OF_CASE, OF_LINE, OF_ORDER, TAKEABLE
from retcli.rules.lifecycles import MAY_APPROVE_MONEY, PayoutState
from retcli.rules.money.minor_units import Money, parse_named
from retcli.shellwords import quoted
from retcli.shop import Shop
from retcli.views.imports.import_questions import Answered, AnsweredView, LineChange

KEEP, TAKE = "keep", "take"
_STATES = {KEEP: "kept", TAKE: "taken"}


@dataclass(frozen=True)
class _About:
    """What a question is about: the order, and the line where it is about one."""

    order: Order
    line: OrderLine | None


def answer(shop: Shop, question: int | None, decision: str, *, because: str = "", every: bool = False) -> AnsweredView:
    """Answers an open question, or keeps the books' value in `every` one; each answer leaves one event.

    Raises WrongCommand unless just one question is named, or every one is kept.
    """
    shop.may(MAY_APPROVE_MONEY, mark("answer an import's questions"))
    if every == (question is not None):
        raise WrongCommand(_("Name one question, or --all"), "retcli imports questions")
    if every and decision == TAKE:
        hint = "retcli imports answer QUESTION --take"
        raise WrongCommand(_("The file's values are taken one by one; --all goes with --keep only"), hint)
    asked = _open(shop) if question is None else [_question(shop, question)]
    return AnsweredView(tuple(_answered(shop, each, decision, because) for each in asked))


def _open(shop: Shop) -> Sequence[ImportQuestion]:
    query = sa.select(ImportQuestion).where(col(ImportQuestion.state) == "open").order_by(col(ImportQuestion.id))
    return shop.session.scalars(query).all()


def _question(shop: Shop, number: int) -> ImportQuestion:
    """An open question by its number."""
    found = shop.session.get(ImportQuestion, number)
    if found is None:
        raise NotFound(_("There is no question {n}").format(n=number), "retcli imports questions")
    shop.hold(found)
    if found.state != "open":
        message = _("Question {n} is answered already: the value of the {side} stands")
        side = _("file") if found.state == _STATES[TAKE] else _("books")
        raise Refused(message.format(n=number, side=side), "retcli imports questions")
    return found


def _answered(shop: Shop, question: ImportQuestion, decision: str, because: str) -> Answered:
    changes = _take(shop, question) if decision == TAKE else ()
    question.state = _STATES[decision]
    shop.session.flush()
    hide = hiding_about(shop, question.subject)
    facts = {name: getattr(question, name) for name in ("subject", "field", "known", "found")}
    said = {name: facts[name] for name in ("field", "known", "found")}
    shop.record(f"question/{question.id}", decision, about=question.subject, **said, because=hide(because))
    shown = facts | {name: hide(facts[name]) for name in ("known", "found")}
    return Answered(question.id or 0, decision, **shown, lines=changes)


def _take(shop: Shop, question: ImportQuestion) -> tuple[LineChange, ...]:
    """Puts the file's value into the books, and shares what was paid for goods out again; which lines' cash changed."""
    about = _takeable(shop, question)
    value = _value(question, about.order.currency)
    if about.line is None:
        setattr(about.order, OF_ORDER[question.field], value)
    else:
        setattr(about.line, OF_LINE[question.field], value)
    changes = _shared_out(shop, about.order)
    _told_anew(shop, question, about.order)
    return changes


def _told_anew(shop: Shop, answered: ImportQuestion, order: Order) -> None:
    """The other open questions about an order are about what its books say now that one was answered."""
    query = sa.select(ImportQuestion).where(col(ImportQuestion.state) == "open", col(ImportQuestion.id) != answered.id)
    mine = sa.or_(
        col(ImportQuestion.subject) == order.number,
        col(ImportQuestion.subject).startswith(f"{order.number}/", autoescape=True),
    )
    query = query.where(mine, col(ImportQuestion.field).in_(TAKEABLE))
    for question in shop.session.scalars(query).all():
        with suppress(Refused):  # its line is gone: it can only be kept
            question.known = _shown_now(question, _about(shop, question))
    shop.session.flush()


def _shown_now(question: ImportQuestion, about: _About) -> str:
    """The books' value as a question writes it."""
    if about.line is None:
        now: Any = getattr(about.order, OF_ORDER[question.field])
    else:
        now = getattr(about.line, OF_LINE[question.field])
    return str(Money(now or 0, about.order.currency)) if question.field in MONEY else str(now)


def _value(question: ImportQuestion, currency: str) -> int | str:
    """The file's value as its column holds it: money in minor units of its order's currency."""
    if question.field in MONEY:
        written = whole_of(question.found) if question.field == "paid_total" else question.found
        return parse_named(written, currency)
    return int(question.found) if question.field == "quantity" else question.found


def _takeable(shop: Shop, question: ImportQuestion) -> _About:
    """What a question is about, where the file's value may be taken: refuses what is not about an order's own facts,
    what changed since, what anything is drawn on, and more freight than was paid.
    """
    about = _about(shop, question)
    _untouched(shop, about.order)
    _still(question, about)
    column = OF_ORDER.get(question.field)
    amounts: dict[str, Any] = {"freight": about.order.freight, "paid": about.order.paid}
    amounts |= {column: _value(question, about.order.currency)} if column else {}
    if amounts["freight"] > amounts["paid"]:
        message = _("The freight {freight} would be more than the {paid} paid")
        shown = {name: Money(amount, about.order.currency) for name, amount in amounts.items()}
        raise Refused(message.format(**shown), _("Answer the other question about this order first"))
    return about


def answers(shop: Shop, question: ImportQuestion) -> tuple[str, ...]:
    """The answers to an open question that are possible now; none for who may not answer."""
    if shop.operator.role not in MAY_APPROVE_MONEY:
        return ()
    if question.field not in TAKEABLE:
        return (KEEP,)
    try:
        _takeable(shop, question)
    except Refused:
        return (KEEP,)
    return (TAKE, KEEP)


def _about(shop: Shop, question: ImportQuestion) -> _About:
    """The order, held, and the line; refuses questions about something else."""
    if question.field not in TAKEABLE:
        message = _("The file's value is not taken here: {what}").format(
            what=_(FIELDS.get(question.field, question.field))
        )
        by_hand = _("Settle it by {command}, then: retcli imports answer {n} --keep")
        keep = _("The books can only stand: retcli imports answer {n} --keep")
        hint = by_hand if question.field in OF_CASE else keep
        raise Refused(message, hint.format(command=f"retcli case show {quoted(question.subject)}", n=question.id))
    number, _slash, line_number = question.subject.partition("/")
    platform = sa.select(col(Import.platform)).where(col(Import.id) == question.import_id).scalar_subquery()
    query = sa.select(Order).where(col(Order.number) == number, col(Order.platform) == platform)
    order = shop.session.scalars(query).first()
    lines = lines_of(shop, shop.hold(order)) if order else []
    line = next((line for line in lines if line.number == line_number), None)
    if order is None or (question.field in OF_LINE and line is None):
        message = _("{subject} is not in the books any more").format(subject=question.subject)
        raise Refused(message, f"retcli imports answer {question.id} --keep")
    return _About(order, line)


def _still(question: ImportQuestion, about: _About) -> None:
    """Refuses where the books' value is another one than the question was about."""
    shown = _shown_now(question, about)
    if shown != question.known:
        message = _("The books say {now} by now, the question was about {known}")
        hint = _("Import the file again, which asks anew; close this one: retcli imports answer {n} --keep")
        raise Refused(message.format(now=shown, known=question.known), hint.format(n=question.id))


def _untouched(shop: Shop, order: Order) -> None:
    """Refuses where a case draws on the order or money went out of it; names the case."""
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
    found = sorted({*shop.session.scalars(drawn), *shop.session.scalars(paid)})
    if found:
        message = _("Case {case} draws on order {order}: its amounts and goods stand").format(
            case="、".join(found), order=order.number
        )
        hint = _("Withdraw the case first, or keep the books' value and settle the difference by hand")
        raise Refused(message, hint, case=found[0])


def _shared_out(shop: Shop, order: Order) -> tuple[LineChange, ...]:
    """The lines' cash by the rule, so that it sums to what was paid for goods; the lines whose cash changed."""
    lines = lines_of(shop, order)
    stated, vouchers = [line.stated for line in lines], [line.platform_share for line in lines]
    weights = [line.price * line.quantity for line in lines]
    worth = line_cash(order.paid, order.freight, stated, weights, vouchers)
    changes = []
    for line, cash in zip(lines, worth.cash, strict=True):
        if line.cash != cash:
            changes.append(LineChange(line.number, line.sku, line.cash, cash, order.currency))
        line.cash, line.cash_source = cash, worth.source
    shop.session.flush()
    return tuple(changes)
