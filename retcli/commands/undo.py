"""`retcli undo`: takes back what the operator did last."""

import typer

from retcli import actions
from retcli.commands.asking import DryRun, Key, work
from retcli.language import mark
from retcli.views.base import View


def add_to(app: typer.Typer) -> None:
    """Adds the command `undo` to the root."""
    app.command("undo", help=mark("Takes back what you did last: scans, inspections, parcels, notes …"))(undo)


def undo(context: typer.Context, key: Key = None, dry_run: DryRun = False) -> View:
    """Takes back the last thing that you did, while nothing stands on it; again: the one before."""
    return work(context, actions.cases.undoing.undo, key=key, dry_run=dry_run)
