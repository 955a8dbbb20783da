"""Merges carriers' movements of parcels, kept event by event; a carrier's signature counts before the buyer's word."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.imports.merging import Source, Tally
from retcli.actions.warehouse.shipments import sending
from retcli.database.staging.stages import StagedRow
from retcli.models import Case, Replacement
from retcli.models.tracking import Movement
from retcli.rules.lifecycles import REPLACEMENT, ReplacementState
from retcli.shop import Shop

_AT_A_TIME = 1000
"""Rows in one statement, since SQLite takes some thirty thousand values."""


def merge(shop: Shop, source: Source, rows: Sequence[StagedRow]) -> Tally:
    """Takes in movements, one for each waybill that a row names; known ones are not taken twice, and a row of which all
    are known is unchanged.
    """
    tally = Tally()
    for start in range(0, len(rows), _AT_A_TIME):
        values = [
            {
                "import_id": source.import_id,
                "row": row.number,
                "waybill": waybill,
                "at": datetime.fromisoformat(row.values["at"]),
                "status": row.values["status"],
                **{name: row.values.get(name) or "" for name in ("event", "carrier", "place")},
            }
            for row in rows[start : start + _AT_A_TIME]
            for waybill in row.values["waybill"].split()
        ]
        insert = shop.insert(Movement).values(values).on_conflict_do_nothing()
        tally.added += len(set(shop.session.scalars(insert.returning(col(Movement.row)))))
    tally.unchanged = len(rows) - tally.added
    return tally


# A parcel of several, `p`, with the instant `s.at` at which it was signed for: on its way while nobody signed, no
# carrier turned it round or lost it, and the warehouse has not had it in hand. Of such a one a carrier speaks (moving)
# or none does (silent).
_SIGNED = (
    "SELECT waybill, MIN(at) AS at FROM movements WHERE status = 'signed' AND NOT EXISTS (SELECT 1 FROM movements AS b"
    " WHERE b.waybill = movements.waybill AND b.status = 'returned' AND b.at <= movements.at) GROUP BY waybill"
)
"""SQL of when each parcel was signed for. One that was turned round is signed for by the shop, which is no delivery."""
_PARCELS = (
    "SELECT order_id, waybill FROM order_waybills UNION SELECT id, waybill FROM orders WHERE waybill <> ''"
    " AND id IN (SELECT order_id FROM order_waybills)"
)
"""SQL of every parcel of the orders that went out in several."""
_TOLD = "EXISTS (SELECT 1 FROM movements AS b WHERE b.waybill = p.waybill)"
_ON_THE_WAY = (
    "s.at IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM movements AS b WHERE b.waybill = p.waybill AND b.status IN ('returned', 'lost'))"
    " AND NOT EXISTS (SELECT 1 FROM parcels AS c WHERE c.waybill = p.waybill AND c.state <> 'expected')"
)
_ARRIVED = (
    f"SELECT p.order_id, MAX(s.at) AS at, COUNT(CASE WHEN {_ON_THE_WAY} AND {_TOLD} THEN 1 END) AS moving,"
    f" COUNT(CASE WHEN {_ON_THE_WAY} AND NOT {_TOLD} THEN 1 END) AS silent"
    f" FROM ({_PARCELS}) AS p LEFT JOIN ({_SIGNED}) AS s ON s.waybill = p.waybill GROUP BY p.order_id"
)
"""SQL of when the last signed parcel of each such order was signed for, how many are under way, and of how many no
carrier reports anything.
"""
_DONE_THERE = "(orders.status = 'done' OR orders.signed_by = 'confirmed')"
"""The condition that the platform itself says that the buyer has the order, which counts where a carrier is silent."""


def sign(shop: Shop) -> None:
    """Gives orders whose parcel was signed for the carrier's time, where they have none yet. Orders in several parcels
    get that of the last one, once none is on its way; a parcel of which no carrier reports is on its way too, unless
    the platform says that the buyer has the order.
    """
    # Three statements in this order: one parcel; several of which all came; and back again, where a further parcel of
    # an order was named after the last one known had been signed for. `signed_at = m.at` leaves alone what came
    # otherwise.
    signed = "UPDATE orders SET signed_at = m.at, signed_by = 'carrier'"
    shop.session.execute(
        sa.text(
            f"{signed} FROM ({_SIGNED}) AS m WHERE orders.waybill = m.waybill AND orders.waybill <> ''"
            " AND orders.signed_by <> 'carrier' AND orders.id NOT IN (SELECT order_id FROM order_waybills)"
        )
    )
    shop.session.execute(
        sa.text(
            f"{signed} FROM ({_ARRIVED}) AS m WHERE orders.id = m.order_id AND m.at IS NOT NULL AND m.moving = 0"
            f" AND (m.silent = 0 OR {_DONE_THERE}) AND (orders.signed_by <> 'carrier' OR orders.signed_at < m.at)"
        )
    )
    shop.session.execute(
        sa.text(
            f"UPDATE orders SET signed_at = NULL, signed_by = '' FROM ({_ARRIVED}) AS m WHERE orders.id = m.order_id"
            " AND orders.signed_by = 'carrier' AND orders.signed_at = m.at AND m.moving + m.silent > 0"
            f" AND NOT {_DONE_THERE}"
        )
    )


_SIGNED_OF = sa.text(f"SELECT s.waybill FROM ({_SIGNED}) AS s WHERE s.waybill IN :names").bindparams(
    sa.bindparam("names", expanding=True)
)


def deliver(shop: Shop) -> None:
    """Notes that goods which were sent again for a case are with the buyer where their parcel was signed for."""
    under_way = sa.select(Replacement, Case).join(Case, col(Case.id) == col(Replacement.case_id))
    under_way = under_way.where(col(Replacement.state) == ReplacementState.SHIPPED, col(Replacement.waybill) != "")
    rows = shop.session.execute(under_way.order_by(col(Replacement.id))).all()
    names = sorted({goods.waybill for goods, _case in rows})
    signed = set(shop.session.scalars(_SIGNED_OF, {"names": names})) if names else set()
    for goods, case in rows:
        if goods.waybill in signed:
            shop.move(goods, f"{case.number}/{goods.id}", REPLACEMENT, "deliver")
            sending.follow(shop, [goods], "deliver")
