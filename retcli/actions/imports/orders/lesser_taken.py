"""Finds what cases give back so that a lesser amount, which a file says was paid, can be taken into the books."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.order_facts import lines_of
from retcli.actions.casefile.records.one_case import case_lines
from retcli.actions.money.making_way import give_up, not_left
from retcli.actions.orderfile.refunded_on_platform import unbooked_of
from retcli.actions.orderfile.until_answered import claims_of
from retcli.errors import Refused
from retcli.language import _, series
from retcli.models import Case, Draw, Order, Payout, PayoutPart
from retcli.rules.lifecycles import LEFT, UNSENT, Decision, PayoutState
from retcli.rules.money.lesser_paid import Agreed, Beyond, given_back, worth_less
from retcli.rules.money.minor_units import Money
from retcli.rules.money.payouts import FREIGHT, GOODS, NO_MONEY
from retcli.shop import Shop


@dataclass
class Held:
    """What cases hold of an order, in minor units: what they draw by line (None: on the freight); and by case number
    what each draws, what it let go of that, and what it let go beside it as amends.
    """

    lines: dict[int | None, int] = field(default_factory=lambda: defaultdict(int))
    drawn: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    let_go: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    beside: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def of_cases(self) -> Mapping[str, int]:
        """What each case holds in all, by number; cases that hold nothing are left out."""
        cases = sorted({*self.drawn, *self.let_go, *self.beside})
        # what was let go of a refund is a part of what its case draws; amends come on top of both
        sums = {case: max(self.drawn[case], self.let_go[case]) + self.beside[case] for case in cases}
        return {case: minor for case, minor in sums.items() if minor > 0}


def held_of(shop: Shop, order: Order) -> Held:
    """Reads what cases hold of an order: what was agreed to, and money that was let go and not taken back."""
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
    """What has left here of an order and was not taken back, with amends, in minor units."""
    return sum(claim.minor for claim in claims_of(shop, [order.id or 0]).get(order.id or 0, ()) if claim.left)


def refuse_gone(shop: Shop, order: Order, paid: int, instead: str) -> None:
    """Raises Refused, with what a person can do, where more than a sum paid (minor units) has left already, here and by
    the platform's own order file; `instead` is the command that leaves the books as they are.
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
    """The hint where more left than was paid: reverse what the buyer gave back, or leave the books as they are."""
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


@dataclass(frozen=True)
class GivesBack:
    """What a case gives back of what it was agreed to, in minor units by line (None: of the freight)."""

    case: Case
    shares: Mapping[int | None, int]


def room_for(
    shop: Shop, order: Order, paid: int, freight: int, worth: Mapping[int | None, int], instead: str
) -> tuple[GivesBack, ...]:
    """What approved cases of an order must give back of what has not left, so that a lesser sum paid and freight (minor
    units) are enough for all of them: first what exceeds the worth of their pieces by what each line (by id) is `worth`
    then, whether it was agreed to before or not; of the rest the youngest first. Raises Refused where even then they
    hold more, with what each holds; `instead` is the command that leaves the books as they are.
    """
    refuse_gone(shop, order, paid, instead)
    held, cases = held_of(shop, order), _approved(shop, order)
    spare = [not_left(shop, case) for case in cases]
    first = _beyond_worth(shop, order, cases, spare, worth)
    spare = [{key: has[key] - less.get(key, 0) for key in has} for has, less in zip(spare, first, strict=True)]
    of_cases, on_freight = held.of_cases, held.lines.get(None, 0)
    on_goods = sum(minor for line, minor in held.lines.items() if line is not None)
    given = sum(sum(less.values()) for less in first)
    beyond = Beyond(on_freight - freight, on_goods - given - (paid - freight), sum(of_cases.values()) - given - paid)
    more, still = given_back(spare, beyond)
    if still.fits:
        both = [{key: a.get(key, 0) + b.get(key, 0) for key in [*a, *b]} for a, b in zip(first, more, strict=True)]
        return tuple(GivesBack(case, shares) for case, shares in zip(cases, both, strict=True) if any(shares.values()))
    each = series(f"{case} {Money(minor, order.currency)}" for case, minor in of_cases.items())
    message = _(
        "Of order {order} more is agreed to or let go than the {paid} that the file says was paid (freight {freight}):"
        " {cases}"
    )
    shown = {"paid": Money(paid, order.currency), "freight": Money(freight, order.currency)}
    hint = _called_off(shop, order, instead)
    raise Refused(message.format(order=order.number, cases=each, **shown), hint, case=next(iter(of_cases), ""))


def _beyond_worth(
    shop: Shop,
    order: Order,
    cases: Sequence[Case],
    spare: Sequence[Mapping[int | None, int]],
    worth: Mapping[int | None, int],
) -> list[dict[int | None, int]]:
    """What each of some cases (the youngest first) is due beyond what its pieces are worth by then, as far as it has
    not left (`spare`), in minor units by line.
    """
    back: list[dict[int | None, int]] = [{} for _case in cases]
    own, dues = _drawn_pieces(shop, order), [dict(_due_of(shop, case)) for case in cases]
    for line in lines_of(shop, order):
        key, oldest_first = line.id, range(len(cases) - 1, -1, -1)
        agreed = [
            Agreed(*own.get((cases[n].id, key), (0, 0)), dues[n].get(key, 0), cases[n].asked is not None)
            for n in oldest_first
        ]
        less = worth_less(agreed, worth.get(key, line.cash), line.quantity)
        for n, minor in zip(oldest_first, less, strict=True):
            if cut := min(minor, spare[n].get(key, 0)):
                back[n][key] = cut
    return back


def _drawn_pieces(shop: Shop, order: Order) -> dict[tuple[int | None, int | None], tuple[int, int]]:
    """The pieces that each case draws on each line of an order, and what they were worth, in minor units."""
    sums = [sa.cast(sa.func.sum(column), sa.BigInteger) for column in (Draw.units, Draw.share)]
    query = sa.select(col(Draw.case_id), col(Draw.line_id), *sums).where(col(Draw.order_id) == order.id)
    rows = shop.session.execute(query.group_by(col(Draw.case_id), col(Draw.line_id)))
    return {(case, line): (int(units), int(share)) for case, line, units, share in rows}


def _due_of(shop: Shop, case: Case) -> Iterator[tuple[int | None, int]]:
    """What a case is due on each line, by the line's id, in minor units."""
    return ((order_line.id, line.due) for line, order_line in case_lines(shop, case))


def _approved(shop: Shop, order: Order) -> list[Case]:
    """The approved cases of an order, the youngest first."""
    query = sa.select(Case).where(col(Case.order_id) == order.id, col(Case.decision) == Decision.APPROVED)
    return list(shop.session.scalars(query.order_by(col(Case.id).desc())))


def _called_off(shop: Shop, order: Order, instead: str) -> str:
    """The hint where more is let go than was paid: call off amends that have not left, or leave the books as they
    are.
    """
    query = sa.select(col(Payout.number)).where(col(Payout.order_id) == order.id, col(Payout.kind) != "refund")
    query = query.where(col(Payout.state).in_(UNSENT), col(Payout.method).not_in(NO_MONEY))
    number = shop.session.scalar(query.order_by(col(Payout.id).desc()).limit(1))
    keep = _("To leave the books as they are: {command}").format(command=instead)
    return f"retcli pay fail {number} --because TEXT\n{keep}" if number else keep


def give_back_for(shop: Shop, given: Sequence[GivesBack], question: int) -> None:
    """Has cases give back what `room_for` found, for the answer to a question; their unsent refunds that exceed what
    they keep fail.
    """
    for each in given:
        give_up(shop, shop.hold(each.case), dict(each.shares), answered=question)
