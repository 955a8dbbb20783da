"""The text for the platform when it steps in: the account of a case, part by part."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from retcli.language import _, series
from retcli.rules.casefile.findings import Finding
from retcli.rules.money.minor_units import Money
from retcli.views.base import money_text, when
from retcli.views.casefile.findings import commands_of, marked, sentence
from retcli.views.cases.account import Account, Amounts, Goods, Returned
from retcli.views.cases.account_statement import statement
from retcli.views.cases.account_timeline import timeline
from retcli.views.cases.evidence_pack import Piece
from retcli.words import platform_word, word

_Row = tuple[str, str]


def written(account: Account, pieces: Sequence[Piece], hide: Callable[[str], str]) -> str:
    """The text in the reader's language, without the parts that are empty. `hide` takes the buyer's data out of
    anything that somebody may have typed.
    """
    parts: Mapping[str, Sequence[str]] = {
        _("What the shop states"): ["".join(hide(text) for text in statement(account))],
        _("What happened when"): [f"{when(at)}  {hide(text)}" for at, text in timeline(account)],
        _("Reasons"): _pairs((name, hide(text)) for name, text in _reasons(account)),
        _("What was examined"): [hide(_examined(each, own=account.everything)) for each in account.findings],
        _("Amounts"): _pairs(_amounts(account.amounts)),
        _("Waybills"): _waybills(account),
        _("List of evidence"): [piece.sentence() for piece in pieces],
    }
    texts = ["\n".join(_pairs((name, hide(text)) for name, text in _heading(account)))]
    texts += [f"【{name}】\n" + "\n".join(lines) for name, lines in parts.items() if any(lines)]
    return "\n\n".join(texts) + "\n"


def _pairs(rows: Iterator[_Row]) -> list[str]:
    """Names with their values as lines; empty values are left out."""
    return [_("{name}: {value}").format(name=name, value=value) for name, value in rows if value]


def _heading(account: Account) -> Iterator[_Row]:
    """The head of the text: case, platform, order, what was applied for, buyer, goods."""
    order, applied = account.order, account.applied
    yield _("Case"), account.case
    yield _("On the platform"), f"{platform_word(account.platform)} {order.shop} {account.platform_number}".strip()
    yield _("Order"), order.number
    yield _("Applied for"), word(applied.kind)
    yield _("Dealt with as"), word(account.kind) if account.kind != applied.kind else ""
    yield _("Buyer"), order.buyer
    yield _("Receiver"), _joined(order.receiver)
    yield from ((_("Goods"), _goods(goods)) for goods in account.goods)


def _goods(goods: Goods) -> str:
    """Goods in one phrase: title, variant, SKU, pieces."""
    return _joined((goods.title, goods.variant, goods.sku, f"×{goods.quantity}" if goods.quantity else ""))


def _reasons(account: Account) -> Iterator[_Row]:
    """The buyer's own words, or the reason as the shop noted it; then the reasons that the shop set and verified."""
    noted, reasons = account.applied.noted, account.reasons
    yield _("Stated by the buyer"), account.applied.words
    yield _("The buyer's reason as the shop noted it"), word(noted) if noted else ""
    yield _("Set by the shop"), word(reasons.set_reason)
    yield _("Verified at inspection"), word(reasons.verified)


def _examined(finding: Finding, *, own: bool) -> str:
    """A finding; in the shop's `own` account with the commands that settle it."""
    text = marked(finding)
    return "\n".join([text, *(f"    {command}" for command in commands_of(finding))]) if own else text


def _amounts(amounts: Amounts) -> Iterator[_Row]:
    """All amounts by name, then the steps of the amount due."""
    yield _("Paid for the order"), money_text(amounts.paid)
    yield _("Asked for"), _amount(amounts.asked)
    yield _("Agreed to"), _amount(amounts.agreed)
    yield _("Refunded"), _sums(amounts.refunded)
    for kind, given in amounts.given:
        yield _("Given as {kind}").format(kind=word(kind)), _sums(given)
    yield _("Paid out, arrival not known yet"), _sums(amounts.on_the_way)
    yield _("Refunded on other cases of this order"), _sums(amounts.on_other_cases)
    yield _("Refunded besides, by the platform's order file"), _amount(amounts.by_order_file)
    for step in amounts.steps:
        yield sentence(step.text, step.facts), money_text(Money(step.money, amounts.paid.currency))


def _amount(amount: Money | None) -> str:
    """An amount for people; "" for none."""
    return "" if amount is None else money_text(amount)


def _sums(sums: Sequence[Money]) -> str:
    """Amounts of several currencies in one phrase; "" for none."""
    return " + ".join(money_text(amount) for amount in sums)


def _waybills(account: Account) -> list[str]:
    """A line for each direction that has a waybill: out, back, out again."""
    order = account.order
    rows = [(_("Way out"), order.carrier, series(order.waybills))]
    back = (parcel for parcel in account.parcels if isinstance(parcel, Returned))
    rows += [(_("Way back"), parcel.carrier, parcel.waybill) for parcel in back]
    rows += [(_("Goods sent again"), goods.carrier, goods.waybill) for goods in account.sent_again]
    return [_joined(row) for row in rows if row[2]]


def _joined(parts: Sequence[str]) -> str:
    """The parts that are not empty, separated by blanks."""
    return " ".join(part for part in parts if part)
