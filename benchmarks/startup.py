"""Start-up: `--help` against an empty app of the same Typer, `case show` against `import sqlmodel`.

Run: python -m benchmarks.startup
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from benchmarks.measuring import interleaved
from retcli.actions.imports import intake
from retcli.rules.zone import SHANGHAI
from retcli.settings import Asked, fixtures

EMPTY = (
    "import typer\n"
    "app = typer.Typer(rich_markup_mode=None, add_completion=False)\n"
    "@app.command()\n"
    "def main() -> None: ...\n"
    "app()\n"
)
HEAVY = ("sqlmodel", "sqlalchemy", "pydantic", "openpyxl", "alembic", "rich")


def run(arguments: Sequence[str]) -> None:
    """One process with the interpreter's byte code cached."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run([sys.executable, *arguments], capture_output=True, env=environment, check=False)
    if done.returncode:
        raise SystemExit(done.stderr.decode())


def loaded_by_help() -> list[str]:
    """The heavy libraries that `retcli --help` loads; there should be none."""
    code = (
        "import sys, contextlib, io\n"
        "from retcli.cli import app\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()): app(['--help'])\n"
        "print(*sys.modules, sep='\\n', file=sys.__stdout__)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return [name for name in HEAVY if name in done.stdout.split()]


def main(rounds: int = 15) -> None:
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.py"
        empty.write_text(EMPTY, encoding="utf-8")
        database = str(Path(folder) / "shop.db")
        asked = Asked(database, "owner", rehearsed_at=datetime(2026, 11, 9, 12, tzinfo=SHANGHAI))
        files = [p for p in fixtures().iterdir() if p.is_file()]
        intake.take_in(asked, [p for p in files if "2" not in p.stem])
        shown = ["-m", "retcli", "--db", database, "--operator", "owner", "case", "show", "RC20261109-0032"]
        sides = {
            "empty --help": [str(empty), "--help"],
            "retcli --help": ["-m", "retcli", "--help"],
            "import sqlmodel": ["-c", "import sqlmodel"],
            "case show": shown,
        }
        times = interleaved({name: partial(run, arguments) for name, arguments in sides.items()}, rounds)
    for name, seconds in times.items():
        print(f"{name:16} {seconds * 1e3:7.0f} ms")
    print(f"--help / empty app: {times['retcli --help'] / times['empty --help']:.2f} (at most 1.5)")
    print(f"case show / import sqlmodel: {times['case show'] / times['import sqlmodel']:.2f} (at most 1.6)")
    print(f"heavy libraries loaded by --help: {', '.join(loaded_by_help()) or 'none'}")


if __name__ == "__main__":
    main()
