"""Parts of every merge of imported rows: the tally, questions for a person, rows that wait for their order."""

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
from retcli.models.imports import Import, ImportQuestion
from retcli.models.waiting import ImportFault, WaitingRow
from retcli.rules.money.minor_units import Money
from retcli.shop import Shop


@dataclass
class Tally:
    """The counts of a step's rows (`added`, `changed`, `unchanged`, refused: together all rows), its questions, and how
    many orders were put right.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    faults: list[StagedFault] = field(default_factory=list)
    questions: int = 0
    mended: int = 0

    @property
    def refused(self) -> int:
        """How many rows were refused."""
        return len(self.faults)

    @property
    def rows(self) -> int:
        """How many rows the counts come to."""
        return self.added + self.changed + self.unchanged + self.refused

    def add(self, more: "Tally") -> None:
        """Adds the added, changed and unchanged rows of another tally."""
        self.added, self.changed = self.added + more.added, self.changed + more.changed
        self.unchanged += more.unchanged

    def count(self, was: str) -> None:
        """Counts one row that was ``added``, ``changed`` or ``unchanged``."""
        setattr(self, was, getattr(self, was) + 1)


def table_of(model: type[SQLModel]) -> sa.Table:
    """The table of a model, for statements that write many rows without an object for each."""
    table: sa.Table = model.__table__  # type: ignore[attr-defined]
    return table


@dataclass(frozen=True)
class Source:
    """The import that rows come from: its id, platform and shop, and when its file was exported, if that is known."""

    import_id: int
    platform: str
    shop: str
    exported_at: datetime | None = None


def ask(shop: Shop, source: Source, row: int, subject: str, name: str, known: object, found: object) -> int:
    """Asks a person about a field (`name`) of a `subject` that the file says otherwise (`found`) than the books
    (`known`); 1, or 0 where just that was asked before. An answered question comes again only where the books say
    something else by now, or were changed by the answer.
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
    """The statement that inserts a question, or opens an earlier one again where it is to be asked again."""
    table = table_of(ImportQuestion)
    insert = import_module(f"sqlalchemy.dialects.{dialect}").insert(table)
    return insert.on_conflict_do_update(
        index_elements=["subject", "field", "found"],
        set_={each: insert.excluded[each] for each in ("import_id", "row", "known", "state", "at")},
        where=sa.or_(table.c.state == "taken", table.c.known != insert.excluded.known),
    )


def was_asked(shop: Shop, subject: str, name: str, found: str) -> bool:
    """Whether just that was asked already, answered or not."""
    columns = table_of(ImportQuestion).c
    test = sa.and_(columns.subject == subject, columns.field == name, columns.found == found)
    return bool(shop.session.scalar(sa.select(sa.exists().where(test))))


def resolve(shop: Shop, source: Source, question: ImportQuestion) -> None:
    """Closes an open question that a later file has settled; its event says which import did."""
    question.state = "taken"
    facts = {name: getattr(question, name) for name in ("field", "known", "found")}
    shop.record(f"question/{question.id}", "resolve", about=question.subject, **facts, imported=source.import_id)


def ask_anew(shop: Shop, source: Source, subject: str, name: str, found: Money) -> None:
    """Lets what was asked and answered before about an amount be asked once more: the file tells of another payment of
    as much.
    """
    query = sa.select(ImportQuestion).where(col(ImportQuestion.subject) == subject, col(ImportQuestion.field) == name)
    query = query.where(col(ImportQuestion.found) == str(found), col(ImportQuestion.state).not_in(["open", "taken"]))
    for question in shop.session.scalars(query) if shop.pending is None else ():
        resolve(shop, source, question)


def open_questions(shop: Shop, source: Source, subject: str, *fields: str) -> Sequence[ImportQuestion]:
    """The open questions that earlier files of the platform left about some fields of a subject, oldest first."""
    if shop.pending is not None:  # a refund that is decided without the books is new: nobody has asked about it
        return ()
    query = sa.select(ImportQuestion).join(Import, col(Import.id) == col(ImportQuestion.import_id))
    query = query.where(col(ImportQuestion.subject) == subject, col(ImportQuestion.state) == "open")
    query = query.where(col(ImportQuestion.field).in_(fields), col(Import.platform) == source.platform)
    return shop.session.scalars(query.order_by(col(ImportQuestion.id))).all()


def ask_money(shop: Shop, source: Source, row: int, subject: str, name: str, known: Money, found: int) -> int:
    """Asks a person about an amount as `ask` does; `found`, of the file, is in minor units of the books' currency."""
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
    """The rows of a kind of file that wait for some orders, by order and line."""
    rows = shop.session.scalars(
        sa.select(WaitingRow).where(
            col(WaitingRow.platform) == source.platform,
            col(WaitingRow.holds) == holds,
            col(WaitingRow.order_number).in_(orders),
        )
    )
    return {(row.order_number, row.line_number): row for row in rows}


def wait(
    shop: Shop, source: Source, holds: str, rows: Iterable[StagedRow], earlier: dict[tuple[str, str], WaitingRow]
) -> Tally:
    """Keeps rows until their order comes, each in place of an older one of the same order and line (`earlier`)."""
    tally, fresh = Tally(), []
    for row in rows:
        payload = json.dumps(row.values, ensure_ascii=False, sort_keys=True)
        before = earlier.get((row.order, row.line))
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
