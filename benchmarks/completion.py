"""Completion: what TAB answers against an empty app of the same Typer, both in this run and by turns.

Run: python -m benchmarks.completion
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from benchmarks.measuring import interleaved
from retcli.actions.imports import intake
from retcli.rules.zone import SHANGHAI
from retcli.settings import Asked, fixtures

EMPTY = (
    "import typer\n"
    "app = typer.Typer(rich_markup_mode=None)\n"
    "@app.command()\n"
    "def show(case: str = typer.Argument('', autocompletion=lambda: ['RC-0001', 'RC-0002'])) -> None: ...\n"
    "@app.command('list')\n"
    "def list_() -> None: ...\n"
    "app(prog_name='empty')\n"
)
MOST_MS = 50
ROUNDS = 30


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """One process as a shell starts it, with the interpreter's byte code cached; how many lines it answered."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run([sys.executable, *arguments], capture_output=True, env=kept | dict(environment), check=False)
    if done.returncode or done.stderr or not done.stdout.strip():
        raise SystemExit(f"{arguments}: {done.stdout.decode()}{done.stderr.decode()}")
    return len(done.stdout.splitlines())


def ours(database: str, line: str) -> tuple[list[str], dict[str, str]]:
    """A call by the script of bash."""
    asks = {"_RETCLI_COMPLETING": "bash", "_RETCLI_LINE": line, "_RETCLI_WORD": line.rpartition(" ")[2]}
    books = {"RETCLI_DB": database, "RETCLI_OPERATOR": "owner", "_RETCLI_LOCALE": "C.UTF-8", "_RETCLI_TYPE": "9"}
    return ["-m", "retcli"], asks | books


def main(rounds: int = ROUNDS) -> None:
    with tempfile.TemporaryDirectory() as folder:
        empty, database = Path(folder) / "empty.py", str(Path(folder) / "shop.db")
        empty.write_text(EMPTY, encoding="utf-8")
        asked = Asked(database, "owner", rehearsed_at=datetime(2026, 11, 9, 12, tzinfo=SHANGHAI))
        intake.take_in(asked, [path for path in fixtures().iterdir() if path.is_file() and "2" not in path.stem])
        typers = {"_EMPTY_COMPLETE": "complete_bash", "COMP_WORDS": "empty show ", "COMP_CWORD": "2"}
        sides = {
            "empty Typer app": ([str(empty)], typers),
            "retcli <TAB>": ours(database, "retcli "),
            "case show <TAB>": ours(database, "retcli case show "),
            "order show 2850 <TAB>": ours(database, "retcli order show 2850"),
            "parcel inspect --item <TAB>": ours(database, "retcli parcel inspect PK1 --item "),
        }
        lines = {name: run(*side) for name, side in sides.items()}
        times = interleaved({name: partial(run, *side) for name, side in sides.items()}, rounds)
    least = times["empty Typer app"]
    for name, seconds in times.items():
        more = (seconds - least) * 1e3
        print(f"{name:28} {seconds * 1e3:6.0f} ms  {more:+5.0f} ms  ratio {seconds / least:.2f}  {lines[name]} lines")
    print(f"medians of {rounds} rounds by turns; at most {MOST_MS} ms more than the empty app")


if __name__ == "__main__":
    main()
