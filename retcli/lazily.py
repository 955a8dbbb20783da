"""Packages whose modules load when they are first used, so that a command's help costs nothing."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any


def submodules(package: str) -> Callable[[str], Any]:
    """A ``__getattr__`` for a package: its module of that name, loaded now. AttributeError where there is none."""

    def load(name: str) -> Any:
        # Python itself asks packages for names such as __path__
        if name.startswith("_") or find_spec(f"{package}.{name}") is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return import_module(f"{package}.{name}")

    return load
