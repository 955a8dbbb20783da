"""One scan's latency in the loop on a million orders, against the bare transaction in sqlite3, and beside an import.

Run: python -m benchmarks.scan [ORDERS] [SCANS] [ROWS IMPORTED BESIDE]
"""

import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measuring import percentiles
from fixtures import stream_orders, write_report
from retcli.actions import scanning
from retcli.database import engine
from retcli.settings import Asked
from retcli.shop import opened, prepare

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
    asked, bench, taken = Asked(database, "owner"), scanning.Bench(), []
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
    command = [sys.executable, "-m", "retcli", "--db", database, "--operator", "owner", "import"]
    importing = subprocess.Popen([*command, str(heads), str(lines)], stdout=subprocess.DEVNULL)
    taken: list[float] = []
    left = iter(waybills)
    while importing.poll() is None and (code := next(left, None)) is not None:
        taken += ours(database, [code])
        time.sleep(0.02)
    importing.wait()
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
    main(*(int(number) for number in sys.argv[1:4]))
