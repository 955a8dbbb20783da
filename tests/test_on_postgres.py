"""Which tests meet PostgreSQL in the ordinary run."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests import on_postgres


class Test:
    """A test as the run collects it, with the values of its parameters."""

    __test__ = False

    def __init__(self, name: str, **params: str) -> None:
        self.nodeid, self.callspec = name, SimpleNamespace(params=params) if params else None


@pytest.fixture
def listed(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Writes the list."""
    path = tmp_path / "on_postgres.txt"
    monkeypatch.setattr(on_postgres, "LIST", path)
    return lambda *names: path.write_text("\n".join(names), encoding="utf-8")


def left_out(*names: str) -> set[str]:
    """The names of those tests on PostgreSQL that are left out."""
    tests: list[Any] = [Test(name, books="postgres") for name in names]
    return {test.nodeid for test in on_postgres.left_out(tests)}


def test_of_a_file_that_is_known_only_those_named_are_run(listed: Any) -> None:
    listed("a.py::one[postgres]")
    assert left_out("a.py::one[postgres]", "a.py::two[postgres]") == {"a.py::two[postgres]"}


def test_of_a_file_of_which_none_is_needed_none_is_run(listed: Any) -> None:
    listed("a.py::one[postgres]", "b.py")
    assert left_out("a.py::one[postgres]", "b.py::one[postgres]", "c.py::one[postgres]") == {"b.py::one[postgres]"}


def test_a_file_that_is_new_runs_whole(listed: Any) -> None:
    listed("a.py::one[postgres]")
    assert left_out("a.py::one[postgres]", "b.py::one[postgres]", "b.py::two[postgres]") == set()


def test_a_file_of_which_a_test_is_gone_runs_whole(listed: Any) -> None:
    listed("a.py::one[postgres]", "a.py::gone[postgres]")
    assert left_out("a.py::one[postgres]", "a.py::two[postgres]") == set()


def test_what_runs_on_sqlite_alone_is_never_left_out(listed: Any) -> None:
    listed("a.py::one[postgres]")
    tests: list[Any] = [Test("a.py::one[postgres]", books="postgres"), Test("a.py::two"), Test("a.py::two[x]", a="x")]
    assert on_postgres.left_out(tests) == set()


def test_each_statement_is_run_by_a_test_that_is_listed() -> None:
    long, short = frozenset("abcdefgh"), frozenset("ab")
    assert list(on_postgres.fewest({"short": short, "long": long})) == ["long"]
    assert sorted(on_postgres.fewest({"long": long, "short": short, "other": frozenset("az")})) == ["long", "other"]


def test_the_list_knows_files_of_which_none_is_needed() -> None:
    statements = {"a.py::long": frozenset("abcdefgh"), "a.py::short": frozenset("ab"), "b.py::other": frozenset("c")}
    assert on_postgres.listing(statements) == ["a.py::long", "b.py"]


def test_values_lists_and_stages_make_no_other_statement() -> None:
    one = "SELECT x FROM stage_cf7f700b95c223f9.lines WHERE a IN (%(a_1)s::VARCHAR, %(a_2)s::VARCHAR) AND b = 12"
    other = "SELECT x FROM stage0a7f700b95c2.lines\n WHERE a IN (%(a_1)s::VARCHAR) AND b = 7"
    assert on_postgres.shape(one) == on_postgres.shape(other)
    assert on_postgres.shape(one) != on_postgres.shape(one.replace("SELECT x", "SELECT y"))


def test_the_list_is_of_tests_on_postgresql() -> None:
    names = on_postgres.LIST.read_text(encoding="utf-8").splitlines()
    assert names == sorted(set(names))
    assert len(names) > 300
    assert all("postgres" in name for name in names if "::" in name)
