"""How far a case's money has come: due, let go, sent, arrived, each a number of its own; what is given beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retcli.language import _, clauses, series
from retcli.rules.money.minor_units import POINTS, Money
from retcli.views.base import Screen, money_text
from retcli.views.documents import Documented
from retcli.views.money.unready_click import UnreadyClick
from retcli.words import way_of_payment, word

_TO_LEAVE = frozenset({"waiting", "due"})
_NO_CASH = frozenset({"coupon", "points"})


def standing(state: str, method: str) -> str:
    """The word for how far a payout has come: what is no cash is given, not paid."""
    return word(state, "beside" if method in _NO_CASH else "")


@dataclass(frozen=True)
class Beside(Documented):
    """What is given beside a refund: its kind (compensation, freight), the way, how much, how far it has come, and on
    an order of which platform.
    """

    KEYS = ("kind", "method", "money", "state")

    kind: str
    method: str
    money: Money
    state: str
    platform: str = ""

    @property
    def open(self) -> bool:
        """Whether it still has to leave."""
        return self.state in _TO_LEAVE

    @property
    def amount(self) -> str:
        """What it is and how much, such as ``coupon 5.00`` or ``106 points``."""
        amount = money_text(self.money)
        way = way_of_payment(self.method, self.platform, self.money.currency)
        return amount if self.money.currency == POINTS else f"{way} {amount}"

    @property
    def sentence(self) -> str:
        """The kind, the amount, and how far it has come."""
        return f"{word(self.kind)} {self.amount} {standing(self.state, self.method)}"


def draw_beside(screen: Screen, cases: Iterable[tuple[str, Sequence[Beside]]]) -> None:
    """Below a list of cases: what still has to be given beside the refund of each, on a line of its own."""
    for number, beside in cases:
        if text := series(each.sentence for each in beside if each.open):
            screen.line("  " + _("{case} beside: {what}").format(case=number, what=text))


@dataclass(frozen=True)
class CaseMoney(Documented):
    """What is due on a case and was agreed to here (None where nobody here decided), and of its refunds what waits for
    a second person, is to be sent, was clicked on the platform and is not verified, is on its way, and has arrived;
    `beside` is what is given beside them, `unready` why the click that pays is not to be made yet.
    """

    KEYS = ("due", "paid", "sent", "clicked", "to_send", "waiting", "agreed", "beside")

    due: Money
    agreed_here: Money | None
    waiting: Money
    to_send: Money
    clicked: Money
    sent: Money
    paid: Money
    beside: tuple[Beside, ...] = ()
    unready: UnreadyClick | None = None

    @property
    def agreed(self) -> Money | None:
        """What was agreed to here, None where it is nothing."""
        return self.agreed_here or None

    @property
    def undecided(self) -> int:
        """What is due and no payout stands for, in minor units."""
        gone = (self.waiting, self.to_send, self.clicked, self.sent, self.paid)
        return self.due.minor - sum(each.minor for each in gone)

    def sentence(self) -> str:
        """What was agreed, and of it what waits, is to be sent, was sent and has arrived; without what is nothing."""
        parts = [_("{due} due").format(due=money_text(self.due))]
        if self.agreed_here is not None and self.agreed_here != self.due:
            parts.append(_("{agreed} agreed").format(agreed=money_text(self.agreed_here)))
        texts = (
            (self.waiting, _("{money} waits for a second person")),
            (self.to_send, _("{money} to be sent")),
            (self.clicked, _("{money} on its way (clicked, not verified)")),
            (self.sent, _("{money} on its way")),
            (self.paid, _("{money} arrived")),
        )
        parts += [text.format(money=money_text(amount)) for amount, text in texts if amount.minor]
        if not any(amount.minor for amount, _text in texts):
            parts.append(_("nothing paid"))
        why_not = self.unready if self.unready and self.unready.asked != self.unready.agreed else None
        return clauses([series(parts), *([why_not.sentence()] if why_not else [])])

    def beside_sentence(self) -> str:
        """What is given beside the refund, each as what it is; empty where nothing is."""
        return series(each.sentence for each in self.beside)
