"""Merges a platform's refund report. Rows that open the first case of their order are decided without the database and
written together; all others are taken in one by one.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.imports.merging import Source, Tally, save_faults, wait, waiting
from retcli.actions.imports.refunds.refund_cases import OVERTAKEN, order_of, take
from retcli.actions.imports.refunds.refund_targets import Unclear
from retcli.actions.imports.refunds.row_marks import RowMarks, marks_of
from retcli.actions.orderfile import step_memory
from retcli.actions.shop import reasons
from retcli.database.pending import AsksBooks, Pending
from retcli.database.staging.stages import StagedFault, StagedRow
from retcli.errors import RetcliError
from retcli.language import mark
from retcli.models import Order
from retcli.models.imports import Import
from retcli.models.waiting import WaitingRow
from retcli.rules.events import Actor
from retcli.shop import Shop

REFUNDS = "refunds"
TOGETHER = 500
"""Waiting rows that are taken in together."""
_Tell = Callable[[Source, StagedRow, str, str], None]


def merge(shop: Shop, source: Source, rows: Sequence[StagedRow]) -> Tally:
    """Takes in rows of a refund report, each wholly or not at all; those of unknown orders wait for these."""
    tally, marks = Tally(), marks_of(shop, source, rows)
    news = [row for row in rows if not marks.unchanged(row)]
    tally.unchanged = len(rows) - len(news)

    def tell(_source: Source, row: StagedRow, problem: str, fared: str) -> None:
        _count(tally, marks, row, problem, fared)

    with _ways(shop, source.platform, news, tell) as ways:
        for row in news:
            if order_of(shop, source.platform, row.values["order"]) is None:
                tally.add(wait(shop, source, REFUNDS, [row], waiting(shop, source, REFUNDS, [row.order])))
            else:
                ways.take(source, row)
    marks.save()
    return tally


def _count(tally: Tally, marks: RowMarks, row: StagedRow, problem: str, fared: str) -> None:
    """Counts how a row fared. One that was taken in leaves its mark, but not one of an older list: it is looked at
    again.
    """
    if problem:
        tally.faults.append(StagedFault(row.number, "", row.values["refund"], problem))
        return
    tally.count("unchanged" if fared == OVERTAKEN else fared)
    if fared != OVERTAKEN:
        marks.note(row)


@dataclass
class _Ways:
    """The two ways of a row into the books. One that opens the first case of its order can meet nothing there: what it
    does stays pending, and is written with that of the rows before and after it (`decided`). Any other is taken in by
    itself. `tell` is called with each row, its problem ("" for none), and how it fared.
    """

    shop: Shop
    pending: Pending
    tell: _Tell
    decided: list[tuple[Source, StagedRow, str, str]] = field(default_factory=list)
    events: int = 0

    def take(self, source: Source, row: StagedRow) -> None:
        """Takes in a row of a known order."""
        first = step_memory.is_first(self.shop, row.values)
        step_memory.takes(self.shop, row.values)
        if not first or not self._decide(source, row):
            self.write()  # first what is pending: this row may be about a case that is among it
            self._by_itself(source, row)

    def _decide(self, source: Source, row: StagedRow) -> bool:
        """Whether a row could be decided without the database; what it does is pending then."""
        if not self.decided:
            self.events = len(self.shop.events)
        self.shop.pending = self.pending
        try:
            self.decided.append((source, row, *_tried(self.shop, source, row, self.pending.or_nothing())))
        except AsksBooks:
            return False
        finally:
            self.shop.pending = None
        return True

    def write(self) -> None:
        """Writes what is pending; where the database refuses any of it, each of its rows is taken in by itself."""
        decided, self.decided = self.decided, []
        if not decided:
            return
        try:
            with self.shop.session.begin_nested():
                self.pending.write()
        except sa.exc.IntegrityError:
            self.pending.clear()
            del self.shop.events[self.events :]
            for source, row, _problem, _fared in decided:
                self._by_itself(source, row)
        else:
            for source, row, problem, fared in decided:
                self.tell(source, row, problem, fared)

    def _by_itself(self, source: Source, row: StagedRow) -> None:
        self.tell(source, row, *_tried(self.shop, source, row, self.shop.session.begin_nested()))


@contextmanager
def _ways(shop: Shop, platform: str, rows: Sequence[StagedRow], tell: _Tell) -> Iterator[_Ways]:
    """The ways for some rows, with all that is read for them at once; at the end what is pending is written."""
    with step_memory.remembered(shop, platform, rows) as memory:
        reasons.mapped_words(shop)  # read now: a decision without the database could not ask for it
        pending = Pending(shop.session, memory.attached)
        with pending.watching():
            ways = _Ways(shop, pending, tell)
            yield ways
            ways.write()


def _tried(shop: Shop, source: Source, row: StagedRow, or_nothing: AbstractContextManager[Any]) -> tuple[str, str]:
    """Takes one refund in wholly, or nothing of it: the problem ("" for none), and how it fared. Raises AsksBooks where
    it cannot be decided without the database.
    """
    before = len(shop.events)
    try:
        with or_nothing, shop.acting(Actor.IMPORT):
            return "", take(shop, source, row)
    except AsksBooks:
        del shop.events[before:]
        raise
    except Unclear as unclear:
        problem = str(unclear)
    except RetcliError as refused:
        problem = refused.message
    except sa.exc.IntegrityError:
        problem = mark("the books refuse it: more than the order has, or written down before")
    del shop.events[before:]
    return problem, ""


def take_waiting(shop: Shop, source: Source) -> int:
    """Takes in refunds that waited for orders of a platform; those that cannot be taken become faults of the import
    that they came with. How many these are.
    """
    orders = sa.select(col(Order.id)).where(col(Order.platform) == source.platform)
    # the form of `order_key`, in SQL, so that the index of comparable numbers serves it
    named = sa.func.upper(sa.func.ltrim(sa.func.replace(col(WaitingRow.order_number), " ", ""), "#"))
    orders = orders.where(col(Order.number_key) == named).correlate(WaitingRow)
    rows = shop.session.scalars(
        sa.select(WaitingRow)
        .where(col(WaitingRow.platform) == source.platform, col(WaitingRow.holds) == REFUNDS)
        .where(orders.exists())
        .order_by(col(WaitingRow.id))
    ).all()
    parts = [rows[start : start + TOGETHER] for start in range(0, len(rows), TOGETHER)]
    given_up = sum(_take_waiting(shop, source, part) for part in parts)
    for row in rows:
        shop.session.delete(row)
    shop.session.flush()
    return given_up


def _take_waiting(shop: Shop, source: Source, rows: Sequence[WaitingRow]) -> int:
    """Takes in some of the refunds that waited; how many of them are given up."""
    staged = [StagedRow(row.row, row.order_number, row.line_number, json.loads(row.payload)) for row in rows]
    given_up = count()  # its next value is how often it was asked before

    def tell(of: Source, row: StagedRow, problem: str, _fared: str) -> None:
        if problem:
            next(given_up)
            _give_up(shop, of.import_id, row, problem)

    with _ways(shop, source.platform, staged, tell) as ways:
        for waited, row in zip(rows, staged, strict=True):
            ways.take(_source(shop, waited), row)
    return next(given_up)


def _source(shop: Shop, row: WaitingRow) -> Source:
    """The import that a waiting row came from."""
    imported = shop.session.get_one(Import, row.import_id)
    return Source(row.import_id, row.platform, row.shop, imported.exported_at)


def _give_up(shop: Shop, import_id: int, row: StagedRow, problem: str) -> None:
    imported = shop.session.get_one(Import, import_id)
    imported.added -= 1
    imported.refused += 1
    save_faults(shop, imported, [StagedFault(row.number, "", row.values["refund"], problem)])
