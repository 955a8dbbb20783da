"""Keeps pieces of the stock for goods that are to be sent, so that nobody promises the last one twice."""

from collections.abc import Iterable

import sqlalchemy as sa

from retcli.actions.warehouse import last_counts
from retcli.actions.warehouse.pieces import stock
from retcli.actions.warehouse.pieces.reserved_pieces import give_up, reserved
from retcli.errors import Refused
from retcli.language import _
from retcli.models import Case, Replacement
from retcli.models.stock import StockCount
from retcli.rules.lifecycles import Bucket, Kind
from retcli.rules.warehouse.sellable import sellable
from retcli.shellwords import quoted
from retcli.shop import Shop


def counted(shop: Shop, sku: str) -> bool:
    """Whether anybody ever counted the sellable pieces of a product: only then can they be kept, or leave."""
    return last_counts.newest(shop, sku, Bucket.SELLABLE) != 0


def counts_stock(shop: Shop) -> bool:
    """Whether anybody ever counted anything here."""
    return shop.session.scalar(sa.select(sa.func.max(StockCount.id))) is not None


def free(shop: Shop, sku: str) -> int:
    """The sellable pieces of a counted product that are not promised to anybody. The product's stock is held from here
    on, so that who asks next waits for what is done with the answer.
    """
    in_stock = stock.hold(shop, sku, Bucket.SELLABLE)
    at = last_counts.counted_at(shop, Bucket.SELLABLE, [sku]).get(sku)
    left = sellable(at, in_stock, last_counts.sent_since(shop, [sku]).get(sku, 0), reserved(shop, sku))
    return max(0, min(left.pieces, in_stock)) if left else 0


def keep(shop: Shop, case: Case, goods: Replacement) -> bool:
    """Keeps the pieces of goods that are to be sent; what was kept already stays. Whether they are kept: not where
    nobody counts the product, too few are left, or the goods are the buyer's own.
    """
    if goods.reserved:
        stock.hold(shop, goods.sku, Bucket.SELLABLE)  # before the goods: in the order in which promises give way
    if shop.hold(goods).reserved:
        return True
    if case.kind == Kind.REPAIR or not goods.sku or not counted(shop, goods.sku):
        return False
    if free(shop, goods.sku) < goods.quantity:
        return False
    keep_again(shop, case, goods)
    return True


def let_go(shop: Shop, case: Case, given_up: Iterable[Replacement]) -> None:
    """Keeps nothing for goods of a case any more."""
    # the stock before the goods, as where promises give way, so that two never wait for each other
    for goods in sorted((each for each in given_up if each.reserved), key=lambda each: each.sku):
        stock.hold(shop, goods.sku, Bucket.SELLABLE)
        give_up(shop, case, shop.hold(goods))


def keep_again(shop: Shop, case: Case, goods: Replacement) -> None:
    """Keeps the pieces of goods that certainly are there: such as had been taken out of the stock for them. Whoever
    calls holds the product's stock.
    """
    goods.reserved = goods.quantity
    shop.session.flush()
    shop.record(f"{case.number}/{goods.id}", "reserve", sku=goods.sku, pieces=goods.reserved)


def refuse_short(shop: Shop, case: Case, goods: Replacement) -> None:
    """Raises Refused for goods of which the stock has too few to be sent, with what can be done instead."""
    message = _("{sku}: {n} pieces can be promised, {wanted} are to be sent for {case}")
    message = message.format(sku=goods.sku, n=free(shop, goods.sku), wanted=goods.quantity, case=case.number)
    instead = "return" if case.kind == Kind.EXCHANGE else "refund-only"
    count = f"retcli stock count {quoted(goods.sku)} --pieces N"
    ways = [_("There are more? Count them: {command}").format(command=count)]
    if case.kind == Kind.EXCHANGE:
        another = f"retcli case change {case.number} --want SKU --because TEXT"
        ways.append(_("Another article: {command}").format(command=another))
    money = f"retcli case change {case.number} --kind {instead} --because TEXT"
    ways.append(_("The money instead: {command}").format(command=money))
    raise Refused(message, "\n".join(ways), case=case.number)
