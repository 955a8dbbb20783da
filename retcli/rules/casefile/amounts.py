"""The amount due on a case, line by line, with the steps of its derivation (`docs/rules.md` §3)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from retcli.language import mark
from retcli.rules.casefile.amount_facts import LineFacts, OrderFacts, Wish
from retcli.rules.casefile.findings import Fact
from retcli.rules.casefile.freight import freight
from retcli.rules.casefile.reasons import breach
from retcli.rules.lifecycles import REFUNDING, Kind
from retcli.rules.money import minor_units
from retcli.rules.policy.policy import Difference, Policy, Promotion, Settling


@dataclass(frozen=True)
class Step:
    """One line of a derivation: a message id, the facts that fill its gaps, and its money in minor units, negative
    where it lowers the amount.
    """

    text: str
    money: int
    facts: dict[str, Fact] = field(default_factory=dict)


def fixed_otherwise(minor: int) -> Step:
    """The last step of a derivation whose amount was fixed by the platform or by hand, not computed (minor units)."""
    return Step(mark("Fixed at another amount, by the platform or by hand"), minor)


def beyond_own(sku: str, title: str, minor: int) -> Step:
    """The step for what a platform paid on this case out of another line of the order (minor units)."""
    text = mark("{sku} {title}: of this line the platform paid as well, no piece of it is in the case")
    return Step(text, minor, {"sku": sku, "title": title})


def without_pieces(sku: str, title: str, minor: int) -> Step:
    """The step for what was agreed to on one of the case's own lines of which it has no piece (minor units)."""
    text = mark("{sku} {title}: agreed to on this line, of which no piece counts in the case now")
    return Step(text, minor, {"sku": sku, "title": title})


def above_agreed(sku: str, title: str, minor: int) -> Step:
    """The step for what a platform paid above what was agreed to on such a line (minor units)."""
    text = mark("{sku} {title}: paid by the platform above what was agreed to on this line")
    return Step(text, minor, {"sku": sku, "title": title})


@dataclass(frozen=True)
class LineDue:
    """What a case draws on a line: pieces, what they are worth of the line's cash (`share`), and the cash that is paid
    for them, which deductions may have lowered (minor units).
    """

    number: str
    units: int
    share: int
    cash: int


@dataclass(frozen=True)
class Amount:
    """The amount due in minor units: `due` is the cash of all lines and the freight. `collect` is what the buyer owes
    the shop instead (dearer goods in exchange); `promotion_unclear` says that the promotion should be priced anew and
    the books do not hold what that takes.
    """

    due: int
    lines: tuple[LineDue, ...]
    freight: int
    steps: tuple[Step, ...]
    collect: int = 0
    promotion_unclear: bool = False


def share_of(line: LineFacts) -> int:
    """What the wanted pieces are worth in minor units, never more than is still open (`docs/rules.md` §3.1)."""
    # R(all gone with these) − R(gone before), not R(these): each part rounded by itself would make or lose a fen
    whole = line.cash - line.allowances
    together = minor_units.up_to(whole, min(line.units_refunded + line.wanted, line.quantity), line.quantity)
    return max(0, min(together - line.share_drawn, line.cash_open))


def amount(wish: Wish, order: OrderFacts, lines: Sequence[LineFacts], policy: Policy) -> Amount:
    """What is due on a case, by its kind, with its derivation."""
    if wish.kind in REFUNDING:
        return _refund(wish, order, lines, policy)
    if wish.kind == Kind.ALLOWANCE:
        return _allowance(wish, order, lines)
    changed = [line for line in lines if line.other]
    # with one price unknown there is no difference to settle yet: a finding asks a person for it
    if wish.kind == Kind.EXCHANGE and changed and all(line.new_price is not None for line in changed):
        return _difference(lines, order.currency)
    return Amount(0, tuple(LineDue(line.number, line.wanted, 0, 0) for line in lines), 0, (_nothing(wish.kind),))


def _nothing(kind: Kind) -> Step:
    """Why a case of this kind moves no money."""
    if kind == Kind.EXCHANGE:
        return Step(mark("Exchange for the same goods: no money either way"), 0)
    if kind == Kind.INQUIRY:
        return Step(mark("An inquiry: no money moves"), 0)
    return Step(mark("Goods are sent, no money is paid"), 0)


def _refund(wish: Wish, order: OrderFacts, lines: Sequence[LineFacts], policy: Policy) -> Amount:
    """What the pieces are worth, less what the law lets the shop keep, in its order: the promotion priced anew, gifts,
    the fee, free delivery (`docs/rules.md` §3.1).
    """
    shares = [share_of(line) for line in lines]
    steps = [step for line, share in zip(lines, shares, strict=True) for step in _line_steps(line, share)]
    steps_off, unclear = deductions(wish, order, lines, shares, policy)
    steps += steps_off
    goods = sum(shares) + sum(step.money for step in steps_off)
    whole = order.everything_goes
    out = order.freight_open if freight(wish.kind, wish.reason, shipped=order.shipped, whole=whole).out else 0
    if out:
        steps.append(Step(mark("Freight of the way out, since nothing of the order stays with the buyer"), out))
    full = goods + out
    if wish.asked is not None and wish.asked < full:
        return replace(_lowered(wish, order, lines, shares, steps, out), promotion_unclear=unclear)
    cash = _spread(goods, shares)
    parts = zip(lines, shares, cash, strict=True)
    due = tuple(LineDue(line.number, line.wanted, share, line_cash) for line, share, line_cash in parts)
    return Amount(full, due, out, (*steps, Step(mark("Due"), full)), promotion_unclear=unclear)


def _line_steps(line: LineFacts, share: int) -> list[Step]:
    """How a line's `share` (minor units) comes about; no step where no piece of the line was applied for."""
    if not (line.wanted or line.bound):
        return []
    facts: dict[str, Fact] = {"sku": line.sku, "title": line.title, "k": line.wanted, "n": line.quantity}
    steps = [Step(mark("{sku} {title}: paid for {n}"), line.cash, facts)]
    if line.allowances:
        steps.append(Step(mark("Given before on this line, no pieces for it"), -line.allowances, facts))
    if line.units_refunded:
        refunded_before = facts | {"u": line.units_refunded}
        steps.append(Step(mark("{u} of {n} refunded before"), -line.share_drawn, refunded_before))
    if line.gone:
        steps.append(Step(mark("Went back already by the platform's order file"), -line.gone, facts))
    steps.append(Step(mark("{k} of {n} pieces, rounded over the whole line"), share, facts))
    return steps


def _lowered(
    wish: Wish, order: OrderFacts, lines: Sequence[LineFacts], shares: list[int], steps: list[Step], out: int
) -> Amount:
    """The amount where less was asked for than the pieces and the freight (`out`, minor units) are worth: of the goods
    what amends left, then the freight. Where the goods stay with the buyer only money is drawn; where they come back,
    or were never sent, the pieces are used up all the same.
    """
    asked = wish.asked or 0
    goods_stay = wish.kind == Kind.REFUND_ONLY and order.shipped
    worth = sum(shares)
    of_freight = _of_freight(asked, worth, order, out)
    cash = _spread(min(asked - of_freight, worth), shares)
    parts = zip(lines, shares, cash, strict=True)
    due = tuple(
        LineDue(line.number, 0 if goods_stay else line.wanted, 0 if goods_stay else share, line_cash)
        for line, share, line_cash in parts
    )
    steps = [*steps, Step(mark("Less was asked for or agreed"), asked)]
    steps += _freight_steps(of_freight, worth, order)
    return Amount(asked, due, asked - sum(cash), (*steps, Step(mark("Due"), asked)))


def _of_freight(asked: int, worth: int, order: OrderFacts, out: int) -> int:
    """What of an amount is freight (at most `out`): all that the goods, `worth` so much less amends, do not hold."""
    return min(max(asked - _goods_left(worth, order), 0), out)


def _goods_left(worth: int, order: OrderFacts) -> int:
    """What of goods that are `worth` so much the amends of the order left, in minor units."""
    return worth if order.goods_room is None else min(worth, max(order.goods_room, 0))


def _freight_steps(of_freight: int, worth: int, order: OrderFacts) -> list[Step]:
    """The step for what of an amount is freight only since amends were given on the goods; none where that is not
    so.
    """
    left = _goods_left(worth, order)
    if not of_freight or left >= worth:
        return []
    text = mark("Of it freight of the way out: beside the amends {left} is left of the goods")
    return [Step(text, of_freight, {"left": minor_units.Money(left, order.currency)})]


def _allowance(wish: Wish, order: OrderFacts, lines: Sequence[LineFacts]) -> Amount:
    """A price cut, drawn on the open cash of the lines; with the reason 退运费 (I_FREIGHT) on open freight first.
    Beside amends it is drawn on the freight too, where that would go back with all of the goods.
    """
    if wish.reason == "I_PRICE" and wish.asked is None:
        return _price_protection(lines, order.currency)
    asked = wish.asked or 0
    open_cash = [line.cash_open for line in lines]
    out = min(asked, order.freight_open) if wish.reason == "I_FREIGHT" else 0
    if not out and order.goods_room is not None and _freight_with_all(wish, order, lines):
        out = _of_freight(asked, sum(open_cash), order, order.freight_open)
    cash = _spread(min(asked - out, sum(open_cash)), open_cash)
    steps = [
        Step(mark("{sku} {title}: still open"), line.cash_open, {"sku": line.sku, "title": line.title})
        for line in lines
    ]
    if out:
        steps.append(Step(mark("Freight paid, still open"), order.freight_open))
    if wish.reason != "I_FREIGHT":
        steps += _freight_steps(out, sum(open_cash), order)
    due = tuple(LineDue(line.number, 0, 0, c) for line, c in zip(lines, cash, strict=True))
    total = sum(cash) + out
    return Amount(total, due, out, (*steps, Step(mark("Price cut agreed; the goods stay with the buyer"), total)))


def _freight_with_all(wish: Wish, order: OrderFacts, lines: Sequence[LineFacts]) -> bool:
    """Whether the freight of the way out would go back if all goods of the order were refunded, which a case's lines
    are.
    """
    whole = sum(line.cash for line in lines) == order.goods
    return whole and freight(Kind.REFUND_ONLY, wish.reason, shipped=order.shipped, whole=True).out


def _price_protection(lines: Sequence[LineFacts], currency: str) -> Amount:
    """Price protection: what was paid for the pieces that the buyer keeps, less what they cost today. A line that has
    no price of today, or is not cheaper now, gives nothing.
    """
    cash, steps = [], list[Step]()
    for line in lines:
        now = line.cash_open if line.price_now is None else line.price_now * line.units_open
        cash.append(max(line.cash_open - now, 0))
        facts: dict[str, Fact] = {"sku": line.sku, "title": line.title, "n": line.units_open}
        steps.append(Step(mark("{sku} {title}: still open"), line.cash_open, facts))
        if line.price_now is None:
            steps.append(Step(mark("{sku}: what it costs today is not known"), -line.cash_open, facts))
        else:
            text = mark("{sku}: {n} pieces at today's price of {price}")
            steps.append(Step(text, -now, facts | {"price": minor_units.Money(line.price_now, currency)}))
    due = tuple(LineDue(line.number, 0, 0, c) for line, c in zip(lines, cash, strict=True))
    total = sum(cash)
    return Amount(total, due, 0, (*steps, Step(mark("Price protection: the difference; the goods stay"), total)))


def _difference(lines: Sequence[LineFacts], currency: str) -> Amount:
    """The difference of an exchange: what the pieces are worth less the price of the goods wanted instead, settled as
    the shop's rules say for each line, lines under one rule together. A line that is exchanged for the same goods costs
    nothing either way.
    """
    settled, unsettled = list[LineFacts](), list[Step]()
    for rule in Difference:
        together = [line for line in lines if line.other and line.terms.difference == rule]
        left = _worth_more(together)
        if rule != Difference.NONE and (rule != Difference.COLLECT or left <= 0):
            settled += together
        elif together:
            text = mark("By the shop's rules the difference of {owed} is not settled")
            unsettled.append(Step(text, 0, {"owed": minor_units.Money(abs(left), currency)}))
    owed = _worth_more(settled)
    shares = [share_of(line) if line in settled else 0 for line in lines]
    steps = _settling_steps([line for line in lines if line in settled], owed) if settled else []
    cash = _spread(max(owed, 0), shares)
    due = tuple(LineDue(line.number, line.wanted, 0, c) for line, c in zip(lines, cash, strict=True))
    return Amount(max(owed, 0), due, 0, (*unsettled, *steps), max(-owed, 0))


def _worth_more(lines: Sequence[LineFacts]) -> int:
    """By how much lines are worth more than the goods wanted instead, in minor units; below nothing where by less."""
    return sum(share_of(line) - (line.new_price or 0) * line.wanted for line in lines)


def _settling_steps(lines: Sequence[LineFacts], owed: int) -> list[Step]:
    """How the difference that is settled on some lines comes about; `owed` (minor units) is below nothing where the
    buyer owes it.
    """
    steps = [step for line in lines for step in _line_steps(line, share_of(line))]
    steps.append(Step(mark("Price of the goods wanted instead"), owed - sum(map(share_of, lines))))
    return [*steps, Step(mark("The buyer owes the difference"), -owed) if owed < 0 else Step(mark("Due"), owed)]


def _spread(total: int, weights: Sequence[int]) -> list[int]:
    """A total over lines by weight, no line above its weight as long as the total is not above their sum."""
    return minor_units.split(total, weights) if any(weights) else [0] * len(weights)


def deductions(
    wish: Wish, order: OrderFacts, lines: Sequence[LineFacts], shares: Sequence[int], policy: Policy
) -> tuple[list[Step], bool]:
    """What the shop may keep where the return is the buyer's own choice: the steps, each with its money below nothing,
    together never more than the pieces are worth; and whether a promotion that should be priced anew cannot be. Goods
    with a fault give back the full price (消法 §24).
    """
    if breach(wish.reason) or not order.shipped:
        return [], False
    left, steps = sum(shares), list[Step]()
    again, unclear = _priced_anew(order, left, policy)
    # the fee comes after promotion and gifts, since it is a percentage of what they leave of each line
    for step in (*again, *_gifts(order)):
        off = max(step.money, -left)
        steps.append(replace(step, money=off))
        left += off
    for step in (*_fees(lines, _spread(left, shares)), *_claw_back(order, policy)):
        off = max(step.money, -left)
        if off:
            steps.append(replace(step, money=off))
        left += off
    return steps, unclear


def _priced_anew(order: OrderFacts, worth: int, policy: Policy) -> tuple[list[Step], bool]:
    """What is kept, priced anew without a threshold promotion that it no longer reaches (暂行办法 §17): the steps, and
    whether that should be done and cannot.
    """
    promotion = order.promotion
    if policy.settling != Settling.AGAIN or promotion is None or order.listed_before < promotion.least:
        return [], False
    if order.everything_goes:
        return [], False
    # Other discounts than this promotion's are in what was paid: the promotion's part is not known by itself. An order
    # that was paid at its stated prices never had the promotion, so that there is nothing to price anew.
    if _with(promotion, order.listed_before) != order.kept_before:
        return [], order.listed_before != order.kept_before
    kept = _with(promotion, order.listed_after)
    back = order.kept_before - kept
    facts: dict[str, Fact] = {"name": promotion.name, "kept": minor_units.Money(kept, order.currency)}
    if back < 0:
        facts["owed"] = minor_units.Money(-back, order.currency)
        text = mark("{name}: what is kept costs {kept} at its own price, {owed} more than was paid: nothing goes back")
        return [Step(text, -worth, facts)], False
    # the law settles both ways, but never above what the pieces were paid with
    if back >= worth:
        return [], False
    text = mark("{name} no longer earned: what is kept costs {kept} at its own price")
    return [Step(text, back - worth, facts)], False


def _with(promotion: Promotion, listed: int) -> int:
    """What goods of a stated price cost under a promotion."""
    return listed - promotion.off if listed >= promotion.least else listed


def _gifts(order: OrderFacts) -> list[Step]:
    """Gifts that stay though the goods go, at the price that was stated for them (暂行办法 §12)."""
    text = mark("Gift {sku} stays with the buyer: its stated price")
    return [Step(text, -price, {"sku": sku}) for sku, price in order.gifts]


def _fees(lines: Sequence[LineFacts], worth: Sequence[int]) -> list[Step]:
    """The fee of the shop's longer window, a step for each line that has one."""
    text = mark("{sku}: the fee of the shop's longer window, {fee}")
    return [
        Step(text, -minor_units.points(minor, line.fee), {"sku": line.sku, "fee": f"{line.fee / 100:g}%"})
        for line, minor in zip(lines, worth, strict=True)
        if line.fee
    ]


def _claw_back(order: OrderFacts, policy: Policy) -> list[Step]:
    """The usual freight, where delivery was free from a threshold on that what is kept no longer reaches (暂行办法 §18
    ¶2). Nothing where the buyer keeps nothing.
    """
    least = policy.free_freight_from
    if least is None or order.freight or not order.kept_before >= least > order.kept_after > 0:
        return []
    return [Step(mark("Free delivery no longer earned by what is kept: freight deducted"), -policy.freight_fee)]
