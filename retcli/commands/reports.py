"""`retcli report …`."""

from datetime import date
from typing import Annotated

import typer

from retcli import actions
from retcli.commands.asking import day, group, look
from retcli.errors import WrongCommand
from retcli.language import _, mark
from retcli.views.base import View

app = group("report", mark("Figures in the terminal."))


def add_to(root: typer.Typer) -> None:
    """Hangs the group into the tree."""
    root.add_typer(app)


@app.command(help=mark("How fast: answer, decision, refund, back on the shelf; against the targets."))
def speed(
    context: typer.Context,
    since: Annotated[date, typer.Option("--since", parser=day, metavar=mark("DATE"), help=mark("First day."))],
    until: Annotated[
        date, typer.Option("--until", parser=day, metavar=mark("DATE"), help=mark("Last day, inclusive."))
    ],
) -> View:
    """Speed."""
    if until < since:
        raise WrongCommand(_("The last day lies before the first"), "--since 2026-10-01 --until 2026-10-31")
    return look(context, actions.speeds.speeds, since, until)
