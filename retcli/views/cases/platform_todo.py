"""The view of the clicks that must still be made in the platforms' back-ends (待点)."""

from dataclasses import dataclass
from datetime import datetime

from retcli.language import _
from retcli.rules.money.minor_units import Money
from retcli.views.base import Column, Screen, View, draw_next, money_text, when
from retcli.views.documents import Documented
from retcli.views.money.unready_click import UnreadyClick
from retcli.words import word


def other_kind(there: str, here: str) -> str:
    """The sentence that a buyer applied on the platform for another kind than the case's, by the codes of both."""
    text = _("the buyer applied for {there} there: have them change it to {here}, or withdraw it")
    return text.format(there=word(there), here=word(here))


@dataclass(frozen=True)
class ActionItem(Documented):
    """One click to be made in the platform's back-end."""

    case: str
    platform_number: str
    order: str
    action: str
    money: Money
    due_at: datetime | None
    estimated: bool  # the platform named no deadline
    state: str
    paste: str = ""  # what is to be pasted there
    missed: int = 0  # how often it was marked as made and was not
    unready: UnreadyClick | None = None  # why a click that pays is not to be made yet
    after: str = ""  # another click of the case, which comes first
    another: str = ""  # the sentence that something else was applied for there


@dataclass(frozen=True)
class HeldClick(Documented):
    """A click that pays and is held, since its money waits for a person's word. `left` may leave until then where a
    file says that less was paid on the order (None: no such question); `next` is the command that takes the case on.
    `asked` is what the buyer applied for there where nothing is let go for it here; `money` was agreed to then;
    `foreign` says that nothing is since goods of another order came back.
    """

    case: str
    action: str
    money: Money
    left: Money | None
    next: str
    asked: Money | None = None
    foreign: bool = False

    def sentence(self) -> str:
        """The case, its click, and the command that it waits for."""
        if self.foreign:
            asked = money_text(self.asked or self.money)
            text = _("{case} not yet: {click} {asked}; what came back is not all of this order: {next}")
            return text.format(case=self.case, click=word(self.action), asked=asked, next=self.next)
        if self.asked is not None:
            text = _("{case} not yet: {click}; {asked} asked for there, {agreed} agreed to and not let go: {next}")
            sums = {"asked": money_text(self.asked), "agreed": money_text(self.money)}
            return text.format(case=self.case, click=word(self.action), next=self.next, **sums)
        text = _("{case} {click} {money} waits: {next}")
        if self.left is not None:
            text = _("{case} {click} {money} waits, at most {left} may leave until then: {next}")
        left = money_text(self.left) if self.left is not None else ""
        shown = {"money": money_text(self.money), "left": left, "next": self.next}
        return text.format(case=self.case, click=word(self.action), **shown)


@dataclass(frozen=True)
class TodoView(View):
    """The clicks to be made, and those that are held; `done`: some were just marked as clicked, and others of the same
    cases wait.
    """

    KEYS = ("items", "held")

    items: tuple[ActionItem, ...]
    done: bool = False
    held: tuple[HeldClick, ...] = ()

    def draw(self, screen: Screen) -> None:
        """Shows a row for each click, then the held ones; a line for each that was marked as clicked."""
        if self.done:
            self._clicked(screen)
            return
        if self.items:
            self._table(screen)
        elif not self.held:
            screen.line(_("Nothing to click on the platform"))
        for each in self.held:
            screen.line(each.sentence())

    def _table(self, screen: Screen) -> None:
        """Shows the clicks as a table."""
        columns = [Column(_("Case"), "id"), Column(_("Refund number"), "id"), Column(_("To click"))]
        columns += [Column(_("Amount"), "money"), Column(_("By"), "time")]
        rows = [
            (item.case, item.platform_number or item.order, _what(item), _to_send(item) or "-", _by(item))
            for item in self.items
        ]
        screen.table(columns, rows)
        if not all(item.unready or item.after or item.another for item in self.items):
            screen.line(_("When they are clicked: retcli platform done CASE"))
        for item in self.items:
            if item.unready and not item.after:
                text = _("{case} is not clicked before: {next}")
                screen.line(text.format(case=item.case, next=item.unready.next))

    def _clicked(self, screen: Screen) -> None:
        """Shows the clicks that were marked as made, and what is to be clicked next of the same cases."""
        for item in self.items:
            text = _("{case} still to click: {what}") if item.state == "todo" else _("{case} marked as clicked: {what}")
            screen.line(text.format(case=item.case, what=f"{word(item.action)} {_amount(item)}".rstrip()))
        draw_next(screen, "retcli platform todo", _("The platform's next report verifies it; what is left"))


def _by(item: ActionItem) -> str:
    """The deadline without its year, said to be about then where it was computed; a dash for none."""
    by = when(item.due_at)[5:] if item.due_at else "-"
    return _("about {at}").format(at=by) if item.estimated and item.due_at else by


def _amount(item: ActionItem) -> str:
    """The money that a click moves; "" for one that moves none."""
    return money_text(item.money) if item.money else ""


def _to_send(item: ActionItem) -> str:
    """The money that a click moves; "" while it is not to be made."""
    return "" if item.unready or item.after or item.another else _amount(item)


def _what(item: ActionItem) -> str:
    """The click in words, with what to paste and whether it was marked as made before; or why it is not to be
    made yet.
    """
    if item.another:
        return _("Not yet: {click}; {why}").format(click=word(item.action), why=item.another)
    if item.after:
        return _("Not yet: {click}; first {other}").format(click=word(item.action), other=word(item.after))
    if item.unready:
        return _("Not yet: {click}; {why}").format(click=word(item.action), why=item.unready.sentence())
    missed = _("(marked as clicked before; the platform still waits)") if item.missed else ""
    return " ".join(part for part in (word(item.action), item.paste, missed) if part)
