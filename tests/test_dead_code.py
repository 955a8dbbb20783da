"""Nothing stands in the code that nobody asks: what looks so and is not has its reason in `pyproject.toml`."""

import subprocess
import sys
from pathlib import Path


def test_nothing_is_dead() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "vulture"], cwd=Path(__file__).parent.parent, capture_output=True, text=True, check=False
    )
    assert (ended.stdout, ended.stderr, ended.returncode) == ("", "", 0)
