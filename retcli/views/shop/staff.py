"""The view of the staff list."""

from collections.abc import Mapping
from dataclasses import dataclass

from retcli.language import _, mark
from retcli.shellwords import quoted
from retcli.views.base import Column, Screen, View, draw_next
from retcli.words import word


@dataclass(frozen=True)
class StaffChange:
    """A change of the staff list: ``added``, ``role``, ``renamed`` or ``left``; who, and their role, or name, after
    it.
    """

    what: str
    name: str
    role: str = ""
    new_name: str = ""

    def sentence(self) -> str:
        """What was done."""
        return _(_CHANGES[self.what]).format(who=self.name, role=word(self.role), new=self.new_name)

    @property
    def next(self) -> str:
        """The command that comes next: the day as that person sees it, or the list of everybody."""
        who = self.new_name or self.name
        return "retcli staff list" if self.what == "left" else f"retcli --operator {quoted(who)} today"


_CHANGES = {
    "added": mark("{who} added, as {role}"),
    "role": mark("{who} is {role} now"),
    "renamed": mark("{who} is called {new} now"),
    "left": mark("{who} left: what they did stays, they can do nothing in these books any more"),
}


@dataclass(frozen=True)
class StaffView(View):
    """Everybody with their role; of a `change` that was just made, only the line about it is shown."""

    KEYS = ("staff",)

    staff: tuple[Mapping[str, str], ...]
    change: StaffChange | None = None

    def draw(self, screen: Screen) -> None:
        """Shows the change, else a row for each person."""
        if self.change:
            screen.line(self.change.sentence(), "bold")
            draw_next(screen, self.change.next)
            return
        columns = [Column(_("Name")), Column(_("Role"))]
        screen.table(columns, [(person["name"], word(person["role"])) for person in self.staff])
