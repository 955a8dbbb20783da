"""What stands on the tags of parcels, goods and places, on badges, and on the sheet of the bench's commands."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.warehouse import parcels
from retcli.actions.warehouse.article_codes import sku_of
from retcli.actions.warehouse.bench import bench_commands, scanned_commands
from retcli.actions.warehouse.pieces import awaited_pieces
from retcli.actions.warehouse.strangers import shelves
from retcli.errors import NotFound, WrongCommand
from retcli.language import _, mark, series
from retcli.models import Barcode, Parcel, Product, Staff
from retcli.rules.lifecycles import MAY_SCAN
from retcli.rules.warehouse import payloads
from retcli.shop import Shop
from retcli.views import masking
from retcli.views.base import when
from retcli.views.warehouse.command_words import of_command
from retcli.views.warehouse.labels import Content, Label
from retcli.views.warehouse.parcels import stranger_name
from retcli.words import word

COUNTS = (2, 3, 5, 10)
"""The commands by which the next piece counts as several that are on the sheet."""


def of_parcels(shop: Shop, refs: Sequence[str]) -> Content:
    """The tags of parcels at the door. Raises NotFound, Ambiguous."""
    shop.may(MAY_SCAN, mark("print labels"))
    return Content("parcel", tuple(_of_parcel(shop, parcels.parcel_of(shop, ref)) for ref in refs))


def _of_parcel(shop: Shop, parcel: Parcel) -> Label:
    cases = series(case.number for case in awaited_pieces.cases_of(shop, parcel))
    fields = {
        _("Waybill"): masking.waybill(parcel.waybill),
        _("Case"): cases,
        _("Shelf place"): parcel.shelf or "",
        _("Received"): when(parcel.received_at) if parcel.received_at else "",
    }
    big = stranger_name(parcel.stranger) if not cases else ""
    shown = tuple((name, text) for name, text in fields.items() if text)
    return Label(_("Returned parcel"), payloads.of_parcel(parcel.number), parcel.number, shown, big)


def of_goods(shop: Shop, typed: Sequence[str]) -> Content:
    """The tags of articles, named by code or barcode. Raises NotFound, WrongCommand."""
    shop.may(MAY_SCAN, mark("print labels"))
    return Content("goods", tuple(_of_article(shop, each) for each in typed))


def _of_article(shop: Shop, typed: str) -> Label:
    sku = sku_of(shop, typed)
    if not sku:
        message = _("There is no article {sku}").format(sku=typed)
        raise NotFound(message, _("Import a product sheet, or look it up: retcli stock show"))
    product = shop.session.scalars(sa.select(Product).where(col(Product.sku) == sku)).first()
    name = product.name if product else ""
    code = _barcode(shop, sku)
    fields = tuple((field, text) for field, text in ((_("Article"), name), (_("Article code"), code and sku)) if text)
    return Label(_("Article tag"), code or payloads.of_article(sku), code or sku, fields)


def _barcode(shop: Shop, sku: str) -> str:
    """The barcode of one piece of an article that no other one has; "" where it has none that is letters and digits."""
    others = sa.select(col(Barcode.code)).where(col(Barcode.sku) != sku)
    query = sa.select(col(Barcode.code)).where(col(Barcode.sku) == sku, col(Barcode.pieces) == 1)
    codes = shop.session.scalars(query.where(col(Barcode.code).not_in(others)).order_by(col(Barcode.code)))
    return next((code for code in codes if code.isascii() and code.isalnum() and code == code.upper()), "")


def of_places(shop: Shop, names: Sequence[str]) -> Content:
    """The labels of shelves. Raises WrongCommand for what is no name of one."""
    shop.may(MAY_SCAN, mark("print labels"))
    return Content("place", tuple(_of_place(name) for name in names))


def _of_place(typed: str) -> Label:
    name = shelves.shelf_of(typed)
    if not name:
        raise WrongCommand(_("A shelf is letters, digits, - and . only"), "retcli label place A-03")
    return Label(_("Shelf place"), payloads.of_place(name), name, big=name)


def of_badges(shop: Shop, names: Sequence[str]) -> Content:
    """The badges of some who work in the shop, of all where none is named. Raises NotFound."""
    shop.may(MAY_SCAN, mark("print labels"))
    staff = {person.name: person for person in shop.session.scalars(sa.select(Staff).order_by(col(Staff.id)))}
    if unknown := [name for name in names if name not in staff]:
        raise NotFound(_("Nobody here is called {name}").format(name=unknown[0]), "retcli staff list")
    people = [staff[name] for name in names or staff]
    return Content("badge", tuple(_of_person(person) for person in people))


def _of_person(person: Staff) -> Label:
    role = word(person.role)
    return Label(_("Badge"), payloads.of_badge(person.id or 0), role, big=person.name)


def of_commands(shop: Shop) -> Content:
    """The sheet of all commands that the scan loop knows."""
    shop.may(MAY_SCAN, mark("print labels"))
    several = [f"{bench_commands.QUANTITY}{n}" for n in COUNTS]
    plain = [code for code in scanned_commands.COMMANDS if not bench_commands.several_of(code)]
    return Content("commands", tuple(_of_command(code) for code in (*plain, *several)))


def _of_command(code: str) -> Label:
    name, does = of_command(code)
    return Label(_("Command"), code, code, ((does, ""),) if does else (), big=name)
