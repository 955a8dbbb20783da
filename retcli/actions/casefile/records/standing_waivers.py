"""Which waivers to pay a refund that is over on its platform stand: each counts for one decision and one payment."""

import json
from collections.abc import Collection, Mapping, MutableMapping, Sequence

import sqlalchemy as sa
from sqlmodel import col

from retcli.models import Case, Payout
from retcli.models.books import Event
from retcli.rules.lifecycles import PayoutState
from retcli.rules.money.payouts import CLOSED_THERE, PAID_THERE
from retcli.shop import Shop

_RESTING = frozenset({CLOSED_THERE, PAID_THERE})
"""The rules by which a refund that the platform closed or paid is not paid anew."""


def drop_spent(
    shop: Shop, cases: Sequence[Case], written: Mapping[int, MutableMapping[str, list[tuple[str, str]]]]
) -> None:
    """Takes out of what is `written` down beside some cases (by case id and kind of thing) the waivers that were given
    for a decision that was taken back and made anew since, or for a payment that came back since.
    """
    waived = {
        case.number: written[case.id or 0]
        for case in cases
        if any(rule in _RESTING for rule, _by in written[case.id or 0]["waiver"])
    }
    if not waived:  # asked only of such cases, which are few
        return
    standing = _standing(shop, waived.keys())
    for number, beside in waived.items():
        beside["waiver"] = [
            waiver for waiver in beside["waiver"] if waiver[0] not in _RESTING or (number, waiver[0]) in standing
        ]


def _standing(shop: Shop, numbers: Collection[str]) -> set[tuple[str, str]]:
    """Cases by their number, each with a rule that was waived on it after its last decision and its last payment that
    came back.
    """
    reversed_ = sa.select(col(Payout.number), col(Case.number)).join(Case, col(Case.id) == col(Payout.case_id))
    reversed_ = reversed_.where(col(Case.number).in_(numbers), col(Payout.state) == PayoutState.REVERSED)
    case_of = {number: number for number in numbers} | {row[0]: row[1] for row in shop.session.execute(reversed_)}
    query = sa.select(col(Event.subject), col(Event.action), col(Event.payload)).where(col(Event.subject).in_(case_of))
    kept = shop.session.execute(query.order_by(col(Event.seq)))
    told = [(subject, action, json.loads(payload)) for subject, action, payload in kept]
    # what this piece of work did stands in the history only at its end
    told += [(event["subject"], event["action"], event["payload"]) for event in shop.events]
    standing: set[tuple[str, str]] = set()
    for subject, action, payload in told:
        number = case_of.get(subject)
        if number and (payload.get("axis") == "decision" or action == "reverse"):
            standing -= {(number, rule) for rule in _RESTING}
        elif number and action == "waive" and payload.get("rule") in _RESTING:
            standing.add((number, payload["rule"]))
    return standing
