"""The view of a group of cases that was approved one by one: what was done, passed over, and not reached."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from retcli.errors import RetcliError
from retcli.language import _, series
from retcli.rules.money.minor_units import Money
from retcli.views.base import Said, Screen, View, draw_next, money_text
from retcli.views.casefile.cases import CaseView
from retcli.views.cases.queue import Seen, Stopped
from retcli.views.documents import Documented, amounts
from retcli.views.sums import sums, sums_text

INTERRUPTED = 130
"""The exit code of a call that was interrupted (Ctrl-C)."""


@dataclass(frozen=True)
class CaseAmount(Documented):
    """A case of the group with the amount that is due on it."""

    case: str
    money: Money


@dataclass(frozen=True)
class PassedOver(Documented):
    """A case of the group that was passed over, with what is due on it, and why."""

    case: str
    money: Money
    why: str


@dataclass(frozen=True)
class Waits:
    """A payout of the group, by its number, that waits for a second person."""

    case: str
    number: str
    money: Money


@dataclass(frozen=True)
class GroupDoneView(View):
    """A group that is being worked off or is done: approved and skipped cases, and payouts that wait. Where it was cut
    off, `broken` is what did that, `left` was not reached, and of `uncertain` nobody knows whether it was saved.
    """

    KEYS: ClassVar[tuple[str, ...]] = ("approved", "skipped", "money", "waiting", "**cut")
    NEXT: ClassVar[str] = "retcli case review\nretcli platform todo"

    total: int
    approved: tuple[CaseAmount, ...] = ()
    skipped: tuple[PassedOver, ...] = ()
    left: tuple[Seen, ...] = ()
    uncertain: tuple[Seen, ...] = ()
    broken: RetcliError | KeyboardInterrupt | None = None
    waits: tuple[Waits, ...] = ()

    def without(self, stopped: Sequence[Stopped]) -> Self:
        """The view with the cases added to the skipped ones that something stops from the beginning."""
        passed = (PassedOver(each.case, each.money, each.why) for each in stopped)
        return replace(self, skipped=(*self.skipped, *passed))

    def with_one(self, view: View) -> Self:
        """The view with one more approved case."""
        assert isinstance(view, CaseView)
        waits = (Waits(view.number, each.number, each.money) for each in view.payouts if each.state == "waiting")
        approved = *self.approved, CaseAmount(view.number, view.due)
        return replace(self, approved=approved, waits=(*self.waits, *waits))

    def with_skipped(self, number: str, due: Money, why: str) -> Self:
        """The view with one more skipped case."""
        return replace(self, skipped=(*self.skipped, PassedOver(number, due, why)))

    def cut_off(self, left: Sequence[Seen], broken: RetcliError | KeyboardInterrupt | None) -> Self:
        """The view of a group that ended before its time; `left` begins with the case at which it broke."""
        # an interruption, or an error of the commit itself, may come after that case was saved
        unknown = 1 if isinstance(broken, KeyboardInterrupt) or getattr(broken, "code", "") == "uncertain" else 0
        return replace(self, uncertain=tuple(left[:unknown]), left=tuple(left[unknown:]), broken=broken)

    @property
    def last(self) -> Said:
        """The line about the case that was approved last."""
        newest = self.approved[-1]
        text = _("{case} approved, {money} ({n} of {total})")
        return Said(
            text.format(case=newest.case, money=money_text(newest.money), n=len(self.approved), total=self.total)
        )

    @property
    def exit_code(self) -> int:
        """The code of what broke the group off; else 3 where something was skipped or waits for a second person, else
        0.
        """
        if isinstance(self.broken, RetcliError):
            return self.broken.exit_code
        if self.broken is not None:
            return INTERRUPTED
        return 3 if self.skipped or self.waits else 0

    @property
    def complaints(self) -> tuple[str, ...]:
        """What broke the group off, and the way out."""
        if isinstance(self.broken, RetcliError):
            lines = (_("Error: {text}").format(text=self.broken.message),)
            return (*lines, _("Try: {hint}").format(hint=self.broken.hint)) if self.broken.hint else lines
        return (_("Interrupted"),) if self.broken is not None else ()

    @property
    def money(self) -> tuple[Money, ...]:
        """What was approved, an amount for each currency."""
        return amounts(sums(each.money for each in self.approved))

    @property
    def waiting(self) -> tuple[Money, ...]:
        """What waits for a second person, an amount for each currency."""
        return amounts(sums(each.money for each in self.waits))

    @property
    def cut(self) -> dict[str, Any] | None:
        """The keys of a group that was cut off: what is left, what is uncertain, and the error; None for another."""
        if self.broken is None:
            return None
        interrupted = {"error": {"code": "interrupted", "message": _("Interrupted"), "hint": "", "where": {}}}
        broken = self.broken.document() if isinstance(self.broken, RetcliError) else interrupted
        return {"left": _amounts_of(self.left), "uncertain": _amounts_of(self.uncertain)} | broken

    @property
    def summary(self) -> str:
        """Lines about how many were done, for how much, and which were not."""
        return "\n".join([*self._head(), *self._not_done()])

    def _head(self) -> list[str]:
        """How many were approved, and for how much; then what waits."""
        text = _("{n} approved, {money}")
        money = sums_text(sums(each.money for each in self.approved))
        return [text.format(n=len(self.approved), money=money), *self._waiting()]

    def _waiting(self) -> list[str]:
        """How many payouts wait for a second person and for how much, then each with the command that lets it go."""
        if not self.waits:
            return []
        text = _("{n} wait for a second person, {money}:")
        money = sums_text(sums(each.money for each in self.waits))
        each_one = (f"  {each.case}  {money_text(each.money)}  retcli pay approve {each.number}" for each in self.waits)
        return [text.format(n=len(self.waits), money=money), *each_one]

    def _not_done(self) -> list[str]:
        """The cases that are uncertain, and those that were not reached, by number."""
        lines = [
            _("Not known whether it was saved: retcli case show {case}").format(case=case.number)
            for case in self.uncertain
        ]
        if self.left:
            names = series(seen.number for seen in self.left)
            lines.append(self._not_reached(names))
        return lines

    def _not_reached(self, names: str) -> str:
        """The line about the cases that were not reached."""
        return _("Not approved ({n}): {cases}").format(n=len(self.left), cases=names)

    def draw(self, screen: Screen) -> None:
        """Shows the summary, then each skipped case with why."""
        for line in self.summary.split("\n"):
            screen.line(line, "bold")
        if self.skipped:
            passed = sums_text(sums(each.money for each in self.skipped))
            screen.line(_("{n} passed over, {money}:").format(n=len(self.skipped), money=passed), "yellow")
        for each in self.skipped:
            screen.line(f"  {each.case}  {each.why}")
        draw_next(screen, self.next)

    @property
    def next(self) -> str:
        """The commands that come next; none where nothing was done."""
        return self.NEXT if self.approved else ""


def _amounts_of(cases: Sequence[Seen]) -> list[CaseAmount]:
    """The cases with what is due on each."""
    return [CaseAmount(seen.number, seen.due) for seen in cases]
