"""Which waivers to pay what the platform closed still stand: each counts for the decision that it was given for."""

import json
from collections.abc import Mapping, MutableMapping, Sequence

import sqlalchemy as sa
from sqlmodel import col

from retcli.models import Case
from retcli.models.books import Event
from retcli.rules.money.payouts import CLOSED_THERE
from retcli.shop import Shop


def drop_spent(
    shop: Shop, cases: Sequence[Case], written: Mapping[int, MutableMapping[str, list[tuple[str, str]]]]
) -> None:
    """Takes out of what is `written` down beside some cases (by case id and kind of thing) the waivers that were given
    for a decision that was taken back and made anew since.
    """
    waived = {
        case.number: written[case.id or 0]
        for case in cases
        if any(rule == CLOSED_THERE for rule, _by in written[case.id or 0]["waiver"])
    }
    # asked only of such cases, which are few
    for number in waived.keys() - _standing(shop, set(waived)) if waived else ():
        waived[number]["waiver"] = [waiver for waiver in waived[number]["waiver"] if waiver[0] != CLOSED_THERE]


def _standing(shop: Shop, numbers: set[str]) -> set[str]:
    """The numbers of those cases whose refund was waived after their last decision."""
    query = sa.select(col(Event.subject), col(Event.action), col(Event.payload)).where(col(Event.subject).in_(numbers))
    kept = shop.session.execute(query.order_by(col(Event.seq)))
    told = [(subject, action, json.loads(payload)) for subject, action, payload in kept]
    # what this piece of work did stands in the history only at its end
    told += [(event["subject"], event["action"], event["payload"]) for event in shop.events]
    standing = dict.fromkeys(numbers, False)
    for subject, action, payload in told:
        if subject in numbers and payload.get("axis") == "decision":
            standing[subject] = False
        elif subject in numbers and action == "waive" and payload.get("rule") == CLOSED_THERE:
            standing[subject] = True
    return {number for number, stands in standing.items() if stands}
