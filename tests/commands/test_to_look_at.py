"""Whoever approves what a person must look at is asked once more at a terminal, by whichever door."""

from types import SimpleNamespace

import pytest

from retcli.commands.case import decisions
from retcli.commands.case.to_look_at import to_look_at
from retcli.rules.casefile.amounts import Amount
from retcli.rules.casefile.findings import Answer, Finding
from retcli.rules.casefile.verdict import Judgement
from retcli.words import RULES
from tests.shopfloor import ORDER_NUMBER
from tests.terminal import Desk


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_that_wants_a_person_is_told(rule: str) -> None:
    """Only an amount that is asked for anyway, and what is waived with it, are not."""
    wants = Finding(rule, Answer.PERSON, "contract", "The goods stay with the buyer")
    judged = Judgement(Answer.PERSON, (wants, Finding("units", Answer.YES, "contract", "x")), Amount(0, (), 0, ()))
    assert len(to_look_at(judged, amount_asked=False)) == 2
    assert bool(to_look_at(judged, amount_asked=True)) == (rule != "money")
    assert to_look_at(judged, amount_asked=False, waived=[rule]) == []


@pytest.fixture
def case(desk: Desk) -> str:
    """A price cut for a flaw of which there are no photos."""
    words = ("open", ORDER_NUMBER, "--kind", "allowance", "--reason", "Q_LOOK", "--amount", "10")
    return str(desk.case(*words)["number"])


def at_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    live = SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr(decisions, "sys", live)


def decided(desk: Desk, case: str) -> str:
    return str(desk.case("show", case)["decision"])


def test_a_terminal_is_asked(desk: Desk, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at_terminal(monkeypatch)
    told = desk.type("case", "approve", case, typed="n\n")
    assert "A person must look at it first:" in told.err
    assert "Photos are missing" in told.err
    assert decided(desk, case) == "requested"
    desk.type("case", "approve", case, typed="y\n")
    assert decided(desk, case) == "approved"


@pytest.mark.parametrize("words", [["--yes"], ["--waive", "evidence", "--because", "seen"], ["--dry-run"]])
def test_who_has_said_it_is_not_asked(desk: Desk, case: str, words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    at_terminal(monkeypatch)
    told = desk.type("case", "approve", case, *words)
    assert (told.code, "A person must look at it first:" in told.err) == (0, False)


def test_what_would_be_refused_is_said_before_anybody_is_asked(
    desk: Desk, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_terminal(monkeypatch)
    told = desk.type("case", "approve", case, "--amount", "100000")
    assert told.code == 5
    assert "A person must look at it first:" not in told.err


def test_a_pipe_means_what_it_types(desk: Desk, case: str) -> None:
    assert desk.type("case", "approve", case).code == 0
    assert decided(desk, case) == "approved"


def test_yes_goes_with_one_case_too(desk: Desk, case: str) -> None:
    assert desk.type("case", "approve", case, "--yes").code == 0
