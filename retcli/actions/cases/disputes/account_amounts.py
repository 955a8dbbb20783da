"""The amounts that the platform is told when it steps in: of the case, and of all else that went back of its order."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.dossiers import Dossier, agreed_on
from retcli.actions.orderfile.refunded_on_platform import unbooked_of
from retcli.models import Case, Payout
from retcli.rules.casefile.verdict import Judgement
from retcli.rules.lifecycles import DECIDED_THERE, REFUNDING, Decision, Kind, PayoutState
from retcli.rules.money.minor_units import Money
from retcli.rules.money.payouts import OVER, REFUND, money_kind
from retcli.shop import Shop
from retcli.views.cases.account import Amounts

_WENT_BACK = frozenset({REFUND, OVER})
_ON_THE_WAY = frozenset({PayoutState.SENT, PayoutState.UNKNOWN})


def arrived(payouts: Iterable[Payout]) -> list[Payout]:
    """The payouts that reached the buyer; a reversed one and its reversal are left out."""
    return [payout for payout in payouts if payout.state == PayoutState.CONFIRMED and payout.reverses_id is None]


def called(dossier: Dossier, payout: Payout) -> str:
    """What a payout of a case is called (`money_kind`)."""
    over = sum(part.minor for part in dossier.parts.get(payout.id, ()) if part.purpose == OVER)
    return money_kind(payout.kind, dossier.case.kind, payout.minor, over, protection=dossier.case.is_protection)


def agreed(dossier: Dossier) -> Money | None:
    """The amount that was agreed to; None where nothing is agreed to, or no money is part of it."""
    case = dossier.case
    if case.decision != Decision.APPROVED:
        return None
    fixed = any(line.agreed is not None for line, _order_line in dossier.lines)
    minor = agreed_on(dossier) if fixed and not agreed_there(case) else dossier.due
    about_money = minor or case.kind in REFUNDING | {Kind.ALLOWANCE}
    return Money(minor, dossier.order.currency) if about_money else None


def agreed_there(case: Case) -> bool:
    """Whether a case was decided on the platform, as its report tells."""
    return case.decided_as in DECIDED_THERE


def amounts(shop: Shop, dossier: Dossier, asked: int | None, judged: Judgement, *, derived: bool) -> Amounts:
    """Every amount that the books know of a case, with what the buyer `asked` for (minor units). The steps to the
    amount are in it where it is what was agreed to here, or for the shop itself (`derived`).
    """
    currency, due = dossier.order.currency, agreed(dossier)
    has = arrived(dossier.payouts)
    alone = unbooked_of(shop, dossier.order, dossier.order_lines).total
    as_judged = not agreed_there(dossier.case) and due == Money(judged.amount.due, currency)
    return Amounts(
        paid=Money(dossier.order.paid, currency),
        asked=None if asked is None else Money(asked, currency),
        agreed=due,
        refunded=_sums(payout for payout in has if called(dossier, payout) in _WENT_BACK),
        given=_given(dossier, has),
        on_the_way=_sums(
            payout for payout in dossier.payouts if payout.state in _ON_THE_WAY and payout.reverses_id is None
        ),
        on_other_cases=_refunded_elsewhere(shop, dossier),
        by_order_file=Money(alone, currency) if alone else None,
        steps=judged.amount.steps if derived or as_judged else (),
    )


def _given(dossier: Dossier, has: Sequence[Payout]) -> list[tuple[str, Sequence[Money]]]:
    """What reached the buyer (`has`) and is no refund, by what it is called, a sum for each currency."""
    kinds = dict.fromkeys(called(dossier, payout) for payout in dossier.payouts)
    return [
        (kind, _sums(payout for payout in has if called(dossier, payout) == kind))
        for kind in kinds
        if kind not in _WENT_BACK
    ]


def _refunded_elsewhere(shop: Shop, dossier: Dossier) -> Sequence[Money]:
    """What was refunded on other cases of the order."""
    others = sa.select(Payout).where(
        col(Payout.order_id) == dossier.order.id, col(Payout.case_id) != dossier.case.id, col(Payout.kind) == REFUND
    )
    return _sums(arrived(shop.session.scalars(others)))


def _sums(payouts: Iterable[Payout]) -> Sequence[Money]:
    """The sum of payouts, each currency by itself; nothing where there are none."""
    sums: dict[str, int] = defaultdict(int)
    for payout in payouts:
        sums[payout.currency] += payout.minor
    return [Money(minor, currency) for currency, minor in sums.items()]
