"""Money that left on a case for pieces that are to come back and are not here."""

from collections import defaultdict
from collections.abc import Collection

from retcli.actions.casefile.records.dossiers import Dossier
from retcli.rules.lifecycles import COMING_BACK, Decision, PayoutState
from retcli.rules.money.payouts import GOODS, goods_owed

LEFT_FOR_GOODS = (PayoutState.SENT, PayoutState.CONFIRMED, PayoutState.REVERSED)
"""States of a payout that left, also where it was taken back since: then its reversal stands beside it."""


ARRIVED = frozenset({PayoutState.CONFIRMED, PayoutState.REVERSED})
"""Those of them whose money is known to have arrived."""


def left_for_goods(dossier: Dossier, states: Collection[PayoutState] = LEFT_FOR_GOODS) -> int:
    """What left on a case for pieces that are not here, less what was taken back, in minor units, without freight; a
    box in which counted pieces wait for their grade tells nothing yet. `states` are those of the payouts that count.
    """
    case = dossier.case
    if case.decision != Decision.APPROVED or case.kind not in COMING_BACK or dossier.uninspected:
        return 0
    left: dict[int | None, int] = defaultdict(int)
    for payout in dossier.payouts:
        if payout.kind == "refund" and payout.state in states:
            for part in dossier.parts[payout.id]:
                left[part.line_id] += part.minor if part.purpose == GOODS else 0
    return sum(
        goods_owed(left[line.line_id], line.due, line.quantity, dossier.accepted(line))
        for line, _order_line in dossier.lines
        if line.quantity or line.agreed
    )
