"""A whole shop at random against the oracle: every refusal, amount and ledger, step by step, on real books."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from retcli.database import engine
from tests.conftest import Server
from tests.lengths import HOUR, length, sweep
from tests.machine import ShopMachine
from tests.shopfloor import Books
from tests.twin import furnish

PHASES = (Phase.generate,) if os.environ.get("RETCLI_QUICK") else (Phase.generate, Phase.shrink)
STEPS_A_RUN = 50
PARTS = length(1, 2)
STEPS = {"sqlite": length(2_500, 100_000), "postgres": length(500, 10_000)}
"""Steps in all, the long ones in two parts that two workers share."""
ROUNDS = 4
"""So often as many steps are played at most, until each kind of step was done: some come once in a thousand."""


def play(fresh: Callable[[], Books], part: int, steps: int) -> Counter[str]:
    """Plays runs of fifty steps until there were enough; what was accepted and refused how often."""

    @seed(20261109 + part)
    class Machine(ShopMachine):
        pass

    Machine.fresh, Machine.tally = staticmethod(fresh), Counter()
    began = time.monotonic()
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=steps // STEPS_A_RUN * 14 // 10,
            stateful_step_count=STEPS_A_RUN,
            database=None,
            phases=PHASES,
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        ),
    )
    done, spell = sum(Machine.tally.values()), time.monotonic() - began
    sys.stderr.write(f"\n{done} steps in {spell:.1f} s, {done / spell:.0f} a second {sorted(Machine.tally.items())}\n")
    assert done >= steps
    return Machine.tally


def never_done(tally: Counter[str]) -> list[str]:
    """The kinds of steps that were tried and always refused."""
    done = {name.split()[0] for name in tally if name.endswith(" yes")}
    return sorted({name.split()[0] for name in tally} - {"clock"} - done)


def played(fresh: Callable[[], Books], part: int, steps: int) -> Counter[str]:
    """Plays so many steps, and as many again until each kind was done."""
    tally = Counter[str]()
    for turn in range(ROUNDS):
        tally += play(fresh, part + 10 * turn, steps)
        if not never_done(tally):
            break
    return tally


def judge(tally: Counter[str]) -> None:
    """Every kind of step was done, and most were refused too."""
    names = {name.split()[0] for name in tally} - {"clock"}
    assert len(names) >= 20
    assert never_done(tally) == []
    assert sum(tally[f"{name} no"] > 0 for name in names) >= 15


@pytest.fixture(scope="session")
def furnished(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A furnished shop on SQLite to copy."""
    path = tmp_path_factory.mktemp("furnished") / "shop.db"
    shutil.copyfile(template, path)
    furnish(Books(str(path)))
    engine.engine(str(path)).dispose()
    return path


def memory(tmp_path: Path) -> Path:
    """A folder in memory where there is one: there `synchronous=FULL` costs nothing."""
    shm = Path("/dev/shm")
    if not os.access(shm, os.W_OK):
        return tmp_path
    folder = shm / f"retcli-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    return folder


@sweep
@pytest.mark.timeout(HOUR)
@pytest.mark.parametrize("part", range(PARTS))
def test_a_shop_at_random_on_sqlite(part: int, furnished: Path, tmp_path: Path) -> None:
    folder = memory(tmp_path)
    path = folder / "shop.db"

    def fresh() -> Books:
        engine.engine(str(path)).dispose()
        for left in folder.glob("shop.db*"):
            left.unlink()
        shutil.copyfile(furnished, path)
        return Books(str(path))

    try:
        judge(played(fresh, part, STEPS["sqlite"] // PARTS))
    finally:
        engine.engine(str(path)).dispose()
        shutil.rmtree(folder, ignore_errors=True)


@sweep
@pytest.mark.timeout(HOUR)
@pytest.mark.parametrize("part", range(PARTS))
def test_a_shop_at_random_on_postgresql(part: int, postgres: Server) -> None:
    furnished = postgres.create("books1")
    furnish(Books(furnished))
    engine.engine(furnished).dispose()
    name = furnished.partition("?")[0].rpartition("/")[2]
    made: list[str] = []

    def fresh() -> Books:
        if made:
            postgres.drop(made.pop())
        made.append(postgres.create(name, "played"))
        return Books(made[-1])

    try:
        play(fresh, 100 + part, STEPS["postgres"] // PARTS)
    finally:
        for address in (*made, furnished):
            postgres.drop(address)
