"""A finding, which is one rule's answer with its basis, and the verdict over all findings of a case."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from retcli.language import mark
from retcli.rules.money.minor_units import Money

Fact = str | int | Money | datetime | tuple[StrEnum, ...]
"""What a sentence's gap may hold: text, a count, an amount, an instant; an enum is a word to translate, or several."""
POLICY = mark("the shop's rules")
"""The basis of what the shop decides for itself."""


class Answer(StrEnum):
    """What a rule says; `person` means that somebody must look (转人工)."""

    YES = "yes"
    NO = "no"
    PERSON = "person"


@dataclass(frozen=True)
class Finding:
    """A rule's answer with the article or policy line it rests on and the facts it used.

    `text` is a message id with named gaps that `facts` fill. `waivable`: a manager may overrule it; `waived_by` names
    who did, `lapsed_by` who had, for an application or an amount that it no longer is. `ways` are commands that settle
    it, with the same gaps and `{case}` for the number in `case`.
    """

    rule: str
    answer: Answer
    basis: str
    text: str
    facts: dict[str, Fact] = field(default_factory=dict)
    waivable: bool = True
    waived_by: str = ""
    lapsed_by: str = ""
    ways: tuple[str, ...] = ()
    case: str = ""


def waived(findings: Iterable[Finding], waivers: Mapping[str, str]) -> list[Finding]:
    """The findings with waivers (rule to who waived it) laid over them; what cannot be waived stays as it is."""
    return [
        replace(finding, waived_by=waivers[finding.rule])
        if finding.rule in waivers and finding.waivable and finding.answer != Answer.YES
        else finding
        for finding in findings
    ]


def standing(waivers: Mapping[str, str], most: Mapping[str, int], minor: int) -> dict[str, str]:
    """The waivers (rule to who waived it) that stand for so much money (minor units): each was given for `most` at
    most, where that is known.
    """
    return {rule: by for rule, by in waivers.items() if most.get(rule, minor) >= minor}


def with_lapsed(findings: Iterable[Finding], lapsed: Mapping[str, str], *, undecided: bool) -> list[Finding]:
    """The findings with who waived them before (rule to who), where that counts no more; while nothing is decided each
    with the command that waives it anew.
    """
    return [
        _lapsed(finding, lapsed[finding.rule], undecided=undecided)
        if finding.rule in lapsed and finding.waivable and not finding.waived_by and finding.answer != Answer.YES
        else finding
        for finding in findings
    ]


def _lapsed(finding: Finding, by: str, *, undecided: bool) -> Finding:
    anew = f"retcli case approve {{case}} --waive {finding.rule} --because TEXT"
    return replace(finding, lapsed_by=by, ways=(*finding.ways, anew) if undecided else finding.ways)


def verdict(findings: Iterable[Finding]) -> Answer:
    """No where any rule says no, a person where any asks for one, else yes; waived findings do not count."""
    answers = {finding.answer for finding in findings if not finding.waived_by}
    if Answer.NO in answers:
        return Answer.NO
    return Answer.PERSON if Answer.PERSON in answers else Answer.YES
