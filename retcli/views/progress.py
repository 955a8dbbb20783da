"""Shows how far a long piece of work has come, by a bar on a terminal."""

import sys
from typing import Any


class Progress:
    """A bar on standard error for the work at hand; it comes with the first call and leaves nothing behind."""

    def __init__(self) -> None:
        self.bar: Any = None
        self.name = ""
        self.task: Any = None

    def __call__(self, name: str, done: int, total: int | None) -> None:
        """Shows that `done` of `total` rows (None: not known yet) of the work with a name are done."""
        from retcli.views.screen import safe

        if self.bar is None:
            self._start()
        if name != self.name:
            self.name = name
            self.bar.remove_task(self.task)
            # anew: a bar that is told None keeps the total that it had
            self.task = self.bar.add_task(safe(name), total=total)
        self.bar.update(self.task, completed=done, total=total)

    def _start(self) -> None:
        """Draws the bar; Rich is loaded only here."""
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bars

        from retcli.views.screen import Terminal

        name = TextColumn("{task.description}", markup=False)
        columns = (name, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        # transient: it is wiped off, so that the answer stands alone
        self.bar = Bars(*columns, console=Terminal(sys.stderr).console, transient=True)
        self.task = self.bar.add_task("", total=None)
        self.bar.start()

    def close(self) -> None:
        """Takes the bar off the screen."""
        if self.bar is not None:
            self.bar.stop()
            self.bar, self.name = None, ""
