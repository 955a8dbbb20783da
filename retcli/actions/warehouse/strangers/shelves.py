"""Where parcels are put aside, and what they weigh."""

import re

from retcli.actions.casefile.records import acts
from retcli.actions.warehouse.parcels import parcel_of, view_of
from retcli.actions.warehouse.strangers.labels import refuse_not_here
from retcli.errors import WrongCommand
from retcli.language import _, mark
from retcli.models import Parcel
from retcli.rules.lifecycles import MAY_SCAN
from retcli.rules.warehouse import payloads
from retcli.rules.warehouse.ids import folded
from retcli.shop import Shop
from retcli.views.warehouse.parcels import ParcelView

_SHELF = re.compile(r"[\w.-]{1,20}")


def shelve(shop: Shop, ref: str, typed: str) -> ParcelView:
    """Notes the shelf on which a parcel at the door is put. Raises WrongCommand for no name of a shelf, Refused for a
    parcel that is not here.
    """
    shop.may(MAY_SCAN, mark("put parcels on shelves"))
    parcel = shop.hold(parcel_of(shop, ref))
    refuse_not_here(parcel)
    shelf = shelf_of(typed)
    if not shelf:
        raise WrongCommand(_("A shelf is letters, digits, - and . only"), f"retcli parcel shelf {parcel.number} A-03")
    was = parcel.shelf
    put(shop, parcel, "shelf", shelf)
    acts.note(shop, "shelf", parcel.number, parcel=parcel, was=was)
    return view_of(shop, parcel)


def shelf_of(typed: str) -> str:
    """The name of a shelf that was typed, or scanned from its label; "" for none."""
    shelf = payloads.place(folded(typed)) or folded(typed)
    return shelf if _SHELF.fullmatch(shelf) else ""


def put(shop: Shop, parcel: Parcel, column: str, value: str | int) -> None:
    """Writes where a parcel was put, or what it weighs."""
    was = getattr(parcel, column)
    setattr(parcel, column, value)
    shop.session.flush()
    shop.record(parcel.number, column, was=was, now=value)
