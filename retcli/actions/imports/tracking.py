"""What carriers report of parcels: kept event by event; the carrier's signature counts before the buyer's word."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.imports.merging import Source, Tally
from retcli.database.stages import StagedRow
from retcli.models.tracking import Movement
from retcli.shop import Shop

_AT_A_TIME = 1000
"""Rows in one statement: SQLite takes some thirty thousand values."""


def merge(shop: Shop, source: Source, rows: Sequence[StagedRow]) -> Tally:
    """Takes in carrier movements; an event that is known is not taken twice."""
    tally = Tally()
    for start in range(0, len(rows), _AT_A_TIME):
        values = [
            {
                "import_id": source.import_id,
                "row": row.number,
                "waybill": row.values["waybill"],
                "at": datetime.fromisoformat(row.values["at"]),
                "status": row.values["status"],
                **{name: row.values.get(name) or "" for name in ("event", "carrier", "place")},
            }
            for row in rows[start : start + _AT_A_TIME]
        ]
        insert = shop.insert(Movement).values(values).on_conflict_do_nothing()
        tally.added += len(shop.session.execute(insert.returning(col(Movement.id))).all())
    tally.unchanged = len(rows) - tally.added
    return tally


def sign(shop: Shop) -> None:
    """Orders whose waybill was signed for get the carrier's time, where no carrier's time is known yet. What was turned
    round on its way is signed for by the shop, which is no delivery.
    """
    shop.session.execute(
        sa.text(
            "UPDATE orders SET signed_at = m.at, signed_by = 'carrier' FROM (SELECT waybill, MIN(at) AS at"
            " FROM movements WHERE status = 'signed' AND NOT EXISTS (SELECT 1 FROM movements AS b WHERE b.waybill ="
            " movements.waybill AND b.status = 'returned' AND b.at <= movements.at) GROUP BY waybill) AS m"
            " WHERE orders.waybill = m.waybill AND orders.waybill <> '' AND orders.signed_by <> 'carrier'"
        )
    )
