"""What a case is due after a payment on it was taken back: no more than was agreed to here, whoever had paid more."""

from collections import defaultdict
from collections.abc import Sequence

from retcli.actions.casefile.records.dossiers import Part, dossier_of
from retcli.actions.casefile.records.entitlements import give_back
from retcli.models import Case, Payout
from retcli.rules.lifecycles import Decision
from retcli.rules.money.payouts import FREIGHT, GOODS
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
    # what the platform paid against a refusal nobody here has agreed to
    here = 0 if case.paid_against else 1
    lines = {
        order_line.id: LineTaken(
            taken[order_line.id], line.due, here * (line.agreed or 0), dossier.paid.get(order_line.id, 0)
        )
        for line, order_line in dossier.lines
    }
    freight = here * (case.freight_agreed or 0)
    lines |= {None: LineTaken(taken[None], case.freight_due, freight, dossier.paid.get(None, 0))}
    less = due_no_more(lines)
    if not less:
        return
    give_back(shop, case, less)
    numbers = {order_line.number: less[order_line.id] for _line, order_line in dossier.lines if order_line.id in less}
    facts = {"minor": sum(less.values()), "currency": back.currency, "lines": numbers, "freight": less.get(None, 0)}
    shop.record(case.number, "fall_back", payout=back.number, **facts)
