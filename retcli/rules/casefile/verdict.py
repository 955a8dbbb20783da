"""All findings on a case and the verdict that follows (`docs/rules.md` §1.4): law first, then the shop's own rules. The
path itself is in `paths.py`, the amount in `amounts.py`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from retcli.language import mark
from retcli.rules.casefile.amount_facts import Wish
from retcli.rules.casefile.amounts import Amount, amount
from retcli.rules.casefile.facts import Facts, LessPaid
from retcli.rules.casefile.findings import POLICY, Answer, Fact, Finding, standing, verdict, waived, with_lapsed
from retcli.rules.casefile.freight import way_back
from retcli.rules.casefile.paths import TERMS, path
from retcli.rules.casefile.reasons import NEEDS_EVIDENCE, NEVER_ARRIVED, REASONS, Fault, Group, breach
from retcli.rules.casefile.windows import fee_of
from retcli.rules.cases.inquiries import inquiry
from retcli.rules.cases.media import Proof
from retcli.rules.cases.remedies import GIVEN
from retcli.rules.lifecycles import COMING_BACK, REFUNDING, Grade, Kind
from retcli.rules.money.amends import BEYOND_PRICE, Ceiling, against
from retcli.rules.money.minor_units import Money, up_to
from retcli.rules.money.payouts import LIMITED
from retcli.rules.policy.policy import Policy
from retcli.rules.warehouse.foreign_goods import foreign_goods

YES, NO, PERSON = Answer.YES, Answer.NO, Answer.PERSON
WAIVABLE = (
    "window", "excluded", "goods_back", "reason", "quality", "evidence", "freight", "goods", "difference", "promotion",
    "price", "deposit", "offer", BEYOND_PRICE,
)  # fmt: skip
"""The rules that a manager may overrule when a case is decided."""


@dataclass(frozen=True)
class Judgement:
    """The verdict, the findings it follows from, and the amount due."""

    verdict: Answer
    findings: tuple[Finding, ...]
    amount: Amount


def judge(
    facts: Facts,
    policy: Policy,
    waivers: Mapping[str, str] | None = None,
    *,
    most: Mapping[str, int] | None = None,
    lapsed: Mapping[str, str] | None = None,
) -> Judgement:
    """All findings on a case with waivers (rule to who waived it) laid over them, the verdict, and what is due. A
    waiver stands for `most` (minor units, by rule) at most; those that are `lapsed` were given for an application that
    is over.
    """
    # the fee depends on the day, so that amounts, which know no dates, must be given it
    facts = with_fees(facts)
    due = amount(facts.wish, facts.order, facts.lines, policy)
    of_amount = [*_difference(facts, due), *_promotion(due), *_beside_amends(facts, due)]
    # how much may leave beyond the price stands with the ceilings: a waiver of it is for so much
    given = {rule: by for rule, by in (waivers or {}).items() if rule != BEYOND_PRICE}
    overruled = standing(given, most or {}, due.due if facts.agreed is None else facts.agreed)
    fallen = dict(lapsed or {}) | {rule: by for rule, by in given.items() if rule not in overruled}
    laid_over = waived([*findings(facts, policy), *of_amount], overruled)
    answers = tuple(with_lapsed(laid_over, fallen, undecided=facts.agreed is None))
    return Judgement(verdict(answers), answers, due)


def with_fees(facts: Facts) -> Facts:
    """The facts of a case, each line with the fee (basis points) that the shop's terms for it take of the refund."""
    if not any(line.terms.fee for line in facts.lines):
        return facts
    return replace(facts, lines=tuple(replace(line, fee=fee_of(facts, line)) for line in facts.lines))


def findings(facts: Facts, policy: Policy) -> list[Finding]:
    """Every rule's answer in the order in which they are shown: pieces and money still open, path, evidence, what is to
    be sent, freight, goods, offers.
    """
    if facts.wish.kind == Kind.INQUIRY:
        return [inquiry(facts.wish.reason, facts.order, facts.signed_at)]
    if not facts.paid:
        # the only answer then: what else the rules would say of an order without money only hides it
        text = mark("The order was not paid: there is nothing to give back")
        return [Finding("paid", NO, TERMS, text, waivable=False)]
    answers = [*_units(facts), *_money(facts, policy), *path(facts, small=_is_small(facts, policy))]
    answers += [*_evidence(facts, policy), *_target(facts), *_freight(facts), *_goods(facts), *_offers(facts)]
    return answers


def _is_small(facts: Facts, policy: Policy) -> bool:
    """Whether what is due without goods coming back is no more than an agent may offer alone; only asked of what the
    buyer applied for so on the platform.
    """
    if not facts.without_return:
        return True
    due = amount(facts.wish, facts.order, facts.lines, policy).due
    return facts.order.currency in LIMITED and due <= policy.agent_limit


def _difference(facts: Facts, due: Amount) -> Iterator[Finding]:
    """An exchange for other goods: a person finds out a price that is not known, and collects what dearer goods cost
    more before they are sent.
    """
    exchanged = facts.lines if facts.wish.kind == Kind.EXCHANGE else ()
    for sku in dict.fromkeys(line.want for line in exchanged if line.other and line.new_price is None):
        text = mark("What {sku} costs is not known: import a product sheet that has it; else nothing is settled")
        yield Finding("difference", PERSON, TERMS, text, {"sku": sku})
    if due.collect:
        text = mark("The buyer owes a difference of {owed}: collect it before the new goods are sent")
        yield Finding("difference", PERSON, TERMS, text, {"owed": Money(due.collect, facts.order.currency)})


def _beside_amends(facts: Facts, due: Amount) -> Iterator[Finding]:
    """The no where a case adds up with the amends that were given to more than was paid, by whichever came first. What
    the law owes is not lowered by that: a manager lets just that much go.
    """
    if facts.agreed is not None:  # it stands among what is let go already
        counted = [(each, 0) for each in facts.amends]
    elif due.due:
        counted = [_counted(facts, each, due) for each in facts.amends]
    else:
        return
    finding = against(counted, facts.order.currency)
    if finding is not None:
        yield finding


def _counted(facts: Facts, ceiling: Ceiling, due: Amount) -> tuple[Ceiling, int]:
    """A ceiling with what of an amount counts against it, in minor units: the freight only where it is the order's,
    since amends of a line stand against its goods. The last piece of a line is worth what is left of it.
    """
    cash = {line.number: line.cash for line in due.lines}
    if ceiling.of_pieces:
        worth = {each.number: up_to(each.cash, min(each.wanted, each.quantity), each.quantity) for each in facts.lines}
        ceiling = replace(ceiling, paid=sum(max(minor, cash.get(number, 0)) for number, minor in worth.items()))
    return ceiling, due.due if ceiling.of_order else sum(cash.values())


def _units(facts: Facts) -> Iterator[Finding]:
    """Whether the pieces that a case asks for are still open on the order, line by line; nobody can waive a no."""
    over = [line for line in facts.lines if line.wanted > line.units_open]
    for line in over:
        gaps: dict[str, Fact] = {"sku": line.sku or line.number, "wanted": line.wanted, "open": line.units_open}
        gaps["earlier"] = ", ".join(line.drawn_by)
        text = mark("{sku}: {wanted} wanted, {open} still open; drawn on before by {earlier}")
        text = text if line.drawn_by else mark("{sku}: {wanted} wanted, only {open} were bought")
        yield Finding("units", NO, TERMS, text, gaps, waivable=False)
    several = [line for line in facts.lines if line.wanted > 1 and _may_be_fewer(facts)]
    for line in several:
        gaps = {"sku": line.sku or line.number, "n": line.wanted}
        text = mark("{sku}: all {n} pieces would be sent again; say how many the buyer lacks")
        ways = ("retcli case change {case} --line {sku}=1 --because TEXT",)
        yield Finding("units", PERSON, TERMS, text, gaps, ways=ways)
    bound = [line for line in facts.lines if line.bound and line not in over]
    for line in bound:
        gaps = {"sku": line.sku or line.number, "n": line.bound, "earlier": ", ".join(line.drawn_by)}
        text = mark("{sku}: {n} more applied for, which {earlier} has: they are drawn here as soon as it ends")
        yield Finding("units", PERSON, TERMS, text, gaps)
    if not over and not bound and not several:
        yield Finding("units", YES, TERMS, mark("The pieces are still open on the order"))


def _may_be_fewer(facts: Facts) -> bool:
    """Whether a platform's list asks for goods to be sent again and does not say of how many the buyer speaks."""
    return facts.wish.kind == Kind.RESEND and facts.pieces_unsaid and facts.wish.reason not in NEVER_ARRIVED


def _offers(facts: Facts) -> Iterator[Finding]:
    """An offer that the buyer accepted, or that still waits for an answer: a person looks, so that nothing is given
    twice.
    """
    if facts.accepted in GIVEN:
        text = mark("The buyer accepted instead: {rung}. Have the request taken back")
        yield Finding("offer", PERSON, TERMS, text, {"rung": facts.accepted}, ways=("retcli case withdraw {case}",))
    elif facts.offered is not None:
        text = mark("An offer waits for the buyer's answer: {rung}")
        yield Finding("offer", PERSON, TERMS, text, {"rung": facts.offered})


def _money(facts: Facts, policy: Policy) -> Iterator[Finding]:
    """Whether the money that a case asks for is still open; nothing for kinds that move none."""
    wish = facts.wish
    if wish.kind == Kind.ALLOWANCE and wish.asked is None and not amount(wish, facts.order, facts.lines, policy).due:
        ways = ("retcli case approve {case} --amount AMOUNT",)
        yield Finding("money", PERSON, TERMS, mark("The amount is not named yet"), ways=ways)
    elif wish.kind in REFUNDING | {Kind.ALLOWANCE}:
        # the first that speaks is the one finding on money: what already went back comes before what is asked for
        left = sum(line.cash_open for line in facts.lines) + facts.order.freight_open
        if facts.unbooked.total:
            yield _gone_there(facts, left)
        elif wish.asked is not None and wish.asked > left:
            yield _more_than_left(facts, wish.asked, left)
        elif word := next((line.refunded_there for line in facts.lines if line.refunded_there), ""):
            yield _refunded_by_word(facts, word)
        elif (less := facts.less_paid) and amount(wish, facts.order, facts.lines, policy).due > less.left:
            yield _less_paid(facts.order.currency, less)
        else:
            text = mark("The money is still open on these lines")
            yield Finding("money", YES, "暂行办法 §17", text)


def _less_paid(currency: str, less: LessPaid) -> Finding:
    """The finding where more is due than the lesser of two amounts paid leaves: a person answers first which one is
    right, and nobody can waive it.
    """
    text = mark("A file says that {less} was paid, the books say {paid}: which is right is not answered")
    gaps: dict[str, Fact] = {"less": Money(less.in_file, currency), "paid": Money(less.in_books, currency)}
    return Finding("money", PERSON, TERMS, text, gaps, waivable=False, ways=("retcli imports questions",))


def _more_than_left(facts: Facts, asked: int, left: int) -> Finding:
    """The no where more is asked for than is `left` (minor units), with the cases that drew before; nobody can waive
    it (暂行办法 §17).
    """
    earlier = ", ".join(dict.fromkeys(name for line in facts.lines for name in line.drawn_by))
    text = mark("{asked} asked for, {left} is left of what was paid")
    if earlier:
        text = mark("{asked} asked for, {left} still open; drawn on before by {earlier}")
    currency = facts.order.currency
    gaps: dict[str, Fact] = {"asked": Money(asked, currency), "left": Money(left, currency), "earlier": earlier}
    return Finding("money", NO, "暂行办法 §17", text, gaps, waivable=False)


def _refunded_by_word(facts: Facts, word: str) -> Finding:
    """The finding where the platform's order file says that the money went back (its `word` for it), but not how much:
    a person looks, so that nothing is paid twice.
    """
    text = mark(
        "By the platform's own order report the money went back already ({status}): look there how much it was and"
        " export its orders again, so that nothing is paid twice"
    )
    if facts.reported:
        text = mark(
            "By the platform's own order report the money went back already ({status}): import the refund report, so"
            " that nothing is paid twice"
        )
    return Finding("money", PERSON, TERMS, text, {"status": word})


def unsaid(wish: Wish, pieces: int, target: str) -> bool:
    """Whether nobody named the goods (`target`) that an exchange is to bring for some pieces, and they are not plainly
    the ones that were bought.
    """
    # A wrong size is never sent again as it was, and the buyer's own words may ask for other goods. Instead of goods
    # sent wrong come those that were bought, whatever the buyer wrote.
    group = REASONS[wish.reason].group
    doubtful = group == Group.SIZE or (bool(wish.words) and group != Group.WRONG_GOODS)
    return wish.kind == Kind.EXCHANGE and pieces > 0 and not target and doubtful


def _target(facts: Facts) -> Iterator[Finding]:
    """Lines of an exchange whose new goods stand in the buyer's words only: a person reads them and names the goods."""
    for line in facts.lines:
        if unsaid(facts.wish, line.wanted, line.want):
            text = mark("{sku}: what is to be sent is not said (buyer: {words})")
            if not facts.wish.words:
                text = mark("{sku}: what is to be sent is not said")
            gaps: dict[str, Fact] = {"sku": line.sku or line.number, "words": facts.wish.words}
            ways = ("retcli case change {case} --want {sku}=TARGET --because TEXT",)
            yield Finding("target", PERSON, TERMS, text, gaps, ways=ways)


def _gone_there(facts: Facts, left: int) -> Finding:
    """The finding where money went back by the platform's own order file before its refund report came; `left` is what
    that leaves at most (minor units). A no where nothing is left, but for a case of the platform's own, which may be
    that very refund.
    """
    text = mark(
        "By the platform's order file {there} went back already, {booked} of it stands in these books: at most {left}"
        " is left, so that nothing is paid twice"
    )
    gone = facts.unbooked
    gaps: dict[str, Fact] = {"there": Money(gone.there, gone.currency), "booked": Money(gone.booked, gone.currency)}
    if facts.may_be_agreed:
        text = mark(
            "By the platform's order file {there} went back already, {booked} of it stands in these books: look whether"
            " it is the very refund agreed to here, so that nothing is paid twice"
        )
        return Finding("money", PERSON, TERMS, text, gaps, waivable=False)
    asked = left < (1 if facts.wish.asked is None else facts.wish.asked)
    answer = NO if asked and not facts.by_platform else PERSON
    return Finding("money", answer, TERMS, text, gaps | {"left": Money(left, gone.currency)}, waivable=False)


def _promotion(due: Amount) -> Iterator[Finding]:
    """A promotion that should be priced anew, which the books cannot tell: a person decides (暂行办法 §17)."""
    if due.promotion_unclear:
        text = mark("The order's discount is not the promotion's alone: what is kept cannot be priced anew by itself")
        yield Finding("promotion", PERSON, "暂行办法 §17", text)


def _evidence(facts: Facts, policy: Policy) -> Iterator[Finding]:
    """The evidence that a reason asks for and the case lacks (the gap `kinds`); lacking it never ends the right (消法
    §23). Goods that come back are looked at here, so that their photos are asked for and stop no yes; below an amount
    of the shop's rules none is needed.
    """
    if not facts.order.shipped and facts.wish.kind in REFUNDING:
        return
    if policy.no_evidence_below and facts.wish.reason in NEEDS_EVIDENCE | policy.evidence.keys():
        due = amount(facts.wish, facts.order, facts.lines, policy).due
        if due < policy.no_evidence_below and facts.wish.kind in REFUNDING | {Kind.ALLOWANCE}:
            text = mark("Below {amount} the shop's rules ask for no evidence")
            yield Finding(
                "evidence", YES, POLICY, text, {"amount": Money(policy.no_evidence_below, facts.order.currency)}
            )
            return
    own = policy.evidence.get(facts.wish.reason)
    if own is not None:
        lacking = tuple(proof for proof in Proof if proof in own - facts.proofs)
        if lacking:
            text = mark("Missing by the shop's rules: {kinds}; ask for it, lacking it never ends the right")
            answer = YES if facts.wish.kind in COMING_BACK else PERSON
            yield Finding("evidence", answer, POLICY, text, {"kinds": lacking})
    elif facts.wish.reason in NEEDS_EVIDENCE and not facts.evidence and facts.wish.kind in COMING_BACK:
        text = mark("No photos here: ask the buyer for them; the goods come back and are looked at, so none are needed")
        yield Finding("evidence", YES, "消法 §23", text, {"kinds": (Proof.PHOTO,)})
    elif facts.wish.reason in NEEDS_EVIDENCE and not facts.evidence:
        text = mark("Photos are missing: ask for them within 24 hours; lacking them never ends the right")
        yield Finding("evidence", PERSON, "消法 §23", text, {"kinds": (Proof.PHOTO,)})


def _freight(facts: Facts) -> Iterator[Finding]:
    """Who pays the way back, by the reason, or by the shop's own rules where they are kinder (消法 §24, §25)."""
    wish, shipped, terms = facts.wish, facts.order.shipped, [line.terms for line in facts.lines]
    back = way_back(wish.kind, wish.reason, shipped=shipped, misused=facts.misused, terms=terms)
    if back is None:
        return
    if back.payer == Fault.UNDETERMINED:
        text = mark("Who pays the way back is open until the reason is set")
        yield Finding("freight", PERSON, back.basis, text)
        return
    text = mark("The way back is paid by: {who}")
    if back.basis == POLICY and all(each.pickup for each in terms):
        text = mark("Picked up at the buyer's door, paid by: {who}")
    yield Finding("freight", YES, back.basis, text, {"who": back.payer})


def _goods(facts: Facts) -> Iterator[Finding]:
    """What inspection found of the goods that came back (暂行办法 §8, §9); nothing before any did, but that a parcel is
    no piece.
    """
    if facts.uncounted:
        text = mark("A parcel came, and not a piece in it was counted: scan what it holds")
        yield Finding("goods", PERSON, "暂行办法 §8", text, ways=("retcli scan",))
    if not facts.grades and facts.looked_into and facts.missing:
        text = mark("Nothing of it was in what came back; missing: {pieces}")
        yield Finding("goods", PERSON, "暂行办法 §8", text, {"pieces": facts.missing})
    if not facts.grades:
        return
    # Not intact speaks against a return without reason only: of goods with a fault it is what the buyer complains of.
    if Grade.X in facts.grades:
        text, told = foreign_goods(facts.missing, facts.right_pieces, facts.foreign_pieces)
        yield Finding("goods", NO, "暂行办法 §8", text, told)
    elif facts.grades & {Grade.C, Grade.D} and not breach(facts.wish.reason):
        text = mark("What came back is not intact: a person weighs it")
        yield Finding("goods", PERSON, "暂行办法 §9", text)
    elif facts.grades & {Grade.C, Grade.D}:
        text = mark("What came back is of this order; that it is not intact is what the buyer complains of")
        yield Finding("goods", YES, "消法 §24", text)
    else:
        text = mark("What came back is in order")
        text = mark("What came back is in order; missing: {pieces}") if facts.missing else text
        yield Finding("goods", YES, "暂行办法 §8", text, {"pieces": facts.missing} if facts.missing else {})
