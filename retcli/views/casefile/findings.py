"""Puts findings and derivations into sentences of the reader's language, and into JSON."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import Enum
from typing import Any

from retcli.language import _, aside, clauses, series
from retcli.rules.casefile.amounts import Amount, Step
from retcli.rules.casefile.findings import Answer, Fact, Finding
from retcli.rules.casefile.verdict import Judgement
from retcli.rules.money.minor_units import Money
from retcli.shellwords import quoted
from retcli.views.base import Column, Screen, money_text, until, when
from retcli.views.casefile.platform_words import said_there
from retcli.views.documents import instant, money
from retcli.words import as_typed, word

_ENDS = {"closes", "ends"}
"""Names of facts that are exclusive ends, shown as 24:00 of the last day."""
_CODES = {"reason"}
"""Names of facts that are codes and have a word."""
MARKS = {Answer.YES: "○", Answer.NO: "×", Answer.PERSON: "？"}


def sentence(text: str, facts: dict[str, Fact]) -> str:
    """A message (its id) with its gaps filled, in the reader's language and Shanghai's time."""
    return _(text).format(**{name: _filled(name, value) for name, value in facts.items()})


def _filled(name: str, value: Fact) -> str:
    """A fact as text for a gap: amounts, instants and codes in words."""
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
    """A fact as it stands in JSON."""
    if isinstance(value, Money):
        return money(value)
    if isinstance(value, tuple):
        return [str(each) for each in value]
    return instant(value) if isinstance(value, datetime) else value


def finding_document(finding: Finding) -> dict[str, Any]:
    """The JSON document of a finding."""
    document: dict[str, Any] = {
        "rule": finding.rule,
        "answer": str(finding.answer),
        "basis": _(finding.basis),
        "text": sentence(finding.text, finding.facts),
        "facts": {name: _fact_document(value) for name, value in finding.facts.items()},
    }
    if commands := commands_of(finding):
        document["commands"] = list(commands)
    who = {"waived_by": finding.waived_by, "lapsed_by": finding.lapsed_by}
    return document | {name: by for name, by in who.items() if by}


class Judged:
    """What views of a judged case have in common: the verdict and the findings of their documents."""

    judgement: Judgement

    @property
    def verdict(self) -> Answer:
        """The verdict of all findings together."""
        return self.judgement.verdict

    @property
    def findings(self) -> list[dict[str, Any]]:
        """The document of each finding, with its sentence in the reader's language."""
        return [finding_document(finding) for finding in self.judgement.findings]


def commands_of(finding: Finding) -> tuple[str, ...]:
    """The commands that settle a finding, ready to be typed; none where its case is not known or it was waived."""
    if not finding.case or finding.waived_by:
        return ()
    gaps = {"case": finding.case} | {name: quoted(_filled(name, value)) for name, value in finding.facts.items()}
    return tuple(way.format(**gaps) for way in finding.ways)


def finding_lines(finding: Finding) -> list[str]:
    """A finding as lines: its sentence, then each command that settles it."""
    return [finding_line(finding), *(f"    {command}" for command in commands_of(finding))]


def finding_line(finding: Finding) -> str:
    """A finding as one line: mark, sentence, article, and who waived it, or had, or the rule's name where it may be
    waived.
    """
    text = marked(finding)
    if finding.waived_by:
        text += " " + _("waived by {who}").format(who=finding.waived_by)
    elif finding.answer == Answer.NO and finding.waivable:
        text += " " + _("[rule {rule}]").format(rule=as_typed(finding.rule, "rule"))
    if finding.lapsed_by:
        earlier = _("{who} waived it for an earlier application or a smaller amount: that counts no more")
        text += " " + earlier.format(who=finding.lapsed_by)
    return text


def marked(finding: Finding) -> str:
    """A finding's answer as a mark, with its sentence and its basis."""
    return f"{MARKS[finding.answer]} {with_basis(finding)}"


def with_basis(finding: Finding) -> str:
    """A finding's sentence with its basis: an article, or the shop's rules."""
    return aside(sentence(finding.text, finding.facts), _(finding.basis))


def sentences(findings: Iterable[Finding]) -> str:
    """Several findings in one text, each with its basis."""
    return clauses(map(with_basis, findings))


def asked_of_buyer(findings: Sequence[Finding]) -> str:
    """What to write to the buyer where evidence is missing; "" where none is, or somebody waived it."""
    for finding in findings:
        if finding.rule == "evidence" and "kinds" in finding.facts and not finding.waived_by:
            text = _(
                "Could you send us: {kinds}? With it we can settle your application sooner; your rights do not depend"
                " on it."
            )
            return text.format(kinds=_filled("kinds", finding.facts["kinds"]))
    return ""


def step_document(step: Step, currency: str) -> dict[str, Any]:
    """The JSON document of a step of a derivation."""
    return {"text": sentence(step.text, step.facts), "money": money(Money(step.money, currency))}


def draw_amount(screen: Screen, amount: Amount, currency: str) -> None:
    """Shows a derivation, a row for each step."""
    columns = [Column(_("Step")), Column(_("Amount"), "money")]
    screen.table(columns, [_step_row(step, currency) for step in amount.steps], _("How the amount comes about"))


def _step_row(step: Step, currency: str) -> Sequence[str]:
    """The cells of a step in the table."""
    return sentence(step.text, step.facts), money_text(Money(step.money, currency))
