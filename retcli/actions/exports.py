"""Workbooks for finance and for the owner: facts gathered, sheets made, one file written."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli import __version__
from retcli.actions import order_standing
from retcli.actions.movements import REFUND, within
from retcli.actions.reconciling import month_of_books, shops_of
from retcli.actions.sums import hold_equal, whole
from retcli.language import _, mark
from retcli.models import Case, CaseLine, Order, OrderLine, Payout, Product
from retcli.rules.analysis import CaseFact, Period, Piece, by_month, by_product, by_reason, month_of
from retcli.rules.lifecycles import Decision, Kind
from retcli.rules.money import POINTS, Money
from retcli.rules.payouts import MATCHED
from retcli.rules.zone import SHANGHAI
from retcli.sheets import reasons as reason_sheets
from retcli.sheets import reconciliation as reconciliation_sheets
from retcli.sheets.reasons import Study
from retcli.sheets.writer import Sheet, write
from retcli.shop import Shop
from retcli.views.exports import ExportView, Total


def reconciliation(shop: Shop, month: str, target: Path | None) -> ExportView:
    """Writes the reconciliation workbook of a month (``2026-11``) to a file or into a folder."""
    books = month_of_books(shop, month)
    sheets = reconciliation_sheets.sheets(books)
    hold_equal(shop, books.period, sheets[1:])
    wished = _path(shop, target, _("reconciliation_{period}_{made}.xlsx"), month)
    file, remarks = _written(wished, sheets)
    totals: dict[str, tuple[str, Total]] = {
        name: (_(title), tuple(Money(getattr(block, name), block.currency) for block in books.blocks))
        for name, title in _MONTH_TOTALS.items()
    }
    totals["points"] = (_("Points given"), Money(books.points, POINTS))
    apart = (Money(block.own - block.platform, block.currency) for block in books.blocks)
    totals["differences"] = (_("Difference in all"), tuple(apart))
    named = sum(gap.label != MATCHED or gap.goods_owed is not None for gap in books.gaps)
    totals["named"] = (_("Differences named"), named)
    control = {block.currency: block.control for block in books.blocks}
    about = {"month": month, "movements": len(books.movements), "gaps": named}
    about |= {"money": [[block.currency, block.paid, block.platform] for block in books.blocks]}
    return note(shop, ExportView(file, _counted(sheets), totals, control, remarks, "reconciliation", about))


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
    wished = _path(shop, target, _("reasons_{period}_{made}.xlsx"), f"{since}_{until}")
    file, remarks = _written(wished, sheets)
    totals: dict[str, tuple[str, Money | int]] = {
        "cases": (_("Cases"), study.cases),
        "pieces": (_("Pieces"), study.pieces),
        "refunded": (_("Refunded"), Money(study.refunded, study.currency)),
        "paid_orders": (_("Orders paid"), study.paid_orders),
    }
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
    file = write(wished, sheets)
    if file == wished:
        return file, ()
    return file, (_("{wished} is there already, so it was left alone").format(wished=wished.name),)


def _counted(sheets: Sequence[Sheet]) -> tuple[tuple[str, int], ...]:
    return tuple((sheet.name, len(sheet.rows)) for sheet in sheets)


def study_of(shop: Shop, since: date, until: date) -> Study:
    """The reason analysis of a period, by the day of application in Shanghai."""
    period = Period.days(since, until)
    applied = (within(Case.applied_at, period), col(Case.decision) != Decision.WITHDRAWN)
    cohort = (within(Order.paid_at, period), col(Case.decision) != Decision.WITHDRAWN)
    cases = _cases(shop, *applied)
    on_paid_orders, sold, paid = _cases(shop, *cohort), _sold(shop, period), _paid(shop, period)
    gone = (within(Case.applied_at, period), col(Case.decision) == Decision.WITHDRAWN)
    return Study(
        first=since,
        last=until,
        made_at=shop.now,
        version=__version__,
        shops=shops_of(shop),
        currency="CNY",
        cases=_count(shop, Case, *applied),
        withdrawn=_count(shop, Case, *gone),
        pieces=_sum(shop, CaseLine.quantity, CaseLine, *applied),
        refunded=_sum(shop, Payout.minor, Payout, *applied, *_REFUNDED),
        paid_orders=_count(shop, Order, within(Order.paid_at, period)),
        reasons=by_reason(cases),
        months=by_month(cases, on_paid_orders, paid, period, shop.now),
        products=by_product(cases, on_paid_orders, sold, each_reason=False),
        product_reasons=by_product(cases, on_paid_orders, sold, each_reason=True),
        names=_names(shop),
    )


_REFUNDED = (col(Payout.kind) == REFUND, col(Payout.settled_at).is_not(None))
"""Refunds that went through, and what took them back."""


def _count(shop: Shop, table: Any, *which: Any) -> int:
    return shop.session.scalar(sa.select(sa.func.count()).select_from(table).where(*which)) or 0


def _sum(shop: Shop, column: Any, table: Any, *which: Any) -> int:
    """A column's sum over the cases chosen, as the database adds it."""
    query = sa.select(whole(column)).select_from(table).join(Case, col(Case.id) == table.case_id)
    return int(shop.session.scalar(query.where(*which)) or 0)


def _cases(shop: Shop, *which: Any) -> list[CaseFact]:
    """The cases chosen, with their pieces and what was refunded on them so far."""
    chosen = sa.select(col(Case.id)).join(Order, col(Order.id) == col(Case.order_id)).where(*which)
    pieces = _pieces(shop, chosen)
    refunds = shop.session.execute(
        sa.select(col(Payout.case_id), whole(Payout.minor))
        .where(*_REFUNDED, col(Payout.case_id).in_(chosen))
        .group_by(col(Payout.case_id))
    )
    refunded = {row[0]: int(row[1]) for row in refunds}
    rows = shop.session.execute(
        sa.select(Case, col(Order.paid_at), order_standing.shipped())
        .join(Order, col(Order.id) == col(Case.order_id))
        .where(*which)
        .order_by(col(Case.id))
    )
    return [
        CaseFact(
            reason=case.reason,
            kind=Kind(case.kind),
            decision=Decision(case.decision),
            month=month_of(case.applied_at),
            paid_month=month_of(paid_at) if paid_at else "",
            order=case.order_id,
            refunded=refunded.get(case.id, 0),
            shipped=bool(shipped),
            lines=tuple(Piece(sku, n) for sku, n in pieces[case.id]),
        )
        for case, paid_at, shipped in rows
    ]


def _sku() -> Any:
    """A line's product; a line without a code is known by its number."""
    return sa.func.coalesce(sa.func.nullif(OrderLine.sku, sa.literal_column("''")), OrderLine.number)


def _pieces(shop: Shop, chosen: Any) -> dict[int, list[tuple[str, int]]]:
    rows = shop.session.execute(
        sa.select(col(CaseLine.case_id), _sku(), col(CaseLine.quantity))
        .join(OrderLine, col(OrderLine.id) == col(CaseLine.line_id))
        .where(col(CaseLine.case_id).in_(chosen))
        .order_by(col(CaseLine.id))
    )
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for case_id, sku, quantity in rows:
        found[case_id].append((sku, quantity))
    return found


def _sold(shop: Shop, period: Period) -> dict[str, int]:
    """Pieces sent on orders paid in the period, by product."""
    rows = shop.session.execute(
        sa.select(_sku(), whole(OrderLine.quantity))
        .join(Order, col(Order.id) == col(OrderLine.order_id))
        .where(within(Order.paid_at, period), order_standing.shipped())
        .group_by(_sku())
    )
    return {row[0]: int(row[1]) for row in rows}


def _paid(shop: Shop, period: Period) -> dict[str, int]:
    """Orders paid, by month in Shanghai."""
    found: dict[str, int] = defaultdict(int)
    for (at,) in shop.session.execute(sa.select(col(Order.paid_at)).where(within(Order.paid_at, period))):
        found[month_of(at)] += 1
    return found


def _names(shop: Shop) -> dict[str, str]:
    """What products are called: the product sheet's name, else a title they were sold under."""
    titles = sa.select(_sku(), sa.func.max(OrderLine.title)).group_by(_sku())
    known = sa.select(col(Product.sku), col(Product.name)).where(col(Product.name) != "")
    return {row[0]: row[1] for query in (titles, known) for row in shop.session.execute(query)}
