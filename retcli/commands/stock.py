"""`retcli stock …`: returned goods by bucket."""

from pathlib import Path
from typing import Annotated, Any

import typer

from retcli import actions
from retcli.commands.asking import Because, DryRun, Key, Output, chosen, group, look, number, place, work
from retcli.errors import WrongCommand
from retcli.language import _, mark
from retcli.rules.lifecycles import Bucket
from retcli.views.base import View

_bucket = chosen(lambda: [str(bucket) for bucket in Bucket], mark("stock"))
_way = chosen(lambda: ["markdown", "scrap", "supplier"], mark("way to dispose"), "disposal")
_system = chosen(lambda: ["wdt", "jst", "taobao"], mark("system"))
Article = Annotated[str, typer.Argument(metavar="SKU", help=mark("The article, by its code or barcode."))]
Pieces = Annotated[int | None, typer.Option("--pieces", parser=number, metavar="N", help=mark("How many; else one."))]
app = group("stock", mark("The stock: pieces by bucket, what moved, counting it."))


def add_to(root: typer.Typer) -> None:
    """Adds the group `stock` to the root."""
    root.add_typer(app)


@app.callback(help=mark("The stock: pieces by bucket, what moved, counting it."))
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


@app.command(
    help=mark("Counts the stock: what was counted, then the differences; by scanning: retcli scan --mode count.")
)
def count(
    context: typer.Context,
    sku: Annotated[str, typer.Argument(metavar="SKU", help=mark("One article only, by its code or barcode."))] = "",
    pieces: Annotated[
        int | None,
        typer.Option("--pieces", parser=number, metavar="N", help=mark("So many of it are there.")),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--from", parser=place, metavar=mark("FILE"), help=mark("A list: code, quantity, perhaps time.")),
    ] = None,
    bucket: Annotated[
        str, typer.Option("--bucket", parser=_bucket, metavar=mark("STOCK"), help=mark("Which stock; else sellable."))
    ] = "",
    where: Annotated[str, typer.Option("--place", metavar=mark("SHELF"), help=mark("Where it was counted."))] = "",
    post: Annotated[bool, typer.Option("--post", help=mark("Books the differences."))] = False,
    drop: Annotated[bool, typer.Option("--drop", help=mark("Drops what was counted."))] = False,
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Shows the stocktake, or counts into it, posts it, drops it."""
    if bool(sku) != (pieces is not None) or [bool(sku), file is not None, post, drop].count(True) > 1:
        ways = "retcli stock count SKU --pieces 3"
        raise WrongCommand(_("Count an article, count a list, post, or drop: one at a time"), ways)
    takes, which = actions.warehouse.stocktakes, _only_given(bucket=bucket)
    if post or drop:
        return work(context, takes.posting.post if post else takes.takes.drop, key=key, dry_run=dry_run, **which)
    at = which | _only_given(at_place=where)
    if sku:
        return work(context, takes.takes.count, sku, pieces, key=key, dry_run=dry_run, **at)
    if file is not None:
        return work(context, takes.counted_files.count_file, file, key=key, dry_run=dry_run, **at)
    return look(context, takes.takes.show, **which)


@app.command(help=mark("Pieces go from one stock to another."))
def move(
    context: typer.Context,
    sku: Article,
    source: Annotated[
        str, typer.Option("--from", parser=_bucket, metavar=mark("STOCK"), help=mark("Where the pieces lie."))
    ],
    target: Annotated[str, typer.Option("--to", parser=_bucket, metavar=mark("STOCK"), help=mark("Where they go to."))],
    pieces: Pieces = None,
    because: Because = "",
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Moves pieces of an article from one stock to another."""
    how: dict[str, Any] = {"source": source, "target": target, "because": because}
    return work(context, actions.warehouse.stock_orders.move, sku, _one(pieces), key=key, dry_run=dry_run, **how)


@app.command(help=mark("Pieces leave for good: sold at a lower price, scrapped, or back to the supplier."))
def dispose(
    context: typer.Context,
    sku: Article,
    way: Annotated[
        str,
        typer.Option("--as", parser=_way, metavar=mark("markdown|scrap|supplier"), help=mark("What becomes of them.")),
    ],
    pieces: Pieces = None,
    source: Annotated[
        str, typer.Option("--from", parser=_bucket, metavar=mark("STOCK"), help=mark("Which stock; else defective."))
    ] = "",
    because: Because = "",
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Disposes of pieces; what is scrapped beyond the limit waits for a second person."""
    how: dict[str, Any] = _only_given(source=source) | {"way": way, "because": because}
    return work(context, actions.warehouse.stock_orders.dispose, sku, _one(pieces), key=key, dry_run=dry_run, **how)


@app.command(help=mark("Says yes to a disposal as the second person; without a number: what waits."))
def approve(
    context: typer.Context,
    disposal: Annotated[
        str, typer.Argument(metavar=mark("[DISPOSAL]"), help=mark("Its number, or the end of it."))
    ] = "",
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Says yes to a disposal, or shows those that wait."""
    if not disposal:
        return look(context, actions.warehouse.stock_orders.waiting)
    return work(context, actions.warehouse.stock_orders.approve, disposal, key=key, dry_run=dry_run)


@app.command(help=mark("What in the stock needs somebody: too many defective pieces, too few to sell, never counted."))
def alerts(context: typer.Context) -> View:
    """Shows what in the stock needs somebody."""
    return look(context, actions.warehouse.stock_alerts.alerts)


@app.command(help=mark("What can be sold, as a workbook for an ERP or a shop's back-end."))
def export(
    context: typer.Context,
    system: Annotated[
        str,
        typer.Option("--for", parser=_system, metavar=mark("wdt|jst|taobao"), help=mark("Which system takes it in.")),
    ],
    output: Output = None,
) -> View:
    """Writes what can be sold into a workbook for another system."""
    target = output or Path(f"stock-{system}.xlsx")
    view = look(context, actions.warehouse.stock_sheet.export, system, target)
    return work(context, actions.warehouse.stock_sheet.note, view)


def _one(pieces: int | None) -> int:
    """How many pieces; one where nobody said."""
    return 1 if pieces is None else pieces


def _only_given(**options: Any) -> dict[str, Any]:
    """The options that were given: arguments are a part of the request that an operation key is compared with."""
    return {name: value for name, value in options.items() if value}
