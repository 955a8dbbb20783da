"""Pulled plugs: killed imports, full disks, read-only files, and books newer than the program."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fixtures import stream_orders, write_report
from retcli import opening
from retcli.database import engine
from tests.conftest import Server
from tests.forks import Forked
from tests.lengths import HOUR, LONG, length, sweep
from tests.reports import settle
from tests.shopfloor import FIXTURES, NOON, OWNER, Books

KILLS, KILLS_ON_POSTGRES = length(8, 200), length(3, 50)
SEED = 20261109
BIG = 3000
ROOT = Path(__file__).parent.parent

OF_CASE = "JOIN cases c ON c.id = x.case_id"
DUMPS = {
    "orders": "SELECT platform, number, shop, status, platform_status, currency, paid, freight, pieces, buyer,"
    " receiver, phone, phone_tail, address, buyer_remark, seller_remark, waybill, carrier, ordered_at, paid_at,"
    " shipped_at, signed_at, signed_by FROM orders",
    "lines": "SELECT o.number, l.number, l.position, l.sku, l.title, l.variant, l.quantity, l.price, l.stated, l.cash,"
    " l.cash_source, l.platform_status, l.confirmed FROM order_lines l JOIN orders o ON o.id = l.order_id",
    "products": "SELECT p.sku, name, category, cost, price, warranty_months, b.code FROM products p"
    " LEFT JOIN barcodes b ON b.sku = p.sku",
    "cases": "SELECT c.platform_number, o.number, c.kind, c.decision, c.filing, c.reason_stated, c.buyer_words,"
    " c.owner, c.asked, c.freight_due, c.applied_at, c.because, c.platform_status, c.platform_amount,"
    " c.platform_due_at, c.platform_succeeded_at FROM cases c JOIN orders o ON o.id = c.order_id",
    "case_lines": "SELECT c.platform_number, l.number, x.quantity, x.due FROM case_lines x"
    f" {OF_CASE} JOIN order_lines l ON l.id = x.line_id",
    "draws": "SELECT c.platform_number, l.number, x.units, x.share, x.cash FROM draws x"
    f" {OF_CASE} LEFT JOIN order_lines l ON l.id = x.line_id",
    "payouts": "SELECT c.platform_number, x.kind, x.method, x.minor, x.currency, x.origin, x.state, x.decided_by,"
    f" x.settled_at, p.purpose, l.number, p.minor FROM payouts x {OF_CASE}"
    " JOIN payout_parts p ON p.payout_id = x.id LEFT JOIN order_lines l ON l.id = p.line_id",
    "parcels": "SELECT p.waybill, p.carrier, p.state, c.platform_number FROM parcels p"
    " LEFT JOIN parcel_cases x ON x.parcel_id = p.id LEFT JOIN cases c ON c.id = x.case_id",
    "clicks": f"SELECT c.platform_number, x.action, x.state, x.money FROM platform_actions x {OF_CASE}",
    "replacements": f"SELECT c.platform_number, x.sku, x.quantity, x.state FROM replacements x {OF_CASE}",
    "imports": "SELECT name, sha256, format, holds, state, rows, added, changed, unchanged, refused FROM imports",
    "faults": 'SELECT i.name, f.row, f."column", f.text, f.problem FROM import_faults f'
    " JOIN imports i ON i.id = f.import_id",
    "questions": "SELECT i.name, q.row, q.subject, q.field, q.known, q.found, q.state FROM import_questions q"
    " JOIN imports i ON i.id = q.import_id",
    "waiting": "SELECT platform, holds, order_number, line_number, payload FROM waiting_rows",
    "waiting orders": "SELECT platform, target, shop, paid, freight, pieces, status FROM waiting_orders",
    "waiting lines": "SELECT platform, target, line, shop, sku, quantity, price, stated FROM waiting_lines",
    "events": "SELECT operator, action, CASE action WHEN 'found' THEN '' ELSE payload END, rehearsal FROM events"
    " WHERE action <> 'facts'",
    "staff": "SELECT name, role FROM staff",
}
"""What must be the same however often the plug was pulled: everything but ids, numbers given and hashes. The facts
of rows, which name them by their ids, are compared with the rows by the check of the books."""


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A night's folder: the packaged exports, and a big order report with its item report."""
    folder = tmp_path_factory.mktemp("exports")
    for path in (FIXTURES / "exports").iterdir():
        if path.is_file():
            shutil.copy(path, folder)
    write_report(stream_orders(7, BIG), "taobao.order.2021a", folder / "big_orders.csv")
    write_report(stream_orders(7, BIG), "taobao.item.2024_xlsx", folder / "big_items.xlsx")
    return settle(folder)


def call(database: Path | str, *arguments: str) -> Forked:
    """One command in a process of its own, which has nothing to load."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(database.parent if isinstance(database, Path) else ROOT),
        "PYTHONPATH": str(ROOT),
        "RETCLI_NOW": NOON.isoformat(),
        "RETCLI_OPERATOR": OWNER,
        "RETCLI_LANG": "en",
    }
    return Forked(["--db", str(database), "--json", *arguments], environment)


def run(database: Path | str, *arguments: str) -> tuple[int, dict[str, Any]]:
    """Its exit code and document; never a traceback."""
    process = call(database, *arguments)
    out, remarks = process.communicate(timeout=120)
    assert b"Traceback" not in out + remarks, remarks
    return process.wait(), json.loads(out) if out.strip() else {}


def dump(books: Books) -> dict[str, Counter[tuple[Any, ...]]]:
    """The books without what may differ."""
    return {name: Counter(tuple(row) for row in books.rows(statement)) for name, statement in DUMPS.items()}


def look(database: Path) -> None:
    """No half order, no broken invariant, and the file itself is sound."""
    books = Books(str(database))
    no_half_order(books)
    assert books.value("PRAGMA integrity_check") == "ok"
    assert not books.rows("PRAGMA foreign_key_check")
    books.check()
    engine.engine(str(database)).dispose()


def no_half_order(books: Books) -> None:
    """Each order with all of its lines, to the fen and to the piece."""
    half = books.rows(
        "SELECT o.number FROM orders o LEFT JOIN order_lines l ON l.order_id = o.id GROUP BY o.id, o.number, o.paid,"
        " o.freight, o.pieces HAVING COALESCE(SUM(l.cash), -1) <> o.paid - o.freight"
        " OR (o.pieces IS NOT NULL AND COALESCE(SUM(l.quantity), 0) <> o.pieces)"
    )
    assert not half, f"half orders: {half[:3]}"


def same(books: Books, expected: dict[str, Counter[tuple[Any, ...]]]) -> None:
    """The dumps are equal, named by table where they are not."""
    found = dump(books)
    for name, rows in expected.items():
        extra, lacking = found[name] - rows, rows - found[name]
        assert not extra and not lacking, f"{name}: {list(extra)[:3]} instead of {list(lacking)[:3]}"


@pytest.fixture(scope="session")
def undisturbed(
    exports: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Counter[tuple[Any, ...]]], float]:
    """What an import that nobody disturbs leaves, and how long it takes."""
    database = tmp_path_factory.mktemp("undisturbed") / "shop.db"
    began = time.monotonic()
    code, _document = run(database, "import", str(exports))
    spell = time.monotonic() - began
    assert code in {0, 3}
    look(database)
    books = Books(str(database))
    assert books.value("SELECT COUNT(*) FROM orders") > BIG
    return dump(books), spell


def kill_after(database: Path | str, exports: Path, seconds: float) -> bool:
    """Starts the import and kills it; whether it was still at work."""
    process = call(database, "import", str(exports))
    try:
        process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return True
    assert process.returncode in {0, 3}
    return False


def spread(chance: random.Random, number: int, of: int) -> float:
    """When the kill of this number comes, as a part of the undisturbed time: by chance within a span of its own. So
    many spans are the way from the founding of the books to the last rows; the next number begins with the first again.
    """
    return 0.15 + 0.8 * (number % of + chance.random()) / of


def state_of(database: Path) -> str:
    """How far the books had come; what there is of them is sound."""
    books = Books(str(database))
    if not database.exists() or not books.value("SELECT COUNT(*) FROM sqlite_master WHERE name = 'orders'"):
        return "no books yet"
    look(database)
    imports = books.rows("SELECT state, COUNT(*) FROM imports GROUP BY state ORDER BY state")
    engine.engine(str(database)).dispose()
    return ", ".join(f"{n} {state}" for state, n in imports) or "no import yet"


@sweep
@pytest.mark.timeout(HOUR)
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 here")
def test_an_import_killed_at_any_moment_ends_like_one_that_was_not(
    exports: Path, undisturbed: tuple[dict[str, Counter[tuple[Any, ...]]], float], tmp_path: Path
) -> None:
    expected, spell = undisturbed
    chance, killed, shops_made, states = random.Random(SEED), 0, 0, Counter[str]()
    while killed < KILLS:
        shops_made += 1
        database = tmp_path / f"shop{shops_made}.db"
        moment = spread(chance, shops_made, KILLS) * spell
        while killed < KILLS and kill_after(database, exports, moment):
            killed += 1
            states[state_of(database)] += 1
            moment = chance.uniform(0.2, 0.7) * spell
        code, _document = run(database, "import", str(exports))
        assert code in {0, 3}
        look(database)
        same(Books(str(database)), expected)
        assert [path.name for path in Path(f"{database}-stages").iterdir()] == ["lock"], "stages are left behind"
    sys.stderr.write(
        f"\n{killed} kills over {shops_made} books, seed {SEED}, undisturbed {spell:.1f} s: {dict(states)}\n"
    )
    assert sum("merging" in state for state in states) or not LONG


@sweep
@pytest.mark.timeout(HOUR)
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 here")
def test_an_import_killed_on_postgres_ends_like_one_that_was_not(exports: Path, postgres: Server) -> None:
    address = postgres.create("books1")
    began = time.monotonic()
    assert run(address, "import", str(exports))[0] == 3
    spell, expected = time.monotonic() - began, dump(Books(address))
    postgres.drop(address)
    chance, killed, books_made = random.Random(SEED + 1), 0, 0
    sys.stderr.write(f"\n{KILLS_ON_POSTGRES} kills, seed {SEED + 1}, undisturbed {spell:.1f} s\n")
    while killed < KILLS_ON_POSTGRES:
        books_made += 1
        address, moment = postgres.create("books1"), spread(chance, books_made, KILLS_ON_POSTGRES) * spell
        while killed < KILLS_ON_POSTGRES and kill_after(address, exports, moment):
            killed += 1
            no_half_order(Books(address))
            Books(address).check()
        assert run(address, "import", str(exports))[0] in {0, 3}
        same(Books(address), expected)
        assert not Books(address).rows("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'stage_%'")
        postgres.drop(address)


def test_imports_at_the_same_moment_give_way_to_one(
    exports: Path, undisturbed: tuple[dict[str, Counter[tuple[Any, ...]]], float], tmp_path: Path
) -> None:
    """Two nights at once: one works, the others are told to try again, and no row is lost."""
    database = tmp_path / "shop.db"
    assert run(database, "books", "init")[0] == 0
    crowd = [call(database, "import", str(exports)) for _ in range(4)]
    told = [(process.communicate(timeout=120)[0], process.returncode) for process in crowd]
    codes = Counter(code for _out, code in told)
    assert set(codes) <= {0, 3, 6} and codes[6] >= 1, told
    assert run(database, "import", str(exports))[0] in {0, 3}
    look(database)
    same(Books(str(database)), undisturbed[0])


def test_books_cut_off_while_they_were_founded_can_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between the schema and the first entries: the next call makes them."""
    books = Books(str(tmp_path / "shop.db"))

    def cut(_asked: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(opening, "_found", cut)
        with pytest.raises(KeyboardInterrupt):
            books.order("2850000000000000041", ("TS-L", 1, 500))
    books.order("2850000000000000041", ("TS-L", 1, 500))
    assert books.value("SELECT role FROM staff") == "owner"
    books.check()


# disks


@contextlib.contextmanager
def disk(folder: Path, size: str) -> Iterator[Path]:
    """A small disk of its own; only root can make one."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root can make a small disk")
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True)
    if made.returncode:
        pytest.skip(f"no disk can be mounted here: {made.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


def again(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True, capture_output=True)


@pytest.mark.parametrize("size", ["600k", "1500k", "3m", "6m"])
def test_a_full_disk_leaves_nothing_half(
    size: str, exports: Path, undisturbed: tuple[dict[str, Counter[tuple[Any, ...]]], float], tmp_path: Path
) -> None:
    with disk(tmp_path / "disk", size) as folder:
        database = folder / "shop.db"
        code, document = run(database, "import", str(exports))
        assert code == 7, document
        assert document["error"]["code"] == "storage"
        again(folder, "size=300m")
        state_of(database)
        assert run(database, "import", str(exports))[0] in {0, 3}
        look(database)
        same(Books(str(database)), undisturbed[0])
        engine.engine(str(database)).dispose()


def test_a_full_disk_stops_a_case_too(sqlite_books: Books, tmp_path: Path) -> None:
    sqlite_books.order("2850000000000000042", ("TS-L", 1, 500))
    engine.engine(sqlite_books.database).dispose()
    with disk(tmp_path / "disk", "3m") as folder:
        database = folder / "shop.db"
        shutil.copyfile(sqlite_books.database, database)
        filler = folder / "filler"
        with contextlib.suppress(OSError), filler.open("wb") as stream:
            while stream.write(b"x" * 4096):
                stream.flush()
        open_it = ("case", "open", "2850000000000000042", "--kind", "return", "--reason", "B_7D")
        code, document = run(database, *open_it)
        assert (code, document["error"]["code"]) == (7, "storage")
        filler.unlink()
        books = Books(str(database))
        assert books.value("SELECT COUNT(*) FROM cases") == 0
        assert run(database, *open_it)[0] == 0
        books.check()
        engine.engine(str(database)).dispose()


def test_books_that_can_only_be_read_are_named_and_not_changed(sqlite_books: Books, tmp_path: Path) -> None:
    sqlite_books.order("2850000000000000043", ("TS-L", 1, 500))
    engine.engine(sqlite_books.database).dispose()
    open_it = ("case", "open", "2850000000000000043", "--kind", "return", "--reason", "B_7D")
    with disk(tmp_path / "disk", "20m") as folder:
        database = folder / "shop.db"
        shutil.copyfile(sqlite_books.database, database)
        before = hashlib.sha256(database.read_bytes()).hexdigest()
        again(folder, "ro")
        code, document = run(database, *open_it)
        assert (code, document["error"]["code"]) == (7, "storage"), document
        assert hashlib.sha256(database.read_bytes()).hexdigest() == before
        again(folder, "rw")


def test_a_file_without_the_right_to_write_is_named(sqlite_books: Books) -> None:
    if not hasattr(os, "geteuid") or os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    path = Path(sqlite_books.database)
    path.chmod(0o400)
    code, document = run(path, "staff", "add", "小美", "--role", "agent")
    assert (code, document["error"]["code"]) == (7, "storage")


# books of another time


def test_newer_books_are_refused_and_stay_as_they_are(sqlite_books: Books) -> None:
    path = Path(sqlite_books.database)
    with engine.engine(sqlite_books.database).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.engine(sqlite_books.database).dispose()
    before = path.read_bytes()
    for command in (("staff", "add", "小美", "--role", "agent"), ("today",), ("import", str(FIXTURES / "exports"))):
        code, document = run(path, *command)
        assert (code, document["error"]["code"]) == (7, "storage"), command
        assert "newer" in document["error"]["message"]
    assert path.read_bytes() == before
    assert sorted(each.name for each in path.parent.glob("shop.db*")) == ["shop.db"]


def test_what_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    path.write_bytes(b"this is not a database at all, whatever its name says" * 40)
    before = path.read_bytes()
    code, document = run(path, "today")
    assert (code, document["error"]["code"]) == (7, "storage"), document
    assert path.read_bytes() == before
