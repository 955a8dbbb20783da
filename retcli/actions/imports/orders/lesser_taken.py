"""Whether a lesser amount that a file says was paid has room for what cases hold of the order already."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.judgement import lines_of
from retcli.actions.orderfile.refunded_on_platform import unbooked_of
from retcli.actions.orderfile.until_answered import claims_of
from retcli.errors import Refused
from retcli.language import _, series
from retcli.models import Case, Draw, Order, Payout, PayoutPart
from retcli.rules.lifecycles import LEFT, PayoutState
from retcli.rules.money.minor_units import Money
from retcli.rules.money.payouts import FREIGHT, GOODS, NO_MONEY
from retcli.shop import Shop


@dataclass
class Held:
    """What cases hold of an order, in minor units: what they draw by line (None: on the freight), and by the number of
    each what it draws, what it let go of that, and what it let go beside it.
    """

    lines: dict[int | None, int] = field(default_factory=lambda: defaultdict(int))
    drawn: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    let_go: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    beside: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def of_cases(self) -> Mapping[str, int]:
        """What each case holds in all, without those that hold nothing."""
        cases = sorted({*self.drawn, *self.let_go, *self.beside})
        sums = {case: max(self.drawn[case], self.let_go[case]) + self.beside[case] for case in cases}
        return {case: minor for case, minor in sums.items() if minor > 0}


def held_of(shop: Shop, order: Order) -> Held:
    """What cases hold of an order: what was agreed to, and money that was let go and not taken back."""
    held = Held()
    draws = sa.select(col(Case.number), col(Draw.line_id), sa.cast(sa.func.sum(Draw.cash), sa.BigInteger))
    draws = draws.join(Case, col(Case.id) == col(Draw.case_id)).where(col(Draw.order_id) == order.id)
    for case, line, minor in shop.session.execute(draws.group_by(col(Case.number), col(Draw.line_id))):
        held.lines[line] += int(minor)
        held.drawn[case] += int(minor)
    parts = sa.select(col(Case.number), col(PayoutPart.purpose), sa.cast(sa.func.sum(PayoutPart.minor), sa.BigInteger))
    parts = parts.join(Payout, col(Payout.id) == col(PayoutPart.payout_id)).join(
        Case, col(Case.id) == col(Payout.case_id)
    )
    parts = parts.where(col(Payout.order_id) == order.id, col(Payout.state).in_([*LEFT, PayoutState.DUE]))
    parts = parts.where(col(Payout.method).not_in(NO_MONEY))
    for case, purpose, minor in shop.session.execute(parts.group_by(col(Case.number), col(PayoutPart.purpose))):
        (held.let_go if purpose in {GOODS, FREIGHT} else held.beside)[case] += int(minor)
    return held


def left_of(shop: Shop, order: Order) -> int:
    """What left here of an order and was not taken back, amends included, in minor units."""
    return sum(claim.minor for claim in claims_of(shop, [order.id or 0]).get(order.id or 0, ()) if claim.left)


def refuse_gone(shop: Shop, order: Order, paid: int, instead: str) -> None:
    """Refuses another sum paid (minor units) of which more left already, here and by the platform's own order file:
    what is so, and what a person can do. Raises Refused.
    """
    left, there = left_of(shop, order), unbooked_of(shop, order, lines_of(shop, order)).total
    if left + there <= paid:
        return
    message = _("Of order {order} {left} left already, more than the {paid} that the file says was paid")
    if there:
        message = _(
            "Of order {order} {left} left already and {there} went back by the platform's order file, more than the"
            " {paid} that the file says was paid"
        )
    amounts = {"left": left, "there": there, "paid": paid}
    shown = {name: Money(minor, order.currency) for name, minor in amounts.items()}
    raise Refused(message.format(order=order.number, **shown), _ways(shop, order, instead))


def _ways(shop: Shop, order: Order, instead: str) -> str:
    """What a person can do where more left than was paid: take back what came back, or leave the books as they are."""
    query = sa.select(col(Payout.number)).where(col(Payout.order_id) == order.id, col(Payout.reverses_id).is_(None))
    query = query.where(col(Payout.state) == PayoutState.CONFIRMED, col(Payout.method).not_in(NO_MONEY))
    number = shop.session.scalar(query.order_by(col(Payout.id).desc()).limit(1))
    keep = _("Nothing more of it leaves until this is answered; to leave the books as they are: {command}")
    keep = keep.format(command=instead)
    if number is None:
        return keep
    back = _("Once the buyer has given it back: {command}, then take it").format(
        command=f"retcli pay reverse {number} --because TEXT"
    )
    return f"{back}\n{keep}"


def refuse_unfitting(shop: Shop, order: Order, paid: int, freight: int, instead: str) -> None:
    """Refuses another sum paid and freight (minor units) of which cases of the order hold more already; `instead` is
    the command that leaves the books as they are. Raises Refused with what each case holds.
    """
    refuse_gone(shop, order, paid, instead)
    held = held_of(shop, order)
    of_cases, on_freight = held.of_cases, held.lines.get(None, 0)
    on_goods = sum(minor for line, minor in held.lines.items() if line is not None)
    if sum(of_cases.values()) <= paid and on_freight <= freight and on_goods <= paid - freight:
        return
    each = series(f"{case} {Money(minor, order.currency)}" for case, minor in of_cases.items())
    message = _(
        "Of order {order} more is agreed to or let go than the {paid} that the file says was paid (freight {freight}):"
        " {cases}"
    )
    shown = {"paid": Money(paid, order.currency), "freight": Money(freight, order.currency)}
    hint = _("Withdraw the case first, or leave the books as they are: {command}").format(command=instead)
    raise Refused(message.format(order=order.number, cases=each, **shown), hint, case=next(iter(of_cases), ""))
