"""The view of completion: the script by which each shell asks retcli for what can be typed, and how it is installed."""

from dataclasses import dataclass

from retcli.language import _
from retcli.views.base import Screen, View
from retcli.views.documents import Documented


@dataclass(frozen=True)
class ShellScript(Documented):
    """A shell, the lines that install its script, and the script."""

    shell: str
    install: str
    script: str


@dataclass(frozen=True)
class CompletionView(View):
    """The script of one shell; with `explained` for people: how it is installed, for each of several shells."""

    KEYS = ("shells",)

    shells: tuple[ShellScript, ...]
    explained: bool

    def draw(self, screen: Screen) -> None:
        """Shows the script line by line, or for people the line that installs it."""
        if not self.explained:
            screen.verbatim(self.shells[0].script)
            return
        screen.line(_("TAB then offers commands, options, case numbers and words. Type what your shell needs, once:"))
        for each in self.shells:
            screen.line()
            screen.line(each.shell, "bold")
            for line in each.install.splitlines():
                screen.line(f"  {line}")
        screen.line()
        screen.line(_("It holds from the next terminal that you open. Whatever TAB shows, names are masked."))
