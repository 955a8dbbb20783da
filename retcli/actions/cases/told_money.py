"""The amounts that the platform is told: of the case, and of all else that went back of its order."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.dossiers import Dossier, agreed_on
from retcli.actions.orderfile.refunded_on_platform import unbooked_of
from retcli.language import _
from retcli.models import Case, Payout
from retcli.rules.casefile.verdict import Judgement
from retcli.rules.lifecycles import DECIDED_THERE, REFUNDING, Decision, Kind, PayoutState
from retcli.rules.money.minor_units import Money
from retcli.shop import Shop
from retcli.views.base import money_text
from retcli.views.casefile.findings import sentence
from retcli.words import word

REFUND = "refund"
_ON_THE_WAY = frozenset({PayoutState.SENT, PayoutState.UNKNOWN})
_Row = tuple[str, str]


def in_its_currency(held: Dossier, minor: int) -> str:
    """An amount in minor units as it is read, in the currency of the order."""
    return money_text(Money(minor, held.order.currency))


def arrived(payouts: Iterable[Payout]) -> list[Payout]:
    """The payouts that the buyer has; one taken back is left out with its reversal."""
    return [x for x in payouts if x.state == PayoutState.CONFIRMED and x.reverses_id is None]


def agreed(held: Dossier) -> int | None:
    """What was agreed to in minor units; None where nothing is agreed to, or where no money is part of it."""
    case = held.case
    if case.decision != Decision.APPROVED:
        return None
    fixed = any(line.agreed is not None for line, _on in held.lines)
    minor = agreed_on(held) if fixed and not agreed_there(case) else held.due
    return minor if minor or case.kind in REFUNDING | {Kind.ALLOWANCE} else None


def agreed_there(case: Case) -> bool:
    """Whether a case was decided on the platform, as its report tells."""
    return case.decided_as in DECIDED_THERE


def amounts(shop: Shop, held: Dossier, asked: int | None, judged: Judgement, *, derived: bool) -> list[_Row]:
    """Every amount that the books know, by its name, with what the buyer `asked` for (minor units); how the amount due
    comes about where it is what was agreed to here, or where it is `derived` for the shop itself.
    """
    rows = [
        (_("Paid for the order"), in_its_currency(held, held.order.paid)),
        *_of_case(held, asked),
        *_beside(shop, held),
    ]
    same = not agreed_there(held.case) and agreed(held) == judged.amount.due
    steps = [(sentence(step.text, step.facts), in_its_currency(held, step.money)) for step in judged.amount.steps]
    return rows + (steps if derived or same else [])


def _of_case(held: Dossier, asked: int | None) -> Iterator[_Row]:
    """What the buyer asked for, agreed to, and given to the buyer."""
    due = agreed(held)
    yield _("Asked for"), "" if asked is None else in_its_currency(held, asked)
    yield _("Agreed to"), "" if due is None else in_its_currency(held, due)
    yield _("Refunded"), _sum(p for p in arrived(held.payouts) if p.kind == REFUND)
    for kind in dict.fromkeys(p.kind for p in held.payouts if p.kind not in {REFUND, "reversal"}):
        yield _("Given as {kind}").format(kind=word(kind)), _sum(p for p in arrived(held.payouts) if p.kind == kind)
    on_the_way = (p for p in held.payouts if p.state in _ON_THE_WAY and p.reverses_id is None)
    yield _("Paid out, arrival not known yet"), _sum(on_the_way)


def _beside(shop: Shop, held: Dossier) -> Iterator[_Row]:
    """What else went back of the order: on its other cases, and by the platform's own order file alone."""
    other = sa.select(Payout).where(col(Payout.order_id) == held.order.id, col(Payout.case_id) != held.case.id)
    refunds = arrived(shop.session.scalars(other))
    yield _("Refunded on other cases of this order"), _sum(p for p in refunds if p.kind == REFUND)
    alone = unbooked_of(shop, held.order, held.order_lines).total
    yield _("Refunded besides, by the platform's order file"), in_its_currency(held, alone) if alone else ""


def _sum(payouts: Iterable[Payout]) -> str:
    """The sum of payouts, each currency by itself; empty where there are none."""
    sums: dict[str, int] = defaultdict(int)
    for payout in payouts:
        sums[payout.currency] += payout.minor
    return " + ".join(money_text(Money(minor, currency)) for currency, minor in sums.items())
