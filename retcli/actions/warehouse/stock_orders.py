"""What somebody has done with pieces in stock: moved to another stock, or disposed of; each with its reason."""

from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile import lookup
from retcli.actions.casefile.records import acts
from retcli.actions.warehouse import article_codes
from retcli.actions.warehouse.pieces import stock
from retcli.errors import Ambiguous, NotFound, Refused, WrongCommand
from retcli.language import _, mark
from retcli.models import Product
from retcli.models.acts import Act
from retcli.models.stock import StockOrder
from retcli.rules.lifecycles import MAY_APPROVE_MONEY, MAY_SCAN, STOCK_ORDER, Bucket, OrderState
from retcli.rules.warehouse.causes import Cause
from retcli.rules.warehouse.disposals import WAYS, Alone, Limits, needs_another
from retcli.shellwords import quoted
from retcli.shop import Shop
from retcli.views.freetext import NOBODY
from retcli.views.warehouse.stock_orders import StockOrdersView, StockOrderView
from retcli.words import word

MOVABLE = (Bucket.SELLABLE, Bucket.DEFECTIVE, Bucket.REPAIR, Bucket.SCRAPPED)
"""Stocks between which pieces are moved by hand: what waits, is held or unclaimed hangs on its parcel."""
_DAY = timedelta(days=1)


def move(shop: Shop, typed: str, pieces: int, *, source: str, target: str, because: str) -> StockOrderView:
    """Moves pieces of a product from one stock to another. Into those that are sold only who may decide that; into the
    scrapped ones they go by being disposed of. Raises NotFound, WrongCommand, Refused.
    """
    shop.may(MAY_APPROVE_MONEY if target == Bucket.SELLABLE else MAY_SCAN, mark("move pieces to that stock"))
    for bucket in (source, target):
        _refuse_bucket(bucket)
    if source == target:
        raise WrongCommand(_("Name two different stocks"), "--from defective --to repair")
    if target == Bucket.SCRAPPED:
        command = f"retcli stock dispose {quoted(typed)} --pieces {pieces} --as scrap --because TEXT"
        raise WrongCommand(_("Pieces are scrapped by disposing of them"), command)
    order = _ordered(shop, typed, pieces, "moved", source, target, because)
    _carry_out(shop, order)
    acts.note(shop, "stock_order", order.number, order=order.id)
    return view_of(shop, order)


def dispose(
    shop: Shop, typed: str, pieces: int, *, way: str, because: str, source: str = Bucket.DEFECTIVE
) -> StockOrderView:
    """Disposes of pieces: sold at a lower price, scrapped, or back to the supplier; they leave the stock. What is
    scrapped beyond the limit waits for a second person. Raises NotFound, WrongCommand, Refused.
    """
    shop.may(MAY_SCAN, mark("dispose of pieces"))
    _refuse_bucket(source)
    order = _ordered(shop, typed, pieces, WAYS[way], source, stock.OUTSIDE, because)
    if needs_another(order.kind, pieces, _cost(shop, order.sku), _alone(shop), _limits(shop)):
        if stock.held(shop, order.sku, source) < pieces:
            raise stock.too_few(order.sku, source, pieces)
        shop.session.flush()
    else:
        _carry_out(shop, order)
    acts.note(shop, "stock_order", order.number, order=order.id)
    return view_of(shop, order)


def approve(shop: Shop, number: str) -> StockOrderView:
    """Has a disposal be done as the second person. Raises NotFound, Refused for one's own, or where the pieces are no
    longer there.
    """
    shop.may(MAY_APPROVE_MONEY, mark("approve disposals"))
    order = shop.hold(_order_of(shop, number))
    if order.by == shop.operator.name:
        raise Refused(_("Nobody approves their own disposal"), _("Ask another manager"), subject=order.number)
    shop.allow(order, order.number, STOCK_ORDER, "carry_out")
    _carry_out(shop, order, approved_by=shop.operator.name)
    acts.note(shop, "approve_order", order.number, order=order.id)
    return view_of(shop, order)


def waiting(shop: Shop) -> StockOrdersView:
    """The disposals that wait for a second person, the oldest first."""
    shop.may(MAY_APPROVE_MONEY, mark("approve disposals"))
    return StockOrdersView(all_waiting(shop))


def all_waiting(shop: Shop) -> tuple[StockOrderView, ...]:
    """Every disposal that waits for a second person, the oldest first."""
    query = sa.select(StockOrder).where(col(StockOrder.state) == OrderState.WAITING).order_by(col(StockOrder.id))
    return tuple(view_of(shop, order) for order in shop.session.scalars(query))


def take_back(shop: Shop, act: Act) -> None:
    """Takes a move or a disposal back: its pieces are where they were. Raises Refused where a second person agreed to
    it since, or the pieces went on.
    """
    order = shop.hold(shop.session.get_one(StockOrder, acts.what(act)["order"]))
    if act.kind == "stock_order" and order.approved_by:
        message = _("{number} was approved by {who}: they take it back")
        raise Refused(message.format(number=order.number, who=order.approved_by), subject=order.number)
    if order.state == OrderState.DONE:
        stock.move(shop, order.sku, order.target, order.source, order.pieces, None,
                   cause=Cause.PUT_BACK, cause_id=order.id)  # fmt: skip
    back = "wait" if act.kind == "approve_order" else "take_back"
    shop.move(order, order.number, STOCK_ORDER, back, approved_by="", approved_at=None)
    acts.reverse(shop, act)


def view_of(shop: Shop, order: StockOrder) -> StockOrderView:
    """A move or disposal as it is shown; numbers by which a person could be reached are hidden in its reason."""
    product = shop.session.get(Product, order.sku)
    return StockOrderView(order.number, order.kind, order.sku, product.name if product else "", order.pieces,
                          order.source, order.target, order.state, NOBODY.hide(order.because), order.by, order.at,
                          order.approved_by)  # fmt: skip


def _ordered(shop: Shop, typed: str, pieces: int, kind: str, source: str, target: str, because: str) -> StockOrder:
    """A move or disposal as it is written down, nothing moved yet. Raises NotFound, WrongCommand."""
    if not because.strip():
        raise WrongCommand(_("Say why"), "--because TEXT")
    if pieces < 1:
        raise WrongCommand(_("{n} is no number of pieces").format(n=pieces), "--pieces 1")
    sku = article_codes.sku_of(shop, typed)
    if not sku:
        message = _("No article has the code {code}: import the product sheet first")
        raise NotFound(message.format(code=typed), "retcli stock show")
    order = StockOrder(number=shop.number("SO"), kind=kind, sku=sku, pieces=pieces, source=source, target=target,
                       because=because.strip(), state=OrderState.WAITING, by=shop.operator.name,
                       at=shop.now)  # fmt: skip
    shop.add(order)
    shop.born(order.number, STOCK_ORDER, OrderState.WAITING, kind=kind, sku=sku, pieces=pieces)
    return order


def _carry_out(shop: Shop, order: StockOrder, approved_by: str = "") -> None:
    """Moves the pieces. Raises Refused where there are not so many."""
    stock.move(shop, order.sku, order.source, order.target, order.pieces, None, cause=Cause(order.kind),
               cause_id=order.id)  # fmt: skip
    at = shop.now if approved_by else None
    shop.move(order, order.number, STOCK_ORDER, "carry_out", approved_by=approved_by, approved_at=at)


def _order_of(shop: Shop, number: str) -> StockOrder:
    """A move or disposal by its number or the last group of it, which means one that waits before any other. Raises
    NotFound, or Ambiguous: which goods are meant is not guessed.
    """
    found = lookup.numbered(shop, StockOrder, number)
    if not found:
        raise NotFound(_("No disposal has the number {number}").format(number=number), "retcli stock approve")
    meant = [order for order in found if order.state == OrderState.WAITING] or found
    if len(meant) > 1:
        message = _("{number} names several disposals").format(number=number)
        raise Ambiguous(message, number, [order.number for order in meant])
    return meant[0]


def _refuse_bucket(bucket: str) -> None:
    """Raises WrongCommand for a stock whose pieces hang on their parcels."""
    if bucket not in MOVABLE:
        message = _("{bucket}: these pieces hang on their parcels")
        raise WrongCommand(message.format(bucket=word(bucket)), "retcli parcel list")


def _alone(shop: Shop) -> Alone:
    """What the operator scrapped within a day without a second person: many small ones would else pass the limit."""
    cost = sa.func.coalesce(Product.cost, 0) * StockOrder.pieces
    sums = (sa.cast(sa.func.sum(each), sa.BigInteger) for each in (StockOrder.pieces, cost))
    query = sa.select(*sums).outerjoin(Product, col(Product.sku) == col(StockOrder.sku))
    query = query.where(col(StockOrder.kind) == Cause.SCRAPPED, col(StockOrder.state) == OrderState.DONE)
    query = query.where(col(StockOrder.by) == shop.operator.name, col(StockOrder.approved_by) == "")
    query = query.where(col(StockOrder.at) > shop.now - _DAY)
    pieces, amount = shop.session.execute(query).one()
    return Alone(int(pieces or 0), int(amount or 0))


def _cost(shop: Shop, sku: str) -> int | None:
    product = shop.session.get(Product, sku)
    return product.cost if product else None


def _limits(shop: Shop) -> Limits:
    return Limits(shop.policy.scrap_pieces, shop.policy.scrap_amount)
