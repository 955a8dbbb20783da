"""`retcli pick …`: goods that are to be sent for cases."""

import typer

from retcli import actions
from retcli.commands.asking import group, look
from retcli.language import mark
from retcli.views.base import View

app = group("pick", mark("Goods that go out for cases: what is to be picked."))


def add_to(root: typer.Typer) -> None:
    """Adds the group `pick` to the root."""
    root.add_typer(app)


@app.callback(help=mark("Goods that go out for cases: what is to be picked."))
def pick() -> None:
    """Holds the commands of the group `pick`; it does nothing itself."""


@app.command("list", help=mark("What is to be picked, by place, and what must not be sent any more."))
def list_(context: typer.Context) -> View:
    """Shows the goods that may leave now."""
    return look(context, actions.warehouse.shipments.pick_list.show)
