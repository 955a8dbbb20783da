"""Codes of the scan loop that could not be saved yet, kept in a file beside the books until they are: a killed program
loses none of them, and the next loop of the same person saves them first.
"""

import json
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Kept:
    """A code as it was typed, when it was read (`at` in seconds of a clock that only goes forward, `read_at` in UTC,
    None where that is of no matter), and the operation `key` under which it is saved once ("" while no file has it).
    """

    typed: str
    at: float
    read_at: datetime | None = None
    key: str = ""


def folder(database: str) -> Path:
    """The folder for kept codes of some books: beside a SQLite file, else in the user's data folder."""
    if "://" in database:
        import platformdirs

        name = sha256(database.encode()).hexdigest()[:16]
        return Path(platformdirs.user_data_dir("retcli", appauthor=False)) / "kept" / name
    return Path(f"{database}-kept")


class Journal:
    """The file of one round: a line for each code that is kept, with the table as it stood before the first of them,
    and one for each that was saved since; only ever appended to, and deleted once nothing in it waits. Its lock is the
    kernel's, so that a killed loop holds nothing.
    """

    def __init__(self, path: Path, lock: Any) -> None:
        self._path = path
        self._lock = lock

    @classmethod
    def begun(cls, database: str, name: str) -> "Journal":
        """A journal for a round (its `name`). Raises OSError where the disk refuses it."""
        place = folder(database)
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = _locked(place / f"{name}.lock")
        if lock is None:
            raise OSError(f"{place / name} is in use")
        return cls(place / f"{name}.jsonl", lock)

    def keep(self, codes: Sequence[Kept], operator: str, bench: Mapping[str, Any]) -> list[Kept]:
        """Writes codes down, each under a key of its own, with the table (`bench`) before the first. Raises OSError
        where the disk refuses it.
        """
        kept = [Kept(code.typed, code.at, code.read_at, secrets.token_hex(16)) for code in codes]
        lines = [
            {"kept": each.key, "code": each.typed, "at": each.at, "by": operator, "bench": dict(bench),
             "read_at": each.read_at.isoformat() if each.read_at else None}
            for each in kept
        ]  # fmt: skip
        self._append(lines)
        return kept

    def saved(self, key: str) -> None:
        """Notes that a code is saved. A disk that refuses that is no matter: under its key nothing is saved twice."""
        with suppress(OSError):
            self._append([{"saved": key}])

    def close(self, *, done: bool) -> None:
        """Lets the file go; it is deleted where all of it is `done`."""
        if done:
            self._path.unlink(missing_ok=True)
        self._lock.release()
        if done:
            with suppress(OSError):
                Path(self._lock.lock_file).unlink(missing_ok=True)
                self._path.parent.rmdir()

    def _append(self, lines: Sequence[Mapping[str, Any]]) -> None:
        flags = os.O_CREAT | os.O_APPEND | os.O_WRONLY | getattr(os, "O_BINARY", 0)
        handle = os.open(self._path, flags, 0o600)
        try:
            os.write(handle, "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines).encode())
            os.fsync(handle)
        finally:
            os.close(handle)


@dataclass(frozen=True)
class Left:
    """What a round that ended left unsaved: whose it is, its codes in their order, the table before the first of them,
    and its file.
    """

    operator: str
    codes: tuple[Kept, ...]
    bench: Mapping[str, Any]
    journal: Journal


def left_behind(database: str) -> Iterator[Left]:
    """What rounds that ended left unsaved, the oldest first, each with its file locked; without those of loops that
    still run.
    """
    for path in sorted(folder(database).glob("*.jsonl"), key=lambda path: path.stat().st_mtime):
        lock = _locked(path.with_suffix(".lock"))
        if lock is None:
            continue
        journal, lines = Journal(path, lock), _lines(path)
        saved = {line["saved"] for line in lines if "saved" in line}
        codes = [line for line in lines if "kept" in line and line["kept"] not in saved]
        if codes:
            yield Left(codes[0]["by"], tuple(map(_kept, codes)), codes[0]["bench"], journal)
        else:
            journal.close(done=True)


def _kept(line: Mapping[str, Any]) -> Kept:
    read_at = datetime.fromisoformat(line["read_at"]) if line["read_at"] else None
    return Kept(line["code"], line["at"], read_at, line["kept"])


def _lines(path: Path) -> list[dict[str, Any]]:
    """The whole lines of a file; the last one may have been cut off as it was written, and was promised to nobody."""
    lines = []
    for text in path.read_text(encoding="utf-8", errors="replace").splitlines():
        with suppress(json.JSONDecodeError):
            lines.append(json.loads(text))
    return lines


def _locked(place: Path) -> Any:
    """The lock on a file, taken; None where another program holds it."""
    from filelock import FileLock, Timeout

    lock = FileLock(place, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return None
    return lock
