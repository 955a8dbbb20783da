"""Which waivers stand: each belongs to the application that it was given on, and one to pay a refund that is over on
its platform to one decision and one payment.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.decision_record import APPLIED_ANEW
from retcli.models import Case, Payout
from retcli.models.books import Event
from retcli.rules.lifecycles import PayoutState
from retcli.rules.money.payouts import CLOSED_THERE, PAID_THERE
from retcli.shop import Shop

_RESTING = frozenset({CLOSED_THERE, PAID_THERE})
"""The rules by which a refund that the platform closed or paid is not paid anew."""


@dataclass
class _Waived:
    """The waivers of a case since its last application: who gave the first of each rule, the amounts (minor units) that
    they were given for (None: an earlier program did not tell), and whether the buyer applied `anew`.
    """

    by: dict[str, str] = field(default_factory=dict)
    amounts: dict[str, list[int | None]] = field(default_factory=lambda: defaultdict(list))
    anew: bool = False

    def follow(self, action: str, payload: Mapping[str, Any], who: str) -> None:
        """Follows the next event of the case."""
        if action == APPLIED_ANEW:
            self.by, self.amounts, self.anew = {}, defaultdict(list), True
        elif action == "waive":
            self.by.setdefault(payload["rule"], who)
            self.amounts[payload["rule"]].append(payload.get("due"))
        else:  # decided again, or a payment came back
            self.by = {rule: by for rule, by in self.by.items() if rule not in _RESTING}

    def stands(self, rule: str) -> bool:
        """Whether a waiver of a rule stands that was given at all."""
        return rule in self.by if rule in _RESTING else not self.anew or rule in self.by

    def most(self) -> Iterator[tuple[str, str]]:
        """The most that each rule was waived for, as text; without rules of which nobody knows."""
        for rule, amounts in self.amounts.items():
            known = [minor for minor in amounts if minor is not None]
            if len(known) == len(amounts):
                yield rule, str(max(known))


def drop_spent(
    shop: Shop, cases: Sequence[Case], written: Mapping[int, MutableMapping[str, list[tuple[str, str]]]]
) -> None:
    """Takes out of what is `written` down beside some cases (by case id and kind of thing) the waivers that were given
    for an earlier application, which are ``lapsed`` then, or for a decision that was taken back and made anew since, or
    a payment that came back; ``waived_most`` are the amounts that the others were given for.
    """
    beside = {case.number: written[case.id or 0] for case in cases if written[case.id or 0]["waiver"]}
    if not beside:  # asked only of such cases, which are few
        return
    waived = _waived(shop, beside)
    for number, notes in beside.items():
        since = waived[number]
        given = notes["waiver"]
        notes["waiver"] = [(rule, since.by[rule] if since.anew else by) for rule, by in given if since.stands(rule)]
        notes["lapsed"] = [each for each in given if not since.stands(each[0]) and each[0] not in _RESTING]
        notes["waived_most"] = list(since.most())


def _waived(shop: Shop, beside: Mapping[str, Mapping[str, Collection[tuple[str, str]]]]) -> Mapping[str, _Waived]:
    """How the waivers of some cases stand, by the case's number, from their history in turn."""
    resting = {number for number, notes in beside.items() if any(rule in _RESTING for rule, _by in notes["waiver"])}
    waived: dict[str, _Waived] = defaultdict(_Waived)
    case_of = _payouts_that_came_back(shop, resting) if resting else {}
    for subject, action, text, who in _told(shop, {*beside, *case_of}, {*resting, *case_of}):
        number, payload = case_of.get(subject, subject), text if isinstance(text, dict) else json.loads(text)
        again = number in resting and (action == "reverse" or payload.get("axis") == "decision")
        if again or (subject in beside and action in {"waive", APPLIED_ANEW}):
            waived[number].follow(action, payload, who)
    return waived


def _payouts_that_came_back(shop: Shop, numbers: Collection[str]) -> dict[str, str]:
    """The number of the case of each payout that was taken back, by the payout's number."""
    query = sa.select(col(Payout.number), col(Case.number)).join(Case, col(Case.id) == col(Payout.case_id))
    query = query.where(col(Case.number).in_(numbers), col(Payout.state) == PayoutState.REVERSED)
    return {row[0]: row[1] for row in shop.session.execute(query)}


def _told(shop: Shop, subjects: Collection[str], wholly: Collection[str]) -> Iterator[tuple[str, str, Any, str]]:
    """The events of some cases and payouts in turn (subject, action, payload, who): the waivers and applications, and
    all of those that are told `wholly`.
    """
    columns = (col(Event.subject), col(Event.action), col(Event.payload), col(Event.operator))
    query = sa.select(*columns).where(col(Event.subject).in_(subjects))
    query = query.where(sa.or_(col(Event.action).in_(["waive", APPLIED_ANEW]), col(Event.subject).in_(wholly)))
    yield from (tuple(row) for row in shop.session.execute(query.order_by(col(Event.seq))))
    # what this piece of work did stands in the history only at its end
    for event in shop.events:
        if event["subject"] in subjects:
            yield event["subject"], event["action"], event["payload"], shop.operator.name
