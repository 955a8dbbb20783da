"""How long each writing command keeps the books' write lock, the longest first, on books with many orders.

Run: python -m benchmarks.locks [ORDERS] [ROUNDS]

Milliseconds between BEGIN IMMEDIATE and the end of the commit, of the longest of a command's transactions: of the
processor, which says what the work costs whoever else works, and of the clock, which is what a scan waits.
"""

import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from fixtures import make_shop, write_report
from retcli.database import engine
from tests.commandtree import CALLS, Scene, scene, settled


class Watch:
    """The transactions that held the write lock of books: milliseconds of the processor and of the clock, and how many
    statements each ran.
    """

    def __init__(self, database: str) -> None:
        self.holds: list[tuple[float, float, int]] = []
        self._since: tuple[float, float] | None = None
        self._statements = 0
        made = engine.engine(database)
        sa.event.listen(made, "begin", self._begun)
        sa.event.listen(made, "before_cursor_execute", self._ran)
        for name in ("do_commit", "do_rollback"):
            setattr(made.dialect, name, self._ending(getattr(made.dialect, name)))

    def _begun(self, connection: sa.Connection) -> None:
        if connection.get_execution_options().get("sqlite_begin") is None:
            self._since, self._statements = (time.process_time(), time.perf_counter()), 0

    def _ran(self, *_what: Any) -> None:
        self._statements += 1

    def _ending(self, end: Any) -> Any:
        def ended(connection: Any) -> None:
            end(connection)
            if self._since is not None:
                work, clock = self._since
                spent = (time.process_time() - work) * 1e3, (time.perf_counter() - clock) * 1e3
                self.holds.append((*spent, self._statements))
            self._since = None

        return ended


def filled(folder: Path, orders: int) -> Scene:
    """The shop in which every command has something to do, among so many orders and an eighth as many refunds."""
    there = scene(folder)
    made = make_shop(5, orders, orders // 8)
    desk = there.desk(folder / "filling")
    for kind in ("order.2016", "item.2026_xlsx", "refund.2026"):
        path = folder / f"{kind}.csv"
        write_report(made.refunds if kind.startswith("refund") else made.orders, f"taobao.{kind}", path)
        desk.type("import", str(path))
    engine.engine(desk.database).dispose()
    Path(desk.database).replace(there.path)
    return there


def measured(there: Scene, folder: Path, rounds: int) -> dict[str, list[tuple[float, float, int]]]:
    """The longest hold of each call in each round; the first round only loads what is loaded once."""
    longest: dict[str, list[tuple[float, float, int]]] = defaultdict(list)
    for turn in range(rounds + 1):
        for path, calls in CALLS.items():
            for call in calls if path not in {"demo", "books restore"} else ():
                desk = there.desk(folder / "tmp")
                watch = Watch(desk.database)
                desk.type(*path.split(), *there.words(call, folder / "tmp"))
                settled(folder / "tmp")
                if turn and watch.holds:
                    longest[f"{path} {call}".strip()].append(max(watch.holds))
    return longest


def main(orders: int = 6_000, rounds: int = 3) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        longest = measured(filled(folder, orders), folder, rounds)
    print(f"{orders} orders, {rounds} rounds; processor ms, clock ms, statements of the longest write transaction")
    for call, holds in sorted(longest.items(), key=lambda item: -min(item[1])[0]):
        work, clock, statements = min(holds)
        print(f"{work:8.1f} {clock:8.1f} {statements:5}  {call}")


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:3]))
