"""The clocks of a case: which deadlines run for it, and which are over since what they wait for was done."""

from datetime import timedelta

from retcli.actions.casefile.axes import awaited
from retcli.actions.casefile.payable import ended_there
from retcli.actions.casefile.records.clicked_payouts import by_click
from retcli.actions.casefile.records.dossiers import Dossier, dossier_of
from retcli.models import Case
from retcli.rules.casefile.clocks import EVIDENCE, Clock, Source, Times, clocks
from retcli.rules.lifecycles import (
    BY_ITSELF,
    LEFT,
    Decision,
    EscalationState,
    Filing,
    Kind,
    OfferState,
)
from retcli.shop import Shop


def clocks_of(shop: Shop, dossier: Dossier) -> list[Clock]:
    """The clocks that run for a case. Once all of its money has left, only the platform's do, while something is to be
    clicked there or a click is not verified yet.
    """
    case = dossier.case
    if case.filing == Filing.FINISHED:
        return []
    kind, decision, rules = Kind(case.kind), Decision(case.decision), shop.policy_named(case.policy)
    running = clocks(kind, decision, _times(dossier), rules, case.platform)
    if not _all_left(dossier):
        return running
    there = [clock for clock in running if clock.source == Source.PLATFORM]
    return [clock for clock in there if dossier.to_click or clock.unverified]


def _all_left(dossier: Dossier) -> bool:
    """Whether all money of an approved case that is about money alone has left: sent, or clicked on the platform. What
    waits for a second person or is to be sent has not.
    """
    if dossier.case.decision != Decision.APPROVED or dossier.case.kind not in BY_ITSELF:
        return False
    refunds = (payout for payout in dossier.payouts if payout.kind == "refund")
    left = (payout.minor for payout in refunds if payout.state in LEFT or by_click(payout, dossier.clicked))
    return dossier.due <= sum(left)


def _asked_there(dossier: Dossier) -> bool:
    """Whether the platform still waits for the shop's answer to the application, by the last list that told of it."""
    case, clicks = dossier.case, dossier.to_click | dossier.clicked
    if not case.platform_number or case.platform_state not in {"", "requested"}:
        return False
    return bool(clicks) or (case.platform_state == "requested" and case.decision == Decision.APPROVED)


def _replied(dossier: Dossier) -> bool:
    """Whether the buyer has heard from the shop since the last application."""
    since = dossier.case.applied_anew_at
    if since is None:
        return bool(dossier.contacts or dossier.offers)
    offered = (offer.at for offer in dossier.together.offers[dossier.case.id or 0]) if dossier.offers else ()
    return any(at >= since for at in (*dossier.contacts, *offered))


def _times(dossier: Dossier) -> Times:
    """What the clocks are computed from, in UTC."""
    case, arrived = dossier.case, [parcel.received_at for parcel in dossier.parcels if parcel.received_at]
    evidence = dossier.intervention
    return Times(
        applied_at=case.last_applied_at,
        decided_at=case.decided_at,
        received_at=min(arrived) if arrived else None,
        platform_due_at=case.platform_due_at,
        returning=bool(awaited(dossier)),
        extended=timedelta(days=dossier.extended),
        spoken_at=max(dossier.contacts, default=None),
        replied=_replied(dossier),
        offered=any(state == OfferState.MADE for state, _rung in dossier.offers),
        asked=_asked_there(dossier),
        clicked=bool(dossier.clicked),
        ended=ended_there(case),
        evidence_due_at=evidence.due_at if evidence and evidence.state == EscalationState.OPEN else None,
        evidence_estimated=bool(evidence and evidence.estimated),
    )


def platform_clock(shop: Shop, case: Case) -> Clock | None:
    """The platform's deadline for a click of a case; None where none is known."""
    running = clocks_of(shop, dossier_of(shop, case))
    return next((clock for clock in running if clock.source == Source.PLATFORM and clock.name != EVIDENCE), None)
