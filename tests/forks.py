"""Programs forked from one that has loaded retcli: for tests of what several of them, or killed ones, leave in the
books. Of a call that begins from nothing two thirds are loading; what is tested there is not.

Run as a module it is the program that forks: python -m tests.forks SOCKET.
"""

import atexit
import contextlib
import importlib
import io
import json
import os
import pkgutil
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

AT_MOST = 65_536
"""Bytes of one call: its words and its environment."""


# -- whoever asks -----------------------------------------------------------------------------------------------------


class Forked:
    """One call of retcli in a process of its own, as `subprocess.Popen` has it: its streams are read at its end."""

    def __init__(self, words: Sequence[str], env: Mapping[str, str], typed: bytes = b"") -> None:
        self.files = contextlib.ExitStack()
        keys, self.out, self.err = (self.files.enter_context(temporary()) for temporary in [tempfile.TemporaryFile] * 3)
        keys.write(typed)
        keys.seek(0)
        self.returncode: int | None = None
        self.connection = socket.socket(socket.AF_UNIX)
        self.connection.connect(_parent())
        call = json.dumps({"words": list(words), "env": dict(env), "cwd": str(Path.cwd())}).encode()
        socket.send_fds(self.connection, [call], [keys.fileno(), self.out.fileno(), self.err.fileno()])
        self.pid = int(self.connection.recv(32))

    def communicate(self, timeout: float | None = None) -> tuple[bytes, bytes]:
        """What it printed, once it has ended. Raises subprocess.TimeoutExpired where it still works."""
        self.wait(timeout)
        with self.files:
            self.out.seek(0)
            self.err.seek(0)
            return self.out.read(), self.err.read()

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, once it has ended: of a killed one the signal's number below zero."""
        if self.returncode is None:
            self.connection.settimeout(timeout)
            try:
                self.returncode = int(self.connection.recv(32))
            except TimeoutError:
                raise subprocess.TimeoutExpired("retcli", timeout or 0) from None
            self.connection.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Sends it a signal."""
        os.kill(self.pid, number)

    def kill(self) -> None:
        """Kills it."""
        self.send_signal(signal.SIGKILL)


def console_script(folder: Path) -> None:
    """Writes a `retcli` into a folder that hands its words, surroundings and streams to a forked process."""
    folder.mkdir()
    script = folder / "retcli"
    script.write_text(_SCRIPT.format(python=sys.executable, place=_parent()), encoding="utf-8")
    script.chmod(0o700)


_SCRIPT = """#!{python} -SE
import json, os, socket, sys
call = {{"words": sys.argv[1:], "env": dict(os.environ), "cwd": os.getcwd()}}
with socket.socket(socket.AF_UNIX) as connection:
    connection.connect({place!r})
    socket.send_fds(connection, [json.dumps(call).encode()], [0, 1, 2])
    connection.recv(32)
    sys.exit(int(connection.recv(32)))
"""


def _parent() -> str:
    """The socket of the one program that forks for all threads of a test process."""
    with _ONE_AT_A_TIME:
        return _started()


@cache
def _started() -> str:
    """The socket of the program that forks, started once in a test process; it ends with that."""
    folder = tempfile.mkdtemp(prefix="retcli-forks-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    place = str(Path(folder, "socket"))
    command = [sys.executable, "-m", "tests.forks", place]
    started = subprocess.Popen(command, cwd=Path(__file__).parent.parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert started.stdout is not None
    assert started.stdout.readline() == b"ready\n"
    _STARTED.append(started)
    return place


_ONE_AT_A_TIME = threading.Lock()
_STARTED: list["subprocess.Popen[bytes]"] = []
"""Kept: its end of the pipe is closed with the test process, by which it knows that nobody asks any more."""


# -- the program that forks -------------------------------------------------------------------------------------------


def load() -> Callable[[], None]:
    """Loads all that any command loads; what the console script starts."""
    from sqlalchemy.orm import configure_mappers

    from retcli import __main__, actions

    for module in pkgutil.walk_packages(actions.__path__, "retcli.actions."):
        importlib.import_module(module.name)
    for name in ("alembic.command", "openpyxl", "psycopg", "python_calamine", "sqlalchemy.dialects.postgresql.psycopg"):
        importlib.import_module(name)
    configure_mappers()
    if threading.active_count() > 1:
        raise RuntimeError("a process with threads cannot be forked")
    return __main__.main


def serve(place: str) -> None:
    """Forks a process for each call that comes, and tells each caller how it ended; returns in the forked ones, ready
    to go, and ends when whoever started this has ended.
    """
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(place)
    listening.listen(64)
    woken, wakes = socket.socketpair()
    wakes.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    callers = dict[int, socket.socket]()
    while True:
        ready, _write, _wrong = select.select([listening, woken, sys.stdin], [], [])
        if sys.stdin in ready:
            os._exit(0)
        if woken in ready:
            woken.recv(4096)
            _tell(callers)
        if listening in ready:
            caller, _address = listening.accept()
            call, descriptors, _flags, _from = socket.recv_fds(caller, AT_MOST, 3)
            child = os.fork()
            if not child:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for mine in (listening, woken, wakes, caller, *callers.values()):
                    mine.close()
                _become(json.loads(call), descriptors)
                return
            for descriptor in descriptors:
                os.close(descriptor)
            callers[child] = caller
            caller.sendall(str(child).encode())


def _tell(callers: dict[int, socket.socket]) -> None:
    """Tells the callers of processes that have ended how they ended."""
    while callers:
        child, status = os.waitpid(-1, os.WNOHANG)
        if not child:
            return
        with contextlib.suppress(OSError), callers.pop(child) as caller:
            caller.sendall(str(os.waitstatus_to_exitcode(status)).encode())


def _become(call: dict[str, object], descriptors: Sequence[int]) -> None:
    """Takes on the words, the surroundings and the streams of a call, as a program that begins has them."""
    words, env = call["words"], call["env"]
    assert isinstance(words, list) and isinstance(env, dict)
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    os.chdir(str(call["cwd"]))
    sys.argv = ["retcli", *words]
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)), encoding="utf-8")
    sys.stdout = io.TextIOWrapper(io.BufferedWriter(io.FileIO(1, "w", closefd=False)), encoding="utf-8")
    sys.stderr = io.TextIOWrapper(
        io.BufferedWriter(io.FileIO(2, "w", closefd=False)), encoding="utf-8", line_buffering=True
    )


if __name__ == "__main__":
    begin = load()
    serve(sys.argv[1])
    begin()
