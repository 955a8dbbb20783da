"""Help pages: each command stands once, where its work is; its example runs; no line is wider than the terminal."""

import os
import shlex
import shutil
import time
from pathlib import Path

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from retcli import language
from retcli.cli import app
from retcli.commands.help_pages import EXAMPLES, SECTIONS, folded
from retcli.language import _
from tests.commandtree import leaves
from tests.shopfloor import MANAGER, OWNER, shanghai
from tests.terminal import Desk

PATHS = [path for path, _command in leaves()]
YESTERDAY = time.time() - 24 * 3600
NOT_NOW = {
    "books init", "case change", "case fact", "case reject", "case ship", "label repair", "parcel intercept",
    "parcel settle", "pay approve", "pay compensate", "pay confirm", "pay freight", "pay sent", "pay unknown",
    "platform done", "stock export", "undo",
}  # fmt: skip
"""What the demo's shop refuses on its last day: nothing there waits for it, no piece was
counted, and the last that was done is an import.
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demo's shop, a photo and a copy of the books beside it."""
    folder = tmp_path_factory.mktemp("help")
    assert Desk("").type("demo", str(folder / "demo")).code == 0
    (folder / "照片.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(64))
    shutil.copy(folder / "照片.jpg", folder / "photo.jpg")
    (folder / "copies").mkdir()
    shutil.copy(folder / "demo" / "demo.db", folder / "copies" / "shop.db")
    for file in (folder / "demo").rglob("*.*"):  # a file of this very moment may still be written, and is left
        os.utime(file, (YESTERDAY, YESTERDAY))
    return folder


def page(path: str, speech: str, width: int) -> list[str]:
    """The lines of a help page at a width, beyond which a sign that ends something may hang."""
    ended = CliRunner().invoke(app, ["--lang", speech, *path.split(), "--help"], terminal_width=width)
    assert ended.exit_code == 0
    return ended.output.splitlines()


def test_each_command_of_a_long_group_stands_in_one_section() -> None:
    for group, sections in SECTIONS.items():
        names = [name for _title, each in sections for name in each.split()]
        below = {path.removeprefix(f"{group} ").split()[0] for path in PATHS if path.startswith(group)}
        assert sorted(names) == sorted(below)


def test_each_command_has_an_example_of_its_own() -> None:
    assert sorted(EXAMPLES) == sorted(PATHS)
    assert all(example.startswith(f"retcli {path}") for path, example in EXAMPLES.items())


@pytest.mark.parametrize("speech", ["zh", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_an_example_runs_in_the_demo_shop(
    demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, speech: str
) -> None:
    """As its page shows it; refused only where the demo's shop has nothing that waits for it."""
    place = shutil.copytree(demo, tmp_path / "desk")
    monkeypatch.chdir(place)
    language.use(speech)
    program, *words = shlex.split(_(EXAMPLES[path]))
    assert program == "retcli"
    by = MANAGER if path == "pay approve" else OWNER
    desk = Desk(str(place / "demo" / "demo.db"), at=shanghai("2026-11-12 14:00"), by=by)
    ended = desk.type("--lang", speech, *words)
    assert ended.code in ({4, 5} if path in NOT_NOW else {0, 3}), ended


@pytest.mark.parametrize("speech", ["zh", "en"])
def test_no_line_of_a_page_is_wider_than_the_terminal(speech: str) -> None:
    for width in (60, 80):
        for path in ["", *sorted({path.split()[0] for path in PATHS}), *PATHS]:
            wide = [line for line in page(path, speech, width - 2) if cell_len(line) > width and "retcli " not in line]
            assert wide == [], (path, width)


def test_a_line_breaks_between_chinese_signs_and_never_before_one_that_ends_something() -> None:
    assert folded("退货退款、仅退款、换货，英文也行", 10) == ["退货退款、", "仅退款、换", "货，英文也", "行"]
    assert folded("retcli words  [必填]", 14) == ["retcli words", "[必填]"]
    assert folded("", 10) == []
