"""`retcli today`: what is to be done now."""

from typing import Annotated

import typer

from retcli import actions
from retcli.commands.asking import Mine, look
from retcli.language import mark
from retcli.views.base import View


def add_to(app: typer.Typer) -> None:
    """Adds the command `today` to the root."""
    app.command("today", help=mark("What to do now: overdue first, then due soon, then by money at risk."))(today)


def today(
    context: typer.Context,
    mine: Mine = False,
    overdue: Annotated[
        bool, typer.Option("--overdue", help=mark("Only those past a deadline; ends with 3 where there are any."))
    ] = False,
) -> View:
    """Shows what is to be done today, the most urgent first."""
    return look(context, actions.insight.today.today, mine=mine, overdue=overdue)
