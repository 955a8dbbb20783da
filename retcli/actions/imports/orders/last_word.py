"""The newest file has the last word on what an order was paid and what its lines are: it closes what older files ask,
and an older file that comes late asks nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.imports.merge_step import IN_STEP, Step
from retcli.actions.imports.merging import resolve
from retcli.actions.imports.orders.newer_values import DOUBTFUL
from retcli.models.imports import Import, ImportQuestion
from retcli.rules.imports.orders import three_amounts
from retcli.rules.imports.questions import OF_LINE, OF_ORDER, value_of
from retcli.rules.money.minor_units import Money

Subject = tuple[str, str]
"""What a file tells: the order, or the order and its line as a question names them, and the value that it is about."""
_ABOUT = "i.platform = :platform AND o.platform = :platform AND o.number = r.target AND q.import_id = i.id"


@dataclass(frozen=True)
class Word:
    """What a file says of a value, as the question about it has it: its field, and the value; `agrees` where the books
    say the same.
    """

    field: str
    found: str
    agrees: bool = False

    def asks(self, question: ImportQuestion) -> bool:
        """Whether a question is the one that this word asks."""
        return not self.agrees and (question.field, question.found) == (self.field, self.found)


def of_heads(step: Step) -> set[Subject]:
    """Closes the open questions about what the orders of a step were paid, and their freight, which the step's file has
    overtaken. The values of which a newer file has told, so that this one asks nothing about them.
    """
    rows = step.run(
        f"SELECT q.id, r.target, q.field, r.paid, r.freight, r.net, COALESCE(r.refunded_there, 0) AS back, r.total,"
        f" ({DOUBTFUL}) AS doubtful, r.paid_at IS NOT NULL OR r.paid > 0 AS tells, o.paid AS paid_here,"
        f" o.freight AS freight_here, o.currency FROM {step.heads} r CROSS JOIN orders o CROSS JOIN import_questions q"
        f" CROSS JOIN imports i WHERE {_ABOUT} AND q.subject = r.target AND {IN_STEP}"
        f" AND q.field IN ({', '.join(repr(field) for field in OF_ORDER)})"
    ).all()
    return _overtaken(step, {row.id: (row.target, _of_head(row)) for row in rows})


def of_lines(step: Step) -> set[Subject]:
    """Closes the open questions about goods and amounts of lines which the step's file has overtaken; answers as
    `of_heads` does.
    """
    rows = step.run(
        f"SELECT q.id, q.subject, q.field, r.sku, r.quantity, r.price, r.stated, x.sku AS sku_here, x.quantity AS"
        f" quantity_here, x.price AS price_here, x.stated AS stated_here, o.currency FROM {step.lines} r"
        f" CROSS JOIN orders o CROSS JOIN order_lines x CROSS JOIN import_questions q CROSS JOIN imports i"
        f" WHERE {_ABOUT} AND x.order_id = o.id AND x.number = r.line AND q.subject = r.target || '/' || r.line"
        f" AND {IN_STEP} AND q.field IN ({', '.join(repr(field) for field in OF_LINE)})"
    ).all()
    return _overtaken(step, {row.id: (row.subject, _of_line(row)) for row in rows})


def _of_head(row: Any) -> Word | None:
    """What a row says of the value of an order that a question is about; None where it says nothing of it."""
    if row.doubtful:
        amounts = three_amounts(*(Money(minor, row.currency) for minor in (row.net, row.back, row.total)))
        return Word("paid_total", amounts) if value_of(row.field) == "paid" else None
    minor, here = (row.freight, row.freight_here) if row.field == "freight" else (row.paid, row.paid_here)
    if not row.tells or minor is None:
        return None
    return Word(value_of(row.field), str(Money(minor, row.currency)), minor == here)


def _of_line(row: Any) -> Word | None:
    """What a row says of the value of a line that a question is about; None where it says nothing of it."""
    column = OF_LINE[row.field]
    value, here = getattr(row, column), getattr(row, f"{column}_here")
    if value in {None, ""}:
        return None
    in_words = Money(value, row.currency) if row.field in {"price", "cash"} else value
    return Word(row.field, str(in_words), value == here)


def _overtaken(step: Step, words: Mapping[int, tuple[str, Word | None]]) -> set[Subject]:
    """Closes the open ones of some questions (by id, each with its subject and what the step's file says of it) that
    the file has overtaken; the values that a newer file told of.
    """
    told_later = set()
    for question, newer in _with_age(step, words):
        subject, word = words[question.id or 0]
        if newer:
            told_later.add((subject, value_of(question.field)))
        elif word is not None and question.state == "open" and not word.asks(question):
            resolve(step.shop, step.source, question)
    if words:
        step.shop.session.flush()
    return told_later


def _with_age(step: Step, questions: Iterable[int]) -> list[tuple[ImportQuestion, bool]]:
    """Some questions by their ids, the oldest first, each with whether its file was made after the step's."""
    numbers = sorted(questions)
    if not numbers:
        return []
    query = sa.select(ImportQuestion, col(Import.exported_at)).join(
        Import, col(Import.id) == col(ImportQuestion.import_id)
    )
    rows = step.shop.session.execute(query.where(col(ImportQuestion.id).in_(numbers)).order_by(col(ImportQuestion.id)))
    exported_at = step.source.exported_at
    return [(question, bool(at and exported_at and at > exported_at)) for question, at in rows]
