"""Who works here, asked on a terminal where nobody has said it: before the first books, once."""

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import typer

from retcli import settings
from retcli.errors import WrongCommand
from retcli.language import _
from retcli.settings import Asked

_T = TypeVar("_T")
NOBODY = frozenset({"root", "admin", "administrator", "user", "owner", "ubuntu", "pc"})
"""Names of accounts that are no person's name."""


def ask_founder(context: typer.Context) -> None:
    """Before a command founds books for somebody who is known by the computer's account alone: asks for the name and
    remembers it. Off a terminal nobody can be asked, and the account's name stands.
    """
    from retcli.opening import stand_at

    call: Asked = context.obj
    on_terminal = sys.stdin.isatty() and sys.stderr.isatty()
    if not call.by_account or call.as_json or not on_terminal or stand_at(call.database):
        return
    context.obj = name_asked(call, _("Your name, as the history is to tell it"))


def name_asked(call: Asked, question: str, *, remember: bool = True) -> Asked:
    """The call of the person whose name a question on the terminal brought; `remember` keeps it for later calls."""
    name = answer(question, _likely_name(call.operator), _name)
    if remember:
        settings.remember_operator(name)
    return replace(call, operator=name, by_account=False)


def answer(question: str, default: str, read: Callable[[str], _T]) -> _T:
    """The answer to a question on the terminal, by `read`; asked again while that raises WrongCommand."""
    while True:
        text = typer.prompt(question, default=default, err=True, show_default=bool(default))
        try:
            return read(str(text).strip())
        except WrongCommand as wrong:
            typer.echo(wrong.message, err=True)


def _name(text: str) -> str:
    """A person's name without control characters. Raises WrongCommand where nothing is left."""
    name = "".join(sign for sign in text if sign.isprintable())
    if not name:
        raise WrongCommand(_("A name, please"), "")
    return name


def _likely_name(operator: str) -> str:
    """The account's name where it may be a person's; else ""."""
    return "" if operator.casefold() in NOBODY else operator
