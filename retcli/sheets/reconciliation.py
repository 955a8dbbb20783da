"""The reconciliation workbook: a month's money and goods, every difference named, and totals that add up."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from retcli.errors import RetcliError
from retcli.language import _, mark
from retcli.rules.money import Money
from retcli.sheets.month import Gap, GoodsIn, Month, Movement
from retcli.sheets.writer import Column, Heading, Sheet, Value, table
from retcli.views.base import money_text, when
from retcli.views.findings import sentence
from retcli.views.words import word

TO_DO = {
    "D1": mark("See on the platform whether the refund was clicked, then import the next refund report"),
    "D2": mark("See who agreed on the platform; it was written down afterwards, pay nothing"),
    "D3": mark("Compare how the amount came about with the platform's, and put the payout right"),
    "D5": mark("Nothing: decided or paid in another month, carried over"),
    "D7": mark("Bring the payout's state into line: confirm, fail or reverse it"),
    "D9": mark("Ask the buyer or the carrier for the goods, or inspect what arrived"),
    "open": mark("Decided, not paid by the month's end: carried to the next month"),
}
MATCHINGS = {"open": mark("not yet paid, carried over"), "": mark("not a platform refund")}


def class_word(label: str) -> str:
    """The word for a class of difference."""
    return _(MATCHINGS[label]) if label in MATCHINGS else word(label)


def sheets(month: Month) -> list[Sheet]:
    """All sheets, the notes first. Raises RetcliError where totals and sheets do not agree."""
    tables = [_summary(month), _details(month), _differences(month), _compensation(month), _goods_in(month)]
    _agree(month, *tables)
    return [_notes(month, tables), *tables]


def _details(month: Month) -> Sheet:
    columns: list[tuple[Column, Callable[[Movement], Value]]] = [
        (Column(_("Case no."), "id"), lambda m: m.case),
        (Column(_("Platform refund no."), "id"), lambda m: m.bill),
        (Column(_("Platform order no."), "id"), lambda m: m.order),
        (Column(_("Shop")), lambda m: m.shop),
        (Column(_("Platform")), lambda m: word(m.platform)),
        (Column(_("SKU"), "id"), lambda m: "、".join(m.skus)),
        (Column(_("Pieces"), "count", total=False), lambda m: m.pieces or None),
        (Column(_("Kind")), lambda m: word(m.case_kind)),
        (Column(_("Reason that counts")), lambda m: word(m.reason)),
        (Column(_("At fault")), lambda m: word(m.fault)),
        (Column(_("Applied on"), "time"), lambda m: m.applied_at),
        (Column(_("Agreed on"), "time"), lambda m: m.agreed_at),
        (Column(_("Received on"), "time"), lambda m: m.received_at),
        (Column(_("Refund succeeded on"), "time"), lambda m: m.booked_at),
        (Column(_("Goods refunded"), "money"), lambda m: m.part("goods")),
        (Column(_("Freight refunded"), "money"), lambda m: m.part("freight")),
        (Column(_("Way back repaid"), "money"), lambda m: m.part("way_back")),
        (Column(_("Compensation paid"), "money"), lambda m: m.part("amends")),
        (Column(_("In all"), "money"), lambda m: m.cash),
        (Column(_("Points"), "count"), lambda m: m.points),
        (Column(_("Currency")), lambda m: "" if m.cash is None else m.money.currency),
        (Column(_("Money kind")), lambda m: word(m.kind)),
        (Column(_("Method")), lambda m: word(m.method)),
        (Column(_("Payout no."), "id"), lambda m: m.number),
        (Column(_("Request no."), "id"), lambda m: m.request),
        (Column(_("Payout state")), lambda m: word(m.state)),
        (Column(_("Platform refunded"), "money"), lambda m: m.refunded),
        (Column(_("Matching")), lambda m: class_word(m.matching)),
        (Column(_("Difference"), "money", alarm=True), lambda m: m.gap),
        (Column(_("Decided by")), lambda m: m.decided_by),
        (Column(_("Approved by")), lambda m: m.approved_by),
        (Column(_("How it came about"), width=60), _derivation),
    ]
    return table(_("Details"), columns, month.movements, detail=True)


def _derivation(movement: Movement) -> str:
    currency = movement.money.currency if movement.cash is not None else "CNY"
    steps = [f"{sentence(s.text, s.facts)} {money_text(Money(s.money, currency))}" for s in movement.steps]
    return "；".join([*steps, *([movement.remark] if movement.remark else [])])


Group = tuple[tuple[str, ...], list[Movement]]


def _summary(month: Month) -> Sheet:
    """Counts and sums by shop, platform, what the money is, how it was paid, and its state."""
    groups: dict[tuple[str, ...], list[Movement]] = defaultdict(list)
    for m in month.movements:
        groups[m.shop, m.platform, m.kind, m.method, m.state].append(m)
    columns: list[tuple[Column, Callable[[Group], Value]]] = [
        (Column(_("Shop")), lambda g: g[0][0]),
        (Column(_("Platform")), lambda g: word(g[0][1])),
        (Column(_("Money kind")), lambda g: word(g[0][2])),
        (Column(_("Method")), lambda g: word(g[0][3])),
        (Column(_("Payout state")), lambda g: word(g[0][4])),
        (Column(_("Payouts"), "count"), lambda g: len(g[1])),
        (Column(_("Amount"), "money"), lambda g: Money(sum(m.cash.minor for m in g[1] if m.cash), month.currency)),
        (Column(_("Points"), "count"), lambda g: sum(m.points or 0 for m in g[1]) or None),
    ]
    return table(_("Summary"), columns, sorted(groups.items(), key=lambda group: group[0]))


def _differences(month: Month) -> Sheet:
    columns: list[tuple[Column, Callable[[Gap], Value]]] = [
        (Column(_("Case no."), "id"), lambda g: g.case),
        (Column(_("Class"), width=32), lambda g: class_word(g.label)),
        (Column(_("Booked")), lambda g: _("carried over") if g.carried else _("this month")),
        (Column(_("Platform refund no."), "id"), lambda g: g.bill),
        (Column(_("Platform order no."), "id"), lambda g: g.order),
        (Column(_("Shop")), lambda g: g.shop),
        (Column(_("Since"), "time"), lambda g: g.since),
        (Column(_("Decided by us"), "money"), lambda g: g.ours or None),
        (Column(_("Platform refunded"), "money"), lambda g: g.platform or None),
        (Column(_("Difference"), "money", alarm=True), lambda g: g.ours - g.platform),
        (Column(_("Money concerned"), "money"), lambda g: g.about),
        (Column(_("Unmatched, ours"), "money"), lambda g: g.open_ours or None),
        (Column(_("Unmatched, platform"), "money"), lambda g: g.open_platform or None),
        (Column(_("Pieces not in"), "count"), lambda g: g.pieces_owed or None),
        (Column(_("Payout state")), lambda g: word(g.state)),
        (Column(_("What to do"), width=44), lambda g: _(TO_DO[g.label])),
    ]
    return table(_("Differences"), columns, month.gaps, detail=True)


def _compensation(month: Month) -> Sheet:
    columns: list[tuple[Column, Callable[[Movement], Value]]] = [
        (Column(_("Case no."), "id"), lambda m: m.case),
        (Column(_("Platform order no."), "id"), lambda m: m.order),
        (Column(_("Shop")), lambda m: m.shop),
        (Column(_("Paid on"), "time"), lambda m: m.booked_at),
        (Column(_("Method")), lambda m: word(m.method)),
        (Column(_("Amount"), "money"), lambda m: m.cash),
        (Column(_("Points"), "count"), lambda m: m.points),
        (Column(_("Reason that counts")), lambda m: word(m.reason)),
        (Column(_("At fault")), lambda m: word(m.fault)),
        (Column(_("Payout no."), "id"), lambda m: m.number),
        (Column(_("Payout state")), lambda m: word(m.state)),
        (Column(_("Decided by")), lambda m: m.decided_by),
        (Column(_("Approved by")), lambda m: m.approved_by),
        (Column(_("Why")), lambda m: m.remark),
    ]
    return table(_("Compensation"), columns, [m for m in month.movements if m.kind == "compensation"], detail=True)


def _goods_in(month: Month) -> Sheet:
    columns: list[tuple[Column, Callable[[GoodsIn], Value]]] = [
        (Column(_("Parcel"), "id"), lambda g: g.parcel),
        (Column(_("Waybill"), "id"), lambda g: g.waybill),
        (Column(_("Case no."), "id"), lambda g: g.case),
        (Column(_("Platform order no."), "id"), lambda g: g.order),
        (Column(_("SKU"), "id"), lambda g: g.sku),
        (Column(_("Product")), lambda g: g.name),
        (Column(_("Pieces"), "count"), lambda g: g.pieces),
        (Column(_("Grade")), lambda g: word(g.grade)),
        (Column(_("Went to")), lambda g: word(g.disposition)),
        (Column(_("Inspected on"), "time"), lambda g: g.at),
        (Column(_("Inspected by")), lambda g: g.by),
        (Column(_("At cost"), "money"), lambda g: g.cost),
    ]
    return table(_("Goods in"), columns, month.goods, detail=True)


def _agree(month: Month, summary: Sheet, details: Sheet, differences: Sheet, amends: Sheet, goods: Sheet) -> None:
    """Compares every sheet with the totals that the database summed, and the matching with itself."""
    t, gaps, moved = month.totals, differences.sums(), details.sums()
    by_purpose = (_("Goods refunded"), _("Freight refunded"), _("Way back repaid"), _("Compensation paid"))
    pairs: list[tuple[Sheet, Any, int]] = [
        (details, len(details.rows), t.movements),
        (details, _minor(moved[_("In all")]), t.paid),
        (details, sum(_minor(moved[title]) for title in by_purpose), t.paid),
        (details, moved[_("Points")], t.points),
        (summary, summary.sums()[_("Payouts")], t.movements),
        (summary, _minor(summary.sums()[_("Amount")]), t.paid),
        (summary, summary.sums()[_("Points")], t.points),
        (amends, _minor(amends.sums()[_("Amount")]), t.compensation),
        (amends, amends.sums()[_("Points")], t.points),
        (goods, goods.sums()[_("Pieces")], t.pieces_in),
        (differences, _minor(gaps[_("Decided by us")]) + t.matched, t.own),
        (differences, _minor(gaps[_("Platform refunded")]) + t.matched, t.platform),
        (differences, _minor(gaps[_("Unmatched, ours")]), month.control["ours"].closing[1]),
        (differences, _minor(gaps[_("Unmatched, platform")]), month.control["platform"].closing[1]),
    ]
    for sheet, found, due in pairs:
        if found != due:
            message = _("The sheet {name} does not add up: {found} instead of {due}")
            hint = _("Nothing was written; run retcli books check")
            raise RetcliError(message.format(name=sheet.name, found=found, due=due), hint, sheet=sheet.name)
    for side, control in month.control.items():
        if not control.holds:
            raise RetcliError(_("The matching does not add up on the side {side}").format(side=side))


def _minor(total: Value) -> int:
    return total.minor if isinstance(total, Money) else 0


Line = tuple[str, int | None, Money | None, str]
"""A line of the notes: what, count, money, explanation."""


def _notes(month: Month, tables: Sequence[Sheet]) -> Sheet:
    """What the workbook is, its definitions, and the totals that the other sheets add up to."""
    unfinished = "；" + _("not over yet, the numbers will change") if month.made_at < month.period.end else ""
    lines: list[Line] = [
        (_("Month"), None, None, month.month + unfinished),
        (_("Period"), None, None, f"{when(month.period.start)} – {when(month.period.end)} (Asia/Shanghai)"),
        (_("Shops"), None, None, "、".join(month.shops)),
        (_("Made at"), None, None, when(month.made_at)),
        (_("Made by"), None, None, f"retcli {month.version}"),
        heading(_("Sheets")),
        *((made.name, len(made.rows), None, _("Rows without the total row")) for made in tables),
        heading(_("Totals")),
        *_totals(month),
        heading(_("Matching of platform refunds")),
        *_control(month),
        heading(_("Differences by class")),
        *_classes(month),
        heading(_("Definitions")),
        *((_(name), None, None, _(text)) for name, text in _DEFINITIONS),
    ]
    return notes_sheet(lines)


def heading(text: str) -> Line:
    """A line that heads those below it."""
    return Heading(text), None, None, ""


def notes_sheet(lines: Sequence[Line]) -> Sheet:
    """The first sheet of a workbook."""
    columns = (Column(_("Item"), width=34), Column(_("Count"), "count", 10), Column(_("Amount"), "money", 16))
    explained = Column(_("Explanation"), width=64)
    return Sheet(_("Notes"), (*columns, explained), lines, total=False, filtered=False)


def _totals(month: Month) -> list[Line]:
    t = month.totals

    def money(minor: int) -> Money:
        return Money(minor, month.currency)

    given = sum(m.kind == "compensation" and m.cash is not None for m in month.movements)
    in_details = _("All of Details: refunds, ways back, compensation, less reversals")
    unpaid = _("Decided, not paid at the month's end, not through the platform's refund; without points")
    return [
        (_("Paid by us"), t.movements, money(t.paid), in_details),
        (_("of which compensation"), given, money(t.compensation), _("Coupons at face value, and transfers")),
        (_("of which written down afterwards"), None, money(t.noted), _("Paid by the platform first: D2")),
        (_("Points given"), t.points, None, _("A number of points, in no amount of money")),
        (_("Refunded by the platform"), t.platform_count, money(t.platform), _("By the refund reports")),
        (_("Decided by us and booked"), None, money(t.own), _("Our side of those refunds")),
        (_("Matched"), t.matched_count, money(t.matched), _("Same refund, same amount, same month")),
        (_("Difference in all"), None, money(t.own - t.platform), _("Our side less the platform's: column Difference")),
        (_("Other payouts not out yet"), month.unpaid[0], money(month.unpaid[1]), unpaid),
        (_("Pieces in"), t.pieces_in, None, _("Inspected in the month")),
    ]


def _control(month: Month) -> Iterator[Line]:
    names = {"opening": _("unmatched at the start"), "new": _("+ new in the month")}
    names |= {"matched": _("= matched in the month"), "closing": _("+ unmatched at the end")}
    for side, control in month.control.items():
        label = _("Our payouts") if side == "ours" else _("Platform refunds")
        for name, text in names.items():
            number, minor = getattr(control, name)
            yield f"{label} {text}", number, Money(minor, month.currency), ""


def _classes(month: Month) -> Iterator[Line]:
    if not month.gaps:
        yield _("No differences"), 0, None, ""
    for label, todo in TO_DO.items():
        for carried in (False, True):
            found = [gap for gap in month.gaps if gap.label == label and gap.carried == carried]
            if found:
                name = class_word(label) + (f"（{_('carried over')}）" if carried else "")
                yield name, len(found), Money(sum(gap.about.minor for gap in found), month.currency), _(todo)


_DEFINITIONS = (
    (mark("Booked when"), mark("On the day the refund succeeded, Beijing time, cut off at 24:00 of the last day")),
    (mark("Amounts"), mark("In yuan: positive went out, negative came back; totals are values, not formulas")),
    (mark("Our side"), mark("Refunds decided here; a refund that the platform paid first is class D2")),
    (mark("Platform's side"), mark("The refund reports imported so far; payment channels' bills are not compared")),
    (mark("Unmatched"), mark("Entries whose sums on both sides did not agree yet at the month's end")),
    (mark("Goods not in"), mark("D9: pieces of refunded returns not accepted by the month's end, at what was paid")),
    (mark("Reason that counts"), mark("Verified at inspection, else set by the agent, else stated by the buyer")),
    (mark("At cost"), mark("Pieces times the product's cost, blank where it is not known")),
)
