"""How far the money of a case has come (due, let go, sent, arrived, each by itself), and what is given beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retcli.language import _, clauses, series
from retcli.rules.money.minor_units import POINTS, Money
from retcli.views.base import Screen, money_text
from retcli.views.documents import Documented
from retcli.views.money.unready_click import UnreadyClick
from retcli.words import way_of_payment, word

OWED_AGAIN = "owed_again"
"""The state of what was given beside a refund, was taken back, and has no payout yet."""
_TO_LEAVE = frozenset({"waiting", "due", OWED_AGAIN})
_NO_CASH = frozenset({"coupon", "points"})


def standing(state: str, method: str) -> str:
    """The word for a payout's state; coupons and points have words of their own, since they are given, not paid."""
    return word(state, "beside" if method in _NO_CASH else "")


@dataclass(frozen=True)
class Beside(Documented):
    """A payout beside the refund: its kind (compensation, freight), method, amount and state; `platform` is that of the
    order.
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
    def in_money(self) -> bool:
        """Whether it is money, and neither a coupon nor points."""
        return self.method not in _NO_CASH

    @property
    def amount(self) -> str:
        """The method with the amount, such as ``coupon 5.00`` or ``106 points``."""
        amount = money_text(self.money)
        way = way_of_payment(self.method, self.platform, self.money.currency)
        return amount if self.money.currency == POINTS else f"{way} {amount}"

    @property
    def sentence(self) -> str:
        """Kind, method, amount and state in one phrase."""
        return f"{word(self.kind)} {self.amount} {standing(self.state, self.method)}"


def draw_beside(screen: Screen, cases: Iterable[tuple[str, Sequence[Beside]]]) -> None:
    """Shows, for each case by its number, what still has to be given beside its refund."""
    for number, beside in cases:
        if text := series(each.sentence for each in beside if each.open):
            screen.line("  " + _("{case} beside: {what}").format(case=number, what=text))


@dataclass(frozen=True)
class CaseMoney(Documented):
    """How far the refunds of a case have come; each amount counts in one field alone."""

    KEYS = ("due", "paid", "sent", "clicked", "to_send", "waiting", "agreed", "taken_back", "beside")

    due: Money
    agreed_here: Money | None  # None: nobody here decided
    waiting: Money  # for a second person
    to_send: Money
    clicked: Money  # on the platform, and no import has verified it
    sent: Money
    paid: Money  # arrived
    taken_back: Money  # arrived, and came back by a reversal
    beside: tuple[Beside, ...] = ()
    unready: UnreadyClick | None = None  # why the click that pays is not to be made yet

    @property
    def agreed(self) -> Money | None:
        """The amount that was agreed to here; None where nothing was."""
        return self.agreed_here or None

    @property
    def undecided(self) -> int:
        """The minor units that are due and for which there is no payout."""
        of_payouts = (self.waiting, self.to_send, self.clicked, self.sent, self.paid)
        return self.due.minor - sum(each.minor for each in of_payouts)

    def sentence(self) -> str:
        """What is due and agreed, and how much of it waits, is to be sent, is on its way and has arrived."""
        parts = [_("{due} due").format(due=money_text(self.due))]
        if self.agreed_here is not None and self.agreed_here != self.due:
            parts.append(_("{agreed} agreed").format(agreed=money_text(self.agreed_here)))
        texts = (
            (self.taken_back, _("{money} arrived and was taken back")),
            (self.waiting, _("{money} waits for a second person")),
            (self.to_send, _("{money} to be sent")),
            (self.clicked, _("{money} on its way (clicked, not verified)")),
            (self.sent, _("{money} on its way")),
            (self.paid, _("{money} arrived")),
        )
        parts += [text.format(money=money_text(amount)) for amount, text in texts if amount.minor]
        if not any(amount.minor for amount, _text in texts):
            parts.append(_("nothing paid"))
        # that only a second person is missing is said already by what waits
        why_not = self.unready if self.unready and self.unready.asked != self.unready.agreed else None
        return clauses([series(parts), *([why_not.sentence()] if why_not else [])])

    def beside_sentence(self) -> str:
        """What is given beside the refund; "" where nothing is."""
        return series(each.sentence for each in self.beside)
