"""Lists and answers the questions that imports ask: the books' values are kept, or the file's are taken."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.one_case import payouts_of
from retcli.actions.casefile.records.stopping import ASKS_OF_BOTH, ASKS_OF_CLOSING, ASKS_OF_REFUSAL, STOPS_CASE
from retcli.actions.imports.orders import order_values
from retcli.actions.imports.orders.lesser_taken import left_of
from retcli.actions.orderfile.open_questions import open_changes
from retcli.actions.orderfile.persons import hiding_about
from retcli.errors import NotFound, Refused, WrongCommand
from retcli.language import _, mark
from retcli.models import Case
from retcli.models.books import Event
from retcli.models.imports import Import, ImportQuestion
from retcli.rules.imports.orders import whole_of
from retcli.rules.imports.questions import BOOKED, KEEP, OF_WHAT_LEFT, SEEN, TAKE, may_be_taken, says_less
from retcli.rules.lifecycles import DECIDED_THERE, LEFT, MAY_APPROVE_MONEY, PayoutState
from retcli.rules.money.minor_units import Money, parse_named
from retcli.shop import Shop
from retcli.views.imports.import_questions import (
    Answered,
    AnsweredView,
    GivesWay,
    LeftSingly,
    Question,
    QuestionsView,
    Value,
)

_ALL_OPEN = "retcli imports questions"
"""The command that lists what is open."""
_STATES = {KEEP: "kept", SEEN: "kept", TAKE: "taken"}
_OF_PAYING = frozenset({*BOOKED, ASKS_OF_CLOSING, ASKS_OF_REFUSAL, ASKS_OF_BOTH})
"""Questions whose words depend on how the money of their case stands."""
Change = Sequence[ImportQuestion]
"""Questions that are answered together: the open ones about the same thing of an order, refund or bill."""


def questions(shop: Shop) -> QuestionsView:
    """The open questions, each change with the values of the books and of the file, and the answers that it allows."""
    names = {row.id: row.name for row in shop.session.execute(sa.select(col(Import.id), col(Import.name)))}
    return QuestionsView(tuple(_asked(shop, change, names) for change in _open(shop)))


def _asked(shop: Shop, change: Change, names: dict[int, str]) -> Question:
    can, why_not, gives_way = _answers(shop, change)
    values = tuple(_value(shop, question, names.get(question.import_id, "")) for question in change)
    return Question(values, change[0].at, can, why_not, gives_way)


def answer(shop: Shop, question: int | None, decision: str, *, because: str = "", every: bool = False) -> AnsweredView:
    """Answers the change that the question of a number is part of: `decision` is ``take``, ``keep``, or ``seen`` where
    there is nothing to choose. With `every`, all changes are kept, or all noted as seen that allow it, but for those
    about money or goods that left and those whose answer lifts a limit on what may leave of an order. Each question
    leaves one event.

    Raises WrongCommand unless just one question is named, or every one is kept or seen; Refused for an answer that the
    change does not allow.
    """
    shop.may(MAY_APPROVE_MONEY, mark("answer an import's questions"))
    if every == (question is not None):
        raise WrongCommand(_("Name one question, or --all"), "retcli imports questions")
    if every and decision == TAKE:
        hint = "retcli imports answer QUESTION --take"
        raise WrongCommand(_("The file's values are taken one by one; --all goes with --keep or --seen only"), hint)
    changes = _open(shop) if question is None else [_change(shop, question)]
    singly = [change for change in changes if every and _is_singly(shop, change)]
    changes = [change for change in changes if change not in singly]
    if every and decision == SEEN:
        changes = [change for change in changes if _answers(shop, change)[0] == (SEEN,)]
    left = tuple(_left_singly(shop, change) for change in singly)
    return AnsweredView(tuple(_answered(shop, change, decision, because) for change in changes), left)


def _is_singly(shop: Shop, change: Change) -> bool:
    """Whether a change is answered by itself only: it is about what left, or lets more leave."""
    return any(value.field in OF_WHAT_LEFT for value in change) or order_values.lifts_a_limit(shop, change)


def _left_singly(shop: Shop, change: Change) -> LeftSingly:
    """A change that waits for an answer of its own, in words, with the commands that answer it."""
    asked = _asked(shop, change, {})
    return LeftSingly(asked.first.number, asked.first.subject, asked.first.field, asked.sentence(), asked.commands)


def _open(shop: Shop) -> list[Change]:
    """The changes that wait for a person."""
    questions = {each.id: each for each in shop.session.scalars(sa.select(ImportQuestion).where(_is_open()))}
    return [[questions[value.id] for value in change] for change in open_changes(shop)]


def _is_open() -> sa.ColumnElement[bool]:
    return col(ImportQuestion.state) == "open"


def _change(shop: Shop, number: int) -> Change:
    """The open change that a question is part of. Raises NotFound, Refused where the question is answered already."""
    question = shop.session.get(ImportQuestion, number)
    if question is None:
        raise NotFound(_("There is no question {n}").format(n=number), "retcli imports questions")
    shop.hold(question)
    if question.state != "open":
        if _is_overtaken(shop, question):
            raise Refused(_("Question {n} is closed: a later file overtook it").format(n=number), _ALL_OPEN)
        message = _("Question {n} is answered already: the value of the {side} stands")
        side = _("file") if question.state == _STATES[TAKE] else _("books")
        raise Refused(message.format(n=number, side=side), "retcli imports questions")
    return next(change for change in _open(shop) if question in change)


def _is_overtaken(shop: Shop, question: ImportQuestion) -> bool:
    """Whether a later file closed a question, and nobody has answered it."""
    query = sa.select(col(Event.action)).where(col(Event.subject) == f"question/{question.id}")
    return shop.session.scalar(query.order_by(col(Event.seq).desc()).limit(1)) == "resolve"


def _answered(shop: Shop, change: Change, decision: str, because: str) -> Answered:
    gave_way = _refuse_no_answer(shop, change, decision)
    shown = tuple(_value(shop, question) for question in change)
    # read before the file's values are taken: the event tells what left by the state that was answered
    left = {question.id: value.left for question, value in zip(change, shown, strict=True) if value.left}
    lines = order_values.take(shop, change) if decision == TAKE else ()
    hide = hiding_about(shop, change[0].subject)
    for question in change:
        question.state = _STATES[decision]
        facts = {name: getattr(question, name) for name in ("field", "known", "found")}
        facts |= {"left": left[question.id]} if question.id in left else {}
        facts |= {"role": shop.operator.role.value} if decision != SEEN else {}
        shop.record(f"question/{question.id}", decision, about=question.subject, **facts, because=hide(because))
    shop.session.flush()
    order_values.tell_anew(shop, change)
    return Answered(decision, shown, lines, gave_way)


def _refuse_no_answer(shop: Shop, change: Change, decision: str) -> tuple[GivesWay, ...]:
    """Raises Refused for an answer that a change does not allow (each may be kept). What cases give back where the
    file's values are taken.
    """
    if decision == KEEP:
        return ()
    number, (can, why_not, gives_way) = change[0].id, _answers(shop, change)
    if decision == SEEN and SEEN not in can:
        message = _("Question {n} is to be chosen: the file's values are taken, or the books' kept")
        raise Refused(message.format(n=number), "retcli imports questions")
    if decision == TAKE and not may_be_taken({question.field for question in change}):
        message = _("Nothing of question {n} can be taken: the books stand either way")
        raise Refused(message.format(n=number), f"retcli imports answer {number} --{can[0]}")
    if decision == TAKE and why_not:
        order_values.takeable(shop, change)
    return gives_way if decision == TAKE else ()


def _answers(shop: Shop, change: Change) -> tuple[tuple[str, ...], str, tuple[GivesWay, ...]]:
    """The answers that a change allows now (none for who may not answer), why the file's values cannot be taken now
    though their kind can, and what cases give back where they are. A change whose answer lifts a limit is kept by a
    decision, never only noted as seen.
    """
    if shop.operator.role not in MAY_APPROVE_MONEY:
        return (), "", ()
    only = (KEEP,) if order_values.lifts_a_limit(shop, change) else (SEEN,)
    if not may_be_taken({question.field for question in change}):
        return only, "", ()
    try:
        may = order_values.takeable(shop, change)
    except Refused as refused:
        return only, hiding_about(shop, change[0].subject)(refused.message), ()
    currency = may.order.currency
    gives_way = (GivesWay(each.case.number, Money(sum(each.shares.values()), currency)) for each in may.gives_back)
    return (TAKE, KEEP), "", tuple(gives_way)


def _value(shop: Shop, question: ImportQuestion, file: str = "") -> Value:
    """A question as it is shown: both values without the person, and what else the answer depends on."""
    hide = hiding_about(shop, question.subject)
    known, found = hide(question.known), hide(question.found)
    case = _case_of(shop, question) if question.field in _OF_PAYING else None
    if question.field == ASKS_OF_BOTH and not file:
        file = str(shop.session.scalar(sa.select(col(Import.name)).where(col(Import.id) == question.import_id)) or "")
    booked = case is not None and question.field in BOOKED and _is_booked(shop, question, case)
    against = case is not None and case.paid_against
    unagreed = case is not None and case.decided_as in DECIDED_THERE
    of = question.id or 0, question.subject, question.field
    left = _left(shop, case) if case else _left_beyond(shop, question)
    beside = _beside(shop, case) if case and question.field == STOPS_CASE else ""
    return Value(*of, known, found, question.row, file, booked, against, unagreed, left, beside)


def _left_beyond(shop: Shop, question: ImportQuestion) -> str:
    """What has left of an order, in words, where it is more than the file says was paid; else ""."""
    if not says_less(question.field, question.known, question.found):
        return ""
    order = order_values.order_of(shop, question)
    if order is None:
        return ""
    left, paid = left_of(shop, order), parse_named(whole_of(question.found), order.currency)
    return str(Money(left, order.currency)) if left > paid else ""


def _case_of(shop: Shop, question: ImportQuestion) -> Case | None:
    """The case of the refund that a question is about; None where there is none."""
    platform = sa.select(col(Import.platform)).where(col(Import.id) == question.import_id).scalar_subquery()
    query = sa.select(Case).where(col(Case.platform_number) == question.subject, col(Case.platform) == platform)
    return shop.session.scalars(query).first()


def _left(shop: Shop, case: Case) -> str:
    """What has left of a case's refunds and was not taken back, in words; "" where nothing has."""
    away = {PayoutState.SENT, PayoutState.UNKNOWN, PayoutState.CONFIRMED}
    refunds = [p for p in payouts_of(shop, case) if p.kind == "refund" and p.state in away and not p.reverses_id]
    return str(Money(sum(payout.minor for payout in refunds), refunds[0].currency)) if refunds else ""


def _beside(shop: Shop, case: Case) -> str:
    """What of a case's refunds left by ourselves another way than the platform's, in words; "" where nothing did."""
    refunds = [p for p in payouts_of(shop, case) if p.kind == "refund" and p.method != "original" and not p.reverses_id]
    gone = [payout for payout in refunds if payout.state in LEFT - {PayoutState.REVERSED}]
    return str(Money(sum(payout.minor for payout in gone), gone[0].currency)) if gone else ""


def _is_booked(shop: Shop, question: ImportQuestion, case: Case) -> bool:
    """Whether the amount that a platform says it paid is what stands as arrived in the books."""
    arrived = [p for p in payouts_of(shop, case) if p.kind == "refund" and p.method == "original" and not p.reverses_id]
    arrived = [payout for payout in arrived if payout.state == PayoutState.CONFIRMED]
    total = sum(payout.minor for payout in arrived)
    return bool(arrived) and str(Money(total, arrived[0].currency)) == question.found
