"""`retcli stock …`: returned goods by bucket."""

from typing import Annotated

import typer

from retcli import actions
from retcli.commands.asking import group, look
from retcli.language import mark
from retcli.views.base import View

app = group("stock", mark("Returned goods by bucket."))


def add_to(root: typer.Typer) -> None:
    """Adds the group `stock` to the root."""
    root.add_typer(app)


@app.callback(help=mark("Returned goods by bucket."))
def stock() -> None:
    """Holds the commands of the group `stock`; it does nothing itself."""


@app.command(help=mark("Pieces by bucket."))
def show(
    context: typer.Context,
    sku: Annotated[str, typer.Argument(metavar="SKU", help=mark("One article only, by its code or barcode."))] = "",
) -> View:
    """Shows the pieces of returned goods by bucket."""
    return look(context, actions.warehouse.stock_shown.show, sku)


@app.command(help=mark("What moved in stock: from where to where, why, by whom, when."))
def moves(
    context: typer.Context,
    sku: Annotated[str, typer.Argument(metavar="SKU", help=mark("One article only, by its code or barcode."))] = "",
    parcel: Annotated[
        str, typer.Option("--parcel", metavar=mark("PARCEL"), help=mark("Only those of a parcel, or a case's parcel."))
    ] = "",
) -> View:
    """Shows the movements of pieces in stock with their causes."""
    return look(context, actions.warehouse.stock_moves.moves, sku, parcel=parcel)
