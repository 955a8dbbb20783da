"""README, guide and page of words tell the truth: their examples run, their tables are made from the code, both
languages say the same.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from retcli import language
from retcli.rules.lifecycles import LIFECYCLES
from retcli.rules.names import KINDS
from retcli.words import STAGES, STATUSES, WORDS
from tests.forks import console_script

ROOT = Path(__file__).parent.parent
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
GUIDES = (ROOT / "docs/guide.md", ROOT / "docs/guide.zh-CN.md")
PAGE_OF_WORDS = ROOT / "docs/words.md"
NOTHING = (
    "没有这样的",
    "没有要您定的",
    "没有可以直接同意的",
    "没有待点的操作",
    "没有待审核",
    "重复扫描",
    "不认识",
    "0 张售后单",
)
"""What a command prints that has nothing to show: an example that shows nothing teaches nothing."""
TEST_COMMAND = '.venv/bin/pip install -q -c constraints.txt -e ".[test]" && .venv/bin/python -m pytest -n 2'


def lifecycles() -> str:
    """The lifecycles as one diagram each."""
    made = []
    for cycle in LIFECYCLES.values():
        steps = "\n".join(f"    {step.status} --> {step.then}: {step.move}" for step in cycle.steps)
        head = f"```mermaid\n---\ntitle: {cycle.axis}\n---\nstateDiagram-v2\n    [*] --> {cycle.start}\n"
        made.append(f"{head}{steps}\n```")
    return "\n\n".join(made)


def words() -> str:
    """Kinds, stages and statuses with their Chinese."""
    chinese = language.catalogue(language.CHINESE)
    rows = [f"| `{code}` | {WORDS[code]} | {chinese.gettext(WORDS[code])} |" for code in (*KINDS, *STAGES, *STATUSES)]
    return "\n".join(["| code | English | 中文 |", "|---|---|---|", *dict.fromkeys(rows)])


PARTS = {"lifecycles": lifecycles, "words": words}


@pytest.mark.writes_page
@pytest.mark.parametrize("part", PARTS)
def test_tables_are_made_from_the_code(part: str) -> None:
    text = PAGE_OF_WORDS.read_text(encoding="utf-8")
    block = f"<!-- {part} -->\n{PARTS[part]()}\n<!-- /{part} -->"
    if os.environ.get("RETCLI_WRITE_DOCS"):
        text = re.sub(f"<!-- {part} -->.*?<!-- /{part} -->", lambda _: block, text, flags=re.DOTALL)
        PAGE_OF_WORDS.write_text(text, encoding="utf-8")
    assert block in text, "run RETCLI_WRITE_DOCS=1 python -m pytest tests/test_readme.py"


@pytest.mark.parametrize(("pages", "at_least"), [(READMES, 7), (GUIDES, 30)], ids=["README", "guide"])
def test_both_languages_show_the_same_commands(pages: tuple[Path, Path], at_least: int) -> None:
    english, chinese = (commands(path) for path in pages)
    assert english == chinese
    assert len(english) >= at_least


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_the_readme_begins_with_the_main_job_then_the_tests_and_ends_soon(path: Path) -> None:
    first, second, *_more = commands(path)
    assert first.endswith("retcli demo")
    assert second == TEST_COMMAND
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 80


def commands(path: Path) -> list[str]:
    """Every command line of a page, its shell blocks line by line."""
    blocks = re.findall(r"```(?:sh|console)\n(.*?)```", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    lines = [line.removeprefix("$ ").strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


def test_its_test_command_is_what_the_checks_run() -> None:
    assert TEST_COMMAND in commands(READMES[0])
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert 'pip install -q -c constraints.txt -e ".[test]"' in script
    assert "python -m pytest -n 2" in script


def test_its_pictures_are_there() -> None:
    for path in READMES:
        pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", path.read_text(encoding="utf-8"))
        assert len(pictures) == 4
        assert all((ROOT / name).is_file() for name in pictures)


@pytest.mark.skipif(sys.platform == "win32", reason="the examples are written for a POSIX shell")
def test_its_examples_run(tmp_path: Path) -> None:
    """The demo first, then every console line in its shop (both languages show the same), each with something to
    show; 3 means that something needs a person. The demo is the console script as it is installed, the others have
    nothing to load.
    """
    installed, loaded = str(Path(sys.executable).parent), tmp_path / "bin"
    console_script(loaded)
    path = {True: [installed], False: [str(loaded), installed]}
    lines = commands(GUIDES[0])
    settings = next(line for line in lines if line.startswith("export RETCLI_DB"))
    examples = [line for line in lines if re.match(r"(retcli|printf) ", line) and "订单报表.csv" not in line]
    for line in ["retcli demo", *(f"{settings}; {line}" for line in examples)]:
        folders = os.pathsep.join([*path[line == "retcli demo"], os.environ["PATH"]])
        environment = {**os.environ, "PATH": folders, "RETCLI_LANG": "zh"}
        done = subprocess.run(
            ["/bin/sh", "-c", line], cwd=tmp_path, env=environment, capture_output=True, text=True, encoding="utf-8"
        )
        assert done.returncode in {0, 3}, f"{line}\n{done.stdout}\n{done.stderr}"
        if line != "retcli demo":
            assert done.stdout.strip() and not any(text in done.stdout for text in NOTHING), f"{line}\n{done.stdout}"
        assert done.stdout.strip()
    assert list(tmp_path.glob("*.xlsx"))
