"""What people name is opened by one function: regular files only, limits first, and one entry stops no other."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from retcli import named_files
from retcli.errors import NotFound, Refused
from tests.reports import Folder, settle, sold
from tests.terminal import Desk, environment

ONE = sold("2850000000000000471", ("A", 1, 500))


@pytest.fixture
def strange(tmp_path: Path) -> dict[str, Path]:
    """Things that are no files."""
    made = {name: tmp_path / name for name in ("fifo", "loop", "folder", "socket", "nowhere")}
    os.mkfifo(made["fifo"])
    made["loop"].symlink_to(made["loop"])
    made["folder"].mkdir()
    with socket.socket(socket.AF_UNIX) as listening:
        bind(listening, made["socket"])
    return made | {"zero": Path("/dev/zero")}


def bind(listening: socket.socket, path: Path) -> None:
    """Makes a socket at a path, from its folder: the system takes no name of over a hundred characters."""
    before = Path.cwd()
    os.chdir(path.parent)
    try:
        listening.bind(path.name)
    finally:
        os.chdir(before)


def test_only_regular_files_are_opened(strange: dict[str, Path], tmp_path: Path) -> None:
    for name, path in strange.items():
        with pytest.raises(NotFound if name == "nowhere" else Refused):
            named_files.content(path)
    big = tmp_path / "big"
    with big.open("wb") as stream:
        stream.truncate(named_files.TEXT_AT_MOST + 1)
    with pytest.raises(Refused, match="bigger than 1 MB"):
        named_files.content(big)
    link = tmp_path / "link"
    link.symlink_to(big)
    with pytest.raises(Refused):
        named_files.opened(link, links=False)


@pytest.mark.parametrize("name", ["fifo", "folder", "socket", "zero"])
@pytest.mark.parametrize("words", [("imports", "explain"), ("imports", "draft-map"), ("books", "restore", "--yes")])
def test_what_is_there_and_no_file_is_not_called_missing(
    desk: Desk, strange: dict[str, Path], words: tuple[str, ...], name: str
) -> None:
    assert "is not a file" in desk.refused(*words, str(strange[name]))


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", ["fifo", "loop", "folder", "socket", "zero", "nowhere"])
def test_no_command_waits_for_what_is_no_file(desk: Desk, strange: dict[str, Path], folder: Folder, name: str) -> None:
    path, report = str(strange[name]), str(folder.orders(ONE))
    calls = (
        ("policy", "check", path),
        ("policy", "load", path),
        ("imports", "explain", report, "--map", path),
        ("import", report, "--map", path),
        ("scan", path),
        ("case", "evidence", "add", "1", path),
        ("books", "restore", path, "--yes"),
    )
    for words in calls:
        answer = desk.type(*words)
        assert answer.code in {2, 3, 4, 5, 7}, (words, answer)
    if name != "folder":
        assert desk.type("import", path).code in {3, 4, 5}
        assert desk.type("imports", "explain", path).code in {3, 4, 5}


def test_what_is_wrong_with_one_entry_stops_no_other(desk: Desk, folder: Folder) -> None:
    report = folder.orders(ONE)
    os.mkfifo(folder.path / "pipe.csv")
    (folder.path / "loop.csv").symlink_to(folder.path / "loop.csv")
    (folder.path / "one.csv").symlink_to(folder.path / "other.csv")
    (folder.path / "other.csv").symlink_to(folder.path / "one.csv")
    (folder.path / "gone.csv").symlink_to(folder.path / "nowhere.csv")
    with socket.socket(socket.AF_UNIX) as listening:
        bind(listening, folder.path / "s.csv")
    settle(folder.path)
    document = desk.read("import", str(folder.path))
    states = {each["path"]: each["state"] for each in document["files"]}
    assert states[report.name] == "imported"
    assert states["loop.csv"] == "passed_over"


# -- streams and signals ----------------------------------------------------------------------------------------------


def test_codes_stay_when_nobody_can_be_told(desk: Desk) -> None:
    env = environment(desk.database)
    for words, code in ((("case", "show", "404"), 4), (("case", "lst"), 2), (("today",), 0)):
        with Path("/dev/full").open("w", encoding="utf-8") as full:
            command = [sys.executable, "-m", "retcli", *words]
            ended = subprocess.run(command, env=env, stdout=subprocess.PIPE, stderr=full, timeout=60, check=False)
        assert ended.returncode == code, words


def test_json_that_cannot_be_written_is_said_beside_it(desk: Desk) -> None:
    env = environment(desk.database)
    for words, code in ((("--json", "today"), 7), (("--json", "case", "show", "404"), 4)):
        with Path("/dev/full").open("w", encoding="utf-8") as full:
            command = [sys.executable, "-m", "retcli", *words]
            ended = subprocess.run(command, env=env, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
        assert ended.returncode == code, words
        assert ended.stderr.strip().startswith(b"Error"), words


INTERRUPTED_AT = """
import os, runpy, signal, sys
left = None
def count(event, args):
    global left
    if event == "import" and left is None and args[0] == "retcli.cli":
        left = int(sys.argv.pop(1))
    if event == "import" and left is not None:
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGINT)
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.addaudithook(count)
runpy.run_module("retcli", run_name="__main__", alter_sys=True)
"""
"""Runs the program and presses Ctrl-C at one of its imports, counted from that of the command line on."""


@pytest.mark.parametrize("at", [1, 2, 5, 20, 60, 120, 200, 300, 400])
def test_an_interruption_while_the_program_loads_shows_no_traceback(desk: Desk, at: int) -> None:
    command = [sys.executable, "-c", INTERRUPTED_AT, str(at), "today"]
    ended = subprocess.run(command, env=environment(desk.database), capture_output=True, timeout=60, check=False)
    assert ended.returncode == 130, ended.stderr
    assert (ended.stdout, b"Traceback" in ended.stderr) == (b"", False)


def test_a_workbook_that_failed_is_not_ended_once_more(tmp_path: Path) -> None:
    """The archive's object is gone without a word about what it could not write."""
    script = (
        "import gc, os, sys, errno\nfrom pathlib import Path\nfrom retcli.sheets import writer\n"
        "from retcli.sheets.writer import Column, Sheet\n"
        "class Full:\n"
        "    def __init__(self, stream): self.stream, self.left = stream, 3\n"
        "    def __enter__(self): return self\n"
        "    def __exit__(self, *_): self.stream.close()\n"
        "    def write(self, data):\n"
        "        self.left -= 1\n"
        "        if self.left < 0: raise OSError(errno.ENOSPC, 'full')\n"
        "        return self.stream.write(data)\n"
        "    def __getattr__(self, name): return getattr(self.stream, name)\n"
        "real = os.fdopen\n"
        "def opened(handle, mode='r', *a, **k):\n"
        "    stream = real(handle, mode, *a, **k)\n"
        "    return Full(stream) if mode == 'wb' else stream\n"
        "os.fdopen = opened\n"
        "sheet = Sheet('a', (Column('A'),), [('x',)] * 5000)\n"
        "try: writer.write(Path(sys.argv[1]), [sheet])\n"
        "except Exception as error: print(type(error).__name__)\n"
        "gc.collect()\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "a.xlsx")]
    ended = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=60, check=False)
    assert (ended.stdout.strip(), ended.stderr) == ("StorageTrouble", "")
    assert list(tmp_path.iterdir()) == []
