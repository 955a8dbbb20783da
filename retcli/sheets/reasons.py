"""The reason-analysis workbook: why goods come back, how that develops, and of which products."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from retcli.errors import RetcliError
from retcli.language import _, mark, series
from retcli.rules.casefile.reasons import REASONS
from retcli.rules.insight.analysis import (
    FEWEST,
    VAGUE,
    WHOLE,
    Interval,
    MonthRow,
    ProductRow,
    ReasonRow,
    interval,
    rate,
)
from retcli.rules.money.minor_units import Money
from retcli.sheets.charts import Chart
from retcli.sheets.notes import Line, anchored, heading, notes_sheet
from retcli.sheets.writer import Column, Sheet, Value, table
from retcli.views.base import when
from retcli.words import word

TOP = 10


@dataclass(frozen=True)
class Study:
    """Everything the workbook of a period is made from; `cases`, `pieces` and `paid_orders` as the database counted
    them, `withdrawn` cases are left out, `names` by SKU. `dated_by` counts the orders by which of their instants puts
    them into the period, `undated` those that were paid and have none. `anchor` is the last event that the books had.
    """

    first: date
    last: date
    made_at: datetime
    version: str
    anchor: str
    shops: tuple[str, ...]
    currencies: tuple[str, ...]
    cases: int
    withdrawn: int
    pieces: int
    paid_orders: int
    reasons: Sequence[ReasonRow]
    months: Sequence[MonthRow]
    products: Sequence[ProductRow]
    product_reasons: Sequence[ProductRow]
    names: Mapping[str, str]
    dated_by: Mapping[str, int] = field(default_factory=dict)
    undated: int = 0

    @property
    def refunded(self) -> tuple[Money, ...]:
        """What was refunded, for each currency."""
        return tuple(
            Money(sum(row.spent.refunded.get(currency, 0) for row in self.reasons), currency)
            for currency in self.currencies
        )


def sheets(study: Study) -> list[Sheet]:
    """All sheets, the notes first. Raises RetcliError where totals and sheets do not agree."""
    shares, trend, rates = _shares(study), _trend(study), _rates(study)
    products, by_reason = _products(study), _product_reasons(study)
    _agree(study, shares, trend, rates, products, by_reason)
    tables = [shares, trend, rates, products, by_reason]
    return [_notes(study, tables), *tables]


Columns = list[tuple[Column, Callable[[Any], Value]]]


def _spent(study: Study) -> Columns:
    """Refunds and compensation of a row, a column for each currency."""

    def cell(name: str, currency: str) -> Callable[[Any], Value]:
        return lambda row: Money(getattr(row.spent, name).get(currency, 0), currency)

    columns: Columns = []
    for currency in study.currencies:
        for title, name in ((_("Refunded"), "refunded"), (_("Compensation"), "given")):
            heading_ = _of(study, title, currency)
            column = Column(heading_, "money", equals=f"{name}_on_cases", currency=currency)
            columns.append((column, cell(name, currency)))
    return columns


def _money_shares(study: Study) -> Columns:
    """Each reason's share of what was refunded, a column for each currency."""

    def cell(currency: str) -> Callable[[Any], Value]:
        return lambda row: int(row.share_refunded.get(currency, 0))

    return [
        (Column(_of(study, _("Share of money"), currency), "percent", total=True), cell(currency))
        for currency in study.currencies
    ]


def _of(study: Study, title: str, currency: str) -> str:
    """The heading of a column of one currency, which it names where there are several."""
    return f"{title} {currency}" if len(study.currencies) > 1 else title


def _shares(study: Study) -> Sheet:
    columns: Columns = [
        (Column(_("Reason that counts")), lambda r: word(r.reason)),
        (Column(_("Group")), lambda r: word(REASONS[r.reason].group)),
        (Column(_("At fault")), lambda r: word(REASONS[r.reason].fault)),
        (Column(_("Cases"), "count"), lambda r: r.cases),
        (Column(_("Share of cases"), "percent", total=True), lambda r: r.share_cases),
        (Column(_("Pieces"), "count"), lambda r: r.pieces),
        (Column(_("Share of pieces"), "percent", total=True), lambda r: r.share_pieces),
        *_spent(study),
        *_money_shares(study),
    ]
    chart = Chart("bar", _("Cases by reason"), _("Reason that counts"), (_("Cases"),), TOP)
    return table(_("Shares of reasons"), columns, study.reasons, charts=(chart,))


def month_words(row: MonthRow) -> str:
    """A month, or the days of it that are meant."""
    if row.whole:
        return row.month
    return _("{month} ({first}–{last} only)").format(month=row.month, first=row.first.day, last=row.last.day)


def _trend(study: Study) -> Sheet:
    """What was applied for, by the month of application: one base, the cases."""
    columns: Columns = [
        (Column(_("Applied for in")), month_words),
        (Column(_("Cases"), "count"), lambda m: m.cases),
        (Column(_("Returns"), "count"), lambda m: m.returns),
        (Column(_("Refunds before sending"), "count"), lambda m: m.unshipped),
        (Column(_("Quality refunds"), "count"), lambda m: m.quality),
        *_spent(study),
        (Column(_("State of the month")), lambda m: _("over") if m.ended else _("days are missing")),
    ]
    lines = (_("Cases"), _("Returns"), _("Quality refunds"))
    young = tuple(place for place, row in enumerate(study.months) if not row.ended)
    counts = Chart("line", _("Cases by month of application"), _("Applied for in"), lines, hollow=young)
    note = _("Hollow points: months of which days are missing")
    return table(_("Trend"), columns, study.months, charts=(counts,), notes=(note,) if young else ())


def _rates(study: Study) -> Sheet:
    """What became of the orders paid in a month: one base, the orders."""
    columns: Columns = [
        (Column(_("Paid in")), month_words),
        (Column(_("Orders paid"), "count"), lambda m: m.paid_orders),
        (Column(_("of them refunded"), "count"), lambda m: m.refunded_orders),
        (Column(_("Refund rate of orders paid"), "percent"), lambda m: m.refund_rate),
        *_interval(lambda m: interval(m.refunded_orders, m.paid_orders)),
        (Column(_("Sample")), lambda m: _("too few") if m.paid_orders < FEWEST else ""),
        (Column(_("Maturity")), lambda m: _("mature") if m.mature else _("not mature yet")),
    ]
    name = _("Refund rate of orders paid")
    young = tuple(place for place, row in enumerate(study.months) if not row.mature)
    rates = Chart("line", _("Refund rate by month of payment"), _("Paid in"), (name,), hollow=young)
    note = _("Hollow points: months that are not mature yet, their rates still rise")
    return table(_("Refund rates"), columns, study.months, charts=(rates,), notes=(note,) if young else ())


def _interval(of: Callable[[Any], Interval | None]) -> Columns:
    """Between which a rate lies, beside it."""

    def side(name: str) -> Callable[[Any], Value]:
        return lambda row: None if (between := of(row)) is None else int(getattr(between, name))

    return [(Column(_("at least"), "percent"), side("low")), (Column(_("at most"), "percent"), side("high"))]


def _return_rates() -> Columns:
    """How many of the pieces sold came back, and how sure that is."""
    return [
        (Column(_("Pieces sold"), "count", total=False), lambda p: p.sold),
        (Column(_("of them returned"), "count"), lambda p: p.returned),
        (Column(_("Return rate by pieces"), "percent"), lambda p: p.return_rate),
        *_interval(lambda p: p.interval),
        (Column(_("Sample")), lambda p: _("too few") if p.too_few else ""),
    ]


def _products(study: Study) -> Sheet:
    columns: Columns = [
        (Column(_("SKU"), "id"), lambda p: p.sku),
        (Column(_("Product")), lambda p: study.names.get(p.sku, "")),
        (Column(_("Cases"), "count", total=False), lambda p: p.cases),
        (Column(_("Pieces"), "count"), lambda p: p.pieces),
        (Column(_("Share of pieces"), "percent", total=True), lambda p: p.share),
        *_return_rates(),
    ]
    title = _("Pieces by product, the first {n} rows").format(n=min(TOP, len(study.products)))
    chart = Chart("bar", title, _("SKU"), (_("Pieces"),), TOP)
    return table(_("Products"), columns, study.products, charts=(chart,), detail=True)


def _product_reasons(study: Study) -> Sheet:
    columns: Columns = [
        (Column(_("SKU"), "id"), lambda p: p.sku),
        (Column(_("Product")), lambda p: study.names.get(p.sku, "")),
        (Column(_("Reason that counts")), lambda p: word(p.reason)),
        (Column(_("At fault")), lambda p: word(REASONS[p.reason].fault)),
        (Column(_("Cases"), "count", total=False), lambda p: p.cases),
        (Column(_("Pieces"), "count"), lambda p: p.pieces),
        (Column(_("Share of the product's pieces"), "percent"), lambda p: p.share),
        *_return_rates(),
    ]
    return table(_("Reasons by product"), columns, study.product_reasons, detail=True)


def _agree(study: Study, shares: Sheet, trend: Sheet, rates: Sheet, products: Sheet, by_reason: Sheet) -> None:
    """Compares the counts of every sheet with those that the database counted; shares are a whole or nothing."""
    due: list[tuple[Sheet, str, Value]] = [
        (shares, _("Cases"), study.cases),
        (shares, _("Pieces"), study.pieces),
        (shares, _("Share of cases"), WHOLE if study.cases else 0),
        (shares, _("Share of pieces"), WHOLE if study.pieces else 0),
        (trend, _("Cases"), study.cases),
        (rates, _("Orders paid"), study.paid_orders),
        (products, _("Pieces"), study.pieces),
        (by_reason, _("Pieces"), study.pieces),
    ]
    due += [(shares, _of(study, _("Share of money"), sum_.currency), WHOLE if sum_ else 0) for sum_ in study.refunded]
    for sheet, title, wanted in due:
        written = sheet.sums()[title]
        if written != wanted:
            message = _("The sheet {name} does not add up: {found} instead of {due}")
            hint = _("Nothing was written; run retcli books check")
            raise RetcliError(message.format(name=sheet.name, found=written, due=wanted), hint, sheet=sheet.name)


def _notes(study: Study, tables: Sequence[Sheet]) -> Sheet:
    """What the workbook is, its numbers, and each definition beside its number."""
    lines: list[Line] = [
        (_("Period"), None, None, _("Applied for from {first} to {last}, both inclusive, Beijing time").format(
            first=study.first, last=study.last)),
        (_("Shops"), None, None, series(study.shops)),
        (_("Made at"), None, None, when(study.made_at)),
        (_("Made by"), None, None, f"retcli {study.version}"),
        anchored(study.anchor),
        heading(_("Sheets")),
        *((table.name, len(table.rows), None, _("Rows without the total row")) for table in tables),
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
    refunds = _("Refunds so far, less reversals; price cuts of ours with which the goods stay are compensation")
    return [
        (_("Cases"), study.cases, None, _("All kinds, not withdrawn, by the day of application")),
        (_("Withdrawn, left out"), study.withdrawn, None, _("Taken back by the buyer or closed on the platform")),
        (_("Without a real reason"), unclear, None, _("Other, or agreed by both sides: set the real one; listed last")),
        (_("Pieces"), study.pieces, None, _("Pieces of these cases; price cuts have none")),
        *((_of(study, _("Refunded"), sum_.currency), None, sum_, refunds) for sum_ in study.refunded),
        (_("Returns"), sum(m.returns for m in months), None, _("Agreed returns of goods")),
        (_("Refunds before sending"), sum(m.unshipped for m in months), None, _("Refunded, and the goods never left")),
        (_("Quality refunds"), quality, None, _("Refunded for a quality reason")),
        (_("Orders paid"), study.paid_orders, None, _("Orders paid in the period: what rates are of")),
        *((_(_DATED_BY[name]), n, None, _(_WHY_DATED)) for name, n in study.dated_by.items() if name in _DATED_BY),
        (_("Paid, left out of rates"), study.undated, None, _("No file says when they were paid, sent or ordered")),
        (_("of them refunded"), refunded, None, rated),
    ]


def _rated(text: str, part: int, study: Study) -> str:
    share = rate(part, study.paid_orders)
    return text.format(rate="–" if share is None else f"{share / 100:.2f}%")


_DATED_BY = {"shipped_at": mark("of them by the day of sending"), "ordered_at": mark("of them by the day of ordering")}
_WHY_DATED = mark("Their platform's report has no time of payment")
_DEFINITIONS = (
    (mark("Reason that counts"), mark("Verified at inspection, else set by the agent, else stated by the buyer")),
    (mark("Shares"), mark("Rounded so that each column makes exactly 100.00%")),
    (mark("Refund rate of orders paid"), mark("Of the orders paid in a month, those refunded so far")),
    (mark("Return rate by pieces"), mark("Of the pieces sent on orders paid in the period, those in agreed returns")),
    (mark("at least, at most"), mark("Between them the true rate lies with 95% confidence, by Wilson's interval")),
    (mark("Sample"), mark("Fewer than 30 say too little: such rows are listed last")),
    (mark("Maturity"), mark("A month is mature once its last order is thirty days old; younger rates still rise")),
    (mark("Two bases"), mark("Trend: cases by the day of application; Refund rates: orders by the day of payment")),
    (mark("Exchange, resend, allowance"), mark("Count as cases, never as returns or in a refund rate")),
    (mark("Cases by product"), mark("A case with several products counts for each of them, so cases are not added up")),
)  # fmt: skip
