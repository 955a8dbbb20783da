"""Refused rows that nobody has settled, as the day's list names them, and that a person has seen them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from retcli.language import _
from retcli.rules.money.minor_units import Money
from retcli.views.base import Screen, View, draw_next
from retcli.views.documents import Documented, amounts
from retcli.views.sums import sums_text


@dataclass(frozen=True)
class OpenFaults(Documented):
    """How many refused rows wait for somebody, of how many files, what they come to in each currency (minor units;
    nothing where that is not known), and the number of the import to begin with (0: none).
    """

    KEYS = ("rows", "files", "money", "number")

    rows: int = 0
    files: int = 0
    sums: Mapping[str, int] = field(default_factory=dict)
    number: int = 0

    @property
    def money(self) -> tuple[Money, ...]:
        """What they come to, an amount for each currency."""
        return amounts(self.sums)

    def sentence(self) -> str:
        """All of it in one line, with the command."""
        counted = _("{n} rows of {files} files were refused").format(n=self.rows, files=self.files)
        if self.sums:
            counted = _("{counted}, {money}").format(counted=counted, money=sums_text(self.sums))
        begun_with = self.number
        return _("{waiting}: {command}").format(waiting=counted, command=f"retcli imports faults {begun_with}")


@dataclass(frozen=True)
class FaultsSeenView(View):
    """That the refused rows of an import were seen."""

    KEYS = ("file", "import_", "rows")

    file: str
    number: int
    rows: int

    @property
    def import_(self) -> str:
        """The number of the import, as commands take it."""
        return str(self.number)

    def draw(self, screen: Screen) -> None:
        """Says which rows, and what comes next."""
        screen.line(_("{file}: {n} refused rows seen").format(file=self.file, n=self.rows), "bold")
        draw_next(screen, "retcli today")
