"""The movements of returned goods in stock, as they are shown: each with its cause, who and when."""

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.warehouse import article_codes
from retcli.actions.warehouse.parcels import parcel_of
from retcli.models import Case, CaseLine, Inspection, Parcel
from retcli.models.stock import StockMove
from retcli.rules.warehouse.causes import WITH_FINDING
from retcli.rules.warehouse.ids import folded
from retcli.shop import Shop
from retcli.views.warehouse.stock_moves import Move, StockMovesView

AT_MOST = 200
"""Movements that are listed, the newest first."""


def moves(shop: Shop, typed: str = "", *, parcel: str = "") -> StockMovesView:
    """The newest movements of pieces, of one product (its merchant code or barcode), of one parcel, or of all. Raises
    NotFound for a parcel that is not known.
    """
    query = sa.select(StockMove, col(Parcel.number), col(Case.number), col(Inspection.grade))
    query = query.outerjoin(Parcel, col(Parcel.id) == col(StockMove.parcel_id))
    of_finding = sa.and_(col(StockMove.cause).in_(WITH_FINDING), col(Inspection.id) == col(StockMove.cause_id))
    query = query.outerjoin(Inspection, of_finding).outerjoin(CaseLine, col(CaseLine.id) == Inspection.case_line_id)
    query = query.outerjoin(Case, col(Case.id) == col(CaseLine.case_id))
    if typed:
        query = query.where(col(StockMove.sku).in_({article_codes.sku_of(shop, typed) or typed, folded(typed)}))
    if parcel:
        query = query.where(col(StockMove.parcel_id) == parcel_of(shop, parcel).id)
    rows = shop.session.execute(query.order_by(col(StockMove.id).desc()).limit(AT_MOST + 1)).all()
    listed = tuple(
        Move(move.at, move.sku, move.quantity, move.source, move.target, move.cause, grade or "", number or "",
             case or "", move.by)
        for move, number, case, grade in rows[:AT_MOST]
    )  # fmt: skip
    return StockMovesView(listed, more=len(rows) > AT_MOST)
