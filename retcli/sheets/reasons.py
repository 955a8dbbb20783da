"""The reason-analysis workbook: why goods come back, how that develops, and of which products."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from retcli.errors import RetcliError
from retcli.language import _, mark
from retcli.rules.analysis import VAGUE, WHOLE, MonthRow, ProductRow, ReasonRow, rate
from retcli.rules.money import Money
from retcli.rules.reasons import REASONS
from retcli.sheets.charts import Chart
from retcli.sheets.reconciliation import Line, heading, notes_sheet
from retcli.sheets.writer import Column, Sheet, Value, table
from retcli.views.base import when
from retcli.views.words import word

TOP = 10


@dataclass(frozen=True)
class Study:
    """Everything the workbook of a period is made from; `cases`, `pieces`, `refunded` (minor units of `currency`) and
    `paid_orders` as the database summed them, `withdrawn` cases are left out, `names` by SKU.
    """

    first: date
    last: date
    made_at: datetime
    version: str
    shops: tuple[str, ...]
    currency: str
    cases: int
    withdrawn: int
    pieces: int
    refunded: int
    paid_orders: int
    reasons: Sequence[ReasonRow]
    months: Sequence[MonthRow]
    products: Sequence[ProductRow]
    product_reasons: Sequence[ProductRow]
    names: Mapping[str, str]


def sheets(study: Study) -> list[Sheet]:
    """All sheets, the notes first. Raises RetcliError where totals and sheets do not agree."""
    tables = [_shares(study), _trend(study), _products(study), _product_reasons(study)]
    _agree(study, *tables)
    return [_notes(study, tables), *tables]


def _shares(study: Study) -> Sheet:
    columns: list[tuple[Column, Callable[[ReasonRow], Value]]] = [
        (Column(_("Reason that counts")), lambda r: word(r.reason)),
        (Column(_("Group")), lambda r: word(REASONS[r.reason].group)),
        (Column(_("At fault")), lambda r: word(REASONS[r.reason].fault)),
        (Column(_("Cases"), "count"), lambda r: r.cases),
        (Column(_("Share of cases"), "percent", total=True), lambda r: r.share_cases),
        (Column(_("Pieces"), "count"), lambda r: r.pieces),
        (Column(_("Share of pieces"), "percent", total=True), lambda r: r.share_pieces),
        (Column(_("Refunded"), "money"), lambda r: Money(r.refunded, study.currency)),
        (Column(_("Share of money"), "percent", total=True), lambda r: r.share_refunded),
    ]
    chart = Chart("bar", _("Cases by reason"), _("Reason that counts"), (_("Cases"),))
    return table(_("Shares of reasons"), columns, study.reasons, charts=(chart,))


def _trend(study: Study) -> Sheet:
    columns: list[tuple[Column, Callable[[MonthRow], Value]]] = [
        (Column(_("Month")), lambda m: m.month),
        (Column(_("Cases"), "count"), lambda m: m.cases),
        (Column(_("Returns"), "count"), lambda m: m.returns),
        (Column(_("Refunds before sending"), "count"), lambda m: m.unshipped),
        (Column(_("Quality refunds"), "count"), lambda m: m.quality),
        (Column(_("Refunded"), "money"), lambda m: Money(m.refunded, study.currency)),
        (Column(_("Orders paid"), "count"), lambda m: m.paid_orders),
        (Column(_("of them refunded"), "count"), lambda m: m.refunded_orders),
        (Column(_("Refund rate of orders paid"), "percent"), lambda m: m.refund_rate),
        (Column(_("Maturity")), lambda m: _("mature") if m.mature else _("not mature yet")),
    ]
    lines = (_("Cases"), _("Returns"), _("Quality refunds"))
    counts = Chart("line", _("Cases by month of application"), _("Month"), lines)
    name = _("Refund rate of orders paid")
    rates = Chart("line", _("Refund rate by month of payment"), _("Month"), (name,))
    return table(_("Trend"), columns, study.months, charts=(counts, rates))


def _products(study: Study) -> Sheet:
    columns: list[tuple[Column, Callable[[ProductRow], Value]]] = [
        (Column(_("SKU"), "id"), lambda p: p.sku),
        (Column(_("Product")), lambda p: study.names.get(p.sku, "")),
        (Column(_("Cases"), "count", total=False), lambda p: p.cases),
        (Column(_("Pieces"), "count"), lambda p: p.pieces),
        (Column(_("Share of pieces"), "percent", total=True), lambda p: p.share),
        (Column(_("Pieces sold"), "count", total=False), lambda p: p.sold),
        (Column(_("of them returned"), "count"), lambda p: p.returned),
        (Column(_("Return rate by pieces"), "percent"), lambda p: p.return_rate),
    ]
    title = _("Pieces by product, the first {n}").format(n=min(TOP, len(study.products)))
    chart = Chart("bar", title, _("SKU"), (_("Pieces"),), TOP)
    return table(_("Products"), columns, study.products, charts=(chart,))


def _product_reasons(study: Study) -> Sheet:
    columns: list[tuple[Column, Callable[[ProductRow], Value]]] = [
        (Column(_("SKU"), "id"), lambda p: p.sku),
        (Column(_("Product")), lambda p: study.names.get(p.sku, "")),
        (Column(_("Reason that counts")), lambda p: word(p.reason)),
        (Column(_("At fault")), lambda p: word(REASONS[p.reason].fault)),
        (Column(_("Cases"), "count", total=False), lambda p: p.cases),
        (Column(_("Pieces"), "count"), lambda p: p.pieces),
        (Column(_("Share of the product's pieces"), "percent"), lambda p: p.share),
        (Column(_("Pieces sold"), "count", total=False), lambda p: p.sold),
        (Column(_("of them returned"), "count"), lambda p: p.returned),
        (Column(_("Return rate by pieces"), "percent"), lambda p: p.return_rate),
    ]
    return table(_("Reasons by product"), columns, study.product_reasons, detail=True)


def _agree(study: Study, shares: Sheet, trend: Sheet, products: Sheet, by_reason: Sheet) -> None:
    """Compares every sheet with the totals that the database summed; shares are a whole or nothing."""
    refunded = Money(study.refunded, study.currency)
    due: list[tuple[Sheet, str, Value]] = [
        (shares, _("Cases"), study.cases),
        (shares, _("Pieces"), study.pieces),
        (shares, _("Refunded"), refunded),
        (shares, _("Share of cases"), WHOLE if study.cases else 0),
        (shares, _("Share of pieces"), WHOLE if study.pieces else 0),
        (shares, _("Share of money"), WHOLE if study.refunded else 0),
        (trend, _("Cases"), study.cases),
        (trend, _("Refunded"), refunded),
        (trend, _("Orders paid"), study.paid_orders),
        (products, _("Pieces"), study.pieces),
        (by_reason, _("Pieces"), study.pieces),
    ]
    for sheet, title, wanted in due:
        sums = sheet.sums()
        by_currency = sheet.money().get(title, {})
        found = sums[title] if title in sums else Money(by_currency.get(study.currency, 0), study.currency)
        if found != wanted:
            message = _("The sheet {name} does not add up: {found} instead of {due}")
            hint = _("Nothing was written; run retcli books check")
            raise RetcliError(message.format(name=sheet.name, found=found, due=wanted), hint, sheet=sheet.name)


def _notes(study: Study, tables: Sequence[Sheet]) -> Sheet:
    """What the workbook is, its numbers, and each definition beside its number."""
    lines: list[Line] = [
        (_("Period"), None, None, _("Applied for from {first} to {last}, both inclusive, Beijing time").format(
            first=study.first, last=study.last)),
        (_("Shops"), None, None, "、".join(study.shops)),
        (_("Made at"), None, None, when(study.made_at)),
        (_("Made by"), None, None, f"retcli {study.version}"),
        heading(_("Sheets")),
        *((made.name, len(made.rows), None, _("Rows without the total row")) for made in tables),
        heading(_("Numbers and what they mean")),
        *_numbers(study),
        heading(_("Definitions")),
        *((_(name), None, None, _(text)) for name, text in _DEFINITIONS),
    ]  # fmt: skip
    return notes_sheet(lines)


def _numbers(study: Study) -> list[Line]:
    months = study.months
    unclear = sum(row.cases for row in study.reasons if row.reason in VAGUE)
    refunded = sum(month.refunded_orders for month in months)
    rated = _rated(_("Orders paid in the period with a successful refund, of all of them: {rate}"), refunded, study)
    quality = sum(month.quality for month in months)
    return [
        (_("Cases"), study.cases, None, _("All kinds, not withdrawn, by the day of application")),
        (_("Withdrawn, left out"), study.withdrawn, None, _("Taken back by the buyer or closed on the platform")),
        (_("Without a real reason"), unclear, None, _("Other, or agreed by both sides: set the real one; listed last")),
        (_("Pieces"), study.pieces, None, _("Pieces of these cases; price cuts have none")),
        (_("Refunded"), None, Money(study.refunded, study.currency), _("Refunds so far, less reversals")),
        (_("Returns"), sum(m.returns for m in months), None, _("Agreed returns of goods")),
        (_("Refunds before sending"), sum(m.unshipped for m in months), None, _("Refunded, and the goods never left")),
        (_("Quality refunds"), quality, None, _("Refunded for a quality reason")),
        (_("Orders paid"), study.paid_orders, None, _("Orders paid in the period: what rates are of")),
        (_("of them refunded"), refunded, None, rated),
    ]


def _rated(text: str, part: int, study: Study) -> str:
    found = rate(part, study.paid_orders)
    return text.format(rate="–" if found is None else f"{found / 100:.2f}%")


_DEFINITIONS = (
    (mark("Reason that counts"), mark("Verified at inspection, else set by the agent, else stated by the buyer")),
    (mark("Shares"), mark("Rounded so that each column makes exactly 100.00%")),
    (mark("Refund rate of orders paid"), mark("Of the orders paid in a month, those refunded so far")),
    (mark("Return rate by pieces"), mark("Of the pieces sent on orders paid in the period, those in agreed returns")),
    (mark("Maturity"), mark("A month is mature once its last order is thirty days old; younger rates still rise")),
    (mark("Exchange, resend, allowance"), mark("Count as cases, never as returns or in a refund rate")),
    (mark("Cases by product"), mark("A case with several products counts for each of them, so cases are not added up")),
)  # fmt: skip
