"""Writes what can be sold into a workbook for an ERP or a shop's own back-end."""

from pathlib import Path

from retcli.actions.warehouse import stock_shown
from retcli.database import leftovers
from retcli.errors import Refused
from retcli.language import _, mark
from retcli.rules.lifecycles import MAY_SCAN
from retcli.shop import Shop
from retcli.views.warehouse.stock_sheets import HEADINGS, StockSheetView


def export(shop: Shop, system: str, target: Path) -> StockSheetView:
    """Writes the pieces that can be sold, a row a product; products of which nobody knows it are left out and counted.
    Raises Refused where nothing was counted.
    """
    shop.may(MAY_SCAN, mark("write the stock into a workbook"))
    products = stock_shown.products(shop)
    known = [(each.sku, each.for_sale.pieces) for each in products if each.for_sale]
    if not known:
        raise Refused(_("Nothing was counted: nobody knows what can be sold"), "retcli scan --mode count")
    leftovers.tidy(leftovers.of_workbooks(target.parent))
    from retcli.sheets import stock as sheets  # a look at the stock pays for no workbook
    from retcli.sheets.writer import write

    rows = [(sku, max(pieces, 0)) for sku, pieces in known]
    path = target if target.suffix.lower() == ".xlsx" else target.with_name(target.name + ".xlsx")
    file = write(path, [sheets.sheet(HEADINGS[system], rows)])
    below = sum(pieces < 0 for _sku, pieces in known)
    return StockSheetView(file, system, len(known), len(products) - len(known), below)


def note(shop: Shop, view: StockSheetView) -> StockSheetView:
    """Notes the event that the stock went into a workbook."""
    shop.record("export", "export", kind="stock", rows=view.rows, system=view.system)
    return view
