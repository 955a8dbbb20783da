"""`retcli words`: the words of all codes."""

import typer

from retcli.language import mark
from retcli.views.base import View


def add_to(app: typer.Typer) -> None:
    """Adds the command `words` to the root."""
    app.command("words", help=mark("Every kind, reason, status and stage, with its words."))(words)


def words(context: typer.Context) -> View:
    """Shows every word that the program uses for a code, with the steps of each lifecycle."""
    from retcli.views.glossary import GlossaryView

    return GlossaryView()
