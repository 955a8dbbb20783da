"""Every citation leads somewhere: the pages that code and pages name are in the repository, with the sections, rows,
decisions, worked cases and anchors that are asked of them; and so are the modules.
"""

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
RULES, HAZARDS = "docs/rules.md", "docs/hazards.md"
CODE = sorted(
    path
    for folder in ("retcli", "tests", "benchmarks", "fixtures")
    for ending in ("*.py", "*.toml")
    for path in (ROOT / folder).rglob(ending)
    if path != Path(__file__)
)
PAGES = sorted((*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")))

_FENCED = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)
_NAMED = re.compile(r"(?<![\w/.:-])((?:[\w-]+/|\.\./)*[\w.-]*\w\.md)\b(?!\w)")
_NUMBER = r"(\d+(?:\.\d+)*)\b"
_ASKED = re.compile(rf"(?:\s|,|and\b|to\b)*(?:(row|decision)s?\s)?(§|C-)?{_NUMBER}")
_PLACES = {
    "§": re.compile(rf"^(?:#+ §?|- \*\*§){_NUMBER}", re.MULTILINE),
    "C-": re.compile(rf"^#+ C-{_NUMBER}", re.MULTILINE),
    "decision ": re.compile(rf"^#+ Decision {_NUMBER}", re.MULTILINE),
    "row ": re.compile(rf"^\| {_NUMBER} \|", re.MULTILINE),
}
"""How a heading, an item of a list or a row of a table begins that is a place to cite."""
_PACKAGE = ROOT / "retcli"
_ROOMS = "|".join(sorted(path.name for path in _PACKAGE.iterdir() if (path / "__init__.py").is_file()))
_MODULE_FILE = re.compile(r"(?<![\w/.<{:-])((?:[a-z_]+/)+[a-z_0-9]+\.py)\b")
_MODULE = re.compile(rf"(?<![\w./-])(?:retcli\.)?((?:{_ROOMS})(?:\.[a-zA-Z_]\w*)+)(?![\w/(])")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CASE = re.compile(r"\b[MT]\d\d\b")


def plain(text: str) -> str:
    """Source or page as running text: lines joined, without signs of comments and code."""
    return re.sub(r"\s*\n\s*#?\s*", " ", text).replace("`", "")


def cited(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each page that a text names, with the places asked of it: ``§3.1``, ``row 7``, ``decision 1``, ``C-5``."""
    running = plain(text)
    for named in _NAMED.finditer(running):
        places, at, kind = list[str](), named.end(), ""
        while place := _ASKED.match(running, at):
            word, sign, number = place.groups()
            kind = sign or (f"{word} " if word else kind)
            if not sign and not kind.endswith(" "):
                break
            places.append(f"{kind}{number}")
            at = place.end()
        yield named[1], places


@cache
def held(page: Path) -> frozenset[str]:
    """The places that a page has."""
    text = _FENCED.sub("", page.read_text(encoding="utf-8"))
    return frozenset(f"{kind}{number}" for kind, pattern in _PLACES.items() for number in pattern.findall(text))


@cache
def anchors(page: Path) -> frozenset[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    seen, made = Counter[str](), set[str]()
    for line in _FENCED.sub("", page.read_text(encoding="utf-8")).splitlines():
        if heading := re.match(r"#{1,6} +(.+?) *#*$", line):
            title = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading[1])
            slug = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
            made.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
            seen[slug] += 1
    return frozenset(made)


def wrong_citations(text: str, beside: Path | None = None) -> list[str]:
    """What a text cites and nobody finds; in a page a name may also be one of the pages `beside` it."""
    wrong = []
    for name, places in cited(text):
        folders = [ROOT] if beside is None else [ROOT, beside]
        page = next((folder / name for folder in folders if (folder / name).is_file()), None)
        if page is None:
            wrong.append(name)
        else:
            wrong += [f"{name} {place}" for place in places if place not in held(page.resolve())]
    return wrong


def prose(source: str) -> str:
    """The texts and comments of a module: what nothing but a reader looks into."""
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
    texts = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    return "\n".join([*comments, *(text for text in texts if isinstance(text, str))])


def wrong_modules(text: str, beside: Path = ROOT) -> list[str]:
    """The modules that a text names by file (``rules/events.py``) or by dots (``rules.events``) and that are not
    there.
    """
    files = [name for name in _MODULE_FILE.findall(text) if not is_file(name, ROOT, _PACKAGE, beside)]
    return files + [name for name in _MODULE.findall(text) if not name.endswith(".md") and not is_module(name)]


def is_file(name: str, *folders: Path) -> bool:
    """Whether a name is a file's below one of some folders."""
    return any((folder / name).is_file() for folder in folders)


def is_module(name: str) -> bool:
    """Whether a name with dots is a module's or a room's, or goes on into a module by the name of what is in it."""
    words = name.split(".")
    if (_PACKAGE / "/".join(words) / "__init__.py").is_file():
        return True
    return any(_PACKAGE.joinpath(*words[:n]).with_suffix(".py").is_file() for n in range(1, len(words) + 1))


def wrong_links(text: str, page: Path) -> list[str]:
    """The links of a page that lead to no file of the repository, or to no heading in it."""
    wrong = []
    for link in _LINK.findall(re.sub(r"`[^`\n]*`", "", _FENCED.sub("", text))):
        if re.match(r"[a-z]+:", link):
            continue
        name, _hash, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page.resolve()
        inside = target.is_relative_to(ROOT.resolve()) and target.is_file()
        if not inside or (anchor and anchor not in anchors(target)):
            wrong.append(link)
    return wrong


def test_what_the_code_cites_is_there() -> None:
    wrong = {str(path.relative_to(ROOT)): wrong_citations(path.read_text(encoding="utf-8")) for path in CODE}
    assert not {path: what for path, what in wrong.items() if what}
    assert sum(len(list(cited(path.read_text(encoding="utf-8")))) for path in CODE) > 50, "they are found at all"


def test_the_modules_that_the_code_names_are_there() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in CODE}
    texts = {path: prose(text) if path.suffix == ".py" else text for path, text in texts.items()}
    wrong = {str(path.relative_to(ROOT)): wrong_modules(text, path.parent) for path, text in texts.items()}
    assert not {path: names for path, names in wrong.items() if names}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_modules_that_a_page_names_are_there(page: Path) -> None:
    assert not wrong_modules(page.read_text(encoding="utf-8"))


def test_the_tree_of_the_architecture_has_every_module_beside_the_rooms() -> None:
    tree = (ROOT / "docs/architecture.md").read_text(encoding="utf-8").partition("## §3")[2].partition("\n## ")[0]
    lines = {line.split()[0] for line in tree.splitlines() if line.startswith("  ")}
    names = {path.name for path in _PACKAGE.glob("*.py") if not path.name.startswith("__")}
    assert not names - lines


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("held by `rules/events.py` and rules.events.fingerprint", []),
        ("in rules.casefile, by `retcli.rules.casefile.verdict.judge`", []),
        ("see `rules/happenings.py`", ["rules/happenings.py"]),
        ("see rules.happenings.fingerprint", ["rules.happenings.fingerprint"]),
        ("see `retcli.rules.casefile.happenings`", ["rules.casefile.happenings"]),
        ("docs/rules.md, rules.md", []),
    ],
)
def test_a_wrong_module_is_noticed(text: str, wrong: list[str]) -> None:
    assert wrong_modules(text) == wrong


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_cites_and_links_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not wrong_citations(text, page.parent)
    assert not wrong_links(text, page)


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_every_page_is_linked_from_the_readme(readme: str) -> None:
    links = set(_LINK.findall((ROOT / readme).read_text(encoding="utf-8")))
    assert {f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")} <= links


def test_every_worked_case_that_a_test_names_is_worked_out() -> None:
    worked = set(re.findall(r"^\| ([MT]\d\d)b? \|", (ROOT / RULES).read_text(encoding="utf-8"), re.MULTILINE))
    named = {case: path.name for path in CODE if ROOT / "tests/rules" in path.parents for case in cases_in(path)}
    assert not {case: path for case, path in named.items() if case not in worked}
    assert len(named) > 20


def cases_in(path: Path) -> list[str]:
    """The worked cases that a test names."""
    return _CASE.findall(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (f"(`{RULES}` §3.1)", []),
        (f"{RULES} §0.11, §2.2 and what is said there", []),
        (f"{RULES} §2.2, 48 hours", []),
        (f"{RULES} §3.1, §99", [f"{RULES} §99"]),
        (f"`{RULES}`\n    # §3.9 is none", [f"{RULES} §3.9"]),
        (f"{HAZARDS} rows 7 and 8, C-5", []),
        (f"{HAZARDS} rows 7 and 99, C-5", [f"{HAZARDS} row 99"]),
        (f"{HAZARDS} decision 1", []),
        (f"{HAZARDS} decision 11", [f"{HAZARDS} decision 11"]),
        (f"{HAZARDS} C-10 and C-99", [f"{HAZARDS} C-99"]),
        ("docs/plans.md", ["docs/plans.md"]),
        ("rules.md §3", ["rules.md"]),
    ],
)
def test_a_wrong_citation_is_noticed(text: str, wrong: list[str]) -> None:
    assert wrong_citations(text) == wrong


@pytest.mark.parametrize(
    ("link", "stands"),
    [
        ("rules.md", True),
        ("rules.md#3-money", True),
        ("#3-money", True),
        ("../README.md", True),
        ("https://example.com/nowhere.html", True),
        ("rules.md#3-mony", False),
        ("money.html", False),
        ("../../README.md", False),
    ],
)
def test_a_wrong_link_is_noticed(link: str, stands: bool) -> None:
    assert (wrong_links(f"see [it]({link})", ROOT / RULES) == []) is stands


_TEST_FILE = re.compile(r"(?<![\w/])((?:[a-z_]+/)*test_\w+\.py)\b")


def test_the_tests_that_pages_name_are_there() -> None:
    """By its name alone, or by its path from the root."""
    there = {path.name for path in (ROOT / "tests").rglob("test_*.py")}
    named = {(page.name, name) for page in PAGES for name in _TEST_FILE.findall(page.read_text(encoding="utf-8"))}
    assert len(named) > 40
    assert not [(page, name) for page, name in sorted(named) if "/" in name and not (ROOT / name).is_file()]
    assert not [(page, name) for page, name in sorted(named) if "/" not in name and name not in there]
