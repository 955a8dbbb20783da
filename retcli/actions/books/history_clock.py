"""Checks of the clock by which the history was written: entries under a clock set by hand, time that runs backwards."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.models.books import Event
from retcli.rules.events import SKEW
from retcli.shop import Shop
from retcli.views.books.check import Problem
from retcli.views.books.clock import ClockFault, ClockStretch
from retcli.views.casefile.highlights import SetClock


def live(shop: Shop) -> bool:
    """Whether these are a shop's books and no rehearsal's, which were founded under a clock set by hand."""
    return not shop.session.scalar(sa.text("SELECT rehearsal FROM events WHERE seq = 1"))


def stretches(shop: Shop) -> list[ClockStretch]:
    """Every stretch of entries in live books that was not written by the real clock, in order; none in a
    rehearsal's.
    """
    if not live(shop):
        return []
    columns = [col(Event.seq), col(Event.at), col(Event.operator), col(Event.rehearsal)]
    rows = shop.session.execute(sa.select(*columns).order_by(col(Event.seq)).execution_options(yield_per=1000))
    return list(_stretches(rows))


def _stretches(rows: Any) -> Iterator[ClockStretch]:
    """The stretches among all entries, which come by their number: number, instant, who, whether the clock was set."""
    latest: datetime | None = None
    running: ClockStretch | None = None
    for seq, written, by, rehearsal in rows:
        at = datetime.fromisoformat(written)
        fault = _fault(at, latest, rehearsal)
        if not rehearsal:  # a clock set into the future would make every entry after it run backwards
            latest = at if latest is None else max(latest, at)
        if running is not None and (running.fault, running.by) == (fault, by):
            running = replace(running, last=seq)
            continue
        if running is not None:
            yield running
        running = ClockStretch(fault, seq, seq, by, at, latest or at) if fault else None
    if running is not None:
        yield running


def _fault(at: datetime, latest: datetime | None, rehearsal: bool) -> ClockFault | None:
    """What is wrong with an entry's instant beside the latest of the real clock before it; clocks of two computers may
    differ a little.
    """
    if rehearsal:
        return ClockFault.REHEARSAL
    return ClockFault.BACKWARDS if latest is not None and latest - at > SKEW else None


def problems(shop: Shop) -> Iterator[Problem]:
    """8: the entries of a shop's books were written when they say, or by an owner who set the clock by hand."""
    allowed = _owners(shop)
    for stretch in stretches(shop):
        if not stretch.is_allowed(allowed):
            yield Problem(8, stretch.where, stretch)


def remarks(shop: Shop) -> Iterator[Problem]:
    """The entries of a shop's books that an owner wrote under a clock set by hand: allowed, and to be known."""
    allowed = _owners(shop)
    for stretch in stretches(shop):
        if stretch.is_allowed(allowed):
            yield Problem(8, stretch.where, stretch)


def _owners(shop: Shop) -> set[str]:
    """Who is or was an owner of the books, by what their history tells: the founder, and whoever was made one."""
    founder = sa.select(col(Event.operator)).where(col(Event.seq) == 1)
    later = sa.select(col(Event.payload)).where(
        col(Event.subject) == "staff", col(Event.payload).contains('"role":"owner"')
    )
    return {*shop.session.scalars(founder), *(json.loads(payload)["name"] for payload in shop.session.scalars(later))}


def rehearsed(shop: Shop, subject: str) -> Iterator[SetClock]:
    """The remark how many entries about a case, or about what hangs on it, were written under a clock set by hand; no
    remark where none were.
    """
    if not live(shop):
        return
    own = sa.or_(col(Event.subject) == subject, col(Event.subject).startswith(f"{subject}/"))
    rows = shop.session.execute(
        sa.select(col(Event.seq), col(Event.operator)).where(own, col(Event.rehearsal)).order_by(col(Event.seq))
    ).all()
    if rows:
        yield SetClock(len(rows), by=rows[0][1])
