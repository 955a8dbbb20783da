"""A parcel without a case that leaves the table is judged once more, with the pieces that were read in it."""

from retcli.actions.warehouse.pieces import awaited_pieces, contents
from retcli.actions.warehouse.strangers import fitting, read_labels
from retcli.models import Parcel
from retcli.rules.lifecycles import AT_THE_DOOR
from retcli.shop import Shop
from retcli.views.warehouse.stranger_results import Fitting, StrangerClosed, Unread


def closed(shop: Shop, parcel: Parcel, session: str) -> Fitting | StrangerClosed | None:
    """Gives a parcel that leaves the table to the case whose it surely is; else who is nearest. None for a parcel that
    has a case, and for one of which nothing is known.
    """
    if parcel.stranger is None or parcel.state not in AT_THE_DOOR or awaited_pieces.cases_of(shop, parcel):
        return None
    said, pieces = read_labels.last(shop, parcel), contents.tallies(shop, parcel)
    if said == read_labels.Said() and not pieces:
        return None
    if fitted := fitting.settle_noted(shop, shop.hold(parcel), session):
        return Fitting(fitted)
    candidates = fitting.likeliest(shop, parcel)
    unread = tuple(
        part
        for part, known in {Unread.TAIL: said.phone_tail, Unread.CITY: said.city, Unread.GOODS: pieces}.items()
        if not known
    )
    return StrangerClosed(
        parcel.number,
        parcel.stranger,
        tuple(candidates[:2]),
        labelled=bool(said.phone_tail or said.old_waybill),
        doubts=tuple(fitting.in_doubt(shop, parcel, candidates)),
        unread=unread,
    )
