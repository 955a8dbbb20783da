"""Goods sent again for cases that came back undelivered: what lay in them, read for many cases at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.language import series
from retcli.models import Inspection, Parcel, ParcelCount, Replacement
from retcli.rules.lifecycles import AT_THE_DOOR, Grade, ParcelState, ReplacementState
from retcli.shop import Shop

_IDS: sa.BindParameter[int] = sa.bindparam("ids", expanding=True)
_UNDONE = (ReplacementState.CAME_BACK, ReplacementState.CANCELLED)
"""The states of a sending that came back: one that never left has no waybill."""
_RIGHT = (
    sa.select(sa.func.sum(Inspection.quantity))
    .where(
        col(Inspection.parcel_id) == col(Parcel.id),
        col(Inspection.sku) == col(Replacement.sku),
        col(Inspection.grade) != Grade.X,
    )
    .correlate(Parcel, Replacement)
    .scalar_subquery()
)
_WAITING = (
    sa.select(sa.func.sum(ParcelCount.counted - ParcelCount.inspected))
    .where(col(ParcelCount.parcel_id) == col(Parcel.id))
    .correlate(Parcel)
    .scalar_subquery()
)
_SENT_BACK = (
    sa.select(
        *(col(Replacement.case_id), col(Replacement.sku), col(Replacement.quantity)),
        *(col(Parcel.waybill), col(Parcel.state), sa.cast(_RIGHT, sa.BigInteger), sa.cast(_WAITING, sa.BigInteger)),
    )
    # by the label alone: a box that comes back is booked in as any parcel, and nothing else ties it to its sending
    .join(Parcel, col(Parcel.waybill) == col(Replacement.waybill))
    .where(
        col(Replacement.case_id).in_(_IDS),
        col(Replacement.waybill) != "",
        col(Replacement.state).in_(_UNDONE),
        col(Parcel.state).in_(AT_THE_DOOR),
    )
    .order_by(col(Replacement.id))
)


@dataclass(frozen=True)
class SentBack:
    """A parcel of goods sent again that came back undelivered: its waybill, whether it was inspected and no counted
    piece waits for its grade, and by product the pieces that were sent and those of them that inspection accepted.
    """

    waybill: str
    inspected: bool
    sent: Mapping[str, int]
    accepted: Mapping[str, int]

    @property
    def missing(self) -> Mapping[str, int]:
        """The pieces by product that were sent, and that inspection has not found in it."""
        lacking = {sku: pieces - min(self.accepted.get(sku, 0), pieces) for sku, pieces in self.sent.items()}
        return {sku: pieces for sku, pieces in lacking.items() if pieces}


def sent_back(shop: Shop, case_ids: Sequence[int]) -> Mapping[int, Sequence[SentBack]]:
    """The parcels of goods sent again that came back for some cases, by case. Goods that went out once more, perhaps
    in the same box, count by their last sending.
    """
    last: dict[tuple[int, str], list[Any]] = {}
    for case_id, sku, quantity, waybill, *parcel in shop.session.execute(_SENT_BACK, {"ids": case_ids}):
        row = last.get((case_id, sku))
        before = row[1] if row and row[0] == waybill else 0
        last[case_id, sku] = [waybill, before + int(quantity), *parcel]
    parcels: dict[int, dict[str, dict[str, list[Any]]]] = defaultdict(lambda: defaultdict(dict))
    for (case_id, sku), (waybill, *row) in last.items():
        parcels[case_id][waybill][sku] = row
    return {
        case_id: [_parcel(waybill, rows) for waybill, rows in by_waybill.items()]
        for case_id, by_waybill in parcels.items()
    }


def _parcel(waybill: str, rows: Mapping[str, Sequence[Any]]) -> SentBack:
    """A parcel from its rows by product: pieces sent, the parcel's state, pieces accepted, pieces without a grade."""
    opened = all(state == ParcelState.INSPECTED and not waiting for _sent, state, _right, waiting in rows.values())
    sent = {sku: row[0] for sku, row in rows.items()}
    return SentBack(waybill, opened, sent, {sku: int(row[2] or 0) for sku, row in rows.items()})


def missing(parcels: Sequence[SentBack]) -> str:
    """The pieces that inspection has not found in some parcels (``CUP×1、LID×2``); "" where all were found."""
    return series(f"{sku}×{pieces}" for parcel in parcels for sku, pieces in parcel.missing.items())
