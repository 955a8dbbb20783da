"""The reconciliation workbook: a month's money and goods, every difference named, and totals that add up."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from retcli.errors import RetcliError
from retcli.language import _, mark
from retcli.rules.money import POINTS, Money
from retcli.rules.payouts import BEYOND, MATCHED
from retcli.sheets.classes import (
    GOODS_NOT_IN,
    TO_DO,
    agreed_by,
    by_class,
    class_word,
    class_words,
    gap_word,
    remedy,
    to_do,
)
from retcli.sheets.month import OVER, Block, Gap, GoodsIn, Month, Movement
from retcli.sheets.order_files import ALONE, by_order_files
from retcli.sheets.writer import Column, Heading, Sheet, Value, table
from retcli.views.base import money_text, when
from retcli.views.findings import sentence
from retcli.views.words import word


def sheets(month: Month) -> list[Sheet]:
    """All sheets, the notes first. Raises RetcliError where totals and sheets do not agree."""
    summary, details, amends, goods = _summary(month), _details(month), _compensation(month), _goods_in(month)
    _agree(month, summary, details, amends, goods)
    tables = [summary, details, _differences(month), amends, goods, by_order_files(month.refunded_there)]
    return [_notes(month, tables), *tables]


Columns = list[tuple[Column, Callable[[Any], Value]]]


def _details(month: Month) -> Sheet:
    printed: Columns = [
        (Column(_("Case no."), "id"), lambda m: m.case),
        (Column(_("Platform order no."), "id"), lambda m: m.order),
        (Column(_("Refund succeeded on"), "time"), lambda m: m.booked_at),
        (Column(_("Money kind")), lambda m: kind_word(m.kind)),
        (Column(_("Goods refunded"), "money", equals="goods"), lambda m: m.part("goods")),
        (Column(_("Freight refunded"), "money", equals="freight"), lambda m: m.part("freight")),
        (Column(_("Way back repaid"), "money", equals="way_back"), lambda m: m.part("way_back")),
        (Column(_("Compensation paid"), "money", equals="compensation"), lambda m: m.part("amends")),
        (Column(_("Beyond the order"), "money", equals="over", alarm=True), lambda m: m.part("over")),
        (Column(_("In all"), "money", equals="paid"), lambda m: m.cash),
        (Column(_("Platform refunded"), "money", equals="platform"), lambda m: m.refunded),
        (Column(_("Difference"), "money", alarm=True, equals="difference"), lambda m: m.gap),
        (Column(_("Currency")), lambda m: "" if m.points is not None else m.currency),
        (Column(_("Matching"), width=24), lambda m: class_words(m.matching)),
    ]
    return table(_("Details"), [*printed, *_beside_details()], month.movements, detail=True, printed=len(printed))


def _beside_details() -> Columns:
    """The columns of the details that are for looking at on a screen."""
    return [
        (Column(_("Platform refund no."), "id"), lambda m: m.bill),
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
        (Column(_("Points"), "count"), lambda m: m.points),
        (Column(_("Method")), lambda m: word(m.method)),
        (Column(_("Payout no."), "id"), lambda m: m.number),
        (Column(_("Request no."), "id"), lambda m: m.request),
        (Column(_("Payout state")), lambda m: word(m.state)),
        (Column(_("Decided by")), lambda m: m.decided_by),
        (Column(_("Approved by")), lambda m: m.approved_by),
        (Column(_("How it came about"), width=60), _derivation),
    ]


def _derivation(movement: Movement) -> str:
    steps = [f"{sentence(s.text, s.facts)} {money_text(Money(s.money, movement.currency))}" for s in movement.steps]
    return "；".join([*steps, *([movement.remark] if movement.remark else [])])


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
        (Column(_("Shop")), lambda g: g[0][1]),
        (Column(_("Platform")), lambda g: word(g[0][2])),
        (Column(_("Money kind")), lambda g: kind_word(g[0][3])),
        (Column(_("Method")), lambda g: word(g[0][4])),
        (Column(_("Payout state")), lambda g: word(g[0][5])),
        (Column(_("Payouts"), "count"), lambda g: sum(m.kind == g[0][3] for m, _money in g[1])),
        (Column(_("Amount"), "money", equals="paid"), _amount),
        (Column(_("Currency")), lambda g: "" if g[0][0] == POINTS else g[0][0]),
        (Column(_("Points"), "count"), lambda g: sum(m.points or 0 for m, _money in g[1]) or None),
    ]
    return table(_("Summary"), columns, sorted(groups.items(), key=lambda g: (places.index(g[0][0]), g[0])))


def kind_word(kind: str) -> str:
    """The word for what a payout's money is."""
    return _("beyond the order") if kind == OVER else word(kind)


def _amount(group: Group) -> Money | None:
    """The money of a group of one currency; None of points."""
    currency = group[0][0]
    return None if currency == POINTS else Money(sum(money.minor for _m, money in group[1]), currency)


def _differences(month: Month) -> Sheet:
    printed: Columns = [
        (Column(_("Case no."), "id"), lambda g: g.case),
        (Column(_("Class"), width=30), lambda g: class_word(g.label)),
        (Column(_("Agreed there by")), agreed_by),
        (Column(_("Refunds"), "count", total=False), lambda g: g.count),
        (Column(_("Booked")), lambda g: _("carried over") if g.carried else _("this month")),
        (Column(_("Decided by us"), "money", equals="own"), lambda g: g.ours or None),
        (Column(_("Platform refunded"), "money", equals="platform"), lambda g: g.platform or None),
        (Column(_("Difference"), "money", alarm=True, equals="difference"), lambda g: g.ours - g.platform),
        (Column(_("Currency")), lambda g: g.currency),
        (Column(_("Pieces not in"), "count"), lambda g: g.pieces_owed or None),
        (Column(_("Paid for them"), "money", equals="goods_not_in"), lambda g: g.goods_owed),
        (Column(_("What to do"), width=40), to_do),
    ]
    beside: Columns = [
        (Column(_("Unmatched, ours"), "money", equals="open_ours"), lambda g: g.open_ours or None),
        (Column(_("Unmatched, platform"), "money", equals="open_platform"), lambda g: g.open_platform or None),
        (Column(_("Platform order no."), "id"), lambda g: g.order),
        (Column(_("Platform refund no."), "id"), lambda g: g.bill),
        (Column(_("Shop")), lambda g: g.shop),
        (Column(_("Since"), "time"), lambda g: g.since),
        (Column(_("Payout state")), lambda g: word(g.state)),
    ]
    return table(_("Differences"), [*printed, *beside], month.gaps, detail=True, printed=len(printed))


def _compensation(month: Month) -> Sheet:
    columns: list[tuple[Column, Callable[[Movement], Value]]] = [
        (Column(_("Case no."), "id"), lambda m: m.case),
        (Column(_("Platform order no."), "id"), lambda m: m.order),
        (Column(_("Shop")), lambda m: m.shop),
        (Column(_("Paid on"), "time"), lambda m: m.booked_at),
        (Column(_("Method")), lambda m: word(m.method)),
        (Column(_("Amount"), "money", equals="compensation"), lambda m: m.part("amends")),
        (Column(_("Currency")), lambda m: "" if m.points is not None else m.currency),
        (Column(_("Points"), "count"), lambda m: m.points),
        (Column(_("Reason that counts")), lambda m: word(m.reason)),
        (Column(_("At fault")), lambda m: word(m.fault)),
        (Column(_("Payout no."), "id"), lambda m: m.number),
        (Column(_("Payout state")), lambda m: word(m.state)),
        (Column(_("Decided by")), lambda m: m.decided_by),
        (Column(_("Approved by")), lambda m: m.approved_by),
        (Column(_("Why")), lambda m: m.remark),
    ]
    return table(
        _("Compensation"), columns, [m for m in month.movements if m.kind == "compensation" and m.money], detail=True
    )


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
        (Column(_("At cost"), "money", equals="at_cost"), lambda g: g.cost),
    ]
    return table(_("Goods in"), columns, month.goods, detail=True)


def _agree(month: Month, summary: Sheet, details: Sheet, amends: Sheet, goods: Sheet) -> None:
    """Compares the counts of every sheet with those that the database counted, and the matching with itself; money is
    compared column by column before the workbook is written.
    """
    payouts = sum(block.payouts for block in month.blocks)
    points = sum(m.points is not None for m in month.movements)
    pairs: list[tuple[Sheet, Any, int]] = [
        (details, sum(m.money is not None for m in month.movements) - points, payouts),
        (details, details.sums()[_("Points")], month.points),
        (summary, summary.sums()[_("Payouts")], payouts + points),
        (summary, summary.sums()[_("Points")], month.points),
        (amends, amends.sums()[_("Points")], month.points),
        (goods, goods.sums()[_("Pieces")], month.pieces_in),
    ]
    for sheet, written, due in pairs:
        if written != due:
            message = _("The sheet {name} does not add up: {found} instead of {due}")
            hint = _("Nothing was written; run retcli books check")
            raise RetcliError(message.format(name=sheet.name, found=written, due=due), hint, sheet=sheet.name)
    for block in month.blocks:
        if sum(block.afterwards.values()) != block.noted:
            raise RetcliError(_("What was written down afterwards does not add up by its classes"))
        for side, control in block.control.items():
            if not control.holds:
                raise RetcliError(_("The matching does not add up on the side {side}").format(side=side))


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
        anchored(month.anchor),
        heading(_("Sheets")),
        *((made.name, len(made.rows), None, _("Rows without the total row")) for made in tables),
        *(line for block in month.blocks for line in _block(month, block)),
        heading(_("Definitions")),
        *((_(name), None, None, _(text)) for name, text in _DEFINITIONS),
    ]
    return notes_sheet(lines)


def anchored(anchor: str) -> Line:
    """The last event of the books that a workbook was made from, so that it shows when their end is cut off later."""
    text = _("{anchor}; whether the books still have it says: retcli books check {anchor}")
    return _("Last event of the books"), None, None, text.format(anchor=anchor)


def heading(text: str) -> Line:
    """A line that heads those below it."""
    return Heading(text), None, None, ""


def notes_sheet(lines: Sequence[Line]) -> Sheet:
    """The first sheet of a workbook."""
    columns = (Column(_("Item"), width=34), Column(_("Count"), "count", 10), Column(_("Amount"), "money", 16))
    explained = Column(_("Explanation"), width=64)
    return Sheet(_("Notes"), (*columns, explained), lines, total=False, filtered=False)


def _block(month: Month, block: Block) -> list[Line]:
    """The notes on the month's money in one currency."""
    name = f" {block.currency}" if len(month.blocks) > 1 else ""
    first = block is month.blocks[0]
    return [
        heading(_("Totals") + name),
        *_totals(month, block),
        *(_counts(month) if first else ()),
        heading(_("Matching of platform refunds") + name),
        *_control(block),
        heading(_("Differences by class") + name),
        *_classes(month, block),
    ]


def _totals(month: Month, block: Block) -> Iterator[Line]:
    def line(name: str, count: int | None, minor: int, text: str) -> Line:
        return name, count, Money(minor, block.currency), text

    mine = [m for m in month.movements if m.cash and m.currency == block.currency]
    given = sum(m.kind == "compensation" for m in mine)
    amends = _("Coupons at face value, transfers, price cuts with which the goods stay")
    everything = _("All of Details: refunds, ways back, compensation, less reversals")
    yield line(_("Paid by us"), block.payouts, block.paid, everything)
    yield line(_("of which compensation"), given, block.compensation, amends)
    yield from _written_down(block)
    over = sum(m.part(OVER) is not None for m in mine)
    if over:
        yield line(_("of which beyond the order: D4"), over, block.over, _(TO_DO[BEYOND]))
    yield line(_("Refunded by the platform"), block.platform_count, block.platform, _("By the refund reports"))
    only_there = sum(order.there.currency == block.currency for order in month.refunded_there)
    if only_there:
        yield line(_("Refunded there, by order files alone"), only_there, block.there_alone, _(ALONE))
    yield line(_("Decided by us and booked"), None, block.own, _("Our side of those refunds"))
    yield line(_("Matched"), block.matched_count, block.matched, _("Same refund, same amount, same month"))
    apart = _("Our side less the platform's: column Difference")
    yield line(_("Difference in all"), None, block.own - block.platform, apart)
    yield from _not_out(block)


def _not_out(block: Block) -> Iterator[Line]:
    """What had not left by the month's end: decided, and not decided yet by one who may."""
    unpaid = _("Decided, not paid at the month's end, not through the platform's refund; without points")
    yield _("Other payouts not out yet"), block.unpaid[0], Money(block.unpaid[1], block.currency), unpaid
    if block.waiting[0]:
        waits = _("Decided by nobody with the leave for it yet; without points")
        yield _("Waiting for a second person"), block.waiting[0], Money(block.waiting[1], block.currency), waits


def _written_down(block: Block) -> Iterator[Line]:
    """What of our side's payouts the platform had paid first, each class of refunds by itself."""
    name, text = _("of which paid by the platform first: {sort}"), _("Written down afterwards as the platform paid it")
    for label, minor in block.afterwards.items():
        yield name.format(sort=class_word(label)), None, Money(minor, block.currency), text


def _counts(month: Month) -> list[Line]:
    """What is counted beside the money."""
    return [
        (_("Points given"), month.points, None, _("A number of points, in no amount of money")),
        (_("Pieces in"), month.pieces_in, None, _("Inspected in the month")),
    ]


def _control(block: Block) -> Iterator[Line]:
    names = {"opening": _("unmatched at the start"), "new": _("+ new in the month")}
    names |= {"matched": _("= matched in the month"), "closing": _("+ unmatched at the end")}
    for side, control in block.control.items():
        label = _("Our payouts") if side == "ours" else _("Platform refunds")
        for name, text in names.items():
            number, minor = getattr(control, name)
            yield f"{label} {text}", number, Money(minor, block.currency), ""


def _classes(month: Month, block: Block) -> Iterator[Line]:
    """How many refunds are in each class of difference and what our side less the platform's comes to, together the
    difference in all; then the flags that stand beside the class of a refund, matched or not.
    """
    mine = [gap for gap in month.gaps if gap.currency == block.currency and gap.label not in {"", MATCHED}]
    if not mine:
        yield _("No differences"), 0, None, ""
    yield from (_class_line(gaps, block.currency) for gaps in by_class(mine))
    owed = [gap.goods_owed.minor for gap in month.gaps if gap.goods_owed and gap.currency == block.currency]
    if owed:
        yield heading(_("Flags beside the classes"))
        yield word("D9"), len(owed), Money(sum(owed), block.currency), _(GOODS_NOT_IN)


def _class_line(gaps: Sequence[Gap], currency: str) -> Line:
    """How many refunds of a class there are, and what our side less the platform's comes to."""
    first = gaps[0]
    name = gap_word(first) + (f"（{_('carried over')}）" if first.carried else "")
    apart = Money(sum(gap.ours.minor - gap.platform.minor for gap in gaps), currency)
    return name, sum(gap.count for gap in gaps), apart, remedy(first)


_DEFINITIONS = (
    (mark("Booked when"), mark("On the day the refund succeeded, Beijing time, cut off at 24:00 of the last day")),
    (
        mark("Amounts"),
        mark("Positive went out, negative came back; each currency by itself; totals are values, not formulas"),
    ),
    (mark("Our side"), mark("Refunds decided here; a refund that the platform paid first is class D2")),
    (mark("Platform's side"), mark("The refund reports imported so far; payment channels' bills are not compared")),
    (mark("Unmatched"), mark("Entries whose sums on both sides did not agree yet at the month's end")),
    (mark("Goods not in"), mark("D9: pieces of refunded returns not accepted by the month's end, at what was paid")),
    (mark("Reason that counts"), mark("Verified at inspection, else set by the agent, else stated by the buyer")),
    (mark("At cost"), mark("Pieces times the product's cost, blank where it is not known")),
)
