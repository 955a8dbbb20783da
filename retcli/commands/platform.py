"""`retcli platform …`: the clicks to be made in the platforms' back-ends."""

from typing import Annotated, Any

import typer

from retcli import actions
from retcli.commands.asking import Because, DryRun, Key, Waive, group, look, work
from retcli.language import mark
from retcli.views.base import View

app = group("platform", mark("What must still be clicked in the platform's back-end."))


def add_to(root: typer.Typer) -> None:
    """Adds the group `platform` to the root."""
    root.add_typer(app)


@app.command(help=mark("The list to work off."))
def todo(context: typer.Context) -> View:
    """Shows what is to be clicked in the platforms' back-ends."""
    return look(context, actions.cases.platform_list.todo)


@app.command(help=mark("Marks cases as clicked; the next refund report verifies it."))
def done(
    context: typer.Context,
    cases: Annotated[list[str], typer.Argument(metavar=mark("CASE…"), help=mark("Cases that were clicked."))],
    waive: Waive = None,
    because: Because = "",
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Notes clicks as made; the platform's next refund report verifies them."""
    options: dict[str, Any] = {"waive": waive or [], "because": because}
    return work(context, actions.cases.platform_list.done, cases, **options, key=key, dry_run=dry_run)
