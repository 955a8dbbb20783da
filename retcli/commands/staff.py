"""`retcli staff …`."""

from typing import Annotated

import typer

from retcli import actions
from retcli.commands.asking import chosen, founding, group, look, work
from retcli.language import mark
from retcli.rules.lifecycles import Role
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


@app.command("list", help=mark("Everybody with their role."))
def list_(context: typer.Context) -> View:
    """Shows everybody on the staff list with their role."""
    return look(context, actions.shop.staff.list_staff)
