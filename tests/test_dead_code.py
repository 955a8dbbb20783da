"""Nothing stands in the code that nobody asks: what looks so and is not has its reason in `pyproject.toml`."""

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
_PROPERTY = re.compile(r"(?P<file>[^:]+):\d+: unused property '(?P<name>\w+)' .*")


def _in_documents(file: str) -> set[str]:
    """What the classes of a file name as keys of their JSON documents, which the serialiser asks by these names."""
    assigned = [node for node in ast.walk(ast.parse((ROOT / file).read_text("utf-8"))) if isinstance(node, ast.Assign)]
    keys = [node.value for node in assigned if ast.unparse(node.targets[0]) == "KEYS"]
    texts = [each.value for value in keys for each in ast.walk(value) if isinstance(each, ast.Constant)]
    return {str(text).lstrip("*") for text in texts}


def _told(line: str) -> bool:
    """Whether a line of vulture tells of something that nothing asks."""
    found = _PROPERTY.fullmatch(line)
    return found is None or found["name"] not in _in_documents(found["file"])


def test_nothing_is_dead() -> None:
    ended = subprocess.run([sys.executable, "-m", "vulture"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.stderr == ""
    assert [line for line in ended.stdout.splitlines() if _told(line)] == []
