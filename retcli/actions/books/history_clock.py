"""What the history says of the clock it was written by: entries of a rehearsal, time that runs backwards."""

import json
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.language import _
from retcli.models.books import Event
from retcli.rules.events import SKEW
from retcli.shop import Shop
from retcli.views.base import when
from retcli.views.books.check import Problem
from retcli.views.casefile.highlights import SetClock

REHEARSED_CLOCK, BACKWARDS = "rehearsal", "backwards"


@dataclass(frozen=True)
class Stretch:
    """Consecutive entries written by a clock that was not the real one, by one person."""

    what: str
    first: int
    last: int
    by: str
    at: datetime
    before: datetime

    @property
    def where(self) -> str:
        """The numbers of its entries."""
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"

    def is_allowed(self, owners: AbstractSet[str]) -> bool:
        """Whether an owner set the clock by hand, who alone may."""
        return self.what == REHEARSED_CLOCK and self.by in owners

    @property
    def sentence(self) -> str:
        """What is wrong with it."""
        if self.what == REHEARSED_CLOCK:
            return _("{who} wrote it under a clock that was set by hand (RETCLI_NOW) to {at}").format(
                who=self.by, at=when(self.at)
            )
        text = _("time runs backwards: {at}, after an entry of {before}; the clock of {who} was set back")
        return text.format(at=when(self.at), before=when(self.before), who=self.by)


def live(shop: Shop) -> bool:
    """Whether these are a shop's books and no rehearsal: those are founded under a clock that was set by hand."""
    return not shop.session.scalar(sa.text("SELECT rehearsal FROM events WHERE seq = 1"))


def stretches(shop: Shop) -> list[Stretch]:
    """Every stretch of live books whose clock was not the real one, in order; none in books of a rehearsal."""
    if not live(shop):
        return []
    columns = [col(Event.seq), col(Event.at), col(Event.operator), col(Event.rehearsal)]
    rows = shop.session.execute(sa.select(*columns).order_by(col(Event.seq)).execution_options(yield_per=1000))
    return list(_stretches(rows))


def _stretches(rows: Any) -> Iterator[Stretch]:
    latest: datetime | None = None
    running: Stretch | None = None
    for seq, written, by, rehearsal in rows:
        at = datetime.fromisoformat(written)
        what = REHEARSED_CLOCK if rehearsal else BACKWARDS if latest is not None and latest - at > SKEW else ""
        if not rehearsal:
            latest = at if latest is None else max(latest, at)
        if running is not None and (running.what, running.by) == (what, by):
            running = Stretch(what, running.first, seq, by, running.at, running.before)
            continue
        if running is not None:
            yield running
        running = Stretch(what, seq, seq, by, at, latest or at) if what else None
    if running is not None:
        yield running


def problems(shop: Shop) -> Iterator[Problem]:
    """8: the entries of a shop's books were written when they say, or by an owner who set the clock by hand."""
    allowed = _owners(shop)
    for stretch in stretches(shop):
        if not stretch.is_allowed(allowed):
            yield Problem(8, stretch.where, stretch.sentence)


def remarks(shop: Shop) -> Iterator[Problem]:
    """The entries of a shop's books that an owner wrote under a clock set by hand: allowed, and to be known."""
    allowed = _owners(shop)
    for stretch in stretches(shop):
        if stretch.is_allowed(allowed):
            yield Problem(8, stretch.where, stretch.sentence)


def _owners(shop: Shop) -> set[str]:
    """Who is or was an owner of the books, by what their history tells: the founder, and whoever was made one."""
    founder = sa.select(col(Event.operator)).where(col(Event.seq) == 1)
    made = sa.select(col(Event.payload)).where(
        col(Event.subject) == "staff", col(Event.payload).contains('"role":"owner"')
    )
    return {*shop.session.scalars(founder), *(json.loads(payload)["name"] for payload in shop.session.scalars(made))}


def rehearsed(shop: Shop, subject: str) -> Iterator[SetClock]:
    """How many entries about a case, or about what hangs on it, were written under a clock set by hand; nothing where
    none were.
    """
    if not live(shop):
        return
    own = sa.or_(col(Event.subject) == subject, col(Event.subject).startswith(f"{subject}/"))
    rows = shop.session.execute(
        sa.select(col(Event.seq), col(Event.operator)).where(own, col(Event.rehearsal)).order_by(col(Event.seq))
    ).all()
    if rows:
        yield SetClock(len(rows), by=rows[0][1])
