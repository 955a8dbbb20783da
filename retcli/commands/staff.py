"""`retcli staff …`: the staff list and its roles."""

import os
from typing import Annotated

import typer

from retcli import actions, settings
from retcli.commands.asking import chosen, founding, group, look, work
from retcli.language import _, mark
from retcli.rules.lifecycles import Role
from retcli.shellwords import quoted
from retcli.views.base import View

app = group("staff", mark("Who works here, and what they may do."))
_role = chosen(lambda: [str(role) for role in Role], mark("role"))


def add_to(root: typer.Typer) -> None:
    """Adds the group `staff` to the root."""
    root.add_typer(app)


@app.command(help=mark("Adds somebody, or gives them another role."))
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar=mark("NAME"), help=mark("Their name."))],
    role: Annotated[
        str,
        typer.Option(
            "--role", parser=_role, metavar=mark("ROLE"), help=mark("owner, manager, agent, warehouse, finance")
        ),
    ],
) -> View:
    """Adds a person with a role, or gives them another one."""
    founding(context)
    return work(context, actions.shop.staff.add, name, Role(role))


@app.command(help=mark("Somebody is called otherwise from now on."))
def rename(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar=mark("NAME"), help=mark("Their name so far."))],
    new_name: Annotated[str, typer.Argument(metavar=mark("NEW NAME"), help=mark("Their name from now on."))],
) -> View:
    """Renames a person; who renames themselves also works under the new name at this computer from now on."""
    answer, was, now = work(context, actions.shop.staff.rename, name, new_name), name.strip(), new_name.strip()
    if context.obj.operator == was:
        settings.remember_operator(now, instead_of=was)
        if os.environ.get("RETCLI_OPERATOR") == was:
            text = _("RETCLI_OPERATOR still says {was}: export RETCLI_OPERATOR={now}")
            context.obj.remark(text.format(was=was, now=quoted(now)))
    return answer


@app.command(help=mark("Takes somebody off the list; what they did stays under their name."))
def leave(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar=mark("NAME"), help=mark("Who leaves."))],
) -> View:
    """Takes a person off the staff list."""
    return work(context, actions.shop.staff.leave, name)


@app.command("list", help=mark("Everybody with their role."))
def list_(context: typer.Context) -> View:
    """Shows everybody on the staff list with their role."""
    return look(context, actions.shop.staff.list_staff)
