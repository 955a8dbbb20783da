"""Findings and derivations as sentences in the reader's language."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import Enum
from typing import Any

from retcli.language import _, aside, clauses, series
from retcli.rules.casefile.amounts import Amount, Step
from retcli.rules.casefile.findings import Answer, Fact, Finding
from retcli.rules.money.minor_units import Money
from retcli.shellwords import quoted
from retcli.views.base import Column, Screen, money_text, until, when
from retcli.views.casefile.platform_words import said_there
from retcli.views.documents import instant, money
from retcli.words import word

_ENDS = {"closes", "ends"}
_CODES = {"reason"}
"""Facts that are codes with a word."""
MARKS = {Answer.YES: "○", Answer.NO: "×", Answer.PERSON: "？"}


def sentence(text: str, facts: dict[str, Fact]) -> str:
    """A message with its gaps filled in the reader's language and time."""
    return _(text).format(**{name: _filled(name, value) for name, value in facts.items()})


def _filled(name: str, value: Fact) -> str:
    """A fact as the sentence has it: amounts, instants and codes in the reader's words."""
    if isinstance(value, Money):
        return money_text(value)
    if isinstance(value, tuple):
        return series(word(each) for each in value)
    if isinstance(value, datetime):
        return until(value) if name in _ENDS else when(value)
    if name == "status":
        return said_there(str(value))
    return word(str(value)) if isinstance(value, Enum) or name in _CODES else str(value)


def _fact_document(value: Fact) -> Any:
    """A fact as the contract has it."""
    if isinstance(value, Money):
        return money(value)
    if isinstance(value, tuple):
        return [str(each) for each in value]
    return instant(value) if isinstance(value, datetime) else value


def finding_document(finding: Finding) -> dict[str, Any]:
    """A finding as the contract has it."""
    document: dict[str, Any] = {
        "rule": finding.rule,
        "answer": str(finding.answer),
        "basis": _(finding.basis),
        "text": sentence(finding.text, finding.facts),
        "facts": {name: _fact_document(value) for name, value in finding.facts.items()},
    }
    if commands := commands_of(finding):
        document["commands"] = list(commands)
    return document | ({"waived_by": finding.waived_by} if finding.waived_by else {})


def commands_of(finding: Finding) -> tuple[str, ...]:
    """What may be typed to settle a finding, each as it stands; nothing where its case is not known."""
    if not finding.case or finding.waived_by:
        return ()
    gaps = {"case": finding.case} | {name: quoted(_filled(name, value)) for name, value in finding.facts.items()}
    return tuple(way.format(**gaps) for way in finding.ways)


def finding_lines(finding: Finding) -> list[str]:
    """A finding as it is read: its line, and below it each command that settles it."""
    return [finding_line(finding), *(f"    {command}" for command in commands_of(finding))]


def finding_line(finding: Finding) -> str:
    """A finding as one line: mark, sentence, article, and who waived it."""
    text = marked(finding)
    if finding.waived_by:
        text += " " + _("waived by {who}").format(who=finding.waived_by)
    elif finding.answer == Answer.NO and finding.waivable:
        text += " " + _("[rule {rule}]").format(rule=finding.rule)
    return text


def marked(finding: Finding) -> str:
    """A finding's answer as a mark, its sentence, and the article or line of the policy it rests on."""
    return f"{MARKS[finding.answer]} {with_basis(finding)}"


def with_basis(finding: Finding) -> str:
    """A finding's sentence with the article or line of the policy it rests on."""
    return aside(sentence(finding.text, finding.facts), _(finding.basis))


def sentences(findings: Iterable[Finding]) -> str:
    """Several findings in one sentence, each with what it rests on: what stops an act is told at once."""
    return clauses(map(with_basis, findings))


def asked_of_buyer(findings: Sequence[Finding]) -> str:
    """What to write to the buyer where evidence is missing; empty where nothing is, or somebody waived it."""
    for finding in findings:
        if finding.rule == "evidence" and "kinds" in finding.facts and not finding.waived_by:
            text = _(
                "Could you send us: {kinds}? With it we can settle your application sooner; your rights do not depend"
                " on it."
            )
            return text.format(kinds=_filled("kinds", finding.facts["kinds"]))
    return ""


def step_document(step: Step, currency: str) -> dict[str, Any]:
    """One line of a derivation."""
    return {"text": sentence(step.text, step.facts), "money": money(Money(step.money, currency))}


def draw_amount(screen: Screen, amount: Amount, currency: str) -> None:
    """A derivation, one step a row, the amounts under each other."""
    columns = [Column(_("Step")), Column(_("Amount"), "money")]
    screen.table(columns, [_step_row(step, currency) for step in amount.steps], _("How the amount comes about"))


def _step_row(step: Step, currency: str) -> Sequence[str]:
    return sentence(step.text, step.facts), money_text(Money(step.money, currency))
