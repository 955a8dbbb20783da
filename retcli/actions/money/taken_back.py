"""What a case is due after a payment on it was taken back: no more than was agreed to here, whoever had paid more."""

from collections import defaultdict
from collections.abc import Sequence

from retcli.actions.casefile.records.dossiers import Dossier, dossier_of
from retcli.actions.casefile.records.entitlements import give_back
from retcli.actions.casefile.records.payout_parts import Part
from retcli.actions.money.outgoing import OWN
from retcli.models import Case, Payout
from retcli.rules.lifecycles import DECIDED_THERE, Decision
from retcli.rules.money.payouts import FREIGHT, GOODS, NOT_LET_GO
from retcli.rules.money.taken_back import LineTaken, due_no_more
from retcli.shop import Shop


def fall_back(shop: Shop, case: Case, back: Payout, parts: Sequence[Part]) -> None:
    """Lowers what an approved case is due after a refund on it was taken back (by `back`, whose negative `parts` these
    are) to what was agreed to here, or what is paid on it where that is more; with an event that holds the amounts.
    """
    if back.kind != "refund" or case.decision != Decision.APPROVED:
        return
    dossier, taken = dossier_of(shop, case), defaultdict[int | None, int](int)
    for part in parts:
        if part.purpose in {GOODS, FREIGHT}:
            taken[part.line_id] -= part.minor
    agreed = _agreed_here(dossier)
    lines = {
        order_line.id: LineTaken(
            taken[order_line.id], line.due, agreed[order_line.id], dossier.paid.get(order_line.id, 0)
        )
        for line, order_line in dossier.lines
    }
    lines |= {None: LineTaken(taken[None], case.freight_due, agreed[None], dossier.paid.get(None, 0))}
    less = due_no_more(lines)
    if not less:
        return
    give_back(shop, case, less)
    numbers = {order_line.number: less[order_line.id] for _line, order_line in dossier.lines if order_line.id in less}
    facts = {"minor": sum(less.values()), "currency": back.currency, "lines": numbers, "freight": less.get(None, 0)}
    shop.record(case.number, "fall_back", payout=back.number, **facts)


def _agreed_here(dossier: Dossier) -> dict[int | None, int]:
    """What was agreed to here by the id of the order's line (None: the freight), in minor units: nothing where the
    platform paid against a refusal; where it agreed by itself and did not close the refund since, what was let go here
    all the same.
    """
    case = dossier.case
    agreed = {order_line.id: line.agreed or 0 for line, order_line in dossier.lines}
    agreed |= {None: case.freight_agreed or 0}
    closed = case.platform_state == "closed" and not case.paid_against
    if closed or case.decided_as not in DECIDED_THERE:
        return agreed
    let_go = defaultdict[int | None, int](int)
    for payout in dossier.payouts:
        ours = payout.kind == "refund" and payout.origin == OWN and payout.reverses_id is None
        for part in dossier.parts[payout.id] if ours and payout.state not in NOT_LET_GO else ():
            let_go[part.line_id] += part.minor
    return {key: 0 if case.paid_against else min(minor, let_go[key]) for key, minor in agreed.items()}
