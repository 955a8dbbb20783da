"""Tries a draft of the shop's rules on past cases."""

import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.judgement import facts_of
from retcli.actions.casefile.records.dossiers import Dossier, dossiers_of
from retcli.actions.shop.policies import read_file
from retcli.errors import Refused
from retcli.language import clauses
from retcli.models import Case
from retcli.rules.casefile.amounts import Step
from retcli.rules.casefile.findings import Answer
from retcli.rules.casefile.verdict import Judgement, judge
from retcli.rules.money.minor_units import Money
from retcli.rules.policy.policy import Policy
from retcli.rules.zone import midnight
from retcli.shellwords import quoted
from retcli.shop import Shop
from retcli.views.casefile.findings import sentence
from retcli.views.shop.policies import Flip, TrialView


def try_on_the_past(shop: Shop, path: Path, *, since: date | None = None, until: date | None = None) -> TrialView:
    """Judges the cases applied for in a period (days in Shanghai, both counted) under their own rules and a draft;
    waivers count on neither side. Raises Refused where the draft has mistakes.
    """
    began = time.monotonic()
    _text, _document, draft, mistakes = read_file(path)
    if mistakes:
        text = clauses(sentence(mistake.text, mistake.facts) for mistake in mistakes)
        raise Refused(text, f"retcli policy check {quoted(path.name)}", file=path.name)
    cases = list(shop.session.scalars(_applied_for(since, until)))
    flips = tuple(flip for dossier in dossiers_of(shop, cases) if (flip := _flip(shop, dossier, draft)))
    return TrialView(draft.version, len(cases), flips, time.monotonic() - began)


def _applied_for(since: date | None, until: date | None) -> sa.Select[Case]:
    """The cases applied for in a period (days in Shanghai, both counted), as a query."""
    query = sa.select(Case).order_by(col(Case.id))
    if since is not None:
        query = query.where(col(Case.applied_at) >= midnight(since))
    if until is not None:
        query = query.where(col(Case.applied_at) < midnight(until + timedelta(days=1)))
    return query


def _flip(shop: Shop, dossier: Dossier, draft: Policy) -> Flip | None:
    """How a case would be decided otherwise by a draft: another verdict or another amount; None where neither
    differs.
    """
    currency = dossier.order.currency
    rules, draft = (each.in_currency(currency) for each in (shop.policy_named(dossier.case.policy), draft))
    # without waivers: each was given against the rules of its day
    was = judge(facts_of(shop, dossier, asked=dossier.case.asked), rules)
    would_be = judge(facts_of(shop, dossier, asked=dossier.case.asked, policy=draft), draft)
    more = _given(would_be) - _given(was)
    if was.verdict == would_be.verdict and not more:
        return None
    money = Money(more, currency)
    return Flip(
        case=dossier.case.number,
        was=str(was.verdict),
        would_be=str(would_be.verdict),
        money=money,
        rules=tuple(_other_rules(was, would_be)),
        new_steps=_steps_without(would_be, was),
        old_steps=_steps_without(was, would_be),
    )


def _given(judged: Judgement) -> int:
    """What a judgement gives without a waiver, in minor units: nothing unless its verdict is yes."""
    return judged.amount.due if judged.verdict == Answer.YES else 0


def _other_rules(was: Judgement, would_be: Judgement) -> Iterator[str]:
    """The rules whose answers differ between two judgements."""
    before = _answers(was)
    for rule, answer in _answers(would_be).items():
        if before.get(rule) != answer:
            yield rule


def _steps_without(judged: Judgement, other: Judgement) -> tuple[Step, ...]:
    """The steps of one amount that stand in the other with no equal text and facts."""
    others = [(step.text, step.facts) for step in other.amount.steps]
    return tuple(step for step in judged.amount.steps if (step.text, step.facts) not in others)


def _answers(judged: Judgement) -> dict[str, Sequence[Answer]]:
    """The answers of each rule in a judgement; one rule may have several findings."""
    answers: dict[str, Sequence[Answer]] = {}
    for finding in judged.findings:
        answers[finding.rule] = (*answers.get(finding.rule, ()), finding.answer)
    return answers
