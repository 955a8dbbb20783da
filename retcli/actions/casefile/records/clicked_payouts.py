"""Payouts whose click on the platform was made and no import has verified yet: they are not to be paid again, and
nobody knows yet that they are paid.
"""

from collections.abc import Collection

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.dossiers import Dossier
from retcli.errors import Refused
from retcli.language import _
from retcli.models import Case, Payout, PlatformAction
from retcli.rules.lifecycles import PAYING_CLICKS, ActionState, PayoutState
from retcli.rules.money.payouts import CLICKED_THERE
from retcli.shop import Shop


def by_click(payout: Payout, clicked: Collection[str]) -> bool:
    """Whether a payout is due and its click was made; `clicked` are the case's clicks that were made and not verified
    yet.
    """
    by_route = payout.kind == "refund" and payout.method == "original" and payout.state == PayoutState.DUE
    return by_route and bool(PAYING_CLICKS & set(clicked))


def may_have_left_there(payout: Payout, clicked: Collection[str]) -> bool:
    """Whether the platform may have paid a payout: a refund by its original route whose click was made (`clicked` as in
    `by_click`), or that was said to be on its way.
    """
    by_route = payout.kind == "refund" and payout.method == "original" and payout.reverses_id is None
    return by_click(payout, clicked) or (by_route and payout.state in {PayoutState.SENT, PayoutState.UNKNOWN})


def failing(payout: Payout, clicked: Collection[str], *, disproved: bool = False) -> str:
    """The command that marks a payout as failed: with a manager's waiver where the platform may have paid it, unless
    its own word `disproved` that.
    """
    waiver = f" --waive {CLICKED_THERE}" if not disproved and may_have_left_there(payout, clicked) else ""
    return f"retcli pay fail {payout.number}{waiver} --because TEXT"


def spent_there(dossier: Dossier) -> bool:
    """Whether the click that pays a case's refund was made: the platform pays a refund once, so that it is used up."""
    return bool(PAYING_CLICKS & dossier.clicked)


def refuse_unverified(dossier: Dossier) -> None:
    """Raises Refused for more of a refund whose click nobody has verified: the platform may have paid all of it."""
    away = {PayoutState.SENT, PayoutState.UNKNOWN}
    by_route = (payout for payout in dossier.payouts if payout.kind == "refund" and payout.method == "original")
    if spent_there(dossier) and any(payout.state in away or by_click(payout, dossier.clicked) for payout in by_route):
        raise Refused(*clicked_once(dossier.case), case=dossier.case.number)


def clicked_once(case: Case) -> tuple[str, str]:
    """The sentence that a case's refund was clicked and nothing more goes by it, and the command that tells what is
    left.
    """
    message = _("The refund of {case} was clicked on the platform, which pays it once: its report says what is left")
    return message.format(case=case.number), "retcli import FILE"


def was_clicked() -> sa.ColumnElement[bool]:
    """The condition in SQL, for a query on payouts, that one is due and its click was made and not verified yet."""
    clicks = sa.select(sa.literal(1)).where(
        col(PlatformAction.case_id) == col(Payout.case_id),
        col(PlatformAction.action).in_(PAYING_CLICKS),
        col(PlatformAction.state) == ActionState.DONE,
    )
    by_route = sa.and_(col(Payout.kind) == "refund", col(Payout.method) == "original")
    return sa.and_(by_route, col(Payout.state) == PayoutState.DUE, clicks.exists())


def is_clicked(shop: Shop, payout: Payout) -> bool:
    """Whether a payout is due and its click was made and not verified yet, by the database, without reading its
    case.
    """
    if payout.state != PayoutState.DUE or payout.method != "original":
        return False
    return shop.session.scalar(sa.select(col(Payout.id)).where(col(Payout.id) == payout.id, was_clicked())) is not None
