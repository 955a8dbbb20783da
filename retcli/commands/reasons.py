"""`retcli reason …`: lists reasons, and maps words to them."""

from typing import Annotated

import typer

from retcli import actions
from retcli.commands.asking import DryRun, Key, a_reason, group, look, work
from retcli.language import mark
from retcli.views.base import View

app = group("reason", mark("Why goods come back: the list, and words mapped to it."))


def add_to(root: typer.Typer) -> None:
    """Adds the group `reason` to the root."""
    root.add_typer(app)


@app.command("list", help=mark("Every reason with its cases, the shop's own, and words that nobody has mapped."))
def list_(context: typer.Context) -> View:
    """Shows every reason with its cases, and words of platforms that stand for none."""
    return look(context, actions.shop.reasons.list_reasons)


@app.command("map", help=mark("Says which reason a platform's or a buyer's words mean."))
def map_(
    context: typer.Context,
    words: Annotated[str, typer.Argument(metavar=mark("TEXT"), help=mark("The words, as the platform prints them."))],
    reason: Annotated[
        str,
        typer.Argument(parser=a_reason, metavar=mark("REASON"), help=mark("A code, or its Chinese name.")),
    ],
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Says which reason a platform's or a buyer's words stand for."""
    return work(context, actions.shop.reasons.map_words, words, reason, key=key, dry_run=dry_run)
