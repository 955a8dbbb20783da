"""Writes the workbooks for finance and for the owner: facts gathered, sheets made and compared with the books."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.insight.month.difference_rows import OPEN
from retcli.actions.insight.month.exported_before import exported_before
from retcli.actions.insight.month.reconciliation import month_of_books
from retcli.actions.insight.month.sums import hold_equal
from retcli.actions.insight.reason_study import study_of
from retcli.database import leftovers
from retcli.errors import WrongCommand
from retcli.language import _, mark
from retcli.models import Case, ClosedPayment, Payout
from retcli.rules.money.minor_units import POINTS, Money
from retcli.rules.money.reconciliation import BEFORE, MATCHED
from retcli.rules.periods import Period
from retcli.rules.roles import OFFICE
from retcli.rules.zone import SHANGHAI
from retcli.sheets import reasons as reason_sheets
from retcli.sheets import reconciliation as reconciliation_sheets
from retcli.sheets.classes import gap_word, to_do
from retcli.sheets.month import NO_ORDER, Gap, Month
from retcli.sheets.writer import Sheet, write
from retcli.shop import Shop
from retcli.views.base import Sayable
from retcli.views.insight.exports import (
    Difference,
    ExportView,
    LeftAlone,
    SheetRows,
    Total,
    UndatedOrders,
    WithoutOrders,
    Workbook,
    file_name,
)
from retcli.views.shop.first_day import Onward
from retcli.views.sums import sums

_EXPORT = mark("make workbooks")


def reconciliation(shop: Shop, month: str, target: Path | None) -> ExportView:
    """Writes the reconciliation workbook of a month (``2026-11``; ``11``: this year's) to a file or into a folder.

    Raises WrongCommand where no month is named, and RetcliError where a column of money is not its sum of the books;
    nothing is written then.
    """
    shop.may(OFFICE, _EXPORT)
    if not month:
        hint = f"retcli export reconciliation --month {newest_month(shop)}"
        raise WrongCommand(_("Say of which month the workbook is to be"), hint)
    if month.isdigit():
        month = f"{shop.now.astimezone(SHANGHAI).year}-{int(month):02d}"
    books = month_of_books(shop, month)
    sheets = reconciliation_sheets.sheets(books)
    hold_equal(shop, books.period, sheets[1:])  # the first sheet holds the notes
    file, notes = _write(_path(shop, target, Workbook.RECONCILIATION, month), sheets)
    waiting = [gap for gap in books.gaps if gap.label == NO_ORDER]
    named = len(waiting) + sum(gap.count for gap in books.gaps if _differs(gap))
    about = _about_month(books, named)
    view = ExportView(
        file,
        _rows(sheets),
        totals=_month_totals(books, named),
        control={block.currency: block.control for block in books.blocks},
        differences=_differences(books.gaps),
        notes=(*notes, *_without_orders(waiting), *exported_before(shop, about)),
        kind=Workbook.RECONCILIATION,
        about=about,
    )
    return note(shop, view)


def newest_month(shop: Shop) -> str:
    """The newest month (``2026-11``) up to today's in which a platform refunded or a payout left; today's where none
    did.
    """
    times = (col(Case.platform_succeeded_at), col(ClosedPayment.closed_at), col(Payout.settled_at))
    newest = (shop.session.scalar(sa.select(sa.func.max(time)).where(time <= shop.now)) for time in times)
    return f"{max(filter(None, newest), default=shop.now).astimezone(SHANGHAI):%Y-%m}"


def onward(shop: Shop, folder: Path) -> Onward:
    """What to type from the first day on: the day, the review, the import of downloads, a month's workbook."""
    return Onward(folder, newest_month(shop))


def _month_totals(books: Month, named: int) -> dict[str, Total]:
    """The totals of a month's workbook by name; `named` is how many refunds differ."""
    totals: dict[str, Total] = {name: _by_currency(books, name) for name in ("paid", "platform", "own", "matched")}
    if any(block.before_count for block in books.blocks):
        totals["before_books"] = _by_currency(books, "before")
    if any(block.waits_for_order for block in books.blocks):
        totals["waits_for_order"] = _by_currency(books, "waits_for_order")
    totals["points"] = Money(books.points, POINTS)
    totals["differences"] = _by_currency(books, "difference")
    return totals | {"named": named}


def _without_orders(waiting: Sequence[Gap]) -> Iterator[WithoutOrders]:
    """The remark on refunds that wait for their order, where there are any."""
    if waiting:
        known = sums(gap.waits for gap in waiting if gap.waits)
        yield WithoutOrders(len(waiting), known, sum(not gap.waits for gap in waiting))


def _by_currency(books: Month, name: str) -> tuple[Money, ...]:
    """One of the sums of a month's blocks, in each of its currencies."""
    return tuple(Money(getattr(block, name), block.currency) for block in books.blocks)


def _about_month(books: Month, named: int) -> dict[str, Any]:
    """The facts for the event of a month's workbook: by currency what was paid, what the platform says, and
    the difference of both sides.
    """
    sums = [[block.currency, block.paid, block.platform, block.difference] for block in books.blocks]
    return {"month": books.month, "movements": len(books.movements), "gaps": named, "money": sums}


def _differences(gaps: Iterable[Gap]) -> tuple[Difference, ...]:
    """The refunds that stand in the workbook one by one: those that differ, or whose goods are not in."""
    return tuple(
        Difference(
            class_=gap.label,
            name=gap_word(gap),
            flags=("D9",) if gap.goods_owed else (),
            money=gap.difference,
            unmatched=gap.unmatched,
            case=gap.case,
            order=gap.order,
            bill=gap.bill,
            agreed_there=(gap.agreed_there.by or None) if gap.agreed_there else None,
            operator=(gap.agreed_there.operator or None) if gap.agreed_there else None,
            carried=gap.carried,
            text=to_do(gap),
            goods_not_in=gap.goods_owed or None,
            count=gap.count,
            waits_for_order=gap.waits,
        )
        for gap in gaps
        if _named(gap)
    )


def _differs(gap: Gap) -> bool:
    """Whether a row's class is a difference: what is only carried over to be paid is none, and goods that are not in
    are a flag beside the class.
    """
    return gap.label not in {MATCHED, BEFORE, ""} and (gap.label != OPEN or bool(gap.difference))


def _named(gap: Gap) -> bool:
    """Whether a refund stands in the workbook in a row of its own; those that agree and have their goods, and those
    from before the books, share one.
    """
    return bool(gap.case) or gap.label == NO_ORDER


def reasons(shop: Shop, since: date, until: date, target: Path | None) -> ExportView:
    """Writes the reason-analysis workbook of cases applied for from one day to another, both inclusive.

    Raises RetcliError where a column of money is not its sum of the books; nothing is written then.
    """
    shop.may(OFFICE, _EXPORT)
    study = study_of(shop, since, until)
    sheets = reason_sheets.sheets(study)
    hold_equal(shop, Period.days(since, until), sheets[1:])
    file, notes = _write(_path(shop, target, Workbook.REASONS, f"{since}_{until}"), sheets)
    totals: dict[str, Total] = {
        "cases": study.cases,
        "pieces": study.pieces,
        "refunded": study.refunded,
        "paid_orders": study.paid_orders,
    }
    if study.undated:
        notes = (*notes, UndatedOrders(study.undated))
    about = {"since": str(since), "until": str(until), "cases": study.cases}
    return note(shop, ExportView(file, _rows(sheets), totals, notes=notes, kind=Workbook.REASONS, about=about))


def note(shop: Shop, view: ExportView) -> ExportView:
    """Notes the event of an export; called by itself where the workbook was made from books opened for reading."""
    shop.record("export", str(view.kind), **view.about)
    return view


def _path(shop: Shop, target: Path | None, workbook: Workbook, period: str) -> Path:
    """The path of a workbook: the file that was asked for, or its usual name in the folder that was, else here."""
    name = file_name(workbook, period, shop.now)
    if target is None:
        return Path.cwd() / name
    if target.is_dir():
        return target / name
    # added, never replaced: with_suffix would make 2026.xlsx of a name such as 2026.11
    return target if target.suffix.lower() == ".xlsx" else target.with_name(target.name + ".xlsx")


def _write(asked_for: Path, sheets: Sequence[Sheet]) -> tuple[Path, tuple[Sayable, ...]]:
    """Writes a workbook under the next free name; its path, and a remark where the name asked for was taken."""
    # a killed export leaves its half-written file: cleared here, since no other command comes to that folder
    leftovers.tidy(leftovers.of_workbooks(asked_for.parent))
    file = write(asked_for, sheets)
    return file, () if file == asked_for else (LeftAlone(asked_for.name),)


def _rows(sheets: Sequence[Sheet]) -> tuple[SheetRows, ...]:
    """Each sheet with how many rows it has."""
    return tuple(SheetRows(sheet.name, len(sheet.rows)) for sheet in sheets)
