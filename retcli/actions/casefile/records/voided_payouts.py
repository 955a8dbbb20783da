"""Refunds that failed while they waited for a second person: nobody let them go, so that what was agreed to and what
was let go differ.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.dossiers import Dossier, agreed_on
from retcli.models import Payout
from retcli.models.books import Event
from retcli.rules.events import Actor, actor_of
from retcli.rules.lifecycles import UNSENT, PayoutState
from retcli.shop import Shop


def failures(shop: Shop, numbers: Collection[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Number and facts of the events by which some payouts failed, those of this piece of work among them."""
    if not numbers:
        return
    query = sa.select(Event).where(col(Event.subject).in_(sorted(numbers)), col(Event.action) == "fail")
    for event in shop.session.scalars(query):
        yield event.subject, json.loads(event.payload)
    for written in shop.events:
        if written["action"] == "fail" and written["subject"] in numbers:
            yield written["subject"], written["payload"]


def never_left(facts: Mapping[str, Any]) -> bool:
    """Whether a payout was called off before it left, by the facts of the event by which it failed: a person's act took
    back what it was for, or an import told so before it was sent. What a person says failed was tried.
    """
    unsent = facts.get("was") in UNSENT and actor_of(facts) == Actor.IMPORT
    return bool(facts.get("called_off")) or unsent


def called_off(shop: Shop, numbers: Collection[str]) -> frozenset[str]:
    """The numbers of those of some failed payouts that never left."""
    return frozenset(number for number, facts in failures(shop, numbers) if never_left(facts))


def agreed_and_let_go(shop: Shop, dossier: Dossier) -> int:
    """What of a case was agreed to and let go, in minor units: all that was agreed, or where a refund failed while it
    waited for a second person, only what was let go beside it.
    """
    agreed, since = agreed_on(dossier), dossier.case.decided_at
    own = [payout for payout in dossier.payouts if payout.kind == "refund" and payout.origin == "own"]
    own = [payout for payout in own if payout.reverses_id is None and (since is None or payout.decided_at >= since)]
    failed = dict(failures(shop, {payout.number for payout in own if payout.state == PayoutState.FAILED}))
    if not any(facts.get("was") == PayoutState.WAITING for facts in failed.values()):
        return agreed
    return min(agreed, sum(payout.minor for payout in own if _was_let_go(payout, failed.get(payout.number, {}))))


def _was_let_go(payout: Payout, failed: Mapping[str, Any]) -> bool:
    """Whether a refund was let go: it no longer waits for a second person, and where it failed (with the facts of that
    event), the platform's report said so after it had left.
    """
    if payout.state == PayoutState.FAILED:
        return failed.get("was") != PayoutState.WAITING and failed.get("actor") == Actor.IMPORT
    return payout.state != PayoutState.WAITING
