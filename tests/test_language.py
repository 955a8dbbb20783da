"""The Chinese is complete: the catalogues fit the source, and what people see holds no English sentences."""

import ast
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from string import Formatter
from typing import Any

import openpyxl
import pytest
import typer.main
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from typer.testing import CliRunner

from retcli import cli, language
from retcli.commands import help_texts
from retcli.rules import lifecycles
from retcli.rules.casefile.reasons import REASONS
from retcli.words import STAGES, WORDS, code_of, word
from tests.shopfloor import OWNER, Books
from tests.source import calls

CATALOGUES = language.LOCALE / language.CHINESE / "LC_MESSAGES"
SOURCE = Path(language.__file__).parent
SHOWN = ("help", "short_help", "epilog", "metavar", "options_metavar", "subcommand_metavar")
CODES = {"SKU", "zh|en"}
"""What stays as it is in Chinese help."""
CJK = re.compile(r"[\u4e00-\u9fff]")
TO_TYPE = re.compile(r"(?m)^\$ .*$|^ +export RETCLI.*$|(?:retcli|pip) [^\u3000-\u9fff\uff00-\uffef\n]*")
SENTENCE = re.compile(r"\b[A-Za-z][A-Za-z']+(?:[ ,.:;]+[A-Za-z][A-Za-z']+){2,}")
EVIDENCE = ["photo", "video", "chat", "report"]
GROUPS = ("case", "order", "parcel", "pay", "platform", "stock", "imports", "export", "staff", "books", "label")
WRONG: dict[str, list[str]] = {
    "no such option": ["case", "list", "--overdu"],
    "no such option, nothing near": ["today", "--qqqq"],
    "an option without its value": ["case", "list", "--stage"],
    "missing argument": ["case", "show"],
    "missing option": ["case", "open", "1"],
    "a word too much": ["today", "now"],
    "unknown command": ["zzzz"],
    "unknown command in a group": ["case", "zzzz"],
    "nothing after a group": ["case"],
    "bad amount": ["pay", "refund", "1", "--amount", "zwölf"],
    "bad date": ["export", "reasons", "--since", "x", "--until", "y"],
    "days the wrong way round": ["export", "reasons", "--since", "2026-11-02", "--until", "2026-11-01"],
    "bad month": ["export", "reconciliation", "--month", "x"],
    "bad kind": ["case", "open", "1", "--kind", "x", "--reason", "B_7D"],
    "bad reason": ["case", "open", "1", "--kind", "换货", "--reason", "x"],
    "bad role": ["staff", "add", "小红", "--role", "x"],
    "unknown case": ["case", "show", "404"],
    "unknown order": ["order", "show", "404"],
    "unknown parcel": ["parcel", "match", "404"],
    "unknown payout": ["pay", "sent", "404"],
    "unknown import": ["imports", "show", "404"],
    "unknown file": ["import", "nowhere.csv"],
    "unknown file to scan": ["scan", "nowhere.txt"],
    "a command nearly right": ["case", "lst"],
    "no number": ["pay", "compensate", "1", "--points", "x"],
    "two words too much": ["today", "now", "please"],
    "a flag with a value": ["today", "--quiet=1"],
    "neither a case nor all": ["case", "approve"],
    "bad rung": ["case", "offer", "1", "--rung", "x"],
    "no offer and no answer": ["case", "offer", "1"],
    "nobody's cases": ["case", "assign", "--to", "小红"],
    "somebody unknown": ["--operator", "谁", "today"],
}
RIGHT: dict[str, list[str]] = {
    "the help": ["--help"],
    **{f"the help of {name}": [name, "--help"] for name in (*GROUPS, "import", "scan", "today", "words", "demo")},
    "today": ["today"],
    "the words": ["words"],
    "the check": ["books", "check"],
    "no cases": ["case", "list"],
    "nothing to review": ["case", "review"],
    "nothing to approve": ["case", "approve", "--all-yes"],
    "no parcels": ["parcel", "unclaimed"],
    "no payouts": ["pay", "list"],
    "no clicks": ["platform", "todo"],
    "no questions": ["imports", "questions"],
    "no imports": ["imports", "list"],
    "no stock": ["stock", "show"],
    "nobody found": ["order", "find", "nobody"],
    "the staff": ["staff", "list"],
    "somebody new": ["staff", "add", "小红", "--role", "客服"],
}

LIFE: tuple[list[str], ...] = (
    ["order", "show", "ORDER"],
    ["order", "find", "ORDER"],
    ["case", "open", "ORDER", "--kind", "退货退款", "--reason", "功能故障", "--line", "TS01=2"],
    ["case", "open", "ORDER", "--kind", "退货退款", "--reason", "七天无理由", "--line", "TS01=2"],
    ["case", "show", "ORDER"],
    ["case", "explain", "ORDER"],
    ["case", "list", "--stage", "待审核"],
    ["today"],
    ["case", "advise", "ORDER"],
    ["case", "offer", "ORDER", "--rung", "补偿", "--amount", "9"],
    ["case", "offer", "ORDER", "--declined"],
    ["case", "offer", "ORDER", "--accepted"],
    ["case", "change", "ORDER", "--reason", "尺码不合适", "--because", "对照尺码表"],
    ["case", "assign", "ORDER", "--to", OWNER],
    ["case", "assign", "--from", OWNER, "--to", OWNER],
    ["case", "list", "--mine"],
    ["case", "approve", "--all-yes", "--dry-run"],
    ["case", "review"],
    ["case", "approve", "ORDER", "--amount", "9999"],
    ["case", "approve", "ORDER", "--dry-run"],
    ["case", "approve", "ORDER"],
    ["case", "approve", "ORDER"],
    ["pay", "refund", "ORDER"],
    ["parcel", "expect", "ORDER", "SF1620041173366"],
    ["parcel", "inspect", "ORDER", "--item", "TS01=2:C"],
    ["parcel", "list", "--state", "已验货"],
    ["stock", "show"],
    ["case", "finish", "ORDER"],
    ["pay", "refund", "ORDER", "--key", "k1"],
    ["pay", "refund", "ORDER", "--key", "k1"],
    ["pay", "list", "--state", "待打款"],
    ["case", "reject", "ORDER", "--because", "试试"],
    ["pay", "freight", "ORDER", "--amount", "12"],
    ["pay", "freight", "ORDER", "--amount", "12"],
    ["pay", "compensate", "ORDER", "--points", "100"],
    ["case", "show", "ORDER"],
    ["order", "show", "ORDER", "--reveal", "--because", "快递要电话"],
    ["books", "check"],
)
"""Commands on one order; some are refused, and that is read too."""


def catalogue(name: str) -> Catalog:
    with (CATALOGUES / f"{name}.po").open("rb") as stream:
        return read_po(stream, locale=language.CHINESE)


def extracted() -> set[str]:
    """Every msgid of the source."""
    found = extract_from_dir(str(SOURCE), [("**.py", "python")], keywords={"_": None, "mark": None})
    return {str(message) for _file, _line, message, _comments, _context in found}


def tree() -> Any:
    """The command tree in Chinese."""
    root = typer.main.get_command(cli.app)
    assert isinstance(root, cli.Answering)
    language.use(language.CHINESE)
    help_texts.dress(root, root)
    return root


def things(command: Any) -> Iterator[tuple[str, Any]]:
    """Every command and parameter under a name to find it by."""
    yield command.name or "", command
    help_option = command.get_help_option(typer.Context(command))
    for param in (*command.params, *([help_option] if help_option else [])):
        yield f"{command.name} {param.name}", param
    for inner in getattr(command, "commands", {}).values():
        for name, thing in things(inner):
            yield f"{command.name} {name}", thing


def metavars() -> set[str]:
    """The English metavars of the tree: they are translated like help texts."""
    names = [f"_english_{name}" for name in SHOWN if "metavar" in name]
    return {getattr(thing, name) for _place, thing in things(tree()) for name in names if hasattr(thing, name)}


def gaps(text: str) -> set[str]:
    return {name for _text, name, _format, _conversion in Formatter().parse(text) if name is not None}


def sentences(text: str) -> list[str]:
    """Runs of three English words or more, apart from command lines to type."""
    return SENTENCE.findall(TO_TYPE.sub("", text))


@pytest.mark.parametrize("name", ["retcli", "messages"])
def test_compiled_catalogues_are_those_of_the_sources(name: str) -> None:
    with (CATALOGUES / f"{name}.mo").open("rb") as stream:
        shipped = {message.id: message.string for message in read_mo(stream) if message.id}
    assert shipped == {message.id: message.string for message in catalogue(name) if message.id and message.string}


def test_no_text_is_hidden_from_the_extraction() -> None:
    """One inside the braces of an f-string is not found, and so never translated."""
    called = {
        node.args[0].value
        for _path, node in calls()
        if isinstance(node.func, ast.Name)
        and node.func.id in {"_", "mark"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert called <= extracted()


def test_every_text_of_the_source_is_translated_and_nothing_else() -> None:
    catalog, wanted = catalogue("retcli"), extracted() | metavars()
    done = {str(message.id) for message in catalog if message.id and message.string}
    assert sorted(wanted - done) == [], "not translated"
    assert sorted(done - wanted) == [], "no longer in the source"
    assert list(catalog.obsolete) == []


@pytest.mark.parametrize("name", ["retcli", "messages"])
def test_translations_are_settled_and_keep_their_gaps(name: str) -> None:
    for message in catalogue(name):
        if message.id:
            assert not message.fuzzy, message.id
            assert message.string, message.id
            assert gaps(str(message.string)) == gaps(str(message.id)), message.id
            assert str(message.string).count("\n") == str(message.id).count("\n"), message.id
            assert str(message.string)[:1].isspace() == str(message.id)[:1].isspace(), message.id


def test_everything_that_help_shows_is_chinese() -> None:
    shown = [
        (place, name, text)
        for place, thing in things(tree())
        for name in SHOWN
        if isinstance(text := getattr(thing, name, None), str) and text and text not in CODES
    ]
    assert len(shown) > 200
    assert [each for each in shown if not CJK.search(each[2])] == []


def test_every_code_has_a_chinese_word() -> None:
    language.use(language.CHINESE)
    assert [code for code in WORDS if not CJK.search(word(code))] == []


def test_no_two_choices_share_a_chinese_word() -> None:
    language.use(language.CHINESE)
    enums: tuple[Iterable[StrEnum], ...]
    enums = (lifecycles.Kind, lifecycles.PayoutState, lifecycles.ParcelState, lifecycles.Role, lifecycles.Bucket)
    choices = [[str(code) for code in enum] for enum in enums]
    choices += [list(REASONS), list(STAGES), [str(grade) for grade in lifecycles.Grade], EVIDENCE]
    for codes in choices:
        assert [code_of(word(code), codes, "") for code in codes] == codes


@pytest.mark.parametrize("asked", [*RIGHT.values(), *WRONG.values()], ids=[*RIGHT, *WRONG])
def test_what_people_see_is_chinese(asked: list[str], sqlite_books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "")
    monkeypatch.setenv("RETCLI_OPERATOR", OWNER)
    result = CliRunner().invoke(cli.app, ["--db", sqlite_books.database, "--lang", "zh", *asked])
    assert CJK.search(result.output), result.output
    assert sentences(result.output) == []
    assert (result.exit_code == 0) == (asked in RIGHT.values()), result.output


def test_the_life_of_a_case_is_told_in_chinese(sqlite_books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "")
    monkeypatch.setenv("RETCLI_OPERATOR", OWNER)
    monkeypatch.setenv("RETCLI_NOW", sqlite_books.at.isoformat())
    order = sqlite_books.order("4100000000000000001", ("TS01", 3, 10000), ("TS02", 1, 5000), freight=800)
    for asked in LIFE:
        command = [
            "--db",
            sqlite_books.database,
            "--lang",
            "zh",
            *(order if word == "ORDER" else word for word in asked),
        ]
        result = CliRunner().invoke(cli.app, command)
        assert CJK.search(result.output), (asked, result.output)
        assert sentences(result.output) == [], (asked, result.output)
        assert result.exit_code in {0, 3, 5}, (asked, result.output)


def test_the_demo_and_its_workbooks_are_chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "")
    result = CliRunner().invoke(cli.app, ["--lang", "zh", "demo", str(tmp_path / "demo")])
    assert result.exit_code == 0, result.output
    assert sentences(result.output) == []
    books = [openpyxl.load_workbook(path, read_only=True) for path in (tmp_path / "demo").glob("*.xlsx")]
    assert len(books) == 2
    for sheet in (sheet for book in books for sheet in book.worksheets):
        rows = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
        titles = [str(title) for title in rows[0]]
        assert CJK.search(sheet.title), sheet.title
        assert [title for title in titles if not CJK.search(title) and title not in CODES] == []
        assert len(set(titles)) == len(titles), "sums are found by their column's title"
        assert [cell for row in rows for cell in row if isinstance(cell, str) and sentences(cell)] == []


CHINESE_SIGNS = re.compile("[、；，：（）]")
ALWAYS_CHINESE = ("account", "evidence_pack")
"""Views of what goes to a Chinese platform, in Chinese whoever packs it."""
IN_THE_BOOKS = frozenset({"refund_cases.py", "refund_facts.py", "platform_list.py", "scans.py", "freetext.py"})
"""Where a sign stands in what is stored, pasted into a platform's page, or read by programs: no reader's language."""


def test_no_chinese_sign_joins_what_people_read_in_english() -> None:
    """`language.series`, `clauses`, `aside` and `headed` take the sign that the reader's language has."""
    shown = ("actions", "commands", "sheets", "views", "database")
    paths = [path for room in shown for path in (SOURCE / room).rglob("*.py")]
    wrong = {
        f"{path.name}:{line}"
        for path in paths
        if path.name not in IN_THE_BOOKS and not path.name.startswith(ALWAYS_CHINESE)
        for line in lines_joined(path.read_text(encoding="utf-8"))
    }
    assert not wrong


def test_a_chinese_sign_between_words_is_noticed() -> None:
    source = "a = '、'.join(b)\nc = f'{d}（{e}）'\ng = '；' + h\ni = j.split('、')\nk = '; '.join(l)"
    assert lines_joined(source) == [1, 2, 3]


def lines_joined(source: str) -> list[int]:
    """The lines in which a Chinese sign joins words: between the items of a list, in a text with gaps, by a plus."""
    lines = list[int]()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.expr):
            continue
        joined = list[ast.expr]()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join":
            joined = [node.func.value]
        elif isinstance(node, ast.JoinedStr):
            joined = node.values
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            joined = [node.left, node.right]
        if any(isinstance(part, ast.Constant) and CHINESE_SIGNS.search(str(part.value)) for part in joined):
            lines.append(node.lineno)
    return sorted(lines)
