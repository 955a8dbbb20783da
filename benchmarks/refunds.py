"""CPU time of a refund report's import a row: rows that are new, and the same rows in another file.

Run: python -m benchmarks.refunds [ROWS …]
(the aim: 3 ms for a new row, 1 ms for one that says nothing new)
"""

import sys
import tempfile
import time
from pathlib import Path

from fixtures import make_shop, write_report
from retcli.actions.imports import intake
from retcli.database import engine
from retcli.settings import Asked

REPORTS = (("orders", "order.2016"), ("items", "item.2026_xlsx"))


def milliseconds(asked: Asked, report: Path, rows: int) -> float:
    """CPU time of an import in milliseconds a row."""
    start = time.process_time()
    view = intake.take_in(asked, [report])
    taken = time.process_time() - start
    if view.files[0].refused or view.files[0].rows != rows:
        raise SystemExit(f"{view.files[0].rows} of {rows} rows were read, {view.files[0].refused} refused")
    return taken * 1e3 / rows


def measured(rows: int, folder: Path) -> tuple[float, float]:
    """Milliseconds a row of a made shop's refunds, new and again."""
    made = make_shop(5, 6 * rows, rows)
    asked = Asked(str(folder / "shop.db"), "owner")
    orders = [folder / f"{name}.csv" for name, _layout in REPORTS]
    for path, (_name, layout) in zip(orders, REPORTS, strict=True):
        write_report(made.orders, f"taobao.{layout}", path)
    intake.take_in(asked, orders)
    report, again = folder / "refunds.csv", folder / "again.csv"
    write_report(made.refunds, "taobao.refund.2026", report)
    again.write_bytes(report.read_bytes() + b"\r\n")
    taken = milliseconds(asked, report, rows), milliseconds(asked, again, rows)
    engine.engine(asked.database).dispose()
    return taken


def main(*sizes: int) -> None:
    for rows in sizes or (2_000, 20_000):
        with tempfile.TemporaryDirectory() as name:
            new, again = measured(rows, Path(name))
        print(f"{rows:7} refunds  new {new:6.2f} ms a row  again {again:5.2f} ms a row (CPU)")


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
