"""The view of the day in three lines: cases, money, files."""

from collections.abc import Iterator
from dataclasses import dataclass

from retcli.language import _, clauses
from retcli.views.base import Screen, View, draw_next
from retcli.views.insight.freshness import next_downloads
from retcli.views.insight.today import TodayView


@dataclass(frozen=True)
class BriefDay(View):
    """The day's list in three lines."""

    day: TodayView

    def draw(self, screen: Screen) -> None:
        """Shows three lines and the command for the whole list."""
        screen.line(self._cases(), "red" if self._urgent("overdue") else "")
        screen.line(self._money())
        screen.line(self._files())
        draw_next(screen, "retcli today")

    def _urgent(self, urgency: str) -> int:
        """How many things to do are of an urgency."""
        return sum(item.urgency == urgency for item in self.day.items)

    def _cases(self) -> str:
        """How many cases are to do, overdue and due soon."""
        text = _("Cases: {n} to do, {overdue} overdue, {soon} due within four hours")
        return text.format(n=len(self.day.items), overdue=self._urgent("overdue"), soon=self._urgent("soon"))

    def _money(self) -> str:
        """How many payouts are due, wait for a second person, and how many clicks wait."""
        payouts = self.day.payouts
        text = _("Money: {due} payouts due, {waiting} wait for a second person; {clicks} clicks wait on the platform")
        return text.format(due=payouts.payouts_due.count, waiting=payouts.payouts_waiting.count, clicks=self.day.clicks)

    def _files(self) -> str:
        """The line about files."""
        return _("Files: {state}").format(state=clauses(self._states()) or _("all fresh"))

    def _states(self) -> Iterator[str]:
        """Reports to be downloaded, a nightly import that stays away, questions that are open."""
        if wanted := next_downloads(self.day.files):
            yield wanted
        if self.day.night.late(self.day.at):
            yield self.day.night.sentence(self.day.at)
        if self.day.questions:
            yield _("{n} changes need your word").format(n=self.day.questions)
