"""Marks of refund rows: a row that equals the one taken in before, on a case that stands as it stood then, changes
nothing, which is known for a whole step at once.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.imports.merging import Source, table_of
from retcli.database.staging.stages import StagedRow
from retcli.models import (
    Case,
    CaseLine,
    Offer,
    Parcel,
    ParcelCase,
    ParcelCount,
    Payout,
    PlatformAction,
    Replacement,
    Waiver,
)
from retcli.models.imports import ImportQuestion
from retcli.models.register import Escalation
from retcli.rules.imports.refund_rows import status_of
from retcli.rules.money.refunded_pieces import FINAL
from retcli.shop import Shop

_FORM = "2"
"""A part of every mark: it is raised where the same row on the same case is to do something else than before, so that
no earlier mark is recognised.
"""
_STANDING = ("version", "kind", "decision", "filing", "asked", "freight_due", "platform_state")
"""The columns of a case on which depends what a row does to it."""


@dataclass
class RowMarks:
    """The marks of one step's rows, by refund number: `known` are those that the cases have, `standing` is how these
    stand as the step begins, `single` are refunds with one row, `taken` the rows that leave a new mark at the end.
    """

    shop: Shop
    source: Source
    known: Mapping[str, str | None]
    standing: Mapping[str, str]
    single: frozenset[str]
    taken: dict[str, StagedRow] = field(default_factory=dict)

    @property
    def alone(self) -> bool:
        """Whether nobody else can write while the step lasts: on SQLite it holds the only write lock."""
        return self.shop.session.get_bind().dialect.name == "sqlite"

    def unchanged(self, row: StagedRow) -> bool:
        """Whether a row equals the one taken in before, and nothing has happened to its case since."""
        refund = row.values["refund"]
        mark = self.known.get(refund) if refund in self.single else None
        return mark is not None and mark == _mark(row, self.standing[refund])

    def note(self, row: StagedRow) -> None:
        """Notes that a row was taken in: it leaves its mark when the step ends."""
        if row.values["refund"] in self.single:
            self.taken[row.values["refund"]] = row

    def see_again(self, rows: Sequence[StagedRow]) -> None:
        """Notes on open refunds, whose rows changed nothing, that this list showed them too: none ended before it."""
        open_there = [row.values["refund"] for row in rows if status_of(row.values) not in FINAL]
        if not open_there or self.source.exported_at is None:
            return
        cases = table_of(Case)
        mine = (cases.c.platform == self.source.platform, cases.c.platform_number.in_(open_there))
        older = cases.c.platform_seen_at < self.source.exported_at
        statement = sa.update(cases).where(*mine, older).values(platform_seen_at=self.source.exported_at)
        self.shop.session.execute(statement)

    def save(self) -> None:
        """Writes the marks of the rows taken in. Where others may write beside the import, only those of new cases and
        of cases that their row did not change: of any other nobody knows who changed it, so that its row is looked at
        again.
        """
        if not self.taken:
            return
        self.shop.session.flush()
        now = _standing(self.shop, self.source.platform, list(self.taken))
        rows = [
            {"refund": refund, "mark": _mark(row, now[refund])}
            for refund, row in self.taken.items()
            if refund in now and (self.alone or self.standing.get(refund, now[refund]) == now[refund])
        ]
        if rows:
            cases = table_of(Case)
            of_refund = (cases.c.platform == self.source.platform, cases.c.platform_number == sa.bindparam("refund"))
            statement = sa.update(cases).where(*of_refund).values(platform_mark=sa.bindparam("mark"))
            self.shop.session.connection().execute(statement, rows)


def marks_of(shop: Shop, source: Source, rows: Sequence[StagedRow]) -> RowMarks:
    """Reads the marks of a step's rows. Refunds with several rows, and those whose question was answered with the
    file's value and may have to be asked again, count as unmarked.
    """
    refunds = Counter(row.values["refund"] for row in rows)
    answered = sa.select(col(ImportQuestion.subject)).where(col(ImportQuestion.subject).in_(list(refunds)))
    answered = answered.where(col(ImportQuestion.state) == "taken")
    single = {refund for refund, times in refunds.items() if times == 1} - set(shop.session.scalars(answered))
    query = sa.select(col(Case.platform_number), col(Case.platform_mark)).where(
        col(Case.platform) == source.platform, col(Case.platform_number).in_(list(refunds))
    )
    marks = {str(refund): mark for refund, mark in shop.session.execute(query)}
    standing = _standing(shop, source.platform, list(marks))
    return RowMarks(shop, source, marks, standing, frozenset(single))


def _mark(row: StagedRow, standing: str) -> str:
    """The digest of all that a row holds and of how its case stands."""
    text = json.dumps([_FORM, row.values, standing], ensure_ascii=False, sort_keys=True)
    return sha256(text.encode()).hexdigest()


def _standing(shop: Shop, platform: str, refunds: Sequence[str]) -> dict[str, str]:
    """How the cases of some refunds stand, by refund number: a text that changes with the case or anything that hangs
    on it.
    """
    if not refunds:
        return {}
    cases = table_of(Case).c
    mine = (cases.platform == platform, cases.platform_number.in_(refunds))
    rows = shop.session.execute(
        sa.select(cases.id, cases.platform_number, *(cases[name] for name in _STANDING)).where(*mine)
    ).all()
    hanging = _hanging(shop, [row[0] for row in rows])
    return {str(row[1]): json.dumps([*row[2:], *hanging[row[0]]]) for row in rows}


def _hanging(shop: Shop, ids: Sequence[int]) -> Mapping[int, list[Any]]:
    """For each case the tables that hang on it, with how many rows and the sum of a column that changes with them."""
    by_case: dict[int, list[Any]] = defaultdict(list)
    for name, case_id, rows, total in shop.session.execute(_looks(), {"ids": list(ids)}):
        by_case[case_id].append([name, rows, int(total)])
    return defaultdict(list, {case_id: sorted(each) for case_id, each in by_case.items()})


@cache
def _looks() -> sa.CompoundSelect[Any]:
    """The statement that counts and sums what hangs on some cases, in one round for all tables."""
    line, parcel, pieces = table_of(CaseLine).c, table_of(Parcel).c, table_of(ParcelCount).c
    looks = [_look(name, table_of(model), table_of(model).c[of]) for name, model, of in _VERSIONED]
    looks.append(_look("line", table_of(CaseLine), line.quantity + line.due))
    joined = table_of(ParcelCase).join(table_of(Parcel), parcel.id == table_of(ParcelCase).c.parcel_id)
    looks.append(_look("parcel", joined, parcel.version))
    counted = joined.join(table_of(ParcelCount), pieces.parcel_id == parcel.id)
    looks.append(_look("count", counted, pieces.counted + pieces.inspected))
    ids: sa.BindParameter[int] = sa.bindparam("ids", expanding=True)
    return sa.union_all(*(look.where(look.selected_columns.case_id.in_(ids)) for look in looks))


_VERSIONED: tuple[tuple[str, type[Any], str], ...] = (
    ("payout", Payout, "version"),
    ("click", PlatformAction, "version"),
    ("replacement", Replacement, "version"),
    ("offer", Offer, "version"),
    ("entry", Escalation, "version"),
    ("waiver", Waiver, "id"),
)
"""Tables of rows that hang on a case directly, and the column that changes with each row."""


def _look(name: str, table: sa.FromClause, what: sa.ColumnElement[int]) -> sa.Select[Any]:
    case_id = table.c["parcel_cases_case_id" if isinstance(table, sa.Join) else "case_id"]
    total = sa.cast(sa.func.sum(what), sa.BigInteger)
    return sa.select(sa.literal(name), case_id, sa.func.count(), total).select_from(table).group_by(case_id)
