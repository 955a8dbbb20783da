"""The shop's rules: shown, checked against the law, put in force, and which findings were waived."""

import json
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli import named_files
from retcli.actions.casefile.fallen_waivers import fallen_waivers
from retcli.errors import NeedsPerson, NotFound, Refused
from retcli.language import _, mark
from retcli.models import Case, Offer, Waiver
from retcli.models.policies import PolicyVersion
from retcli.rules.casefile.findings import Answer, Finding
from retcli.rules.events import fingerprint
from retcli.rules.lifecycles import MAY_APPROVE_MONEY, OfferState
from retcli.rules.policy.file import read
from retcli.rules.policy.floor import floor
from retcli.rules.policy.policy import Policy
from retcli.rules.zone import SHANGHAI
from retcli.shellwords import quoted
from retcli.shop import Shop
from retcli.toml_files import told
from retcli.views.casefile.findings import sentences
from retcli.views.shop.policies import CheckView, HistoryView, PolicyView, Version, Waived, WaiversView

LONGEST = 1 << 20
"""Bytes of a policy file at most."""


def show(shop: Shop, version: str = "") -> PolicyView:
    """The rules in force, or a named version, as the file that was loaded; the commented usual ones where none was.
    Raises NotFound.
    """
    wanted = version or shop.policy.version
    row = shop.session.scalars(sa.select(PolicyVersion).where(col(PolicyVersion.version) == wanted)).first()
    if row is not None:
        return PolicyView(row.version, date.fromisoformat(row.starts_on), row.text)
    if version and version != Policy().version:
        raise NotFound(_("There is no version {name} of the rules").format(name=version), "retcli policy history")
    return PolicyView(Policy().version, None, template(shop.now.astimezone(SHANGHAI).date()))


def template(day: date) -> str:
    """The commented file that a shop begins with: the usual rules, in force from a day on, with examples commented
    out.
    """
    packaged = resources.files("retcli") / "fixtures" / "policy.toml"
    place = packaged if packaged.is_file() else Path(__file__).parents[3] / "fixtures" / "policy.toml"
    text = place.read_text(encoding="utf-8")
    return text.replace('version = "2026-12"', f'version = "{day}"').replace('from = "2026-12-01"', f'from = "{day}"')


def check(shop: Shop, path: Path) -> CheckView:
    """The findings on a draft: mistakes, what is below the law's floor, and what is lawful and worth a look."""
    _text, document, policy, findings = read_file(path)
    return CheckView(path.name, policy.version, (*findings, *floor(policy, document, path.name)))


def load(shop: Shop, path: Path) -> CheckView:
    """Puts a draft in force from its day on. Raises Refused where it has mistakes, is below the law's floor, begins in
    the past, or its name is taken.
    """
    shop.may(MAY_APPROVE_MONEY, mark("change the shop's rules"))
    text, document, policy, mistakes = read_file(path)
    findings = [*mistakes, *floor(policy, document, path.name)]
    _refuse_unlawful(findings, path)
    _refuse_untimely(shop, policy, path)
    shop.add(
        PolicyVersion(
            version=policy.version,
            starts_on=policy.starts_on.isoformat(),
            document=json.dumps(document, ensure_ascii=False, default=str),
            text=text,
            loaded_at=shop.now,
            by=shop.operator.name,
        )
    )
    facts = {"version": policy.version, "starts_on": policy.starts_on.isoformat(), "text": fingerprint(text)}
    shop.record("policy", "load", **facts)
    vars(shop).pop("policies", None)  # the cached property: the new version counts within this piece of work too
    return CheckView(path.name, policy.version, tuple(findings), policy.starts_on)


def _refuse_unlawful(findings: Sequence[Finding], path: Path) -> None:
    """Raises Refused where a draft has a mistake or is below the law's floor."""
    against = [finding for finding in findings if finding.answer == Answer.NO]
    if against:
        text = sentences(against)
        raise Refused(text, f"retcli policy check {quoted(path.name)}", file=path.name)


def _refuse_untimely(shop: Shop, policy: Policy, path: Path) -> None:
    """Raises Refused for a version that is there already, or one that is to begin in the past."""
    if any(other.version == policy.version for other in shop.policies):
        message = _("The rules already have a version {name}").format(name=policy.version)
        raise Refused(message, _('Give each version a name of its own: version = "…"'), file=path.name)
    today = shop.now.astimezone(SHANGHAI).date()
    if policy.starts_on < today:
        message = _("The rules cannot begin in the past ({day}): what was applied for then was judged by others")
        raise Refused(message.format(day=policy.starts_on), _("Write from = {day} or later").format(day=today))


def read_file(path: Path) -> tuple[str, Mapping[str, Any], Policy, list[Finding]]:
    """Reads a file of rules: its text, the TOML document, the policy, the mistakes in it.

    Raises NotFound, or NeedsPerson where it is no TOML, with the place.
    """
    text = _text_of(path)
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as wrong:  # a number of 5,000 digits, brackets in brackets
        message = _("{file} cannot be read: {why}").format(file=path.name, why=told(wrong))
        hint = _("Texts, amounts and lengths of time stand in quotation marks: retcli policy show")
        raise NeedsPerson(message, hint, file=path.name) from wrong
    policy, mistakes = read(document, path.name)
    return text, document, policy, list(mistakes)


def _text_of(path: Path) -> str:
    """The text of a file of rules. Raises NotFound, or NeedsPerson where it is not in UTF-8."""
    try:
        return named_files.content(path, LONGEST).decode("utf-8-sig")
    except NotFound as missing:
        raise NotFound(missing.message, "retcli policy show > policy.toml") from missing
    except UnicodeDecodeError as wrong:
        raise NeedsPerson(_("{file} is not in UTF-8").format(file=path.name), _("Save it as UTF-8")) from wrong


def history(shop: Shop) -> HistoryView:
    """Every version that was loaded, the newest first, with how many cases were opened under it."""
    judged: Counter[str] = Counter()
    for version, cases in shop.session.execute(sa.select(col(Case.policy), sa.func.count()).group_by(col(Case.policy))):
        judged[version] = cases
    rows = shop.session.scalars(sa.select(PolicyVersion).order_by(col(PolicyVersion.id).desc()))
    usual, in_force = Policy().version, shop.policy.version
    versions = [
        Version(row.version, row.starts_on, row.loaded_at, row.by, judged[row.version], row.version == in_force)
        for row in rows
    ]
    return HistoryView((*versions, Version(usual, "", None, "", judged[usual], usual == in_force)))


def waivers(shop: Shop, since: date | None = None) -> WaiversView:
    """Every waiver, the newest first: which rule, on which case, by whom, when, why; and those that count no more with
    why that is so. What a buyer accepted within an offer's own limits overruled no rule, and is none of them.
    """
    query = (
        sa.select(col(Case.number), col(Waiver.rule), col(Waiver.by), col(Waiver.at), col(Waiver.because))
        .join(Case, col(Case.id) == col(Waiver.case_id))
        .where(sa.not_(_of_an_offer()))
        .order_by(col(Waiver.id).desc())
    )
    if since is not None:
        query = query.where(col(Waiver.at) >= datetime(since.year, since.month, since.day, tzinfo=SHANGHAI))
    fallen = fallen_waivers(shop)
    given = (Waived(*row) for row in shop.session.execute(query))
    return WaiversView(tuple(replace(each, fell=fallen.get((each.case, each.rule))) for each in given))


def _of_an_offer() -> Any:
    """The condition that a waiver was only written because a buyer accepted an offer, which needs no approved case."""
    accepted = sa.select(col(Offer.id)).where(col(Offer.case_id) == col(Waiver.case_id))
    accepted = accepted.where(col(Offer.by) == col(Waiver.by), col(Offer.answered_at) == col(Waiver.at))
    accepted = accepted.where(col(Offer.state) == OfferState.ACCEPTED)
    return sa.and_(col(Waiver.rule) == "approval", accepted.correlate(Waiver).exists())
