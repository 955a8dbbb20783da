"""The view of the staff list."""

from collections.abc import Mapping
from dataclasses import dataclass

from retcli.language import _
from retcli.views.base import Column, Screen, View
from retcli.words import word


@dataclass(frozen=True)
class StaffView(View):
    """Everybody with their role."""

    staff: tuple[Mapping[str, str], ...]

    def draw(self, screen: Screen) -> None:
        """Shows a row for each person."""
        columns = [Column(_("Name")), Column(_("Role"))]
        screen.table(columns, [(person["name"], word(person["role"])) for person in self.staff])
