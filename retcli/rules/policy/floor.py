"""Holds a policy against the law: what is below its floor is refused (no) with the article, what the law leaves open is
a warning (person) (`docs/rules.md` §0, §1, §10).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from retcli.language import mark
from retcli.rules.casefile.findings import Answer, Fact, Finding
from retcli.rules.money.minor_units import Money
from retcli.rules.names import PLATFORMS, near_platform
from retcli.rules.policy.file import USUAL_FILE
from retcli.rules.policy.policy import OWN_CURRENCY, Payer, Policy, Settling, Terms, with_rules
from retcli.rules.policy.texts import unlawful

V = TypeVar("V")
NO, PERSON = Answer.NO, Answer.PERSON
_SPECIAL_PRICE = ("特价", "打折", "折扣", "清仓", "促销", "秒杀", "sale")


def _says(rule: str, answer: Answer, basis: str, text: str, **facts: Fact) -> Finding:
    """A finding on a policy, which nobody can waive."""
    return Finding(rule, answer, basis, text, facts, waivable=False)


def floor(policy: Policy, document: Mapping[str, Any], file: str = USUAL_FILE) -> Sequence[Finding]:
    """Everything in a policy that is unlawful (no) or worth a second look (person), each finding once. `document` is
    the file as TOML has it, for keys that no policy keeps; `file` names it.
    """
    findings = [*_terms_of(file, policy.terms), *_written(file, document)]
    # a rule is judged with the general terms under it, as it will be applied
    for rule, table in zip(policy.rules, _listed(document, "when"), strict=True):
        findings += _terms_of(rule.name, with_rules(policy.terms, [rule]))
        findings += _written(rule.name, table)
    findings += [*_excluded(policy, document), *_money(policy, document), *_texts(document), *_open(policy)]
    findings += _platforms(file, policy)
    return _once(findings)


def _once(findings: Sequence[Finding]) -> list[Finding]:
    """The findings in their order, each once."""
    kept: list[Finding] = []
    for finding in findings:
        if finding not in kept:
            kept.append(finding)
    return kept


def _terms_of(name: str, terms: Terms) -> Iterator[Finding]:
    """What in some terms is below the law, or hard to defend; `name` says where in the file they stand."""
    if terms.days < 7:
        text = mark("{place}: the seven days cannot be fewer than 7, {days} are written")
        yield _says("window", NO, "消法 §25", text, place=name, days=terms.days)
    if terms.return_days < 7:
        text = mark("{place}: goods with a fault can be returned for at least 7 days, {days} are written")
        yield _says("quality", NO, "消法 §24", text, place=name, days=terms.return_days)
    if terms.exchange_days < 15:
        text = mark("{place}: under the three guarantees goods are exchanged for 15 days, {days} are written")
        yield _says("guarantee", PERSON, "三包 7/15", text, place=name, days=terms.exchange_days)
    if terms.fee and terms.extended_days <= terms.days:
        text = mark(
            "{place}: a fee can be taken only from the day after the free window on, and no longer window is written"
        )
        yield _says("fee", NO, "消法 §25", text, place=name)
    # no article names a limit: more than half the price is likely to count as an unfair standard term
    if terms.fee > 5000:
        text = mark("{place}: a fee of more than half the price is hard to defend")
        yield _says("fee", PERSON, "民法典 §497", text, place=name)


def _written(name: str, document: Mapping[str, Any]) -> Iterator[Finding]:
    """Keys that no policy keeps, because the law leaves them one value: any other is refused."""
    no_reason, quality = _inner(document, "no_reason"), _inner(document, "quality")
    if _value_of(no_reason, "opened", "accept") != "accept":
        text = mark("{place}: opened goods cannot be refused: opening to look does not end the right")
        yield _says("opened", NO, "暂行办法 §8", text, place=name)
    if (first := _value_of(no_reason, "fee_from_day", 8)) < 8:
        text = mark("{place}: no fee inside the seven days: it can begin on day 8, day {day} is written")
        yield _says("fee", NO, "消法 §25", text, place=name, day=first)
    if _value_of(quality, "fee", "0%").strip("0.") != "%":
        text = mark("{place}: no fee on goods with a fault: the full price goes back")
        yield _says("fee", NO, "消法 §24", text, place=name)
    if _value_of(quality, "return_freight", Payer.SHOP.value) != Payer.SHOP:
        text = mark("{place}: goods with a fault come back at the shop's cost")
        yield _says("freight", NO, "消法 §24", text, place=name)


def _inner(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A section of the file; an empty one where it is missing or no table."""
    inner = document.get(name, {})
    return inner if isinstance(inner, Mapping) else {}


def _listed(document: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The tables of a list of the file, without entries that are none, as `Reader` passes them over too."""
    rows = document.get(name, [])
    return [table for table in rows if isinstance(table, Mapping)] if isinstance(rows, list) else []


def _value_of(table: Mapping[str, Any], name: str, usual: V) -> V:
    """The value of a key; `usual` where it is missing or of another type, which `Reader` notes as a mistake."""
    value = table.get(name, usual)
    return value if type(value) is type(usual) else usual


def _excluded(policy: Policy, document: Mapping[str, Any]) -> Iterator[Finding]:
    """Excluded classes that the law does not know (goods on offer), and the buyer's confirmation switched off."""
    for word in policy.excluded:
        if any(special in word.lower() for special in _SPECIAL_PRICE):
            text = mark("{word}: goods on offer are no class without the seven days")
            yield _says("special_price", NO, "暂行办法 §6 §7", text, word=word)
    if not _value_of(_inner(document, "excluded"), "confirmation", True):
        text = mark("Goods of §7 are without the seven days only where the buyer confirmed it at that purchase")
        yield _says("confirmation", NO, "暂行办法 §7 §20", text)


def _money(policy: Policy, document: Mapping[str, Any]) -> Iterator[Finding]:
    """Unlawful keys about money: how and when it goes back, gifts that stay, what lacking evidence does."""
    if _value_of(_inner(document, "refund"), "as", "original") != "original":
        text = mark("Money goes back the way it was paid; coupons or a balance only where the buyer says so each time")
        yield _says("method", NO, "暂行办法 §14", text)
    if policy.pay_after_receipt > timedelta(days=7):
        written = str(_inner(document, "refund").get("within", ""))
        text = mark("The refund must be paid within 7 days of the goods' return; what is written is {written}")
        yield _says("refund", NO, "消法 §25", text, written=written)
    gifts = _inner(document, "gifts")
    if gifts.get("settle") == "priced" and not policy.gifts:
        text = mark("A gift that does not come back can be charged only at a price stated before: name it under prices")
        yield _says("gift", NO, "暂行办法 §12", text)
    if _value_of(document, "evidence_missing", "ask") != "ask":
        text = mark("Lacking photos never ends the right: ask for them, do not refuse")
        yield _says("evidence", NO, "消法 §24", text)


def _texts(document: Mapping[str, Any]) -> Iterator[Finding]:
    """Unlawful sayings in the texts that the shop sends its buyers."""
    for text in _inner(document, "texts").values():
        if isinstance(text, str):
            yield from unlawful(text)


def _platforms(file: str, policy: Policy) -> Iterator[Finding]:
    """Platforms whose name is not known here: a mapping file's own name, or a slip of the pen."""
    named = [(rule.name, rule.platform) for rule in policy.rules if rule.platform]
    named += [("clocks", name) for name in policy.limits_by_platform]
    for place, name in named:
        if name in PLATFORMS:
            continue
        near = near_platform(name) or ""
        text = mark("{place}: no platform known here is called {name}: right only where a mapping file calls one so")
        if near:
            text = mark("{place}: no platform known here is called {name}; do you mean {near}?")
        yield _says("platform", PERSON, file, text, place=place, name=name, near=near)


def _open(policy: Policy) -> Iterator[Finding]:
    """Choices that the law leaves to the shop and that may cost it dear: a warning each."""
    if policy.terms.return_freight == Payer.SHOP:
        yield _says(
            "freight", PERSON, "暂行办法 §18", mark("The shop pays the way back of every return: allowed, and dear")
        )
    if policy.settling == Settling.AGAIN:
        text = mark("Promotions are priced anew after a partial return: lawful, but platforms share the discount out")
        yield _says("promotion", PERSON, "暂行办法 §17", text)
    for rule in policy.automatic:
        # 500 yuan: no limit of the law's, only much money for a refund that nobody looked at
        if rule.most > 50000 and not rule.unshipped:
            text = mark("Up to {most} is agreed to without anybody looking, goods already sent")
            yield _says("auto_approve", PERSON, mark("contract"), text, most=Money(rule.most, OWN_CURRENCY))
