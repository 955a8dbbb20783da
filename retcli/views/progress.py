"""How far a long piece of work has come: a bar on a terminal, nothing elsewhere."""

import sys
from typing import Any


class Progress:
    """A bar on stderr for the work at hand; it is drawn once there is something to tell, and leaves nothing behind."""

    def __init__(self) -> None:
        self.bar: Any = None
        self.name = ""
        self.task: Any = None

    def __call__(self, name: str, done: int, total: int | None) -> None:
        """So many rows of so many (None where nobody knows yet) are done of the work of that name."""
        from retcli.views.screen import safe

        if self.bar is None:
            self._start()
        if name != self.name:
            self.name = name
            self.bar.reset(self.task, description=safe(name))
        self.bar.update(self.task, completed=done, total=total)

    def _start(self) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bars

        from retcli.views.screen import Terminal

        name = TextColumn("{task.description}", markup=False)
        columns = (name, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self.bar = Bars(*columns, console=Terminal(sys.stderr).console, transient=True)
        self.task = self.bar.add_task("")
        self.bar.start()

    def close(self) -> None:
        """Takes the bar off the screen."""
        if self.bar is not None:
            self.bar.stop()
            self.bar, self.name = None, ""
