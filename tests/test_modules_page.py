"""The page of modules says of every file what it holds, in the file's own words."""

import ast
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs/modules.md"
HEAD = """# Every module

One sentence a file, from the file itself: rooms have the same name in each layer, so that `ls retcli/*/warehouse` shows
a whole capability. How they build on each other: `docs/architecture.md` §3. Written by
`RETCLI_WRITE_DOCS=1 python -m pytest tests/test_modules_page.py`.
"""
LEFT_OUT = ("migrations/versions",)
"""Revisions, which tell what they did by their names."""


def sentence(path: Path) -> str:
    """The first sentence of a file's docstring, on one line."""
    text = " ".join((ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split())
    first, _end, _rest = text.partition(". ")
    return first.rstrip(".")


def page() -> str:
    """The page, a section a folder."""
    made = [HEAD]
    for folder in sorted({path.parent for path in (ROOT / "retcli").rglob("*.py")}):
        name = folder.relative_to(ROOT).as_posix()
        files = [path for path in sorted(folder.glob("*.py")) if path.name != "__init__.py"]
        if name.endswith(LEFT_OUT) or not files:
            continue
        made.append(f"\n## {name}/\n\n{sentence(folder / '__init__.py')}.\n\n")
        made += [f"- `{path.name}`: {sentence(path)}\n" for path in files]
    return "".join(made)


@pytest.mark.writes_page
def test_the_page_is_made_from_the_modules() -> None:
    if os.environ.get("RETCLI_WRITE_DOCS"):
        PAGE.write_text(page(), encoding="utf-8")
    again = "run RETCLI_WRITE_DOCS=1 python -m pytest tests/test_modules_page.py"
    assert PAGE.read_text(encoding="utf-8") == page(), again
