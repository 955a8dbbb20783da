"""The notes of the reconciliation workbook: the month's totals, its refunds by class, and its definitions."""

from collections.abc import Iterator, Sequence

from retcli.language import _, aside, clauses, mark, series
from retcli.rules.money.minor_units import Money
from retcli.rules.money.reconciliation import BEYOND
from retcli.sheets.classes import (
    PART,
    SETTLED,
    TO_DO,
    about_goods,
    by_class,
    class_word,
    gap_word,
    remedy,
)
from retcli.sheets.month import GIVEN_BACK, NO_ORDER, OVER, Block, Gap, Month
from retcli.sheets.notes import Line, anchored, heading, notes_sheet
from retcli.sheets.order_files import ALONE
from retcli.sheets.writer import Sheet
from retcli.views.base import money_text, when
from retcli.words import word


def month_notes(month: Month, tables: Sequence[Sheet]) -> Sheet:
    """What the workbook is, its definitions, and the totals that the other sheets add up to."""
    unfinished = [_("not over yet, the numbers will change")] if month.made_at < month.period.end else []
    lines: list[Line] = [
        (_("Month"), None, None, clauses([month.month, *unfinished])),
        (_("Period"), None, None, f"{when(month.period.start)} – {when(month.period.end)} (Asia/Shanghai)"),
        (_("Shops"), None, None, series(month.shops)),
        (_("Made at"), None, None, when(month.made_at)),
        (_("Made by"), None, None, f"retcli {month.version}"),
        anchored(month.anchor),
        heading(_("Sheets")),
        *((table.name, len(table.rows), None, _("Rows without the total row")) for table in tables),
        *(line for block in month.blocks for line in _block(month, block)),
        heading(_("Definitions")),
        *((_(name), None, None, _(text)) for name, text in _DEFINITIONS),
    ]
    return notes_sheet(lines)


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
        heading(_("Refunds by class") + name),
        *_classes(month, block),
    ]


def _totals(month: Month, block: Block) -> Iterator[Line]:
    def line(name: str, count: int | None, minor: int, text: str) -> Line:
        return name, count, Money(minor, block.currency), text

    mine = [m for m in month.movements if m.cash and m.currency == block.currency]
    given = sum(m.kind == "compensation" for m in mine)
    amends = _(
        "Coupons at face value, transfers, price cuts of ours with which the goods stay; price protection of a platform"
        " is none"
    )
    everything = _("Payouts, of which a refund may have several: refunds, ways back, compensation, less reversals")
    yield line(_("Paid by us"), block.payouts, block.paid, clauses([everything, _("points are counted apart")]))
    yield line(_("of which compensation"), given, block.compensation, amends)
    if block.coupons[0]:
        yield line(_("of which coupons"), *block.coupons, _("Counted at face value: no money left for them"))
    yield from _written_down(block)
    if any(m.part(OVER) is not None for m in mine):
        beyond = [gap for gap in month.gaps if gap.label == BEYOND and gap.currency == block.currency]
        what = next((remedy(gap) for gap in beyond if not gap.settled), _(SETTLED[GIVEN_BACK]))
        text = _("Refunds that are nothing else are counted; a part of another counts with it. {what}")
        counted = sum(gap.count for gap in beyond)
        yield line(_("of which beyond the order: D4"), counted, block.over, text.format(what=what))
    yield line(_("Refunded by the platform"), block.platform_count, block.platform, _("By the refund reports"))
    if block.before_count:
        yield line(_("of which from before the books"), block.before_count, block.before, _since(month))
    yield from _without_orders(month, block)
    yield from _only_there(month, block)
    yield line(_("Decided by us and booked"), None, block.own, _("Our side of those refunds"))
    yield line(_("Matched"), block.matched_count, block.matched, _("Same refund, same amount, same month"))
    apart = _("Our side less the platform's, apart from what is from before the books: column Difference")
    yield line(_("Difference in all"), None, block.difference, apart)
    yield from _not_out(block)


def _not_out(block: Block) -> Iterator[Line]:
    """What had not left by the month's end: decided, and not decided yet by one who may."""
    unpaid = _("Decided, not paid at the month's end, not through the platform's refund; without points")
    yield _("Other payouts not out yet"), block.unpaid[0], Money(block.unpaid[1], block.currency), unpaid
    agreed = _("Owed at the month's end, and nobody has let it go: each in the sheet Owed; let it go with pay refund")
    yield _("Agreed to, in no payout yet"), block.agreed[0], Money(block.agreed[1], block.currency), agreed
    if block.awaits_goods[0]:
        goods = _("Agreed to, and due only once the goods are in: each in the sheet Owed")
        yield _("Waiting for goods"), block.awaits_goods[0], Money(block.awaits_goods[1], block.currency), goods
    if block.sent[0]:
        away = _("Sent by the month's end, not known to have arrived then: each in the sheet Transfers")
        yield _("Sent, not confirmed"), block.sent[0], Money(block.sent[1], block.currency), away
    if block.waiting[0]:
        waits = _("Decided by nobody with the leave for it yet; without points")
        yield _("Waiting for a second person"), block.waiting[0], Money(block.waiting[1], block.currency), waits


def _written_down(block: Block) -> Iterator[Line]:
    """What of our side's payouts the platform had paid first, or in place of ours, each class of refunds by itself."""
    for (label, let_go), (count, minor) in block.afterwards.items():
        name, text = (
            _("of which paid by the platform first: {sort}"),
            _("Written down afterwards as the platform paid it"),
        )
        if let_go:
            name, text = (
                _("of which paid by the platform otherwise: {sort}"),
                _("Another sum than was let go here before: what was written down as the platform paid it"),
            )
        # what stands for a payout of ours is not written down once more, so that this is neither all nor the difference
        said = [text, *([_("without what of ours it confirmed; not the difference")] if label == "D3" else [])]
        yield name.format(sort=class_word(label)), count, Money(minor, block.currency), clauses(said)


def _since(month: Month) -> str:
    """When the books were opened, for the shops of which that was in the month or after it."""
    late = {key: at for key, at in sorted(month.opened.items()) if at >= month.period.start}
    opened = series(f"{' '.join(filter(None, (word(key[0]), key[1])))} {when(at)}" for key, at in late.items())
    return _("Succeeded before the first file of its shop was imported here: {opened}").format(opened=opened)


def _without_orders(month: Month, block: Block) -> Iterator[Line]:
    """What went back by the refund reports on orders that have not come in; what is in a currency that nobody knows
    stands with the first one.
    """
    name = _("Refunds that wait for their order")
    text = _("Neither in what the platform refunded above nor in the difference: a row each in the sheet Differences")
    waiting = [gap for gap in month.gaps if gap.label == NO_ORDER]
    if mine := [gap for gap in waiting if gap.waits and gap.currency == block.currency]:
        yield name, len(mine), Money(block.waits_for_order, block.currency), clauses([text, _(TO_DO[NO_ORDER])])
    unknown = [gap for gap in waiting if not gap.waits]
    if unknown and block is month.blocks[0]:
        yield aside(name, _("amount or currency not known")), len(unknown), None, clauses([text, _(TO_DO[NO_ORDER])])


def _only_there(month: Month, block: Block) -> Iterator[Line]:
    """What went back by the platforms' order files alone, and how many of those orders have no amount."""
    orders = [order for order in month.refunded_there if order.paid.currency == block.currency]
    if not orders:
        return
    by_word = sum(order.there is None for order in orders)
    text = _("{n} of them without an amount: it is not known how much went back").format(n=by_word)
    what = clauses([_(ALONE), *([text] if by_word else [])])
    yield _("Refunded there, by order files alone"), len(orders), Money(block.there_alone, block.currency), what


def _counts(month: Month) -> list[Line]:
    """What is counted beside the money."""
    return [
        (_("Points given"), month.points, None, _("A number of points, in no amount of money")),
        (_("Payouts of points"), month.points_payouts, None, _("Not among the payouts above: points are no money")),
        (_("Pieces in"), month.pieces_in, None, _("Inspected in the month")),
    ]


def _control(block: Block) -> Iterator[Line]:
    names = {"opening": _("unmatched at the start"), "new": _("+ new in the month")}
    names |= {"matched": _("= matched in the month"), "closing": _("+ unmatched at the end")}
    for side, control in block.control.items():
        label = _("Our payouts") if side == "ours" else _("Platform refunds")
        for name, text in names.items():
            number, minor = getattr(control, name)
            what = _(_NEW_OF_OURS) if (side, name) == ("ours", "new") else ""
            yield f"{label} {text}", number, Money(minor, block.currency), what


_NEW_OF_OURS = mark(
    "Platform refunds alone, by when they were let go, arrived or not; Paid by us is all that arrived, transfers too"
)
"""How our side's entries differ from what was paid, which stands above them under nearly the same words."""


def _classes(month: Month, block: Block) -> Iterator[Line]:
    """How many refunds each class has and what our side less the platform's comes to, each refund in one of them;
    together all refunds and the difference in all. Then the flags that stand beside the class of a refund.
    """
    mine = [gap for gap in month.gaps if gap.currency == block.currency]
    classes = [gap for gap in mine if gap.label not in {"", NO_ORDER}]
    yield from (_class_line(gaps, block.currency) for gaps in by_class(classes))
    everything = _(
        "Each refund counts once; {n} of them are the platform's of the month, the others ours alone or carried"
    )
    told = everything.format(n=sum(gap.reported for gap in classes))
    apart = Money(sum(gap.difference.minor for gap in classes), block.currency)
    yield _("Refunds in all classes"), sum(gap.count for gap in classes), apart, told
    flagged = [gap for gap in mine if gap.goods_owed]
    if flagged:
        yield heading(_("Flags beside the classes"))
        owed = sum(gap.goods_owed.minor for gap in flagged if gap.goods_owed)
        yield word("D9"), len(flagged), Money(owed, block.currency), _(about_goods(flagged))


def _class_line(gaps: Sequence[Gap], currency: str) -> Line:
    """How many refunds of a class there are, and what our side less the platform's comes to."""
    first = gaps[0]
    name = aside(gap_word(first), _("carried over") if first.carried else "")
    apart = Money(sum(gap.difference.minor for gap in gaps), currency)
    count = sum(gap.count for gap in gaps)
    parts = [_(PART)] if first.label == BEYOND and count < len(gaps) else []
    left = Money(sum(gap.unmatched.minor for gap in gaps), currency)
    if first.label == "D3":
        parts += _both_ways(gaps, currency)
    if first.carried and left:
        parts.append(_("unmatched at the end: {money}").format(money=money_text(left)))
    return name, count, apart, clauses([remedy(first), *parts])


def _both_ways(gaps: Sequence[Gap], currency: str) -> Iterator[str]:
    """On how many refunds the platform paid less than was agreed to here, on how many more, and by how much in all:
    their sum alone would hide one behind the other.
    """
    texts = _("{n} paid less there, by {money}"), _("{n} paid more there, by {money}")
    for text, sign in zip(texts, (1, -1), strict=True):
        some = [gap.difference.minor * sign for gap in gaps if gap.difference.minor * sign > 0]
        if some:
            yield text.format(n=len(some), money=money_text(Money(sum(some), currency)))


_DEFINITIONS = (
    (
        mark("Booked when"),
        mark("What left: when it arrived or the refund succeeded; Beijing time, cut off at 24:00 of the last day"),
    ),
    (
        mark("Decided when"),
        mark("What has not left: from when it may be paid, so where a second person must agree, when they did"),
    ),
    (
        mark("Amounts"),
        mark("Positive went out, negative came back; each currency by itself; totals are values, not formulas"),
    ),
    (
        mark("Our side"),
        mark("What was agreed to here before it was paid; where nobody had, class D2; where other money was, D3"),
    ),
    (mark("Platform's side"), mark("The refund reports imported so far; payment channels' bills are not compared")),
    (
        mark("Since"),
        mark(
            "D1, D7, not yet paid: when we let it go; D2, D4, from before the books: when the platform's refund"
            " succeeded; D3, D5: the earlier of the two; goods alone not in: when it was paid"
        ),
    ),
    (mark("Unmatched"), mark("Entries whose sums on both sides did not agree yet at the month's end")),
    (
        mark("From before the books"),
        mark("Refunds that succeeded before the first file of their shop came: no difference, nothing to chase"),
    ),
    (mark("Goods not in"), mark("D9: pieces of refunded returns not accepted by the month's end, at what was paid")),
    (mark("Reason that counts"), mark("Verified at inspection, else set by the agent, else stated by the buyer")),
    (mark("At cost"), mark("Pieces times the product's cost, blank where it is not known")),
)
