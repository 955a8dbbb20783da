"""`retcli doctor`: examines books, disk, copies and clock."""

from typing import Annotated

import typer

from retcli import actions
from retcli.language import mark
from retcli.views.base import View


def add_to(app: typer.Typer) -> None:
    """Adds the command `doctor` to the root."""
    app.command("doctor", help=mark("Looks whether books, disk, copies and clock are as they should be."))(doctor)


def doctor(
    context: typer.Context,
    deep: Annotated[
        bool, typer.Option("--deep", help=mark("Reads everything: whole file, newest copy, every rule."))
    ] = False,
) -> View:
    """Shows how the books, the disk and the nightly jobs stand, each problem with its remedy."""
    view: View = actions.insight.doctor.examine(context.obj, deep=deep)
    return view
