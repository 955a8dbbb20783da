"""The view of a workbook that was written, with its totals and its differences."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from retcli.language import _, aside, mark, series
from retcli.rules.money.minor_units import Money
from retcli.rules.money.reconciliation import MATCHED, Control
from retcli.rules.zone import SHANGHAI
from retcli.views.base import Column, Sayable, Screen, View, money_text, pairs
from retcli.views.documents import Documented
from retcli.words import word

Total = int | Money | tuple[Money, ...]
"""A total of a workbook: a count, points, or amounts, one for each currency."""


@dataclass(frozen=True)
class Difference(Documented):
    """A refund on which our side and the platform's differ, or whose goods are not in (`docs/rules.md` §8.3)."""

    KEYS = (
        *("class_", "count", "flags", "money", "unmatched", "goods_not_in", "case", "order", "bill", "agreed_there"),
        *("operator", "waits_for_order", "carried", "text"),
    )

    class_: str
    name: str  # of the class, as the workbook has it
    flags: tuple[str, ...]  # beside the class: D9, goods that are not in
    money: Money  # our side less the platform's, of what was booked in the month
    unmatched: Money  # our side less the platform's, of what no equal sum has cleared by the month's end
    case: str
    order: str
    bill: str
    agreed_there: str | None  # ``person``, ``platform`` or ``unknown``, where nobody here had agreed; else None
    operator: str | None  # the person's name on the platform
    carried: bool
    text: str  # what is to be done, as the workbook has it
    goods_not_in: Money | None = None  # what was paid for goods that are not in
    count: int = 1  # 0 for what is beyond an order where the rest of that refund has an entry of its own
    waits_for_order: Money | None = None  # what was refunded on an order that has not come in


@dataclass(frozen=True)
class SheetRows(Documented):
    """A sheet of a workbook with its number of rows."""

    name: str
    rows: int


class Workbook(StrEnum):
    """The kind of a workbook."""

    RECONCILIATION = "reconciliation"
    REASONS = "reasons"


_FILES = {
    Workbook.RECONCILIATION: mark("reconciliation_{period}_{made}.xlsx"),
    Workbook.REASONS: mark("reasons_{period}_{made}.xlsx"),
}
_TOTALS = {
    "paid": mark("Paid by us"),
    "platform": mark("Refunded by the platform"),
    "own": mark("Decided by us and booked"),
    "matched": mark("Matched"),
    "before_books": mark("From before the books"),
    "waits_for_order": mark("Refunds that wait for their order"),
    "points": mark("Points given"),
    "differences": mark("Difference in all"),
    "named": mark("Differences named"),
    "cases": mark("Cases"),
    "pieces": mark("Pieces"),
    "refunded": mark("Refunded"),
    "paid_orders": mark("Orders paid"),
}
"""The title of each total (message ids)."""


def file_name(workbook: Workbook, period: str, made_at: datetime) -> str:
    """A workbook's usual file name in the reader's language, with its period and the minute of its
    making (Shanghai).
    """
    return _(_FILES[workbook]).format(period=period, made=f"{made_at.astimezone(SHANGHAI):%Y%m%d-%H%M}")


@dataclass(frozen=True)
class LeftAlone:
    """A file of the wished name was there already, so that the workbook has another one."""

    name: str

    def sentence(self) -> str:
        """Which file."""
        return _("{wished} is there already, so it was left alone").format(wished=self.name)


@dataclass(frozen=True)
class UndatedOrders:
    """Paid orders that are in no rate, since no file dates them."""

    orders: int

    def sentence(self) -> str:
        """How many, and why."""
        text = _("{n} paid orders are left out of every rate: no file says when they were paid, sent or ordered")
        return text.format(n=self.orders)


@dataclass(frozen=True)
class WithoutOrders:
    """Refunds of the month that wait for their order, so that they stand in no sum of it but their own: how many, by
    currency in minor units, and of how many nobody knows the amount or its currency.
    """

    refunds: int
    sums: Mapping[str, int]
    unknown: int

    def sentence(self) -> str:
        """How many, how much, and what to do."""
        money = [money_text(Money(minor, currency)) for currency, minor in self.sums.items()]
        unknown = [_("{n} of them in an amount or currency not known").format(n=self.unknown)] if self.unknown else []
        text = _("{n} refunds of the month wait for their order ({money}), beside the totals: import its order report")
        return text.format(n=self.refunds, money=series([*money, *unknown]))


@dataclass(frozen=True)
class ExportView(View):
    """A workbook that was written."""

    KEYS = ("file", "sheets", "totals", "remarks", "**reconciled")

    file: Path
    sheets: tuple[SheetRows, ...]
    totals: Mapping[str, Total]
    control: Mapping[str, Mapping[str, Control]] = field(default_factory=dict)  # of a reconciliation: currency, side
    differences: tuple[Difference, ...] | None = None  # of a reconciliation
    notes: tuple[Sayable, ...] = ()
    kind: str = ""  # this and `about` are kept in the event about the workbook
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def remarks(self) -> tuple[str, ...]:
        """The remarks on the workbook in the reader's language."""
        return tuple(note.sentence() for note in self.notes)

    @property
    def reconciled(self) -> dict[str, Any]:
        """The keys `differences` and `control`, which only a reconciliation has."""
        control = {
            currency: {side: _control(each, currency) for side, each in sides.items()}
            for currency, sides in self.control.items()
        }
        differences = {} if self.differences is None else {"differences": self.differences}
        return differences | ({"control": control} if control else {})

    def draw(self, screen: Screen) -> None:
        """Shows the file, its sheets, its totals and the classes of difference."""
        screen.line(_("Written: {file}").format(file=self.file), "bold")
        for remark in self.remarks:
            screen.line("  " + remark, "yellow")
        columns = [Column(_("Sheet")), Column(_("Rows"), "count")]
        screen.table(columns, [(sheet.name, str(sheet.rows)) for sheet in self.sheets])
        pairs(screen, [(_(_TOTALS[name]), _text(value)) for name, value in self.totals.items()])
        for title, rows in by_class(self.differences or ()).items():
            if rows:
                columns = [Column(_(title)), Column(_("Refunds"), "count"), Column(_("Amount"), "money")]
                if any(unmatched for some in rows.values() for *_more, unmatched in some):
                    columns.append(Column(_("Unmatched at the end"), "money"))
                table = [_class_row(*name, each)[: len(columns)] for name, each in rows.items()]
                screen.table(columns, table)


CLASSES, _FLAGS, _WAITING = mark("Class"), mark("Flags beside the classes, in no difference"), mark("In no sum above")
_Rows = dict[tuple[str, str], list[tuple[int, int, int]]]
"""What a row of a table is about, by name and currency: the counts, the minor units, and what of them is unmatched at
the month's end, that it adds up.
"""


def by_class(differences: Iterable[Difference]) -> dict[str, _Rows]:
    """The rows of each table by its heading: classes of difference, which add up to the difference in all, what is
    carried over by itself; the goods that are not in, at what was paid for them; and the refunds that wait for their
    order.
    """
    # goods not in are a flag beside a class: among the classes, a refund would count twice
    tables: dict[str, _Rows] = {CLASSES: {}, _FLAGS: {}, _WAITING: {}}

    def add(title: str, name: str, count: int, money: Money, unmatched: int = 0) -> None:
        tables[title].setdefault((name, money.currency), []).append((count, money.minor, unmatched))

    for each in differences:
        if each.class_ != MATCHED and (each.count or each.money):
            name = aside(each.name, _("carried over") if each.carried else "")
            add(CLASSES, name, each.count, each.money, each.unmatched.minor)
        if each.goods_not_in is not None:
            add(_FLAGS, word("D9"), 1, each.goods_not_in)
        if each.waits_for_order is not None:
            add(_WAITING, each.name, 1, each.waits_for_order)
    return tables


def _class_row(name: str, currency: str, rows: Sequence[tuple[int, int, int]]) -> tuple[str, str, str, str]:
    """A row of a table: name, number of refunds, amount, what of it is unmatched at the month's end."""
    count, amount, unmatched = (sum(column) for column in zip(*rows, strict=True))
    return name, str(count), money_text(Money(amount, currency)), money_text(Money(unmatched, currency))


def _text(value: Total) -> str:
    """A total in words."""
    if isinstance(value, tuple):
        return series(money_text(each) for each in value)
    return str(value) if isinstance(value, int) else money_text(value)


def _control(control: Control, currency: str) -> dict[str, Any]:
    """The control totals for JSON: count and money of each."""
    totals = {}
    for name in ("opening", "new", "matched", "closing"):
        number, minor = getattr(control, name)
        totals[name] = {"count": number, "money": Money(minor, currency)}
    return totals
