"""`retcli completion`: the scripts by which a shell asks retcli for what can be typed."""

import sys
from typing import Annotated

import typer

from retcli.commands.asking import chosen
from retcli.language import mark
from retcli.views.base import View

SHELLS = ("bash", "zsh", "fish", "powershell")
_shell = chosen(lambda: list(SHELLS), mark("shell"))


def add_to(app: typer.Typer) -> None:
    """Adds the command `completion` to the root."""
    help_text = mark("How TAB comes to offer commands, case numbers and words; in a pipe the script of a shell.")
    app.command("completion", help=help_text)(completion)


def completion(
    shell: Annotated[
        str, typer.Argument(parser=_shell, metavar=mark("SHELL"), help=mark("bash, zsh, fish or powershell."))
    ] = "",
) -> View:
    """Shows how a shell comes to ask retcli for what can be typed; off a terminal it is that shell's script."""
    from retcli.completion.shells import INSTALLING, SCRIPTS
    from retcli.views.shop.shell_scripts import CompletionView, ShellScript

    scripts = tuple(ShellScript(name, INSTALLING[name], SCRIPTS[name]) for name in ([shell] if shell else SHELLS))
    return CompletionView(scripts, explained=not shell or sys.stdout.isatty())
