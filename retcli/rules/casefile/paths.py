"""The path of a case through law and rules (`docs/rules.md` §1.4): unsent, agreed, a fault of shop or carrier, the
buyer's own choice; each path yields its findings.
"""

from collections.abc import Iterator

from retcli.language import mark
from retcli.rules.casefile.amount_facts import LineFacts
from retcli.rules.casefile.clocks import window_closes
from retcli.rules.casefile.facts import Facts, Intercept
from retcli.rules.casefile.findings import POLICY, Answer, Fact, Finding
from retcli.rules.casefile.reasons import NEVER_ARRIVED, NEVER_SENT, REASONS, Fault, breach
from retcli.rules.casefile.warranty import warranty_ends
from retcli.rules.casefile.windows import doubtful, inside, window
from retcli.rules.lifecycles import GOING_OUT, REFUNDING, Kind
from retcli.rules.policy.policy import BY_LAW, BY_OPENING, Excluded

YES, NO, PERSON = Answer.YES, Answer.NO, Answer.PERSON
QUALITY, CARRIER, GUARANTEE, TERMS = "消法 §24", "电子商务法 §20", "三包 7/15", mark("contract")
DEPOSIT = "民法典 §586 §587"
NOT_COVERED = "部分商品三包规定 §17"
"""部分商品修理更换退货责任规定 (1995): what the three guarantees do not cover."""
LAST_DAY = "移动电话机三包规定 §8"
"""移动电话机商品修理更换退货责任规定 (2001): a period that ends on a public holiday."""
REPAIRS_ENOUGH = 2
"""Repairs in vain after which the goods are exchanged (三包)."""


def path(facts: Facts, *, small: bool = True) -> Iterator[Finding]:
    """The findings of the first path that fits a case; `small`: no more is due than is offered without a manager."""
    # the order of the branches is that of the tables in `docs/rules.md` §1.4, and decides: what was never sent is
    # cancelled whatever the reason, and a reason that names nobody is set right before any fault is judged
    reason, kind = facts.wish.reason, facts.wish.kind
    if kind == Kind.INQUIRY:
        return
    if facts.deposit and kind in REFUNDING:
        yield _deposit(facts)
    elif not facts.order.shipped and kind in REFUNDING:
        yield Finding("unshipped", YES, TERMS, mark("Nothing was sent yet: cancelled in full"))
    elif kind == Kind.ALLOWANCE and reason == "I_PRICE" and (days := _price_days(facts)):
        yield _price(facts, days)
    elif kind == Kind.ALLOWANCE and facts.without_return and not small:
        text = mark("Applied for as a refund without return, for more than an agent offers: the goods stay")
        yield Finding("goods_back", PERSON, POLICY, text)
    elif kind == Kind.ALLOWANCE:
        yield Finding("agreement", YES, TERMS, mark("A price cut is a matter of agreement; the goods stay"))
    elif kind == Kind.REFUND_ONLY and facts.lost and facts.signed_at is None:
        text = mark("Lost on the way, by the carrier's word: goods that did not arrive are the shop's risk")
        yield Finding("quality", YES, CARRIER, text)
    elif reason == "L_REJECT":
        text = mark("Refused at the door: set why. Damaged or wrong is the shop's cost, anything else the buyer's")
        yield Finding("reason", PERSON, TERMS, text)
    elif REASONS[reason].fault in {Fault.UNDETERMINED, Fault.PLATFORM}:
        text = mark("The reason does not say who is at fault: set a real one")
        yield Finding("reason", PERSON, TERMS, text)
    elif breach(reason):
        yield from _fault(facts)
    else:
        yield from _choice(facts)


def _deposit(facts: Facts) -> Finding:
    """A presale of which only the deposit (定金) was paid: who steps back loses it, a shop that does not deliver owes
    it twice (民法典 §586 §587). Always for a person.
    """
    if breach(facts.wish.reason):
        text = mark(
            "Only the deposit was paid, and the shop does not deliver: it owes the deposit twice, the second time in"
            " cash beside the refund"
        )
        return Finding("deposit", PERSON, DEPOSIT, text, ways=("retcli pay compensate {case} --cash AMOUNT",))
    text = mark(
        "Only the deposit was paid: who steps back loses it where it was agreed on as a deposit (定金), at most a fifth"
        " of the price; giving it back is the shop's choice"
    )
    return Finding("deposit", PERSON, DEPOSIT, text)


def _price_days(facts: Facts) -> int:
    """The days of price protection that the shop promises for every line; 0 for none."""
    return min((line.terms.price_days for line in facts.lines), default=0)


def _price(facts: Facts, days: int) -> Finding:
    """Whether price protection was asked for within the `days` that the shop promised, counted from the payment."""
    if facts.bought_at is None:
        text = mark("Price protection of {days} days: when the order was paid is not known")
        return Finding("price", PERSON, POLICY, text, {"days": days})
    closes = window_closes(facts.bought_at, days)
    gaps: dict[str, Fact] = {"days": days, "applied": facts.applied_at, "closes": closes}
    if facts.applied_at < closes:
        text = mark("Asked for on {applied}, inside the {days} days of price protection (until {closes})")
        return Finding("price", YES, POLICY, text, gaps)
    text = mark("Asked for on {applied}, after the {days} days of price protection ended ({closes})")
    return Finding("price", NO, POLICY, text, gaps)


def _fault(facts: Facts) -> Iterator[Finding]:
    """The quality path: shop, carrier or supplier is at fault, so that no category, label, opening or activation bars
    the right (消法 §24, 电子商务法 §20).
    """
    reason, kind = facts.wish.reason, facts.wish.kind
    if kind == Kind.REFUND_ONLY and facts.on_the_way and reason in NEVER_ARRIVED | NEVER_SENT | {"W_SHORT"}:
        text = mark(
            "The goods are on their way: have them intercepted, or have the carrier's word that they are lost, before"
            " they are refunded"
        )
        yield _asked_back(text, facts)
    if reason in NEVER_ARRIVED | NEVER_SENT:
        yield _never_came(facts)
        return
    if kind == Kind.REFUND_ONLY and reason != "W_SHORT":
        text = mark("Refund without the goods coming back is the shop's own choice")
        yield Finding("goods_back", PERSON, QUALITY, text)
    if facts.misused:
        text = mark("The buyer broke it, by inspection: the shop does not answer for that")
        guaranteed = any(line.warranty_months for line in facts.lines)
        yield Finding("quality", NO, NOT_COVERED if guaranteed else QUALITY, text)
    else:
        yield _by_day(facts)


def _by_day(facts: Facts) -> Finding:
    """Whether goods with a fault may go back, by the days since the signature: what the law gives first, then what the
    shop's own rules add.
    """
    reason, kind, day = facts.wish.reason, facts.wish.kind, facts.day
    carrier = REASONS[reason].fault == Fault.CARRIER
    gaps: dict[str, Fact] = {"day": day}
    if inside(facts, 7) and (carrier or reason == "W_SHORT" or kind == Kind.RESEND):
        text = mark("The shop answers for wrong, missing and damaged goods; no category or label bars it")
        return Finding("quality", YES, CARRIER if carrier else "消法 §52", text)
    if inside(facts, 7):
        text = mark("Quality, day {day}: return, exchange or repair as the buyer chooses; no category bars it")
        return Finding("quality", YES, QUALITY, text, gaps)
    promised = min((line.terms.return_days for line in facts.lines), default=7)
    if kind in REFUNDING and inside(facts, promised):
        text = mark("Quality, day {day}: the shop's own rules take it back for {days} days")
        return Finding("quality", YES, POLICY, text, gaps | {"days": promised})
    if kind in GOING_OUT and inside(facts, 15):
        return Finding("quality", YES, GUARANTEE, mark("Quality, day {day}: exchange or repair"), gaps)
    promised = min((line.terms.exchange_days for line in facts.lines), default=15)
    if kind in GOING_OUT and inside(facts, promised):
        text = mark("Quality, day {day}: the shop's own rules exchange or repair it for {days} days")
        return Finding("quality", YES, POLICY, text, gaps | {"days": promised})
    if doubtful(facts, 7) or (kind in GOING_OUT and doubtful(facts, 15)):
        text = mark("Quality, day {day}: the calendar of that year is missing: was the last day a holiday?")
        return Finding("quality", PERSON, LAST_DAY, text, gaps)
    return _late(facts, gaps)


def _never_came(facts: Facts) -> Finding:
    """Goods that did not arrive (电子商务法 §20); a signature speaks against that, but may be another's (§52)."""
    if facts.signed_at is None:
        return Finding("quality", YES, CARRIER, mark("Goods that did not arrive are the shop's risk"))
    text = mark("The order is signed for, though the reason says that nothing came: a person weighs it")
    return Finding("quality", PERSON, CARRIER, text)


def _late(facts: Facts, gaps: dict[str, Fact]) -> Finding:
    """Goods with a fault after the days of free choice (三包): repair inside the warranty, exchange after two repairs,
    else a person weighs it.
    """
    months = min((line.warranty_months for line in facts.lines), default=0)
    kind = facts.wish.kind
    if facts.signed_at is None or not months or facts.applied_at >= warranty_ends(facts.signed_at, months):
        text = mark("Quality, day {day}: past the free choice, a person weighs it")
        return Finding("quality", PERSON, QUALITY, text, gaps)
    gaps = gaps | {"ends": warranty_ends(facts.signed_at, months), "repairs": facts.repairs}
    if kind == Kind.REPAIR:
        text = mark("Quality, day {day}, inside the warranty (until {ends}): repaired for nothing")
        return Finding("quality", YES, GUARANTEE, text, gaps)
    if kind == Kind.EXCHANGE and facts.repairs >= REPAIRS_ENOUGH:
        text = mark(
            "Quality, day {day}, inside the warranty (until {ends}), repaired {repairs} times in vain: exchanged"
        )
        return Finding("quality", YES, GUARANTEE, text, gaps)
    if kind == Kind.EXCHANGE and all(line.terms.replace_in_warranty for line in facts.lines):
        text = mark("Quality, day {day}: the shop's own rules exchange it inside the warranty (until {ends})")
        return Finding("quality", YES, POLICY, text, gaps)
    text = mark("Quality, day {day}, inside the warranty (until {ends}): repair first, exchange after two repairs")
    return Finding("quality", PERSON, GUARANTEE, text, gaps)


def _choice(facts: Facts) -> Iterator[Finding]:
    """The path without a reason (七天无理由): the buyer does not want the goods, or chose wrongly (消法 §25)."""
    if facts.wish.kind == Kind.RESEND:
        yield Finding("reason", PERSON, TERMS, mark("Goods are sent again only where something was missing or lost"))
        return
    if facts.wish.kind == Kind.REFUND_ONLY:
        yield _stays(facts)
    barred = [finding for line in facts.lines if (finding := _excluded(facts, line))]
    yield from barred
    if not any(finding.answer == NO for finding in barred):
        # one answer for all lines: the terms with the shortest window, of two equal ones those with the higher fee
        terms = min((line.terms for line in facts.lines), key=lambda terms: (terms.last_day, -terms.fee))
        yield window(facts, terms)


def _stays(facts: Facts) -> Finding:
    """Whether a refund without return may go on, by where the goods are: only with the intercepted pieces back is it a
    yes (消法 §25); else a person decides.
    """
    if facts.intercept == Intercept.BACK:
        return Finding("goods_back", YES, "消法 §25", mark("The intercepted pieces are back and inspected"))
    if facts.intercept == Intercept.ASKED and facts.signed_at is not None:
        text = mark("Delivered though it was to be intercepted: agree on a return")
        ways = ("retcli case change {case} --kind return --because TEXT",)
        return Finding("goods_back", PERSON, "消法 §25", text, ways=ways)
    if facts.signed_at is None or facts.intercept:
        return _asked_back(mark("On its way: have it intercepted, refund once it is back"), facts)
    text = mark("The goods stay with the buyer: refund without return is the shop's own choice")
    return Finding("goods_back", PERSON, "消法 §25", text)


def _asked_back(text: str, facts: Facts) -> Finding:
    """Goods on their way: before the carrier was asked, `text` with the command to intercept; after that, what is
    waited for.
    """
    if facts.intercept == Intercept.AT_THE_DOOR and (facts.grades or facts.looked_into) and facts.missing:
        text = mark("What was on its way is at the door without {pieces}: a person says what is refunded")
        return Finding("goods_back", PERSON, "消法 §25", text, {"pieces": facts.missing})
    if facts.intercept == Intercept.AT_THE_DOOR:
        text = mark("What was on its way is at the door: inspect the pieces of the case, then refund")
        return Finding("goods_back", PERSON, "消法 §25", text)
    if facts.intercept:
        text = mark("The carrier was asked to intercept the parcel: refund once it is back")
        return Finding("goods_back", PERSON, "消法 §25", text)
    return Finding("goods_back", PERSON, "消法 §25", text, ways=("retcli parcel intercept {case}",))


def _excluded(facts: Facts, line: LineFacts) -> Finding | None:
    """The finding on a line whose class may have no seven days: by law (暂行办法 §6), or once the buyer confirmed it at
    that purchase and opened the seal (§7). None where nothing bars it.
    """
    kind = line.excluded
    # what the shop promised beyond the law binds it, also for the classes that the law excludes (法释〔2022〕8号 §2)
    if kind is None or line.terms.promised:
        return None
    gaps: dict[str, Fact] = {"sku": line.sku or line.number, "class": kind}
    article = "暂行办法 §6" if kind in BY_LAW else "暂行办法 §7"
    if kind not in BY_LAW and not line.confirmed:
        text = mark(
            "{sku} ({class}) keeps the seven days, unless the buyer confirmed at this purchase that it has none"
        )
        return Finding("excluded", YES, article, text, gaps, ways=("retcli case fact {case} confirmed={sku}",))
    if kind in BY_OPENING and facts.opened is False:
        return None
    if kind == Excluded.DIGITAL and facts.opened is None:
        # the law excludes the class itself: it counts as downloaded or opened until somebody says otherwise
        text = mark("{sku} is of a class without a seven-day right: {class}, downloaded or opened")
        return Finding("excluded", NO, article, text, gaps, ways=("retcli case fact {case} opened=no",))
    if kind in BY_OPENING and facts.opened is None:
        text = mark("{sku} is of a class that opening takes the seven days from ({class}): was it opened?")
        ways = ("retcli case fact {case} opened=yes", "retcli case fact {case} opened=no")
        return Finding("excluded", PERSON, article, text, gaps, ways=ways)
    return Finding("excluded", NO, article, mark("{sku} is of a class without a seven-day right: {class}"), gaps)
