"""The house stands as it was drawn: imports go one way, help is light, everything says what it is for."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commandtree import Scene
from tests.shopfloor import FIXTURES, OWNER
from tests.terminal import environment

ROOT = FIXTURES.parent
HOUSE = ROOT / "retcli"
HEAVY = (
    "sqlmodel",
    "sqlalchemy",
    "pydantic",
    "openpyxl",
    "alembic",
    "python_calamine",
    "fpdf",
    "fontTools",
    "PIL",
    "barcode",
    "segno",
)
LOADED = (
    "import json, sys; sys.argv = sys.argv[1:]; from retcli.cli import main\n"
    "try: main()\n"
    "except SystemExit as end: code = end.code\n"
    "print('LOADED', json.dumps([code, sorted(sys.modules)]))"
)


def test_imports_go_one_way_only() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "18 kept, 0 broken" in ended.stdout


def _modules(*words: str) -> set[str]:
    """The libraries that a call loads."""
    return {name.partition(".")[0] for name in _loaded(*words)}


def _loaded(*words: str) -> list[str]:
    """The modules that a call loads, by their whole names."""
    command = [sys.executable, "-c", LOADED, "retcli", *words]
    ended = subprocess.run(
        command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=60, check=False
    )
    assert "LOADED" in ended.stdout, ended.stderr
    code, names = json.loads(ended.stdout.rpartition("LOADED")[2])
    assert code == 0
    return list(names)


def test_what_is_offered_at_tab_loads_neither_commands_nor_a_database(whole_shop: Scene) -> None:
    show = (
        "import json, sys\nfrom retcli.__main__ import main\nmain()\nprint('LOADED', json.dumps(sorted(sys.modules)))"
    )
    words = ("retcli", "--db", str(whole_shop.path), "--operator", OWNER, "case", "show", "")
    env = environment(_RETCLI_COMPLETING="fish", _RETCLI_WORDS="\n".join(words) + "\n", RETCLI_LANG="zh")
    command = [sys.executable, "-c", show]
    ended = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=True)
    assert whole_shop.names["asked"] in ended.stdout
    names = json.loads(ended.stdout.rpartition("LOADED")[2])
    assert {name.partition(".")[0] for name in names} & {*HEAVY, "rich", "typer", "shellingham", "tomllib"} == set()
    ours = {name for name in names if name.startswith("retcli.")}
    assert not any(name.startswith(("retcli.commands", "retcli.actions", "retcli.cli")) for name in ours)
    assert "retcli.views.freetext" not in ours


@pytest.mark.parametrize(
    ("words", "light"),
    [
        (["--help"], (*HEAVY, "rich")),
        (["case", "--help"], (*HEAVY, "rich")),
        (["case", "open", "--help"], (*HEAVY, "rich")),
        (["--version"], (*HEAVY, "rich")),
        (["words"], HEAVY),
        (["--json", "words"], (*HEAVY, "rich")),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_asks_nothing_of_the_books_loads_no_database(words: list[str], light: tuple[str, ...]) -> None:
    assert _modules(*words) & set(light) == set()


@pytest.mark.parametrize("words", [["--help"], ["case", "--help"], ["--version"]], ids=" ".join)
def test_help_judges_no_case_and_draws_none(words: list[str]) -> None:
    """The rules of a case and its views are a quarter of a second to load."""
    judging = {"retcli.rules.casefile.verdict", "retcli.rules.casefile.facts", "retcli.rules.policy.policy"}
    asking = {"retcli.commands.first_day", "retcli.commands.terminal.incoming_codes", "retcli.words"}
    drawing = {"retcli.views.casefile.findings", "retcli.views.casefile.cases", "retcli.views.insight.today"}
    assert set(_loaded(*words)) & (judging | drawing | asking) == set()


def test_a_card_needs_no_files_no_stock_and_nothing_that_decides(whole_shop: Scene) -> None:
    """Who looks at a case has them in none of its lines; together they are a tenth of the call."""
    words = "--db", str(whole_shop.path), "--operator", OWNER, "case", "show", whole_shop.names["asked"]
    beside = {"retcli.reading.cells", "retcli.models.stock", "retcli.models.waiting", "retcli.actions.cases.decisions"}
    loaded = _loaded(*words)
    assert set(loaded) & beside == set()
    assert [name for name in loaded if name.startswith("retcli.platforms")] == []


def test_a_case_is_shown_without_what_only_imports_and_workbooks_need(tmp_path: Path) -> None:
    database = str(tmp_path / "books.db")
    assert "alembic" in _modules("--db", database, "books", "init"), "made once"
    listed = _loaded("--db", database, "case", "list")
    assert {name.partition(".")[0] for name in listed} & {"openpyxl", "python_calamine", "alembic"} == set()
    assert [name for name in listed if "dialects.postgresql" in name] == [], "books in a file need no server's dialect"
    imported = _modules("--db", database, "import", str(FIXTURES / "exports" / "宝贝报表.xlsx"))
    assert "python_calamine" in imported
    assert "openpyxl" not in imported, "a workbook is read by another library than it is written by"


def _undocumented(path: Path) -> Iterator[str]:
    """Public modules, classes and functions of a file that do not say what they are for."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    name = str(path.relative_to(ROOT))
    if not ast.get_docstring(tree):
        yield name
    nodes = [(name, node) for node in tree.body]
    while nodes:
        where, node = nodes.pop()
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or node.name.startswith("_"):
            continue
        inside = f"{where}:{node.name}"
        if not ast.get_docstring(node):
            yield inside
        if isinstance(node, ast.ClassDef):
            nodes += [(inside, each) for each in node.body]


@pytest.mark.parametrize("path", sorted(HOUSE.rglob("*.py")), ids=lambda path: str(path.relative_to(HOUSE)))
def test_everything_public_says_what_it_is_for(path: Path) -> None:
    assert list(_undocumented(path)) == []


def test_what_has_a_long_form_is_found_by_its_mark() -> None:
    """One command runs the long forms, by ``-m long``."""
    for path in Path(__file__).parent.rglob("test_*.py"):
        text = path.read_text(encoding="utf-8")
        if path.name != "test_layers.py" and "length(" in text and "tests.lengths" in text:
            assert "\n@sweep\n" in text, path.name


def _named_in(room: Path) -> set[str]:
    """The modules that a room of the actions names for type checkers; they load on first use."""
    tree = ast.parse((room / "__init__.py").read_text(encoding="utf-8"))
    return {name.asname or name.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
            and node.module == ".".join(room.relative_to(ROOT).parts) for name in node.names}  # fmt: skip


@pytest.mark.parametrize("room", sorted(path.parent for path in (HOUSE / "actions").rglob("__init__.py")), ids=str)
def test_a_room_names_each_of_its_modules(room: Path) -> None:
    files = {path.stem for path in room.glob("*.py")} - {"__init__"}
    rooms = {path.parent.name for path in room.glob("*/__init__.py")}
    assert _named_in(room) == files | rooms
