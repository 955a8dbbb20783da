"""The command line as somebody at a terminal uses it: in this process, or as a program of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from retcli.cli import app
from retcli.database import engine
from tests.commands.documents import against_the_contract
from tests.shopfloor import NOON, OWNER, Books


@dataclass(frozen=True)
class Answer:
    """What a call printed, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on standard output."""
        made: dict[str, Any] = json.loads(self.out)
        return made

    @property
    def documents(self) -> list[dict[str, Any]]:
        """JSON documents, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass
class Desk:
    """Somebody's terminal on some books; `at` is the present instant (`live`: by the real clock, whatever it says)."""

    database: str
    at: datetime = NOON
    by: str = OWNER
    live: bool = False

    def type(self, *words: str, by: str = "", typed: str = "", traceback: bool = False) -> Answer:
        """One call of retcli, `typed` on its standard input. It never shows a traceback that was not asked for."""
        everything = ["--db", self.database, "--operator", by or self.by, *words]
        now = "" if self.live else self.at.isoformat()
        ended = CliRunner().invoke(app, everything, input=typed, env={"RETCLI_NOW": now})
        assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
        assert traceback or "Traceback" not in ended.output
        answer = Answer(ended.exit_code, ended.stdout, ended.stderr)
        if "--json" in words and answer.out.startswith("{"):
            wrong = [each for document in answer.documents for each in against_the_contract(words, document)]
            assert wrong == [], wrong
        return answer

    def read(self, *words: str, by: str = "", code: int = 0) -> dict[str, Any]:
        """The JSON document of a call that ends with an exit code."""
        answer = self.type("--json", *words, by=by)
        assert answer.code == code, (words, answer)
        return answer.document

    def case(self, *words: str, by: str = "") -> dict[str, Any]:
        """The case that a call answers."""
        found: dict[str, Any] = self.read("case", *words, by=by)["case"]
        return found

    def pay(self, *words: str, by: str = "") -> dict[str, Any]:
        """The payout that a call answers."""
        found: dict[str, Any] = self.read("pay", *words, by=by)["payout"]
        return found

    def refused(self, *words: str, by: str = "", code: int = 5) -> str:
        """Why a call is refused."""
        message: str = self.read(*words, by=by, code=code)["error"]["message"]
        return message

    @property
    def books(self) -> Books:
        """The books themselves, to look into."""
        return Books(self.database, self.at, self.live)


def environment(database: str = "", **more: str) -> dict[str, str]:
    """A plain environment for a program of its own: English, no colours, books named."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RETCLI_", "LC_", "LANG"))}
    named = {"RETCLI_LANG": "en", "RETCLI_OPERATOR": OWNER, "RETCLI_NOW": NOON.isoformat(), "NO_COLOR": "1"}
    return kept | named | ({"RETCLI_DB": database} if database else {}) | more


def hears_control_c() -> None:
    """As from a terminal: a test run started with ``&`` hands on that Ctrl-C is not heard."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def program(
    *words: str, env: Mapping[str, str], typed: bytes = b"", **options: Any
) -> "subprocess.CompletedProcess[bytes]":
    """One call of retcli as a program of its own."""
    command = [sys.executable, "-m", "retcli", *words]
    options = {"capture_output": True} | options
    return subprocess.run(command, env=dict(env), input=typed, timeout=60, check=False, **options)


def packaged(path: Path) -> Path:
    """Books with the packaged exports in them (the first refund report), and the staff of a shop."""
    from tests.reports import EXPORTS

    desk = Desk(str(path))
    names = ("商品资料.xlsx", "订单报表.csv", "宝贝报表.xlsx", "退款报表_1.xlsx")
    answer = desk.type("import", *(str(EXPORTS / name) for name in names))
    assert answer.code == 3, answer
    desk.books.hire()
    engine.engine(str(path)).dispose()
    return path


def copied(source: Path, path: Path) -> Desk:
    """A terminal on a copy of books."""
    shutil.copyfile(source, path)
    return Desk(str(path))
