"""Puts right the states of money that an earlier retcli left (`actions.books.outdated`), by steps of their
lifecycles.
"""

from collections.abc import Iterator

from retcli.actions.books.outdated import beside_clicks, disproved_clicks, orders_with_room
from retcli.actions.money import outgoing
from retcli.actions.money.beyond import make_room
from retcli.language import mark
from retcli.rules.lifecycles import MAY_APPROVE_MONEY, PLATFORM_ACTION
from retcli.rules.money.minor_units import Money
from retcli.shop import Shop
from retcli.views.books.mended import CLICK, PAYOUT, ROOM, Mended, MendedView, why_it_failed


def mend(shop: Shop) -> MendedView:
    """Drops clicks that count as verified while their payout failed, fails refunds that are due beside a click which
    does not pay them, and moves what is recorded as beyond an order into the room that it has; names each.
    """
    shop.may(MAY_APPROVE_MONEY, mark("mend the books"))
    return MendedView((*_clicks(shop), *_payouts(shop), *_room(shop)))


def _clicks(shop: Shop) -> Iterator[Mended]:
    for each in disproved_clicks(shop):
        shop.move(each.click, f"{each.case.number}/{each.click.action}", PLATFORM_ACTION, "disprove")
        yield Mended(CLICK, each.case.number, each.payout.number, Money(each.payout.minor, each.payout.currency))


def _payouts(shop: Shop) -> Iterator[Mended]:
    for case, payout in beside_clicks(shop):
        outgoing.fail(shop, shop.hold(case), payout, why_it_failed())
        yield Mended(PAYOUT, case.number, payout.number, Money(payout.minor, payout.currency))


def _room(shop: Shop) -> Iterator[Mended]:
    for order, _minor in orders_with_room(shop):
        for case, minor in make_room(shop, order.id or 0):
            yield Mended(ROOM, case.number, order.number, Money(minor, order.currency))
