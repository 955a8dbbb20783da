"""`retcli policy …`: shows, checks, loads and tries the shop's rules."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from retcli import actions
from retcli.commands.asking import DryRun, FromDay, Key, day, group, look, place, work
from retcli.language import mark
from retcli.views.base import View

app = group("policy", mark("The shop's after-sales rules: show, check, put in force, try on the past."))
_FILE = Annotated[Path, typer.Argument(metavar=mark("FILE"), parser=place, help=mark("The rules: policy.toml."))]


def add_to(root: typer.Typer) -> None:
    """Adds the group `policy` to the root."""
    root.add_typer(app)


@app.command(help=mark("The rules in force as their file; before any was loaded the commented usual ones."))
def show(
    context: typer.Context,
    version: Annotated[str, typer.Argument(metavar=mark("VERSION"), help=mark("One version of them."))] = "",
) -> View:
    """Shows the rules in force as their file."""
    return look(context, actions.shop.policies.show, version)


@app.command(help=mark("Checks a draft: mistakes, and what the law does not allow."))
def check(context: typer.Context, file: _FILE) -> View:
    """Shows what is wrong in a draft of the rules, and what of it the law forbids."""
    return look(context, actions.shop.policies.check, file)


@app.command(help=mark("Puts a draft in force from its day on."))
def load(context: typer.Context, file: _FILE, key: Key = None, dry_run: DryRun = False) -> View:
    """Puts a draft of the rules in force from its day on. Refused where it is below the law."""
    return work(context, actions.shop.policies.load, file, key=key, dry_run=dry_run)


@app.command(help=mark("Every version, and how many cases it judges."))
def history(context: typer.Context) -> View:
    """Shows every version of the rules with the number of cases that it judges."""
    return look(context, actions.shop.policies.history)


@app.command("test", help=mark("Judges past cases again under a draft: who flips, and what it costs."))
def try_(
    context: typer.Context,
    file: _FILE,
    since: FromDay = None,
    until: Annotated[date | None, typer.Option("--until", parser=day, metavar=mark("DAY"), help=mark("To."))] = None,
) -> View:
    """Judges past cases again by a draft of the rules: which turn out otherwise, and what that costs."""
    return look(context, actions.cases.policy_trials.try_on_the_past, file, since=since, until=until)


@app.command(help=mark("Findings that were overruled: which, by whom, why."))
def waivers(
    context: typer.Context,
    since: FromDay = None,
) -> View:
    """Shows the findings that were overruled: which, by whom and why."""
    return look(context, actions.shop.policies.waivers, since)
