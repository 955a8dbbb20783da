"""Groups of commands that are built when they are first used: Typer would build the whole tree for every call."""

from collections.abc import Callable, MutableMapping
from functools import cached_property
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group


class Branch(TyperGroup):
    """A group with its name and help that builds its commands on first use and hands each to `dress`."""

    def __init__(self, app: typer.Typer, dress: Callable[[Any], None]) -> None:
        super().__init__(
            name=app.info.name,
            help=app.info.help,
            no_args_is_help=True,
            rich_markup_mode=None,
            options_metavar=app.info.options_metavar,
            subcommand_metavar=app.info.subcommand_metavar,
        )
        del self.commands  # the empty mapping that Typer set: it would hide the property of that name
        self._app, self._dress = app, dress

    @cached_property
    def commands(self) -> MutableMapping[str, Any]:  # type: ignore[override]
        """The commands by name, built and dressed at the first look."""
        built = get_group(self._app).commands
        for command in built.values():
            self._dress(command)
        return built

    @property
    def built(self) -> bool:
        """Whether the commands are built already; asking does not build them."""
        return "commands" in vars(self)
