"""The rows of a month's differences: each refund that our side and the platform tell differently, and what is owed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from retcli.actions.insight.month.matched_refunds import left_open
from retcli.actions.insight.month.movements import Matter
from retcli.rules.lifecycles import CLICKED, PayoutState
from retcli.rules.money import reconciliation
from retcli.rules.money.minor_units import Money, in_order
from retcli.rules.money.reconciliation import BEFORE, BEYOND, MATCHED, Entry
from retcli.rules.periods import Period
from retcli.sheets.month import BESIDE, CLEARED, GIVEN_BACK, MORE_CAME_BACK, PAID_THERE, TAKEN_BACK, Gap


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
    protection = Money(sum(gap.protection.minor for gap in gaps if gap.protection), currency)
    counts: dict[str, Any] = {"count": len(gaps), "reported": sum(gap.reported for gap in gaps)}
    sides = ours, platform, nothing, nothing
    return Gap(label, False, "", "", "", "", "", None, *sides, protection=protection, **counts)


def _state(matter: Matter) -> str:
    """The state of our last payout of a refund, taken back where it was; "" where there is none."""
    last = next((payout for payout in reversed(matter.ours) if payout.minor > 0), None)
    if last is None:
        return ""
    return CLICKED if last.clicked else last.state


def _gap(matter: Matter, period: Period) -> Gap | None:
    """The row of a refund, without what exceeds its order; None where nothing was booked in the period and nothing is
    unmatched at its end.
    """
    left = left_open(matter, period)
    refunded = matter.refunded - matter.over
    moved = bool(matter.booked or refunded)
    if not (moved or left):
        return None
    entries = [e for e in reconciliation.entries(matter.ours, matter.theirs) if e.at < period.end]
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
        protection=Money(refunded, matter.currency) if matter.protection else None,
        from_before=matter.closed_from_before,
    )


def _since(matter: Matter, unmatched: Sequence[Entry], entries: Sequence[Entry]) -> datetime:
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
    since; or that all was taken back here and is paid there; "" where none of it is so.
    """
    if matter.label in {"D2", "D3"} and _more_came_back(matter):
        return MORE_CAME_BACK
    standing = reconciliation.standing(matter.ours, period)
    if matter.label == "D3" and matter.theirs:
        missing = sum(p.counted for p in matter.ours) - matter.theirs.within
        return BESIDE if missing > 0 and matter.beside == missing else ""
    undone = bool(standing) and all(p.state == PayoutState.REVERSED for p in standing)
    if matter.label == "D7" and undone and matter.theirs and matter.theirs.closed:
        return TAKEN_BACK
    if matter.label == "D7" and reconciliation.all_taken_back(matter.ours):
        return PAID_THERE
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
    reversed_here = all(payout.state == PayoutState.REVERSED for payout in matter.ours if payout.over > 0)
    closed_there = theirs and theirs.was_closed and sum(minor for minor, _at in theirs.paid) <= theirs.within
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
        protection=Money(matter.over, matter.currency) if matter.protection else None,
        settled=GIVEN_BACK if reversed_here or closed_there else "",
    )
