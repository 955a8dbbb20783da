"""docs/rules.md tells the truth: its tables of statuses, reasons, grades and sayings are what the code does."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from retcli.platforms import douyin, jd, pdd, taobao, wxshop
from retcli.platforms.reasons import Phrases, reasons
from retcli.rules.casefile.reasons import REASONS
from retcli.rules.lifecycles import ALLOWED, BY_GRADE, Grade
from retcli.rules.policy.texts import unlawful

PAGE = (Path(__file__).parent.parent / "docs/rules.md").read_text(encoding="utf-8")


def rows(begin: str, end: str = "\n\n") -> Iterator[list[str]]:
    """The rows of the first table after a text, cell by cell, without its heading."""
    after = PAGE[PAGE.index(begin) :]
    table = after[after.index("\n|") + 1 :]
    for line in table[: table.index(end)].splitlines()[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


NUMBERED: Mapping[str, Mapping[str, str]] = {
    "**Pinduoduo** (type": pdd.REFUND_STATUS,
    "**Douyin** (type": douyin.REFUND_STATUS,
    "**WeChat shop** (types": wxshop.REFUND_STATUS,
}


@pytest.mark.parametrize("platform", NUMBERED)
def test_the_platforms_numbers_have_the_codes_statuses(platform: str) -> None:
    pairs = [(row[at], row[at + 2]) for row in rows(platform) for at in (0, 3)]
    listed = {number: status for number, status in pairs if number and status != "–"}
    assert listed == {number: status for number, status in NUMBERED[platform].items() if number.isdigit()}


def test_taobaos_texts_have_the_codes_statuses() -> None:
    listed = {text: status for texts, status, _code in rows("**Taobao** writes texts") for text in texts.split(" · ")}
    assert listed == taobao.REFUND_STATUS


def test_every_reason_stands_with_its_group_and_fault() -> None:
    listed = {}
    for codes, _chinese, group, fault, quality in rows("One canonical reason has a group"):
        for code in codes.split(", "):
            listed[code] = (group.replace(" ", "_"), re.split(r"\W", fault)[0], quality == "yes")
    assert listed == {code: (r.group.value, r.fault.value, r.quality) for code, r in REASONS.items()}


OWN: Mapping[str, Phrases] = {
    "WeChat shop": wxshop.REASON_WORDS,
    "Douyin": douyin.REASON_WORDS,
    "Pinduoduo": pdd.REASON_WORDS,
    "JD": jd.REASON_WORDS,
}


def labels() -> Iterator[tuple[str, str, str]]:
    """Platform, label, code, as the page has them; a number of WeChat's is a label of its own."""
    for platform, told in rows("What each platform prints, and what it is read as"):
        for label in told.split(" · "):
            words, code = label.rsplit(" ", 1)
            number, _blank, text = words.partition(" ")
            if number.isdigit():
                yield platform, f"100000{number}", code
            yield platform, text if number.isdigit() else words, code


@pytest.mark.parametrize(("platform", "label", "code"), list(labels()))
def test_a_label_is_read_as_the_page_says(platform: str, label: str, code: str) -> None:
    own = next((phrases for name, phrases in OWN.items() if platform.startswith(name)), ())
    assert reasons(own)(label) == code


def test_grades_go_where_the_page_says() -> None:
    listed = {row[0]: ({row[3]}, {row[3], *row[4].split(", ")} - {"–"}) for row in rows("## §5 Inspection")}
    assert listed == {grade.value: ({BY_GRADE[grade].value}, set(ALLOWED[grade])) for grade in Grade}


SAYINGS = [(said, *row[2:]) for row in rows("a platform's name that nobody knows") for said in row[0].split(" · ")]


@pytest.mark.parametrize(("said", "answer", "article"), SAYINGS)
def test_a_saying_is_answered_as_the_page_says(said: str, answer: str, article: str) -> None:
    assert (answer, article) in {(finding.answer.value, finding.basis) for finding in unlawful(said)}
