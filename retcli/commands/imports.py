"""`retcli import` and `retcli imports`."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from retcli import actions
from retcli.commands.asking import DryRun, group, look, number, place
from retcli.language import _, mark
from retcli.settings import Asked
from retcli.views.base import View

Number = Annotated[
    int | None,
    typer.Argument(parser=number, metavar=mark("NUMBER"), help=mark("An import's number; the last without.")),
]
listing = group("imports", mark("What came in when, what was refused, what needs your word."))


def add_to(app: typer.Typer) -> None:
    """Hangs the commands into the tree."""
    app.command("import", help=mark("Takes in files or folders that a platform exported."))(import_)
    app.add_typer(listing)


def import_(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar=mark("PATH…"), help=mark("Files or folders."))],
    shop: Annotated[str, typer.Option("--shop", metavar=mark("NAME"), help=mark("Which shop they are of."))] = "",
    format_name: Annotated[
        str, typer.Option("--format", metavar=mark("NAME"), help=mark("What kind of file it is."))
    ] = "",
    move_done: Annotated[
        Path | None,
        typer.Option(
            "--move-done", parser=place, metavar=mark("DIR"), help=mark("Where files go that are wholly in the books.")
        ),
    ] = None,
    dry_run: DryRun = False,
) -> View:
    """Each file has its own result."""
    call: Asked = context.obj
    nightly = not sys.stdin.isatty() or any(path.is_dir() for path in paths)
    view = actions.imports.take_in(
        call, paths, shop_name=shop, format_name=format_name, dry_run=dry_run, move_done=move_done, nightly=nightly
    )
    if dry_run:
        call.remark(_("A trial: nothing was saved"))
    return replace(view, quiet=call.quiet)


@listing.command("list", help=mark("Every import, the newest first."))
def list_(context: typer.Context) -> View:
    """Every import."""
    return look(context, actions.imports.list_imports)


@listing.command(help=mark("How one import fared."))
def show(context: typer.Context, import_number: Number = None) -> View:
    """One import."""
    return look(context, actions.imports.show_import, import_number)


@listing.command(help=mark("The refused rows of an import."))
def faults(context: typer.Context, import_number: Number = None) -> View:
    """Refused rows."""
    return look(context, actions.imports.faults, import_number)


@listing.command(help=mark("Changed amounts, articles and quantities that only a person may take."))
def questions(context: typer.Context) -> View:
    """Open questions."""
    return look(context, actions.imports.questions)
