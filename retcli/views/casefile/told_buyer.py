"""The view that tells a case's buyer how it was decided and how its amount comes about, to be pasted into a chat."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from retcli.language import _, aside, mark, series
from retcli.rules.casefile.amounts import Step
from retcli.rules.casefile.findings import POLICY, Answer, Fact, Finding
from retcli.rules.casefile.verdict import Judgement
from retcli.rules.lifecycles import Decision
from retcli.rules.money.minor_units import Money
from retcli.rules.policy.policy import OWN_CURRENCY
from retcli.views.base import Screen, View, money_text
from retcli.views.casefile.case_money import CaseMoney
from retcli.views.casefile.findings import sentence
from retcli.words import word

TOLD = frozenset({"window", "quality", "excluded", "freight", "price", "goods", "deposit"})
"""The rules whose answers the buyer is told; all others are the shop's own matter."""
_TO_BUYER = {
    mark("Quality, day {day}: return, exchange or repair as the buyer chooses; no category bars it"): mark(
        "A fault on day {day}: you choose whether it is returned, exchanged or repaired"
    ),
    mark("The shop answers for wrong, missing and damaged goods; no category or label bars it"): mark(
        "We answer for goods that are wrong, missing or damaged"
    ),
    mark("Goods that did not arrive are the shop's risk"): mark("We answer for goods that did not arrive"),
    mark("The buyer broke it, by inspection: the shop does not answer for that"): mark(
        "By our inspection it was broken in use, for which we do not answer"
    ),
    mark("What came back is of this order; that it is not intact is what the buyer complains of"): mark(
        "What you sent back has arrived"
    ),
    mark("What came back is in order"): mark("What you sent back has arrived and is in order"),
    mark("What came back is in order; missing: {pieces}"): mark("Of what you sent back there is missing: {pieces}"),
    mark("The way back is paid by: {who}"): mark("The way back is paid by {who}"),
    mark("Picked up at the buyer's door, paid by: {who}"): mark("Picked up at your door, paid by {who}"),
    mark("{sku} ({class}) keeps the seven days, unless the buyer confirmed at this purchase that it has none"): "",
    mark("{k} of {n} pieces, rounded over the whole line"): mark("For {k} of {n} pieces"),
    mark("Price cut agreed; the goods stay with the buyer"): mark("Price cut agreed; you keep the goods"),
    mark("Price protection: the difference; the goods stay"): mark("Price protection: the difference; you keep them"),
    mark("The buyer owes the difference"): mark("You pay the difference of"),
    mark("Freight of the way out, since nothing of the order stays with the buyer"): mark(
        "Freight of the way out, since you keep nothing of the order"
    ),
    mark("Fixed at another amount, by the platform or by hand"): mark("Agreed on with you, or by the platform"),
}
"""What is said of the buyer, by the message for the shop's own people; "" for what a buyer is not told."""
_PAYERS = {"buyer": mark("you"), "merchant": mark("us"), "platform": mark("the platform")}
_STATUTES = {
    "消法": mark("the Law on the Protection of Consumer Rights and Interests"),
    "暂行办法": mark("the Measures on Returns within Seven Days without Reason"),
    "电子商务法": mark("the E-Commerce Law"),
    "民法典": mark("the Civil Code"),
    "三包": mark("the rules of the three guarantees"),
    "部分商品三包规定": mark("the rules of the three guarantees for certain goods"),
    "移动电话机三包规定": mark("the rules of the three guarantees for mobile telephones"),
}
"""The statutes by their short names."""
_BEFORE_COLON = re.compile(r"\s+(?=[:：])")  # where a name was left out


@dataclass(frozen=True)
class BuyerTextView(View):
    """What the buyer of a case is told: how it stands, its amount step by step, the articles, and where its money is;
    `titles` are those of the articles by SKU, since a buyer knows no SKU.
    """

    KEYS = ("case", "text")

    case: str
    order: str
    kind: str
    decision: str
    judgement: Judgement
    currency: str
    so_far: CaseMoney
    titles: Mapping[str, str]

    @property
    def text(self) -> str:
        """The whole text, line by line."""
        return "\n".join(self._lines())

    def draw(self, screen: Screen) -> None:
        """Shows the text alone, so that it can be copied."""
        for line in self._lines():
            screen.line(line)

    def _lines(self) -> Iterator[str]:
        kind = word(self.kind)
        yield _("Hello! About your order {order} ({kind}):").format(order=self.order, kind=kind)
        yield self._outcome()
        reasons = [text for text in map(self._told, self.judgement.findings) if text]
        if self.decision != Decision.REJECTED and self.judgement.amount.steps:
            yield _("How the amount comes about:")
            yield from ("· " + self._step(step) for step in self.judgement.amount.steps)
        if reasons:
            yield _("By which rules:")
            yield from ("· " + text for text in reasons)
        if money := self._money():
            yield money

    def _outcome(self) -> str:
        """How the case stands, in one sentence."""
        due = self._amount(self.so_far.due.minor)
        if self.decision == Decision.REQUESTED:
            return _("It is not decided yet. As things are, it comes out like this.")
        if self.decision == Decision.REJECTED:
            return _("We are sorry: we cannot agree to it.")
        if self.decision == Decision.WITHDRAWN:
            return _("The application was withdrawn.")
        return _("We have agreed to it: {due} goes back to you.").format(due=due) if self.so_far.due.minor else _(
            "We have agreed to it."
        )  # fmt: skip

    def _step(self, step: Step) -> str:
        """A step of the derivation with its amount."""
        text = self._sentence(step.text, step.facts)
        return _("{step}: {money}").format(step=text, money=self._amount(step.money)) if step.money else text

    def _told(self, finding: Finding) -> str:
        """What the buyer is told of a finding; "" for what is the shop's own matter, open, or was overruled."""
        if finding.rule not in TOLD or finding.answer == Answer.PERSON or finding.waived_by:
            return ""
        if (finding.answer == Answer.NO) != (self.decision == Decision.REJECTED):
            return ""
        text = self._sentence(finding.text, finding.facts)
        return aside(text, _basis(finding.basis)) if text else ""

    def _sentence(self, text: str, facts: Mapping[str, Fact]) -> str:
        """A message as it is said to the buyer, with titles in place of SKUs."""
        sku = str(facts.get("sku", ""))
        named = dict(facts) | {"sku": self.titles.get(sku, sku) if sku else "", "title": ""}
        if "who" in facts:
            named["who"] = _(_PAYERS.get(str(facts["who"]), mark("us")))
        return _BEFORE_COLON.sub("", sentence(_TO_BUYER.get(text, text), named)).strip()

    def _money(self) -> str:
        """How far the money has come, with what is given beside it; "" where nothing moved."""
        arrived, under_way = self.so_far.paid.minor, self.so_far.sent.minor + self.so_far.clicked.minor
        rest = self.so_far.due.minor - arrived - under_way if arrived + under_way else 0
        told = (
            (arrived, _("{money} has arrived")),
            (under_way, _("{money} is on its way to you")),
            (max(rest, 0), _("{money} is still to come")),
            (self.so_far.taken_back.minor, _("{money} had arrived and came back to us")),
        )
        parts = [text.format(money=self._amount(minor)) for minor, text in told if minor]
        parts += [f"{word(each.kind)} {each.amount}" for each in self.so_far.beside if not each.open]
        return _("Of it: {parts}").format(parts=series(parts)) if parts else ""

    def _amount(self, minor: int) -> str:
        """An amount with its unit, as a buyer reads it."""
        amount = money_text(Money(minor, self.currency))
        return _("{amount} yuan").format(amount=amount) if self.currency == OWN_CURRENCY else amount


def _basis(basis: str) -> str:
    """An article with its statute's whole name; the shop's own rules; "" for what follows from the order itself."""
    if basis == POLICY:
        return _("our shop's own rules")
    name, _space, article = basis.partition(" ")
    if name not in _STATUTES:
        return ""
    numbers = article.replace("§", "").split()
    statute = _(_STATUTES[name])
    return _("{statute}, article {n}").format(statute=statute, n=series(numbers)) if "§" in article else statute
