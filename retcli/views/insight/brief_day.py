"""The day in three lines."""

from collections.abc import Iterator
from dataclasses import dataclass

from retcli.language import _, clauses
from retcli.views.base import Screen, View, draw_next
from retcli.views.insight.freshness import next_downloads
from retcli.views.insight.today import TodayView


@dataclass(frozen=True)
class BriefDay(View):
    """What matters of the day's list: cases, money, files; and the command for the whole of it."""

    day: TodayView

    def draw(self, screen: Screen) -> None:
        """Three lines and the next command."""
        screen.line(self._cases(), "red" if self._urgent("overdue") else "")
        screen.line(self._money())
        screen.line(self._files())
        draw_next(screen, "retcli today")

    def _urgent(self, urgency: str) -> int:
        return sum(item.urgency == urgency for item in self.day.items)

    def _cases(self) -> str:
        text = _("Cases: {n} to do, {overdue} overdue, {soon} due within four hours")
        return text.format(n=len(self.day.items), overdue=self._urgent("overdue"), soon=self._urgent("soon"))

    def _money(self) -> str:
        payouts = self.day.payouts
        text = _("Money: {due} payouts due, {waiting} wait for a second person; {clicks} clicks wait on the platform")
        return text.format(due=payouts.payouts_due.count, waiting=payouts.payouts_waiting.count, clicks=self.day.clicks)

    def _files(self) -> str:
        return _("Files: {state}").format(state=clauses(self._states()) or _("all fresh"))

    def _states(self) -> Iterator[str]:
        """What is old of them, what came by night, what needs a word."""
        if wanted := next_downloads(self.day.files):
            yield wanted
        if self.day.night.late(self.day.at):
            yield self.day.night.sentence(self.day.at)
        if self.day.questions:
            yield _("{n} changes need your word").format(n=self.day.questions)
