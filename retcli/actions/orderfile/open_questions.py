"""Open questions of imports: what files say otherwise than the books, and nobody has answered yet."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.models import Case, Order
from retcli.models.imports import Import, ImportQuestion
from retcli.rules.imports.questions import OF_BILL, Row, changes
from retcli.shop import Shop


def open_changes(shop: Shop) -> list[tuple[Row, ...]]:
    """The changes that wait for a person: each is one field of one order or refund, with a row (`id`, `platform`,
    `subject`, `field`, `import_id`) for every value that a file gave of it.
    """
    return changes(shop.session.execute(_open()).all())


def changes_about(shop: Shop, order: Order) -> list[tuple[Row, ...]]:
    """Of the changes that wait for a person those about an order itself, a line or a refund of it, as `open_changes`
    gives them.
    """
    subject = col(ImportQuestion.subject)
    refunds = sa.select(col(Case.platform_number)).where(col(Case.order_id) == order.id)
    # of a line that got its number since, the question still names the place that it had
    of_lines = subject.startswith(f"{order.number}/", autoescape=True)
    about = sa.or_(subject == order.number, of_lines, subject.in_(refunds))
    query = _open().where(about, col(Import.platform) == order.platform, col(ImportQuestion.field).not_in(OF_BILL))
    return changes(shop.session.execute(query).all())


def _open() -> sa.Select[Any]:
    """The query for every value that a file gave and that nobody has answered for."""
    columns: tuple[Any, ...] = (col(ImportQuestion.id), col(Import.platform), col(ImportQuestion.subject))
    query = sa.select(*columns, col(ImportQuestion.field), col(ImportQuestion.import_id))
    query = query.join(Import, col(Import.id) == col(ImportQuestion.import_id))
    return query.where(col(ImportQuestion.state) == "open")


def count(shop: Shop, imports: Collection[int] | None = None) -> int:
    """How many changes wait for a person: of all files, or those of which some imports (their numbers) told a value,
    each once however many of them did.
    """
    waiting: list[tuple[Any, ...]] = open_changes(shop)
    if imports is None:
        return len(waiting)
    return sum(any(value.import_id in imports for value in change) for change in waiting)
