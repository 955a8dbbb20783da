"""Turns Typer's usage errors, which are English, into errors in the reader's language, and refuses placeholders of
hints that stand where a person's own words belong.
"""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any

import typer
from typer.core import TyperGroup

from retcli.errors import RetcliError, WrongCommand
from retcli.language import _, series
from retcli.shellwords import unfilled


def usage_error(wrong: typer.TyperException) -> RetcliError:
    """A mistake in how a command was called, as an error in the reader's language with a way out."""
    context = getattr(wrong, "ctx", None)
    help_hint = _("{command} --help").format(command=context.command_path) if context else "retcli --help"
    error = RetcliError(_usage_text(wrong, context), help_hint)
    error.code, error.exit_code = "usage", 2
    return error


def _usage_text(wrong: typer.TyperException, context: Any) -> str:
    """The message of a usage error in the reader's language; Typer's own where it is of no known kind."""
    # By the names of the classes: Typer holds Click within itself and does not hand out its errors. Some kinds can be
    # told by their English text alone.
    kind, name = type(wrong).__name__, getattr(wrong, "option_name", "")
    param = getattr(wrong, "param", None)
    label = param.get_error_hint(context).strip("'") if param is not None else ""
    if kind == "NoSuchOption":
        near = series(getattr(wrong, "possibilities", None) or [])
        text = _("There is no option {name}").format(name=name)
        return text + (_("; did you mean {near}?").format(near=near) if near else "")
    if kind == "BadOptionUsage":
        return _("The option {name} is not used like that").format(name=name)
    if kind == "MissingParameter":
        return _("{name} is missing").format(name=label)
    if kind == "BadParameter":
        return _("{name} cannot be that: {text}").format(name=label, text=wrong.message)
    if kind == "NoArgsIsHelpError":
        return _("Say what to do")
    if wrong.message.startswith("Got unexpected"):
        extra = wrong.message.partition("argument(s) (")[2].rstrip(")")
        return _("There is something too much: {text}").format(text=extra)
    if kind == "UsageError" and isinstance(context.command, TyperGroup):
        return _no_such_command(wrong.message, context.command)
    return wrong.message


def _no_such_command(message: str, group: TyperGroup) -> str:
    """The message about a command that does not exist, with the existing ones that are spelled nearly so."""
    name = message.split("'")[1] if "'" in message else message
    near = series(get_close_matches(name, list(group.commands)))
    text = _("There is no command {name}").format(name=name)
    return text + (_("; did you mean {near}?").format(near=near) if near else "")


def refuse_unfilled(root: TyperGroup, typed: Sequence[str]) -> None:
    """Refuses a call that holds a placeholder of a hint where its own words belong. Raises WrongCommand."""
    # before Typer parses: whatever takes the word, no command writes it down as a reason, a name or a shop
    placeholder = unfilled(typed)
    if placeholder and "--help" not in typed:
        message = _("{placeholder} only says what belongs there: type your own in its place")
        hint = _("{command} --help").format(command=" ".join(["retcli", *_command_in(root, typed)]))
        raise WrongCommand(message.format(placeholder=placeholder), hint)


def _command_in(root: TyperGroup, typed: Sequence[str]) -> Iterator[str]:
    """The names of the group and the command in the words of a call."""
    within: Any = root
    for word in typed:
        if word in getattr(within, "commands", ()):
            yield word
            within = within.commands[word]
