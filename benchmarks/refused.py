"""Import of an item report of which half is refused, against the same file all taken, and a file without its prices.

Run: python -m benchmarks.refused [ROWS] [ROUNDS]    (the ratio of the medians is to stay at or below 1.5)
"""

import csv
import io
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.imports import fresh, timed
from fixtures import stream_orders, write_report

ORDERS, ITEMS = "taobao.order.2016", "taobao.item.2026_xlsx"
PRICE = "商品价格"


def without_prices(path: Path, target: Path, every: int) -> Path:
    """The report with an empty price in every so many rows."""
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("gb18030"))))
    place = rows[0].index(PRICE)
    for row in rows[1::every]:
        row[place] = ""
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    target.write_bytes(written.getvalue().encode("gb18030"))
    return target


def imported(folder: Path, path: Path, heads: Path) -> float:
    """Seconds of an item report's import into books that hold the order report already."""
    database = str(fresh(folder / "shop.db"))
    command = [sys.executable, "-m", "retcli", "--quiet", "--operator", "owner", "--db", database, "import"]
    timed([*command, str(heads)])
    return timed([*command, str(path)], codes=(0, 3))[0]


def main(rows: int = 20_000, rounds: int = 5) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        orders = round(rows * 3 / 4)
        heads, whole = folder / "orders.csv", folder / "items.csv"
        write_report(stream_orders(11, orders), ORDERS, heads)
        write_report(stream_orders(11, orders), ITEMS, whole)
        half = without_prices(whole, folder / "half.csv", 2)
        none = without_prices(whole, folder / "none.csv", 1)
        taken: dict[str, list[float]] = {"all taken": [], "half refused": [], "without prices": []}
        for _round in range(rounds):
            for label, path in zip(taken, (whole, half, none), strict=True):
                taken[label].append(imported(folder, path, heads))
    medians = {label: statistics.median(seconds) for label, seconds in taken.items()}
    for label, seconds in medians.items():
        print(f"{label:16} {seconds:6.2f} s  {seconds / medians['all taken']:.2f} × all taken")


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:3]))
