"""Nothing stands in the code that nobody asks: what looks so and is not has its reason in `pyproject.toml`."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from retcli import views
from retcli.views.documents import Documented

ROOT = Path(__file__).parent.parent


def test_nothing_is_dead(tmp_path: Path) -> None:
    """What a document names by its keys is asked when it is made."""
    paths = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["vulture"]["paths"]
    asked = tmp_path / "asked_by_documents.py"
    asked.write_text("\n".join(f"document.{name}" for name in sorted(keys())), encoding="utf-8")
    command = [sys.executable, "-m", "vulture", *paths, str(asked)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ended.stdout, ended.stderr, ended.returncode) == ("", "", 0)


def test_no_private_name_of_a_module_goes_unread() -> None:
    """Vulture takes a name with an underscore for one that its writer knows to be unused."""
    unread = {
        str(path.relative_to(ROOT)): names
        for path in sorted((ROOT / "retcli").rglob("*.py"))
        if (names := unread_names(path.read_text(encoding="utf-8")))
    }
    assert not unread


def test_a_private_name_that_nothing_reads_is_noticed() -> None:
    source = "_A, _B = 1, 2\n_C: int = 3\n_D = _A\ndef _f() -> None: ...\ndef g() -> int: return _C\n__version__ = ''"
    assert unread_names(source) == {"_B", "_D", "_f"}


def unread_names(source: str) -> set[str]:
    """The names with one underscore that a module binds at its top and never reads."""
    module = ast.parse(source)
    read = {node.id for node in ast.walk(module) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return {name for name in bound(module) if name.startswith("_") and not name.startswith("__") and name != "_"} - read


def bound(module: ast.Module) -> Iterator[str]:
    """The names of a module's own functions, classes and values, without those that a decorator hands on."""
    for statement in module.body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef) and not statement.decorator_list:
            yield statement.name
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            yield from (node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name))


def keys() -> set[str]:
    """The fields and properties that documents name."""
    for module in walk_packages(views.__path__, "retcli.views."):
        import_module(module.name)
    return {key.lstrip("*") for kind in documented(Documented) for key in kind.KEYS}


def documented(kind: type[Documented]) -> list[type[Documented]]:
    """A class and everything below it."""
    return [kind, *(each for below in kind.__subclasses__() for each in documented(below))]
