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


Since = Annotated[date, typer.Option("--since", parser=day, metavar=mark("DATE"), help=mark("First day."))]
Until = Annotated[date, typer.Option("--until", parser=day, metavar=mark("DATE"), help=mark("Last day, inclusive."))]


@app.command(help=mark("How fast: answer, decision, refund, back on the shelf; against the targets."))
def speed(context: typer.Context, since: Since, until: Until) -> View:
    """Speed."""
    _in_order(since, until)
    return look(context, actions.speeds.speeds, since, until)


@app.command(help=mark("What each rung of the ladder came to: offered, accepted, cost, saved."))
def offers(context: typer.Context, since: Since, until: Until) -> View:
    """Offers."""
    _in_order(since, until)
    return look(context, actions.offered.ladder, since, until)


def _in_order(since: date, until: date) -> None:
    if until < since:
        raise WrongCommand(_("The last day lies before the first"), "--since 2026-10-01 --until 2026-10-31")
