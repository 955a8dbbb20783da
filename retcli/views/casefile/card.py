"""A case as a card: who, what they wrote, what they want, the goods, the money, the verdict, the clock that counts.
Whoever decides sees it short, on a screen of 24 lines where it can be; whoever looks at one case sees all of it.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from retcli.language import _, aside, clauses, headed, series
from retcli.rules.casefile.clocks import FIRST_REPLY, Clock
from retcli.rules.casefile.findings import Answer
from retcli.rules.money.minor_units import Money
from retcli.views.base import Column, Screen, draw_next, money_text, pairs, when
from retcli.views.casefile.clock_lines import clock_line, is_over, pressing_line
from retcli.views.casefile.findings import finding_lines, sentence
from retcli.views.casefile.platform_words import refunded_how, said_there
from retcli.words import word

if TYPE_CHECKING:
    from retcli.views.casefile.cases import CaseView

_FINDINGS, _STEPS = 4, 4
"""How many findings and steps of a derivation a screen of 24 lines has room for."""
_URGENT = {"overdue": "red", "soon": "yellow", "target": "yellow"}

_Facts = Iterable[tuple[str, str]]


def draw_whole(screen: Screen, case: "CaseView") -> None:
    """All that is known of a case, for whoever looks at it alone."""
    title = _("Case {number}  {kind}  {stage}")
    screen.line(title.format(number=case.number, kind=word(case.kind), stage=word(case.stage)), "bold")
    if case.clock is not None:
        screen.line(counting_line(case), _URGENT.get(case.urgency, ""))
    pairs(screen, [*_asked(case), *_order(case), *_stands(case)])
    for fact in case.stands_out:
        screen.line("▸ " + fact)
    _draw_lines(screen, case)
    _draw_notes(screen, case)
    screen.line(_("Verdict: {answer}").format(answer=word(case.judgement.verdict)), "bold")
    for finding in case.judgement.findings:
        for line in finding_lines(finding):
            screen.line("  " + line, "yellow" if finding.answer != Answer.YES else "")
    _draw_clocks(screen, case, [clock for clock in case.clocks if clock != case.clock])
    for offer in case.offers:
        screen.line("  " + offer.sentence())
    pairs(screen, [(_("To the buyer"), case.ask_buyer), (_("Propose"), case.proposal)])
    _draw_history(screen, case)
    draw_next(screen, case.next)
    if case.stage == "to_withdraw_there":
        screen.line(case.on_platform.still_open, "yellow")


def draw_short(screen: Screen, case: "CaseView", head: str, bought: str) -> None:
    """What matters for a decision, under a heading; `bought` says what the whole order holds."""
    screen.line(head, "bold")
    screen.line(counting_line(case), _URGENT.get(case.urgency, ""))
    progress = case.order_facts
    signed = progress.get("signed", "") or _("no file says so yet")
    order = [(_("Order"), _ordered(case)), (_("Bought"), bought), (_("Sent"), progress.get("sent", ""))]
    earlier = (_("Earlier cases"), series(case.earlier) or _("none"))
    pairs(screen, [*_asked(case), *order, (_("Signed"), signed), earlier, (_("Note"), case.at_the_desk.note)])
    _draw_findings(screen, case)
    _draw_clocks(screen, case, [clock for clock in case.clocks if _is_unanswered(case, clock)])
    pairs(screen, [(_("Due"), _derivation(case)), (_("Propose"), case.proposal)])
    for offer in case.offers[-2:]:
        screen.line("  " + offer.sentence())


def _draw_clocks(screen: Screen, case: "CaseView", clocks: Iterable[Clock]) -> None:
    """Shows clocks beside the one that counts; one that has run out with how long ago that was."""
    for clock in clocks:
        over = is_over(clock, case.seen_at)
        line = pressing_line(clock, case.seen_at) if over else clock_line(clock)
        screen.line("  " + line, _URGENT["target"] if over else "")


def counting_line(case: "CaseView") -> str:
    """The clock that counts, with how long is left."""
    return pressing_line(case.clock, case.seen_at) if case.clock else _("No clock runs")


def _is_unanswered(case: "CaseView", clock: Clock) -> bool:
    """Whether a clock that does not count is the shop's own for a first reply, and has run out."""
    return clock.name == FIRST_REPLY and clock != case.clock and is_over(clock, case.seen_at)


def _asked(case: "CaseView") -> _Facts:
    """Who wants what, why, since when."""
    yield _("Buyer"), case.buyer.sentence()
    yield _("Their words"), case.words
    yield _("Wish"), case.wish
    yield _("Amount"), case.applied_for.sentence() if case.applied_for else ""
    yield _("Reason"), f"{case.reason.with_fault} {case.reason.detail}".rstrip()
    yield _("Applied"), when(case.applied_at)
    if case.applied_anew_at:
        yield (
            _("Applied anew"),
            _("{at}, under the same number; clocks run from then").format(at=when(case.applied_anew_at)),
        )


def _ordered(case: "CaseView") -> str:
    """The order's number, and what was paid on it when."""
    paid = case.order_facts.get("paid", "")
    return _("{order}, paid {paid}").format(order=case.order, paid=paid) if paid else case.order


def _order(case: "CaseView") -> _Facts:
    yield _("Order"), _ordered(case)
    yield _("Sent"), case.order_facts.get("sent", "")
    yield _("Signed"), case.order_facts.get("signed", "")


def _stands(case: "CaseView") -> Iterator[tuple[str, str]]:
    """How far the case has come: whose it is, the decision, the platform, the money, what comes back and goes out."""
    yield _("Owner"), case.owner
    yield _("Decided"), case.decided.sentence() if case.decided else ""
    yield _("On the platform"), f"{case.platform_number} {said_there(case.on_platform.platform_status)}".strip()
    yield _("Payment no."), case.on_platform.there.get("payment_number", "")
    yield _("Agreed there by"), case.on_platform.there.get("reviewed_by", "")
    yield _("Refunded there by"), case.on_platform.there.get("refunded_by", "")
    yield _("How refunded there"), refunded_how(case.on_platform.there)
    yield _("Money"), case.so_far.sentence()
    yield _("Beside"), case.so_far.beside_sentence()
    yield _("Parcels"), series(case.goods_moving.parcels)
    yield _("Going out"), clauses(goods.sentence() for goods in case.goods_moving.sent_for)
    yield _("Sent again, came back"), clauses(parcel.sentence() for parcel in case.goods_moving.sent_back)
    yield _("Return address"), case.return_address
    yield _("Earlier cases"), "" if case.stands_out else series(case.earlier)
    yield _("Flag"), word(case.at_the_desk.flag)
    if case.written_beside:
        yield from case.written_beside.facts()


def _draw_lines(screen: Screen, case: "CaseView") -> None:
    """One line of the case a row, the freight last."""
    columns = [Column(_("SKU"), "id"), Column(_("Title"), "title"), Column(_("Pieces"), "count")]
    columns += [Column(_("Came back"), "count"), Column(_("Due"), "money")]
    rows = [
        (line.sku or line.line, line.title, str(line.quantity), str(line.accepted), money_text(line.due))
        for line in case.lines
    ]
    freight = case.due.minor - sum(line.due.minor for line in case.lines)
    if freight > 0:
        rows.append((_("Freight"), "", "", "", money_text(Money(freight, case.due.currency))))
    screen.table(columns, rows)


def _draw_notes(screen: Screen, case: "CaseView") -> None:
    """What was noted, each with who and when where that is known."""
    notes = case.written_beside.notes if case.written_beside else ()
    lines = [
        *case.at_the_desk.first_note.splitlines(),
        *(headed(f"{when(note.at)} {note.by}", note.text) for note in notes),
    ]
    for line in lines:
        screen.line("  " + _("Note: {text}").format(text=line))


def _draw_findings(screen: Screen, case: "CaseView") -> None:
    """What is not plainly yes in full, the rest in one line."""
    findings = case.judgement.findings
    screen.line(_("Verdict: {answer}").format(answer=word(case.judgement.verdict)), "bold")
    open_ = [finding for finding in findings if finding.answer != Answer.YES]
    for finding in open_[:_FINDINGS]:
        for line in finding_lines(finding):
            screen.line("  " + line, "yellow")
    if len(open_) > _FINDINGS:
        command = f"retcli case explain {case.number}"
        screen.line("  " + _("{n} more: {command}").format(n=len(open_) - _FINDINGS, command=command))
    if passed := len(findings) - len(open_):
        screen.line("  " + _("○ {n} rules say yes").format(n=passed))


def _derivation(case: "CaseView") -> str:
    """The amount with its steps on one line; of many only the last."""
    currency, steps = case.due.currency, case.judgement.amount.steps
    texts = [f"{sentence(step.text, step.facts)} {money_text(Money(step.money, currency))}" for step in steps[-_STEPS:]]
    text = " → ".join((["…"] if len(steps) > _STEPS else []) + texts)
    return text if case.judgement.amount.collect else aside(money_text(case.due), text)


def _draw_history(screen: Screen, case: "CaseView") -> None:
    """What was done to it, by whom, where that was asked for."""
    if case.history:
        screen.line(_("What was done:"), "bold")
    for entry in case.history:
        screen.line("  " + entry.sentence())
