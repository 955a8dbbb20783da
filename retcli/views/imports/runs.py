"""The heartbeat of the nightly import: when it last went through."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from retcli.language import _
from retcli.views.base import when
from retcli.views.documents import Documented

LATE = timedelta(hours=36)
"""How long ago the nightly import may have gone through: after that a night was missed, with half a day to spare."""


@dataclass(frozen=True)
class Heartbeat(Documented):
    """When the nightly import first ran and last went through (UTC); None for never."""

    KEYS = ("last_success_at",)

    first_at: datetime | None = None
    last_success_at: datetime | None = None

    def late(self, now: datetime) -> bool:
        """Whether a night was missed; never where no nightly import ever ran."""
        since = self.last_success_at or self.first_at
        return since is not None and now - since > LATE

    def sentence(self, now: datetime) -> str:
        """When the nightly import last went through, in the reader's language."""
        if self.first_at is None:
            return _("No nightly import is set up")
        if self.last_success_at is None:
            return _("The nightly import never went through")
        if not self.late(now):
            return _("The nightly import last went through {at}").format(at=when(self.last_success_at))
        hours = (now - self.last_success_at) // timedelta(hours=1)
        if hours < 48:
            text = _("The nightly import last went through {n} hours ago, {at}")
            return text.format(n=hours, at=when(self.last_success_at))
        text = _("The nightly import last went through {n} days ago, {at}")
        return text.format(n=hours // 24, at=when(self.last_success_at))
