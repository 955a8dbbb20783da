"""What every merge of imported rows shares: the tally, questions for a person, rows that wait for their other half."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel, col

from retcli.database.staging.stages import StagedFault, StagedRow
from retcli.models.imports import Import, ImportFault, ImportQuestion, WaitingRow
from retcli.rules.money.minor_units import Money
from retcli.shop import Shop


@dataclass
class Tally:
    """How the rows of a step fared; the four counts add up to the rows."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    faults: list[StagedFault] = field(default_factory=list)
    questions: int = 0
    mended: int = 0

    @property
    def refused(self) -> int:
        """Rows that could not be taken."""
        return len(self.faults)

    @property
    def rows(self) -> int:
        """How many rows that is."""
        return self.added + self.changed + self.unchanged + self.refused

    def add(self, more: "Tally") -> None:
        """Counts the rows that were added, changed or unchanged in another tally too."""
        self.added, self.changed = self.added + more.added, self.changed + more.changed
        self.unchanged += more.unchanged

    def count(self, was: str) -> None:
        """One more row that was ``added``, ``changed`` or ``unchanged``."""
        setattr(self, was, getattr(self, was) + 1)


def table_of(model: type[SQLModel]) -> sa.Table:
    """The plain table of a model, for writing many rows without mapping each."""
    table: sa.Table = model.__table__  # type: ignore[attr-defined]
    return table


@dataclass(frozen=True)
class Source:
    """The import that rows come from, and when its file was exported where that is known."""

    import_id: int
    platform: str
    shop: str
    exported_at: datetime | None = None


def ask(shop: Shop, source: Source, row: int, subject: str, name: str, known: object, found: object) -> int:
    """Puts a change before a person, once; how many questions that made. One that was answered comes again only where
    the books say something else by now, or were changed by that answer.
    """
    statement = _question(shop.session.get_bind().dialect.name)
    values = {
        "import_id": source.import_id,
        "row": row,
        "subject": subject,
        "field": name,
        "known": str(known),
        "found": str(found),
        "state": "open",
        "at": shop.now,
    }
    if shop.pending is not None:
        shop.pending.put(statement, values)
        return 1
    return int(shop.session.execute(statement, values).rowcount)  # type: ignore[attr-defined]


@cache
def _question(dialect: str) -> Any:
    """The statement that puts a question: a new one, or one of before that is to be asked again."""
    table = table_of(ImportQuestion)
    insert = import_module(f"sqlalchemy.dialects.{dialect}").insert(table)
    return insert.on_conflict_do_update(
        index_elements=["subject", "field", "found"],
        set_={each: insert.excluded[each] for each in ("import_id", "row", "known", "state", "at")},
        where=sa.or_(table.c.state == "taken", table.c.known != insert.excluded.known),
    )


def was_asked(shop: Shop, subject: str, name: str, found: str) -> bool:
    """Whether there is such a question already, answered or not."""
    columns = table_of(ImportQuestion).c
    test = sa.and_(columns.subject == subject, columns.field == name, columns.found == found)
    return bool(shop.session.scalar(sa.select(sa.exists().where(test))))


def resolve(shop: Shop, source: Source, question: ImportQuestion) -> None:
    """Closes an open question whose fact the file at hand has changed; its event says which import did."""
    question.state = "taken"
    said = {name: getattr(question, name) for name in ("field", "known", "found")}
    shop.record(f"question/{question.id}", "resolve", about=question.subject, **said, imported=source.import_id)


def open_questions(shop: Shop, source: Source, subject: str, *fields: str) -> Sequence[ImportQuestion]:
    """The open questions that earlier files left about some fields of a subject of the file's platform: none about a
    refund of which the books do not hold anything yet.
    """
    if shop.pending is not None:
        return ()
    query = sa.select(ImportQuestion).join(Import, col(Import.id) == col(ImportQuestion.import_id))
    query = query.where(col(ImportQuestion.subject) == subject, col(ImportQuestion.state) == "open")
    query = query.where(col(ImportQuestion.field).in_(fields), col(Import.platform) == source.platform)
    return shop.session.scalars(query.order_by(col(ImportQuestion.id))).all()


def ask_money(shop: Shop, source: Source, row: int, subject: str, name: str, known: Money, found: int) -> int:
    """Asks a person about an amount, once; what the file says (`found`) is in minor units of the books' currency."""
    return ask(shop, source, row, subject, name, known, Money(found, known.currency))


def save_faults(shop: Shop, imported: Import, faults: Iterable[StagedFault]) -> None:
    """Keeps the refused rows of an import."""
    rows = [
        {"import_id": imported.id, "row": f.number, "column": f.column, "text": f.text, "problem": f.problem}
        for f in faults
    ]
    if rows:
        shop.session.execute(sa.insert(table_of(ImportFault)), rows)


def waiting(shop: Shop, source: Source, holds: str, orders: Sequence[str]) -> dict[tuple[str, str], WaitingRow]:
    """The waiting rows of some orders, by order and line."""
    rows = shop.session.scalars(
        sa.select(WaitingRow).where(
            col(WaitingRow.platform) == source.platform,
            col(WaitingRow.holds) == holds,
            col(WaitingRow.order_number).in_(orders),
        )
    )
    return {(row.order_number, row.line_number): row for row in rows}


def wait(
    shop: Shop, source: Source, holds: str, rows: Iterable[StagedRow], known: dict[tuple[str, str], WaitingRow]
) -> Tally:
    """Lets rows wait for the rest of their order; a newer row takes the place of an older one."""
    tally, fresh = Tally(), []
    for row in rows:
        payload = json.dumps(row.values, ensure_ascii=False, sort_keys=True)
        before = known.get((row.order, row.line))
        if before is None:
            fresh.append(_waiting_row(source, holds, row, payload))
            tally.added += 1
        elif before.payload == payload:
            tally.unchanged += 1
        else:
            before.payload, before.import_id, before.row = payload, source.import_id, row.number
            tally.changed += 1
    if fresh:
        shop.session.execute(sa.insert(table_of(WaitingRow)), fresh)
    shop.session.flush()
    return tally


def _waiting_row(source: Source, holds: str, row: StagedRow, payload: str) -> dict[str, Any]:
    return {
        "import_id": source.import_id,
        "platform": source.platform,
        "shop": source.shop,
        "holds": holds,
        "order_number": row.order,
        "line_number": row.line,
        "row": row.number,
        "payload": payload,
    }
