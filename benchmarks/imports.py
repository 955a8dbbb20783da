"""Import of 100,000 Taobao rows, against reading the same file into one raw table with csv and executemany.

Run: python -m benchmarks.imports [ROWS]
"""

import csv
import resource
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

from fixtures import stream_orders, write_report
from retcli.actions import imports
from retcli.settings import Asked


def raw(path: Path, database: Path) -> float:
    """The file into one table of text, nothing checked."""
    start = time.perf_counter()
    with path.open(encoding="gb18030", newline="") as stream, sqlite3.connect(database) as connection:
        rows = csv.reader(stream)
        width = len(next(rows))
        connection.execute("CREATE TABLE raw (" + ", ".join(f"c{n}" for n in range(width)) + ")")
        connection.executemany(f"INSERT INTO raw VALUES ({', '.join('?' * width)})", rows)
    return time.perf_counter() - start


def main(count: int = 100_000) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        orders, items = folder / "orders.csv", folder / "items.csv"
        write_report(stream_orders(7, count), "taobao.order.2021a", orders)
        write_report(stream_orders(7, count), "taobao.item.2024_xlsx", items)
        base = raw(orders, folder / "raw1.db") + raw(items, folder / "raw2.db")
        asked = Asked(str(folder / "shop.db"), "owner")
        start = time.perf_counter()
        first = imports.take_in(asked, [orders, items])
        ours = time.perf_counter() - start
        rows = sum(file.rows for file in first.files)
        start = time.perf_counter()
        imports.take_in(asked, [orders, items])
        again = time.perf_counter() - start
        with orders.open("ab") as stream:
            stream.write(b"\n")
        start = time.perf_counter()
        imports.take_in(asked, [orders])
        changed = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{rows} rows: raw {base:.1f} s, ours {ours:.1f} s ({rows / ours:.0f} rows a second), ratio {ours / base:.1f}"
    )
    print(f"the same files again {again:.2f} s; the order report under new content, all known: {changed:.1f} s")
    print(f"peak memory {peak} MB")


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:2]))
