"""The pace of a merge: how many targets (orders, refunds) a step takes, so that a scan beside it waits for a moment
only.
"""

import time

import sqlalchemy as sa

from retcli.actions.imports.stager import Stager
from retcli.database.staging.stages import Stage

STEP = {"refunds": 20, "products": 100, "counts": 100}
"""Targets a step on a server, where a merge holds up nobody, for kinds whose targets are merged one by one."""
SHORTEST, LONGEST = 40, 20_000
SHORTEST_OF = {"refunds": 1, "products": 5, "counts": 5}
"""Targets in the shortest step, which is the first one too; fewer where each is merged by itself."""
HELD_SECONDS, HELD_ALONE_SECONDS = 0.01, 0.4
WATCHFUL_SECONDS = 60.0
PAUSE_SECONDS = 0.01
"""A step holds the write lock for about `HELD_SECONDS`, or for `HELD_ALONE_SECONDS` while nobody else has written for
`WATCHFUL_SECONDS`; then the lock is left to others for `PAUSE_SECONDS` (all measured: `docs/hazards.md` C-10).
"""


class Pace:
    """The number of targets of the next step, as a context around each. Where there is one write lock, a step is as
    long as a scan can wait while somebody else writes too, and longer while nobody does. The first steps are short,
    since other writers are seen only after one, and each takes at most twice as many targets as the one before.
    """

    def __init__(self, holds: str, stage: Stage, books: sa.Connection, stager: Stager) -> None:
        self.stage, self.books, self.stager = stage, books, stager
        self.shortest = SHORTEST_OF.get(holds, SHORTEST)
        self.targets = self.shortest if stage.one_writer else STEP.get(holds, LONGEST)
        self.fixed = not stage.one_writer
        self.began, self.disturbed_at = 0.0, float("-inf")
        self.seen = stage.others_wrote(books)

    def __enter__(self) -> None:
        self.began = time.perf_counter()

    def __exit__(self, failed: object, *_: object) -> None:
        if self.fixed or failed:
            return
        now, others = time.perf_counter(), self.stage.others_wrote(self.books)
        if others != self.seen:
            self.seen, self.disturbed_at = others, now
        watchful = now - self.disturbed_at < WATCHFUL_SECONDS
        # as many as would have fitted into the time, by the time that the step took
        fitting = self.targets * (HELD_SECONDS if watchful else HELD_ALONE_SECONDS) / (now - self.began)
        self.targets = round(min(max(min(fitting, 2 * self.targets), self.shortest), LONGEST))
        self.stage.watch(self.books, watchful=watchful)
        self.stager.give_way(wanted=watchful)
        time.sleep(PAUSE_SECONDS)
