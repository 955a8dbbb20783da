"""The findings on a case and the verdict they make (`rules.md` §1.4): law first, then the shop's own rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from retcli.language import mark
from retcli.rules.amounts import Amount, LineFacts, OrderFacts, Wish, amount
from retcli.rules.clocks import days_since, in_window, window_closes
from retcli.rules.findings import Answer, Fact, Finding, verdict, waived
from retcli.rules.freight import freight
from retcli.rules.inquiries import inquiry
from retcli.rules.lifecycles import COMING_BACK, GOING_OUT, REFUNDING, Grade, Kind
from retcli.rules.money import Money
from retcli.rules.policy import BY_LAW, Policy
from retcli.rules.reasons import NEEDS_EVIDENCE, NEVER_ARRIVED, NEVER_SENT, REASONS, Fault, breach
from retcli.rules.warranty import warranty_ends

YES, NO, PERSON = Answer.YES, Answer.NO, Answer.PERSON
WAIVABLE = ("window", "excluded", "goods_back", "reason", "quality", "evidence", "freight", "goods", "difference")
"""The rules that a manager may overrule when a case is decided."""
WINDOW, QUALITY, CARRIER, TERMS = "暂行办法 §10", "消法 §24", "电子商务法 §20", mark("contract")


@dataclass(frozen=True)
class Facts:
    """Everything a verdict rests on; instants in UTC."""

    wish: Wish
    order: OrderFacts
    lines: tuple[LineFacts, ...]
    applied_at: datetime
    signed_at: datetime | None = None
    signed_by: str = ""
    paid: bool = True
    evidence: bool = False
    grades: frozenset[Grade] = frozenset()


@dataclass(frozen=True)
class Judgement:
    """The verdict, the findings it follows from, and the amount due."""

    verdict: Answer
    findings: tuple[Finding, ...]
    amount: Amount


def judge(facts: Facts, policy: Policy, waivers: Mapping[str, str] | None = None) -> Judgement:
    """All findings on a case, with waivers (rule to who waived it) laid over them, and what is due."""
    due = amount(facts.wish, facts.order, facts.lines, policy)
    found = tuple(waived([*findings(facts, policy), *_difference(due)], waivers or {}))
    return Judgement(verdict(found), found, due)


def findings(facts: Facts, policy: Policy) -> list[Finding]:
    """Every rule's answer, in the order of the decision tree: open, path, evidence, freight, goods."""
    if facts.wish.kind == Kind.INQUIRY:
        return [inquiry(facts.order, facts.signed_at)]
    answers = [*_units(facts), *_money(facts), *_path(facts)]
    answers += [*_evidence(facts), *_freight(facts), *_goods(facts)]
    return answers


def _difference(due: Amount) -> Iterator[Finding]:
    """Dearer goods in exchange: somebody sees to it that the buyer pays first."""
    if due.collect:
        text = mark("The buyer owes a difference of {owed}: collect it before the new goods are sent")
        yield Finding("difference", PERSON, TERMS, text, {"owed": Money(due.collect)})


def _units(facts: Facts) -> Iterator[Finding]:
    if not facts.paid:
        yield Finding("paid", NO, TERMS, mark("The order was not paid: there is nothing to give back"), waivable=False)
    over = [line for line in facts.lines if line.wanted > line.units_open]
    for line in over:
        gaps: dict[str, Fact] = {"sku": line.sku, "wanted": line.wanted, "open": line.units_open}
        gaps["earlier"] = ", ".join(line.drawn_by)
        text = mark("{sku}: {wanted} wanted, {open} still open; drawn on before by {earlier}")
        text = text if line.drawn_by else mark("{sku}: {wanted} wanted, only {open} were bought")
        yield Finding("units", NO, TERMS, text, gaps, waivable=False)
    if not over:
        yield Finding("units", YES, TERMS, mark("The pieces are still open on the order"))


def _money(facts: Facts) -> Iterator[Finding]:
    wish = facts.wish
    if wish.kind == Kind.ALLOWANCE and wish.asked is None:
        yield Finding("money", PERSON, TERMS, mark("The amount is not named yet: approve with --amount"))
    elif wish.kind in REFUNDING | {Kind.ALLOWANCE}:
        left = sum(line.cash_open for line in facts.lines) + facts.order.freight_open
        earlier = ", ".join(dict.fromkeys(name for line in facts.lines for name in line.drawn_by))
        if wish.asked is not None and wish.asked > left:
            text = mark("{asked} asked for, {left} still open; drawn on before by {earlier}")
            text = text if earlier else mark("{asked} asked for, only {left} was paid")
            gaps: dict[str, Fact] = {"asked": Money(wish.asked), "left": Money(left), "earlier": earlier}
            yield Finding("money", NO, "暂行办法 §17", text, gaps, waivable=False)
        else:
            text = mark("The money is still open on these lines")
            yield Finding("money", YES, "暂行办法 §17", text)


def _path(facts: Facts) -> Iterator[Finding]:
    reason, kind = facts.wish.reason, facts.wish.kind
    if not facts.order.shipped and kind in REFUNDING:
        yield Finding("unshipped", YES, TERMS, mark("Nothing was sent yet: cancelled in full"))
    elif kind == Kind.ALLOWANCE:
        yield Finding("agreement", YES, TERMS, mark("A price cut is a matter of agreement; the goods stay"))
    elif REASONS[reason].fault in {Fault.UNDETERMINED, Fault.PLATFORM}:
        text = mark("The reason does not say who is at fault: set a real one")
        yield Finding("reason", PERSON, TERMS, text)
    elif breach(reason):
        yield from _quality_path(facts)
    else:
        yield from _no_reason_path(facts)


def _quality_path(facts: Facts) -> Iterator[Finding]:
    reason, kind = facts.wish.reason, facts.wish.kind
    carrier = REASONS[reason].fault == Fault.CARRIER
    if reason in NEVER_ARRIVED | NEVER_SENT:
        yield _never_came(facts)
        return
    if kind == Kind.REFUND_ONLY and reason != "W_SHORT":
        text = mark("Refund without the goods coming back is the shop's own choice")
        yield Finding("goods_back", PERSON, QUALITY, text)
    day = days_since(facts.signed_at, facts.applied_at) if facts.signed_at else 0
    gaps: dict[str, Fact] = {"day": day}
    if day <= 7 and (carrier or reason == "W_SHORT" or kind == Kind.RESEND):
        text = mark("The shop answers for wrong, missing and damaged goods; no category or label bars it")
        yield Finding("quality", YES, CARRIER if carrier else "消法 §52", text)
    elif day <= 7:
        text = mark("Quality, day {day}: return, exchange or repair as the buyer chooses; no category bars it")
        yield Finding("quality", YES, QUALITY, text, gaps)
    elif kind in GOING_OUT and day <= 15:
        text = mark("Quality, day {day}: exchange or repair")
        yield Finding("quality", YES, "三包 7/15", text, gaps)
    else:
        yield _late_quality(facts, gaps)


def _never_came(facts: Facts) -> Finding:
    """Goods that did not arrive; a signature speaks against it, but may be another's (电子商务法 §52)."""
    if facts.signed_at is None:
        return Finding("quality", YES, CARRIER, mark("Goods that did not arrive are the shop's risk"))
    text = mark("The order is signed for, though the reason says that nothing came: a person weighs it")
    return Finding("quality", PERSON, CARRIER, text)


def _late_quality(facts: Facts, gaps: dict[str, Fact]) -> Finding:
    """After the free choice: repair inside the warranty, else a person weighs it (`rules.md` §1.4)."""
    months = max((line.warranty_months for line in facts.lines), default=0)
    if facts.signed_at and months and facts.applied_at < warranty_ends(facts.signed_at, months):
        gaps = gaps | {"ends": warranty_ends(facts.signed_at, months)}
        text = mark("Quality, day {day}, inside the warranty (until {ends}): repair first, exchange after two repairs")
        return Finding("quality", PERSON, "三包 7/15", text, gaps)
    return Finding(
        "quality", PERSON, QUALITY, mark("Quality, day {day}: past the free choice, a person weighs it"), gaps
    )


def _no_reason_path(facts: Facts) -> Iterator[Finding]:
    if facts.wish.kind == Kind.RESEND:
        yield Finding("reason", PERSON, TERMS, mark("Goods are sent again only where something was missing or lost"))
        return
    if facts.wish.kind == Kind.REFUND_ONLY:
        text = mark("The goods stay with the buyer: refund without return is the shop's own choice")
        yield Finding("goods_back", PERSON, "消法 §25", text)
    excluded = [line for line in facts.lines if line.excluded and (line.excluded in BY_LAW or line.confirmed)]
    for line in excluded:
        gaps: dict[str, Fact] = {"sku": line.sku, "class": line.excluded or ""}
        article = "暂行办法 §6" if line.excluded in BY_LAW else "暂行办法 §7"
        yield Finding("excluded", NO, article, mark("{sku} is of a class without a seven-day right: {class}"), gaps)
    if not excluded:
        yield _window(facts)


def _window(facts: Facts) -> Finding:
    if facts.signed_at is None:
        return Finding("window", YES, WINDOW, mark("Not signed for yet: the seven days have not begun"))
    gaps: dict[str, Fact] = {
        "signed": facts.signed_at,
        "closes": window_closes(facts.signed_at),
        "applied": facts.applied_at,
    }
    if in_window(facts.signed_at, facts.applied_at):
        text = mark("Asked for on {applied}, inside the seven days (signed {signed}, open until {closes})")
        return Finding("window", YES, WINDOW, text, gaps)
    text = mark("Asked for on {applied}, after the seven days ended (signed {signed}, ended {closes})")
    return Finding("window", NO, WINDOW, text, gaps)


def _evidence(facts: Facts) -> Iterator[Finding]:
    cancelled = not facts.order.shipped and facts.wish.kind in REFUNDING
    if facts.wish.reason in NEEDS_EVIDENCE and not facts.evidence and not cancelled:
        text = mark("Photos are missing: ask for them within 24 hours; lacking them never ends the right")
        yield Finding("evidence", PERSON, "消法 §23", text)


def _freight(facts: Facts) -> Iterator[Finding]:
    wish, order = facts.wish, facts.order
    if wish.kind == Kind.ALLOWANCE:
        return
    who = freight(wish.kind, wish.reason, shipped=order.shipped, whole=order.everything_goes)
    if who.back is None:
        return
    gaps: dict[str, Fact] = {"who": who.back}
    if who.back == Fault.UNDETERMINED:
        text = mark("Who pays the way back is open until the reason is set")
        yield Finding("freight", PERSON, who.basis, text)
    else:
        yield Finding("freight", YES, who.basis, mark("The way back is paid by: {who}"), gaps)


def _goods(facts: Facts) -> Iterator[Finding]:
    if facts.wish.kind not in COMING_BACK or not facts.grades:
        return
    if Grade.X in facts.grades:
        text = mark("What came back is not of this order")
        yield Finding("goods", NO, "暂行办法 §8", text)
    elif facts.grades & {Grade.C, Grade.D} and not breach(facts.wish.reason):
        text = mark("What came back is not intact: a person weighs it")
        yield Finding("goods", PERSON, "暂行办法 §9", text)
    else:
        yield Finding("goods", YES, "暂行办法 §8", mark("What came back is in order"))
