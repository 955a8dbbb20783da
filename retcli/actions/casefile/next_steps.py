"""The next step of a case as commands to be run as they stand; what only a person knows stands in them in capitals."""

from collections.abc import Iterator, Sequence

from retcli.actions.casefile import went_back
from retcli.actions.casefile.amends import against_let_go
from retcli.actions.casefile.lacking_goods import lacks, ways
from retcli.actions.casefile.owed_beside import owed_beside
from retcli.actions.casefile.payable import (
    awaits_answer,
    by_route,
    ended_there,
    failed_there,
    may_be_reported,
    off_route,
    payable,
    payout_awaits_answer,
    rests,
    unpaid_there,
    would_overdraw,
)
from retcli.actions.casefile.records import offer_records
from retcli.actions.casefile.records.clicked_payouts import failing
from retcli.actions.casefile.records.dossiers import Dossier
from retcli.actions.casefile.records.stopping import (
    ASKS_OF_BOTH,
    ASKS_OF_CLOSING,
    ASKS_OF_GOODS,
    ASKS_OF_REFUSAL,
    ASKS_OF_RETURNS,
    STOPS_REST,
)
from retcli.models import Payout
from retcli.rules.casefile import stages
from retcli.rules.casefile.findings import Answer, Finding
from retcli.rules.casefile.verdict import Judgement
from retcli.rules.cases.remedies import GIVEN, Rung
from retcli.rules.lifecycles import (
    COMING_BACK,
    GOING_OUT,
    LEFT,
    PAYING_CLICKS,
    REFUNDING,
    UNSENT,
    Decision,
    EscalationState,
    Kind,
    PayoutState,
    ReplacementState,
)
from retcli.rules.money.amends import BEYOND_PRICE
from retcli.rules.money.minor_units import text as money_in_words
from retcli.rules.money.payouts import CLOSED_THERE
from retcli.rules.money.refunded_pieces import UNPAID
from retcli.shellwords import either, quoted
from retcli.shop import Shop

_COMMANDS = {
    "to_answer": either(
        "retcli case note {case} TEXT",
        "retcli case finish {case}",
        "retcli case change {case} --kind KIND --because TEXT",
    ),
    "to_click": "retcli platform todo",
    "to_ask_again": either(
        "retcli case contact {case} --by WAY --result RESULT", "retcli parcel expect {case} WAYBILL"
    ),
    "in_transit": "retcli scan",
    "to_ship": "retcli case ship {case} --waybill WAYBILL",
    "came_back": either(
        "retcli case ship {case} --waybill WAYBILL", "retcli case change {case} --kind {instead} --because TEXT"
    ),
    "to_pay": "retcli pay refund {case}",
    "to_finish": "retcli case finish {case}",
    "rejected": "retcli case finish {case}",
    "withdrawn": "retcli case finish {case}",
    "to_withdraw_there": either("retcli case contact {case} --by WAY --result RESULT", "retcli import FILE"),
}
"""The command by stage, for stages that have just one."""
_WAITS = {
    "to_countersign": frozenset({PayoutState.WAITING}),
    "to_find_out": frozenset({PayoutState.UNKNOWN}),
    "paying": frozenset({PayoutState.DUE, PayoutState.SENT}),
    "to_pay": frozenset({PayoutState.DUE}),
    "undone_there": frozenset(),
    "taken_back": frozenset(),
}
"""The stages at which a payout waits for somebody, and the states that it is in then."""
_AWAY = frozenset({PayoutState.SENT, PayoutState.UNKNOWN})
"""The states of a payout that left and has not come to its end."""
_ASKED = "retcli imports questions"
"""The command where somebody answers what an order was paid, of which a file says less than the books."""
_OPEN = frozenset().union(*_WAITS.values())
_INSTEAD = GIVEN | {Rung.EXPLAIN}
"""Rungs of offers that the buyer may have accepted in place of what was asked for."""
_GONE = frozenset({ReplacementState.SHIPPED, ReplacementState.DELIVERED})


def next_step(shop: Shop, dossier: Dossier, stand: stages.Axes, judged: Judgement, *, silent: bool) -> str:
    """The command that takes a case on, or several to choose from, a line each; "" where the next step is the buyer's.
    `silent`: the buyer has not sent what was agreed on in time.
    """
    stage = "to_ask_again" if silent else stages.stage(stand)
    if stage == "finished":
        return "retcli imports questions" if dossier.asked_about() else ""
    # questions first: their answers may change every step below
    if question := dossier.asked_about(ASKS_OF_CLOSING, ASKS_OF_REFUSAL, ASKS_OF_BOTH):
        return either(f"retcli imports answer {question} --seen", _take_back(dossier))
    if question := dossier.asked_about(ASKS_OF_GOODS, ASKS_OF_RETURNS, STOPS_REST):
        return f"retcli imports answer {question} --seen"
    if dossier.case.paid_against and stage == "to_finish":
        return _against_us(dossier, judged)
    if stage == "to_decide":
        return either(*decide(dossier, judged))
    if stage in {"intervened", "lost_there"}:
        return _contested(dossier, judged)
    if stage == "rejected" and stand.open_there:
        return "retcli import FILE"
    if stage in {"to_click", *_WAITS}:
        return _money(shop, dossier, stand, stage)
    if stage == "to_ship" and any(not sku for sku in dossier.to_send):
        return f"retcli case change {dossier.case.number} --want SKU --because TEXT"
    if stage == "to_answer" and (payout := _waiting(dossier, _OPEN)):
        return _of_payout(dossier, payout)
    if stage == "to_recover":
        return _recover(dossier)
    if stage == "to_inspect" or (stage == "in_transit" and stand.another_comes):
        return _to_inspect(shop, dossier)
    instead = Kind.RETURN if dossier.case.kind in COMING_BACK else Kind.REFUND_ONLY
    return _COMMANDS.get(stage, "").format(case=dossier.case.number, instead=instead)


def _take_back(dossier: Dossier) -> str:
    """The command that reverses a confirmed refund which ended unpaid on the platform; "" where there is none."""
    stands = (p for p in dossier.payouts if by_route(p) and p.state == PayoutState.CONFIRMED and p.reverses_id is None)
    payout = next(stands, None) if dossier.case.platform_state in UNPAID else None
    return f"retcli pay reverse {payout.number} --because TEXT" if payout else ""


def _recover(dossier: Dossier) -> str:
    """The next step where money left for goods that turned out to be none of the order's: note that the buyer gave it
    back, look whether the platform paid it at all, or give it up.
    """
    finish = f"retcli case finish {dossier.case.number} --because TEXT"
    stands = [p for p in dossier.payouts if p.kind == "refund" and p.reverses_id is None]
    stands.sort(key=lambda p: p.origin != "own")
    payout = next((p for p in stands if p.state == PayoutState.CONFIRMED), None)
    if payout is not None:
        return either(f"retcli pay reverse {payout.number} --because TEXT", finish)
    away = _waiting(dossier, _AWAY)
    return payout_step(away, reported=by_route(away)) if away else "retcli import FILE"


def _against_us(dossier: Dossier, judged: Judgement) -> str:
    """The next step where the platform paid what was turned down here: somebody answers the question about it, and
    goods still on their way to the buyer are intercepted.
    """
    case, seen = dossier.case.number, dossier.stopped_by()
    on_the_way = any(finding.rule == "goods_back" and finding.answer == Answer.PERSON for finding in judged.findings)
    intercept = on_the_way and dossier.order.signed_at is None and dossier.order.waybill
    first = f"retcli imports answer {seen} --seen" if seen else ""
    last = "" if seen else f"retcli case finish {case}"
    return either(first, _take_back(dossier), f"retcli parcel intercept {case}" if intercept else "", last)


def _contested(dossier: Dossier, judged: Judgement) -> str:
    """The next step where the platform stepped in on a case that was turned down: send evidence, then note the verdict,
    then pay what a verdict for the buyer costs.
    """
    case, entry = dossier.case.number, dossier.intervention
    if entry is not None and entry.state == EscalationState.OPEN:
        return either(f"retcli case pack {case}", f"retcli case answer {case} --kind intervention")
    if entry is not None and entry.state == EscalationState.ANSWERED:
        return either(f"retcli case verdict {case} --kind intervention --won --because TEXT", "retcli import FILE")
    return either(_agree(dossier, judged) or f"retcli case explain {case}", "retcli import FILE")


def _agree(dossier: Dossier, judged: Judgement) -> str:
    """The command that agrees to a case, with the rules to be waived for it; "" where one of them never is."""
    case = dossier.case
    against = [finding for finding in judged.findings if finding.answer == Answer.NO and not finding.waived_by]
    agree = f"retcli case approve {case.number}"
    if case.kind == Kind.ALLOWANCE and case.asked is None and not judged.amount.due:
        agree += " --amount AMOUNT"
    elif case.asked is not None and case.kind not in GOING_OUT and 0 < judged.amount.due < case.asked:
        # more is asked for than is due: agreed to as it stands it would be refused
        agree += f" --amount {money_in_words(judged.amount.due, dossier.order.currency)}"
    if against:
        agree = f"{agree} {_waivers(against)} --because TEXT"
    return agree if all(finding.waivable for finding in against) else ""


def payout_step(payout: Payout, *, clicked: bool = False, reported: bool = False) -> str:
    """The next step of an open payout. `clicked`: it left by a click on the platform; `reported`: a refund report may
    confirm it.
    """
    number, state = payout.number, payout.state
    if state == PayoutState.WAITING:
        return f"retcli pay approve {number}"
    if state == PayoutState.UNKNOWN:
        return either(f"retcli pay confirm {number}", failing(payout, ()))
    if state == PayoutState.SENT:
        return either(f"retcli pay confirm {number}", "retcli import FILE" if reported else "")
    return "retcli import FILE" if clicked and payout.method == "original" else f"retcli pay sent {number}"


def _of_payout(dossier: Dossier, payout: Payout) -> str:
    """The next step of an open payout of a case that was read: the open question about what its order was paid, else
    its own.
    """
    return _ASKED if payout_awaits_answer(dossier, payout) else payout_step(payout)


def decide(dossier: Dossier, judged: Judgement) -> Iterator[str]:
    """The commands that decide a case, first the one that the findings are for; refusing only as long as nothing left.
    Where the buyer accepted something else instead, that is paid, then the case withdrawn.
    """
    case = dossier.case
    if any(rung in _INSTEAD for rung in offer_records.standing(dossier)):
        amends = _waiting(dossier, _OPEN)
        yield _of_payout(dossier, amends) if amends else f"retcli case withdraw {case.number}"
        return
    against = [finding for finding in judged.findings if finding.answer == Answer.NO and not finding.waived_by]
    if awaits_answer(dossier, judged.amount.due):
        yield _ASKED
    ways = list(filter(None, [_agree(dossier, judged)]))
    if not _left(dossier):
        ways.insert(0 if against else 1, f"retcli case reject {case.number} --because TEXT")
    yield from ways or [f"retcli case explain {case.number}"]


def _waivers(against: Sequence[Finding]) -> str:
    return " ".join(dict.fromkeys(f"--waive {finding.rule}" for finding in against))


def _left(dossier: Dossier) -> bool:
    """Whether money or goods may have left for a case, which so cannot be turned away."""
    money = any(
        payout.state in _OPEN or (payout.kind == "refund" and payout.state == PayoutState.CONFIRMED)
        for payout in dossier.payouts
    )
    return money or bool(_GONE & set(dossier.replacements))


def _money(shop: Shop, dossier: Dossier, stand: stages.Axes, stage: str) -> str:
    """The next step where money is to leave. An open question about what the platform paid comes first: until it is
    answered nothing more leaves, but what left already may have arrived.
    """
    case = dossier.case
    if stage == "to_click" and not stand.paying_click:
        return _COMMANDS[stage]
    if question := dossier.stopped_by():
        away = _waiting(dossier, _AWAY) if stage in _WAITS else None
        reported = away is not None and by_route(away) and bool(case.platform_number)
        arrived = payout_step(away, reported=reported) if away else ""
        return either(f"retcli imports answer {question} --seen", arrived)
    if stages.awaits_refund(stand):
        return _refund(shop, dossier)
    payout = _waiting(dossier, UNSENT if stage == "to_click" else _WAITS[stage])
    if payout is None:
        return _owed_again(dossier) or _COMMANDS.get(stage, "")
    return _against_payout(shop, dossier, payout) or _take_on(shop, dossier, payout, stage)


def _owed_again(dossier: Dossier) -> str:
    """The commands that repay the freight of the way back that was taken back, or give it up; "" for nothing."""
    case, owed = dossier.case.number, owed_beside(dossier)
    return either(owed.command(case), f"retcli case finish {case} --because TEXT") if owed else ""


def after_fallen(shop: Shop, dossier: Dossier, payout: Payout, step: str) -> str:
    """What comes after a refund that failed or was taken back: those commands of the case's next `step` that are about
    no other payout, else the refund again where it is due, else the case itself.
    """
    others = {each.number for each in dossier.payouts} - {payout.number}
    own = [line for line in step.splitlines() if not others & set(line.split())]
    if own or not step:
        return either(*own) if own else step
    if question := dossier.stopped_by():
        return f"retcli imports answer {question} --seen"
    case, ready = dossier.case, payable(dossier)
    due = case.decision == Decision.APPROVED and ready.minor > 0 and not ready.against
    return _refund(shop, dossier) if due else f"retcli case show {case.number}"


def _against_payout(shop: Shop, dossier: Dossier, payout: Payout) -> str:
    """The next step where a payout cannot go on as it is: call it off, or answer what its order was paid; "" where
    neither is so.
    """
    fail = failing(payout, dossier.clicked, disproved=failed_there(shop, dossier.case, payout))
    if off_route(dossier.case, payout) or (payout.state in _AWAY and unpaid_there(shop, dossier.case, payout)):
        return fail
    if payout.state in UNSENT and would_overdraw(shop, dossier, dossier.parts[payout.id], LEFT):
        return either(_report_of(shop, dossier, payout), fail)
    return _ASKED if payout_awaits_answer(dossier, payout) else ""


def _take_on(shop: Shop, dossier: Dossier, payout: Payout, stage: str) -> str:
    """The next step of a payout that may go on: its confirmation where it may have been made on the platform already,
    the second person's word before the click, else the step itself.
    """
    case, clicked = dossier.case, bool(PAYING_CLICKS & dossier.clicked)
    # the platform pays a refund once: only its report tells whether anything is left for what waits
    if clicked and by_route(payout) and payout.state == PayoutState.WAITING:
        return "retcli import FILE"
    step = payout_step(payout, clicked=clicked, reported=by_route(payout) and bool(case.platform_number))
    if not clicked and went_back.of_open(shop, case, payout, dossier.parts[payout.id], dossier.order_lines):
        fail = f"retcli pay fail {payout.number} --because TEXT"
        confirm = went_back.confirmed(f"retcli platform done {case.number}" if stage == "to_click" else step)
        return either(_report_of(shop, dossier, payout), fail, confirm)
    if not clicked and payout.state in UNSENT and (beyond := against_let_go(dossier)) and not beyond.waived_by:
        way = f"retcli platform done {case.number}" if stage == "to_click" else step
        return f"{way} {_waivers([beyond])} --because TEXT"
    if stage == "to_click":
        waiting = None if clicked else _waiting(dossier, frozenset({PayoutState.WAITING}))
        return payout_step(waiting) if waiting and by_route(waiting) else _COMMANDS[stage]
    return step


def _report_of(shop: Shop, dossier: Dossier, payout: Payout) -> str:
    """The command that imports the report in which a payout may stand already; "" where none can tell of it."""
    return "retcli import FILE" if may_be_reported(shop, dossier.order, payout) else ""


def _refund(shop: Shop, dossier: Dossier) -> str:
    """The next step where a refund is due and has no payout yet. Where the platform closed it: withdrawn, or paid anew
    with a waiver; where it was taken back here and the platform says that it paid: finished, or paid anew so; where the
    order has no money for it: look or finish; where it may have been made there already: finish or confirm. What the
    platform's ended refund left over is paid another way or given up.
    """
    case, command = dossier.case, _COMMANDS["to_pay"].format(case=dossier.case.number)
    finish = f"retcli case finish {case.number} --because TEXT"
    if rule := rests(dossier):
        end = f"retcli case withdraw {case.number} --because TEXT" if rule == CLOSED_THERE else finish
        return either(end, f"{command} --waive {rule} --because TEXT")
    ready = payable(dossier)
    if ready.against and lacks(dossier):
        return either(*ways(dossier, ready, left=_left(dossier)))
    if would_overdraw(shop, dossier, ready.parts):
        return either(f"retcli order show {quoted(dossier.order.number)}", finish)
    if awaits_answer(dossier, ready.minor):
        return either(_ASKED, finish)
    if went_back.since_decided(shop, case, ready.parts, written=False, lines=dossier.order_lines):
        return either(finish, went_back.confirmed(command))
    if beyond := [finding for finding in ready.against if finding.rule == BEYOND_PRICE]:
        command = f"{command} {_waivers(beyond)} --because TEXT"
    return either(command, finish) if case.platform_number and ended_there(case) else command


def _waiting(dossier: Dossier, states: frozenset[PayoutState]) -> Payout | None:
    """The oldest payout of a case in some states, refunds before amends and freight; None where there is none."""
    waits = [payout for payout in dossier.payouts if payout.state in states]
    return min(waits, key=lambda payout: (payout.kind != "refund", payout.id or 0), default=None)


def _of_lacking(shop: Shop, dossier: Dossier) -> str:
    """The next step where all that came is inspected and pieces lack: pay for what is here, else the other ways."""
    if question := dossier.stopped_by():
        return f"retcli imports answer {question} --seen"
    ready = payable(dossier)
    pays = dossier.case.kind in REFUNDING and ready.parts and not ready.against
    return either(_refund(shop, dossier) if pays else "", *ways(dossier, ready, left=_left(dossier)))


def _to_inspect(shop: Shop, dossier: Dossier) -> str:
    """The next step where goods are at the door: grade what was counted, else scan, since pieces that nobody has seen
    are never proposed as they stand. Where an opened parcel lacks pieces, also pay for the rest, or refuse the case.
    """
    case = dossier.case
    for parcel, pieces in dossier.waiting_pieces.items():  # the first one: a command is about one parcel
        items = " ".join(f"--item {quoted(sku)}={n}:GRADE" for sku, n in pieces.items())
        return f"retcli parcel inspect {case.number if len(dossier.parcels) == 1 else parcel} {items}"
    if lacks(dossier):
        return _of_lacking(shop, dossier)
    if not dossier.opened or case.kind not in {Kind.RETURN, Kind.REFUND_ONLY}:
        return "retcli scan"
    ready = payable(dossier)
    if ready.parts and not ready.against and not dossier.stopped_by() and not PAYING_CLICKS & dossier.clicked:
        return either("retcli scan", _refund(shop, dossier))
    accepted = any(dossier.accepted(line) for line, _order_line in dossier.lines)
    reject = "" if accepted or _left(dossier) else f"retcli case reject {case.number} --because TEXT"
    return either("retcli scan", reject)
