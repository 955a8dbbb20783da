"""Until when goods without a fault may be given back: the law's seven days, the shop's longer window with its fee, and
holidays at the end of either.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from retcli.language import mark
from retcli.rules.casefile.amount_facts import LineFacts
from retcli.rules.casefile.clocks import window_closes
from retcli.rules.casefile.facts import Calendar, Facts
from retcli.rules.casefile.findings import POLICY, Answer, Fact, Finding
from retcli.rules.casefile.reasons import breach
from retcli.rules.policy.policy import Terms
from retcli.rules.zone import SHANGHAI

WINDOW = "暂行办法 §10"
_LONGEST_HOLIDAY = 12
"""Days after which no public holiday goes on; the longest announced since 2025 had nine (`docs/rules.md` §7)."""


@dataclass(frozen=True)
class Closing:
    """The exclusive end of a window in UTC; `unsure` where a public holiday might move it and that year's calendar is
    not announced yet.
    """

    at: datetime
    unsure: bool = False


def closing(signed_at: datetime, days: int, calendar: Calendar | None) -> Closing:
    """The end of a window of so many days after the signature; a last day that is a public holiday moves it to the
    first day after (民法典 §203).
    """
    at = window_closes(signed_at, days)
    # `at` is already the midnight after the last day, so that the day asked about is the one before it
    for _day in range(_LONGEST_HOLIDAY):
        last = at.astimezone(SHANGHAI) - timedelta(days=1)
        rests = calendar.is_holiday(last.year, last.month, last.day) if calendar else False
        if not rests:
            return Closing(at, rests is None)
        at += timedelta(days=1)
    return Closing(at)


def inside(facts: Facts, days: int) -> bool:
    """Whether a case was applied for within so many days of the signature, moved on by a public holiday at their end;
    always before the signature.
    """
    # the plain end first: most cases need no calendar, which may be missing
    if facts.signed_at is None or facts.applied_at < window_closes(facts.signed_at, days):
        return True
    return facts.applied_at < closing(facts.signed_at, days, facts.calendar).at


def doubtful(facts: Facts, days: int) -> bool:
    """Whether the days ended so recently that holidays might still reach to the application, in a year whose calendar
    is not announced yet.
    """
    if facts.signed_at is None or inside(facts, days):
        return False
    end = closing(facts.signed_at, days, facts.calendar)
    return end.unsure and facts.applied_at < end.at + timedelta(days=_LONGEST_HOLIDAY)


def fee_of(facts: Facts, line: LineFacts) -> int:
    """The fee on a line in basis points of the refund: only after the free days of the shop's longer window, never on
    goods with a fault (消法 §24, §25).
    """
    terms = line.terms
    if facts.signed_at is None or breach(facts.wish.reason) or not terms.fee or terms.extended_days <= terms.days:
        return 0
    # the free days are never fewer than the law's seven, whatever the terms say
    free = closing(facts.signed_at, max(terms.days, 7), facts.calendar).at
    return 0 if facts.applied_at < free else terms.fee


def window(facts: Facts, terms: Terms) -> Finding:
    """Whether the buyer's notice came in time, by the law's seven days or the shop's longer window (暂行办法 §10)."""
    if facts.signed_at is None:
        return Finding("window", Answer.YES, WINDOW, mark("Not signed for yet: the seven days have not begun"))
    statute = _statute(facts)
    gaps: dict[str, Fact] = {"signed": facts.signed_at, "closes": statute.at, "applied": facts.applied_at}
    if facts.applied_at < statute.at:
        text = mark("Asked for on {applied}, inside the seven days (signed {signed}, open until {closes})")
        return Finding("window", Answer.YES, WINDOW, text, gaps)
    last = closing(facts.signed_at, terms.last_day, facts.calendar)
    if terms.last_day > 7 and facts.applied_at < last.at:
        return _longer(facts, terms, gaps | {"closes": last.at, "days": terms.last_day})
    if statute.unsure and facts.applied_at < statute.at + timedelta(days=_LONGEST_HOLIDAY):
        text = mark(
            "Asked for on {applied}, after {closes}; the calendar of that year is missing: was the last day a holiday?"
        )
        return Finding("window", Answer.PERSON, "民法典 §203", text, gaps)
    text = mark("Asked for on {applied}, after the seven days ended (signed {signed}, ended {closes})")
    return Finding("window", Answer.NO, WINDOW, text, gaps | {"closes": last.at if terms.last_day > 7 else statute.at})


def _statute(facts: Facts) -> Closing:
    """The end of the law's seven days; the calendar is asked only for an application after the plain ones."""
    signed_at = facts.signed_at or facts.applied_at
    plain = window_closes(signed_at)
    return Closing(plain) if facts.applied_at < plain else closing(signed_at, 7, facts.calendar)


def _longer(facts: Facts, terms: Terms, gaps: dict[str, Fact]) -> Finding:
    """The yes inside the shop's own longer window, with its fee once the free days are over."""
    free = closing(facts.signed_at or facts.applied_at, max(terms.days, 7), facts.calendar).at
    if terms.fee and facts.applied_at >= free:
        gaps = gaps | {"fee": f"{terms.fee / 100:g}%"}
        text = mark(
            "Asked for on {applied}, inside the shop's own {days} days (until {closes}): a fee of {fee} is taken"
        )
        return Finding("window", Answer.YES, POLICY, text, gaps)
    text = mark("Asked for on {applied}, inside the shop's own {days} days (until {closes})")
    return Finding("window", Answer.YES, POLICY, text, gaps)
