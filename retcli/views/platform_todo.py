"""What must still be clicked on the platform, as people and scripts see it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from retcli.language import _
from retcli.rules.money import Money
from retcli.views.base import Column, Screen, View, instant, money, money_text, when
from retcli.views.words import word


@dataclass(frozen=True)
class ActionItem:
    """One thing to click in the platform's back-end."""

    case: str
    platform_number: str
    order: str
    action: str
    money: Money
    due_at: datetime | None
    state: str
    paste: str = ""
    missed: int = 0


@dataclass(frozen=True)
class TodoView(View):
    """What must still be clicked on the platform."""

    items: tuple[ActionItem, ...]
    heading: str = ""

    def document(self) -> dict[str, Any]:
        """`items[]`."""
        return {
            "items": [
                {
                    "case": item.case,
                    "platform_number": item.platform_number,
                    "order": item.order,
                    "action": item.action,
                    "money": money(item.money),
                    "due_at": instant(item.due_at),
                    "state": item.state,
                    "paste": item.paste,
                    "missed": item.missed,
                }
                for item in self.items
            ]
        }

    def draw(self, screen: Screen) -> None:
        """One action a row, with what to paste."""
        if not self.items:
            screen.line(_("Nothing to click on the platform"))
            return
        columns = [Column(_("Case"), "id"), Column(_("Refund number"), "id"), Column(_("To click"))]
        columns += [Column(_("Amount"), "money"), Column(_("By"), "time")]
        rows = [
            (x.case, x.platform_number or x.order, _what(x), money_text(x.money), when(x.due_at)) for x in self.items
        ]
        screen.table(columns, rows, self.heading)
        screen.line(_("When they are clicked: retcli platform done CASE"))


def _what(item: ActionItem) -> str:
    """The click, what to paste, and whether it was said to be done before and was not."""
    missed = _("(marked as clicked before; the platform still waits)") if item.missed else ""
    return " ".join(part for part in (word(item.action), item.paste, missed) if part)
