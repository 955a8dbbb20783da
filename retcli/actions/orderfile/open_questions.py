"""Open questions of imports: what files say otherwise than the books, and nobody has answered yet."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.models.imports import Import, ImportQuestion
from retcli.rules.imports.questions import Row, changes
from retcli.shop import Shop


def open_changes(shop: Shop) -> list[tuple[Row, ...]]:
    """The changes that wait for a person: each is one field of one order or refund, with a row (`id`, `platform`,
    `subject`, `field`, `import_id`) for every value that a file gave of it.
    """
    columns: tuple[Any, ...] = (col(ImportQuestion.id), col(Import.platform), col(ImportQuestion.subject))
    query = sa.select(*columns, col(ImportQuestion.field), col(ImportQuestion.import_id))
    query = query.join(Import, col(Import.id) == col(ImportQuestion.import_id))
    return changes(shop.session.execute(query.where(col(ImportQuestion.state) == "open")).all())


def count(shop: Shop, imports: Collection[int] | None = None) -> int:
    """How many changes wait for a person: of all files, or those of which some imports (their numbers) told a value,
    each once however many of them did.
    """
    waiting: list[tuple[Any, ...]] = open_changes(shop)
    if imports is None:
        return len(waiting)
    return sum(any(value.import_id in imports for value in change) for change in waiting)
