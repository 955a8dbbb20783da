"""Gives every command ``--json``, and its help in the reader's language."""

from dataclasses import replace
from functools import partial
from typing import Any, Protocol

import typer
from typer.core import TyperGroup, TyperOption

from retcli.commands import help_pages
from retcli.language import _, mark


class AnswersInJson(Protocol):
    """The root of the command tree, which notes whether its answer is wanted as JSON."""

    as_json: bool


def dress(command: Any, root: AnswersInJson) -> None:
    """Gives a command and all below it ``--json``, and their help texts in the reader's language."""
    # Called again where a process speaks another language: what is done already is left, and the English texts are kept
    # to be translated anew.
    if not any("--json" in param.opts for param in command.params):
        switch = partial(_set_json, root)
        text = mark("One JSON document on standard output.")
        command.params.append(
            TyperOption(
                param_decls=["--json"], is_flag=True, default=False, expose_value=False, callback=switch, help=text
            )
        )
    for thing in (command, *command.params):
        for name in ("help", "epilog", "short_help", "metavar", "options_metavar", "subcommand_metavar"):
            english = getattr(thing, f"_english_{name}", None) or getattr(thing, name, None)
            if isinstance(english, str) and english:
                setattr(thing, f"_english_{name}", english)
                setattr(thing, name, _(english))
    command.context_class = help_pages.HelpContext
    command.format_usage = partial(_format_usage, command)
    command.format_epilog = partial(help_pages.format_epilog, command)
    group = isinstance(command, TyperGroup)
    if group:
        command.format_commands = partial(help_pages.format_commands, command)
    # Typer does not tell an action by which command it was called, which roles are asked by
    if not group and not hasattr(command, "_plain_invoke"):
        command._plain_invoke = command.invoke
        command.invoke = partial(_invoked, command)
    option = command.get_help_option(typer.Context(command))
    if option is not None:
        option.help = _("Shows this text.")
    # a group that is not built yet dresses its commands when it builds them
    if group and getattr(command, "built", True):
        for inner in command.commands.values():
            dress(inner, root)


def _invoked(command: Any, context: Any) -> Any:
    """Runs a command with its path (``case show``) noted in the call, by which roles are asked."""
    context.obj = replace(context.obj, command=help_pages.path_of(context))
    return command._plain_invoke(context)


def _format_usage(command: Any, context: Any, formatter: Any) -> None:
    """Writes the usage line in the reader's language."""
    pieces = command.collect_usage_pieces(context)
    formatter.write_usage(context.command_path, " ".join(pieces), prefix=_("Usage: "))


def _set_json(root: AnswersInJson, _context: typer.Context, _param: Any, value: bool) -> bool:
    """Notes at the root that JSON is wanted; once it is, no later command takes it back."""
    root.as_json = root.as_json or value
    return value
