"""One scan's latency in the loop on a million orders, against the bare transaction in sqlite3, beside an import, and
beside an import of 6,000 orders with their refunds while two people work, or run commands without a pause.

Run: python -m benchmarks.scan [ORDERS] [SCANS] [ROWS IMPORTED BESIDE]; python -m benchmarks.scan day [ORDERS]
"""

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measuring import percentiles
from fixtures import make_shop, stream_orders, write_report
from retcli.actions.warehouse.bench import scanning
from retcli.actions.warehouse.bench.benches import Bench
from retcli.database import engine
from retcli.opening import prepare
from retcli.settings import Asked
from retcli.transaction import opened

ORDER = (
    "INSERT INTO orders (id, platform, number, shop, status, platform_status, currency, paid, freight, buyer, receiver,"
    " phone, phone_tail, address, buyer_remark, seller_remark, waybill, carrier, signed_by)"
    " VALUES (?, 'taobao', ?, '', 'done', '', 'CNY', ?, ?, '', '', '', '', '', '', '', ?, '', '')"
)
PARCEL = (
    "INSERT INTO parcels (number, waybill, carrier, state, version, received_by) VALUES (?, ?, '', 'expected', 1, '')"
)


def fill(database: str, orders: int, scans: int) -> list[str]:
    """A book of so many orders, and expected parcels twice as many as will be scanned; their waybills."""
    prepare(Asked(database, "owner"))
    engine.engine(database).dispose()
    waybills = [f"SF{n:013d}" for n in range(2 * scans)]
    with sqlite3.connect(database) as connection:
        rows = ((n, o.number, o.paid, o.freight, f"YT{n:013d}") for n, o in enumerate(stream_orders(7, orders), 1))
        connection.executemany(ORDER, rows)
        connection.executemany(PARCEL, [(f"PK{n:08d}", code) for n, code in enumerate(waybills)])
    return waybills


def ours(database: str, waybills: list[str]) -> list[float]:
    """Seconds of each scan, from the code typed to the line ready to print."""
    asked, bench, taken = Asked(database, "owner"), Bench(), []
    for code in waybills:
        start = time.perf_counter()
        with opened(asked) as shop:
            scanning.scan(shop, bench, code)
        taken.append(time.perf_counter() - start)
    return taken


def bare(database: str, waybills: list[str]) -> list[float]:
    """Seconds of the same look-up and guarded update in one durable transaction, and nothing else."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    taken = []
    for code in waybills:
        start = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        key = connection.execute("SELECT id FROM parcels WHERE waybill = ?", (code,)).fetchone()[0]
        connection.execute("UPDATE parcels SET state = 'received', version = 2 WHERE id = ? AND version = 1", (key,))
        connection.execute("COMMIT")
        taken.append(time.perf_counter() - start)
    connection.close()
    return taken


def beside(database: str, waybills: list[str], folder: Path, orders: int) -> list[float]:
    """Seconds of each scan while another process imports so many orders, one scan every 20 ms."""
    heads, lines = folder / "orders.csv", folder / "items.csv"
    write_report(stream_orders(11, orders), "taobao.order.2016", heads)
    write_report(stream_orders(11, orders), "taobao.item.2026_xlsx", lines)
    return scanned_beside(database, waybills, (heads, lines))


def scanned_beside(database: str, waybills: list[str], reports: tuple[Path, ...]) -> list[float]:
    """Seconds of each scan while another process imports some reports, one scan every 20 ms."""
    command = [sys.executable, "-m", "retcli", "--db", database, "--operator", "owner", "import"]
    importing = subprocess.Popen([*command, *map(str, reports)], stdout=subprocess.DEVNULL)
    taken: list[float] = []
    left = iter(waybills)
    while importing.poll() is None and (code := next(left, None)) is not None:
        taken += ours(database, [code])
        time.sleep(0.02)
    importing.wait()
    return taken


PERSON = """
import subprocess, sys, time
retcli = [sys.executable, "-m", "retcli", "--db", sys.argv[1], "--operator", "owner"]
def run(*words):
    subprocess.run([*retcli, *words], stdout=subprocess.DEVNULL, check=False)
run("case", "open", sys.argv[2], "--kind", "inquiry", "--reason", sys.argv[3])
while True:
    run("today")
    time.sleep(float(sys.argv[4]))
    run("case", "note", sys.argv[2], "called again")
    time.sleep(float(sys.argv[4]))
"""
"""A person who looks at the day's list and writes a note in turn, so many seconds apart."""
PAUSES = {2.0: "two people who read two seconds and type", 0.0: "two scripts that run commands without a pause"}


def day(orders: int = 6_000) -> None:
    """A working day at its worst: a night's files come in while two people work and one scans; then the same with
    nobody but machines at work.
    """
    print(f"{orders} orders with refunds imported")
    for seconds, who in PAUSES.items():
        taken = beside_two(orders, seconds)
        print(f"beside {who:45} {percentiles(taken)} ({len(taken)} scans; p99 below 50 where WAL is on)")


def beside_two(orders: int, seconds: float) -> list[float]:
    """Seconds of each scan while a shop's files come in and two people run commands so many seconds apart."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = str(folder / "shop.db")
        waybills = fill(database, 1_000, 10_000)
        known = list(stream_orders(9, 2))
        for kind in ("order.2016", "item.2026_xlsx"):
            write_report(known, f"taobao.{kind}", folder / f"known-{kind}.csv")
        scanned_beside(database, [], tuple(sorted(folder.glob("known-*.csv"))))
        made = make_shop(5, orders, orders // 8)
        reports = tuple(folder / f"{kind}.csv" for kind in ("orders", "items", "refunds"))
        for path, kind in zip(reports, ("order.2016", "item.2026_xlsx"), strict=False):
            write_report(made.orders, f"taobao.{kind}", path)
        write_report(made.refunds, "taobao.refund.2026", reports[2])
        command = [sys.executable, "-c", PERSON, database]
        calls = ([*command, order.number, "L_DELAY", str(seconds)] for order in known)
        people = [subprocess.Popen(call, stdout=subprocess.DEVNULL, start_new_session=True) for call in calls]
        try:
            taken = scanned_beside(database, waybills, reports)
        finally:
            working = [person.poll() is None for person in people]
            for person in people:  # with the command that they are at, whose books go now
                os.killpg(person.pid, signal.SIGKILL)
                person.wait()
    if not all(working):
        raise SystemExit("nobody worked beside the import")
    return taken


def main(orders: int = 1_000_000, scans: int = 2_000, rows: int = 100_000) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = str(Path(folder) / "shop.db")
        waybills = fill(database, orders, 20 * scans)
        ours(database, waybills[:20])
        mine = ours(database, waybills[20:scans])
        engine.engine(database).dispose()
        theirs = bare(database, waybills[scans : 2 * scans])
        busy = beside(database, waybills[2 * scans :], Path(folder), round(rows * 3 / 7))
    print(f"{orders} orders, {scans} scans")
    print(f"retcli scan              {percentiles(mine)}")
    print(f"bare sqlite3             {percentiles(theirs)}")
    print(
        f"retcli scan, import by   {percentiles(busy)} ({len(busy)} scans, {rows} rows; p99 at most 50 where WAL is on)"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["day"]:
        day(*(int(number) for number in sys.argv[2:3]))
    else:
        main(*(int(number) for number in sys.argv[1:4]))
