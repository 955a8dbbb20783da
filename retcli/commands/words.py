"""`retcli words`."""

import typer

from retcli.language import mark
from retcli.views.base import View


def add_to(app: typer.Typer) -> None:
    """Hangs the command into the tree."""
    app.command("words", help=mark("Every kind, reason, status and stage, with its words."))(words)


def words(context: typer.Context) -> View:
    """The words."""
    from retcli.views.glossary import GlossaryView

    return GlossaryView()
