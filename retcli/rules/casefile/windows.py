"""How long goods without a fault may be given back: the law's seven days, and what the shop adds to them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from retcli.language import mark
from retcli.rules.casefile.amounts import LineFacts
from retcli.rules.casefile.clocks import window_closes
from retcli.rules.casefile.facts import Calendar, Facts
from retcli.rules.casefile.findings import POLICY, Answer, Fact, Finding
from retcli.rules.casefile.reasons import breach
from retcli.rules.policy.policy import Terms
from retcli.rules.zone import SHANGHAI

WINDOW = "暂行办法 §10"
_LONGEST_HOLIDAY = 12


@dataclass(frozen=True)
class Closing:
    """The exclusive end of a window in UTC; `unsure` where a public holiday might move it and nobody knows yet."""

    at: datetime
    unsure: bool = False


def closing(signed_at: datetime, days: int, calendar: Calendar | None) -> Closing:
    """The end of so many days after the signature; a last day that is a public holiday moves to the first after it
    (民法典 §203).
    """
    at = window_closes(signed_at, days)
    for _day in range(_LONGEST_HOLIDAY):
        last = at.astimezone(SHANGHAI) - timedelta(days=1)
        rests = calendar.is_holiday(last.year, last.month, last.day) if calendar else False
        if not rests:
            return Closing(at, rests is None)
        at += timedelta(days=1)
    return Closing(at)


def inside(facts: Facts, days: int) -> bool:
    """Whether a case was applied for within so many days of the signature; a public holiday at the end moves it on."""
    if facts.signed_at is None or facts.applied_at < window_closes(facts.signed_at, days):
        return True
    return facts.applied_at < closing(facts.signed_at, days, facts.calendar).at


def doubtful(facts: Facts, days: int) -> bool:
    """Whether nobody knows yet if the days that just ended were followed by holidays."""
    if facts.signed_at is None or inside(facts, days):
        return False
    end = closing(facts.signed_at, days, facts.calendar)
    return end.unsure and facts.applied_at < end.at + timedelta(days=_LONGEST_HOLIDAY)


def fee_of(facts: Facts, line: LineFacts) -> int:
    """The fee on a line in basis points: only past the free window, inside the shop's own longer one, and never on
    goods with a fault (消法 §24, §25).
    """
    terms = line.terms
    if facts.signed_at is None or breach(facts.wish.reason) or not terms.fee or terms.extended_days <= terms.days:
        return 0
    free = closing(facts.signed_at, max(terms.days, 7), facts.calendar).at
    return 0 if facts.applied_at < free else terms.fee


def window(facts: Facts, terms: Terms) -> Finding:
    """Whether the notice came in time, by the law or by the shop's own longer window."""
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
    """The seven days; only an application after the plain ones asks the calendar."""
    signed_at = facts.signed_at or facts.applied_at
    plain = window_closes(signed_at)
    return Closing(plain) if facts.applied_at < plain else closing(signed_at, 7, facts.calendar)


def _longer(facts: Facts, terms: Terms, gaps: dict[str, Fact]) -> Finding:
    """Inside the shop's own longer window; with its fee once the free days are over."""
    free = closing(facts.signed_at or facts.applied_at, max(terms.days, 7), facts.calendar).at
    if terms.fee and facts.applied_at >= free:
        gaps = gaps | {"fee": f"{terms.fee / 100:g}%"}
        text = mark(
            "Asked for on {applied}, inside the shop's own {days} days (until {closes}): a fee of {fee} is taken"
        )
        return Finding("window", Answer.YES, POLICY, text, gaps)
    text = mark("Asked for on {applied}, inside the shop's own {days} days (until {closes})")
    return Finding("window", Answer.YES, POLICY, text, gaps)
