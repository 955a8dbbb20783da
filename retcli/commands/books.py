"""`retcli books …`."""

import typer

from retcli import actions
from retcli.commands.asking import group, look
from retcli.language import mark
from retcli.views.base import View

app = group("books", mark("The state of the books."))


def add_to(root: typer.Typer) -> None:
    """Hangs the group into the tree."""
    root.add_typer(app)


@app.callback(help=mark("The state of the books."))
def books() -> None:
    """Keeps the group a group."""


@app.command(help=mark("Checks everything that must always be true."))
def check(context: typer.Context) -> View:
    """The invariants."""
    return look(context, actions.books.check)
