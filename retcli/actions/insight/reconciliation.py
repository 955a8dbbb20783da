"""Gathers a month's money and goods from the books, and matches its refunds with what the platforms refunded."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli import __version__
from retcli.actions.books import history
from retcli.actions.casefile.records.clicked_payouts import was_clicked
from retcli.actions.insight.booked import (
    Original,
    beyond,
    clicked_before,
    decided_here,
    entered_before,
    from_before,
    left_for_route,
    off_route,
    over_of,
    own_minor,
    signed_at,
    whole,
    within,
)
from retcli.actions.insight.clicked_and_closed import closed_after_click
from retcli.actions.insight.gave_way import tell_earlier
from retcli.actions.insight.goods_owed import goods_owed
from retcli.actions.insight.month_totals import blocks, pieces_in, points, points_payouts
from retcli.actions.insight.movements import Matter, goods_in, movements
from retcli.actions.insight.order_file_refunds import refunded_beyond_books
from retcli.actions.insight.owed import owed
from retcli.actions.insight.transfers import transfers
from retcli.actions.insight.without_orders import refunds_without_orders
from retcli.actions.orderfile.openings import OPENED, opened_for
from retcli.actions.orderfile.order_standing import shops_with_orders
from retcli.models import Case, Order, Payout
from retcli.models.register import Escalation
from retcli.rules.cases.register import Entry
from retcli.rules.lifecycles import CLICKED, PayoutState
from retcli.rules.money import payouts as rules
from retcli.rules.money.agreed_there import agreed_there
from retcli.rules.money.minor_units import Money, in_order
from retcli.rules.money.payouts import BEFORE, BEYOND, MATCHED, NOT_LET_GO, REFUND, UNDONE, OwnPayout, PlatformRefund
from retcli.rules.periods import Period
from retcli.sheets.month import BESIDE, CLEARED, GIVEN_BACK, MORE_CAME_BACK, TAKEN_BACK, Gap, Month
from retcli.shop import Shop
from retcli.words import word


def month_of_books(shop: Shop, written: str) -> Month:
    """Everything of a month (``2026-11``) for its workbook: movements, differences, goods, totals."""
    period = Period.month(written)
    matters = _matters(shop, period)
    for matter in matters.values():  # before any row is made: rows show the class of their refund
        judge(matter, period)
    openings = shop.session.execute(sa.select(OPENED.c.platform, OPENED.c.shop, OPENED.c.at))
    opened = {(row.platform, row.shop): row.at for row in openings if row.at is not None}
    return Month(
        month=written,
        period=period,
        made_at=shop.now,
        version=__version__,
        anchor=history.anchor(shop),
        shops=shops_of(shop),
        opened=opened,
        movements=movements(shop, period, matters),
        gaps=[
            *gap_rows(matters, goods_owed(shop, period), period, closed_after_click(shop, period)),
            *refunds_without_orders(shop, period),
        ],
        goods=goods_in(shop, period),
        refunded_there=refunded_beyond_books(shop, period),
        transfers=transfers(shop, period),
        owed=owed(shop, period),
        blocks=blocks(shop, period, matters),
        points=points(shop, period),
        points_payouts=points_payouts(shop, period),
        pieces_in=pieces_in(shop, period),
    )


def shops_of(shop: Shop) -> tuple[str, ...]:
    """The shops whose orders are in the books; one that nobody named by its platform."""
    return tuple(sorted({name or word(platform) for platform, name in shops_with_orders(shop)}))


def _matters(shop: Shop, period: Period) -> dict[int, Matter]:
    """The refunds through platforms that a month is about, with both sides, by case id."""
    # asked for within each query: as a list of ids a month may have more of them than a statement takes parameters
    concerned = _concerned(period).subquery()
    matters = {row.case_id: _matter(row) for row in shop.session.execute(_refunds_there(period, concerned))}
    for case_id, payout in _payouts(shop, period, concerned):
        if case_id in matters:
            matters[case_id].ours.append(payout)
    for case_id, minor in _beside(shop, concerned):
        if case_id in matters:
            matters[case_id].beside = int(minor)
    tell_earlier(shop, matters, concerned)
    return matters


def _refunds_there(period: Period, concerned: Any) -> Any:
    """A query of some cases with what the platform says of their refunds, a named column for each fact."""
    over = beyond(period)
    by_platform = sa.case((col(Case.decided_as) == "platform", col(Case.overruled)), else_="")
    columns: dict[str, Any] = {
        "case_id": col(Case.id),
        "number": col(Case.number),
        "bill": col(Case.platform_number),
        "minor": col(Case.platform_amount),
        "succeeded_at": col(Case.platform_succeeded_at),
        "state": col(Case.platform_state),
        "agreed": left_for_route(),
        "excess": over.c.minor,
        "early": sa.case((from_before(), 1), else_=0),
        "order_number": col(Order.number),
        "shop": col(Order.shop),
        "platform": col(Order.platform),
        "currency": col(Order.currency),
        "way": col(Case.platform_way),
        "reviewed_by": col(Case.platform_reviewed_by),
        "refunded_by": col(Case.platform_refunded_by),
        "at_once": col(Case.platform_instant),
        "stepped_in": _stepped_in(),
        "against": by_platform,
    }
    return (
        sa.select(*(column.label(name) for name, column in columns.items()))
        .join(Order, col(Order.id) == col(Case.order_id))
        .outerjoin(OPENED, opened_for())
        .outerjoin(over, over.c.case_id == col(Case.id))
        .where(col(Case.platform_number).is_not(None), col(Case.id).in_(sa.select(concerned.c[0])))
        .order_by(col(Case.id))
    )


def _matter(row: Any) -> Matter:
    """A row of `_refunds_there` as a matter; without an amount of the platform it has no other side."""
    agreed = int(row.agreed) if (row.agreed or 0) > 0 else None
    standing = row.state == "closed", agreed, int(row.excess or 0), bool(row.early)
    theirs = PlatformRefund(row.bill, row.order_number, row.minor, row.succeeded_at, *standing) if row.minor else None
    by = agreed_there(**{name: getattr(row, name) for name in _AGREED_BY})
    return Matter(row.number, row.bill, row.order_number, row.shop, row.platform, row.currency, theirs, by)


def _beside(shop: Shop, concerned: Any) -> Sequence[Any]:
    """What of some cases was refunded another way than the platform's, in minor units by case id, by the time of the
    export: it may settle a difference of the month afterwards.
    """
    query = sa.select(col(Payout.case_id), whole(Payout.minor)).where(off_route(), col(Payout.settled_at).is_not(None))
    query = query.where(col(Payout.state) != PayoutState.FAILED, col(Payout.case_id).in_(sa.select(concerned.c[0])))
    return shop.session.execute(query.group_by(col(Payout.case_id))).all()


_AGREED_BY = ("way", "reviewed_by", "refunded_by", "at_once", "stepped_in", "against")


def _stepped_in() -> Any:
    """The condition that the platform stepped into a case."""
    entries = sa.select(col(Escalation.id)).where(col(Escalation.case_id) == col(Case.id))
    return entries.where(col(Escalation.kind) == Entry.INTERVENTION).correlate(Case).exists()


def _concerned(period: Period) -> Any:
    """A query of the cases that a period is about: with a refund that was let go, arrived or reported in it, or was not
    matched when it began (let go and not settled then, or settled for another sum than the platform's).
    """
    let_go = col(Payout.kind) == REFUND, col(Payout.state).not_in(NOT_LET_GO), sa.not_(off_route())
    ours = sa.select(col(Payout.case_id)).where(*let_go)
    before_it, by_its_end = entered_before(period.start), entered_before(period.end)
    moved = sa.or_(sa.and_(by_its_end, sa.not_(before_it)), within(Payout.settled_at, period))
    late = sa.or_(col(Payout.settled_at).is_(None), col(Payout.settled_at) >= period.start)
    left = sa.and_(before_it, late)
    reported = sa.select(col(Case.id)).where(within(Case.platform_succeeded_at, period))
    # what was settled earlier belongs to the month only where the two sides do not sum to the same
    before = sa.union_all(
        sa.select(col(Payout.case_id).label("case_id"), col(Payout.minor).label("minor")).where(
            *let_go, col(Payout.settled_at) < period.start
        ),
        sa.select(col(Case.id), -col(Case.platform_amount)).where(
            col(Case.platform_succeeded_at) < period.start, col(Case.platform_amount) > 0
        ),
    ).subquery()
    uneven = sa.select(before.c.case_id).group_by(before.c.case_id).having(sa.func.sum(before.c.minor) != 0)
    return sa.union(ours.where(sa.or_(moved, left)), reported, uneven)


def _payouts(shop: Shop, period: Period, concerned: Any) -> list[tuple[int, OwnPayout]]:
    """The refunds of some cases that were let go or arrived before a period's end, by case id; a reversed one and its
    reversal both have the instant of the reversal.
    """
    columns = (Payout.id, Payout.reverses_id, Payout.case_id, Payout.number, Payout.minor, Payout.state)
    rows = shop.session.execute(
        sa.select(*map(col, columns), col(Payout.decided_at), col(Payout.settled_at), decided_here(), col(Case.number))
        .add_columns(own_minor(), over_of(Payout), signed_at(), was_clicked(), clicked_before(period.end))
        .join(Case, col(Case.id) == col(Payout.case_id))
        .outerjoin(Original, col(Original.id) == col(Payout.reverses_id))
        .where(col(Payout.kind) == REFUND, col(Payout.state).not_in(NOT_LET_GO), sa.not_(off_route()))
        .where(entered_before(period.end))
        .where(col(Payout.case_id).in_(sa.select(concerned.c[0])))
        .order_by(col(Payout.id))
    ).all()
    # by the payout that was reversed: when its reversal was settled
    undone = {row[1]: row[7] for row in rows if row[1] is not None}
    payouts = []
    for key, reverses, case_id, number, minor, state, decided, settled, own, case, *computed in rows:
        counted, over, signed, clicked, in_time = computed
        undone_at = undone.get(key) if reverses is None else settled
        sides = bool(own), undone_at, int(counted or 0), int(over or 0), bool(clicked), bool(in_time)
        let_go = datetime.fromisoformat(signed) if signed else decided
        payouts.append((case_id, OwnPayout(number, case, minor, state, let_go, settled, *sides)))
    return payouts


def judge(matter: Matter, period: Period) -> None:
    """Fills in what of a refund was booked in a period on either side, and its class of difference at the end of it."""
    theirs, mine = matter.theirs, [p for p in matter.ours if period.holds(p.settled_at)]
    matter.booked = sum(p.counted for p in mine)
    matter.afterwards = sum(p.within for p in mine if not p.own)
    if theirs and period.holds(theirs.succeeded_at):
        matter.refunded, matter.over = theirs.minor, theirs.over
    label = rules.difference(matter.ours, theirs, period)
    # no difference of the refund as it stands by now, and yet one side stood alone at the period's end: that of states
    if not label and (left_open(matter, period) or (matter.booked and theirs and theirs.over)):
        label = "D7"
    elif not label and (matter.booked or not (theirs and theirs.over and not theirs.within)):
        label = UNDONE
    matter.label = label


def left_open(matter: Matter, period: Period) -> list[rules.Entry]:
    """The entries of a refund that no equal sum of the other side had cleared by a period's end."""
    entries = rules.entries(matter.ours, matter.theirs)
    return [e for e in entries if e.at < period.end and not (e.cleared_at and e.cleared_at < period.end)]


def gap_rows(
    matters: Mapping[int, Matter], goods_owed: Mapping[int, Gap], period: Period, closed: Sequence[Gap] = ()
) -> list[Gap]:
    """The rows of a month's differences, by currency and class: each refund that differs or whose goods are not in;
    those that agree, and those from before the books, in one row for each currency; those that were clicked here and
    `closed` there. Each refund counts in one of the rows.
    """
    owed = dict(goods_owed)
    rows, together = [], dict[tuple[str, str], list[Gap]]()
    # goods that are owed are a flag on the refund's row, and have a row of their own only where it has none
    for case_id, matter in matters.items():
        gap = _gap(matter, period)
        if matter.over:
            rows.append(_beyond(matter, alone=gap is None))
        beside = owed.pop(case_id, None)
        if beside is not None:
            first = gap or replace(beside, label=matter.label)
            goods: dict[str, Any] = {"pieces_owed": beside.pieces_owed, "goods_owed": beside.goods_owed}
            rows.append(replace(first, **goods, goods_in_since=beside.goods_in_since))
        elif gap is not None and gap.label in _TOGETHER and not (gap.open_ours or gap.open_platform):
            together.setdefault((gap.currency, gap.label), []).append(gap)
        elif gap is not None:
            rows.append(gap)
    rows += owed.values()
    in_rows = {gap.case for gap in (*rows, *(gap for gaps in together.values() for gap in gaps))}
    rows += [gap for gap in closed if gap.case not in in_rows]
    rows.sort(
        key=lambda gap: (in_order(gap.currency), gap.label == MATCHED, gap.label, gap.carried, gap.since, gap.case)
    )
    rows += [_together(*key, gaps) for key, gaps in sorted(together.items(), key=lambda each: each[0][1] == BEFORE)]
    return sorted(rows, key=lambda gap: in_order(gap.currency))  # stable: within a currency the sequence stays


OPEN = "open"
"""The class of refunds that were let go and neither arrived nor were reported by the month's end."""
_TOGETHER = (MATCHED, BEFORE)
"""Classes whose refunds share a row where nothing of them is unmatched, since nobody has anything to do about them."""


def _together(currency: str, label: str, gaps: Sequence[Gap]) -> Gap:
    """One row for all refunds of a class and currency."""
    ours, platform = (
        Money(sum(side), currency) for side in zip(*((g.ours.minor, g.platform.minor) for g in gaps), strict=True)
    )
    nothing = Money(0, currency)
    reported = sum(gap.reported for gap in gaps)
    return Gap(
        label, False, "", "", "", "", "", None, ours, platform, nothing, nothing, count=len(gaps), reported=reported
    )


def _state(matter: Matter) -> str:
    """The state of our last payout of a refund; "" where there is none."""
    if not matter.ours:
        return ""
    return CLICKED if matter.ours[-1].clicked else matter.ours[-1].state


def _gap(matter: Matter, period: Period) -> Gap | None:
    """The row of a refund, without what exceeds its order; None where nothing was booked in the period and nothing is
    unmatched at its end.
    """
    left = left_open(matter, period)
    refunded = matter.refunded - matter.over
    moved = bool(matter.booked or refunded)
    if not (moved or left):
        return None
    entries = [e for e in rules.entries(matter.ours, matter.theirs) if e.at < period.end]
    opened_at = min(entry.at for entry in (left or entries))
    sides = {side: sum(e.minor for e in left if e.side == side) for side in ("ours", "platform")}
    return Gap(
        label=matter.label,
        carried=not moved and opened_at < period.start,
        case=matter.case,
        bill=matter.bill,
        order=matter.order,
        shop=matter.shop,
        platform_name=matter.platform,
        since=_since(matter, left or entries, entries),
        ours=Money(matter.booked, matter.currency),
        platform=Money(refunded, matter.currency),
        open_ours=Money(sides["ours"], matter.currency),
        open_platform=Money(sides["platform"], matter.currency),
        state=_state(matter),
        agreed_there=matter.agreed_there if matter.label == "D2" else None,
        reported=1 if matter.refunded else 0,
        clicked=matter.label == OPEN and bool(matter.ours) and matter.ours[-1].clicked_in_time,
        settled=_settled_since(matter, period),
        agreed_before=matter.agreed_before,
    )


def _since(matter: Matter, unmatched: Sequence[rules.Entry], entries: Sequence[rules.Entry]) -> datetime:
    """When the fact happened that the class of a refund names, as the notes of the workbook say it; what took it back
    later is none. `unmatched` are those of its `entries` that are open, or all where none is.
    """
    if matter.label in {"D2", BEFORE} and matter.theirs and matter.theirs.succeeded_at:
        return matter.theirs.succeeded_at
    if matter.label in {"D3", "D5"}:
        ours = [matter.let_go_at] if matter.let_go_at else []
        return min([*ours, *(entry.at for entry in entries)])
    let_go = [e.at for some in (unmatched, entries) for e in some if e.side == "ours" and e.minor > 0]
    return let_go[0] if matter.label in _LET_GO and let_go else min(entry.at for entry in unmatched)


_LET_GO = frozenset({"D1", "D7", OPEN})
"""Classes whose time is when the refund was let go here."""


def _settled_since(matter: Matter, period: Period) -> str:
    """How a difference was settled by the time of the export: what the platform paid less was paid beside it, what it
    paid more, or alone, came back, what it closed was taken back later, or what was open then is equal on both sides
    since; "" where it was not.
    """
    if matter.label in {"D2", "D3"} and _more_came_back(matter):
        return MORE_CAME_BACK
    standing = rules.standing(matter.ours, period)
    if matter.label == "D3" and matter.theirs:
        missing = sum(p.counted for p in matter.ours) - matter.theirs.within
        return BESIDE if missing > 0 and matter.beside == missing else ""
    undone = bool(standing) and all(p.state == PayoutState.REVERSED for p in standing)
    if matter.label == "D7" and undone and matter.theirs and matter.theirs.closed:
        return TAKEN_BACK
    left = left_open(matter, period) if matter.label in _LET_GO else []
    return CLEARED if left and all(entry.cleared_at for entry in left) else ""


def _more_came_back(matter: Matter) -> bool:
    """Whether all that the platform paid of a refund and nobody here had agreed to was taken back, and the rest stands
    as it was agreed to.
    """
    paid = [payout for payout in matter.ours if payout.minor > 0]
    more, agreed = [p for p in paid if not p.own], [p for p in paid if p.own]
    if not more or any((p.state == PayoutState.REVERSED) == p.own for p in paid):
        return False
    return sum(p.counted for p in paid) == sum(p.within for p in agreed)


def _beyond(matter: Matter, *, alone: bool) -> Gap:
    """The row of what a platform paid in the period beyond all that the order was paid. It counts as a refund where it
    is `alone`; else the refund counts in the row of its other part.
    """
    nothing, theirs = Money(0, matter.currency), matter.theirs
    return Gap(
        label=BEYOND,
        carried=False,
        case=matter.case,
        bill=matter.bill,
        order=matter.order,
        shop=matter.shop,
        platform_name=matter.platform,
        since=theirs.succeeded_at if theirs else None,
        ours=nothing,
        platform=Money(matter.over, matter.currency),
        open_ours=nothing,
        open_platform=nothing,
        state=_state(matter),
        count=int(alone),
        reported=int(alone),
        settled=GIVEN_BACK if all(p.state == PayoutState.REVERSED for p in matter.ours if p.over > 0) else "",
    )
