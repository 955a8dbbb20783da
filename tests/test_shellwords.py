"""Commands that are told can be typed as they stand: no value breaks them, and no placeholder is a riddle."""

import ast
import re
import shlex
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retcli import language
from retcli.language import speaking
from retcli.rules.casefile.reasons import REASONS
from retcli.rules.cases.remedies import Rung
from retcli.rules.lifecycles import CLICKED, Kind, PayoutState, Role
from retcli.shellwords import PLACEHOLDERS, completed, in_own_words, quoted
from retcli.words import RULES, STAGES, as_typed
from tests.commandtree import leaves
from tests.shopfloor import FIXTURES
from tests.terminal import Desk

SOURCES = sorted((FIXTURES.parent / "retcli").rglob("*.py"))
FREE = re.compile(r"order\.number|\bref\b|subject|\.file|path|self\.number|sku|\bby\b|target|source")
"""What in a command may hold whatever a platform or a person wrote."""


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1))
def test_any_value_in_a_command_is_read_back_by_the_shell(value: str) -> None:
    command = f"retcli order show {quoted(value)} --json"
    assert shlex.split(command, comments=True) == ["retcli", "order", "show", value, "--json"]


@pytest.mark.parametrize("value", ["#glow1", "a b.csv", "it's", "x;rm", "$HOME", "`x`", "(1)"])
def test_windows_reads_it_in_double_quotes(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setattr("retcli.shellwords.os.name", "nt")
    assert quoted(value) == f'"{value}"'
    assert quoted("订单报表.csv") == "订单报表.csv"


def told_commands() -> list[tuple[str, str, list[str]]]:
    """Every literal of the source with a command in it: where, its text with {} for values, the values' source."""
    found = []
    for path in SOURCES:
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [part.value if isinstance(part, ast.Constant) else "{}" for part in node.values]
                values = [ast.unparse(part.value) for part in node.values if isinstance(part, ast.FormattedValue)]
                found.append((f"{path.name}:{node.lineno}", "".join(map(str, parts)), values))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append((f"{path.name}:{node.lineno}", node.value, []))
    return [each for each in found if re.search(r"\bretcli [a-z]", each[1])]


def test_every_value_of_a_person_in_a_command_is_quoted() -> None:
    bare = [(where, value) for where, _text, values in told_commands() for value in values
            if FREE.search(value) and not value.startswith("quoted(")]  # fmt: skip
    assert not bare


def test_every_placeholder_of_a_command_has_a_word_of_its_own() -> None:
    """Capitals in a command are of the list, and none is a bare ellipsis."""
    for where, text, _values in told_commands():
        for command in re.findall(r"\bretcli [a-z][^，。；\n`]*", text):
            capitals = set(re.findall(r"(?<![\w#<{=-])[A-Z]{2,}(?![\w}…-])", command)) - {"B_7D", "Q_FUNC", "THIS"}
            assert capitals <= set(PLACEHOLDERS) | {"TOML", "SKU"}, (where, command)
            assert not re.search(r"--\w+ …", command), (where, command)


def test_no_chinese_text_tells_a_command_with_english_placeholders() -> None:
    with language.speaking(language.CHINESE):
        catalogue: Any = language.catalogue(language.CHINESE)
        for text in catalogue._catalog.values():
            told = re.sub(r"‹[^›]*›", "", in_own_words(text)) if isinstance(text, str) else ""
            for command in re.findall(r"\bretcli [a-z][^，。；\n]*", told):
                assert not set(re.findall(r"(?<![\w#{-])[A-Z]{2,}(?![\w-])", command)) & set(PLACEHOLDERS), text


def test_no_chinese_command_has_a_bare_word_for_what_the_reader_knows() -> None:
    """What is to be typed stands in ‹›; a case, an order, a file, a name, an amount."""
    catalogue: Any = language.catalogue(language.CHINESE)
    for text in catalogue._catalog.values():
        for command in re.findall(r"\bretcli [a-z][^，。；\n]*", text if isinstance(text, str) else ""):
            assert not re.search(r" (售后单号?|订单号|文件|金额|姓名|名称)(?!\w)", command), text


def test_a_bad_review_is_answered_by_its_order(desk: Desk) -> None:
    desk.books.order("#GLOW1", ("TS-L", 1, 9900))
    told = desk.type("--lang", "zh_CN", "case", "escalate", "#GLOW1", "--kind", "差评").out
    assert "retcli case answer '#GLOW1' --kind 差评" in told
    assert "'#GLOW1' --kind 差评" in desk.type("--lang", "zh_CN", "case", "register").out
    again = desk.type("--lang", "zh_CN", "case", "escalate", "#GLOW1", "--kind", "差评").err
    assert "retcli case answer '#GLOW1' --kind 差评" in again


def test_a_refusal_names_what_is_to_be_typed_in_the_readers_language(desk: Desk) -> None:
    """An order whose number begins a comment in a shell, and a placeholder."""
    desk.books.order("#GLOW1", ("TS-L", 1, 9900))
    desk.type("case", "open", "#GLOW1", "--kind", "return", "--reason", "B_7D")
    refused = desk.type("case", "open", "#GLOW1", "--kind", "return", "--reason", "B_7D")
    assert "retcli order show '#GLOW1'" in refused.err
    shown = desk.type("--lang", "zh_CN", "case", "show", desk.books.value("SELECT number FROM cases")).out
    assert "--because ‹原因›" in shown
    assert "TEXT" not in shown
    assert "--because TEXT" in desk.type("case", "show", desk.books.value("SELECT number FROM cases")).out


def test_options_that_lack_become_the_whole_command() -> None:
    """What was typed with the options replaced or added; what is no such hint stays."""
    typed = ["--json", "--db", "a b.db", "case", "reject", "7", "--because", " ", "--line=X=1"]
    assert completed("--because TEXT", typed) == "retcli --db 'a b.db' case reject 7 --line=X=1 --because TEXT"
    assert completed("--line SKU=2", ["case", "open", "1", "--line", "X=q", "--line", "Y"]) == (
        "retcli case open 1 --line SKU=2"
    )
    assert completed("--reveal --because TEXT", ["order", "show", "1", "--reveal"]) == (
        "retcli order show 1 --reveal --because TEXT"
    )
    for hint in ("retcli case list", "12.50", "--kind a、--kind b", ""):
        assert completed(hint, typed) == hint


def test_a_kind_in_a_command_is_said_in_the_reader_s_language() -> None:
    told = "retcli case change RC1 --kind return --because TEXT\nretcli case open 28 --kind refund-only"
    with speaking("zh_CN"):
        assert in_own_words(told) == (
            "retcli case change RC1 --kind 退货退款 --because ‹原因›\nretcli case open 28 --kind 仅退款"
        )
        assert in_own_words("--kind returned") == "--kind returned"
    with speaking("en"):
        assert in_own_words(told) == told


CODED = {
    "kind": ("case list", list(map(str, Kind)), ""),
    "reason": ("case open", list(REASONS), ""),
    "waive": ("case approve", list(RULES), "rule"),
    "rung": ("case offer", list(map(str, Rung)), ""),
    "state": ("pay list", [*map(str, PayoutState), CLICKED], "payout"),
    "stage": ("case list", list(STAGES), ""),
    "role": ("staff add", list(map(str, Role)), ""),
}
"""The options that take a code: a command that has it, the codes, and the axis of their words."""


@pytest.mark.parametrize("option", CODED)
def test_a_code_in_a_command_is_a_word_that_is_understood(option: str) -> None:
    """``--waive window`` is told as 退货期限, which means that rule again; English keeps the codes."""
    path, codes, axis = CODED[option]
    (parameter,) = (each for each in dict(leaves())[path].params if f"--{option}" in each.opts)
    for code in codes:
        told = f"retcli {path} --{option} {code}"
        assert in_own_words(told) == told
        with speaking("zh_CN"):
            *_path, typed = shlex.split(in_own_words(told))
            assert typed == as_typed(code, axis)
            assert re.search("[一-鿿]", typed), f"{code} has no word"
            read = parameter.type.convert(typed, parameter, None)
            assert read == code, (typed, read)


def test_a_rule_that_may_be_waived_is_named_as_it_is_typed(desk: Desk) -> None:
    """退货期限 on the card, in the hint, and typed; what is none is told with the words to choose from."""
    late = desk.books.order("2850000000000000077", ("TS-L", 1, 9900), signed_at=desk.at - timedelta(days=20))
    case = desk.case("open", late, "--kind", "return", "--reason", "B_7D")["number"]
    shown = desk.type("--lang", "zh", "case", "show", case).out
    assert "[审核项 退货期限]" in shown
    assert f"retcli case approve {case} --waive 退货期限 --because ‹原因›" in shown
    assert "退货期限" in desk.type("--lang", "zh", "case", "approve", case, "--waive", "乱写", "--because", "x").err
    assert desk.case("approve", case, "--waive", "退货期限", "--because", "老客户")["waived"] == ["window"]
