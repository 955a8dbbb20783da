"""Groups of commands, each built when it is first used: Typer would build the whole tree for every call."""

from collections.abc import Callable, MutableMapping
from functools import cached_property
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group


class Branch(TyperGroup):
    """A group that knows its name and help at once and builds its commands on first use; `dress` is given each."""

    def __init__(self, app: typer.Typer, dress: Callable[[Any], None]) -> None:
        super().__init__(
            name=app.info.name,
            help=app.info.help,
            no_args_is_help=True,
            rich_markup_mode=None,
            options_metavar=app.info.options_metavar,
            subcommand_metavar=app.info.subcommand_metavar,
        )
        del self.commands  # the empty ones, which stand in the way of those that are built
        self._app, self._dress = app, dress

    @cached_property
    def commands(self) -> MutableMapping[str, Any]:  # type: ignore[override]
        """The commands, built and dressed now."""
        built = get_group(self._app).commands
        for command in built.values():
            self._dress(command)
        return built

    @property
    def built(self) -> bool:
        """Whether the commands are built."""
        return "commands" in vars(self)
