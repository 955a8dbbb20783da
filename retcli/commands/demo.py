"""`retcli demo`: builds a throwaway shop and walks through it."""

from pathlib import Path
from typing import Annotated

import typer

from retcli import actions
from retcli.commands.asking import founding
from retcli.language import mark
from retcli.views.base import Stream


def add_to(app: typer.Typer) -> None:
    """Adds the command `demo` to the root."""
    app.command("demo", help=mark("Builds a throwaway shop and walks through the whole job."))(demo)


def demo(
    context: typer.Context,
    folder: Annotated[Path | None, typer.Argument(metavar=mark("DIR"), help=mark("Where it is built."))] = None,
) -> Stream:
    """Makes a throwaway shop from the packaged example files and walks through it."""
    founding(context)
    walk = actions.demo.prepare(folder, context.obj)
    return Stream(actions.demo.steps(walk), one_document="steps", closing={"files": walk.files})
