"""The source of the program as it is written, read once for the tests that look through it."""

import ast
from functools import cache
from pathlib import Path

import retcli

HOUSE = Path(retcli.__file__).parent


@cache
def calls() -> list[tuple[Path, ast.Call]]:
    """Every call that is written in the source: the file below the house, and the call."""
    return [
        (path.relative_to(HOUSE), node)
        for path in sorted(HOUSE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]
