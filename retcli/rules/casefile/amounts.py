"""What is due on a case, line by line, with the way there (`docs/rules.md` §3)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from retcli.language import mark
from retcli.rules.casefile.findings import Fact
from retcli.rules.casefile.freight import freight
from retcli.rules.casefile.reasons import breach
from retcli.rules.lifecycles import REFUNDING, Kind
from retcli.rules.money import minor_units
from retcli.rules.policy.policy import GENERAL, Difference, Excluded, Policy, Promotion, Settling, Terms


@dataclass(frozen=True)
class LineFacts:
    """One order line as a case sees it; what other documents drew is without this case's own part.

    `cash` and everything else of money in minor units; `units_refunded` and `share_drawn` are the units that approved
    refunds took and what they were worth; `allowances` is cash drawn without units. `price` is the stated price of one
    piece, `price_now` what it costs today (None: not known in the order's currency), `fee` what the shop's rules take
    of the refund, in basis points; `refunded_there` is the platform's own word where its order report says that the
    money went back, which no case of ours knows of; `gone` is how much of the open cash went back by that file; `bound`
    is how many pieces more were applied for than other cases leave. `want` is what an exchange is to bring for them
    (empty where nobody said), `new_price` its price for one piece (None: not known).
    """

    number: str
    sku: str
    title: str
    quantity: int
    cash: int
    wanted: int
    units_open: int
    cash_open: int
    units_refunded: int = 0
    share_drawn: int = 0
    allowances: int = 0
    drawn_by: tuple[str, ...] = ()
    excluded: Excluded | None = None
    confirmed: bool = False
    warranty_months: int = 0
    price: int = 0
    price_now: int | None = None
    terms: Terms = GENERAL
    fee: int = 0
    refunded_there: str = ""
    gone: int = 0
    bound: int = 0
    want: str = ""
    new_price: int | None = None

    @property
    def other(self) -> bool:
        """Whether other goods are wanted than were bought."""
        return self.want not in {"", self.sku, self.number}


@dataclass(frozen=True)
class Wish:
    """What the case asks for; `asked` is a lower amount named by the buyer or the shop, `words` are the buyer's own."""

    kind: Kind
    reason: str
    asked: int | None = None
    words: str = ""


@dataclass(frozen=True)
class OrderFacts:
    """The order as a case sees it (minor units of `currency`); `kept_after` is what the buyer keeps, in goods cash,
    afterwards, and `listed_before` and `listed_after` the same at the stated prices. `promotion` is the threshold
    promotion of its day, `gifts` the gifts that stay with the buyer though nothing else does, with the price stated for
    them.
    """

    shipped: bool
    freight: int
    freight_open: int
    goods: int
    kept_before: int
    kept_after: int
    everything_goes: bool
    listed_before: int = 0
    listed_after: int = 0
    promotion: Promotion | None = None
    gifts: tuple[tuple[str, int], ...] = ()
    currency: str = field(kw_only=True)


@dataclass(frozen=True)
class Step:
    """One line of a derivation: a message id, the facts that fill it, and the money it stands for (minor units)."""

    text: str
    money: int
    facts: dict[str, Fact] = field(default_factory=dict)


def fixed_otherwise(minor: int) -> Step:
    """The last step of an amount (minor units) that was fixed at another than the one computed."""
    return Step(mark("Fixed at another amount, by the platform or by hand"), minor)


def beyond_own(sku: str, title: str, minor: int) -> Step:
    """What a platform paid on a case beyond the case's own lines, of another line of the order (minor units)."""
    text = mark("{sku} {title}: of this line the platform paid as well, no piece of it is in the case")
    return Step(text, minor, {"sku": sku, "title": title})


@dataclass(frozen=True)
class LineDue:
    """What a line gives: units, what they are worth of the line's cash, and the cash to be paid."""

    number: str
    units: int
    share: int
    cash: int


@dataclass(frozen=True)
class Amount:
    """The amount due in minor units: `due` = cash of all lines + freight; `collect` is owed by the buyer instead.

    `promotion_unclear` says that a promotion should be priced anew and cannot be.
    """

    due: int
    lines: tuple[LineDue, ...]
    freight: int
    steps: tuple[Step, ...]
    collect: int = 0
    promotion_unclear: bool = False


def share_of(line: LineFacts) -> int:
    """What the wanted units are worth: R(k) − already over the line's cash without allowances, never more than is
    still open (`docs/rules.md` §3.1).
    """
    whole = line.cash - line.allowances
    together = minor_units.up_to(whole, min(line.units_refunded + line.wanted, line.quantity), line.quantity)
    return max(0, min(together - line.share_drawn, line.cash_open))


def amount(wish: Wish, order: OrderFacts, lines: Sequence[LineFacts], policy: Policy) -> Amount:
    """What is due on a case of the kind, with its derivation."""
    if wish.kind in REFUNDING:
        return _refund(wish, order, lines, policy)
    if wish.kind == Kind.ALLOWANCE:
        return _allowance(wish, order, lines)
    changed = [line for line in lines if line.other]
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
        return replace(_lowered(wish, order, lines, shares, steps), promotion_unclear=unclear)
    cash = _spread(goods, shares)
    due = tuple(_line_due(*parts) for parts in zip(lines, shares, cash, strict=True))
    return Amount(full, due, out, (*steps, Step(mark("Due"), full)), promotion_unclear=unclear)


def _line_due(line: LineFacts, share: int, cash: int) -> LineDue:
    return LineDue(line.number, line.wanted, share, cash)


def _line_steps(line: LineFacts, share: int) -> list[Step]:
    """How a line's `share` (minor units) comes about; nothing is said of one of which no piece was applied for."""
    if not (line.wanted or line.bound):
        return []
    facts: dict[str, Fact] = {"sku": line.sku, "title": line.title, "k": line.wanted, "n": line.quantity}
    steps = [Step(mark("{sku} {title}: paid for {n}"), line.cash, facts)]
    if line.allowances:
        steps.append(Step(mark("Given before on this line, no pieces for it"), -line.allowances, facts))
    if line.units_refunded:
        gone = facts | {"u": line.units_refunded}
        steps.append(Step(mark("{u} of {n} refunded before"), -line.share_drawn, gone))
    if line.gone:
        steps.append(Step(mark("Went back already by the platform's order file"), -line.gone, facts))
    steps.append(Step(mark("{k} of {n} pieces, rounded over the whole line"), share, facts))
    return steps


def _lowered(wish: Wish, order: OrderFacts, lines: Sequence[LineFacts], shares: list[int], steps: list[Step]) -> Amount:
    """Less than the units are worth was asked for. Without goods coming back the pieces stay the buyer's, and only
    money is drawn; with goods coming back the pieces are used up.
    """
    asked = wish.asked or 0
    stays = wish.kind == Kind.REFUND_ONLY and order.shipped
    cash = _spread(min(asked, sum(shares)), shares)
    parts = zip(lines, shares, cash, strict=True)
    due = tuple(LineDue(line.number, 0 if stays else line.wanted, 0 if stays else share, c) for line, share, c in parts)
    steps = [*steps, Step(mark("Less was asked for or agreed"), asked)]
    return Amount(asked, due, asked - sum(cash), (*steps, Step(mark("Due"), asked)))


def _allowance(wish: Wish, order: OrderFacts, lines: Sequence[LineFacts]) -> Amount:
    """A price cut, over the open cash of the lines; for freight that was charged too much, of the freight first."""
    if wish.reason == "I_PRICE" and wish.asked is None:
        return _price_protection(lines, order.currency)
    asked = wish.asked or 0
    open_cash = [line.cash_open for line in lines]
    out = min(asked, order.freight_open) if wish.reason == "I_FREIGHT" else 0
    cash = _spread(min(asked - out, sum(open_cash)), open_cash)
    steps = [
        Step(mark("{sku} {title}: still open"), line.cash_open, {"sku": line.sku, "title": line.title})
        for line in lines
    ]
    if out:
        steps.append(Step(mark("Freight paid, still open"), order.freight_open))
    due = tuple(LineDue(line.number, 0, 0, c) for line, c in zip(lines, cash, strict=True))
    total = sum(cash) + out
    return Amount(total, due, out, (*steps, Step(mark("Price cut agreed; the goods stay with the buyer"), total)))


def _price_protection(lines: Sequence[LineFacts], currency: str) -> Amount:
    """What the buyer keeps, at what was paid for it less what it costs today; a line without a price of today, or none
    cheaper today, gives nothing.
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
    """The price of the other goods wanted against what the pieces are worth, settled as the shop's rules say; a line
    that is sent again as it was costs nothing either way.
    """
    shares = [share_of(line) if line.other else 0 for line in lines]
    owed = sum(shares) - sum((line.new_price or 0) * line.wanted for line in lines if line.other)
    rule = lines[0].terms.difference if lines else Difference.BOTH
    if rule == Difference.NONE or (rule == Difference.COLLECT and owed > 0):
        units = tuple(LineDue(line.number, line.wanted, 0, 0) for line in lines)
        text = mark("By the shop's rules the difference of {owed} is not settled")
        return Amount(0, units, 0, (Step(text, 0, {"owed": minor_units.Money(abs(owed), currency)}),))
    pairs = zip(lines, shares, strict=True)
    steps = [step for line, share in pairs if line.other for step in _line_steps(line, share)]
    steps.append(Step(mark("Price of the goods wanted instead"), -(sum(shares) - owed)))
    cash = _spread(max(owed, 0), shares)
    due = tuple(LineDue(line.number, line.wanted, 0, c) for line, c in zip(lines, cash, strict=True))
    last = Step(mark("The buyer owes the difference"), -owed) if owed < 0 else Step(mark("Due"), owed)
    return Amount(max(owed, 0), due, 0, (*steps, last), max(-owed, 0))


def _spread(total: int, weights: Sequence[int]) -> list[int]:
    """A total over lines by weight, no line above its weight as long as the total is not above their sum."""
    return minor_units.split(total, weights) if any(weights) else [0] * len(weights)


def deductions(
    wish: Wish, order: OrderFacts, lines: Sequence[LineFacts], shares: Sequence[int], policy: Policy
) -> tuple[list[Step], bool]:
    """What the shop may keep of the buyer's own choice, never below nothing; whether a promotion that should be priced
    anew cannot be. Goods with a fault give back the full price (消法 §24).
    """
    if breach(wish.reason) or not order.shipped:
        return [], False
    left, steps = sum(shares), list[Step]()
    again, unclear = _priced_anew(order, left, policy)
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
    """A threshold promotion at the prices of the purchase, more or less than its share (暂行办法 §17)."""
    promotion = order.promotion
    if policy.settling != Settling.AGAIN or promotion is None or order.listed_before < promotion.least:
        return [], False
    if order.everything_goes:
        return [], False
    if _with(promotion, order.listed_before) != order.kept_before:
        return [], order.listed_before != order.kept_before
    kept = _with(promotion, order.listed_after)
    back = order.kept_before - kept
    facts: dict[str, Fact] = {"name": promotion.name, "kept": minor_units.Money(kept, order.currency)}
    if back < 0:
        facts["owed"] = minor_units.Money(-back, order.currency)
        text = mark("{name}: what is kept costs {kept} at its own price, {owed} more than was paid: nothing goes back")
        return [Step(text, -worth, facts)], False
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
    """Conditional free delivery that the buyer's own choice undid (暂行办法 §18 ¶2)."""
    least = policy.free_freight_from
    if least is None or order.freight or not order.kept_before >= least > order.kept_after > 0:
        return []
    return [Step(mark("Free delivery no longer earned by what is kept: freight deducted"), -policy.freight_fee)]
