"""The pieces of a parcel that came without a case: apart from all other stock, until somebody knows whose they are."""

from collections import Counter
from collections.abc import Mapping

from retcli.actions.warehouse.pieces import contents, senders, stock
from retcli.actions.warehouse.pieces.awaited_pieces import cases_of
from retcli.models import Parcel
from retcli.rules.lifecycles import AT_THE_DOOR, Bucket
from retcli.rules.warehouse.causes import Cause
from retcli.shop import Shop

SERIES = "stranger"
"""The series of the plain numbers of parcels that came without a case."""


def number(shop: Shop) -> int:
    """The next plain number of a parcel without a case (无主-009), never given twice."""
    return shop.count_up(SERIES)


def keep_apart(shop: Shop, parcel: Parcel) -> None:
    """Sets a parcel's pieces apart and gives it a plain number, where it is here and nobody knows whose it is: it has
    no case, and no goods went out under its waybill. Raises Refused where pieces are no longer where they were put.
    """
    if parcel.state not in AT_THE_DOOR or parcel.apart or cases_of(shop, parcel):
        return
    if senders.sent_under(shop, parcel.waybill) or senders.pieces_sent_again(shop, parcel.waybill):
        return
    for (sku, bucket), pieces in lying(shop, parcel).items():
        stock.move(shop, sku, bucket, Bucket.UNCLAIMED, pieces, parcel, cause=Cause.APART)
    parcel.stranger, parcel.apart = parcel.stranger or number(shop), True
    shop.session.flush()


def claim(shop: Shop, parcel: Parcel) -> None:
    """Has the pieces of a parcel that was set apart lie where they were graded to, or wait for their grade."""
    if not parcel.apart:
        return
    parcel = shop.hold(parcel)  # another bench may be reading pieces of it at this moment
    parcel.apart = False
    shop.session.flush()
    for (sku, bucket), pieces in lying(shop, parcel).items():
        stock.move(shop, sku, Bucket.UNCLAIMED, bucket, pieces, parcel, cause=Cause.CLAIMED)


def lying(shop: Shop, parcel: Parcel) -> Mapping[tuple[str, str], int]:
    """The pieces in a parcel by product and by the stock that they belong to by their grade, or wait in."""
    pieces = Counter({(sku, str(Bucket.PENDING)): n for sku, n in contents.tallies(shop, parcel, waiting=True).items()})
    for finding in contents.findings(shop, parcel):
        pieces[finding.sku, finding.disposition] += finding.quantity
    return pieces
