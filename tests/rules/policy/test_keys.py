"""Whatever stands where in policy.toml: nothing breaks, and each mistake is named once, with its place."""

import copy
import json
import tomllib
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from retcli.rules.policy import keys
from retcli.rules.policy.file import read
from retcli.rules.policy.floor import floor
from retcli.rules.policy.policy import Policy
from retcli.views.casefile.findings import finding_document
from tests.rules.policy.test_file import EXAMPLES, HEAD, mistakes

Path = tuple[str | int, ...]
UNLAWFUL = """
evidence_missing = "ask"
[no_reason]
opened = "accept"
fee_from_day = 8
[quality]
fee = "0%"
return_freight = "shop"
[excluded]
confirmation = true
[refund]
as = "original"
[gifts]
settle = "priced"
"""
OVER = ("promotions", "clocks")
SPELL = 'this must be a length of time in quotation marks, such as "48h", "7d" or "5d14h24m"'
NONSENSE: tuple[Any, ...] = (5, "x", [], [5], ["x"], {}, [{}], True, date(2027, 1, 1), {"x": {"y": {"z": 5}}}, 0.5)


def whole() -> dict[str, Any]:
    """A document that says everything that can be said, and makes no mistake."""
    document = tomllib.loads(EXAMPLES)
    for name, value in tomllib.loads(UNLAWFUL).items():
        document[name] = document.get(name, {}) | value if isinstance(value, dict) else value
    return document


def paths(value: Any, above: Path = ()) -> Iterator[Path]:
    """Every key and every place in a list, the outer ones first."""
    if above:
        yield above
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        yield from paths(member, (*above, name))


def with_put(document: Any, path: Path, value: Any) -> Any:
    """The document with another value at a place; what lies beside the way there is not copied."""
    if not path:
        return value
    name, *further = path
    changed = copy.copy(document)
    changed[name] = with_put(document[name], tuple(further), value)
    return changed


def place_of(path: Path) -> str:
    return "".join(f"[{name + 1}]" if isinstance(name, int) else f".{name}" for name in path).removeprefix(".")


WHOLE = whole()
PATHS = list(paths(WHOLE))


def test_the_whole_document_has_no_mistake() -> None:
    policy, wrong = read(whole())
    assert wrong == []
    assert [f for f in floor(policy, whole()) if f.answer == "no"] == []
    assert len(PATHS) > 100
    assert place_of(("when", 0, "no_reason", "fee")) == "when[1].no_reason.fee"


@pytest.mark.parametrize("path", PATHS, ids=[place_of(path) for path in PATHS])
def test_anything_anywhere_is_read_or_named(path: Path) -> None:
    for value in NONSENSE:
        document = with_put(WHOLE, path, value)
        policy, wrong = read(document)
        found = [json.dumps(finding_document(f), ensure_ascii=False) for f in (*wrong, *floor(policy, document))]
        assert len(found) == len(set(found)), (value, found)
        for finding in wrong:
            place = str(finding.facts["place"])
            assert place.startswith(place_of(path)) or place_of(path).startswith(place), (value, place)
        again, as_stored = read(json.loads(json.dumps(document, default=str)))
        assert len(as_stored) <= len(wrong)
        if not wrong:
            assert again == policy


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[holidays]\noff = 2027-01-01",
            ["holidays.off: this must be a list of days, such as [2027-01-01, 2027-01-02]"],
        ),
        ("[holidays]\noff = 5", ["holidays.off: this must be a list of days, such as [2027-01-01, 2027-01-02]"]),
        (
            '[holidays]\noff = "2027-01-01"',
            ["holidays.off: this must be a list of days, such as [2027-01-01, 2027-01-02]"],
        ),
        (
            '[holidays]\nwork = [2027-01-01, "x", 5]',
            [
                "holidays.work[2]: this must be a day, such as 2026-12-01",
                "holidays.work[3]: this must be a day, such as 2026-12-01",
            ],
        ),
        (
            '[reason_words]\n"太慢" = ["S_LATE"]',
            ["reason_words.太慢: this must be a reason's code, such as Q_FUNC: retcli words"],
        ),
        (
            '[[reasons]]\ncode = "A"\nname = "B"\nparent = ["Q_FUNC"]',
            ["reasons[1].parent: this must be a reason's code, such as Q_FUNC: retcli words"],
        ),
        ("when = 5", ["when: this must be a list of tables: write it with [[ ]]"]),
        ("clocks = 5\npromotions = 5", [f"{at}: this must be a table of keys and values" for at in OVER]),
        ("[promotions]\nrule = 5", ["promotions.rule: this must be a list of tables: write it with [[ ]]"]),
        ("[promotions.extra]\nx = 5", ["promotions.extra: nobody knows this key"]),
        ("[quality]\nfee = []", ['quality.fee: this must be a percentage in quotation marks, such as "10%"']),
        ("[texts]\nnotice = 5", ["texts.notice: this must be a text in quotation marks"]),
        ('[clocks]\nstalled = "9999999999999d"', [f"clocks.stalled: {SPELL}"]),
    ],
)
def test_a_mistake_is_named_once_where_it_stands(text: str, said: list[str]) -> None:
    assert mistakes(HEAD + text) == said


def test_the_packaged_file_shows_every_single_value() -> None:
    """Shops learn of a key from that file alone."""
    document = tomllib.loads(EXAMPLES)
    assert [(name, key) for name, read in keys.SCALARS.items() for key in read if key not in document[name]] == []


def test_an_amount_of_the_rules_falls_away_in_another_currency() -> None:
    """No rate is known here: 20.00 of the rules are no 20.00 USD. The two that stay are compared with yuan alone."""
    amounts = {field for read in keys.SCALARS.values() for field, kind in read.values() if kind is keys.yuan}
    written: dict[str, Any] = dict.fromkeys(amounts, 2000)
    abroad = Policy(**written).in_currency("USD")
    assert {name for name in amounts if getattr(abroad, name) == 2000} == {
        "agent_limit",
        "compensation",
        "recount_amount",
        "scrap_amount",
    }
