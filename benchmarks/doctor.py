"""The doctor on a grown shop, against a bare check of the same file by SQLite: seconds of both.

Run: python -m benchmarks.doctor [ORDERS]     (20,000 orders: under 2 seconds)
"""

import sys
import tempfile
from contextlib import closing
from pathlib import Path

from benchmarks.measuring import interleaved
from fixtures import stream_orders, write_report
from retcli.actions.imports import intake
from retcli.actions.insight import doctor
from retcli.database import engine
from retcli.opening import prepare
from retcli.settings import Asked


def main(orders: int = 20_000) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = str(Path(folder) / "shop.db")
        asked = Asked(database, "owner")
        reports = [Path(folder) / "orders.csv", Path(folder) / "items.xlsx"]
        for dialect, path in zip(("taobao.order.2021a", "taobao.item.2024_xlsx"), reports, strict=True):
            write_report(stream_orders(7, orders), dialect, path)
        prepare(asked)
        intake.take_in(asked, reports)
        engine.engine(database).dispose()

        def bare() -> None:
            with closing(engine.bare_connection(f"file:{database}?mode=ro")) as connection:
                connection.execute("PRAGMA integrity_check").fetchall()

        took = interleaved({"doctor": lambda: doctor.examine(asked), "integrity_check": bare}, rounds=5)
    print(f"{orders} orders: doctor {took['doctor']:.2f} s, integrity_check {took['integrity_check']:.2f} s")


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:2]))
