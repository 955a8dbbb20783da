"""`retcli report …`: figures in the terminal."""

import typer

from retcli import actions
from retcli.commands.asking import Since, Until, group, in_order, look
from retcli.language import mark
from retcli.views.base import View

app = group("report", mark("Figures in the terminal."))


def add_to(root: typer.Typer) -> None:
    """Adds the group `report` to the root."""
    root.add_typer(app)


@app.command(help=mark("How fast: answer, decision, refund, back on the shelf; against the targets."))
def speed(context: typer.Context, since: Since, until: Until) -> View:
    """Shows how fast cases are answered, decided, refunded and restocked, against the targets."""
    in_order(since, until)
    return look(context, actions.insight.speeds.speeds, since, until)


@app.command(help=mark("What each rung of the ladder came to: offered, accepted, cost, saved."))
def offers(context: typer.Context, since: Since, until: Until) -> View:
    """Shows what each kind of offer came to: made, accepted, cost and saved."""
    in_order(since, until)
    return look(context, actions.casefile.records.offer_records.ladder, since, until)
