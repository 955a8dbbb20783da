"""Payouts that left by a click on the platform which no import has verified yet: neither to be paid nor known to be."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.dossiers import Dossier
from retcli.errors import Refused
from retcli.language import _
from retcli.models import Case, Payout, PlatformAction
from retcli.rules.lifecycles import PAYING_CLICKS, ActionState, PayoutState
from retcli.shop import Shop


def by_click(payout: Payout, clicked: Collection[str]) -> bool:
    """Whether a payout that is due left by a click; `clicked` are its case's clicks that were made and that nobody has
    verified yet.
    """
    by_route = payout.kind == "refund" and payout.method == "original" and payout.state == PayoutState.DUE
    return by_route and bool(PAYING_CLICKS & set(clicked))


def spent_there(dossier: Dossier) -> bool:
    """Whether the platform's refund of a case is used up by all that is known: it pays once, and the click that pays it
    was made.
    """
    return bool(PAYING_CLICKS & dossier.clicked)


def refuse_unverified(dossier: Dossier) -> None:
    """Refuses more of a refund whose click nobody has verified: the platform may have paid the whole by it. Raises
    Refused.
    """
    away = {PayoutState.SENT, PayoutState.UNKNOWN}
    by_route = (payout for payout in dossier.payouts if payout.kind == "refund" and payout.method == "original")
    if spent_there(dossier) and any(payout.state in away or by_click(payout, dossier.clicked) for payout in by_route):
        raise Refused(*clicked_once(dossier.case), case=dossier.case.number)


def clicked_once(case: Case) -> tuple[str, str]:
    """That the refund of a case was clicked and nothing more goes by it, and the command that says what is left."""
    message = _("The refund of {case} was clicked on the platform, which pays it once: its report says what is left")
    return message.format(case=case.number), "retcli import FILE"


def was_clicked() -> sa.ColumnElement[bool]:
    """The condition, in a query on payouts, that one is due and left by a click that nobody has verified yet."""
    clicks = sa.select(sa.literal(1)).where(
        col(PlatformAction.case_id) == col(Payout.case_id),
        col(PlatformAction.action).in_(PAYING_CLICKS),
        col(PlatformAction.state) == ActionState.DONE,
    )
    by_route = sa.and_(col(Payout.kind) == "refund", col(Payout.method) == "original")
    return sa.and_(by_route, col(Payout.state) == PayoutState.DUE, clicks.exists())


def is_clicked(shop: Shop, payout: Payout) -> bool:
    """Whether a payout is due and left by a click that nobody has verified yet; its case need not have been read."""
    if payout.state != PayoutState.DUE or payout.method != "original":
        return False
    return shop.session.scalar(sa.select(col(Payout.id)).where(col(Payout.id) == payout.id, was_clicked())) is not None
