"""The reconciliation workbook: a month's money and goods, every difference named, and totals that add up."""

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from retcli.errors import RetcliError
from retcli.language import _, clauses, series
from retcli.rules.money.minor_units import POINTS, Money
from retcli.sheets.classes import agreed_by, class_words, ended_here, row_word, shop_word, to_do
from retcli.sheets.month import AWAY, NO_ORDER, Month, Movement
from retcli.sheets.month_notes import month_notes
from retcli.sheets.order_files import by_order_files
from retcli.sheets.owed import what_is_owed
from retcli.sheets.transfers import by_transfer
from retcli.sheets.writer import Column, Sheet, Value, table
from retcli.views.base import money_text
from retcli.views.casefile.findings import sentence
from retcli.words import platform_word, way_of_payment, word


def sheets(month: Month) -> list[Sheet]:
    """All sheets, the notes first. Raises RetcliError where totals and sheets do not agree."""
    summary, details, amends, goods = _summary(month), _details(month), _compensation(month), _goods_in(month)
    _agree(month, summary, details, amends, goods)
    beside = by_transfer(month.transfers), what_is_owed(month.owed), by_order_files(month.refunded_there)
    tables = [summary, details, _differences(month), amends, goods, *beside]
    return [month_notes(month, tables), *tables]


Columns = list[tuple[Column, Callable[[Any], Value]]]


def _details(month: Month) -> Sheet:
    printed: Columns = [
        (Column(_("Case no."), "id"), lambda m: m.case),
        (Column(_("Platform order no."), "id"), lambda m: m.order),
        (Column(_("Refund succeeded on"), "time"), lambda m: m.booked_at),
        (Column(_("Money kind")), lambda m: word(m.kind, "money")),
        (Column(_("Goods refunded"), "money", equals="goods"), lambda m: m.part("goods")),
        (Column(_("Freight refunded"), "money", equals="freight"), lambda m: m.part("freight")),
        (Column(_("Way back repaid"), "money", equals="way_back"), lambda m: m.part("way_back")),
        (Column(_("Compensation paid"), "money", equals="compensation"), lambda m: m.part("amends")),
        (Column(_("Beyond the order"), "money", equals="over", alarm=True), lambda m: m.part("over")),
        (Column(_("In all"), "money", equals="paid"), lambda m: m.cash),
        (Column(_("Decided by us"), "money", equals="own"), lambda m: m.own),
        (Column(_("Platform refunded"), "money", equals="platform"), lambda m: m.refunded),
        (Column(_("Difference"), "money", alarm=True, equals="difference"), lambda m: m.gap),
        (Column(_("Currency")), lambda m: "" if m.points is not None else m.currency),
        (Column(_("Matching"), width=20), lambda m: class_words(m.matching)),
    ]
    return table(_("Details"), [*printed, *_beside_details()], month.movements, detail=True, printed=len(printed))


def _beside_details() -> Columns:
    """The columns of the details that are for looking at on a screen."""
    return [
        (Column(_("Platform refund no."), "id"), lambda m: m.bill),
        (Column(_("Payment no."), "id"), lambda m: m.payment),
        (Column(_("Shop")), shop_word),
        (Column(_("Platform")), lambda m: platform_word(m.platform)),
        (Column(_("SKU"), "id"), lambda m: series(m.skus)),
        (Column(_("Pieces"), "count", total=False), lambda m: m.pieces or None),
        (Column(_("Kind")), lambda m: word(m.case_kind)),
        (Column(_("Reason that counts")), lambda m: word(m.reason)),
        (Column(_("At fault")), lambda m: word(m.fault)),
        (Column(_("Applied on"), "time"), lambda m: m.applied_at),
        (Column(_("Agreed on"), "time"), lambda m: m.agreed_at),
        (Column(_("Received on"), "time"), lambda m: m.received_at),
        (Column(_("Points"), "count"), lambda m: m.points),
        (Column(_("Method")), lambda m: way_of_payment(m.method, m.platform, m.currency)),
        (Column(_("Payout no."), "id"), lambda m: m.number),
        (Column(_("Request no."), "id"), lambda m: m.request),
        (Column(_("Payout state")), lambda m: word(m.state)),
        (Column(_("Decided by")), lambda m: m.decided_by),
        (Column(_("Approved by")), lambda m: m.approved_by),
        (Column(_("How it came about"), "line", 60), _derivation),
    ]


def _derivation(movement: Movement) -> str:
    steps = [f"{sentence(s.text, s.facts)} {money_text(Money(s.money, movement.currency))}" for s in movement.steps]
    remarks = [each.sentence() for each in (movement.remark, movement.at_once) if each]
    return clauses([*steps, *filter(None, remarks)])


Group = tuple[tuple[str, ...], list[tuple[Movement, Money]]]
"""What a row of the summary is about, and the money in it, each with the payout that it is or is a part of."""


def _summary(month: Month) -> Sheet:
    """Counts and sums by currency, shop, platform, what the money is, how it was paid, and its state."""
    groups: dict[tuple[str, ...], list[tuple[Movement, Money]]] = defaultdict(list)
    for m in month.movements:
        for kind, money in m.shares:
            groups[money.currency, m.shop, m.platform, kind, m.method, m.state].append((m, money))
    places = [*month.currencies, POINTS]
    columns: list[tuple[Column, Callable[[Group], Value]]] = [
        (Column(_("Shop")), lambda g: g[0][1] or platform_word(g[0][2])),
        (Column(_("Platform")), lambda g: platform_word(g[0][2])),
        (Column(_("Money kind")), lambda g: word(g[0][3], "money")),
        (Column(_("Method")), lambda g: way_of_payment(g[0][4], g[0][2], g[0][0])),
        (Column(_("Payout state")), lambda g: word(g[0][5])),
        (Column(_("Payouts"), "count"), lambda g: None if g[0][0] == POINTS else _payouts(g)),
        (Column(_("Amount"), "money", equals="paid"), _amount),
        (Column(_("Currency")), lambda g: "" if g[0][0] == POINTS else g[0][0]),
        (Column(_("Payouts of points"), "count"), lambda g: _payouts(g) if g[0][0] == POINTS else None),
        (Column(_("Points"), "count"), lambda g: sum(m.points or 0 for m, _money in g[1]) or None),
    ]
    return table(_("Summary"), columns, sorted(groups.items(), key=lambda g: (places.index(g[0][0]), g[0])))


def _payouts(group: Group) -> int:
    """How many payouts a group has; one of which only a part is in it counts where the rest of it is."""
    return sum(m.kind == group[0][3] for m, _money in group[1])


def _amount(group: Group) -> Money | None:
    """The money of a group of one currency; None of points."""
    currency = group[0][0]
    return None if currency == POINTS else Money(sum(money.minor for _m, money in group[1]), currency)


def _differences(month: Month) -> Sheet:
    printed: Columns = [
        (Column(_("Case no."), "id"), lambda g: g.case),
        (Column(_("Platform order no."), "id"), lambda g: g.order),
        (Column(_("Class"), width=30), row_word),
        (Column(_("Refunds"), "count"), lambda g: g.count or None),
        (Column(_("Decided by us"), "money", equals="own"), lambda g: g.ours or None),
        (Column(_("Platform refunded"), "money", equals="platform"), lambda g: g.platform or None),
        (
            Column(_("Difference"), "money", alarm=True, equals="difference"),
            lambda g: None if g.label == NO_ORDER else g.difference,
        ),
        (Column(_("Currency")), lambda g: g.currency or _("not known")),
        (Column(_("Unmatched, ours"), "money", equals="open_ours"), lambda g: g.open_ours or None),
        (Column(_("Unmatched, platform"), "money", equals="open_platform"), lambda g: g.open_platform or None),
        (Column(_("What to do"), width=36), to_do),
        (Column(_("Platform refund no."), "id"), lambda g: g.bill),
    ]
    beside: Columns = [
        (Column(_("Of it price protection"), "money", equals="protection"), lambda g: g.protection or None),
        (Column(_("Waits for its order"), "money", alarm=True, equals="waits_for_order"), lambda g: g.waits),
        (Column(_("Pieces not in"), "count"), lambda g: g.pieces_owed or None),
        (Column(_("Paid for them"), "money", equals="goods_not_in"), lambda g: g.goods_owed),
        (Column(_("Booked")), lambda g: _("carried over") if g.carried else _("this month")),
        (Column(_("Agreed there by")), agreed_by),
        (Column(_("Decided here")), ended_here),
        (Column(_("Shop")), shop_word),
        (Column(_("Since"), "time"), lambda g: g.since),
        (Column(_("Payout state at the export")), lambda g: word(g.state, "payout")),
    ]
    return table(_("Differences"), [*printed, *beside], month.gaps, detail=True, printed=len(printed))


def _compensation(month: Month) -> Sheet:
    printed: Columns = [
        (Column(_("Case no."), "id"), lambda m: m.case),
        (Column(_("Platform order no."), "id"), lambda m: m.order),
        (Column(_("Paid on"), "time"), lambda m: m.booked_at),
        (Column(_("Method")), lambda m: way_of_payment(m.method, m.platform, m.currency)),
        (Column(_("Amount"), "money", equals="compensation"), lambda m: m.part("amends")),
        (Column(_("Currency")), lambda m: "" if m.points is not None else m.currency),
        (Column(_("Points"), "count"), lambda m: m.points),
        (Column(_("Reason that counts")), lambda m: word(m.reason)),
        (Column(_("At fault")), lambda m: word(m.fault)),
        (Column(_("Why")), lambda m: m.why),
    ]
    beside: Columns = [
        (Column(_("Shop")), shop_word),
        (Column(_("Payout no."), "id"), lambda m: m.number),
        (Column(_("Payout state")), lambda m: word(m.state)),
        (Column(_("Decided by")), lambda m: m.decided_by),
        (Column(_("Approved by")), lambda m: m.approved_by),
    ]
    given = [m for m in month.movements if m.kind == "compensation" and m.money]
    return table(_("Compensation"), [*printed, *beside], given, detail=True, printed=len(printed))


def _goods_in(month: Month) -> Sheet:
    printed: Columns = [
        (Column(_("Parcel"), "id"), lambda g: g.parcel),
        (Column(_("Waybill"), "id"), lambda g: g.waybill),
        (Column(_("Case no."), "id"), lambda g: g.case),
        (Column(_("SKU"), "id"), lambda g: g.sku),
        (Column(_("Product")), lambda g: g.name),
        (Column(_("Pieces"), "count"), lambda g: g.pieces),
        (Column(_("Grade")), lambda g: word(g.grade)),
        (Column(_("Went to")), lambda g: word(g.disposition)),
        (Column(_("At cost"), "money", equals="at_cost"), lambda g: g.cost),
        (Column(_("Inspected on"), "time"), lambda g: g.at),
    ]
    beside: Columns = [
        (Column(_("Platform order no."), "id"), lambda g: g.order),
        (Column(_("Inspected by")), lambda g: g.by),
    ]
    return table(_("Goods in"), [*printed, *beside], month.goods, detail=True, printed=len(printed))


def _agree(month: Month, summary: Sheet, details: Sheet, amends: Sheet, goods: Sheet) -> None:
    """Compares the counts of every sheet with those that the database counted, and the matching with itself; money is
    compared column by column before the workbook is written.
    """
    payouts = sum(block.payouts for block in month.blocks)
    pairs: list[tuple[Sheet, Any, int]] = [
        (details, sum(m.cash is not None for m in month.movements), payouts),
        (details, sum(m.points is not None for m in month.movements), month.points_payouts),
        (details, details.sums()[_("Points")], month.points),
        (summary, summary.sums()[_("Payouts")], payouts),
        (summary, summary.sums()[_("Payouts of points")], month.points_payouts),
        (summary, summary.sums()[_("Points")], month.points),
        (amends, amends.sums()[_("Points")], month.points),
        (goods, goods.sums()[_("Pieces")], month.pieces_in),
    ]
    for sheet, written, due in pairs:
        if written != due:
            message = _("The sheet {name} does not add up: {found} instead of {due}")
            hint = _("Nothing was written; run retcli books check")
            raise RetcliError(message.format(name=sheet.name, found=written, due=due), hint, sheet=sheet.name)
    _agree_by_class(month)
    away = Counter(transfer.money.currency for transfer in month.transfers if transfer.stands == AWAY)
    if away != Counter({block.currency: block.sent[0] for block in month.blocks}):
        raise RetcliError(_("What was on its way does not add up"), _("Nothing was written; run retcli books check"))
    _agree_on_owed(month)
    for block in month.blocks:
        if sum(minor for _count, minor in block.afterwards.values()) != block.noted:
            raise RetcliError(_("What was written down afterwards does not add up by its classes"))
        for side, control in block.control.items():
            if not control.holds:
                raise RetcliError(_("The matching does not add up on the side {side}").format(side=side))


def _agree_on_owed(month: Month) -> None:
    """The rows of what is owed are as many as the database counted, each as it stands."""
    rows = Counter((row.money.currency, row.stands) for row in month.owed)
    counted = Counter[tuple[str, str]]()
    for block in month.blocks:
        for stands, (count, _minor) in block.owed.items():
            counted[block.currency, stands] += count
    if rows != counted:
        raise RetcliError(_("What is owed does not add up"), _("Nothing was written; run retcli books check"))


def _agree_by_class(month: Month) -> None:
    """Every refund counts in one class, and those that the platforms refunded in the month are as many as the database
    counted.
    """
    counted = Counter(gap.case for gap in month.gaps if gap.case and gap.count)
    twice = [case for case, count in counted.items() if count > 1]
    for block in month.blocks:
        reported = sum(gap.reported for gap in month.gaps if gap.currency == block.currency)
        if twice or reported != block.platform_count:
            message = _("The refunds by class do not add up: {found} instead of {due}")
            found = series(twice) or reported
            hint = _("Nothing was written; run retcli books check")
            raise RetcliError(message.format(found=found, due=block.platform_count), hint)
