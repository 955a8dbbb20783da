"""What became of a whole group of cases that was approved one by one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from retcli.errors import RetcliError
from retcli.language import _, series
from retcli.rules.money.minor_units import Money
from retcli.views.base import Said, Screen, View, money_text
from retcli.views.casefile.cases import CaseView
from retcli.views.cases.queue import Seen, Stopped, sums, sums_text
from retcli.views.documents import Documented, amounts

INTERRUPTED = 130


@dataclass(frozen=True)
class CaseAmount(Documented):
    """A case of the group, and what is due on it."""

    case: str
    money: Money


@dataclass(frozen=True)
class PassedOver(Documented):
    """A case of the group that was not done, what is due on it, and why."""

    case: str
    money: Money
    why: str


@dataclass(frozen=True)
class GroupDoneView(View):
    """Approved with its amounts, passed over with why; where it was cut off, what broke it, what was not done, and of
    what nobody knows whether it was saved.
    """

    KEYS: ClassVar[tuple[str, ...]] = ("approved", "skipped", "money", "**cut")

    total: int
    approved: tuple[CaseAmount, ...] = ()
    skipped: tuple[PassedOver, ...] = ()
    left: tuple[Seen, ...] = ()
    uncertain: tuple[Seen, ...] = ()
    broken: RetcliError | KeyboardInterrupt | None = None

    def without(self, stopped: Sequence[Stopped]) -> Self:
        """Those that something stops are passed over from the beginning."""
        passed = (PassedOver(each.case, each.money, each.why) for each in stopped)
        return replace(self, skipped=(*self.skipped, *passed))

    def with_one(self, view: View) -> Self:
        """One more approved."""
        assert isinstance(view, CaseView)
        return replace(self, approved=(*self.approved, CaseAmount(view.number, view.due)))

    def with_skipped(self, number: str, due: Money, why: str) -> Self:
        """One more passed over."""
        return replace(self, skipped=(*self.skipped, PassedOver(number, due, why)))

    def cut_off(self, left: Sequence[Seen], broken: RetcliError | KeyboardInterrupt | None) -> Self:
        """The end before its time; `left` begins with the case at which it broke, which may be saved where somebody
        interrupted.
        """
        unknown = 1 if isinstance(broken, KeyboardInterrupt) or getattr(broken, "code", "") == "uncertain" else 0
        return replace(self, uncertain=tuple(left[:unknown]), left=tuple(left[unknown:]), broken=broken)

    @property
    def last(self) -> Said:
        """The line of the case that was approved last."""
        newest = self.approved[-1]
        text = _("{case} approved, {money} ({n} of {total})")
        return Said(
            text.format(case=newest.case, money=money_text(newest.money), n=len(self.approved), total=self.total)
        )

    @property
    def exit_code(self) -> int:
        """That of what broke it; else 3 where something was passed over: somebody looks at it."""
        if isinstance(self.broken, RetcliError):
            return self.broken.exit_code
        if self.broken is not None:
            return INTERRUPTED
        return 3 if self.skipped else 0

    @property
    def complaints(self) -> tuple[str, ...]:
        """What broke it, and the way out."""
        if isinstance(self.broken, RetcliError):
            lines = (_("Error: {text}").format(text=self.broken.message),)
            return (*lines, _("Try: {hint}").format(hint=self.broken.hint)) if self.broken.hint else lines
        return (_("Interrupted"),) if self.broken is not None else ()

    @property
    def money(self) -> tuple[Money, ...]:
        """What was done, an amount a currency."""
        return amounts(sums(each.money for each in self.approved))

    @property
    def cut(self) -> dict[str, Any] | None:
        """Where it was cut off: what is left, what nobody knows of, and what broke it; None where it was not."""
        if self.broken is None:
            return None
        interrupted = {"error": {"code": "interrupted", "message": _("Interrupted"), "hint": "", "where": {}}}
        broken = self.broken.document() if isinstance(self.broken, RetcliError) else interrupted
        return {"left": _amounts_of(self.left), "uncertain": _amounts_of(self.uncertain)} | broken

    @property
    def summary(self) -> str:
        """How many were done, for how much, and which were not."""
        return "\n".join([*self._head(), *self._not_done()])

    def _head(self) -> list[str]:
        text = _("{n} approved, {money}")
        return [text.format(n=len(self.approved), money=sums_text(sums(each.money for each in self.approved)))]

    def _not_done(self) -> list[str]:
        """Those of which nobody knows, and those that were not reached, by number."""
        lines = [
            _("Not known whether it was saved: retcli case show {case}").format(case=case.number)
            for case in self.uncertain
        ]
        if self.left:
            names = series(seen.number for seen in self.left)
            lines.append(self._not_reached(names))
        return lines

    def _not_reached(self, names: str) -> str:
        return _("Not approved ({n}): {cases}").format(n=len(self.left), cases=names)

    def draw(self, screen: Screen) -> None:
        """The sums, then what was passed over and what was not done, each by name."""
        for line in self.summary.split("\n"):
            screen.line(line, "bold")
        if self.skipped:
            passed = sums_text(sums(each.money for each in self.skipped))
            screen.line(_("{n} passed over, {money}:").format(n=len(self.skipped), money=passed), "yellow")
        for each in self.skipped:
            screen.line(f"  {each.case}  {each.why}")


def _amounts_of(cases: Sequence[Seen]) -> list[CaseAmount]:
    return [CaseAmount(seen.number, seen.due) for seen in cases]
