"""How far an import has come: shown on a terminal, and nowhere else."""

import re
import sys
from pathlib import Path

import pytest

from fixtures import stream_orders, write_report
from tests.shopfloor import Books
from tests.terminal import environment, program

pexpect = pytest.importorskip("pexpect")


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """An order report of a few chunks."""
    path = tmp_path / "订单报表.csv"
    write_report(stream_orders(7, 5000), "taobao.order.2021a", path)
    return path


def test_on_a_terminal_the_rows_read_and_merged_are_shown(sqlite_books: Books, report: Path) -> None:
    env = environment(sqlite_books.database, TERM="xterm", COLUMNS="80")
    words = ["-m", "retcli", "import", str(report)]
    terminal = pexpect.spawn(sys.executable, words, env=env, encoding="utf-8", timeout=60, dimensions=(24, 80))
    terminal.expect(pexpect.EOF)
    seen = str(terminal.before)
    assert "订单报表.csv: merging" in seen
    assert "5000/5000" in seen
    assert "5000 rows: 5000 new" in seen
    counts = [(int(done), int(of)) for done, of in re.findall(r"(\d+)/(\d+)\D", seen)]
    assert all(done <= of for done, of in counts), "more rows than there are"


def test_elsewhere_nothing_is(sqlite_books: Books, report: Path) -> None:
    done = program("import", str(report), env=environment(sqlite_books.database))
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"merging" not in done.stdout
