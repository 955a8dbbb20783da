"""Workbooks for finance and for the owner: facts gathered, sheets made, one file written."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from retcli.actions.insight.reason_study import study_of
from retcli.actions.insight.reconciliation import OPEN, month_of_books
from retcli.actions.insight.sums import hold_equal
from retcli.database import leftovers
from retcli.language import _, mark
from retcli.rules.insight.analysis import Period
from retcli.rules.money.minor_units import POINTS, Money
from retcli.rules.money.payouts import BEFORE, MATCHED
from retcli.rules.zone import SHANGHAI
from retcli.sheets import reasons as reason_sheets
from retcli.sheets import reconciliation as reconciliation_sheets
from retcli.sheets.classes import gap_word, to_do
from retcli.sheets.month import Gap
from retcli.sheets.writer import Sheet, write
from retcli.shop import Shop
from retcli.views.insight.exports import Difference, ExportView, SheetRows, Total


def reconciliation(shop: Shop, month: str, target: Path | None) -> ExportView:
    """Writes the reconciliation workbook of a month (``2026-11``; ``11``: this year's) to a file or into a folder."""
    if month.isdigit():
        month = f"{shop.now.astimezone(SHANGHAI).year}-{int(month):02d}"
    books = month_of_books(shop, month)
    sheets = reconciliation_sheets.sheets(books)
    hold_equal(shop, books.period, sheets[1:])
    wished = _path(shop, target, _("reconciliation_{period}_{made}.xlsx"), month)
    file, remarks = _written(wished, sheets)
    totals: dict[str, tuple[str, Total]] = {
        name: (_(title), tuple(Money(getattr(block, name), block.currency) for block in books.blocks))
        for name, title in _MONTH_TOTALS.items()
    }
    if any(block.before_count for block in books.blocks):
        early = tuple(Money(block.before, block.currency) for block in books.blocks)
        totals["before_books"] = (_("From before the books"), early)
    totals["points"] = (_("Points given"), Money(books.points, POINTS))
    apart = (Money(block.difference, block.currency) for block in books.blocks)
    totals["differences"] = (_("Difference in all"), tuple(apart))
    named = len({gap.case for gap in books.gaps if _differs(gap)})
    totals["named"] = (_("Differences named"), named)
    control = {block.currency: block.control for block in books.blocks}
    about = {"month": month, "movements": len(books.movements), "gaps": named}
    about |= {"money": [[block.currency, block.paid, block.platform] for block in books.blocks]}
    view = ExportView(file, _counted(sheets), totals, control, _differences(books.gaps), remarks)
    return note(shop, replace(view, kind="reconciliation", about=about))


def _differences(gaps: Iterable[Gap]) -> tuple[Difference, ...]:
    """Every refund that differs or whose goods are not in, as it stands in the workbook."""
    return tuple(
        Difference(
            class_=gap.label,
            name=gap_word(gap),
            flags=("D9",) if gap.goods_owed else (),
            money=gap.difference,
            case=gap.case,
            order=gap.order,
            bill=gap.bill,
            agreed_there=(gap.agreed_there.by or None) if gap.agreed_there else None,
            operator=(gap.agreed_there.operator or None) if gap.agreed_there else None,
            carried=gap.carried,
            text=to_do(gap),
            goods_not_in=gap.goods_owed or None,
            count=gap.count,
        )
        for gap in gaps
        if _named(gap)
    )


def _differs(gap: Gap) -> bool:
    """Whether a refund of them is a difference: what is only carried over to be paid is none."""
    return _named(gap) and (gap.label != OPEN or bool(gap.difference) or gap.goods_owed is not None)


def _named(gap: Gap) -> bool:
    """Whether a refund stands in the workbook by its number: what agrees and has its goods stands in one row, and what
    is from before the books.
    """
    return gap.label not in {MATCHED, BEFORE} or gap.goods_owed is not None


_MONTH_TOTALS = {
    "paid": mark("Paid by us"),
    "platform": mark("Refunded by the platform"),
    "own": mark("Decided by us and booked"),
    "matched": mark("Matched"),
}


def reasons(shop: Shop, since: date, until: date, target: Path | None) -> ExportView:
    """Writes the reason-analysis workbook of cases applied for from one day to another, both inclusive."""
    study = study_of(shop, since, until)
    sheets = reason_sheets.sheets(study)
    hold_equal(shop, Period.days(since, until), sheets[1:])
    wished = _path(shop, target, _("reasons_{period}_{made}.xlsx"), f"{since}_{until}")
    file, remarks = _written(wished, sheets)
    totals: dict[str, tuple[str, Total]] = {
        "cases": (_("Cases"), study.cases),
        "pieces": (_("Pieces"), study.pieces),
        "refunded": (_("Refunded"), study.refunded),
        "paid_orders": (_("Orders paid"), study.paid_orders),
    }
    if study.undated:
        text = _("{n} paid orders are left out of every rate: no file says when they were paid, sent or ordered")
        remarks = (*remarks, text.format(n=study.undated))
    about = {"since": str(since), "until": str(until), "cases": study.cases}
    return note(shop, ExportView(file, _counted(sheets), totals, remarks=remarks, kind="reasons", about=about))


def note(shop: Shop, view: ExportView) -> ExportView:
    """Notes an export in the chain of events; by itself where the workbook was made from books opened for reading."""
    shop.record("export", view.kind, **view.about)
    return view


def _path(shop: Shop, target: Path | None, pattern: str, period: str) -> Path:
    """The file that was wished for; in a folder, or here, under the usual name."""
    name = pattern.format(period=period, made=f"{shop.now.astimezone(SHANGHAI):%Y%m%d-%H%M}")
    if target is None:
        return Path.cwd() / name
    if target.is_dir():
        return target / name
    return target if target.suffix.lower() == ".xlsx" else target.with_name(target.name + ".xlsx")


def _written(wished: Path, sheets: Sequence[Sheet]) -> tuple[Path, tuple[str, ...]]:
    leftovers.tidy(leftovers.of_workbooks(wished.parent))
    file = write(wished, sheets)
    if file == wished:
        return file, ()
    return file, (_("{wished} is there already, so it was left alone").format(wished=wished.name),)


def _counted(sheets: Sequence[Sheet]) -> tuple[SheetRows, ...]:
    return tuple(SheetRows(sheet.name, len(sheet.rows)) for sheet in sheets)
