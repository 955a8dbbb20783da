"""Nothing stands in the code that nobody asks: what looks so and is not has its reason in `pyproject.toml`."""

import subprocess
import sys
import tomllib
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


def keys() -> set[str]:
    """The fields and properties that documents name."""
    for module in walk_packages(views.__path__, "retcli.views."):
        import_module(module.name)
    return {key.lstrip("*") for kind in documented(Documented) for key in kind.KEYS}


def documented(kind: type[Documented]) -> list[type[Documented]]:
    """A class and everything below it."""
    return [kind, *(each for below in kind.__subclasses__() for each in documented(below))]
