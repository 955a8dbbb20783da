"""What a person waits for does not grow with the orders at rest: every reading command on small and on large books.

Both books hold the same cases, parcels and payouts, a month's fresh orders and the same imports; they differ in the
orders that came to rest before. Those are made through SQL. Each command is a whole process; small and large take
turns, and processor time and peak memory are medians. A reading command that has no row here is reported.

Run: python -m benchmarks.atrest [SMALL] [LARGE] [ROUNDS] [FOLDER]     (30,000 and 3,000,000 orders, 3 rounds: time and
memory at most 1.2 times; a FOLDER keeps the books for the next run)
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

AT_MOST = 1.2
NOW = "2026-11-20T12:00:00+08:00"
FRESH = 2_000
"""Orders of the last thirty days, the same in both books; the last `UNDERWAY` of them are not signed for."""
UNDERWAY = 200

ORDERS = """
WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < :count),
 o AS (SELECT :id + n AS id, n, CAST(strftime('%s', :first) AS INTEGER) + n * :days * 86400 / :count AS at FROM n)
INSERT INTO orders (id, platform, number, shop, status, platform_status, payment_number, shipped, refunded, currency,
 paid, freight, pieces, buyer, receiver, phone, phone_tail, address, buyer_remark, seller_remark, waybill, carrier,
 ordered_at, paid_at, shipped_at, signed_at, signed_by, refunded_there)
SELECT id, 'taobao', :series || printf('%015d', n), '青禾女装店', 'done', '交易成功', '', 1, '', 'CNY',
 9900, 0, 1, 'tb' || substr(:series, 4) || printf('%07d', n * 7919 % 10000000),
 '林' || substr(:series, 4) || (n * 104729 % 10000019), printf('138%08d', n * 7907 % 100000000),
 printf('%04d', n * 7907 % 10000), '浙江省杭州市', '', '', 'YT' || :series || printf('%09d', n), '圆通速递',
 strftime('%Y-%m-%d %H:%M:%S.000000', at, 'unixepoch'), strftime('%Y-%m-%d %H:%M:%S.000000', at + 60, 'unixepoch'),
 strftime('%Y-%m-%d %H:%M:%S.000000', at + 86400, 'unixepoch'),
 CASE WHEN :count - n >= :underway THEN strftime('%Y-%m-%d %H:%M:%S.000000', at + 259200, 'unixepoch') END,
 CASE WHEN :count - n >= :underway THEN 'carrier' ELSE '' END, 0
FROM o
"""
LINES = """
INSERT INTO order_lines (id, order_id, number, position, sku, title, variant, quantity, price, stated, cash,
 cash_source, status, platform_status, refunded, confirmed)
SELECT id, id, number || '1', 1, 'SKU-' || (id % 400), '短袖T恤', '', 1, 9900, 9900, 9900, 'file', 'done', '', '', 1
FROM orders WHERE id > :id
"""

RETURNED, MONEY_ONLY, ASKED, DELAYED = (f"2851{1_700 + n:015d}" for n in range(4))
BACK, STRAY = "SF1000000000001", "SF1000000000002"
STEPS: tuple[tuple[str, ...], ...] = (
    ("case", "open", RETURNED, "--kind", "return", "--reason", "B_7D"),
    ("case", "approve", RETURNED),
    ("parcel", "expect", RETURNED, BACK),
    ("case", "open", MONEY_ONLY, "--kind", "refund-only", "--reason", "L_LOST"),
    ("case", "open", ASKED, "--kind", "return", "--reason", "B_7D"),
    ("case", "note", ASKED, "asked twice"),
    ("case", "open", DELAYED, "--kind", "inquiry", "--reason", "L_DELAY"),
    ("case", "escalate", DELAYED, "--kind", "complaint"),
    ("pay", "compensate", RETURNED, "--coupon", "5.00"),
)
"""What is done in both books after the orders stand in them."""
FIXTURES = Path(__file__).parent.parent / "fixtures"
IMPORTED = ("订单报表.csv", "宝贝报表.xlsx", "退款报表_1.xlsx")

MONTH = ("--since", "2026-10-21", "--until", "2026-11-20")
READING: dict[str, tuple[str, ...]] = {
    "today": (),
    "doctor": (),
    "words": (),
    "completion": ("bash",),
    "imports list": (),
    "imports show": ("1",),
    "imports faults": (),
    "imports questions": (),
    "imports waiting": (),
    "imports explain": (str(FIXTURES / "exports" / IMPORTED[0]),),
    "imports draft-map": (str(FIXTURES / "exports" / IMPORTED[0]), "-o", "{made}/map.toml"),
    "case show": (RETURNED,),
    "case explain": (RETURNED,),
    "case list": (),
    "case advise": (ASKED,),
    "case evidence": (RETURNED,),
    "case register": (),
    "case pack": (DELAYED, "-o", "{made}/pack"),
    "platform todo": (),
    "policy show": (),
    "policy check": (str(FIXTURES / "policy.toml"),),
    "policy history": (),
    "policy test": (str(FIXTURES / "policy.toml"),),
    "policy waivers": (),
    "reason list": (),
    "report speed": MONTH,
    "report offers": MONTH,
    "parcel list": (),
    "parcel list --stalled": (),
    "parcel unclaimed": (),
    "parcel show": (STRAY,),
    "parcel match": (STRAY,),
    "stock show": (),
    "stock moves": (),
    "pay list": (),
    "order show": (RETURNED,),
    "order find": (RETURNED,),
    "order find (waybill)": ("YT2851000001700",),
    "order find (phone)": ("13812345678",),
    "order find (last digits)": ("1234",),
    "order find (name)": ("林1104729",),
    "export reconciliation": ("--month", "2026-11", "-o", "{made}/month.xlsx"),
    "export reasons": (*MONTH, "-o", "{made}/reasons.xlsx"),
    "staff list": (),
    "scan": ("{codes}",),
    "books check": (),
    "doctor --deep": (),
}
"""Each reading command with its arguments; what stands in brackets tells rows of one command apart."""
WALKS_ALL = {
    "books check": "checks every order that there is",
    "doctor --deep": "reads the whole file, and checks every order",
}
"""Commands whose work is the orders at rest: their time may grow with them, their memory may not."""
CHANGING = frozenset(
    {
        "demo", "import", "imports answer", "case open", "case review", "case approve", "case change", "case assign",
        "case withdraw", "case finish", "case reopen", "case fact", "case ship", "case offer", "case attach",
        "case contact", "case reject", "case extend", "case note", "case flag", "case escalate", "case answer",
        "case verdict", "platform done", "policy load", "reason map", "parcel expect", "parcel intercept",
        "parcel inspect", "pay refund", "pay freight", "pay compensate", "pay approve", "pay sent", "pay confirm",
        "pay fail", "pay unknown", "pay reverse", "staff add", "staff leave", "staff rename", "books init",
        "books backup", "books restore", "books mend", "parcel detach", "parcel dispose", "parcel label",
        "parcel send-back", "parcel shelf", "parcel void", "undo",
    }
)  # fmt: skip
"""Commands that change the books or copy them."""


def unlisted() -> list[str]:
    """Commands of the tree that stand neither among the reading nor among the changing ones."""
    from typer.main import get_command

    from retcli.cli import app

    listed = {*CHANGING, *(name.partition(" (")[0] for name in READING)}
    return sorted(set(_names(get_command(app), ())) - listed)


def _names(command: object, path: tuple[str, ...]) -> Iterator[str]:
    inner = getattr(command, "commands", {})
    for name, each in inner.items():
        yield from _names(each, (*path, name))
    if not inner:
        yield " ".join(path)


def fill(database: str, resting: int) -> None:
    """Books with so many orders at rest and a month's fresh ones, each of one line; their history tells them all."""
    import sqlalchemy as sa
    from sqlmodel import Session

    from retcli.database import engine
    from retcli.database.history.watched import NOTEBOOK
    from retcli.opening import prepare, tell_every_row
    from retcli.rules.lifecycles import Role
    from retcli.settings import asked
    from retcli.shop import Operator, Shop

    call = asked(database, "owner")
    prepare(call)
    old = {"id": 0, "count": resting, "series": "2850", "first": "2025-10-01", "days": 365, "underway": 0}
    fresh = {"id": resting, "count": FRESH, "series": "2851", "first": "2026-10-21", "days": 30, "underway": UNDERWAY}
    with engine.engine(database).begin() as connection:
        for values in (old, fresh):
            connection.execute(sa.text(ORDERS), values)
            connection.execute(sa.text(LINES), values)
        connection.execute(sa.delete(sa.table(NOTEBOOK)))
        with Session(connection) as session:
            tell_every_row(Shop(session, Operator("owner", Role.OWNER), call.now(), rehearsal=True))


def run(database: str, folder: Path, words: Sequence[str]) -> tuple[float, float]:
    """Seconds of processor time and peak memory in MB of one command as a process."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | {"RETCLI_NOW": NOW}
    command = [sys.executable, "-m", "retcli", "--db", database, "--operator", "owner", "--lang", "en"]
    made = Path(tempfile.mkdtemp(dir=folder))
    command += [word.format(made=made, codes=folder / "codes.txt") for word in words]
    with (made / "said.txt").open("w") as said:
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=said)
        _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 3}:
        raise SystemExit(f"{' '.join(words)} ended with {process.returncode}: {(made / 'said.txt').read_text()}")
    shutil.rmtree(made)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def books(folder: Path, orders: int) -> str:
    """Books of so many orders, made where they are not there yet."""
    database = folder / f"books-{orders}.db"
    if database.exists():
        return str(database)
    command = [sys.executable, "-m", "benchmarks.atrest", "fill", str(database), str(orders - FRESH)]
    subprocess.run(command, check=True, env=os.environ | {"RETCLI_NOW": NOW})
    reports = (str(FIXTURES / "exports" / name) for name in IMPORTED)
    (folder / "codes.txt").write_text(f"{STRAY}\n", encoding="utf-8")
    for step in (("import", *reports), *STEPS, ("scan", "{codes}")):
        run(str(database), folder, step)
    return str(database)


def main(small: int = 30_000, large: int = 3_000_000, rounds: int = 3, *, kept: str = "") -> None:
    """Prints processor time and memory of each command at both sizes, and what grows."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(kept or temporary)
        sizes = {name: books(folder, orders) for name, orders in (("small", small), ("large", large))}
        made = Path(temporary)
        (made / "codes.txt").write_text("YT2851000000001\n00000000\n", encoding="utf-8")
        print(f"{small} and {large} orders      {'processor time, s':>24}       {'memory, MB':>20}")
        grown = [name for name in READING if not measured(name, sizes, made, rounds)]
    for name in unlisted():
        print(f"{name}: a command without a row in this benchmark")
    print(f"above {AT_MOST}: {', '.join(grown) or 'none'}")


def measured(name: str, sizes: dict[str, str], folder: Path, rounds: int) -> bool:
    """Prints one row; whether neither time nor memory grow, as far as they must not."""
    words = (*name.partition(" (")[0].split(), *READING[name])
    runs: dict[str, list[tuple[float, float]]] = {size: [] for size in sizes}
    for _round in range(rounds):
        for size, database in sizes.items():
            runs[size].append(run(database, folder, words))
    (time, memory), (more_time, more_memory) = (
        tuple(statistics.median(column) for column in zip(*each, strict=True)) for each in runs.values()
    )
    slower, larger = more_time / time, more_memory / memory
    why = f"  {WALKS_ALL[name]}" if name in WALKS_ALL else ""
    print(
        f"{name:26} {time:7.2f} {more_time:7.2f} {slower:7.2f}   {memory:8.0f} {more_memory:6.0f} {larger:6.2f}{why}",
        flush=True,
    )
    return larger <= AT_MOST and (slower <= AT_MOST or name in WALKS_ALL)


if __name__ == "__main__":
    if sys.argv[1:2] == ["fill"]:
        fill(sys.argv[2], int(sys.argv[3]))
    else:
        numbers = [int(word) for word in sys.argv[1:4]]
        main(*numbers, kept="".join(sys.argv[4:5]))
