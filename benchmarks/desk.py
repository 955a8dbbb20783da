"""What the desk shows with few open cases and with many: processor time of each command from its start to its end.

Run: python -m benchmarks.desk [FEW] [MANY] [ROUNDS]     (10 and 1,000: at most 1.5 times the time of the few, and a
millisecond for each case shown)
"""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from retcli.opening import prepare
from tests.actions.casefile.records.test_read_together import open_cases
from tests.shopfloor import NOON, OWNER, Books

COMMANDS = {
    "today": ("today",),
    "case list": ("case", "list"),
    "case review, first card": ("case", "review"),
    "case approve --all-yes --dry-run": ("case", "approve", "--all-yes", "--dry-run"),
}


def filled(database: Path, cases: int) -> Path:
    """Books with so many open cases of all kinds."""
    books = Books(str(database))
    prepare(books.asked())
    books.hire()
    open_cases(books, 1, cases)
    return database


def taken(database: Path, words: tuple[str, ...]) -> tuple[float, int]:
    """Seconds of the processor that one call takes, and the lines it prints."""
    environment = {**os.environ, "RETCLI_NOW": NOON.isoformat(), "RETCLI_LANG": "zh"}
    command = [sys.executable, "-m", "retcli", "--db", str(database), "--operator", OWNER, *words]
    before = os.times()
    done = subprocess.run(command, input=b"", capture_output=True, env=environment, check=False)
    after = os.times()
    if done.returncode not in {0, 3}:
        raise SystemExit(done.stderr.decode())
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return used, done.stdout.count(b"\n")


def main(few: int = 10, many: int = 1_000, rounds: int = 5) -> None:
    with tempfile.TemporaryDirectory() as name:
        sizes = {cases: filled(Path(name) / f"{cases}.db", cases) for cases in (few, many)}
        for title, words in COMMANDS.items():
            seconds: dict[int, list[float]] = {few: [], many: []}
            lines = dict.fromkeys(sizes, 0)
            for turn in range(rounds + 1):
                for cases, database in sizes.items():
                    used, lines[cases] = taken(database, words)
                    if turn:
                        seconds[cases].append(used)
            little, much = (statistics.median(seconds[cases]) for cases in sizes)
            limit = 1.5 * little + 0.001 * lines[many]
            print(
                f"{title:34} {few} cases {little:.2f} s, {many} cases {much:.2f} s ({lines[many]} lines;"
                f" {much / little:.2f} times, at most {limit:.2f} s)"
            )


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:4]))
