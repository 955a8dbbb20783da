"""Compiles the catalogues of messages while retcli is built or installed: the repository holds only their text."""

import os
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def compile_catalogues(root: Path) -> None:
    """Writes the compiled form beside each catalogue under a checkout's root, as whole files."""
    for source in root.glob("retcli/locale/*/LC_MESSAGES/*.po"):
        fresh = source.with_suffix(f".mo.{os.getpid()}")  # two runs at once write one each
        with source.open("rb") as text, fresh.open("wb") as compiled:
            write_mo(compiled, read_po(text))
        fresh.replace(source.with_suffix(".mo"))


class Catalogues(BuildHookInterface[Any]):
    """What hatchling calls before it gathers the files of a wheel, a source archive or an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compiles the catalogues; `version` and `build_data` are hatchling's own."""
        del version, build_data
        compile_catalogues(Path(self.root))
