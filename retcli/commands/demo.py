"""`retcli demo`: a throwaway shop, walked through; or one with exercises for a role, which are looked through."""

from pathlib import Path
from typing import Annotated

import typer

from retcli import actions
from retcli.commands.asking import chosen, founding
from retcli.errors import WrongCommand
from retcli.language import _, mark
from retcli.rules.lifecycles import Role
from retcli.views.base import Stream, View

PRACTISED = (Role.AGENT, Role.WAREHOUSE, Role.FINANCE)
"""The roles that have exercises."""
_role = chosen(lambda: [str(role) for role in PRACTISED], mark("practice"))


def add_to(app: typer.Typer) -> None:
    """Adds the command `demo` to the root."""
    app.command("demo", help=mark("Builds a throwaway shop and walks through the whole job."))(demo)


def demo(
    context: typer.Context,
    folder: Annotated[Path | None, typer.Argument(metavar=mark("DIR"), help=mark("Where it is built."))] = None,
    practice: Annotated[
        str,
        typer.Option(
            "--practice",
            parser=_role,
            metavar=mark("ROLE"),
            help=mark("A shop with exercises for a role: agent, warehouse or finance."),
        ),
    ] = "",
    check: Annotated[
        bool, typer.Option("--check", help=mark("Looks which exercises are done, and what is missing."))
    ] = False,
    hint: Annotated[
        bool, typer.Option("--hint", help=mark("The same, with the next command of each exercise."))
    ] = False,
) -> Stream | View:
    """Makes a throwaway shop from the packaged example files and walks through it; or one with exercises for a role, or
    looks through those.
    """
    if check or hint:
        if practice:
            message = _("--practice makes a new shop; --check looks through the one you are in")
            raise WrongCommand(message, "retcli demo --check")
        return actions.practice.looking.look(context.obj, folder, hints=hint)
    founding(context)
    if practice:
        return actions.practice.making.make(Role(practice), folder, context.obj)
    walk = actions.demo.prepare(folder, context.obj)
    return Stream(actions.demo.steps(walk), one_document="steps", closing={"files": walk.files})
