"""Remarks on a file that was taken in: the facts of each kind, with its sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from retcli.language import _, clauses, mark, series
from retcli.views.base import Sayable, when

NAMED = 6
"""How many names of a list are shown."""
ORDERS_NAMED = 3
"""How many orders whose reports differ are shown."""


@dataclass(frozen=True)
class Told:
    """A remark that comes in words already."""

    text: str

    def sentence(self) -> str:
        """The words."""
        return self.text


class Noticed(StrEnum):
    """Kinds of remarks on a file as a whole."""

    COLUMNS_UNUSED = "columns_unused"
    COLUMNS_ABSENT = "columns_absent"
    STATUSES_UNKNOWN = "statuses_unknown"
    CUT_OFF = "cut_off"
    FINISHED_NOW = "finished_now"
    ORDERS_PUT_RIGHT = "orders_put_right"
    REFUNDS_GIVEN_UP = "refunds_given_up"
    REFUNDS_WAIT = "refunds_wait"
    ORDERS_WAIT = "orders_wait"
    ITEMS_WAIT = "items_wait"


_NOTICED = {
    Noticed.COLUMNS_UNUSED: mark("Columns not used: {n} ({names})"),
    Noticed.COLUMNS_ABSENT: mark("Columns not there: {names}"),
    Noticed.STATUSES_UNKNOWN: mark("Statuses of orders that are not known here, and count as none: {words}"),
    Noticed.CUT_OFF: mark("It was cut off in the middle: the next import finishes it"),
    Noticed.FINISHED_NOW: mark("It was cut off last time and is finished now"),
    Noticed.ORDERS_PUT_RIGHT: mark(
        "{n} orders were put right: they stood here with what was left of them after refunds"
    ),
    Noticed.REFUNDS_GIVEN_UP: mark("{n} refunds that waited for their order cannot be taken in: retcli imports faults"),
    Noticed.REFUNDS_WAIT: mark("{n} refunds wait for their orders"),
}
_HALVES_WAIT = mark("{n} rows wait for the other half of their order: import the {report} too")


@dataclass(frozen=True)
class FileRemark:
    """A remark with its number and its names: columns, or statuses, which hold no persons any more."""

    what: Noticed
    n: int = 0
    names: tuple[str, ...] = ()

    def sentence(self) -> str:
        """The remark with the first few names."""
        if self.what in {Noticed.ORDERS_WAIT, Noticed.ITEMS_WAIT}:
            report = _("item report") if self.what == Noticed.ORDERS_WAIT else _("order report")
            return _(_HALVES_WAIT).format(n=self.n, report=report)
        listed = series(self.names[:NAMED]) + ("…" if len(self.names) > NAMED else "")
        return _(_NOTICED[self.what]).format(n=self.n, names=listed, words=listed)


@dataclass(frozen=True)
class TakenInBefore:
    """A file whose content was taken in before, under some name at some time (UTC)."""

    at: datetime | None
    name: str

    def sentence(self) -> str:
        """When it was taken in, by the day."""
        return _("Taken in on {at} as {name}; nothing to do").format(at=when(self.at)[:10], name=self.name)


@dataclass(frozen=True)
class Misfit:
    """An order whose order report and item report differ in the number of pieces, with the file of each."""

    order: str
    ordered: int
    order_file: str
    listed: int
    item_file: str

    @property
    def too_many(self) -> bool:
        """Whether more pieces are listed than were ordered: fewer may be the first part of a report."""
        return self.listed > self.ordered

    def sentence(self) -> str:
        """Both numbers with their files."""
        text = _("{order}: {ordered} pieces in {order_file}, {listed} in {item_file}")
        pieces = {"ordered": self.ordered, "listed": self.listed}
        return text.format(order=self.order, order_file=self.order_file, item_file=self.item_file, **pieces)


@dataclass(frozen=True)
class Misfits:
    """Orders whose order report and item report differ."""

    orders: tuple[Misfit, ...]

    def sentence(self) -> str:
        """How many there are, and how the first few of them differ."""
        text = _("{n} orders stand in both reports and do not fit: {orders}")
        more = " …" if len(self.orders) > ORDERS_NAMED else ""
        first = clauses(each.sentence() for each in self.orders[:ORDERS_NAMED])
        return text.format(n=len(self.orders), orders=first + more)


@dataclass(frozen=True)
class Moved:
    """A file that is wholly in the books was moved."""

    path: str

    def sentence(self) -> str:
        """Where the file lies now."""
        return _("Moved to {path}").format(path=self.path)


@dataclass(frozen=True)
class NotMoved:
    """A file that is wholly in the books could not be moved into a folder."""

    folder: str
    why: str

    def sentence(self) -> str:
        """Whither it could not be moved, and why."""
        return _("It could not be moved to {folder}: {why}").format(folder=self.folder, why=self.why)


def sentences(remarks: Sequence[Sayable]) -> tuple[str, ...]:
    """Remarks in the reader's language."""
    return tuple(remark.sentence() for remark in remarks)


def reading(file: str) -> str:
    """The name of the work, for its progress, while a file's rows are read."""
    return _("{file}: reading").format(file=file)


def merging(file: str) -> str:
    """The name of the work, for its progress, while a file's rows come into the books."""
    return _("{file}: merging").format(file=file)


@dataclass(frozen=True)
class StoppedAfter:
    """The files that a run had taken in before it was stopped."""

    files: tuple[str, ...]

    def sentence(self) -> str:
        """That the run stopped, and which files are done."""
        names = series(self.files)
        return _("It stopped; these files were done before: {names}").format(names=names)


class NextStep(StrEnum):
    """The next step after an import."""

    REALLY_IMPORT = "really_import"
    ITEM_REPORT = "item_report"
    ORDER_REPORT = "order_report"
    TODAY = "today"


NEXT_STEPS = {
    NextStep.REALLY_IMPORT: mark(
        "A trial takes each file by itself: the halves of an order meet when they are really imported"
    ),
    NextStep.ITEM_REPORT: mark("Next: import the item report of the same period"),
    NextStep.ORDER_REPORT: mark("Next: import the order report of the same period"),
    NextStep.TODAY: mark("Next: retcli today"),
}
