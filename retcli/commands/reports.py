"""`retcli report …`."""

import typer

from retcli import actions
from retcli.commands.asking import Since, Until, group, in_order, look
from retcli.language import mark
from retcli.views.base import View

app = group("report", mark("Figures in the terminal."))


def add_to(root: typer.Typer) -> None:
    """Hangs the group into the tree."""
    root.add_typer(app)


@app.command(help=mark("How fast: answer, decision, refund, back on the shelf; against the targets."))
def speed(context: typer.Context, since: Since, until: Until) -> View:
    """Speed."""
    in_order(since, until)
    return look(context, actions.insight.speeds.speeds, since, until)


@app.command(help=mark("What each rung of the ladder came to: offered, accepted, cost, saved."))
def offers(context: typer.Context, since: Since, until: Until) -> View:
    """Offers."""
    in_order(since, until)
    return look(context, actions.casefile.records.offer_records.ladder, since, until)
