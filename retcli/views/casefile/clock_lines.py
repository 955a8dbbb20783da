"""Deadlines in words: which one it is, until when, how long is left."""

from datetime import datetime, timedelta

from retcli.language import _, aside
from retcli.rules.casefile.clocks import Clock, Source
from retcli.views.base import until
from retcli.words import word


def with_doubt(deadline: str, *, estimated: bool, unverified: bool) -> str:
    """A deadline with what is to be said behind it: that it was computed, or that nobody has verified the click that
    met it.
    """
    return aside(deadline, _("not verified") if unverified else _("estimated") if estimated else "")


def clock_word(name: str, source: str, *, estimated: bool) -> str:
    """The word for a clock; the time for the answer is the platform's own deadline where its file tells it."""
    by_file = name == "first_reply" and source == Source.PLATFORM and not estimated
    return word("platform" if by_file else name, "clock")


def clock_line(clock: Clock) -> str:
    """A clock as one line."""
    name = clock_word(clock.name, clock.source, estimated=clock.estimated)
    text = _("{name}: by {at}").format(name=name, at=until(clock.due_at))
    return with_doubt(text, estimated=clock.estimated, unverified=clock.unverified)


def is_over(clock: Clock, now: datetime) -> bool:
    """Whether a clock has run out, unless by a click that nobody has verified yet."""
    return clock.due_at <= now and not clock.unverified


def pressing_line(clock: Clock, now: datetime) -> str:
    """The clock that counts, with how long is left, or since when it is over, and whose time it is."""
    name = clock_word(clock.name, clock.source, estimated=clock.estimated)
    text = _("{name}: by {at}, {left}").format(name=name, at=until(clock.due_at), left=time_left(clock.due_at - now))
    if clock.source == Source.PLATFORM and not clock.estimated and not clock.unverified:
        return aside(text, _("the platform's time, from its file"))
    return with_doubt(text, estimated=clock.estimated, unverified=clock.unverified)


def time_left(left: timedelta) -> str:
    """How long is left, or since when it is over."""
    text = _("{spell} overdue") if left <= timedelta(0) else _("{spell} left")
    return text.format(spell=spell(left))


def spell(left: timedelta) -> str:
    """A spell of time either way, in days, hours or minutes."""
    minutes = abs(left) // timedelta(minutes=1)
    if minutes >= 48 * 60:
        return _("{n} days").format(n=minutes // (24 * 60))
    return _("{n} hours").format(n=minutes // 60) if minutes >= 60 else _("{n} minutes").format(n=minutes)
