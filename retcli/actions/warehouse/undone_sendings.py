"""Takes back the sending of goods that were sent again for a case and came back undelivered."""

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.entitlements import draw_anew
from retcli.actions.casefile.records.one_case import payouts_of
from retcli.actions.money import outgoing
from retcli.actions.warehouse.shipments import sending
from retcli.language import mark
from retcli.models import Case, Replacement
from retcli.rules.lifecycles import FILING, GOING_OUT, REPLACEMENT, UNSENT, Decision, Filing, ReplacementState
from retcli.shop import Shop


def take_back(shop: Shop, waybill: str) -> None:
    """Notes that goods sent again under a comparable waybill never reached the buyer. Their cases are open again, draw
    their pieces again, and their unsent money fails, until somebody says whether the goods go out once more.
    """
    under_way = list(shop.session.scalars(_sendings(waybill)))
    cases = sa.select(Case).where(col(Case.id).in_({goods.case_id for goods in under_way})).order_by(col(Case.id))
    for case in [shop.hold(case) for case in shop.session.scalars(cases)]:
        for goods in under_way:
            if goods.case_id == case.id:
                shop.move(goods, f"{case.number}/{goods.id}", REPLACEMENT, "come_back")
        sending.follow(shop, [goods for goods in under_way if goods.case_id == case.id], "come_back")
        if case.decision != Decision.APPROVED or case.kind not in GOING_OUT:
            continue
        if case.filing == Filing.FINISHED:
            shop.move(case, case.number, FILING, "reopen", finished_at=None)
        _hold_back_money(shop, case)
        draw_anew(shop, case)


def _hold_back_money(shop: Shop, case: Case) -> None:
    """Fails the unsent refunds of a case, by whichever way; those whose click was made stay."""
    unclicked = {payout.id for payout in outgoing.unsent(shop, case)}
    for payout in payouts_of(shop, case):
        by_hand = payout.method != "original" or payout.id in unclicked
        if payout.kind == "refund" and payout.state in UNSENT and payout.reverses_id is None and by_hand:
            outgoing.fail(shop, case, payout, mark("the goods sent again came back"))


def _sendings(waybill: str) -> sa.Select[Replacement]:
    """The goods sent again that are on their way under a waybill."""
    return sa.select(Replacement).where(
        col(Replacement.waybill) == waybill, col(Replacement.state) == ReplacementState.SHIPPED
    )
