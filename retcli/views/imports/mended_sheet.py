"""The view of a workbook of refused rows that was written, to be mended and imported again."""

from dataclasses import dataclass
from pathlib import Path

from retcli.language import _
from retcli.shellwords import quoted
from retcli.views.base import Screen, View


@dataclass(frozen=True)
class MendView(View):
    """A workbook with the refused rows of an import, by its name and number; of `without_cells` more rows the cells are
    not kept. `mapped`: the file was read by a mapping file, which it needs again.
    """

    KEYS = ("file", "import_", "rows", "without_cells")

    file: Path
    name: str
    number: int
    rows: int
    without_cells: int
    mapped: bool

    @property
    def import_(self) -> str:
        """The number of the import, as commands take it."""
        return str(self.number)

    def draw(self, screen: Screen) -> None:
        """Shows where the workbook lies and what to do with it."""
        screen.line(_("Written: {file}").format(file=self.file), "bold")
        screen.line(_("{n} refused rows of {name}, with the buyers' data as the file has it").format(
            n=self.rows, name=self.name
        ))  # fmt: skip
        if self.without_cells:
            text = _("{n} more are not in it: import {name} again, which changes nothing, then write the sheet again")
            screen.line(text.format(n=self.without_cells, name=self.name), "yellow")
        command = f"retcli import {quoted(self.file.name)}" + (" --map FILE" if self.mapped else "")
        screen.line(_("Mend the rows, keep the headings, then: {command}").format(command=command))
