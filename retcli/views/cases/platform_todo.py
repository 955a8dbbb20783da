"""What must still be clicked on the platform, as people and scripts see it."""

from dataclasses import dataclass
from datetime import datetime

from retcli.language import _
from retcli.rules.money.minor_units import Money
from retcli.views.base import Column, Screen, View, money_text, when
from retcli.views.casefile.clock_lines import with_doubt
from retcli.views.documents import Documented
from retcli.views.money.unready_click import UnreadyClick
from retcli.words import word


@dataclass(frozen=True)
class ActionItem(Documented):
    """One thing to click in the platform's back-end; its deadline is `estimated` where the platform told none. One that
    pays is not to be made while it is `unready`.
    """

    case: str
    platform_number: str
    order: str
    action: str
    money: Money
    due_at: datetime | None
    estimated: bool
    state: str
    paste: str = ""
    missed: int = 0
    unready: UnreadyClick | None = None


@dataclass(frozen=True)
class HeldClick(Documented):
    """A click that pays and is not to be made, since its money waits for a person's word; `left` is what may leave
    until then where a file says that less was paid, `next` the command that takes the case on.
    """

    case: str
    action: str
    money: Money
    left: Money | None
    next: str

    def sentence(self) -> str:
        """The case, its click, and what it waits for."""
        text = _("{case} {click} {money} waits: {next}")
        if self.left is not None:
            text = _("{case} {click} {money} waits, at most {left} may leave until then: {next}")
        left = money_text(self.left) if self.left is not None else ""
        shown = {"money": money_text(self.money), "left": left, "next": self.next}
        return text.format(case=self.case, click=word(self.action), **shown)


@dataclass(frozen=True)
class TodoView(View):
    """What must still be clicked on the platform, and what waits for a person's word first; `done` where it was just
    marked as clicked.
    """

    KEYS = ("items", "held")

    items: tuple[ActionItem, ...]
    done: bool = False
    held: tuple[HeldClick, ...] = ()

    def draw(self, screen: Screen) -> None:
        """One action a row, with what to paste; of those marked as clicked one line each."""
        if self.done:
            self._clicked(screen)
            return
        if not self.items:
            screen.line(_("Nothing to click on the platform"))
        else:
            self._table(screen)
        for each in self.held:
            screen.line(each.sentence())

    def _table(self, screen: Screen) -> None:
        columns = [Column(_("Case"), "id"), Column(_("Refund number"), "id"), Column(_("To click"))]
        columns += [Column(_("Amount"), "money"), Column(_("By"), "time")]
        rows = [
            (item.case, item.platform_number or item.order, _what(item), _to_send(item) or "-", _by(item))
            for item in self.items
        ]
        screen.table(columns, rows)
        screen.line(_("When they are clicked: retcli platform done CASE"))

    def _clicked(self, screen: Screen) -> None:
        for item in self.items:
            text = _("{case} marked as clicked: {what}")
            screen.line(text.format(case=item.case, what=f"{word(item.action)} {_amount(item)}".rstrip()))
        screen.line(_("The platform's next report verifies it: retcli platform todo shows what is left"))


def _by(item: ActionItem) -> str:
    """The deadline, marked where the platform told none and it was computed."""
    return with_doubt(when(item.due_at)[5:], estimated=item.estimated, unverified=False) if item.due_at else "-"


def _amount(item: ActionItem) -> str:
    """The money that a click moves; empty for one that moves none."""
    return money_text(item.money) if item.money else ""


def _to_send(item: ActionItem) -> str:
    """The money that a click moves where it is to be made."""
    return "" if item.unready else _amount(item)


def _what(item: ActionItem) -> str:
    """The click, what to paste, and whether it was said to be done before and was not; or why it is not to be made."""
    if item.unready:
        return _("Not yet: {click}; {why}").format(click=word(item.action), why=item.unready.sentence())
    missed = _("(marked as clicked before; the platform still waits)") if item.missed else ""
    return " ".join(part for part in (word(item.action), item.paste, missed) if part)
