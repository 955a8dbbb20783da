"""How far a long piece of work has come: a bar on a terminal, nothing elsewhere."""

import sys
from typing import Any


class Progress:
    """A bar on stderr for each file at work; it is drawn once there is something to tell, and leaves nothing behind."""

    def __init__(self) -> None:
        self.bar: Any = None
        self.tasks: dict[str, Any] = {}

    def __call__(self, name: str, done: int, total: int | None) -> None:
        """So many rows of so many (None where nobody knows yet) are done of the work of that name."""
        if self.bar is None:
            self._start()
        if name not in self.tasks:
            from retcli.views.screen import safe

            self.tasks[name] = self.bar.add_task(safe(name), total=total)
        self.bar.update(self.tasks[name], completed=done, total=total)

    def _start(self) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bars

        from retcli.views.screen import Terminal

        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        self.bar = Bars(*columns, console=Terminal(sys.stderr).console, transient=True)
        self.bar.start()

    def close(self) -> None:
        """Takes the bar off the screen."""
        if self.bar is not None:
            self.bar.stop()
            self.bar, self.tasks = None, {}
