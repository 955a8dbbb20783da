"""`retcli books …`: founds, checks, mends, copies and restores the books."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from retcli import actions
from retcli.commands.asked_name import ask_founder
from retcli.commands.asking import DryRun, Key, Yes, founding, group, look, place, work
from retcli.language import _, mark
from retcli.views.base import Said, View

app = group("books", mark("The state of the books."))


def add_to(root: typer.Typer) -> None:
    """Adds the group `books` to the root."""
    root.add_typer(app)


@app.callback(help=mark("The state of the books."))
def books() -> None:
    """Holds the commands of the group `books`; it does nothing itself."""


@app.command(help=mark("Makes empty books; whoever makes them is their owner."))
def init(
    context: typer.Context,
    owner: Annotated[str, typer.Option("--owner", metavar=mark("NAME"), help=mark("The owner, else who works."))] = "",
) -> View:
    """Makes empty books, owned by whoever makes them. Refused where books stand."""
    if owner:
        context.obj = replace(context.obj, operator=owner, by_account=False)
    ask_founder(context)
    founding(context)
    view: View = actions.books.founding.init(context.obj)
    return view


@app.command(help=mark("Checks everything that must always be true."))
def check(
    context: typer.Context,
    anchors: Annotated[
        list[str] | None,
        typer.Argument(
            metavar=mark("[WORKBOOK …]"),
            help=mark(
                "Workbooks made from these books, or the last event that their notes name: are they still in it?"
            ),
        ),
    ] = None,
) -> View:
    """Shows every rule of the books that does not hold."""
    return look(context, actions.books.check.check, tuple(anchors or ()))


@app.command(help=mark("Puts right what an earlier retcli left of money, as the check names it, and says each."))
def mend(context: typer.Context, key: Key = None, dry_run: DryRun = False) -> View:
    """Puts right what an earlier version of retcli left wrong about money, and shows each of it."""
    return work(context, actions.money.mending.mend, key=key, dry_run=dry_run)


@app.command(help=mark("Makes a verified copy of the books, beside people who work in them."))
def backup(
    context: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Argument(parser=place, metavar=mark("[DIR]"), help=mark("Where to; else the second place that is set.")),
    ] = None,
) -> View:
    """Makes a verified copy of the books and deletes the oldest ones beyond those that are kept."""
    view: View = actions.books.backups.back_up(context.obj, folder)
    return view


@app.command(help=mark("Puts the books back from a copy; what stands there is copied first."))
def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar=mark("FILE"), help=mark("A copy of the books."))],
    yes: Yes = False,
    other_books: Annotated[
        str,
        typer.Option(
            "--other-books", metavar=mark("NAME"), help=mark("Replace these books, by their name, by other ones.")
        ),
    ] = "",
) -> View:
    """Replaces the books by a copy after it was examined; the books that stand there are copied first."""
    import sys

    if not yes and sys.stdin.isatty() and actions.books.backups.stand_there(context.obj):
        question = _("Books stand there already. They are copied first, then replaced. Go on?")
        yes = typer.confirm(question, err=True)
        if not yes:
            return Said(_("Nothing was done"))
    view: View = actions.books.backups.restore(context.obj, file, yes=yes, other_books=other_books)
    return view
