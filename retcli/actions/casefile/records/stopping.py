"""Open questions about what a platform paid: which of them stop the money of an order or of one case, and which are
only a case's next step.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from retcli.actions.orderfile import step_memory
from retcli.errors import Refused
from retcli.language import _
from retcli.models import Case
from retcli.models.imports import Import, ImportQuestion
from retcli.shellwords import either
from retcli.shop import Shop

STOPS_ORDER, STOPS_CASE = "over", "platform_paid"
"""Fields of the questions that stop all money of an order (more was paid than it has), and of one case (another amount
was paid than agreed).
"""
STOPS_REST = "applied_anew"
"""Field of questions about a buyer who applied anew after money or goods had left, or goods had come back; what has not
left of the case is stopped.
"""
ASKS_OF_CLOSING, ASKS_OF_REFUSAL = "platform_closed", "platform_refused"
"""Fields of questions about a refund that left here and that its platform closed or turned down; they stop nothing, and
are the case's next step.
"""
ASKS_OF_BOTH = "paid_and_closed"
"""Field of questions about a refund that one file says was paid and another that it was closed; a next step too."""
ASKS_OF_GOODS = "goods_sent"
"""Field of questions about a refund that its platform ended after goods were sent again for it; a next step too."""
ASKS_OF_RETURNS = "not_back"
"""Field of questions about a refund that its platform paid before the goods were back; a next step too."""

Stop = tuple[int, str, int]
"""An open question: its number, its field, and the id of the case that it is about."""

_CaseAsked: Any = aliased(Case)
_OPEN = (
    sa.select(_CaseAsked.order_id, col(ImportQuestion.id), col(ImportQuestion.field), _CaseAsked.id)
    .join(Import, col(Import.id) == col(ImportQuestion.import_id))
    # by the platform too: a refund's number is one's own on its platform only
    .join(
        _CaseAsked,
        sa.and_(_CaseAsked.platform_number == col(ImportQuestion.subject), _CaseAsked.platform == col(Import.platform)),
    )
    .where(col(ImportQuestion.state) == "open", _CaseAsked.order_id.in_(sa.bindparam("ids", expanding=True)))
    .where(
        col(ImportQuestion.field).in_(
            [
                *(STOPS_ORDER, STOPS_CASE, STOPS_REST, ASKS_OF_CLOSING, ASKS_OF_REFUSAL, ASKS_OF_BOTH),
                *(ASKS_OF_GOODS, ASKS_OF_RETURNS),
            ]
        )
    )
    .order_by(col(ImportQuestion.id))
)


def stops_of(shop: Shop, orders: Sequence[int]) -> Mapping[int, Sequence[Stop]]:
    """The open questions about what platforms paid, or did not pay after it had left here, by the id of the order,
    oldest first.
    """
    stops: dict[int, list[Stop]] = defaultdict(list)
    for order_id, *stop in shop.session.execute(_OPEN, {"ids": list(orders)}):
        stops[order_id].append((stop[0], stop[1], stop[2]))
    return stops


def stopping(stops: Sequence[Stop], case: Case) -> str | None:
    """The number of the first question that stops money of a case; None where nothing stops it."""
    numbers = (
        str(number)
        for number, field, asked in stops
        if field == STOPS_ORDER or (field in {STOPS_CASE, STOPS_REST} and asked == case.id)
    )
    return next(numbers, None)


def asked_about(stops: Sequence[Stop], case: Case, *fields: str) -> str | None:
    """The number of the first question about a case itself, of some fields where they are named; None without one."""
    numbers = (str(number) for number, field, asked in stops if asked == case.id and (not fields or field in fields))
    return next(numbers, None)


def stopped(shop: Shop, case: Case) -> str | None:
    """The number of the open question that stops the money of a case: its platform paid more than the order has, or
    another amount on this very case than was agreed; None where nothing stops it.
    """
    if step_memory.unasked(shop, case):
        return None
    return stopping(stops_of(shop, [case.order_id]).get(case.order_id, ()), case)


def refuse_stopped(shop: Shop, case: Case) -> None:
    """Raises Refused while an open question about what the platform paid stops the money of a case."""
    question = stopped(shop, case)
    if question is not None:
        message = _("The platform paid another amount than was agreed on order {order}: nothing else of it leaves now")
        if _asks_of_rest(shop, question):
            message = _(
                "The buyer applied anew on order {order} after money or goods had left, or goods had come back: nothing"
                " else leaves now"
            )
        order = step_memory.order_of(shop, case).number
        hint = either("retcli imports questions", f"retcli imports answer {question} --seen --because TEXT")
        raise Refused(message.format(order=order), hint, case=case.number)


def _asks_of_rest(shop: Shop, question: str) -> bool:
    """Whether an open question, by its number, is about a new application."""
    field = sa.select(col(ImportQuestion.field)).where(col(ImportQuestion.id) == int(question))
    return shop.session.scalar(field) == STOPS_REST
