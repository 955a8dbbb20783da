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
    None where that is of no matter), and the operation `key` under which it is saved once ("" while no file has it);
    `split`: the codes behind it in its line were written down as codes of their own.
    """

    typed: str
    at: float
    read_at: datetime | None = None
    key: str = ""
    split: bool = False


def folder(database: str) -> Path:
    """The folder for kept codes of some books: beside a SQLite file, else in the user's data folder."""
    if "://" in database:
        import platformdirs

        name = sha256(database.encode()).hexdigest()[:16]
        return Path(platformdirs.user_data_dir("retcli", appauthor=False)) / "kept" / name
    return Path(f"{database}-kept")


class Journal:
    """The file of one round: a line for each code that is kept, with the table as it stood before the first of them,
    and one for each that was saved since, with the table after it; only ever appended to, and deleted once nothing in
    it waits. Its lock is the kernel's, so that a killed loop holds nothing.
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

    def keep(self, codes: Sequence[Kept], operator: str, bench: Mapping[str, Any], behind: str = "") -> list[Kept]:
        """Writes codes down, each under a key of its own, with the table (`bench`) before the first; those that were
        read in one line with another code come `behind` that one (its key). Raises OSError where the disk refuses it.
        """
        kept = [Kept(code.typed, code.at, code.read_at, secrets.token_hex(16)) for code in codes]
        lines = [
            {"kept": each.key, "code": each.typed, "at": each.at, "by": operator, "bench": dict(bench),
             "read_at": each.read_at.isoformat() if each.read_at else None, "behind": behind}
            for each in kept
        ]  # fmt: skip
        self._append(lines)
        return kept

    def saved(self, key: str, bench: Mapping[str, Any]) -> None:
        """Notes that a code is saved, with the table (`bench`) after it. A disk that refuses that is no matter: under
        its key nothing is saved twice.
        """
        with suppress(OSError):
            self._append([{"saved": key, "bench": dict(bench)}])

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
        codes = _waiting(lines)
        if codes:
            # none passes another: the table after the last that was saved is the one before the first that was not
            after = [line["bench"] for line in lines if "saved" in line and "bench" in line]
            split = {line["behind"] for line in lines if line.get("behind")}
            kept = tuple(_kept(code, split=code["kept"] in split) for code in codes)
            yield Left(codes[0]["by"], kept, (after or [codes[0]["bench"]])[-1], journal)
        else:
            journal.close(done=True)


@dataclass(frozen=True)
class Abandoned:
    """Codes that a round which ended left unsaved: whose they are, how many, and since when (UTC; None where nobody
    noted it).
    """

    operator: str
    codes: int
    since: datetime | None


def abandoned(database: str) -> Iterator[Abandoned]:
    """What rounds that ended left unsaved, the oldest first; nothing is changed, and loops that still run are left
    alone.
    """
    for path in sorted(folder(database).glob("*.jsonl"), key=lambda path: path.stat().st_mtime):
        codes = _waiting(_lines(path))
        lock = _locked(path.with_suffix(".lock")) if codes else None
        if lock is not None:
            lock.release()
            first = _kept(codes[0], split=False).read_at
            yield Abandoned(codes[0]["by"], len(codes), first)


def _waiting(lines: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The lines of codes that are not saved, in the order in which they were read."""
    saved = {line["saved"] for line in lines if "saved" in line}
    codes: list[Mapping[str, Any]] = []
    for line in lines:
        if "kept" in line:
            line_of = [line.get("behind") in {code["kept"], code.get("behind")} for code in codes]
            last = max((place for place, same in enumerate(line_of) if same), default=-1) if line.get("behind") else -1
            codes.insert(last + 1 if last >= 0 else len(codes), line)
    return [code for code in codes if code["kept"] not in saved]


def _kept(line: Mapping[str, Any], *, split: bool) -> Kept:
    read_at = datetime.fromisoformat(line["read_at"]) if line["read_at"] else None
    return Kept(line["code"], line["at"], read_at, line["kept"], split)


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
