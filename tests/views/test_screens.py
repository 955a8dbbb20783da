"""Every screen fits: each command of the tree on terminals of 60, 80 and 140 columns and into a pipe, in Chinese, as it
is kept beside these tests, and what must be true of each of them.

They are written anew by `RETCLI_WRITE_DOCS=1 python -m pytest tests/views/test_screens.py`.
"""

import os
import re
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from retcli.database import engine
from tests.commandtree import CALLS, Scene, leaves
from tests.shopfloor import NOON, OWNER
from tests.views.drawn import PIPE, WIDTHS, Shown, shown
from tests.views.fitting import misfits

SCREENS = Path(__file__).parent / "screens"
VARYING = (
    (re.compile(r"\b(?=[0-9]*[a-f])[0-9a-f]{16,64}\b"), "0123456789abcdef"),
    (re.compile(r"-[0-9a-f]{4}-\d{8}-\d{6}-e(\d+)-[0-9a-f]{8}"), r"-0000-20261109-120000-e\1-0123abcd"),
    (re.compile(r"（[0-9a-f]{8}）"), "（0123abcd）"),
    (re.compile(r"用时 [\d.]+ 秒"), "用时 0.1 秒"),
    (re.compile(r"，操作记录 \d+$"), "，操作记录 300"),
    (re.compile(r"剩余 \d+ MB"), "剩余 20000 MB"),
    (re.compile(r"SQLite \d\S*\d.*"), "SQLite 3"),
)
"""What differs from run to run or from machine to machine, and what stands for it."""


VERBATIM = {"policy show", "imports draft-map", "completion", "case pack"}
"""Commands that show the text of a file, to be copied as it stands."""


@pytest.fixture(scope="session")
def shop_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the shop of these tests lies: one place for a whole run, as the engine of books that are named without
    their folder keeps the folder in which it was made.
    """
    return tmp_path_factory.mktemp("screens") / "shop"


@pytest.fixture
def shop(whole_shop: Scene, shop_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """The shop, copied whole into the folder in which somebody stands."""
    source = whole_shop.path.parent
    shutil.copytree(source, shop_folder)
    monkeypatch.chdir(shop_folder)
    names = {"DB": "scene.db", "OPERATOR": OWNER, "LANG": "zh", "NOW": NOON.isoformat()}
    for name, value in names.items():
        monkeypatch.setenv(f"RETCLI_{name}", value)
    relative = {name: value.replace(f"{source}/", "") for name, value in whole_shop.names.items()}
    yield Scene(shop_folder / "scene.db", relative)
    engine.engine("scene.db").dispose()
    shutil.rmtree(shop_folder)


def steady(folder: Path, text: str) -> str:
    """A text without what differs from run to run."""
    text = text.replace(str(folder), "/shop")
    for pattern, instead in VARYING:
        text = pattern.sub(instead, text)
    return text


def section(call: str, screen: Shown) -> str:
    """What is kept of a call: its exit code, its text at each width, and which of it is coloured."""
    kept = [f"$ {call}  → {screen.code}\n"]
    kept += [f"--- {name} ---\n{screen.texts[name]}" for name in (*map(str, WIDTHS), PIPE)]
    colours = "".join(f"{colour}: {text.strip()}\n" for colour, text in screen.coloured())
    return "".join([*kept, f"--- colours ---\n{colours}" if colours else ""])


def page_of(path: str) -> Path:
    """Where the screens of a command are kept."""
    return SCREENS / f"{path.replace(' ', '-')}.txt"


def test_there_are_screens_of_every_command_and_of_no_other() -> None:
    assert sorted(SCREENS.iterdir()) == sorted(page_of(path) for path, _command in leaves())


@pytest.mark.writes_page
@pytest.mark.parametrize("path", CALLS)
def test_each_screen_is_as_it_is_kept(shop: Scene, path: str) -> None:
    sections, wrong = [], []
    for call in CALLS[path]:
        words = [*path.split(), *shop.words(call, Path())]
        screen = shown(words, partial(steady, shop.path.parent), typed="s\nq\n")
        wrong += misfits(screen, verbatim=path in VERBATIM)
        sections.append(section(steady(shop.path.parent, " ".join(["retcli", *words])), screen))
    drawn = "\n".join(sections)
    if os.environ.get("RETCLI_WRITE_DOCS"):
        page_of(path).write_text(drawn, encoding="utf-8")
    assert page_of(path).read_text(encoding="utf-8") == drawn, f"RETCLI_WRITE_DOCS=1 python -m pytest {__file__}"
    assert wrong == [], wrong
